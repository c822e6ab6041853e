"""Where something upright hides whoever walks by behind it: learnt from tracks over time.

A pole or a pillar is a part of the empty scene, so nobody sees it in the mask; but people walk
up to it on one side and go on on the other, and in between, where a body must have been, nothing
differed. Where that was so for two of them, and nobody was ever seen, something stands nearer
than all. What is upright goes on above and below the rows that were learnt, as far as nobody
was ever seen there.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.foreground import Mask
from emulator.core.frame import Box, Size, clip

PASSES = 2
"""So many must have been hidden at a place for something to stand there."""

CORE = 0.2
"""Of a body's box, from each side: beyond this it is filled, whatever arms and legs do."""

UPRIGHT_SHARE = 0.5
"""Of the height of a body's core: what must be hidden in a column for something to stand there."""

TOUCHES = 3
"""Pixels: what ends so near to something that hides goes on behind it."""


class Passer(NamedTuple):
    """Somebody on his way; `box`: where all of him is, seen or not."""

    number: int
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Veils:
    """What was learnt in one scene; the planes are replaced, never written to.

    shown    uint8 (rows, columns): 1 where somebody was ever seen
    hidden   uint8 (rows, columns): how many were hidden there, up to PASSES
    last     uint8 (rows, columns): a token of who was hidden there last; 0: nobody
    columns  bool (columns,): where something stands
    """

    shown: NDArray[np.uint8] | None = None
    hidden: NDArray[np.uint8] | None = None
    last: NDArray[np.uint8] | None = None
    columns: NDArray[np.bool_] | None = None

    def __eq__(self, other: object) -> bool:
        """Tell whether the same was learnt."""
        if not isinstance(other, Veils):
            return NotImplemented
        return all(
            np.array_equal(mine, its) if mine is not None and its is not None else mine is its
            for mine, its in (
                (self.shown, other.shown),
                (self.hidden, other.hidden),
                (self.columns, other.columns),
            )
        )

    __hash__ = None  # type: ignore[assignment]  # planes have none


def passed(veils: Veils, passers: list[Passer], mask: Mask) -> Veils:
    """Return what is known after a picture in which the `passers` were on their way.

    mask  uint8 (rows, columns), 255 where something is
    """
    size = Size(*mask.shape)
    shown, hidden, last = veils.shown, veils.hidden, veils.last
    columns = veils.columns
    if shown is None or hidden is None or last is None or shown.shape != mask.shape:
        shown, hidden = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
        last, columns = np.zeros(size, np.uint8), None
    is_new = False
    for number, box in passers:
        whole = clip(box, size)
        if not whole.area:
            continue
        there = np.s_[whole.top : whole.bottom, whole.left : whole.right]
        fresh = cv2.subtract(mask[there], shown[there])
        if cv2.countNonZero(fresh):
            shown = shown.copy() if shown is veils.shown else shown
            np.maximum(shown[there], mask[there], out=shown[there])
            is_new = is_new or bool(((hidden[there] >= PASSES) & (fresh > 0)).any())
        core = clip(_core(box), size)
        here = np.s_[core.top : core.bottom, core.left : core.right]
        if not core.area or cv2.countNonZero(cv2.max(mask[here], shown[here])) == core.area:
            continue
        token = number % 255 + 1  # who has the same as another, once in so many, is not counted
        bare = ((mask[here] | shown[here]) == 0) & (last[here] != token) & (hidden[here] < PASSES)
        if bare.any():
            hidden = hidden.copy() if hidden is veils.hidden else hidden
            last = last.copy() if last is veils.last else last
            hidden[here][bare] += 1
            last[here][bare] = token
            is_new = is_new or bool((hidden[here][bare] >= PASSES).any())
    if is_new:
        columns = _columns(shown, hidden, max([box.bottom - box.top for _, box in passers]))
    return Veils(shown, hidden, last, columns)


def widened(veils: Veils, box: Box, width: float) -> Box:
    """Return `box` with the part of somebody `width` columns wide that is hidden beside it.

    It is the same if nothing hides him on just one side, or he is as wide as he should be.
    """
    short = round(width) - (box.right - box.left)
    sides = beside(veils, box)
    if short <= 0 or sides is None:
        return box
    left, right = sides
    return box._replace(left=box.left - min(short, left), right=box.right + min(short, right))


def beside(veils: Veils, box: Box) -> tuple[int, int] | None:
    """Return how many columns to the left and right of `box` something hides, if on one side.

    Counted from the box's edge; the other side has 0. None: there is nothing, or on both.
    """
    columns = veils.columns
    if columns is None or veils.shown is None:
        return None
    rows = slice(max(0, box.top), max(0, box.bottom))
    left = _run(columns[: max(0, box.left)][::-1])
    right = _run(columns[max(0, box.right) :])
    if bool(left) == bool(right):
        return None
    first, end = (box.left - left, box.left) if left else (box.right, box.right + right)
    middle = veils.shown[rows, first:end]
    if middle.size and cv2.countNonZero(middle) > middle.size // 4:
        return None  # at these rows it does not stand
    return left, right


def _run(columns: NDArray[np.bool_]) -> int:
    """Return where a run of columns ends that begins within TOUCHES of the first."""
    near = np.flatnonzero(columns[: TOUCHES + 1])
    if not len(near):
        return 0
    after = np.flatnonzero(~columns[near[0] :])
    return int(near[0] + (after[0] if len(after) else len(columns) - near[0]))


def _core(box: Box) -> Box:
    down, across = round(CORE * (box.bottom - box.top)), round(CORE * (box.right - box.left))
    return Box(box.top + down, box.left + across, box.bottom - down, box.right - across)


def _columns(
    shown: NDArray[np.uint8], hidden: NDArray[np.uint8], tall: int
) -> NDArray[np.bool_] | None:
    never = (cv2.subtract(hidden, shown) >= PASSES).view(np.uint8)
    rows = cv2.reduce(never, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)[0]
    columns = np.asarray(rows >= UPRIGHT_SHARE * (1 - 2 * CORE) * tall)
    return columns if columns.any() else None
