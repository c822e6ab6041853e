"""WS-Discovery (April 2005, as ONVIF Core 7.3 wants it): a Probe, and who answers to it.

Sent to the device itself and to the multicast group, by the interface that leads to the device; a
network's every camera may answer, so the device is known by its address. Datagrams of strangers are
read without trust, and no more than so many of them.
"""

import contextlib
import re
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from conformance.exchange import Answer, NoAnswerError
from conformance.onvif import messages

PORT, GROUP = 3702, "239.255.255.250"
WAIT_S = 3.0
"""A device may hold its answer back for half a second (APP_MAX_DELAY), and is slow besides."""
MOST_ANSWERS, LARGEST = 64, 65507
BETWEEN = b"\0"
"""Stands in no XML."""

WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
NETWORK = "http://www.onvif.org/ver10/network/wsdl"
_PROBE = """<?xml version="1.0" encoding="UTF-8"?>
<s:Envelope xmlns:s="{soap}" xmlns:a="{wsa}" xmlns:d="{wsd}" xmlns:dn="{network}"><s:Header>\
<a:Action>{wsd}/Probe</a:Action><a:MessageID>urn:uuid:{mid}</a:MessageID>\
<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header><s:Body><d:Probe>\
<d:Types>{types}</d:Types></d:Probe></s:Body></s:Envelope>"""


@dataclass(frozen=True, slots=True)
class Match:
    """One device as it introduces itself."""

    endpoint: str
    types: tuple[str, ...]
    scopes: tuple[str, ...]
    xaddrs: tuple[str, ...]

    def is_at(self, url: str) -> bool:
        """Return whether one of its addresses is at the host and port of a URL."""
        return any(_where(one) == _where(url) for one in self.xaddrs)


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


def _matches(datagram: bytes, mid: str) -> list[Match]:
    try:
        root = messages.envelope(Answer("PROBE", 200, (), datagram))
    except NoAnswerError:
        return []
    if not (root.findtext(f".//{{{WSA}}}RelatesTo") or "").strip().endswith(mid):
        return []
    return [
        Match(
            (one.findtext(f"{{{WSA}}}EndpointReference/{{{WSA}}}Address") or "").strip(),
            tuple(word.rpartition(":")[2] for word in _words(one, "Types")),
            _words(one, "Scopes"),
            _words(one, "XAddrs"),
        )
        for one in root.iter(f"{{{WSD}}}ProbeMatch")
    ]


def _words(element: object, name: str) -> tuple[str, ...]:
    return tuple((element.findtext(f"{{{WSD}}}{name}") or "").split())  # type: ignore[attr-defined]


def ask(host: str, message: bytes, enough: re.Pattern[bytes]) -> bytes:
    """Send a Probe to a host and to the group beside it; returns all that comes, BETWEEN datagrams.

    enough  found in a datagram, nothing more is waited for

    Raises OSError where nothing can be sent.
    """
    return BETWEEN.join(_answers(host, message, enough))


def _answers(host: str, message: bytes, enough: re.Pattern[bytes]) -> Iterator[bytes]:
    own = _own_address(host)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind((own, 0))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(own))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        asking.sendto(message, (host, PORT))
        with contextlib.suppress(OSError):  # a network without multicast
            asking.sendto(message, (GROUP, PORT))
        until_s = time.monotonic() + WAIT_S
        for _ in range(MOST_ANSWERS):
            left_s = until_s - time.monotonic()
            if left_s <= 0:
                return
            asking.settimeout(left_s)
            try:
                datagram = asking.recv(LARGEST)
            except TimeoutError:
                return
            except ConnectionRefusedError:  # nobody at the device's own port
                continue
            yield datagram
            if enough.search(datagram):
                return


def _own_address(host: str) -> str:
    """Return this machine's address on the way to a host."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        way.connect((host, PORT))
        address: str = way.getsockname()[0]
        return address
