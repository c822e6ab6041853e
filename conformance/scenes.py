"""Small scenes of the harness's own, and the heat that they must leave, added up slowly.

Grey blocks appear on a grey floor and vanish again, so that each stay's length and place are
known beforehand. A scene is a document as the control interface takes it (its source
"scene:{...}"); a physical camera would be shown the same on a screen.

  picture  ROWS x COLUMNS pixels, from the top left
  map      MAP_SIDE x MAP_SIDE cells over the whole picture, (row, column)
  region   299 characters, 13 rows of 23 cells (REG-03)
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

ROWS, COLUMNS = 360, 640
MAP_SIDE = 192  # WIRE-02
REGION_ROWS, REGION_COLUMNS = 13, 23  # REG-03
FPS = 5
FLOOR = 120
"""The floor's grey level, 16..239 as all colours of a scene."""
FIRST_S = 6.0
"""A camera may look at a scene for a while before it judges: nothing happens before."""

EDGE_PX = 4
"""How far off its true place an edge may be seen: two pixels of a picture that was halved."""

Cell = tuple[int, int]


class Box(NamedTuple):
    """Pixels, half-open."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def middle(self) -> float:
        """The column of the middle."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Block:
    """A grey block that is there from one instant of the scene up to another.

    Its foot, the middle of its box's lower edge, is what is in a region or not.
    """

    box: Box
    from_s: float = FIRST_S
    until_s: float = FIRST_S + 5
    grey: int = 40

    @property
    def seconds(self) -> float:
        """How long it is there."""
        return self.until_s - self.from_s


def source(
    blocks: Sequence[Block] = (),
    length_s: float | None = None,
    *,
    fps: int = FPS,
    sigma: float = 2.0,
    **more: Any,
) -> str:
    """Return a scene of blocks, as the control interface takes a source.

    length_s  None: until two seconds after the last block has vanished
    sigma     of the sensor's noise, in grey levels
    more      other keys of a scene's document, such as brightness
    """
    floor = _colour(FLOOR)
    ground = {"points": [[-0.1, -0.1], [1.1, -0.1], [1.1, 1.1], [-0.1, 1.1]], "colours": [floor]}
    if length_s is None:
        length_s = max(block.until_s for block in blocks) + 2
    document = {
        "name": "stuntcam check",
        "length_s": length_s,
        "fps": fps,
        "rows": ROWS,
        "columns": COLUMNS,
        "noise_sigma": sigma,
        "seed": 1,
        "backdrop": floor,
        "back_y": 0.3,
        "back_height": 0.2,
        "front_y": 1.0,
        "front_height": 0.36,
        "ground": [ground],
        "route": [],
        "clothes": [],
        "visit": [],
        "thing": [_thing(block) for block in blocks],
        **more,
    }
    return f"scene:{json.dumps(document, separators=(',', ':'))}"


# --- what must come of it -----------------------------------------------------------------------


def presence_s(blocks: Iterable[Block]) -> float:
    """Return the summed seconds that blocks are there."""
    return sum(block.seconds for block in blocks)


def slack_s(blocks: Sequence[Block], fps: int = FPS) -> float:
    """Return by how much a report's sum may be off: one picture at each end of each stay.

    One second more for the rounding of what is sent.
    """
    return 2 * len(blocks) / fps + 1


def is_in(region: str, block: Block) -> bool:
    """Return whether a block's foot is in a region."""
    return _has(region, (block.box.bottom - 0.5) / ROWS, block.box.middle / COLUMNS)


def inside(region: str, cell: Cell) -> bool:
    """Return whether the centre of a map cell is in a region."""
    return _has(region, (cell[0] + 0.5) / MAP_SIDE, (cell[1] + 0.5) / MAP_SIDE)


def cells(box: Box) -> set[Cell]:
    """Return the map cells whose centres lie in a box."""
    return {
        (row, column)
        for row in range(MAP_SIDE)
        if box.top <= (row + 0.5) * ROWS / MAP_SIDE < box.bottom
        for column in range(MAP_SIDE)
        if box.left <= (column + 0.5) * COLUMNS / MAP_SIDE < box.right
    }


def narrower(box: Box, by_px: int = EDGE_PX) -> Box:
    """Return a box so much narrower on each side."""
    return Box(box.top + by_px, box.left + by_px, box.bottom - by_px, box.right - by_px)


def region_where(rows: range, columns: range) -> str:
    """Return the region of the cells in some rows and columns of its grid."""
    return "".join(
        str(int(row in rows and column in columns))
        for row in range(REGION_ROWS)
        for column in range(REGION_COLUMNS)
    )


ALL = region_where(range(REGION_ROWS), range(REGION_COLUMNS))
NONE = region_where(range(0), range(0))


def _has(region: str, down: float, across: float) -> bool:
    row, column = math.floor(down * REGION_ROWS), math.floor(across * REGION_COLUMNS)
    return region[REGION_COLUMNS * row + column] == "1"


def _thing(block: Block) -> dict[str, Any]:
    box = block.box
    return {
        "at_s": block.from_s,
        "until_s": block.until_s,
        "foot": [box.middle / COLUMNS, box.bottom / ROWS],
        "side": [(box.right - box.left) / COLUMNS, (box.bottom - box.top) / ROWS],
        "colour": _colour(block.grey),
    }


def _colour(grey: int) -> str:
    return "#" + 3 * f"{grey:02x}"
