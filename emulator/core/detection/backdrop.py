"""The empty scene in colour, for a heat map to lie on: pictures and masks in, a picture out.

The detector's own model is grey and small; people look at the heat map, so this one is in
colour and whole. Each pixel shows what was last seen there while nobody stood before it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.foreground import Mask
from emulator.core.frame import Picture

LOOK_EVERY_MS = 1_000
"""Colour is dear to decode, so it is looked at no more often than this."""

_MARGIN = cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))


def learnt(backdrop: Picture | None, picture: Picture, mask: Mask) -> Picture:
    """Return `backdrop` with everything renewed that `mask` leaves free.

    backdrop  uint8 (rows, columns, 3), or None before the first; not changed
    picture   uint8 (rows, columns, 3)
    mask      uint8, 255 where something is; of any size, it lies over the whole picture
    """
    if backdrop is None or backdrop.shape != picture.shape:
        return picture.copy()
    hidden = covered(mask, *picture.shape[:2])
    return np.where(hidden[:, :, None], backdrop, picture)


def covered(mask: Mask, rows: int, columns: int) -> NDArray[np.bool_]:
    """Return where a picture of that size is not free: bool (rows, columns)."""
    over = cv2.resize(cv2.dilate(mask, _MARGIN), (columns, rows), interpolation=cv2.INTER_NEAREST)
    return over > 0
