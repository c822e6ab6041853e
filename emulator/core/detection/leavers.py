"""Who left what had been there since the scene began: tracks and ghosts in, names out.

Somebody who stood still from the first picture on is a part of the ground. When he goes, the
ground comes to light behind him as a ghost, which `ghosts` takes away; his track began only
then, and is found here, so that he can be given his time (`stays.since_the_start`).
"""

from collections.abc import Iterable, Sequence

from emulator.core.detection.claims import centre, common
from emulator.core.detection.track import Track
from emulator.core.frame import Box
from emulator.core.localtime import SECOND_MS

LEAVING_MS = 5 * SECOND_MS
"""Who left something behind has been followed for no longer than this,"""

NEAR_WIDTHS = 2.0
"""and came into being no more than so many of their widths from it."""

SAME_SHARE = 0.5
"""Of the smaller of two boxes: what must lie in the other for it to be the same thing."""


def leavers(
    living: Sequence[Track], left: Iterable[Box], at_ms: int
) -> tuple[frozenset[int], dict[int, Box]]:
    """Return which tracks are what somebody left behind, and whose that was, by his number.

    left  boxes of what had been there since the scene began, and has gone
    """
    ghosts: set[int] = set()
    whose: dict[int, Box] = {}
    for box in left:
        on_it = {track.number for track in living if is_on(track.box, box)}
        ghosts |= on_it
        # He came into being there, as one with what he left, or split off beside it.
        suited = [
            (not track.confirmed, _apart(track.born, box), track.number)
            for track in living
            if track.number not in on_it
            and track.number not in whose
            and at_ms - track.first_ms < LEAVING_MS
            and _apart(track.born, box) < 1
        ]
        if suited:
            whose[min(suited)[2]] = box
    return frozenset(ghosts), whose


def is_on(a: Box, b: Box) -> bool:
    """Tell whether two boxes are of the same thing, or of a piece of it."""
    return common(a, b) >= SAME_SHARE * min(a.area, b.area)


def _apart(a: Box, b: Box) -> float:
    """Return how far apart the centres are: 1 if they touch above or below, or are near."""
    (row, column), (row_b, column_b) = centre(a), centre(b)
    down = 2 * abs(row - row_b) / (a.bottom - a.top + b.bottom - b.top)
    across = 2 * abs(column - column_b) / (a.right - a.left + b.right - b.left)
    return max(down, across / NEAR_WIDTHS)
