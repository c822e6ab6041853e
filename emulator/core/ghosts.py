"""Which patches of a mask are nobody: mask and both pictures in, a mask of patches out.

A background model that learns only where it sees nothing would keep a mistake for ever.
Two kinds of mistake can be told from an object that rests, since each lies still:

  ghost   something LEFT: what stands out against its surroundings is the model's patch,
          not the picture's (it was there in the first picture, or had become background)
  light   a lamp, a shadow, a cloud: the picture's patch has the very texture of the
          model's, only brighter or darker

Judges brightness alone. Who stands still has an outline and a texture of his own, and is
left to `tracks`, which gives him the time that CONTRACT 3 says.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
Plane = NDArray[np.float32]

STAYED_SHARE = 0.8
"""Of a patch: what must have been in the earlier mask too, or it moves."""

OUTLINE_RATIO = 1.3
"""A patch that stands out in the picture less than this many times as much as in the model
has no outline of its own."""

SAME_SURFACE = 0.8
"""A patch whose texture correlates this well with the model's shows the same surface."""

_RIM = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
_GROW = cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))
_NEAR = (7, 7)
_MARGIN = 4
"""Pixels around a patch that are looked at: a step over the rim, and half of _NEAR."""


def find(mask: Mask, earlier: Mask, now: Plane, known: Plane) -> NDArray[np.bool_]:
    """Return where `mask` shows ghosts and patches of light, a little grown.

    mask, earlier  uint8 (rows, columns), 255 where something is; the earlier one's is some
                   pictures older
    now, known     float32 (rows, columns), grey levels: the picture and the model
    """
    found = np.zeros(mask.shape, np.bool_)
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
        if _is_nobody(patch, now[rows, columns], known[rows, columns]):
            found[rows, columns] |= cv2.dilate(patch, _GROW) > 0
    return found


def _is_nobody(patch: Mask, now: Plane, known: Plane) -> bool:
    if _stands_out(patch, now) < OUTLINE_RATIO * _stands_out(patch, known):
        return True
    return _likeness(patch, now, known) > SAME_SURFACE


def _stands_out(patch: Mask, grey: Plane) -> float:
    # Means of what lies near on either side, not gradients: a tiled floor is full of those.
    rim = cv2.dilate(patch, _RIM) != cv2.erode(patch, _RIM)
    inside = patch.astype(np.float32)
    step = np.abs(_mean_near(inside, grey) - _mean_near(1 - inside, grey))
    return float(step[rim].mean())


def _mean_near(where: Plane, grey: Plane) -> Plane:
    count = cv2.boxFilter(where, -1, _NEAR, normalize=False)
    total = cv2.boxFilter(where * grey, -1, _NEAR, normalize=False)
    mean: Plane = total / np.maximum(count, 1)  # type: ignore[assignment]  # cv2 types any dtype
    return mean


def _likeness(patch: Mask, now: Plane, known: Plane) -> float:
    # Correlation of the fine texture inside: 1 for the same surface, about 0 for strangers.
    inside = cv2.erode(patch, _RIM) > 0
    fine, fine_known = ((plane - cv2.boxFilter(plane, -1, _NEAR))[inside] for plane in (now, known))
    spread = float(np.sqrt((fine @ fine) * (fine_known @ fine_known)))
    return float(fine @ fine_known) / spread if spread else 0.0
