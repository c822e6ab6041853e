"""WS-Discovery (April 2005, as ONVIF Core 7.3 wants it): a Probe, and who answers to it.

Sent to the device itself and to the multicast group, by the interface that leads to the device; a
network's every camera may answer, so the device is known by its address: by the one that it tells,
or where it tells a name, by where the answer comes from. Datagrams of strangers are read without
trust, and no more than so many of them.
"""

import contextlib
import ipaddress
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from conformance.address import Address
from conformance.exchange import Answer, NoAnswerError
from conformance.onvif import messages

PORT, GROUP = 3702, "239.255.255.250"
WAIT_S = 3.0
"""A device may hold its answer back for half a second (APP_MAX_DELAY), and is slow besides."""
MOST_ANSWERS, LARGEST = 64, 65507
BETWEEN = b"\0"
"""Between datagrams: it stands in no XML. Each has a line before it that says whose it is."""

WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
NETWORK = "http://www.onvif.org/ver10/network/wsdl"
_PROBE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="{soap}" xmlns:a="{wsa}" xmlns:d="{wsd}" xmlns:dn="{network}"><s:Header>\
<a:Action>{wsd}/Probe</a:Action><a:MessageID>urn:uuid:{mid}</a:MessageID>\
<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe>\
<d:Types>{types}</d:Types></d:Probe></s:Body></s:Envelope>"""


@dataclass(frozen=True, slots=True)
class Sought:
    """The device that is looked for: its host as it was typed, its port, the host's addresses."""

    host: str
    port: int
    addresses: frozenset[str]

    @classmethod
    def at(cls, address: Address) -> Self:
        """Return who is at an address. Raises OSError where its host has none."""
        found = socket.getaddrinfo(address.host, None, type=socket.SOCK_STREAM)
        return cls(address.host, address.port, frozenset(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True)
class Match:
    """One device as it introduces itself. sender: the address that its datagram came from."""

    sender: str
    endpoint: str
    types: tuple[str, ...]
    xaddrs: tuple[str, ...]

    def is_at(self, sought: Sought) -> bool:
        """Return whether it is the one that is looked for."""
        return any(self._is_at(sought, *_where(one)) for one in self.xaddrs)

    def _is_at(self, sought: Sought, host: str, port: int) -> bool:
        its = {sought.host, *sought.addresses}
        # A stranger's names are not looked up.
        is_there = host in its or (_is_name(host) and self.sender in its)
        return is_there and port == sought.port


def _is_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host)
    return False


def _where(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or {"https": 443}.get(parts.scheme, 80)
    except ValueError:
        return "", 0


def probe(types: str = "dn:NetworkVideoTransmitter") -> tuple[str, bytes]:
    """Return a fresh message's id and the message."""
    mid = str(uuid.uuid4())
    text = _PROBE.format(
        soap=messages.SOAP, wsa=WSA, wsd=WSD, network=NETWORK, mid=mid, types=types
    )
    return mid, text.encode()


def matches(datagrams: bytes, mid: str) -> list[Match]:
    """Return who introduces himself in datagrams that answer to the Probe `mid`."""
    return [match for one in datagrams.split(BETWEEN) for match in _matches(one, mid)]


def _matches(came: bytes, mid: str) -> list[Match]:
    sender, _, datagram = came.partition(b"\n")
    try:
        root = messages.envelope(Answer("PROBE", 200, (), datagram))
    except NoAnswerError:
        return []
    if not (root.findtext(f".//{{{WSA}}}RelatesTo") or "").strip().endswith(mid):
        return []
    return [
        Match(
            sender.decode("ascii", "replace"),
            (one.findtext(f"{{{WSA}}}EndpointReference/{{{WSA}}}Address") or "").strip(),
            tuple(word.rpartition(":")[2] for word in _words(one, "Types")),
            _words(one, "XAddrs"),
        )
        for one in root.iter(f"{{{WSD}}}ProbeMatch")
    ]


def _words(element: object, name: str) -> tuple[str, ...]:
    return tuple((element.findtext(f"{{{WSD}}}{name}") or "").split())  # type: ignore[attr-defined]


def ask(sought: Sought, message: bytes, mid: str) -> bytes:
    """Send a Probe to a host and to the group beside it; returns all that comes, BETWEEN datagrams.

    Nothing more is waited for once the device that is looked for has answered to the message `mid`.

    Raises OSError where nothing can be sent.
    """
    return BETWEEN.join(_answers(sought, message, mid))


def _answers(sought: Sought, message: bytes, mid: str) -> Iterator[bytes]:
    own = _own_address(sought.host)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((own, 0))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        asking.sendto(message, (sought.host, PORT))
        with contextlib.suppress(OSError):  # a network without multicast
            asking.sendto(message, (GROUP, PORT))
        until_s = time.monotonic() + WAIT_S
        for _ in range(MOST_ANSWERS):
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return
            asking.settimeout(left_s)
            try:
                datagram, (sender, *_) = asking.recvfrom(LARGEST)
            except TimeoutError:
                return
            except ConnectionRefusedError:  # nobody at the device's own port
                continue
            if BETWEEN in datagram:
                continue
            came = f"{sender}\n".encode() + datagram
            yield came
            if any(match.is_at(sought) for match in _matches(came, mid)):
                return


def _own_address(host: str) -> str:
    """Return this machine's address on the way to a host."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect((host, PORT))
        address: str = way.getsockname()[0]
        return address
