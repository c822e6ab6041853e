"""An archive's pieces, from wherever they come: kept from an earlier run, or examined by workers.

When a video begins is known only once those before it were decoded. Workers begin everywhere
at once, so lengths are foreseen from the files' time stamps; a piece whose foreseen begin
turns out wrong (a damaged file, say) is examined again from the right one. Lengths do not hang
on the begin, so that happens once at the most.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from importlib.metadata import version
from pathlib import Path

from emulator.core.piece import Piece, starts
from emulator.core.settings import HeatSettings
from emulator.edge.cluster import Cluster, ClusterError, unloadable
from emulator.edge.pieces import Kept, packed, unpacked
from emulator.edge.sources import SourceError, VideoFile
from emulator.examining import examine, quiet

VERSION = version("stuntcam")


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
        found = self._by_workers(self.cluster, begins_ms)
        for number, video in enumerate(self.videos):
            if number in found:
                # Read one by one: together they may be larger than the memory.
                yield video.name, unpacked(found.pop(number)[1])

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

    def _by_workers(self, cluster: Cluster, begins_ms: int) -> dict[int, tuple[int, bytes]]:
        lengths = [video.foreseen_ms() for video in self.videos]
        found: dict[int, tuple[int, bytes]] = {}  # by number: begin and packed piece
        lost: set[int] = set()
        while True:
            begins = starts(begins_ms, lengths)
            wanted = []
            for number, video in enumerate(self.videos):
                if number in lost or (number in found and found[number][0] == begins[number]):
                    continue
                piece = self._taken(video, begins[number])
                if piece is None:
                    wanted.append(number)
                else:
                    found[number] = begins[number], packed(piece)
                    lengths[number] = piece.length_ms
            if not wanted:
                if starts(begins_ms, lengths) == begins:
                    return found
                continue
            orders = [
                (
                    VERSION,
                    str(self.videos[number].path.absolute()),
                    self.videos[number].fps,
                    begins[number],
                    self.settings,
                    self.zone,
                )
                for number in wanted
            ]
            for index, result in cluster.each(examined_by_worker, orders):
                number = wanted[index]
                video = self.videos[number]
                if isinstance(result, bytes):
                    found[number] = begins[number], result
                    lengths[number] = unpacked(result).length_ms
                    self._keep(video, begins[number], result)
                    self.progress(video.name, lengths[number] / 1000)
                else:
                    lost.add(number)
                    found.pop(number, None)
                    lengths[number] = 0
                    self.lost[video.name] = _why(video.name, result)

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
) -> bytes:
    """Return a video's piece as bytes, in a worker. Raises SourceError, ClusterError."""
    if told_version != VERSION:
        raise ClusterError(f"a worker has stuntcam {VERSION}, not {told_version}")
    quiet()
    return packed(examine(VideoFile(Path(path), fps), begins_ms, settings, zone))


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
