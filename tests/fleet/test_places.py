"""Where a fleet's cameras listen: worked examples, and what there are not so many of."""

import re
import resource
import socket

import pytest

from emulator.fleet import places, plan
from emulator.fleet.namespaces import Network
from emulator.fleet.places import FleetError
from emulator.fleet.plan import PlanError
from emulator.listening import PortError


def test_by_ports_they_are_one_after_the_other_and_any_are_any():
    assert places.addresses("ports", 2, 8080) == [("127.0.0.1", 8080), ("127.0.0.1", 8081)]
    assert places.addresses("ports", 2, 0) == [("127.0.0.1", 0)] * 2
    assert places.ports(2, 65534) == [65534, 65535]


def test_by_loopback_address_no_last_octet_is_0_or_255():
    found = places.addresses("loopback", 10_000, 80)
    assert (found[0], found[253], found[254]) == (
        ("127.1.0.1", 80),
        ("127.1.0.254", 80),
        ("127.1.1.1", 80),
    )
    assert len(set(found)) == 10_000
    assert not [one for one, _ in found if re.search(r"\.(0|255)$", one)]


@pytest.mark.parametrize(
    ("kind", "count", "port", "why"),
    [
        ("ports", 3, 65534, "3 cameras from --http-port 65534 on go beyond port 65535"),
        ("loopback", 1, 0, "--http-port 0: by loopback address all have one port; 8080 is one"),
    ],
)
def test_what_there_are_not_so_many_of_is_refused(kind, count, port, why):
    with pytest.raises(PlanError, match=f"^{re.escape(why)}$"):
        places.addresses(kind, count, port)


def test_of_places_of_which_one_is_taken_none_stays_open():
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        socket.create_server(("127.0.0.1", 0)) as one,
    ):
        free = one.getsockname()
        one.close()
        with pytest.raises(PortError):
            places.opened(plan.of_one_kind(2), [free, taken.getsockname()])
        with socket.create_server(free):
            pass


def test_more_handles_than_are_allowed_are_refused_by_number(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (100, 600))
    with pytest.raises(FleetError, match="100 cameras need 912 file handles, and 600 are allowed"):
        places.need_handles(100)


@pytest.mark.parametrize(
    ("count", "port", "why"),
    [
        (1, 0, "--http-port 0: by network namespace all have one port; 80 is one"),
        (1001, 80, "--address namespace: 1001 cameras are more than 1000"),
    ],
)
def test_a_network_that_can_not_be_is_refused(count, port, why):
    with pytest.raises(FleetError, match=f"^{re.escape(why)}$"):
        Network().opened(plan.of_one_kind(count), port)


def test_without_the_command_that_lays_cables_there_is_no_network(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FleetError, match=r"^--address namespace needs the command `ip`"):
        Network().opened(plan.of_one_kind(1), 80)
