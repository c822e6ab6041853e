"""What in a mask is an object: mask in, boxes out (BEH-02, CONTRACT 3).

An object is a box not smaller than the size limit. CHOICE: parts of one body that the mask
shows apart (a head above shelves, legs below a bright coat) are joined first, since the
limit is meant for bodies. Knows nothing of time.
"""

import cv2

from emulator.core.foreground import Mask
from emulator.core.frame import Box, Size
from emulator.core.tuning import Tuning

JOIN_GAP_SHARE = 1 / 30
"""Parts above one another are one body if the gap is at most this share of the height."""

SPECK_SHARE = 1 / 20_000
"""A part whose box is below this share of the picture's area is noise, and joins nothing."""


def find(mask: Mask, tuned: Tuning) -> tuple[Box, ...]:
    """Return the boxes of the objects in `mask`, from the top, then from the left."""
    size = Size(*mask.shape)
    pixels = size.rows * size.columns
    # Outlines cost a tenth of labels; what lies in another's hole is joined to it anyhow.
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (
        Box(top, left, top + height, left + width)
        for left, top, width, height in map(cv2.boundingRect, outlines)
    )
    parts = [box for box in boxes if box.area >= SPECK_SHARE * pixels]
    bodies = _joined(parts, round(JOIN_GAP_SHARE * size.rows))
    return tuple(sorted(box for box in bodies if box.area >= tuned.min_box_share * pixels))


def _joined(parts: list[Box], gap: int) -> list[Box]:
    # Each part looks for a body to join until none finds one; parts are few.
    bodies: list[Box] = []
    for part in sorted(parts):
        whole = part
        while (other := next((b for b in bodies if _stacked(b, whole, gap)), None)) is not None:
            bodies.remove(other)
            whole = Box(
                min(whole.top, other.top),
                min(whole.left, other.left),
                max(whole.bottom, other.bottom),
                max(whole.right, other.right),
            )
        bodies.append(whole)
    return bodies


def _stacked(a: Box, b: Box, gap: int) -> bool:
    overlap = min(a.right, b.right) - max(a.left, b.left)
    narrower = min(a.right - a.left, b.right - b.left)
    apart = max(a.top, b.top) - min(a.bottom, b.bottom)
    return 2 * overlap >= narrower and apart <= gap
