"""Which patches of a mask are nobody: mask and both pictures in, patches out.

A background model that learns only where it sees nothing would keep a mistake for ever.
Two kinds of mistake can be told from an object that rests, since each lies still:

  ghost   something LEFT: what stands out against its surroundings is the model's patch,
          not the picture's (it was there in the first picture, or had become background)
  light   a lamp, a shadow, a cloud: the picture's patch has the very texture of the
          model's, only brighter or darker, or it has no edge: nobody fades away towards
          his outline

Judges brightness alone. Who stands still has an outline and a texture of his own, and is
left to `tracks`, which gives him the time that CONTRACT 3 says.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.differences import Mask, Plane
from emulator.core.frame import Luma

STAYED_SHARE = 0.8
"""Of a patch: what must have been in the earlier mask too, or it moves."""

OUTLINE_RATIO = 1.3
"""A patch that stands out in the picture less than this many times as much as in the model
has no outline of its own,"""

OWN_SHARE = 1 / 3
"""unless along so much of its rim it has, and more in all: what shows of somebody beside a pole
stands out on one side only."""

SAME_SURFACE = 0.8
"""A patch whose texture correlates this well with the model's shows the same surface."""

SOFT_SHARE = 0.5
"""Where what is just outside a patch is this much as far off as what is just inside, the
patch has a soft edge there; one that is soft along as much of its rim is light."""

_RIM = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
_GROW = cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))
_NEAR = (7, 7)
_MARGIN = 4
"""Pixels around a patch that are looked at: a step over the rim, and half of _NEAR."""


class Patch(NamedTuple):
    """A patch of a mask that is nobody.

    rows, columns  where it is, with a margin
    shape          bool (rows, columns): the patch in there, 2 pixels grown
    box            (top, left, bottom, right) of the patch itself
    left           it is what somebody or something left behind, not light
    """

    rows: slice
    columns: slice
    shape: NDArray[np.bool_]
    box: tuple[int, int, int, int]
    left: bool


def find(mask: Mask, earlier: Mask, now: Luma, known: Plane) -> list[Patch]:
    """Return which patches of `mask` are ghosts and light.

    mask, earlier  uint8 (rows, columns), 255 where something is and was, some pictures ago
    now            uint8 (rows, columns): the picture
    known          float32 (rows, columns), grey levels: the model's mean
    """
    found = []
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        left, top, width, height = cv2.boundingRect(outline)
        rows = slice(max(top - _MARGIN, 0), top + height + _MARGIN)
        columns = slice(max(left - _MARGIN, 0), left + width + _MARGIN)
        patch = np.zeros_like(mask[rows, columns])
        cv2.drawContours(patch, [outline], 0, 1, cv2.FILLED, offset=(-columns.start, -rows.start))
        stayed = cv2.countNonZero(cv2.bitwise_and(earlier[rows, columns], patch))
        if stayed < STAYED_SHARE * cv2.countNonZero(patch):
            continue
        here, model = now[rows, columns].astype(np.float32), known[rows, columns]
        rim = _rim(patch)
        was_there = not _stands_out(_beside(rim, here), _beside(rim, model))
        if (
            was_there
            or _has_no_edge(rim, np.abs(here - model))
            or _likeness(patch, here, model) > SAME_SURFACE
        ):
            shape = cv2.dilate(patch, _GROW) > 0
            box = (top, left, top + height, left + width)
            found.append(Patch(rows, columns, shape, box, was_there))
    return found


class _Rim(NamedTuple):
    """Where a patch ends.

    pixels  bool (rows, columns): the n pixels on either side
    sides   of the inner and the outer side: which pixels are there, float32 (rows, columns), 1
            or 0, and how many of them are near each of the n, float32 (n,)
    """

    pixels: NDArray[np.bool_]
    sides: tuple[tuple[Plane, Plane], ...]


def _rim(patch: Mask) -> _Rim:
    pixels = np.not_equal(cv2.dilate(patch, _RIM), cv2.erode(patch, _RIM))
    inside = patch.astype(np.float32)
    counted = ((side, _near(side, pixels)) for side in (inside, 1 - inside))
    return _Rim(pixels, tuple((side, np.maximum(count, 1)) for side, count in counted))


def _beside(rim: _Rim, grey: Plane) -> tuple[Plane, Plane]:
    """Return the mean of what is near each pixel of the rim, inside and outside."""
    # Means of what lies near on either side, not gradients: a tiled floor is full of those.
    within, beyond = (_near(side * grey, rim.pixels) / count for side, count in rim.sides)
    return within, beyond


def _near(grey: Plane, pixels: NDArray[np.bool_]) -> Plane:
    return np.asarray(cv2.boxFilter(grey, -1, _NEAR, normalize=False), np.float32)[pixels]


def _has_no_edge(rim: _Rim, off: Plane) -> bool:
    # `off` by how many grey levels each pixel is off the model.
    within, beyond = _beside(rim, off)
    return bool(np.count_nonzero(beyond > SOFT_SHARE * within) > SOFT_SHARE * len(within))


def _stands_out(now: tuple[Plane, Plane], known: tuple[Plane, Plane]) -> bool:
    """Tell whether the steps along a rim are the picture's own, and not just the model's.

    now, known  the picture's and the model's means on either side
    """
    if not len(now[0]):
        return True  # a patch that fills the picture has no rim
    steps, steps_known = (np.abs(within - beyond) for within, beyond in (now, known))
    # Under more light all that was there stands out more.
    lit = max(1.0, float(now[0].sum()) / max(1.0, float(known[0].sum())))
    own = np.count_nonzero(steps > lit * OUTLINE_RATIO * steps_known)
    is_own = own >= OWN_SHARE * len(steps)
    least = min(lit, OUTLINE_RATIO) if is_own else OUTLINE_RATIO
    return bool(steps.sum() > least * steps_known.sum())


def _likeness(patch: Mask, now: Plane, known: Plane) -> float:
    # Correlation of the fine texture inside: 1 for the same surface, about 0 for strangers.
    # What lies beyond is left out: both pictures show the same pole beside the patch.
    inside = patch.astype(np.float32)
    deep = cv2.erode(patch, _RIM) > 0
    count = np.maximum(_near(inside, deep), 1)
    fine, fine_known = (plane[deep] - _near(inside * plane, deep) / count for plane in (now, known))
    spread = float(np.sqrt((fine @ fine) * (fine_known @ fine_known)))
    return float(fine @ fine_known) / spread if spread else 0.0
