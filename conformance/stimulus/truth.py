"""Where a box of the screen is in the camera's grids, and the heat that was found there.

Pure. A box of the screen is a quadrilateral in the picture; a camera reports the upright box
around it. Places are shares of the picture; the map has MAP_SIDE x MAP_SIDE cells (WIRE-02), the
region REGION_ROWS x REGION_COLUMNS (REG-03).
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from conformance.scenes import MAP_SIDE, REGION_COLUMNS, REGION_ROWS, Cell
from conformance.stimulus.layout import COUNTED, Rect
from conformance.stimulus.sight import LostError, Sight

LEAST_CELLS = 4
"""Of the region, across and down: with fewer the screen can't be parted."""


class Place(NamedTuple):
    """An upright box in the picture: shares of its height and width."""

    top: float
    left: float
    bottom: float
    right: float

    @property
    def foot(self) -> tuple[float, float]:
        """Down and across: the middle of the lower edge, just inside."""
        return self.bottom - 1e-6, (self.left + self.right) / 2

    @property
    def level(self) -> float:
        """The Min. Object Size that is just its own: (n / 200)² of the picture (CONTRACT 3)."""
        return 200 * math.sqrt((self.bottom - self.top) * (self.right - self.left))


def place(sight: Sight, box: Rect) -> Place:
    """Return where a box of the screen is seen."""
    (left, top), (right, bottom) = (edge(sight.seen(box.corners)) for edge in (_least, _most))
    return Place(top, left, bottom, right)


def _least(points: Iterable[Iterable[float]]) -> tuple[float, ...]:
    return tuple(float(min(along)) for along in zip(*points, strict=True))


def _most(points: Iterable[Iterable[float]]) -> tuple[float, ...]:
    return tuple(float(max(along)) for along in zip(*points, strict=True))


# --- the region ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parts:
    """Regions of 299 characters: the screen's cells, and some of them."""

    whole: str
    left: str
    lower: str
    lower_left: str


def parts(sight: Sight, column_at: float, row_at: float) -> Parts:
    """Return the screen's regions. Raises LostError where it is seen too small to be parted.

    Cells belong to the screen if they are wholly within what may be counted of it.
    column_at, row_at  where on the screen it is to be parted: the nearest border is taken
    """
    cells = {
        (row, column)
        for row in range(REGION_ROWS)
        for column in range(REGION_COLUMNS)
        if _is_counted(sight, row, column)
    }
    spans = [{cell[axis] for cell in cells} for axis in (0, 1)]
    if any(len(span) < LEAST_CELLS for span in spans):
        raise LostError("the screen is seen too small for the cells of the region")
    middle = sight.seen([(column_at, row_at)])[0]
    column, row = round(middle[0] * REGION_COLUMNS), round(middle[1] * REGION_ROWS)
    return Parts(
        spelled(cells, lambda cell: True),
        spelled(cells, lambda cell: cell[1] < column),
        spelled(cells, lambda cell: cell[0] >= row),
        spelled(cells, lambda cell: cell[1] < column and cell[0] >= row),
    )


def spelled(cells: set[Cell], wanted: Callable[[Cell], bool]) -> str:
    """Return the region of those of the cells that are wanted."""
    return "".join(
        str(int((row, column) in cells and wanted((row, column))))
        for row in range(REGION_ROWS)
        for column in range(REGION_COLUMNS)
    )


def _is_counted(sight: Sight, row: int, column: int) -> bool:
    corners = [
        ((column + right) / REGION_COLUMNS, (row + down) / REGION_ROWS)
        for right in (0, 1)
        for down in (0, 1)
    ]
    return all(
        COUNTED.left <= x <= COUNTED.right and COUNTED.top <= y <= COUNTED.bottom
        for x, y in sight.on_screen(corners)
    )


def is_in(region: str, point: tuple[float, float]) -> bool:
    """Return whether a point, down and across, is in a region."""
    row, column = math.floor(point[0] * REGION_ROWS), math.floor(point[1] * REGION_COLUMNS)
    return region[REGION_COLUMNS * row + column] == "1"


# --- the map -------------------------------------------------------------------------------------


def cells(where: Place, narrower: float = 0.0) -> set[Cell]:
    """Return the map cells whose centres are in a place that is so much narrower on each side."""
    return {
        (row, column)
        for row in range(MAP_SIDE)
        if where.top + narrower <= (row + 0.5) / MAP_SIDE < where.bottom - narrower
        for column in range(MAP_SIDE)
        if where.left + narrower <= (column + 0.5) / MAP_SIDE < where.right - narrower
    }


def outside(found: Mapping[Cell, int], region: str) -> list[Cell]:
    """Return the map cells with heat whose centres are not in a region."""
    return sorted(
        cell for cell, seconds in found.items() if seconds > 0 and not holds(region, cell)
    )


def holds(region: str, cell: Cell) -> bool:
    """Return whether the centre of a map cell is in a region."""
    return is_in(region, ((cell[0] + 0.5) / MAP_SIDE, (cell[1] + 0.5) / MAP_SIDE))


@dataclass(frozen=True, slots=True)
class Heat:
    """What a film has added to the day's two reports.

    seconds  of summed presence
    cells    seconds by (row, column) of the map; cells without any are left out
    """

    seconds: int
    cells: dict[Cell, int]

    def at(self, where: Place) -> int:
        """Return the seconds in the middle of a place; 0: it has left no heat."""
        row = int((where.top + where.bottom) / 2 * MAP_SIDE)
        column = int((where.left + where.right) / 2 * MAP_SIDE)
        return self.cells.get((row, column), 0)


def added(before: Heat, after: Heat) -> Heat:
    """Return what came to be between two readings; less than 0 where some is gone."""
    cells = {
        cell: after.cells.get(cell, 0) - before.cells.get(cell, 0)
        for cell in before.cells.keys() | after.cells.keys()
    }
    more = {cell: seconds for cell, seconds in cells.items() if seconds}
    return Heat(after.seconds - before.seconds, more)
