"""A picture with its stretch of time, boxes on it, and the two grids over it: coordinates, once.

Positions are (row, column) from the top left; a box is top, left, bottom, right in whole
pixels of a picture of a given `Size`, half-open. Two grids lie over the whole picture:

  map grid     192 x 192 cells, where heat is kept (facts 4.2)
  region grid  13 x 23 cells, where the user says what counts (REG-03, facts 3.2)

Which cells a box heats, and where its foot stands, is CONTRACT 3; both are worked out in
whole numbers, so that an edge on a cell's centre falls the same way on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAP_ROWS, MAP_COLUMNS = 192, 192
REGION_ROWS, REGION_COLUMNS = 13, 23  # REG-03

Luma = NDArray[np.uint8]
"""uint8 (rows, columns): brightness 0..255."""

Picture = NDArray[np.uint8]
"""uint8 (rows, columns, 3): blue, green, red."""

Planes = tuple[Luma, Luma, Luma]
"""Brightness, and the differences of blue and of red at half the size each way (rounded up): a
picture as it is coded, in 4:2:0, brightness 16..235."""

RegionMask = NDArray[np.bool_]
"""bool (13, 23): True where heat is counted."""


class Size(NamedTuple):
    """A picture's height and width in pixels."""

    rows: int
    columns: int


class Box(NamedTuple):
    """A half-open rectangle of whole pixels (or of map cells, where it says so)."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        """Pixels inside; 0 for a box turned inside out."""
        top, left, bottom, right = self
        return (bottom - top) * (right - left) if bottom > top and right > left else 0


class CodedPicture(NamedTuple):
    """A picture as its source has it coded: H.264, NAL units divided by start codes.

    at_ms        on the axis of the frame that it comes with
    begins_anew  it needs no picture before it, and none after it does
    """

    at_ms: int
    octets: bytes
    begins_anew: bool


Coded = Callable[[], tuple[CodedPicture, ...]]


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture, standing for the half-open stretch [at_ms, until_ms).

    at_ms, until_ms  ms since 1970, UTC; until_ms is where the next picture begins
    luma             uint8 (rows, columns); may be a read-only view into a decoder's memory
    picture          gives the same picture in colour when asked; dear, so ask seldom
    cut              True: this picture does not follow the one before (CONTRACT 4)
    planes           gives it as it is coded, without a copy if that can be; None: ask `picture`
    coded            gives what its source has coded since the frame before, in the order of
                     decoding, so that who passes all of it on shows the same; None: nothing fit
    """

    at_ms: int
    until_ms: int
    luma: Luma
    picture: Callable[[], Picture]
    cut: bool = False
    planes: Callable[[], Planes] | None = None
    coded: Coded | None = None

    @property
    def size(self) -> Size:
        """The picture's height and width."""
        return Size(*self.luma.shape)


def clip(box: Box, size: Size) -> Box:
    """Return the part of `box` that lies on a picture of `size`; maybe empty."""
    if 0 <= box.top <= box.bottom <= size.rows and 0 <= box.left <= box.right <= size.columns:
        return box  # as nearly all do
    return Box(
        min(max(box.top, 0), size.rows),
        min(max(box.left, 0), size.columns),
        min(max(box.bottom, 0), size.rows),
        min(max(box.right, 0), size.columns),
    )


def map_cells(box: Box, size: Size) -> Box:
    """Return the map cells that `box` heats, as a box of cells.

    These are all cells whose centre lies in the half-open box clipped to the picture;
    where there is none, the one cell nearest the box's centre (CONTRACT 3). Cell k of n
    over a length of w pixels has its centre at (2k + 1) w / 2n.
    """
    box = clip(box, size)
    top, bottom = _cells_between(box.top, box.bottom, size.rows, MAP_ROWS)
    left, right = _cells_between(box.left, box.right, size.columns, MAP_COLUMNS)
    if top >= bottom or left >= right:
        top = _cell_at(box.top + box.bottom, size.rows, MAP_ROWS)
        left = _cell_at(box.left + box.right, size.columns, MAP_COLUMNS)
        return Box(top, left, top + 1, left + 1)
    return Box(top, left, bottom, right)


def region_cell(box: Box, size: Size) -> tuple[int, int]:
    """Return (row, column) of the region cell under the foot point of `box`.

    The foot is the bottom centre of the box clipped to the picture, half a pixel inside.
    """
    box = clip(box, size)
    row = _cell_at(2 * box.bottom - 1, size.rows, REGION_ROWS)
    return row, _cell_at(box.left + box.right, size.columns, REGION_COLUMNS)


def region_on_map(region: RegionMask) -> NDArray[np.bool_]:
    """Return `region` on the map grid: bool (192, 192), by the cell under each centre."""
    rows = (2 * np.arange(MAP_ROWS) + 1) * REGION_ROWS // (2 * MAP_ROWS)
    columns = (2 * np.arange(MAP_COLUMNS) + 1) * REGION_COLUMNS // (2 * MAP_COLUMNS)
    return region[np.ix_(rows, columns)]


def _cells_between(start: int, end: int, length: int, cells: int) -> tuple[int, int]:
    # First k with (2k + 1) length / 2 cells >= x, for both ends: the end itself is outside.
    twice = 2 * cells
    return -((length - twice * start) // (2 * length)), -((length - twice * end) // (2 * length))


def _cell_at(twice: int, length: int, cells: int) -> int:
    # The cell over the point twice / 2, where a point on the far edge belongs to the last.
    return min(max(twice * cells // (2 * length), 0), cells - 1)
