"""How devices spell the region: 299 cells as digits or packed into hex, by rows or by columns.

Our own text has a "0" or "1" a cell, row by row, "1" where heat is counted (REG-03).

>>> spelled("1" * 299, Grid(digits="hex", order="columns", by="line", pad=16))[:8]
'fff8fff8'
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

ROWS, COLUMNS = 13, 23
CELLS = ROWS * COLUMNS


class GridError(ValueError):
    """A text that is no region, or none in this spelling."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One spelling.

    order    rows: a row after the other, from the left; columns: a column after the other, from
             the top
    digits   bits: a "0" or "1" each; hex: four cells a digit
    by       all: the cells are packed as one; line: each row or column on its own
    pad      hex: what is packed together is filled up to a multiple of so many bits
    fill     hex: end or start, where these stand
    first    hex: high or low, the bit of a digit that is its first cell's; low-of-byte: likewise of
             a pair of digits
    between  what separates lines
    marked   "1": where heat is counted; "0": where it is not
    """

    order: str = "rows"
    digits: str = "bits"
    by: str = "all"
    pad: int = 1
    fill: str = "end"
    first: str = "high"
    between: str = ""
    marked: str = "1"


def spelled(region: str, grid: Grid) -> str:
    """Return our text of a region as a device has it, hex in small letters. Raises GridError."""
    if len(region) != CELLS or set(region) - {"0", "1"}:
        raise GridError(f"no region of {CELLS} cells: {region[:20]!r}")
    if grid.marked == "0":
        region = region.translate(str.maketrans("01", "10"))
    lines = _lines(region, grid.order)
    pieces = ["".join(lines)] if grid.by == "all" else lines
    return grid.between.join(_packed(piece, grid) for piece in pieces)


def read(text: str, grid: Grid) -> str:
    """Return a device's text as ours. Raises GridError where it is not in this spelling."""
    width = ROWS if grid.order == "columns" else COLUMNS
    size = CELLS if grid.by == "all" else width
    pieces = text.split(grid.between) if grid.between else _cut(text, grid, size)
    cells = "".join(_unpacked(piece, grid, size) for piece in pieces)
    if len(cells) != CELLS or set(cells) - {"0", "1"}:
        raise GridError(f"no region in this spelling: {text[:20]!r}")
    if grid.order == "columns":
        cells = "".join(cells[row::ROWS] for row in range(ROWS))
    return cells.translate(str.maketrans("01", "10")) if grid.marked == "0" else cells


def spellings() -> Iterator[Grid]:
    """Return every spelling that is known, the plainest first."""
    for marked, order in product("10", ("rows", "columns")):
        yield Grid(order, marked=marked)
        for between in ",;|-/ \n":
            yield Grid(order, by="line", between=between, marked=marked)
        for by, pad, fill, first in product(
            *(("all", "line"), (4, 8, 16, 32), ("end", "start"), ("high", "low", "low-of-byte"))
        ):
            for between in ("",) if by == "all" else ("", ",", ";", "|", "-", ":", " "):
                yield Grid(order, "hex", by, pad, fill, first, between, marked)


def _lines(region: str, order: str) -> list[str]:
    if order == "rows":
        return [region[at : at + COLUMNS] for at in range(0, CELLS, COLUMNS)]
    return [region[column::COLUMNS] for column in range(COLUMNS)]


def _packed(bits: str, grid: Grid) -> str:
    if grid.digits == "bits":
        return bits
    size = -(-len(bits) // grid.pad) * grid.pad
    bits = bits.ljust(size, "0") if grid.fill == "end" else bits.rjust(size, "0")
    return f"{int(_turned(bits, grid.first), 2):0{size // 4}x}"


def _unpacked(text: str, grid: Grid, size: int) -> str:
    if grid.digits == "bits":
        return text
    padded = -(-size // grid.pad) * grid.pad
    try:
        bits = _turned(f"{int(text, 16):0{padded}b}", grid.first)
    except ValueError:
        raise GridError(f"no hex digits: {text[:20]!r}") from None
    spare = bits[size:] if grid.fill == "end" else bits[: padded - size]
    if len(text) * 4 != padded or "1" in spare:
        raise GridError(f"no {size} cells: {text[:20]!r}")
    return bits[:size] if grid.fill == "end" else bits[padded - size :]


def _turned(bits: str, first: str) -> str:
    if first == "high":
        return bits
    unit = 4 if first == "low" else 8
    return "".join(bits[at : at + unit][::-1] for at in range(0, len(bits), unit))


def _cut(text: str, grid: Grid, size: int) -> list[str]:
    padded = -(-size // grid.pad) * grid.pad
    width = padded // 4 if grid.digits == "hex" else size
    return [text[at : at + width] for at in range(0, len(text), width)]
