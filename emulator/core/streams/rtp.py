"""RTP and RTCP: headers, packets of a document, reports, and the axis of their time.

Pure. Source: RFC 3550. Time is kept in ms of real time, on which RTP's 90 kHz run; how a
picture's place on the film becomes one is `Axis`'s business. UTC is the camera clock's.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

PER_MS = 90
"""Ticks of RTP's clock in a ms, for video and for ONVIF's metadata alike."""

MOST_PAYLOAD = 1400
"""Octets of a packet, so that it fits an Ethernet frame through a tunnel or two."""

REPORT_MS = 5000
"""So often a sender reports (RFC 3550, 6.2)."""

STRAY_MS = 500
"""So far a picture's place on the film may be off its arrival before that counts."""

MINE = 96
"""The first payload type that means what the SDP says."""

_SENDER, _RECEIVER, _NAMES, _APPLICATION = 200, 201, 202, 204
_NTP_EPOCH_S = 2_208_988_800  # of 1970, counted from 1900
_WRAP = 1 << 32


@dataclass(slots=True)
class Numbers:
    """Whose packets they are, and the next one's number; goes on over breaks.

    ssrc, base  32 bits, any; base: RTP's time at 0 ms
    sequence    16 bits, of the next packet
    packets, octets  how many were sent, of payload
    """

    ssrc: int
    base: int
    sequence: int
    packets: int = 0
    octets: int = 0

    def time(self, at_ms: int) -> int:
        """Return RTP's time of an instant on the axis: 32 bits, around and around."""
        return (self.base + PER_MS * at_ms) % _WRAP

    def stamp(self, packet: bytearray, at_ms: int) -> bytearray:
        """Make `packet`, a whole one, the next of this sender; returns it."""
        struct.pack_into(">HII", packet, 2, self.sequence, self.time(at_ms), self.ssrc)
        self.sequence = (self.sequence + 1) % 65536
        self.packets += 1
        self.octets += len(packet) - 12
        return packet


@dataclass(frozen=True, slots=True)
class Axis:
    """Where pictures lie on the axis of real time.

    A picture at real speed keeps its distance on the film to the one before, however unevenly
    they arrive; where film and arrival have parted (another speed, a pause, a jump) arrival
    counts. Instants only go forward.

    ahead_ms  how far the axis is ahead of the film; None: no picture was placed by its film
    last_ms   where the latest picture lies
    """

    ahead_ms: int | None = None
    last_ms: int = -1

    def after(self, film_ms: int | None, arrived_ms: int) -> "Axis":
        """Return the axis with another picture on it, at `last_ms`.

        film_ms  where it lies on the film; None: it goes by its arrival alone
        """
        if film_ms is None:
            return Axis(None, max(arrived_ms, self.last_ms + 1))
        ahead_ms = self.ahead_ms
        if ahead_ms is None or abs(film_ms + ahead_ms - arrived_ms) > STRAY_MS:
            ahead_ms = max(arrived_ms, self.last_ms + 1) - film_ms
        return Axis(ahead_ms, max(film_ms + ahead_ms, self.last_ms + 1))


def document_packets(document: bytes, payload_type: int) -> Iterator[bytearray]:
    """Yield a document's packets, yet to be stamped; the last one bears the marker.

    ONVIF Streaming 5.2.1.1: an XML document goes in as many packets as it takes.
    """
    pieces = range(0, len(document), MOST_PAYLOAD)
    for at in pieces:
        marker = 0x80 if at == pieces[-1] else 0
        piece = document[at : at + MOST_PAYLOAD]
        yield bytearray(bytes([0x80, marker | payload_type]) + bytes(10) + piece)


def sender_report(numbers: Numbers, at_ms: int, utc_ms: int, name: str) -> bytes:
    """Return what a sender says of itself: that `at_ms` of its axis is `utc_ms`.

    A compound packet: a sender report, and the source's `name` (RFC 3550, 6.1).
    """
    seconds, rest_ms = divmod(utc_ms, 1000)
    report = struct.pack(
        ">BBHIIIIII",
        *(0x80, _SENDER, 6, numbers.ssrc),
        *((seconds + _NTP_EPOCH_S) % _WRAP, (rest_ms << 32) // 1000),
        *(numbers.time(at_ms), numbers.packets % _WRAP, numbers.octets % _WRAP),
    )
    item = bytes([1, len(name)]) + name.encode("ascii")
    item += bytes(4 - len(item) % 4)  # at least one zero ends the list
    words = 1 + len(item) // 4
    return report + struct.pack(">BBHI", 0x81, _NAMES, words, numbers.ssrc) + item


def is_report(octets: bytes) -> bool:
    """Tell whether `octets` begin as a receiver's report does, which is a sign of life."""
    if len(octets) < 8 or octets[0] >> 6 != 2:
        return False
    words = int.from_bytes(octets[2:4], "big")
    return _SENDER <= octets[1] <= _APPLICATION and 4 * (words + 1) <= len(octets)
