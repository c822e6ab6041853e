"""An archive's pieces, from wherever they come: kept from an earlier run, or examined by workers.

Workers begin everywhere at once, so when a video begins is foreseen from the time stamps of
those before it (core/handout.py); pieces come out in order, and those that are early wait on disk.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import tzinfo
from importlib.metadata import version
from pathlib import Path

from emulator.core.handout import Handout
from emulator.core.piece import Piece
from emulator.core.settings import HeatSettings
from emulator.edge.cluster import Cluster, ClusterError, unloadable
from emulator.edge.pieces import Kept, Waiting, packed
from emulator.edge.sources import SourceError, VideoFile
from emulator.examining import examine, quiet

VERSION = version("stuntcam")
READERS = 4
"""Videos whose time stamps are read at once."""


@dataclass(slots=True)
class Archive:
    """How the videos of an analysis are examined.

    cluster   None: one after the other, in this process
    kept      None: nothing is kept
    lost      filled in: videos that were left out, each with the reason
    """

    videos: list[VideoFile]
    settings: HeatSettings
    zone: tzinfo
    cluster: Cluster | None = None
    kept: Kept | None = None
    progress: Callable[[str, float], None] = lambda name, seconds: None
    lost: dict[str, str] = field(default_factory=dict)

    def examined(self, begins_ms: int) -> Iterator[tuple[str, Piece]]:
        """Yield each video's name and piece, in order; those in `lost` are left out."""
        if self.cluster is None:
            yield from self._here(begins_ms)
            return
        with closing(Waiting()) as waiting, closing(_Foresight(self.videos)) as foresight:
            yield from self._by_workers(self.cluster, waiting, foresight, begins_ms)

    def _here(self, begins_ms: int) -> Iterator[tuple[str, Piece]]:
        for video in self.videos:
            try:
                piece = self._taken(video, begins_ms)
                if piece is None:
                    piece = examine(video, begins_ms, self.settings, self.zone, self.progress)
                    self._keep(video, begins_ms, packed(piece) if self.kept else b"")
            except SourceError as error:
                self.lost[video.name] = str(error)
                continue
            begins_ms = piece.end_ms
            yield video.name, piece

    def _by_workers(
        self, cluster: Cluster, waiting: Waiting, foresight: "_Foresight", begins_ms: int
    ) -> Iterator[tuple[str, Piece]]:
        handout = Handout(begins_ms, len(self.videos), foresight.length_ms)
        while True:
            while cluster.free and (turn := handout.next()) is not None:
                number, from_ms = turn
                video = self.videos[number]
                piece = self._taken(video, from_ms)
                if piece is None:
                    cluster.begin(turn, examined_by_worker, *self._order(video, from_ms))
                    continue
                waiting.put(number, piece)
                handout.done(number, from_ms, piece.length_ms)
                yield from self._gathered(handout, waiting)
            yield from self._gathered(handout, waiting)  # while workers are at what is next
            if not cluster.busy:
                return
            (number, from_ms), result = cluster.finished()
            video = self.videos[number]
            if isinstance(result, Exception):
                self.lost[video.name] = _why(video.name, result)
                handout.lose(number)
            else:
                length_ms, octets = result
                self._keep(video, from_ms, octets)
                self.progress(video.name, length_ms / 1000)
                waiting.put(number, octets)
                handout.done(number, from_ms, length_ms)

    def _gathered(self, handout: Handout, waiting: Waiting) -> Iterator[tuple[str, Piece]]:
        for number in handout.gathered():
            yield self.videos[number].name, waiting.take(number)

    def _order(self, video: VideoFile, begins_ms: int) -> tuple[object, ...]:
        return (
            VERSION,
            str(video.path.absolute()),
            video.fps,
            begins_ms,
            self.settings,
            self.zone,
        )

    def _taken(self, video: VideoFile, begins_ms: int) -> Piece | None:
        piece = self.kept.get(video.path, begins_ms) if self.kept else None
        if piece is not None:
            self.progress(video.name, piece.length_ms / 1000)
        return piece

    def _keep(self, video: VideoFile, begins_ms: int, octets: bytes) -> None:
        if self.kept is not None:
            self.kept.put(video.path, begins_ms, octets)


def examined_by_worker(
    told_version: str,
    path: str,
    fps: float | None,
    begins_ms: int,
    settings: HeatSettings,
    zone: tzinfo,
) -> tuple[int, bytes]:
    """Return a video's length in ms, and its piece as bytes, in a worker.

    Raises SourceError, ClusterError.
    """
    if told_version != VERSION:
        raise ClusterError(f"a worker has stuntcam {VERSION}, not {told_version}")
    quiet()
    piece = examine(VideoFile(Path(path), fps), begins_ms, settings, zone)
    return piece.length_ms, packed(piece)


class _Foresight:
    """Reads some videos' time stamps beforehand, on the side. To be closed."""

    def __init__(self, videos: list[VideoFile]) -> None:
        self._videos = videos
        self._pool = ThreadPoolExecutor(READERS)
        self._told: dict[int, Future[int]] = {}

    def length_ms(self, number: int) -> int:
        """Return how long a video lasts by its time stamps; 0 if it can't be read."""
        # A few more, no more: what is read now, a worker on this machine needs not fetch again.
        for near in range(number, min(number + 2 * READERS, len(self._videos))):
            if near not in self._told:
                self._told[near] = self._pool.submit(self._videos[near].foreseen_ms)
        try:
            return self._told[number].result()
        except SourceError:
            return 0  # it is gone by now: the worker that is to examine it will say so

    def close(self) -> None:
        """Read no more."""
        self._pool.shutdown(cancel_futures=True)


def _why(name: str, error: Exception) -> str:
    if isinstance(error, SourceError):
        return f"{error} (on a worker, which needs the files at the same path)"
    if isinstance(error, ImportError):
        raise unloadable(error) from error
    if isinstance(error, ClusterError):
        raise error
    if type(error).__name__ == "KilledWorker":
        return f"{name} ended its worker again and again"
    return f"{name} failed on a worker: {type(error).__name__}: {error}"
