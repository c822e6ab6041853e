"""Which pixels are off the model by more than noise: limits and a picture in, a mask out.

Compares in bytes, with a mean and limits that were rounded when the model was last learnt:
every picture is compared, but a background changes slowly. A pixel must be far off together
with most of its neighbours (strong); what is nearly as far off beside those belongs to them
(weak); and an outline lies where half of what is just inside is seen. Remembers nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.tuning import Tuning
from emulator.core.frame import Luma

Mask = NDArray[np.uint8]
"""uint8 (rows, columns): 255 where something is, else 0."""

Plane = NDArray[np.float32]
"""float32 (rows, columns), grey levels."""

BRIGHT, DARK_SHARE = 110, 0.6
"""Below this grey level the least difference that counts shrinks with it, to this share."""

WEAK_SHARE = 0.8
"""A pixel beside a strong one needs only this share of the limit; looser values were
measured to merge neighbours."""

QUIET_DEVIATIONS = 3.0
"""An outline is no further out than a pixel that is so many mean deviations off."""

GROWTHS = 2
"""So often a patch grows over weak pixels by half of _GROW; a leg is longer than one."""

EDGE_SHARE = 0.25
"""Of the step from a pixel to its neighbours: what the picture may have moved by, in pixels,
without anything having moved in it."""

_CLOSE = cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))
_GROW = cv2.getStructuringElement(cv2.MORPH_RECT, (7, 7))
_RIM = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))
_MOST = 5
"""Pixels: the side of the square in which most must differ."""

_REACH = 10
"""Pixels around what is strong within which anything of the mask lies."""


class Limits(NamedTuple):
    """What each pixel is compared with, all uint8 (rows, columns), grey levels.

    level   the model's mean, rounded
    strong  a pixel differs when it is further off than this
    weak    the same beside a strong one
    quiet   as far off a pixel may be by noise alone
    noise   a pixel that differs is further off than this at least; what `strong` is made of
    """

    level: Luma
    strong: Luma
    weak: Luma
    quiet: Luma
    noise: Luma


def limits(mean: Plane, deviation: Plane, tuned: Tuning) -> Limits:
    """Return what pictures are compared with; mean, deviation: grey levels, of one shape."""
    noise = cv2.convertScaleAbs(deviation, alpha=tuned.threshold_deviations)
    quiet = cv2.convertScaleAbs(deviation, alpha=QUIET_DEVIATIONS)
    return _limits(mean, _bytes(noise), _bytes(quiet), tuned)


def relit(known: Limits, mean: Plane, tuned: Tuning) -> Limits:
    """Return `known` for another mean: grey levels, of the same shape."""
    return _limits(mean, known.noise, known.quiet, tuned)


def levelled(known: Limits, mean: Plane) -> Limits:
    """Return `known` for a mean that differs little: what counts as a difference stays."""
    return known._replace(level=_bytes(cv2.convertScaleAbs(mean)))


def _limits(mean: Plane, noise: Luma, quiet: Luma, tuned: Tuning) -> Limits:
    level = cv2.convertScaleAbs(mean)
    steps = cv2.morphologyEx(level, cv2.MORPH_GRADIENT, _RIM)
    strong = np.maximum(noise, _floor(_bytes(level), tuned.threshold_floor))
    # A gradient is the step over two pixels, from the one before to the one after.
    strong = cv2.addWeighted(strong, 1, steps, EDGE_SHARE / 2, 0)
    weak = cv2.convertScaleAbs(strong, alpha=WEAK_SHARE)
    return Limits(_bytes(level), _bytes(strong), _bytes(weak), quiet, noise)


def find(known: Limits, luma: Luma) -> tuple[Mask, Luma]:
    """Return where `luma` differs, and by how many grey levels each pixel is off.

    luma  uint8 (rows, columns), of the limits' shape; not changed
    """
    off = _bytes(cv2.absdiff(luma, known.level))
    mask: Mask = np.zeros_like(luma)
    differs = cv2.compare(off, known.strong, cv2.CMP_GT)
    here = _around(cv2.boundingRect(differs), _MOST // 2, luma)
    differs[here] = _mostly(differs[here])
    left, top, width, height = cv2.boundingRect(differs[here])
    if not width:
        return mask, off
    left, top = left + here[1].start, top + here[0].start
    there = _around((left, top, width, height), _REACH, luma)
    strong = differs[there]
    weak = cv2.medianBlur(cv2.compare(off[there], known.weak[there], cv2.CMP_GT), 3)
    near = strong
    for _ in range(GROWTHS):
        near = cv2.bitwise_and(cv2.dilate(near, _GROW), weak)
    whole = cv2.morphologyEx(cv2.bitwise_or(strong, near), cv2.MORPH_CLOSE, _CLOSE)
    mask[there] = _outlined(whole, off[there], known.quiet[there])
    return mask, off


def rough(known: Limits, luma: Luma) -> Mask:
    """Return what may differ, noise included: what `find` makes whole, at a tenth of its price.

    luma  uint8 (rows, columns), of the limits' shape; not changed
    """
    differs = cv2.compare(cv2.absdiff(luma, known.level), known.strong, cv2.CMP_GT)
    # Of what is just as far off as the limit, every other pixel is further by chance.
    return _bytes(cv2.dilate(differs, _RIM))


def _around(rectangle: Sequence[int], margin: int, luma: Luma) -> tuple[slice, slice]:
    """Return the rows and columns of `luma` within `margin` pixels of a rectangle of OpenCV's."""
    left, top, width, height = rectangle
    rows, columns = luma.shape
    return (
        slice(max(top - margin, 0), min(top + height + margin, rows)),
        slice(max(left - margin, 0), min(left + width + margin, columns)),
    )


def _floor(level: Luma, bright_floor: float) -> Luma:
    # What is dark differs by less from what is before it.
    floor = _bytes(cv2.convertScaleAbs(level, alpha=bright_floor / BRIGHT))
    return np.clip(floor, round(DARK_SHARE * bright_floor), round(bright_floor))


def _mostly(differs: cv2.typing.MatLike) -> cv2.typing.MatLike:
    # The median, at a fifth of its price: of two values it is the majority.
    share = cv2.blur(differs, (_MOST, _MOST), borderType=cv2.BORDER_REPLICATE)
    return cv2.threshold(share, 127, 255, cv2.THRESH_BINARY)[1]


def _outlined(mask: cv2.typing.MatLike, off: Luma, quiet: Luma) -> cv2.typing.MatLike:
    # The limit alone would cut faint objects short: a pixel that they half cover is half as
    # far off as they are. What is inside counts as off by a level at least, so that one plane
    # tells both where the rim is and what is seen there; half a level is none.
    # That is said with a plane, as np.clip was measured to take ten times as long.
    beside = cv2.dilate(cv2.min(mask, cv2.max(off, np.ones_like(off))), _RIM)
    half = cv2.max(cv2.convertScaleAbs(beside, alpha=0.5), quiet)
    seen = cv2.compare(off, half, cv2.CMP_GT)
    return cv2.bitwise_or(mask, seen, dst=mask, mask=beside)


def _bytes(picture: cv2.typing.MatLike) -> Luma:
    # cv2 types any dtype; of bytes this makes no copy.
    return np.asarray(picture, np.uint8)
