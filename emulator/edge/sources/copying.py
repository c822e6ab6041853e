"""What a file has coded, kept for a moment for who passes it on as it is: no coding, no loss.

H.264 alone. Packets are noted as they go to the decoder, by reference, and unpacked only when
somebody asks; each frame takes those that went by since the one before.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from av.packet import Packet
from av.video.stream import VideoStream

from emulator.core import h264
from emulator.core.frame import Coded, CodedPicture
from emulator.core.localtime import SECOND_MS


class Passed:
    """The packets of one stream that went by since they were taken last."""

    def __init__(self, stream: VideoStream) -> None:
        self._packets: list[Packet[Any]] = []
        self._time_base = Fraction(stream.time_base or 0)
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
                self._is_fit = packet.pts is not None and not packet.is_corrupt
                self._packets.append(packet)
            yield packet

    def taken(self, pts: int | None, at_ms: int) -> Coded | None:
        """Return what gives the pictures noted since the last call; None if they are not fit.

        pts, at_ms  of one picture, in the file and on the frames' axis
        """
        packets, self._packets = self._packets, []
        if not self._is_fit or pts is None:
            return None
        return partial(self._unpacked, packets, pts, at_ms)

    def _unpacked(
        self, packets: "list[Packet[Any]]", pts: int, at_ms: int
    ) -> tuple[CodedPicture, ...]:
        ticks, per = (SECOND_MS * self._time_base).as_integer_ratio()
        return tuple(
            self._picture(packet, at_ms + (packet.pts - pts) * ticks // per)
            for packet in packets
            if packet.pts is not None
        )

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
