"""Where and when people were: spells in, minute tiles out (REP-08, CONTRACT 3).

A tile is the heat of one minute: for each map cell the presence time over it, and the
presence time of all objects together. Whole milliseconds throughout, so that parts add up.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.stays import Spell
from emulator.core.frame import MAP_COLUMNS, MAP_ROWS

CellHeat = NDArray[np.uint64]
"""uint64 (192, 192): presence in milliseconds for each map cell."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Heat of a stretch of time.

    cells        uint64 (192, 192), ms
    presence_ms  summed over objects, each counted once
    """

    cells: CellHeat
    presence_ms: int

    def plus(self, other: "Tile") -> "Tile":
        """Return the heat of both."""
        return Tile(self.cells + other.cells, self.presence_ms + other.presence_ms)


def no_heat() -> Tile:
    """Return the heat of an empty stretch."""
    return Tile(np.zeros((MAP_ROWS, MAP_COLUMNS), np.uint64), 0)


def tiles(spells: Iterable[Spell], counted: NDArray[np.bool_]) -> dict[int, Tile]:
    """Return the tiles that `spells` make, by the first instant of their minute.

    counted  bool (192, 192): the region on the map grid; other cells get nothing
    """
    # Each box is four marks at its corners; two running sums per minute fill them all in.
    corners: dict[int, NDArray[np.int64]] = {}
    presence: dict[int, int] = {}
    for minute_ms, (top, left, bottom, right), lasted_ms in spells:
        if minute_ms not in corners:
            corners[minute_ms] = np.zeros((MAP_ROWS + 1, MAP_COLUMNS + 1), np.int64)
            presence[minute_ms] = 0
        marks = corners[minute_ms]
        marks[top, left] += lasted_ms
        marks[top, right] -= lasted_ms
        marks[bottom, left] -= lasted_ms
        marks[bottom, right] += lasted_ms
        presence[minute_ms] += lasted_ms
    made = {}
    for minute_ms, marks in corners.items():
        filled = marks.cumsum(axis=0).cumsum(axis=1)[:MAP_ROWS, :MAP_COLUMNS]
        made[minute_ms] = Tile(np.where(counted, filled, 0).astype(np.uint64), presence[minute_ms])
    return made
