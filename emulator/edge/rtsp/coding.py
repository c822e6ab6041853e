"""The encoders, FFmpeg's by way of PyAV: pictures in, coded pictures out, one for one."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple, cast

import av
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType, VideoFrame

from emulator.core.streams import h264
from emulator.core.streams.encoders import Encoder
from emulator.core.streams.rtp import PER_MS

_TIME_BASE = Fraction(1, 1000 * PER_MS)
_X265 = "log-level=none:pools=none:frame-threads=1:repeat-headers=1"


class Made(NamedTuple):
    """A coded picture; begins_anew: it needs none before it."""

    octets: bytes
    begins_anew: bool


class _Kind(NamedTuple):
    """How a codec is had from FFmpeg: by which encoder, of which pixels, with which options."""

    encoder: str
    pix_fmt: str
    options: dict[str, str]
    parameters: Callable[[bytes], str]


_QUICK = {"preset": "ultrafast", "tune": "zerolatency", "forced-idr": "1"}

_KINDS = {
    "H264": _Kind("libx264", "yuv420p", _QUICK, h264.h264_parameters),
    "H265": _Kind("libx265", "yuv420p", _QUICK | {"x265-params": _X265}, h264.h265_parameters),
    # RTP has no room for Huffman tables of one's own (RFC 2435).
    "JPEG": _Kind("mjpeg", "yuvj420p", {"huffman": "default"}, lambda extradata: ""),
}


class Coder:
    """Codes pictures of `size`, width and height, as `encoder` says."""

    def __init__(self, encoder: Encoder, size: tuple[int, int]) -> None:
        self._context = _opened(encoder, size)
        self._pix_fmt = _KINDS[encoder.codec].pix_fmt

    def made(self, picture: VideoFrame, at_ms: int, begins_anew: bool) -> Made | None:
        """Return a picture coded; None where the encoder gives nothing for it.

        begins_anew  have it need none before it
        """
        if picture.format.name != self._pix_fmt:
            picture = picture.reformat(format=self._pix_fmt)
        picture.pts, picture.time_base = PER_MS * at_ms, _TIME_BASE
        picture.pict_type = PictureType.I if begins_anew else PictureType.NONE
        packets = self._context.encode(picture)
        if not packets:
            return None
        return Made(
            b"".join(bytes(packet) for packet in packets),
            any(packet.is_keyframe for packet in packets),
        )


def parameters(encoder: Encoder, size: tuple[int, int]) -> str:
    """Return what a stream's description says of how it is coded."""
    context = _opened(encoder, size, tells_parameters=True)
    return _KINDS[encoder.codec].parameters(context.extradata or b"")


def _opened(
    encoder: Encoder, size: tuple[int, int], tells_parameters: bool = False
) -> VideoCodecContext:
    kind = _KINDS[encoder.codec]
    context = cast(VideoCodecContext, av.CodecContext.create(kind.encoder, "w"))
    context.width, context.height = size
    context.pix_fmt = kind.pix_fmt
    context.time_base, context.framerate = _TIME_BASE, Fraction(encoder.fps)
    context.gop_size = encoder.gop
    context.thread_count = 1
    if tells_parameters:
        context.flags |= int(Flags.global_header)
    options = dict(kind.options)
    if encoder.codec == "JPEG":
        # FFmpeg's scale goes from 31, worst, to 1.
        context.qmin = context.qmax = 32 - 3 * encoder.quality
    else:
        context.bit_rate = 1000 * encoder.kbps
        # Never more in any second, whether it is to be constant or not: nothing is filled up.
        options["maxrate"] = options["bufsize"] = str(1000 * encoder.kbps)
    if encoder.codec == "H264":
        options["profile"] = encoder.profile.lower()
    context.options = options
    context.open()
    return context
