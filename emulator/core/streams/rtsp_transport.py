"""The Transport field of RTSP: what a client offers, and what it is told (RFC 2326, 12.39).

Pure. Unicast only, over UDP to the client's own address or within the RTSP connection; a
`destination` is passed over, or a camera could be made to flood somebody else.
"""

import re
from typing import NamedTuple

from emulator.core.streams.rtsp import RtspError

_PAIR = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_MOST_OFFERS = 8


class Transport(NamedTuple):
    """How a track goes to a client.

    is_tcp  within the connection, interleaved
    pair    of channels there, of the client's ports with UDP: media, then reports; None: a
            client within the connection leaves the channels to us
    """

    is_tcp: bool
    pair: tuple[int, int] | None


def chosen(field: str) -> Transport:
    """Return the first transport that `field` offers and we have. Raises RtspError (461, 400)."""
    for offer in field.split(",")[:_MOST_OFFERS]:
        protocol, *parameters = [part.strip() for part in offer.split(";")]
        if protocol.upper() not in ("RTP/AVP", "RTP/AVP/UDP", "RTP/AVP/TCP"):
            continue
        named = dict(parameter.partition("=")[::2] for parameter in parameters)
        if "multicast" in named or named.get("mode", "play").strip('"').lower() != "play":
            continue
        if protocol.upper() == "RTP/AVP/TCP":
            channels = named.get("interleaved")
            return Transport(True, None if channels is None else _pair(channels, 0, 255))
        if "client_port" in named:
            return Transport(False, _pair(named["client_port"], 1, 65535))
    raise RtspError(461, f"Transport: {field[:80]!r} offers nothing that is served")


def spelled(
    transport: Transport, pair: tuple[int, int], ssrc: int, server_ports: tuple[int, int] | None
) -> str:
    """Return what the client is told: `pair` as agreed, and the sender's ports with UDP."""
    first, second = pair
    source = f';ssrc={ssrc:08X};mode="PLAY"'
    if transport.is_tcp:
        return f"RTP/AVP/TCP;unicast;interleaved={first}-{second}{source}"
    assert server_ports is not None
    ports = f"client_port={first}-{second};server_port={server_ports[0]}-{server_ports[1]}"
    return f"RTP/AVP;unicast;{ports}{source}"


def _pair(text: str, least: int, most: int) -> tuple[int, int]:
    match = _PAIR.fullmatch(text.strip())
    if match is None:
        raise RtspError(400, f"{text[:20]!r} is no pair of numbers")
    first = int(match[1])
    second = first + 1 if match[2] is None else int(match[2])
    if not least <= first <= most or not least <= second <= most or first == second:
        raise RtspError(400, f"{text[:20]!r} is no pair within {least}..{most}")
    return first, second
