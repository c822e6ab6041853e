"""Parts: what a closed hour held, for good.

When an hour closes (CONTRACT 3) its heat becomes a part, and a part never changes: heat that
comes to the hour later, after a clock was set back, is another part of the same hour. So a
part is the same on every volume, byte for byte; copying one twice does nothing; and what
several volumes hold together is a union of sets, in which nothing is counted twice (REP-10).

A part's path tells all but the cells, so that a listing is an index:

  2026-05-31/1780221600000-1780225200000-9f3a12cc-17-912345-5f0c77a1e2b3d401.heat
  day        start_ms      end_ms        era      sequence, presence_ms, checksum

`.filled` in place of `.heat` marks history that was made up and may be taken out again. The
file holds the path, a newline, and the cells as zstd of little-endian uint32 or uint64
(192, 192), ms. The checksum, blake2b of 8 bytes, is over both but itself.
"""

import re
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
import zstandard

from emulator.core.frame import MAP_COLUMNS, MAP_ROWS
from emulator.core.localtime import Stretch
from emulator.core.reports.heat import CellHeat, Tile

_ENDING = {False: "heat", True: "filled"}
_PATH = re.compile(
    r"(\d{4}-\d\d-\d\d)/(-?\d{1,15})-(-?\d{1,15})-([0-9a-f]{8})-(\d{1,15})-(\d{1,18})"
    r"-([0-9a-f]{16})\.(heat|filled)",
    re.ASCII,
)


class PartError(ValueError):
    """Content that is not what its path says; the message says what is wrong with it."""


class Part(NamedTuple):
    """One closed hour's heat, without its cells. Sorts by time.

    start_ms, end_ms  the hour, UTC, half-open
    day         the local day that it began in, YYYY-MM-DD, as the zone had it then
    era         8 hex digits: the life of the store that made it
    sequence    counts the parts of an era, so that two of one hour differ
    presence_ms summed over objects
    is_filled   made up by a formula, not recorded
    checksum    16 hex digits, over everything else and the cells
    """

    start_ms: int
    end_ms: int
    day: str
    era: str
    sequence: int
    presence_ms: int
    is_filled: bool
    checksum: str

    @property
    def path(self) -> str:
        """Where it lies on a volume, below the camera's folder."""
        return f"{self._what_it_is()}-{self.checksum}.{_ENDING[self.is_filled]}"

    @property
    def mark(self) -> int:
        """64 bits that no other part has, as good as surely."""
        return int(self.checksum, 16)

    def _what_it_is(self) -> str:
        return (
            f"{self.day}/{self.start_ms}-{self.end_ms}-{self.era}-{self.sequence}"
            f"-{self.presence_ms}"
        )

    def checksum_with(self, cells: bytes) -> str:
        """Return what its checksum is to be, if it holds these packed cells."""
        known = f"{self._what_it_is()}.{_ENDING[self.is_filled]}\n".encode()
        return blake2b(known + cells, digest_size=8).hexdigest()


def make(
    hour: Stretch, day: str, era: str, sequence: int, tile: Tile, *, is_filled: bool = False
) -> tuple[Part, bytes]:
    """Return the part that holds `tile`, and the content of its file."""
    cells = packed(tile.cells)
    blank = Part(*hour, day, era, sequence, tile.presence_ms, is_filled, "")
    part = blank._replace(checksum=blank.checksum_with(cells))
    return part, f"{part.path}\n".encode() + cells


def from_path(path: str) -> Part | None:
    """Return the part that lies at `path`, or None where no part would lie."""
    if (found := _PATH.fullmatch(path)) is None:
        return None
    day, start, end, era, sequence, presence, checksum, ending = found.groups()
    return Part(
        *(int(start), int(end), day, era, int(sequence), int(presence)),
        *(ending == _ENDING[True], checksum),
    )


def check(part: Part, content: bytes) -> bytes:
    """Return the packed cells in a part's file.

    Raises PartError if the content is not the part's, or damaged.
    """
    path, newline, cells = content.partition(b"\n")
    if not newline or path != part.path.encode():
        raise PartError(f"{part.path} holds something else")
    if part.checksum_with(cells) != part.checksum:
        raise PartError(f"{part.path} is damaged: its checksum is wrong")
    return cells


def cells_of(part: Part, content: bytes) -> CellHeat:
    """Return the cells in a part's file: uint64 (192, 192), ms. Raises PartError as `check`."""
    return unpacked(check(part, content))


def packed(cells: CellHeat) -> bytes:
    """Return `cells` as they are kept."""
    small = cells.max(initial=0) < 2**32
    return zstandard.ZstdCompressor(level=3, write_checksum=True).compress(
        cells.astype("<u4" if small else "<u8").tobytes()
    )


def unpacked(kept: bytes) -> CellHeat:
    """Return the cells that were kept. Raises PartError if they can't be read."""
    size = MAP_ROWS * MAP_COLUMNS
    try:
        raw = zstandard.ZstdDecompressor().decompress(kept, max_output_size=8 * size)
        kind = {4 * size: "<u4", 8 * size: "<u8"}[len(raw)]
    except (zstandard.ZstdError, KeyError) as error:
        raise PartError("a heat tile can't be read") from error
    return np.frombuffer(raw, kind).reshape(MAP_ROWS, MAP_COLUMNS).astype(np.uint64)
