"""Where somebody is who stands still among others: a box and a mask in, a better box out.

Who walks is wide, for legs and arms swing; who comes to stand in a group is still given the
width that he had on his way. What he alone can be seen for tells his true edges; where others
hide a side of him, the head tells: a body that stands is about as wide on either side of it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.foreground import Mask
from emulator.core.frame import Box, Size, clip

HEAD_SHARE = 0.12
"""Of a body's height: its head, whose middle is the body's."""

UPPER_SHARE = 0.65
"""Of a body's height, from the top: where it is widest when it stands."""

CLEAR_SHARE = 0.6
"""Of a body's upper rows: a side is seen if nobody else is there in so many."""

LEAST_WIDTH = 0.5
"""Of the width that he walked with: a body that stands is no narrower."""

TREMBLES = 0.1
"""Of that width: an edge that is off by no more is where it should be."""

_Flags = NDArray[np.bool_]


def settled(box: Box, usual: float, others: Sequence[Box], mask: Mask) -> Box:
    """Return `box` as wide as who stands still there is seen to be.

    usual   columns: his width on his way
    others  where the rest of his group is
    mask    uint8 (rows, columns), 255 where something is
    An edge that is not seen stays where it is, unless the head and the other edge tell it.
    """
    size = Size(*mask.shape)
    if clip(box, size) != box:
        return box  # he is beyond the picture in part
    margin = (box.right - box.left) // 4
    around = clip(box._replace(left=box.left - margin, right=box.right + margin), size)
    upper = box.top + round(UPPER_SHARE * (box.bottom - box.top))
    seen = mask[around.top : upper, around.left : around.right] > 0
    clear = _clear(around._replace(bottom=upper), others, size)
    head = _head(seen, clear, margin, round(HEAD_SHARE * (box.bottom - box.top)))
    start = end = (box.left + box.right) // 2 - around.left
    if head is not None:
        start, end = head
    filled = np.asarray((seen & clear).sum(axis=0) >= 2)
    is_clear = np.asarray(clear.mean(axis=0) >= CLEAR_SHARE)
    left = _edge(filled[:start][::-1], is_clear[:start][::-1])
    right = _edge(filled[end:], is_clear[end:])
    if head is not None:
        left, right = right if left is None else left, left if right is None else right
    first = box.left if left is None else around.left + start - left
    last = box.right if right is None else around.left + end + right
    if last - first < LEAST_WIDTH * usual or last - first > box.right - box.left:
        return box
    if max(abs(first - box.left), abs(last - box.right)) <= max(1, TREMBLES * usual):
        return box
    return box._replace(left=first, right=last)


def _clear(box: Box, others: Sequence[Box], size: Size) -> _Flags:
    """Return where in `box` none of the others is."""
    clear = np.ones((box.bottom - box.top, box.right - box.left), np.bool_)
    for other in others:
        top, left, bottom, right = clip(other, size)
        rows = slice(max(0, top - box.top), max(0, bottom - box.top))
        columns = slice(max(0, left - box.left), max(0, right - box.left))
        clear[rows, columns] = False
    return clear


def _head(seen: _Flags, clear: _Flags, margin: int, deep: int) -> tuple[int, int] | None:
    """Return the columns of the head; None: it is not seen for itself."""
    shown = np.asarray((seen & clear)[: max(1, deep)].any(axis=0))
    is_clear = np.asarray(clear[: max(1, deep)].all(axis=0))
    middle = len(shown) // 2
    columns = np.flatnonzero(shown[margin : len(shown) - margin]) + margin
    if not len(columns):
        return None
    at = int(columns[np.abs(columns - middle).argmin()])
    start = end = at
    while start > 0 and shown[start - 1]:
        start -= 1
    while end < len(shown) and shown[end]:
        end += 1
    # On either side there must be ground, and nobody's body.
    if start == 0 or end == len(shown) or not (is_clear[start - 1] and is_clear[end]):
        return None
    return start, end


def _edge(filled: _Flags, is_clear: _Flags) -> int | None:
    """Return how many columns out from the head the body goes on; None: it is not seen."""
    for out in range(len(filled)):
        if is_clear[out] and not filled[out]:
            return out if not out or is_clear[out - 1] else None
    return None
