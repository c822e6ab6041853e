"""Cameras in the test's own process, and sources that tests hold in their hands."""

import queue
import time
from datetime import UTC

import numpy as np

from emulator.app import Camera, Setup
from emulator.core import gating
from emulator.core.accounts import Account
from emulator.core.device import Identity
from emulator.core.frame import Frame
from emulator.edge import fixtures
from emulator.edge.storage import Storage

FAMILIES = gating.series_table(fixtures.models())
BEGINS_MS = 1_772_600_400_000  # 2026-03-04T05:00:00Z
ADMIN = Account("admin", "admin", "stunt-double-1")


def colour(luma):
    """The grey picture of a brightness."""
    return np.repeat(luma[:, :, None], 3, 2)


def frame(luma, at_ms, lasts_ms, cut=False):
    return Frame(at_ms, at_ms + lasts_ms, luma, lambda: colour(luma), cut)


class Played:
    """A source of given pictures, each for `lasts_ms`; may be played again and again."""

    name, duration_s = "pictures", None

    def __init__(self, pictures, lasts_ms=40):
        self.begun_ms = []
        self._pictures = list(pictures)
        self._lasts_ms = lasts_ms

    def frames(self, begins_ms, from_ms=0):
        self.begun_ms.append(begins_ms)
        first = from_ms // self._lasts_ms
        for index, luma in enumerate(self._pictures[first:]):
            yield frame(luma, begins_ms + index * self._lasts_ms, self._lasts_ms, cut=index == 0)


class Fed:
    """A source that gives a picture when the test hands it one."""

    name, duration_s = "fed by hand", None

    def __init__(self):
        self._handed = queue.Queue()

    def feed(self, *pictures, lasts_ms=40):
        """Hand in pictures; the camera has looked at all of them when this returns."""
        self.hand(*pictures, lasts_ms=lasts_ms)
        until_s = time.monotonic() + 60
        while self._handed.unfinished_tasks:
            assert time.monotonic() < until_s, "the camera does not look any more"
            time.sleep(0.0005)

    def hand(self, *pictures, lasts_ms=40):
        """Hand in pictures, for a camera that is yet to start."""
        for luma in pictures:
            self._handed.put((luma, lasts_ms))

    def end(self):
        self._handed.put(None)

    def fail(self, error):
        """Be a source that fails at this point."""
        self._handed.put(error)

    def frames(self, begins_ms, from_ms=0):
        at_ms = begins_ms  # wherever it goes on: what was handed in is yet to be shown
        while (handed := self._handed.get()) is not None:
            if isinstance(handed, Exception):
                raise handed
            luma, lasts_ms = handed
            try:
                yield frame(luma, at_ms, lasts_ms, cut=at_ms == begins_ms)
            finally:  # though nobody may want this round's pictures any more
                self._handed.task_done()
            at_ms += lasts_ms


def identity(firmware, model="MS-C8165-PE"):
    return Identity(model, firmware, "S" * 17, "02:00:00:00:00:01")


def camera(source, path=None, settings=None, is_ring=False, **changes):
    """A camera over the store at `path` (None: in memory), not started."""
    made_of = {
        "identity": identity("61.8.0.3-r8"),
        "families": FAMILIES,
        "admin": ADMIN,
        "source": source,
        "speed": None,
        "loop": False,
        "begins_ms": BEGINS_MS,
        "zone": UTC,
        "zone_name": "UTC",
    }
    return Camera(Setup(**made_of | changes), Storage(path, is_ring=is_ring), settings)
