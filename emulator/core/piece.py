"""A piece of an archive: what one video gave, and how pieces become one whole.

A piece is a whole file, with fresh background and tracks (CONTRACT 4), so nothing in it hangs
on the files before but the instant at which it begins. Heat is whole milliseconds and adds up;
of the empty scene a piece tells which pixels it saw free, and the others stay as they were.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.stays import Ruled
from emulator.core.frame import MAP_COLUMNS, MAP_ROWS, Picture
from emulator.core.reports.heat import Tile


class Sparse(NamedTuple):
    """A tile of which only warm cells are kept; a day of whole ones would be 400 MB.

    where  uint16: numbers of map cells, row by row; ms: uint64, their heat
    """

    where: NDArray[np.uint16]
    ms: NDArray[np.uint64]
    presence_ms: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What one video gave.

    begins_ms, end_ms   its stretch
    minutes             heat by the first instant of the minute
    stays               all that ended, in order; objects: how many were believed
    decoded, analysed, damaged  pictures
    decode_s, missing_s seconds spent on decoding; seconds that its header promised in vain
    scene               the empty scene: uint8 (rows, columns, 3)
    known               bool (rows, columns): where it was seen free; all, if the size changed
    """

    begins_ms: int
    end_ms: int
    minutes: dict[int, Sparse]
    stays: tuple[Ruled, ...]
    objects: int
    decoded: int
    analysed: int
    damaged: int
    decode_s: float
    missing_s: float
    scene: Picture
    known: NDArray[np.bool_]

    @property
    def length_ms(self) -> int:
        """How long it lasts, which does not hang on when it begins."""
        return self.end_ms - self.begins_ms


def sparse(tile: Tile) -> Sparse:
    """Return the warm cells of `tile`."""
    flat = tile.cells.ravel()
    where = np.flatnonzero(flat)
    return Sparse(where.astype(np.uint16), flat[where], tile.presence_ms)


def dense(kept: Sparse) -> Tile:
    """Return the whole tile of which `kept` are the warm cells."""
    cells = np.zeros(MAP_ROWS * MAP_COLUMNS, np.uint64)
    cells[kept.where] = kept.ms
    return Tile(cells.reshape(MAP_ROWS, MAP_COLUMNS), kept.presence_ms)


def scene_after(before: Picture | None, piece: Piece) -> Picture:
    """Return the empty scene as learnt after `piece`, given what was known before it."""
    if before is None or before.shape != piece.scene.shape:
        return piece.scene
    return np.where(piece.known[:, :, None], piece.scene, before)
