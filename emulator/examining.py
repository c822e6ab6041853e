"""One video to one piece: the camera's own pipe, fed from a file.

Runs in the command's process or in a worker's: all that it needs is handed in, all that it
found comes back as a value.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection import backdrop
from emulator.core.detection.foreground import Mask
from emulator.core.detection.stays import Ruled
from emulator.core.frame import Frame, Picture
from emulator.core.localtime import SECOND_MS
from emulator.core.piece import Piece, Sparse, dense, sparse
from emulator.core.reports.heat import Tile
from emulator.core.settings import HeatSettings
from emulator.edge.sources import Count, SourceError
from emulator.recording import Recorder


class Video(Protocol):
    """What is examined: edge/sources' VideoFile is one."""

    count: Count

    @property
    def name(self) -> str:
        """What to call it in messages."""

    def frames(self, begins_ms: int) -> Iterator[Frame]:
        """Yield its frames, the first at that instant."""

    def missing_s(self) -> float:
        """Return how much of what its header promises did not come."""


class _Minutes:
    """Takes what a recorder commits, and keeps the warm cells."""

    def __init__(self) -> None:
        self.kept: dict[int, Sparse] = {}

    def commit(
        self,
        minutes: Mapping[int, Tile],
        state: Mapping[str, object],
        zone: tzinfo,
        closes_before_ms: int,
    ) -> None:
        for minute_ms, tile in minutes.items():
            before = self.kept.get(minute_ms)
            self.kept[minute_ms] = sparse(tile if before is None else dense(before).plus(tile))

    def state(self, name: str) -> object | None:
        return None


def examine(
    video: Video,
    begins_ms: int,
    settings: HeatSettings,
    zone: tzinfo,
    progress: Callable[[str, float], None] = lambda name, seconds: None,
) -> Piece:
    """Return what `video`, which begins at `begins_ms`, gives.

    progress  is told, now and then, its name and how many seconds of it are done
    Raises SourceError if it can't be read, or has no picture that can be decoded.
    """
    store, stays = _Minutes(), list[Ruled]()
    recorder = Recorder(store, settings, zone, begins_ms, stays.append)
    scene: Picture | None = None
    known: NDArray[np.bool_] = np.zeros((0, 0), np.bool_)
    looked_ms: int | None = None
    decode_s = 0.0
    frames = video.frames(begins_ms)
    while True:
        asked_s = time.perf_counter()
        frame = next(frames, None)
        decode_s += time.perf_counter() - asked_s
        if frame is None:
            break
        mask = recorder.take(frame)
        if looked_ms is None or frame.at_ms - looked_ms >= backdrop.LOOK_EVERY_MS:
            picture = frame.picture()
            known = _known(known, scene, picture, mask)
            scene = backdrop.learnt(scene, picture, mask)
            looked_ms = frame.at_ms
            progress(video.name, (frame.until_ms - begins_ms) / SECOND_MS)
    recorder.forget()
    recorder.flush()
    if scene is None:
        raise SourceError(f"{video.name} has no picture that can be decoded")
    count = video.count
    return Piece(
        begins_ms,
        recorder.now_ms,
        dict(sorted(store.kept.items())),
        tuple(stays),
        recorder.objects,
        count.decoded,
        count.analysed,
        count.damaged,
        decode_s,
        video.missing_s(),
        scene,
        known,
    )


def _known(
    known: NDArray[np.bool_],
    scene: Picture | None,
    picture: Picture,
    mask: Mask,
) -> NDArray[np.bool_]:
    rows, columns = picture.shape[:2]
    if scene is not None and scene.shape != picture.shape:
        return np.ones((rows, columns), np.bool_)  # whatever was before is of another size
    free = ~backdrop.covered(mask, rows, columns)
    return free if scene is None else known | free


def quiet() -> None:
    """Keep this process to one thread for OpenCV: pictures are small, threads cost more."""
    cv2.setNumThreads(1)
