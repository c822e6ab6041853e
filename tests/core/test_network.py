"""A camera's own network settings: what is kept, and what is refused."""

import pytest

from emulator.core import network
from emulator.core.network import Network
from emulator.core.onvif.soapfault import Fault


def refused(change, *arguments):
    with pytest.raises(Fault) as fault:
        change(*arguments)
    return "/".join(fault.value.subcodes)


def test_a_new_camera_is_where_the_cgi_says_it_is():
    there = network.read(None)
    assert (there.address, there.netmask, there.gateway) == (
        "192.168.5.190",
        "255.255.255.0",
        "192.168.5.1",
    )
    assert (there.hostname, there.dhcp) == ("", False)  # facts 8


def test_what_is_kept_is_read_again():
    there = network.resolved_by(network.named(Network(), "door"), ["10.0.0.1"], ["example.org"])
    there = network.routed(network.addressed(there, True, "10.0.0.7", 8), "10.0.0.254")
    assert network.read(network.as_fields(there)) == there
    assert there.netmask == "255.0.0.0"


def test_what_is_left_out_stays():
    assert network.addressed(Network(), None, None, None) == Network()


@pytest.mark.parametrize("name", ["a", "door-1", "", "x" * 63])
def test_host_names_are_letters_digits_and_hyphens(name):
    assert network.named(Network(), name).hostname == name


@pytest.mark.parametrize("name", ["-a", "a-", "a b", "x" * 64, "a.b", "\u00e4", "a\n"])
def test_another_host_name_is_refused(name):
    assert refused(network.named, Network(), name) == "InvalidArgVal/InvalidHostname"


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.4.5", "256.0.0.1", "::1", "a", "1.2.3.4 "])
def test_what_is_no_address_is_refused(text):
    assert refused(network.ipv4, text) == "InvalidArgVal/InvalidIPv4Address"
    assert refused(network.routed, Network(), text) == "InvalidArgVal/InvalidGatewayAddress"
    assert refused(network.resolved_by, Network(), [text], []) == "InvalidArgVal/InvalidIPv4Address"


@pytest.mark.parametrize("prefix", [0, 33, -1])
def test_a_prefix_is_1_to_32(prefix):
    assert refused(network.addressed, Network(), None, None, prefix) == "InvalidArgVal"


def test_a_few_servers_are_enough():
    assert refused(network.resolved_by, Network(), ["10.0.0.1"] * 3, []) == "InvalidArgVal"
    names = ["a" * 300]
    assert refused(network.resolved_by, Network(), [], names) == "InvalidArgVal/InvalidDnsName"
