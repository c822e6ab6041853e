"""A video file: decoded with PyAV, each picture standing for its stretch of the file's time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from math import ceil
from pathlib import Path
from stat import S_ISREG

import av
from av.container import InputContainer
from av.video.frame import VideoFrame

from emulator.core.axis import on_axis, thinned
from emulator.core.frame import Frame
from emulator.edge.sources.copying import Passed
from emulator.edge.sources.decoding import (
    ANALYSE_FPS,
    Count,
    Looks,
    SourceError,
    decoded,
    rate,
    unfit,
)
from emulator.edge.sources.pixels import colour_of, luma_of, planes_of

_CUT_SHORT_S = 1
"""A file is said to be cut short when this much of what its header promises is missing."""


@dataclass(slots=True)
class VideoFile:
    """A video that PyAV reads.

    path     the file
    fps      analyse at most so many pictures a second; None: all
    threads  for decoding, 0 for as many as FFmpeg likes; keep to one where files may be
             damaged: with more, FFmpeg makes up other pictures for lost parts
    Raises SourceError when made if no picture can be decoded.
    """

    path: Path
    fps: float | None = ANALYSE_FPS
    threads: int = 1
    count: Count = field(default_factory=Count)
    duration_s: float | None = None
    """What the header promises, where it does."""
    _reached_s: Fraction = Fraction(0)
    _looks: Looks = field(init=False)

    def __post_init__(self) -> None:
        self._looks = Looks(self.name)
        with _opened(self.path) as container:
            stream = container.streams.video[0]
            # A file that is cut keeps its count of pictures, or its duration, or neither.
            told_s = [stream.frames / rate(stream)]
            if stream.duration is not None and stream.time_base is not None:
                told_s.append(stream.duration * stream.time_base)
            elif container.duration is not None:
                told_s.append(Fraction(container.duration, av.time_base))
            self.duration_s = float(max(told_s)) or None
            first = next(self._decoded(container, Count(), Passed(stream)), None)
        if first is None:
            raise SourceError(f"{self.path} has no picture that can be decoded")

    @property
    def name(self) -> str:
        """What to call it in messages."""
        return str(self.path)

    def frames(self, begins_ms: int, from_ms: int = 0) -> Iterator[Frame]:
        """Yield the frames from `from_ms` of the file on, which is at the instant `begins_ms`.

        A picture of another size or pixel format than the one before is a cut.
        """
        self.count = Count()
        # Opened once: FFmpeg looks into the pictures each time, for as long as it takes
        # to decode three.
        with _opened(self.path) as container:
            stream = container.streams.video[0]
            fps = rate(stream)
            time_base = Fraction(stream.time_base or 1 / fps)
            every = 1 if self.fps is None else max(1, ceil(fps / Fraction(self.fps)))
            passed = Passed(stream)
            decoded = self._decoded(container, self.count, passed)
            pictures = self._stamped(decoded, time_base, 1 / fps)
            is_first = True
            for timed in thinned(on_axis(pictures, time_base, 1 / fps), every):
                from_film_ms = begins_ms - from_ms
                coded = passed.taken(
                    timed.picture.pts, from_film_ms + timed.start_ms, from_film_ms + timed.end_ms
                )
                if timed.end_ms <= from_ms:
                    continue
                self.count.analysed += 1
                is_other = self._looks.changed(timed.picture)
                yield Frame(
                    begins_ms + max(timed.start_ms, from_ms) - from_ms,
                    begins_ms + timed.end_ms - from_ms,
                    luma_of(timed.picture),
                    partial(colour_of, timed.picture),
                    cut=timed.cut or is_other or is_first,
                    planes=partial(planes_of, timed.picture),
                    coded=coded,
                )
                is_first = False

    def foreseen_ms(self) -> int:
        """Return how long it lasts by its time stamps alone; decoding may find otherwise."""
        with _opened(self.path) as container:
            stream = container.streams.video[0]
            period_s = 1 / rate(stream)
            stamps = []
            try:
                stamps = [packet.pts for packet in container.demux(stream) if packet.size]
            except av.FFmpegError:  # the file is cut within a packet
                return int(1000 * (self.duration_s or 0))
            # Packets come in the order of decoding.
            ordered = sorted(pts for pts in stamps if pts is not None)
            shown = [*ordered, *[None] * (len(stamps) - len(ordered))]
            timed = on_axis(
                ((pts, None) for pts in shown), Fraction(stream.time_base or 1), period_s
            )
            return max((one.end_ms for one in timed), default=0)

    def missing_s(self) -> float:
        """Return how much of what the header promises did not come, once all frames have."""
        short_s = (self.duration_s or 0) - float(self._reached_s)
        return short_s if short_s > _CUT_SHORT_S else 0.0

    def _stamped(
        self, pictures: Iterable[VideoFrame], time_base: Fraction, period_s: Fraction
    ) -> Iterator[tuple[int | None, VideoFrame]]:
        # How far the file reaches is told by its stamps, gaps and all, or by their number.
        self._reached_s = Fraction(0)
        first: int | None = None
        number = furthest = 0
        for picture in pictures:
            number = self.count.decoded + self.count.damaged
            stamp = picture.pts
            if stamp is not None:
                first = stamp if first is None else first
                furthest = max(furthest, stamp - first)
            yield stamp, picture
        if number:
            self._reached_s = max((number - 1) * period_s, furthest * time_base) + period_s

    def _decoded(
        self, container: InputContainer, count: Count, passed: Passed
    ) -> Iterator[VideoFrame]:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = self.threads
        try:
            for picture in decoded(passed.noting(container.demux(stream)), stream, count):
                if picture is not None:
                    yield picture
        except av.FFmpegError:  # the file is cut within a packet
            count.damaged += 1


def _opened(path: Path) -> InputContainer:
    try:
        if is_file := S_ISREG(path.stat().st_mode):  # a pipe would be waited for without end
            # Said to be a file, or FFmpeg would take what stands before a colon for a protocol.
            container = av.open(f"file:{path}", metadata_errors="ignore")
    except (av.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(f"{path} can't be read as a video: {reason}") from error
    if not is_file:
        raise SourceError(f"{path} can't be read as a video: it is no file")
    if why := unfit(container):
        container.close()
        raise SourceError(f"{path} {why}")
    return container
