"""What a camera lets others find of it: what ONVIF has written, and where it really answers."""

from datetime import UTC

import pytest
from cameras import Fed, camera

from emulator import saved
from emulator.announcing import found_of

PORTS = {"HTTP": 8080, "HTTPS": None, "RTSP": 8554}


@pytest.fixture
def one():
    made = camera(Fed())
    yield made
    made.storage.close()


def write(one, state):
    one.storage.commit({}, state, UTC, 0)


def test_it_is_found_where_it_is_served(one):
    assert found_of(one, True, PORTS).at("192.0.2.7", 1).xaddrs == (
        "http://192.0.2.7:8080/onvif/device_service",
    )
    assert found_of(one, True, PORTS | {"HTTPS": 8443}).at("192.0.2.7", 1).xaddrs == (
        "http://192.0.2.7:8080/onvif/device_service",
        "https://192.0.2.7:8443/onvif/device_service",
    )


def test_its_scopes_are_those_that_clients_wrote_and_those_that_nobody_can_change(one):
    fixed = "onvif://www.onvif.org/hardware/MS-C8165-PE"
    assert {fixed, "onvif://www.onvif.org/name/Camera"} <= set(found_of(one, True, PORTS).scopes)
    write(one, {saved.SCOPES: ["onvif://www.onvif.org/name/Door"]})
    scopes = set(found_of(one, True, PORTS).scopes)
    assert {fixed, "onvif://www.onvif.org/name/Door"} <= scopes
    assert "onvif://www.onvif.org/name/Camera" not in scopes


def test_it_is_itself_wherever_it_is_and_may_want_to_be_left_alone(one):
    before = found_of(one, True, PORTS)
    assert (before.says, before.is_up) == (True, True)
    write(one, {saved.DISCOVERY: "NonDiscoverable"})
    after = found_of(one, False, {"HTTP": 1, "HTTPS": None, "RTSP": None})
    assert (after.says, after.is_up) == (False, False)
    assert after.endpoint == before.endpoint
