"""Our detector, by its outer face alone: frames in, heat and stays out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC

import numpy as np

from bench.scores import Span
from emulator.core.detection import pipeline
from emulator.core.frame import MAP_COLUMNS, MAP_ROWS, Frame
from emulator.core.reports import heat
from emulator.core.settings import HeatSettings

BEGINS_MS = 1_767_225_600_000
"""2026-01-01T00:00:00 UTC."""


def usual(**changes):
    """Return the settings of the table: on, min_dwell 300, else defaults, with `changes`."""
    return HeatSettings(**({"enable": 1, "min_dwell": 300} | changes))


@dataclass(slots=True)
class Watch:
    """A detector at work, and what it has found so far.

    cells        uint64 (192, 192), ms
    presence_ms  summed over stays
    stays        those ruled, in their order
    """

    settings: HeatSettings
    cells: np.ndarray = field(default_factory=lambda: np.zeros((MAP_ROWS, MAP_COLUMNS), np.uint64))
    presence_ms: int = 0
    stays: list[Span] = field(default_factory=list)
    believed: int = 0
    state: pipeline.State = field(default_factory=pipeline.State)
    _plan: pipeline.Plan | None = None

    def take(self, frame: Frame) -> np.ndarray:
        """Look at one frame; return the mask of its reduced picture."""
        if self._plan is None:
            self._plan = pipeline.plan(self.settings, UTC)
        self.state, results = pipeline.step(self.state, frame, self._plan)
        self.believed += results.believed
        if results.ended or results.spells:
            self._count(results)
        return results.mask

    def close(self) -> "Watch":
        """End the stays that are open."""
        if self._plan is not None:
            self.state, outcome = pipeline.close(self.state, self._plan)
            self._count(outcome)
        return self

    def _count(self, found) -> None:
        self.stays += [
            Span(stay.start_ms, stay.end_ms, stay.recorded == "yes") for stay in found.ended
        ]
        for tile in heat.tiles(found.spells, self._plan.counted).values():
            self.cells += tile.cells
            self.presence_ms += tile.presence_ms


def watched(frames: Iterable[Frame], settings: HeatSettings) -> Watch:
    """Return what our detector finds in `frames`, all stays ended."""
    watch = Watch(settings)
    for frame in frames:
        watch.take(frame)
    return watch.close()
