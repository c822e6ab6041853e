"""When the scene grows brighter or darker: the model's mean in, a relit one out.

The median of the ratio between picture and model is the change of the light: objects and
shadows are few, and change is told from its first picture on. Slow change is followed in
small steps, which rules that look only for large areas miss. Clouds reach one part of a
scene before another, so each part's own median is followed too, but no faster than clouds
go, lest somebody who fills a part be taken for light.
"""

from functools import lru_cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.differences import Mask, Plane
from emulator.core.detection.middle import median
from emulator.core.frame import Luma

SLIGHT = 0.01
"""A change of brightness below this share is left to the pixels."""

LOCAL_SHARE_S = 0.25
"""A part of the scene may differ from the rest by so much more in a second."""

_EVERY = 5
"""Rows and columns between the points looked at: enough for a median."""

_BLOCK = 8
"""A part of the scene is so many points high and wide."""

_LEAST = 1 / 4
"""Of a part's points: what must be free and neither dark nor clipped."""

_GROW = cv2.getStructuringElement(cv2.MORPH_RECT, (13, 13))
_FAR = cv2.getStructuringElement(cv2.MORPH_RECT, (41, 41))


class Relit(NamedTuple):
    """The mean under another light; `stepped`: it changed at once, and so by guess only."""

    mean: Plane
    stepped: bool


def follow(
    mean: Plane, luma: Luma, objects: Mask, relight_share: float, since_s: float
) -> Relit | None:
    """Return `mean` under the light of `luma`; None: the light is the same.

    Behind objects it is a guess, for this picture alone; `carried` tells what to remember.

    mean           float32 (rows, columns), grey levels
    objects        uint8: 255 where something was a moment ago; those points say nothing
    relight_share  a larger change is a step
    since_s        s since the light was last followed
    """
    ratio = _ratios(mean, luma, objects)
    known = ratio[ratio < np.inf]
    if len(known) <= _points(*mean.shape).many // 20:
        return None
    gain = median(known)
    if abs(gain - 1) > relight_share:
        # Kept unclipped above 255: what was clipped is known again when the light goes back.
        return Relit(mean * np.float32(gain), True)
    gains = _parts(ratio, gain, LOCAL_SHARE_S * since_s).reshape(_points(*mean.shape).parts)
    if np.abs(gains - 1).max() <= SLIGHT:
        return None
    rows, columns = mean.shape
    smooth = cv2.resize(gains, (columns, rows), interpolation=cv2.INTER_LINEAR)
    relit = cv2.multiply(mean, smooth)
    # Beside a wall in a cloud's shadow the sky stays as it is.
    now = luma.astype(np.float32)
    stays = cv2.compare(cv2.absdiff(now, relit), cv2.absdiff(now, mean), cv2.CMP_GT)
    cv2.copyTo(mean, cv2.subtract(stays, objects), relit)
    return Relit(np.asarray(relit, np.float32), False)


def carried(before: Plane, after: Plane, objects: Mask) -> Plane:
    """Return `after`, where behind objects it grew as much brighter or darker as beside them.

    What objects cover is not seen, so it can't be learnt; but their surroundings are.

    before, after  float32 (rows, columns), grey levels: the mean before and after it was learnt
    objects        uint8: 255 where it could not be
    """
    left, top, width, height = cv2.boundingRect(objects)
    points = _points(*after.shape)
    seen = (objects.take(points.where) == 0) & points.exist
    if not width or not seen.any():
        return after
    # Sums, not medians: small steps are taken by some pixels and not by others.
    was, now = (np.where(seen, mean.take(points.where), 0).sum(axis=1) for mean in (before, after))
    if was.sum() <= 0:
        return after
    known = np.count_nonzero(seen, axis=1) >= _LEAST * _BLOCK * _BLOCK
    gain = now.sum() / was.sum()
    gains = np.where(known & (was > 0), now / np.maximum(was, 1), gain).astype(np.float32)
    gains = gains.reshape(points.parts)
    rows, columns = after.shape
    # Smooth from part to part, worked out where there are objects: across, cut, then down.
    across = cv2.resize(gains, (columns, len(gains)), interpolation=cv2.INTER_LINEAR)
    cut = across[:, left : left + width]
    smooth = cv2.resize(cut, (width, rows), interpolation=cv2.INTER_LINEAR)[top : top + height]
    lit = after.copy()
    there = np.s_[top : top + height, left : left + width]
    cv2.copyTo(cv2.multiply(before[there], smooth), objects[there], lit[there])
    return lit


def copied(mean: Plane, luma: Luma, objects: Mask, earlier: Mask) -> Plane:
    """Return `mean` with what `luma` shows, but for objects; for after a step of the light.

    A step reaches no two surfaces alike, so each is learnt anew.

    objects  uint8: 255 where the picture differs from the mean; earlier: before the step.
             Nobody has gone far since, so what differs elsewhere is light.
    """
    kept = (cv2.dilate(objects, _GROW) > 0) & (cv2.dilate(earlier, _FAR) > 0)
    kept |= (luma >= 255) & (mean >= 255)
    return np.where(kept, mean, luma).astype(np.float32)


class _Points(NamedTuple):
    """The points of a picture that are looked at, by the part of the scene that they are in.

    where  intp (parts, points): flat indices; a part at the edge has fewer, and some anywhere
    exist  bool (parts, points): which are in the picture
    many   how many are
    parts  (down, across): how many parts there are
    """

    where: NDArray[np.intp]
    exist: NDArray[np.bool_]
    many: int
    parts: tuple[int, int]


@lru_cache(maxsize=16)
def _points(rows: int, columns: int) -> _Points:
    down, across = (-(-len(range(_EVERY // 2, n, _EVERY)) // _BLOCK) for n in (rows, columns))
    row = _EVERY // 2 + _EVERY * np.arange(down * _BLOCK).reshape(down, 1, _BLOCK, 1)
    column = _EVERY // 2 + _EVERY * np.arange(across * _BLOCK).reshape(1, across, 1, _BLOCK)
    exist = ((row < rows) & (column < columns)).reshape(down * across, _BLOCK * _BLOCK)
    where = np.where(exist, (row * columns + column).reshape(down * across, _BLOCK * _BLOCK), 0)
    return _Points(where, exist, int(exist.sum()), (down, across))


def _ratios(mean: Plane, luma: Luma, objects: Mask) -> Plane:
    """Return how much brighter `luma` is at each point: float32 (parts, points); inf: unknown."""
    points = _points(*mean.shape)
    known, now = mean.take(points.where), luma.take(points.where)
    # Dark and clipped points say nothing.
    useful = (known > 16) & (known < 240) & (now > 2) & (now < 250) & points.exist
    useful &= objects.take(points.where) == 0
    return np.where(useful, now / np.maximum(known, 1), np.float32(np.inf)).astype(np.float32)


def _parts(ratio: Plane, gain: float, most: float) -> Plane:
    """Return each part's gain, within `most` of the whole's: float32 (parts,)."""
    # What says nothing is infinite, and so comes last.
    in_order = np.sort(ratio, axis=1)
    count = np.count_nonzero(ratio < np.inf, axis=1)
    middle = in_order[np.arange(len(ratio)), np.maximum(count, 1) // 2]
    own = np.where(count >= _LEAST * _BLOCK * _BLOCK, middle, np.float32(gain))
    parts: Plane = np.clip(own, gain - most, gain + most).astype(np.float32)
    return parts
