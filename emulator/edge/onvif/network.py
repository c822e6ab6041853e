"""The Device service's network: what is kept (core/network.py), and the ports that are true.

Source: ONVIF Device Management, network operations; facts 8 (hostname empty, FromDHCP false).
"""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.core import network, wallclock
from emulator.core.network import Network
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.facts import DeviceFacts
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, given, needed

KEPT = "network"

DEFAULT_PORTS = {"HTTP": 80, "HTTPS": 443, "RTSP": 554}
"""Told of what is off (facts 8)."""


def network_operations(facts: DeviceFacts) -> Mapping[str, Operation]:
    """Return the operations of the network."""
    room = _Network(facts)
    return {
        "GetHostname": Operation("PRE_AUTH", room.get_hostname),
        "SetHostname": Operation("WRITE_SYSTEM", room.set_hostname),
        "GetDNS": Operation("READ_SYSTEM", room.get_dns),
        "SetDNS": Operation("WRITE_SYSTEM", room.set_dns),
        "GetNTP": Operation("READ_SYSTEM", room.get_ntp),
        "SetNTP": Operation("WRITE_SYSTEM", room.set_ntp),
        "GetNetworkInterfaces": Operation("READ_SYSTEM", room.get_network_interfaces),
        "SetNetworkInterfaces": Operation("WRITE_SYSTEM", room.set_network_interfaces),
        "GetNetworkProtocols": Operation("READ_SYSTEM", room.get_network_protocols),
        "SetNetworkProtocols": Operation("WRITE_SYSTEM", room.set_network_protocols),
        "GetNetworkDefaultGateway": Operation("READ_SYSTEM", room.get_gateway),
        "SetNetworkDefaultGateway": Operation("WRITE_SYSTEM", room.set_gateway),
    }


class _Network:
    def __init__(self, facts: DeviceFacts) -> None:
        self._facts = facts

    # --- names ---------------------------------------------------------------------------

    def get_hostname(self, request: Request, caller: Caller) -> Fields:
        return {"HostnameInformation": {"FromDHCP": False, "Name": self._now.hostname}}

    def set_hostname(self, request: Request, caller: Caller) -> Fields:
        name = (request.Name or "").strip()
        self._facts.change(KEPT, _made(lambda there: network.named(there, name)))
        return {}

    def get_dns(self, request: Request, caller: Caller) -> Fields:
        now = self._now
        manual = [{"Type": "IPv4", "IPv4Address": server} for server in now.dns]
        information = {"FromDHCP": False, "SearchDomain": list(now.domains), "DNSManual": manual}
        return {"DNSInformation": information}

    def set_dns(self, request: Request, caller: Caller) -> Fields:
        _refuse_dhcp(request.FromDHCP, "name servers")
        servers = [_ipv4_of(server) for server in given(request.DNSManual, "DNSManual")]
        domains = given(request.SearchDomain, "SearchDomain")
        self._facts.change(KEPT, _made(lambda there: network.resolved_by(there, servers, domains)))
        return {}

    def get_ntp(self, request: Request, caller: Caller) -> Fields:
        server = str(self._facts.clock_values.get(wallclock.SERVER) or "")
        manual = [_host(server)] if server else []
        return {"NTPInformation": {"FromDHCP": False, "NTPManual": manual}}

    def set_ntp(self, request: Request, caller: Caller) -> Fields:
        _refuse_dhcp(request.FromDHCP, "NTP servers")
        servers = [_name_of(host) for host in given(request.NTPManual, "NTPManual")]
        if len(servers) > 1:
            raise Fault("InvalidArgVal", f"{len(servers)} NTP servers are over 1")
        self._facts.set_clock(None, None, {wallclock.SERVER: "".join(servers)})
        return {}

    # --- addresses -----------------------------------------------------------------------

    def get_network_interfaces(self, request: Request, caller: Caller) -> Fields:
        now = self._now
        address = {"Address": now.address, "PrefixLength": now.prefix}
        speed = {"AutoNegotiation": True, "Speed": 100, "Duplex": "Full"}
        return {
            "NetworkInterfaces": [
                {
                    "token": network.TOKEN,
                    "Enabled": True,
                    "Info": {
                        "Name": network.TOKEN,
                        "HwAddress": self._facts.identity.mac,
                        "MTU": 1500,
                    },
                    "Link": {"AdminSettings": speed, "OperSettings": speed, "InterfaceType": 6},
                    "IPv4": {
                        "Enabled": True,
                        "Config": {
                            "FromDHCP" if now.dhcp else "Manual": (
                                address if now.dhcp else [address]
                            ),
                            "DHCP": now.dhcp,
                        },
                    },
                }
            ]
        }

    def set_network_interfaces(self, request: Request, caller: Caller) -> Fields:
        token = needed(request.InterfaceToken, "InterfaceToken")
        if token != network.TOKEN:
            reason = f"there is no interface {token[:64]!r}"
            raise Fault("InvalidArgVal/InvalidNetworkInterface", reason)
        wanted = needed(request.NetworkInterface, "NetworkInterface")
        if wanted.Enabled is False or (wanted.IPv6 is not None and wanted.IPv6.Enabled):
            raise Fault("InvalidArgVal", "the interface has IPv4, and can't be switched off")
        ipv4 = wanted.IPv4
        if ipv4 is not None:
            if ipv4.Enabled is False:
                raise Fault("InvalidArgVal", "the interface has no other address than IPv4's")
            first = ([*given(ipv4.Manual, "Manual"), None])[0]
            address, prefix = (first.Address, first.PrefixLength) if first else (None, None)
            self._facts.change(
                KEPT, _made(lambda there: network.addressed(there, ipv4.DHCP, address, prefix))
            )
        return {"RebootNeeded": False}

    def get_gateway(self, request: Request, caller: Caller) -> Fields:
        return {"NetworkGateway": {"IPv4Address": [self._now.gateway]}}

    def set_gateway(self, request: Request, caller: Caller) -> Fields:
        gateways = given(request.IPv4Address, "IPv4Address")
        if len(gateways) != 1 or request.IPv6Address:
            raise Fault("InvalidArgVal/InvalidGatewayAddress", "there is one gateway, of IPv4")
        self._facts.change(KEPT, _made(lambda there: network.routed(there, gateways[0])))
        return {}

    # --- ports ---------------------------------------------------------------------------

    def get_network_protocols(self, request: Request, caller: Caller) -> Fields:
        return {
            "NetworkProtocols": [
                {"Name": name, "Enabled": port is not None, "Port": [port or DEFAULT_PORTS[name]]}
                for name, port in self._facts.ports.items()
            ]
        }

    def set_network_protocols(self, request: Request, caller: Caller) -> Fields:
        # Listeners are opened by whoever starts the emulator: only what is so can be wanted.
        ports = self._facts.ports
        for wanted in given(request.NetworkProtocols, "NetworkProtocols"):
            if wanted.Name not in ports:
                reason = f"there is no protocol {str(wanted.Name)[:24]!r}"
                raise Fault("InvalidArgVal/ServiceNotSupported", reason)
            port = ports[wanted.Name]
            is_so = wanted.Enabled == (port is not None)
            if not is_so or (port is not None and list(wanted.Port or [port]) != [port]):
                reason = f"{wanted.Name} is at port {port}" if port else f"{wanted.Name} is off"
                raise Fault("OperationProhibited", f"{reason}, as it was started")
        return {}

    @property
    def _now(self) -> Network:
        return network.read(self._facts.kept(KEPT))


def _made(changed: Callable[[Network], Network]) -> Callable[[object | None], object]:
    return lambda kept: network.as_fields(changed(network.read(kept)))


def _refuse_dhcp(is_wanted: bool | None, what: str) -> None:
    if is_wanted:
        raise Fault("InvalidArgVal", f"FromDHCP=true: {what} are set by hand here")


def _ipv4_of(address: Any) -> str:
    if address.Type != "IPv4":
        raise Fault("InvalidArgVal/InvalidIPv6Address", "there is no IPv6 here")
    return network.ipv4(str(address.IPv4Address))


def _host(server: str) -> Fields:
    if network.is_ipv4(server):
        return {"Type": "IPv4", "IPv4Address": server}
    return {"Type": "DNS", "DNSname": server}


def _name_of(host: Any) -> str:
    if host.Type == "DNS":
        name = str(needed(host.DNSname, "DNSname"))
        if len(name) > wallclock.LONGEST_SERVER or not network.is_domain(name):
            raise Fault("InvalidArgVal/InvalidDnsName", f"DNSname={name[:64]!r} is no host")
        return name
    return _ipv4_of(host)
