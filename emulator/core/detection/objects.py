"""What in a mask may be an object: mask in, boxes out (BEH-02, CONTRACT 3).

An object is a box not smaller than the size limit. CHOICE: small parts of one body that the
mask shows apart (a head above shelves, legs below a bright coat) are joined first, since the
limit is meant for bodies. Parts that stay below the limit are no objects; of somebody known
they may be what a pole leaves to be seen. Knows nothing of time.
"""

from dataclasses import dataclass

import cv2

from emulator.core.detection.foreground import Mask
from emulator.core.detection.tuning import Tuning
from emulator.core.frame import Box, Size

JOIN_GAP_SHARE = 1 / 30
"""Parts above one another are one body if the gap is at most this share of the height."""

SPECK_SHARE = 1 / 20_000
"""A part whose box is below this share of the picture's area is noise, and joins nothing."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Boxes of a mask, each from the top, then from the left.

    bodies  not smaller than the size limit
    crumbs  smaller
    """

    bodies: tuple[Box, ...]
    crumbs: tuple[Box, ...]


def find(mask: Mask, tuned: Tuning) -> Seen:
    """Return the objects in `mask`, and what is too small to be one."""
    size = Size(*mask.shape)
    pixels = size.rows * size.columns
    # Outlines cost a tenth of labels; what lies in another's hole is joined to it anyhow.
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (
        Box(top, left, top + height, left + width)
        for left, top, width, height in map(cv2.boundingRect, outlines)
    )
    parts = sorted(box for box in boxes if box.area >= SPECK_SHARE * pixels)
    least = tuned.least_box(pixels)
    bodies = _joined(parts, round(JOIN_GAP_SHARE * size.rows), least)
    return Seen(
        tuple(sorted(box for box in bodies if box.area >= least)),
        tuple(sorted(box for box in bodies if box.area < least)),
    )


def _joined(parts: list[Box], gap: int, least: int) -> list[Box]:
    # Each part looks for a body to join until none finds one; parts are few. Two that are
    # large enough are left to whoever knows who was there before.
    bodies: list[Box] = []
    for part in parts:
        whole = part
        while (
            other := next(
                (
                    body
                    for body in bodies
                    if min(body.area, whole.area) < least and stacked(body, whole, gap)
                ),
                None,
            )
        ) is not None:
            bodies.remove(other)
            whole = Box(
                min(whole.top, other.top),
                min(whole.left, other.left),
                max(whole.bottom, other.bottom),
                max(whole.right, other.right),
            )
        bodies.append(whole)
    return bodies


def stacked(a: Box, b: Box, gap: int) -> bool:
    """Tell whether one box is above the other, no more than `gap` pixels apart."""
    overlap = min(a.right, b.right) - max(a.left, b.left)
    narrower = min(a.right - a.left, b.right - b.left)
    apart = max(a.top, b.top) - min(a.bottom, b.bottom)
    return 2 * overlap >= narrower and apart <= gap
