"""Where an object's edges lie between pixels: a box in whole pixels in, a finer one out.

A pixel that an object covers in part is off by that part of what the next one is. On the
map a reduced pixel is half a cell, so somebody who stands still would be a cell too wide.
"""

import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import Box

FINE = 2
"""Fine boxes count in this part of a pixel; finer is lost in noise."""


def refined(box: Box, mask: NDArray[np.uint8], off: NDArray[np.uint8]) -> Box:
    """Return `box` in FINE parts of a pixel.

    mask  uint8 (rows, columns), 255 where something is
    off   uint8 (rows, columns): by how much the picture differs from the empty scene
    """
    top, left, bottom, right = box
    body, here = mask[top:bottom, left:right], off[top:bottom, left:right]
    rows, columns = mask.shape
    return Box(
        FINE * top + _inward(body[0], off[top - 1, left:right] if top else None, here[:2]),
        FINE * left
        + _inward(body[:, 0], off[top:bottom, left - 1] if left else None, here[:, :2].T),
        FINE * bottom
        - _inward(body[-1], off[bottom, left:right] if bottom < rows else None, here[:-3:-1]),
        FINE * right
        - _inward(
            body[:, -1], off[top:bottom, right] if right < columns else None, here[:, :-3:-1].T
        ),
    )


def _inward(
    rim: NDArray[np.uint8], beyond: NDArray[np.uint8] | None, inner: NDArray[np.uint8]
) -> int:
    """Return by how many FINE parts the edge lies further in than the rim's outer side.

    rim     uint8 (n,): the box's outermost line of the mask
    beyond  uint8 (n,): by how much the line just outside is off; None: the picture ends there
    inner   uint8 (2, n): by how much the outermost line and the next one in are off
    """
    # The next line in is covered whole, so it tells by how much a whole pixel is off.
    if beyond is None or len(inner) < 2:
        return 0
    part = int((inner[0] & rim).sum()) + int((beyond & rim).sum())
    whole = int((inner[1] & rim).sum())
    if not whole:
        return 0
    return min(max(round(FINE * (1 - part / whole)), -FINE), FINE - 1)
