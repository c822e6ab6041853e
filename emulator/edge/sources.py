"""Where pictures come from: video files and drawn scenes, one frame after the other.

A source opens, says what it is, and yields frames on a time axis that begins where it is
told to. Files are decoded with PyAV; brightness is a view into the decoder's own memory
(planar formats carry it first), colour is made only when asked for. What can't be decoded
is skipped and counted, never a reason to stop (CONTRACT 4).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from itertools import pairwise
from math import ceil
from pathlib import Path
from stat import S_ISREG

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from emulator.core.axis import Timed, on_axis, thinned
from emulator.core.drawing import Stage, draw_luma, draw_picture, stage
from emulator.core.frame import Frame, Luma
from emulator.core.localtime import SECOND_MS
from emulator.core.scene import read_scene

ANALYSE_FPS = 12.5
"""More pictures a second than this are thinned out, unless told otherwise."""

FALLBACK_FPS = Fraction(25)
"""For files that name no frame rate."""

_LUMA_FIRST = {"gray", "nv12", "nv21"}
_LUMA_FIRST |= {"yuv410p", "yuv411p", "yuv420p", "yuv422p", "yuv440p", "yuv444p"}
_LUMA_FIRST |= {"yuvj411p", "yuvj420p", "yuvj422p", "yuvj440p", "yuvj444p"}
"""Pixel formats whose first plane is brightness, a byte a pixel; all others are converted."""

_CUT_SHORT_S = 1
"""A file is said to be cut short when this much of what its header promises is missing."""


class SourceError(ValueError):
    """A source that gives no picture; the message names it and says why."""


@dataclass(slots=True)
class Count:
    """What a source has given so far; filled in while it is read.

    decoded   pictures that could be decoded; damaged: that could not
    analysed  of those decoded, pictures that were handed on
    """

    decoded: int = 0
    analysed: int = 0
    damaged: int = 0


@dataclass(slots=True)
class VideoFile:
    """A video that PyAV reads.

    path     the file; threads: for decoding, 0 for as many as FFmpeg likes
    fps      analyse at most so many pictures a second; None: all
    Raises SourceError when made if no picture can be decoded.
    """

    path: Path
    fps: float | None = ANALYSE_FPS
    threads: int = 1
    count: Count = field(default_factory=Count)
    duration_s: float | None = None
    """What the header promises, where it does."""
    _reached_s: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        with _opened(self.path) as container:
            stream = container.streams.video[0]
            # A file that is cut keeps its count of pictures, or its duration, or neither.
            told_s = [stream.frames / _rate(stream)]
            if stream.duration is not None and stream.time_base is not None:
                told_s.append(stream.duration * stream.time_base)
            elif container.duration is not None:
                told_s.append(Fraction(container.duration, av.time_base))
            self.duration_s = float(max(told_s)) or None
        if next(self._decoded(Count()), None) is None:
            raise SourceError(f"{self.path} has no picture that can be decoded")

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return str(self.path)

    def frames(self, begins_ms: int) -> Iterator[Frame]:
        """Yield the frames from the first; it stands from the instant `begins_ms` on."""
        self.count = Count()
        with _opened(self.path) as container:
            stream = container.streams.video[0]
            rate = _rate(stream)
            time_base = Fraction(stream.time_base or 1 / rate)
        every = 1 if self.fps is None else max(1, ceil(rate / Fraction(self.fps)))
        pictures = self._stamped(time_base, 1 / rate)
        for timed in thinned(on_axis(pictures, time_base, 1 / rate), every):
            self.count.analysed += 1
            yield _frame(timed, begins_ms)

    def missing_s(self) -> float:
        """Return how much of what the header promises did not come, once all frames have."""
        short_s = (self.duration_s or 0) - float(self._reached_s)
        return short_s if short_s > _CUT_SHORT_S else 0.0

    def _stamped(
        self, time_base: Fraction, period_s: Fraction
    ) -> Iterator[tuple[int | None, VideoFrame]]:
        # How far the file reaches is told by its stamps, gaps and all, or by their number.
        first: int | None = None
        self._reached_s = Fraction(0)
        for picture in self._decoded(self.count):
            passed_s = (self.count.decoded + self.count.damaged - 1) * period_s
            if picture.pts is not None:
                first = picture.pts if first is None else first
                passed_s = max(passed_s, (picture.pts - first) * time_base)
            self._reached_s = max(self._reached_s, passed_s + period_s)
            yield picture.pts, picture

    def _decoded(self, count: Count) -> Iterator[VideoFrame]:
        with _opened(self.path) as container:
            stream = container.streams.video[0]
            stream.codec_context.thread_count = self.threads
            packets = container.demux(stream)
            while True:
                try:
                    packet = next(packets)
                except StopIteration:
                    return
                except av.FFmpegError:  # the file is cut within a packet
                    count.damaged += 1
                    return
                try:
                    pictures = packet.decode()
                except av.FFmpegError:
                    count.damaged += 1
                    continue
                for picture in pictures:
                    assert isinstance(picture, VideoFrame)
                    if picture.is_corrupt:
                        count.damaged += 1
                        continue
                    count.decoded += 1
                    yield picture


@dataclass(slots=True)
class DrawnScene:
    """A scene that is drawn, with a length, and plays like a file."""

    name: str
    stage: Stage
    count: Count = field(default_factory=Count)

    @property
    def duration_s(self) -> float:
        """How long it plays."""
        return self.stage.scene.length_ms / SECOND_MS

    def frames(self, begins_ms: int) -> Iterator[Frame]:
        """Yield the frames from the first; it stands from the instant `begins_ms` on."""
        self.count = Count()
        scene = self.stage.scene
        edges_ms = [
            index * scene.length_ms // scene.frame_count for index in range(scene.frame_count + 1)
        ]
        for index, (at_ms, until_ms) in enumerate(pairwise(edges_ms)):
            self.count.decoded += 1
            self.count.analysed += 1
            yield Frame(
                begins_ms + at_ms,
                begins_ms + until_ms,
                draw_luma(self.stage, index),
                partial(draw_picture, self.stage, index),
                cut=index == 0,
            )


Source = VideoFile | DrawnScene


def drawn(name: str, document: Mapping[str, object]) -> DrawnScene:
    """Return the scene that `document` (TOML) describes. Raises core's SceneError."""
    return DrawnScene(name, stage(read_scene(document)))


def luma_of(picture: VideoFrame) -> Luma:
    """Return a picture's brightness: uint8 (rows, columns), without a copy where possible."""
    if picture.format.name in _LUMA_FIRST:
        plane = picture.planes[0]
        # Lines may be padded: take the plane as it lies, then look at the picture's part.
        lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
        view: Luma = lines[: picture.height, : picture.width]
        return view
    return _converted(picture, "gray")


def _converted(picture: VideoFrame, pix_fmt: str) -> NDArray[np.uint8]:
    # Not the picture's own reformatter: it crashes when two threads ask at once. And in one
    # thread: with more, FFmpeg's slices write over one another's edges at some odd widths.
    converted = VideoReformatter().reformat(picture, format=pix_fmt, threads=1)
    return np.asarray(converted.to_ndarray(), np.uint8)


def _rate(stream: VideoStream) -> Fraction:
    return Fraction(stream.average_rate or stream.base_rate or FALLBACK_FPS)


def _frame(timed: Timed[VideoFrame], begins_ms: int) -> Frame:
    picture = timed.picture
    return Frame(
        begins_ms + timed.start_ms,
        begins_ms + timed.end_ms,
        luma_of(picture),
        partial(_converted, picture, "bgr24"),
        cut=timed.cut or timed.start_ms == 0,
    )


def _opened(path: Path) -> "av.container.InputContainer":
    try:
        if is_file := S_ISREG(path.stat().st_mode):  # a pipe would be waited for without end
            # Said to be a file, or FFmpeg would take what stands before a colon for a protocol.
            container = av.open(f"file:{path}", metadata_errors="ignore")
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{path} can't be read as a video: {reason}") from error
    if not is_file:
        raise SourceError(f"{path} can't be read as a video: it is no file")
    if why := _unfit(container):
        container.close()
        raise SourceError(f"{path} {why}")
    return container


def _unfit(container: "av.container.InputContainer") -> str | None:
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
