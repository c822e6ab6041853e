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
        beside = _beside(patch, now[rows, columns], known[rows, columns])
        was_there = not _stands_out(beside)
        if was_there or _has_no_edge(beside) or _likeness(beside) > SAME_SURFACE:
            shape = cv2.dilate(patch, _GROW) > 0
            box = (top, left, top + height, left + width)
            found.append(Patch(rows, columns, shape, box, was_there))
    return found


class _Beside(NamedTuple):
    """What lies in and beside a patch, in grey levels.

    now, known, off  of the picture, of the model, and by how much one is off the other: the
                     means of what is near each of the n pixels on either side of where the
                     patch ends, float32 (n,): inside, and outside
    fine             of the picture and of the model: how much each of the m pixels that are
                     further inside is brighter than what of the patch is near, float32 (m,)
    """

    now: tuple[Plane, Plane]
    known: tuple[Plane, Plane]
    off: tuple[Plane, Plane]
    fine: tuple[Plane, Plane]


def _beside(patch: Mask, now: Luma, known: Plane) -> _Beside:
    # Means of what lies near on either side, not gradients: a tiled floor is full of those.
    # Sums of four planes at once take hardly longer than those of one.
    here, inner = now.astype(np.float32), patch.astype(np.float32)
    planes = here, known, np.abs(here - known)
    inside, outside = (
        _near(*(side * plane for plane in planes), side) for side in (inner, 1 - inner)
    )
    deep = cv2.erode(patch, _RIM)
    rim = np.flatnonzero(np.not_equal(cv2.dilate(patch, _RIM), deep))
    now_at, known_at, off_at = zip(_means(inside, rim), _means(outside, rim), strict=True)
    # What lies beyond is left out: both pictures show the same pole beside the patch.
    further = np.flatnonzero(deep)
    means = _means(inside, further)
    fine = here.take(further) - means[0], known.take(further) - means[1]
    return _Beside(now_at, known_at, off_at, fine)


def _near(*planes: Plane) -> Plane:
    """Return the sums of what is near each pixel: float32 (pixels, planes)."""
    sums = cv2.boxFilter(cv2.merge(planes), -1, _NEAR, normalize=False)
    return np.asarray(sums, np.float32).reshape(-1, len(planes))


def _means(sums: Plane, where: NDArray[np.intp]) -> Plane:
    """Return the means at some pixels, where the last sums are counts: (planes - 1, n)."""
    there = sums.take(where, axis=0).T.copy()  # in their order, or dividing takes ten times as long
    means: Plane = there[:-1] / np.maximum(there[-1], 1)
    return means


def _has_no_edge(beside: _Beside) -> bool:
    within, beyond = beside.off
    return bool(np.count_nonzero(beyond > SOFT_SHARE * within) > SOFT_SHARE * len(within))


def _stands_out(beside: _Beside) -> bool:
    """Tell whether the steps along a rim are the picture's own, and not just the model's."""
    now, known = beside.now, beside.known
    if not len(now[0]):
        return True  # a patch that fills the picture has no rim
    steps, steps_known = (np.abs(within - beyond) for within, beyond in (now, known))
    # Under more light all that was there stands out more.
    lit = max(1.0, float(now[0].sum()) / max(1.0, float(known[0].sum())))
    own = np.count_nonzero(steps > lit * OUTLINE_RATIO * steps_known)
    is_own = own >= OWN_SHARE * len(steps)
    least = min(lit, OUTLINE_RATIO) if is_own else OUTLINE_RATIO
    return bool(steps.sum() > least * steps_known.sum())


def _likeness(beside: _Beside) -> float:
    # Correlation of the fine texture inside: 1 for the same surface, about 0 for strangers.
    fine, fine_known = beside.fine
    spread = float(np.sqrt((fine @ fine) * (fine_known @ fine_known)))
    return float(fine @ fine_known) / spread if spread else 0.0
