"""How many people a patch is that is too large for one: a mask and usual sizes in, boxes out.

People who come in together are one patch from the first. Heads stick out at its top: below
each, somebody of the usual size is taken away, until little is left. Works only where the
scene's objects are alike (`perspective`).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.foreground import Mask
from emulator.core.detection.perspective import Perspective
from emulator.core.frame import Box

TALL, WIDE = 1.3, 1.7
"""Times the usual height and width: a patch that exceeds either may be several people."""

HEAD_SHARE = 0.12
"""Of a body's height: its head."""

FILLED = 0.55
"""Of the middle of a body's box: what the patch must fill there."""

NEW = 0.4
"""Of what the patch fills there: what must not be somebody else's already."""

WHOLE = 0.85
"""Of the usual height: what a body must have between its head and the patch's lower end."""

MOST = 8
"""People in a patch at most."""


def is_party(box: Box, sizes: Perspective) -> bool:
    """Tell whether `box` is too large to be one object of the usual size."""
    height = sizes.height_at(box.bottom)
    if height is None:
        return False
    return (
        box.bottom - box.top > TALL * height or box.right - box.left > WIDE * sizes.widths * height
    )


def parted(mask: Mask, box: Box, sizes: Perspective) -> list[Box]:
    """Return the people in `box`, or nothing if it can't be told; the topmost head first.

    mask  uint8 (rows, columns), 255 where something is
    """
    top, left, bottom, right = box
    body = mask[top:bottom, left:right] > 0
    rest = body.copy()
    found: list[Box] = []
    for _ in range(2 * MOST):
        rows = np.flatnonzero(rest.any(axis=1))
        if not len(rows) or len(found) == MOST:
            break
        head = int(rows[0])
        foot = _foot(top + head, sizes)
        height = foot - (top + head)
        if height < 4:
            break
        deep = max(1, round(HEAD_SHARE * height))
        columns = np.asarray(rest[head : head + deep].any(axis=0))
        first = int(np.flatnonzero(rest[head])[0])
        start, end = _run(columns, first)
        half = max(1.0, sizes.widths * height / 2)
        middle = (start + end) / 2
        inner = np.s_[
            head : round(head + height),
            max(0, round(middle - half / 2)) : round(middle + half / 2) + 1,
        ]
        filled = float(body[inner].mean()) if body[inner].size else 0.0
        fresh = float(rest[inner].sum()) / max(1.0, float(body[inner].sum()))
        usual = sizes.height_at(min(bottom, foot)) or height
        if filled < FILLED or fresh < NEW or min(height, bottom - top - head) < WHOLE * usual:
            rest[head : head + deep, start:end] = False
            continue
        low, high = max(0, round(middle - half)), min(right - left, round(middle + half))
        found.append(Box(top + head, left + low, min(bottom, round(foot)), left + high))
        margin = round(half / 3)
        rest[head : round(head + height) + 1, max(0, low - margin) : high + margin] = False
        if cv2.countNonZero(rest.view(np.uint8)) < FILLED / 2 * height * half:
            break
    return found if len(found) > 1 else []


def _foot(head: float, sizes: Perspective) -> float:
    # Where head + height at the foot = foot; heights are linear in the foot's row.
    slope = min(sizes.slope, 0.9)
    at_head = sizes.height_at(head)
    return head + (at_head or 0.0) / (1 - slope)


def _run(columns: NDArray[np.bool_], inside: int) -> tuple[int, int]:
    start = end = inside
    while start > 0 and columns[start - 1]:
        start -= 1
    while end < len(columns) and columns[end]:
        end += 1
    return start, end
