"""What FFmpeg reads, picture by picture: files and live sources alike.

What can't be decoded is skipped and counted, never a reason to stop (CONTRACT 4). A stream
may change its pictures' size or pixel format midway; who hands them on marks that as a cut.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

log = logging.getLogger("stuntcam")

ANALYSE_FPS = 12.5
"""More pictures a second than this are thinned out, unless told otherwise."""

FALLBACK_FPS = Fraction(25)
"""For sources that name no frame rate."""


_Look = tuple[int, int, str]
"""A picture's width, height and pixel format."""


class SourceError(ValueError):
    """A source that gives no picture; the message names it and says why."""


@dataclass(slots=True)
class Count:
    """What a source has given so far; filled in while it is read.

    decoded   pictures that could be decoded; damaged: that could not
    analysed  of those decoded, pictures that were handed on
    dropped   live pictures that came while an earlier one was still being looked at
    """

    decoded: int = 0
    analysed: int = 0
    damaged: int = 0
    dropped: int = 0


def unfit(container: InputContainer) -> str | None:
    """Return why there is nothing to decode in what was opened; None: there is."""
    kind = container.format.name
    # FFmpeg would draw a text file as a film of its characters, and play a picture as one.
    if not container.streams.video or kind == "tty":
        return "has no video in it"
    if kind.endswith("_pipe") or kind == "image2":
        return "is a picture, not a video"
    # No decoder, no context; PyAV's types do not say so.
    if getattr(container.streams.video[0], "codec_context", None) is None:
        return "is coded in a way that FFmpeg can't decode here"
    return None


def rate(stream: VideoStream) -> Fraction:
    """Return how many pictures a second a stream says it has."""
    return Fraction(stream.average_rate or stream.base_rate or FALLBACK_FPS)


def decoded(
    packets: "Iterable[Packet[Any]]", stream: VideoStream, count: Count
) -> Iterator[VideoFrame | None]:
    """Yield the pictures of `stream` among `packets`; None where something gave no picture.

    Raises av.FFmpegError, as `packets` does, where nothing more can be read.
    """
    for packet in packets:
        pictures: Sequence[object] = ()
        if packet.stream_index == stream.index:
            try:
                pictures = packet.decode()
            except av.FFmpegError:
                count.damaged += 1
        if not pictures:
            yield None
        for picture in pictures:
            assert isinstance(picture, VideoFrame)
            if picture.is_corrupt:
                count.damaged += 1
                yield None
            else:
                count.decoded += 1
                yield picture


class Looks:
    """Watches over what pictures look like, and says so once when that changes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: _Look | None = None
        self._told: set[tuple[_Look, _Look]] = set()

    def changed(self, picture: VideoFrame) -> bool:
        """Tell whether `picture` is of another size or pixel format than the one before."""
        look = picture.width, picture.height, picture.format.name
        before, self._seen = self._seen, look
        if before is None or before == look:
            return False
        if (before, look) not in self._told:  # a stream that goes to and fro would fill the log
            self._told.add((before, look))
            log.warning("%s: pictures are now %s, not %s", self._name, _said(look), _said(before))
        return True


def _said(look: _Look) -> str:
    columns, rows, pix_fmt = look
    return f"{columns}x{rows} {pix_fmt}"
