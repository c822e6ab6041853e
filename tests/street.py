"""A drawn street on which things appear and vanish, and a process that records it until killed.

Frames stand for half a second, so that minutes pass quickly; a thing is seen from the frame
it appears in to the frame it vanishes in, which makes every stay's length known beforehand.
"""

import os
import signal
import sys
from datetime import UTC
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np

from emulator.core.frame import Frame
from emulator.core.settings import HeatSettings
from emulator.edge.storage import Storage
from emulator.recording import CLOCK, Recorder

FRAME_MS = 500
ROUND_MS = 120_000
SETTINGS = HeatSettings(enable=1, min_dwell=30)

_ROWS, _COLUMNS = 48, 64
_GROUND = 100 + np.add.outer(
    10 * np.cos(np.arange(_ROWS) / 4), 20 * np.sin(np.arange(_COLUMNS) / 5)
)


class Thing(NamedTuple):
    """A grey block, 12 x 8 pixels, that is there from one instant up to another."""

    from_ms: int
    until_ms: int
    top: int = 20
    left: int = 10


EVERY_ROUND = (
    Thing(4_000, 21_500, 4, 4),
    Thing(12_000, 33_000, 30, 50),
    Thing(30_500, 40_000, 4, 28),
    Thing(50_000, 75_000, 28, 10),  # over the end of a minute
    Thing(55_500, 61_000, 4, 50),
    Thing(70_000, 110_000, 30, 30),  # longer than min_dwell
    Thing(111_000, 118_500, 4, 4),
    Thing(112_000, 120_000, 28, 10),  # to the very end of a minute
)
"""What happens in each round of two minutes."""


def luma(things):
    """The street with `things` on it: uint8 (48, 64)."""
    picture = _GROUND.copy()
    for thing in things:
        picture[thing.top : thing.top + 12, thing.left : thing.left + 8] = 230
    return picture.astype(np.uint8)


def frames(things, until_ms, from_ms=0):
    """The frames from one instant up to another."""
    for at_ms in range(from_ms, until_ms, FRAME_MS):
        there = [thing for thing in things if thing.from_ms <= at_ms < thing.until_ms]
        yield Frame(at_ms, at_ms + FRAME_MS, luma(there), lambda: None)


def rounds(from_ms):
    """The frames from an instant on, for ever."""
    for begins_ms in count(from_ms - from_ms % ROUND_MS, ROUND_MS):
        things = [
            thing._replace(from_ms=begins_ms + thing.from_ms, until_ms=begins_ms + thing.until_ms)
            for thing in EVERY_ROUND
        ]
        yield from frames(things, begins_ms + ROUND_MS, max(from_ms, begins_ms))


def record_until_killed(path, statements):
    """Record into the store at `path` and say how far; die at an SQL statement, 0: at none."""
    store = Storage(path)
    left = count(statements - 1, -1)

    def die_at_last(statement):
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    store._flash._db.set_trace_callback(
        die_at_last
    )  # a kill inside a transaction can't be aimed else
    begins_ms = store.state(CLOCK) or 0
    recorder = Recorder(store, SETTINGS, UTC, begins_ms)
    for frame in rounds(begins_ms):
        recorder.take(frame)
        sys.stdout.write(f"{frame.until_ms}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    record_until_killed(Path(sys.argv[1]), int(sys.argv[2]))
