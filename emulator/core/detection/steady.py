"""How far a camera that shakes has moved: pictures in, pixels to move them back by out.

The offset is measured against a picture that is kept (the anchor), not against the running
model: what follows its own answer drifts. It is the least squares fit of a shift and a change
of light to the differences at the points where the anchor is steepest; points at which
somebody walks by disagree with the rest, and are left out.

To save time it is measured at half the size of the reduced picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.differences import Mask, Plane
from emulator.core.detection.middle import median
from emulator.core.frame import Luma
from emulator.core.localtime import SECOND_MS

PARTS, PART_POINTS = (6, 8), 40
"""The picture is parted so; in each part so many points are looked at."""

LEAST_POINTS = 40
"""With fewer nothing is said, as on a plain ground."""

STEEP = 4.0
"""Grey levels a pixel; what is less steep may be noise."""

FARTHEST = 4
"""Pixels of the halved picture; a larger offset is no shake."""

ROUNDS = 3
"""The fit is linear in the shift; after a round or two the rest is a fraction of a pixel."""

SURE = 0.1
"""Pixels of the halved picture; a fit whose own error is larger says nothing."""

SHAKES = 0.3
"""Pixels of the reduced picture; a smaller offset is left to the model."""

LOOK_EVERY_MS, SHAKING_MS = 160, 2 * SECOND_MS
"""A camera is looked at so often while it is still, and for each picture as long after it
has shaken."""

SETTLED_MS, KEEP_MS = 10 * SECOND_MS, 300 * SECOND_MS
"""An anchor is made anew once the model is sharp, then so often while the camera is still."""

_RIDGE = np.eye(4, dtype=np.float32)
"""Added so that the fit can be solved whatever the points; next to hundreds of products of
STEEP steps it weighs nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """The steepest points of a kept picture, which is halved once more and blurred.

    points  int (n,): where they are in the halved picture, as flat indices
    whole   int (n,): where they are in the picture itself
    basis   float32 (n, 4): the step to the next pixel down and to the right, the level (all
            grey levels), and 1
    """

    points: NDArray[np.intp]
    whole: NDArray[np.intp]
    basis: Plane


@dataclass(frozen=True, slots=True, eq=False)
class Mount:
    """What is remembered of the camera's movements.

    is_first   the anchor is the first one, made before the model had settled
    kept_ms    when the anchor was made
    looked_ms  when it was last looked for an offset; shook_ms: when there was one
    """

    anchor: Anchor
    is_first: bool
    kept_ms: int
    looked_ms: int
    shook_ms: int

    def is_due(self, at_ms: int) -> bool:
        """Tell whether the anchor should be made anew; the first is, though the camera shakes."""
        age_ms = at_ms - self.kept_ms
        if self.is_first:
            return age_ms >= SETTLED_MS
        return age_ms >= KEEP_MS and at_ms - self.shook_ms >= SHAKING_MS

    def renewed(self, level: Luma, at_ms: int) -> "Mount":
        """Return the mount anchored to a model's mean: uint8 (rows, columns), reduced."""
        return replace(self, anchor=anchor(level), is_first=False, kept_ms=at_ms)


def mount(luma: Luma, at_ms: int) -> Mount:
    """Return what is known at first; every picture is looked at until it has been still.

    luma  uint8 (rows, columns), reduced: what the empty scene looks like
    """
    return Mount(anchor(luma), is_first=True, kept_ms=at_ms, looked_ms=at_ms, shook_ms=at_ms)


def resumed(known: Mount, at_ms: int) -> Mount:
    """Return `known` for a picture at `at_ms` that does not follow the one before (CONTRACT 4).

    The clock may have jumped by hours, also backwards: the anchor stays, but its time begins
    anew, and every picture is looked at until the camera has been still.
    """
    return replace(known, kept_ms=at_ms, looked_ms=at_ms, shook_ms=at_ms)


def steadied(known: Mount, luma: Luma, objects: Mask | None, at_ms: int) -> tuple[Mount, Luma]:
    """Return `luma` as it would be had the camera not moved.

    luma     uint8 (rows, columns), reduced; not changed
    objects  where something was a moment ago; None: that is not known yet
    """
    shakes = at_ms - known.shook_ms < SHAKING_MS
    if not shakes and at_ms - known.looked_ms < LOOK_EVERY_MS:
        return known, luma
    down, right = offset(known.anchor, luma, objects)
    if max(abs(down), abs(right)) < SHAKES:
        return replace(known, looked_ms=at_ms), luma
    known = replace(known, looked_ms=at_ms, shook_ms=at_ms)
    return known, moved_back(luma, down, right)


def anchor(luma: Luma) -> Anchor:
    """Return what to keep of a reduced picture, uint8 (rows, columns)."""
    picture = _small(luma)
    down, right = (np.asarray(steps, np.float32) for steps in np.gradient(picture))
    steep: Plane = np.hypot(down, right)
    edge = FARTHEST + 1
    steep[:edge], steep[-edge:], steep[:, :edge], steep[:, -edge:] = 0, 0, 0, 0
    points = np.sort(np.concatenate(list(_steepest(steep))))
    planes = (down, right, picture, np.ones_like(picture))
    basis = np.stack([plane.take(points) for plane in planes], axis=1)
    row, column = np.divmod(points, picture.shape[1])
    return Anchor(points, 2 * (row * luma.shape[1] + column), basis)


def offset(kept: Anchor, luma: Luma, objects: Mask | None) -> tuple[float, float]:
    """Return by how many pixels of `luma` it lies further (down, right) than the kept picture.

    (0, 0) where that cannot be told.

    luma     uint8 (rows, columns), of the kept picture's shape
    objects  where something was a moment ago; those points are left out
    """
    now = _small(luma)
    points, basis = kept.points, kept.basis
    if objects is not None:
        free = objects.take(kept.whole) == 0
        points, basis = points.compress(free), basis.compress(free, axis=0)
    down, right = 0.0, 0.0
    for _ in range(ROUNDS):
        whole_down, whole_right = round(down), round(right)
        if max(abs(whole_down), abs(whole_right)) > FARTHEST:
            return 0.0, 0.0
        if len(points) < LEAST_POINTS:
            return 0.0, 0.0
        # No point is so near the edge that this leads into another row.
        level = now.take(points + (whole_down * now.shape[1] + whole_right))
        off = level - basis[:, 2]
        inverse = np.linalg.inv(basis.T @ basis + _RIDGE)
        fit = inverse @ (basis.T @ off)
        rest = np.abs(off - basis @ fit)
        down, right = whole_down - float(fit[0]), whole_right - float(fit[1])
        typical = median(rest)
        agree = rest <= 4 * typical + 1
        points, basis = points.compress(agree), basis.compress(agree, axis=0)
    spread = 1.5 * typical * np.sqrt(np.maximum(np.diag(inverse)[:2], 0))
    if spread.max() > SURE:
        return 0.0, 0.0
    return 2 * down, 2 * right


def moved_back(luma: Luma, down: float, right: float) -> Luma:
    """Return `luma` as it would be without its offset; what comes into view repeats the edge."""
    rows, columns = luma.shape
    back = np.array([[1, 0, right], [0, 1, down]], np.float32)
    moved: Luma = cv2.warpAffine(  # type: ignore[assignment]  # cv2 types any dtype
        luma,
        back,
        (columns, rows),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return moved


def _steepest(steep: Plane) -> Iterator[NDArray[np.intp]]:
    """Yield the steepest points of each part of a picture, as flat indices.

    No part has many, lest one thing that moves off decide for all.
    """
    indices = np.arange(steep.size).reshape(steep.shape)
    for band, numbers in zip(
        np.array_split(steep, PARTS[0]), np.array_split(indices, PARTS[0]), strict=True
    ):
        for part, where in zip(
            np.array_split(band, PARTS[1], axis=1),
            np.array_split(numbers, PARTS[1], axis=1),
            strict=True,
        ):
            enough = part >= STEEP
            order = np.argsort(part[enough], kind="stable")[-PART_POINTS:]
            yield where[enough][order]


def _small(luma: Luma) -> Plane:
    rows, columns = luma.shape
    half = cv2.resize(luma, ((columns + 1) // 2, (rows + 1) // 2), interpolation=cv2.INTER_AREA)
    small: Plane = cv2.GaussianBlur(half, (5, 5), 0).astype(np.float32)
    return small
