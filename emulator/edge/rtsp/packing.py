"""Coded pictures, cut into RTP packets: FFmpeg's muxer does it, for all codecs alike.

Its numbers and times are overwritten by who stamps the packets (core/streams/rtp.py): they go on
when a muxer is made anew, and reports say what the camera's clock reads.
"""

from fractions import Fraction

import av

from emulator.core.streams.rtp import MOST_PAYLOAD, PER_MS
from emulator.edge.rtsp.coding import Made

_NAMES = {"H264": "h264", "H265": "hevc", "JPEG": "mjpeg"}
_OPTIONS = {"packetsize": str(12 + MOST_PAYLOAD), "rtpflags": "skip_rtcp"}


class Packer:
    """Packs coded pictures of `size`, width and height."""

    def __init__(self, codec: str, size: tuple[int, int]) -> None:
        self._flushed: list[bytearray] = []
        self._muxer = av.open(self, "w", format="rtp", options=_OPTIONS)
        width, height = size
        self._stream = self._muxer.add_mux_stream(_NAMES[codec], 25, width=width, height=height)
        self._count = 0

    def write(self, packet: bytes) -> int:
        """Take a packet; FFmpeg flushes once for each."""
        self._flushed.append(bytearray(packet))
        return len(packet)

    def packets(self, made: Made) -> list[bytearray]:
        """Return the packets of one picture, whose numbers and times mean nothing."""
        packet = av.Packet(made.octets)
        packet.pts = packet.dts = self._count
        packet.time_base = Fraction(1, 1000 * PER_MS)
        packet.is_keyframe, packet.stream = made.begins_anew, self._stream
        self._count += 1
        self._muxer.mux(packet)
        flushed, self._flushed = self._flushed, []
        return flushed
