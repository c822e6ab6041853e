"""What tests of the detector share: pictures that are drawn, and the pipeline run over them."""

from dataclasses import dataclass, field
from datetime import UTC
from types import SimpleNamespace

import numpy as np
import pytest

from emulator.core.detection import pipeline
from emulator.core.frame import Frame
from emulator.core.reports import heat
from emulator.core.settings import HeatSettings

MONDAY_MS = 1_767_571_200_000  # 2026-01-05T00:00:00Z, a Monday
NOISES = 16

_noises = {}


def plain(rows=180, columns=320, grey=120):
    """A ground without any texture: float32, grey levels."""
    return np.full((rows, columns), grey, np.float32)


def tiles(rows=180, columns=320, low=90, high=150, side=8):
    """A ground of square tiles, each of one grey between `low` and `high`."""
    shape = (rows // side + 1, columns // side + 1)
    greys = np.random.default_rng(1).integers(low, high, shape).astype(np.float32)
    return greys.repeat(side, 0).repeat(side, 1)[:rows, :columns]


def with_box(ground, box, grey):
    """The ground with a rectangle on it; `grey` may also be a picture that shows through it."""
    rows, columns = ground.shape
    top, left, bottom, right = (max(edge, 0) for edge in box)
    picture = ground.copy()
    seen = (slice(top, min(bottom, rows)), slice(left, min(right, columns)))
    picture[seen] = grey if np.isscalar(grey) else grey[seen]
    return picture


def noisy(picture, index, deviation=2.0):
    """The picture as a sensor would give it: uint8, the noise of a few fixed pictures."""
    key = (picture.shape, deviation)
    if key not in _noises:
        rng = np.random.default_rng(2)
        _noises[key] = rng.normal(0, deviation, (NOISES, *picture.shape)).astype(np.float32)
    return np.clip(np.rint(picture + _noises[key][index % NOISES]), 0, 255).astype(np.uint8)


def frames(pictures, period_ms=80, at_ms=MONDAY_MS):
    """The pictures one after the other, each standing for `period_ms`."""
    for index, picture in enumerate(pictures):
        start_ms = at_ms + index * period_ms
        yield Frame(start_ms, start_ms + period_ms, picture, lambda: None)


@dataclass
class Watched:
    """What the pipeline made of some frames; instants are counted from MONDAY_MS."""

    ended: list = field(default_factory=list)
    spells: list = field(default_factory=list)
    believed: int = 0
    tiles: dict = field(default_factory=dict)

    @property
    def stays(self):
        return [(s.start_ms - MONDAY_MS, s.end_ms - MONDAY_MS) for s in self.ended]

    @property
    def presence_ms(self):
        return sum(tile.presence_ms for tile in self.tiles.values())

    @property
    def cells(self):
        return sum((tile.cells for tile in self.tiles.values()), heat.no_heat().cells)


def watch(given, zone=UTC, **settings):
    """Fold the pipeline over the frames `given`; the dwell limit decides nothing unless told."""
    plan = pipeline.plan(HeatSettings(**{"enable": 1, "min_dwell": 300} | settings), zone)
    state, watched = pipeline.State(), Watched()
    for frame in given:
        state, results = pipeline.step(state, frame, plan)
        watched.ended += results.ended
        watched.spells += results.spells
        watched.believed += results.believed
    _, outcome = pipeline.close(state, plan)
    watched.ended += outcome.ended
    watched.believed += outcome.believed
    watched.spells += outcome.spells
    watched.tiles = heat.tiles(watched.spells, plan.counted)
    return watched


@pytest.fixture(scope="session")
def drawn():
    """The functions above; a fixture, because test folders are no packages to import from."""
    return SimpleNamespace(
        plain=plain,
        tiles=tiles,
        with_box=with_box,
        noisy=noisy,
        frames=frames,
        watch=watch,
        start_ms=MONDAY_MS,
    )
