"""Brightness and colour of a decoded picture, in any pixel format.

Brightness is a view into the decoder's own memory (planar formats carry it first), colour
is made only when asked for.
"""

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from emulator.core.frame import Luma, Picture, Planes

_LUMA_FIRST = {"gray", "nv12", "nv21"}
_LUMA_FIRST |= {"yuv410p", "yuv411p", "yuv420p", "yuv422p", "yuv440p", "yuv444p"}
_LUMA_FIRST |= {"yuvj411p", "yuvj420p", "yuvj422p", "yuvj440p", "yuvj444p"}
"""Pixel formats whose first plane is brightness, a byte a pixel; all others are converted."""


def luma_of(picture: VideoFrame) -> Luma:
    """Return a picture's brightness: uint8 (rows, columns), without a copy where possible."""
    return _plane(picture, 0) if picture.format.name in _LUMA_FIRST else _converted(picture, "gray")


def colour_of(picture: VideoFrame) -> Picture:
    """Return a picture in colour: uint8 (rows, columns, 3), blue, green, red."""
    return _converted(picture, "bgr24")


def planes_of(picture: VideoFrame) -> Planes:
    """Return a picture as it is coded, without a copy where possible."""
    if picture.format.name != "yuv420p":
        picture = VideoReformatter().reformat(picture, format="yuv420p", threads=1)
    return _plane(picture, 0), _plane(picture, 1), _plane(picture, 2)


def _plane(picture: VideoFrame, number: int) -> Luma:
    plane = picture.planes[number]
    # Lines may be padded: take the plane as it lies, then look at the picture's part.
    lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
    view: Luma = lines[: plane.height, : plane.width]
    return view


def _converted(picture: VideoFrame, pix_fmt: str) -> NDArray[np.uint8]:
    # Not the picture's own reformatter: it crashes when two threads ask at once. And in one
    # thread: with more, FFmpeg's slices write over one another's edges at some odd widths.
    converted = VideoReformatter().reformat(picture, format=pix_fmt, threads=1)
    return np.asarray(converted.to_ndarray(), np.uint8)
