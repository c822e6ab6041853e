"""What a file has coded, kept for a moment for who passes it on as it is: no coding, no loss.

H.264 alone. Packets are noted as they go to the decoder, by reference, and unpacked only when
somebody asks. Pictures may be decoded long before they are shown (core/axis.py looks at the
first ones together), so each frame takes only those whose time has come.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from av.packet import Packet
from av.video.stream import VideoStream

from emulator.core.frame import Coded, CodedPicture
from emulator.core.localtime import SECOND_MS
from emulator.core.streams import h264


class Passed:
    """The packets of one stream that went by and were not taken yet."""

    def __init__(self, stream: VideoStream) -> None:
        self._packets: deque[Packet[Any]] = deque()
        self._ticks, self._per = (SECOND_MS * Fraction(stream.time_base or 0)).as_integer_ratio()
        self._length_size: int | None = None
        self._sets: list[bytes] = []
        self._is_fit = stream.codec_context.name == "h264" and stream.time_base is not None
        try:
            self._length_size, self._sets = h264.configuration(
                stream.codec_context.extradata or b"" if self._is_fit else b""
            )
        except h264.CodedError:
            self._is_fit = False

    def noting(self, packets: "Iterable[Packet[Any]]") -> "Iterator[Packet[Any]]":
        """Yield `packets`, and note them."""
        for packet in packets:
            if self._is_fit and packet.size:
                self._is_fit = None not in (packet.pts, packet.dts) and not packet.is_corrupt
                self._packets.append(packet)
            yield packet

    def taken(self, pts: int | None, at_ms: int, end_ms: int) -> Coded | None:
        """Return what gives the pictures that a frame takes; None if they are not fit.

        pts            of the frame's picture
        at_ms, end_ms  the frame's stretch: what is to be decoded before it ends is taken
        """
        if not self._is_fit or pts is None:
            self._packets.clear()
            return None
        packets: list[Packet[Any]] = []
        while self._packets and self._at_ms(self._packets[0].dts, pts) + at_ms < end_ms:
            packets.append(self._packets.popleft())
        return partial(self._unpacked, packets, pts, at_ms)

    def _at_ms(self, stamp: int | None, pts: int) -> int:
        assert stamp is not None  # or it would not be fit
        return (stamp - pts) * self._ticks // self._per

    def _unpacked(
        self, packets: "list[Packet[Any]]", pts: int, at_ms: int
    ) -> tuple[CodedPicture, ...]:
        return tuple(self._picture(one, at_ms + self._at_ms(one.pts, pts)) for one in packets)

    def _picture(self, packet: "Packet[Any]", at_ms: int) -> CodedPicture:
        octets = bytes(packet)
        if self._length_size is None:
            found = h264.units(octets)
        else:
            found = h264.sized_units(octets, self._length_size)
        is_whole = h264.begins_anew(found)
        # Whoever comes in here has seen no parameter sets; they are short.
        lacks = is_whole and not any(unit[0] & 31 == h264.SPS for unit in found)
        return CodedPicture(at_ms, h264.joined([*self._sets * lacks, *found]), is_whole)
