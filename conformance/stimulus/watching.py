"""Whether the screen is still where it was, lit, and shows what it was told to.

Pure: asked of every picture that is taken while a film runs.
"""

import numpy as np

from conformance.stimulus import code, sight
from conformance.stimulus.layout import MARKERS, Grey
from conformance.stimulus.sight import LEAST_MARKERS, LostError, Sight

MOVED = 0.005
"""Of the picture's width: markers that are further off where they were have moved."""

DARK = 1 / 3
"""Of the contrast between the markers' white and black; with less there is no picture on it."""


def refuse_lost(picture: Grey, before: Sight, number: int | None) -> None:
    """Refuse a picture that does not show the screen as it was. Raises LostError.

    number  of the film that is on; None: any code will do
    """
    found = sight.markers(picture)
    known = sorted(found.keys() & before.corners.keys())
    if len(known) < LEAST_MARKERS:
        raise LostError(_unseen(picture, before, len(known)))
    moved = [np.hypot(*(_pixels(found[n] - before.corners[n], before)).T) for n in known]
    by_px = float(np.median(moved))
    if by_px > MOVED * before.size[0]:
        raise LostError(f"the screen is seen {by_px:.0f} pixels off where it was")
    if number is None:
        return
    told = read_code(picture, before)
    if told is None or not told.is_film or told.value != number:
        shown = "no code" if told is None else f"film {told.value}" if told.is_film else "the time"
        raise LostError(f"the screen shows {shown}, not film {number}")


def read_code(picture: Grey, seen: Sight) -> code.Code | None:
    """Return what the strip says in a picture; None: it can't be read."""
    return code.read(code.differences(lambda where: seen.level(picture, where)))


def _unseen(picture: Grey, before: Sight, count: int) -> str:
    apart = before.contrast_in(picture)
    if apart < DARK * before.contrast:
        why = f"white and black are {apart:.0f} levels apart, not {before.contrast:.0f}"
        return f"the screen is dark, or covered: {why}"
    return f"{count} of the screen's {len(MARKERS)} markers are seen: something is before it"


def _pixels(shares: sight.Points, before: Sight) -> sight.Points:
    scaled: sight.Points = shares * before.size
    return scaled
