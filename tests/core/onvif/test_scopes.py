"""Scopes: which are fixed, which can be changed, and what is refused."""

import pytest

from emulator.core.device import Identity
from emulator.core.onvif import scopes
from emulator.core.onvif.soapfault import Fault

FIXED = scopes.fixed(Identity("MS-C8165-PE", "61.8.0.3-r8", "S" * 17, "02:00:00:00:00:01"))
ROOT = "onvif://www.onvif.org/"
NAME = f"{ROOT}name/Door"


def refused(change, *arguments):
    with pytest.raises(Fault) as fault:
        change(*arguments)
    return "/".join((fault.value.code, *fault.value.subcodes)), fault.value.reason


def test_what_a_camera_is_it_can_not_be_talked_out_of():
    assert f"{ROOT}type/Network_Video_Transmitter" in FIXED
    assert f"{ROOT}hardware/MS-C8165-PE" in FIXED
    told = refused(scopes.removed, FIXED, [NAME], [f"{ROOT}hardware/MS-C8165-PE"])
    assert told == (
        "Sender/OperationProhibited/FixedScope",
        f"scope {ROOT}hardware/MS-C8165-PE is fixed",
    )


def test_claims_are_fixed_scopes():
    told = scopes.fixed(Identity("M", "F", "S", "MAC"), ("T", "Streaming"))
    assert told[2:4] == [f"{ROOT}Profile/T", f"{ROOT}Profile/Streaming"]


def test_scopes_are_replaced_added_and_removed():
    assert scopes.replaced(FIXED, [NAME, NAME, FIXED[0]]) == [NAME]
    assert scopes.added(FIXED, [NAME], [f"{ROOT}x", NAME, FIXED[0]]) == [NAME, f"{ROOT}x"]
    assert scopes.removed(FIXED, [NAME, f"{ROOT}x"], [NAME]) == [f"{ROOT}x"]


def test_there_is_room_for_thirty_two():
    room = 32 - len(FIXED)
    many = [f"{ROOT}x/{number}" for number in range(room)]
    assert scopes.replaced(FIXED, many) == many
    told = refused(scopes.added, FIXED, many, [NAME])
    assert told == ("Receiver/Action/TooManyScopes", "over 32 scopes")


@pytest.mark.parametrize("scope", ["", "no uri", "word", "x:" + "y" * 127, "x:\u00e4", "x:\n"])
def test_what_is_no_uri_is_refused(scope):
    assert refused(scopes.added, FIXED, [], [scope])[0] == "Sender/InvalidArgVal"


def test_what_is_not_there_can_not_be_removed():
    told = refused(scopes.removed, FIXED, [NAME], [f"{ROOT}x"])
    assert told == ("Sender/InvalidArgVal/NoScope", f"there is no scope {ROOT}x")
