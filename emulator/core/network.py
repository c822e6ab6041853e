"""A camera's own network settings: kept and told, while its listeners are where they were put.

An emulated camera has no interface of its own, so what is written here is read back over every
interface, and moves nothing (docs/onvif.md). Pure.

Sources: facts 2.3 (`get.system.information`), 8 (hostname empty, FromDHCP false); ONVIF device
management, the faults of SetHostname, SetDNS, SetNetworkInterfaces, SetNetworkDefaultGateway.
"""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from emulator.core.onvif.soapfault import Fault

TOKEN = "eth0"  # noqa: S105  # an interface's name

MOST_SERVERS = 2
LONGEST_NAME = 63
_HOSTNAME = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)?")
_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(?:\.[A-Za-z0-9_-]{1,63})*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What the camera believes of its network. Addresses are IPv4, as text."""

    hostname: str = ""
    dhcp: bool = False
    address: str = "192.168.5.190"
    prefix: int = 24
    gateway: str = "192.168.5.1"
    dns: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()

    @property
    def netmask(self) -> str:
        """The prefix length as a mask."""
        return str(ipaddress.IPv4Network(f"0.0.0.0/{self.prefix}").netmask)


def read(kept: object) -> Network:
    """Return what `as_fields` gave; None: as delivered."""
    fields: dict[str, Any] = dict(kept) if isinstance(kept, Mapping) else {}
    for name in fields.keys() & {"dns", "domains"}:
        fields[name] = tuple(fields[name])
    return Network(**fields)


def as_fields(network: Network) -> dict[str, object]:
    """Return `network` as it is kept."""
    return asdict(network)


def named(network: Network, hostname: str) -> Network:
    """Return `network` under another host name. Raises Fault."""
    if not _HOSTNAME.fullmatch(hostname):
        reason = f"hostname {hostname[:64]!r} is not 0..{LONGEST_NAME} letters, digits and hyphens"
        raise Fault("InvalidArgVal/InvalidHostname", reason)
    return replace(network, hostname=hostname)


def resolved_by(network: Network, servers: Iterable[str], domains: Iterable[str]) -> Network:
    """Return `network` with other name servers. Raises Fault."""
    dns, searched = tuple(map(ipv4, servers)), tuple(domains)
    if len(dns) > MOST_SERVERS:
        raise Fault("InvalidArgVal", f"{len(dns)} name servers are over {MOST_SERVERS}")
    if len(searched) > MOST_SERVERS or not all(map(is_domain, searched)):
        raise Fault("InvalidArgVal/InvalidDnsName", "the search domains can't be used")
    return replace(network, dns=dns, domains=searched)


def addressed(
    network: Network, dhcp: bool | None, address: str | None, prefix: int | None
) -> Network:
    """Return `network` with another address; None: as it is. Raises Fault."""
    if prefix is not None and not 1 <= prefix <= 32:
        raise Fault("InvalidArgVal", f"PrefixLength={prefix} is outside 1..32")
    return replace(
        network,
        dhcp=network.dhcp if dhcp is None else dhcp,
        address=network.address if address is None else ipv4(address),
        prefix=network.prefix if prefix is None else prefix,
    )


def routed(network: Network, gateway: str) -> Network:
    """Return `network` with another default gateway. Raises Fault."""
    return replace(network, gateway=ipv4(gateway, "InvalidArgVal/InvalidGatewayAddress"))


def ipv4(text: str, fault: str = "InvalidArgVal/InvalidIPv4Address") -> str:
    """Return `text` if it is an IPv4 address. Raises Fault."""
    if not is_ipv4(text):
        raise Fault(fault, f"{text[:40]!r} is no IPv4 address")
    return text


def is_domain(text: str) -> bool:
    """Tell whether `text` could be the name of a host."""
    return _DOMAIN.fullmatch(text) is not None


def is_ipv4(text: str) -> bool:
    """Tell whether `text` is an IPv4 address."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
