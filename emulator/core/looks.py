"""Where in a picture somebody is whose looks are known: for those whom the mask can't part.

Looks are the brightness of a body's upper part: legs change with every step. In a group the
nearest is found first, and what he covers says nothing about those behind him.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import Box, Luma, Size, clip

Plane = NDArray[np.float32]

UPPER_SHARE = 0.65
"""Of a body's height, from the top: what is looked at."""

SEEN_SHARE = 0.25
"""Of somebody's looks: what must be in view to find him by them."""

REACH_SHARE = 0.3
"""Of a body's width: how far from where he is expected somebody is looked for."""

PRIOR_SHARE = 0.12
"""Of a body's width: by how far expectations usually miss."""

SAME_SCALE = 0.05
"""Looks are not scaled for less."""

LEVEL_NOISE = 15.0
"""Grey levels by which looks change from one picture to the next: arms swing."""


ON_GROUND, COVERED = 6.0, 3.0
"""What it costs to take somebody to be where the ground is seen, or behind somebody; to be
where something is seen costs the square of how far off its looks are, in LEVEL_NOISE."""


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """The upper part of somebody, as last seen alone.

    patch   float32 (rows, columns), grey levels
    inside  float32 (rows, columns): 1 where it is the body, 0 where it is the ground
    """

    patch: Plane
    inside: Plane


class Place(NamedTuple):
    """Where somebody was found, and which share of his looks was in view there."""

    box: Box
    seen: float


class Where(NamedTuple):
    """What is known of each pixel: uint8 (rows, columns), 1 for yes and 0 for no.

    free    something is seen there, and nobody nearer is known to be there
    ground  nobody is seen there
    """

    free: Luma
    ground: Luma


def scaled(known: Looks, height: float) -> Looks:
    """Return the looks of who is now `height` rows high, head to foot."""
    scale = height * UPPER_SHARE / known.patch.shape[0]
    if abs(scale - 1) < SAME_SCALE:
        return known
    rows, columns = (max(2, round(side * scale)) for side in known.patch.shape)
    patch = cv2.resize(known.patch, (columns, rows), interpolation=cv2.INTER_LINEAR)
    inside = cv2.resize(known.inside, (columns, rows), interpolation=cv2.INTER_NEAREST)
    return Looks(patch.astype(np.float32), inside.astype(np.float32))


def looks(luma: Luma, mask: NDArray[np.uint8], box: Box) -> Looks | None:
    """Return the looks of who stands alone in `box`; None: there is too little of him."""
    top, left, bottom, right = box
    rows = slice(top, top + max(1, round((bottom - top) * UPPER_SHARE)))
    inside = (mask[rows, left:right] > 0).astype(np.float32)
    if np.count_nonzero(inside) < 8:
        return None
    return Looks(luma[rows, left:right].astype(np.float32), inside)


def cover(where: Where, known: Looks, at: Box) -> None:
    """Take from `where` what is hidden by somebody `at` a place, in place."""
    top, left = _anchor(known, at)
    rows, columns = known.patch.shape
    body = clip(Box(top, left, top + rows, left + columns), Size(*where.free.shape))
    if not body.area:
        return
    inside = known.inside[body.top - top : body.bottom - top, body.left - left : body.right - left]
    beyond = inside == 0
    there = np.s_[body.top : body.bottom, body.left : body.right]
    where.free[there] *= beyond
    where.ground[there] *= beyond


def _anchor(known: Looks, at: Box) -> tuple[int, int]:
    # The head is in the middle, whatever the legs do.
    return at.top, (at.left + at.right - known.patch.shape[1]) // 2


def place(known: Looks, luma: Luma, where: Where, expected: Box) -> Place:
    """Return where somebody is, near where he is expected."""
    height, width = known.patch.shape
    reach = max(2, round(REACH_SHARE * width))
    top, left = _anchor(known, expected)
    window = Box(top - reach, left - reach, top + height + reach, left + width + reach)
    seen = clip(window, Size(*luma.shape))
    if not seen.area:
        return Place(expected, 0.0)
    there = np.s_[seen.top : seen.bottom, seen.left : seen.right]
    corner = seen.top - window.top, seen.left - window.left
    view = Where(where.free[there], where.ground[there])
    misfit, count, bare = _compared(known, luma[there], view, corner, reach)
    whole = float(known.inside.sum())
    share, bare = count / whole, bare / whole
    mean = misfit / np.maximum(count, 1) / (LEVEL_NOISE * LEVEL_NOISE)
    # How unlikely each place is: by what is seen there, and by how far it is from expected.
    off = np.arange(-reach, reach + 1, dtype=np.float32)
    usual = max(1.0, PRIOR_SHARE * width)
    far = (off[:, None] ** 2 + off[None, :] ** 2) / (2 * usual * usual)
    covered = 1 - share - bare
    cost = share * np.clip(mean, 0, ON_GROUND) + bare * ON_GROUND + covered * COVERED + far
    row, column = np.unravel_index(int(np.argmin(cost)), cost.shape)
    down, right = int(row) - reach, int(column) - reach
    found = float(share[row, column])
    if found < SEEN_SHARE:
        return Place(expected, found)
    return Place(
        Box(
            expected.top + down,
            expected.left + right,
            expected.bottom + down,
            expected.right + right,
        ),
        found,
    )


def _compared(
    known: Looks, luma: Luma, where: Where, corner: tuple[int, int], reach: int
) -> tuple[Plane, Plane, Plane]:
    """Return how looks fit at each place: float32 (2 reach + 1, 2 reach + 1) each.

    Summed squares of how far off they are where they are free to be seen, in grey levels, and
    how many of their pixels are free, and are ground.

    luma, where  of what can be seen, whose (row, column) in the window is `corner`
    """
    # Correlations, by way of spectra; transforms are most of the work, so each is made once.
    size = tuple(cv2.getOptimalDFTSize(side + 2 * reach) for side in known.patch.shape)
    looked = known.patch * known.inside
    inside, twice, squares = (
        cv2.dft(_framed(plane, size)) for plane in (known.inside, 2 * looked, looked * known.patch)
    )
    free, level = _framed(where.free, size, corner), _framed(luma, size, corner)
    told, view, ground = level * free, cv2.dft(free), _framed(where.ground, size, corner)
    misfit = (
        _correlated(view, squares)
        - _correlated(cv2.dft(told), twice)
        + _correlated(cv2.dft(told * level), inside)
    )
    count, bare = _correlated(view, inside), _correlated(cv2.dft(ground), inside)
    # Pixels are counted in whole numbers, whatever rounding a transform leaves.
    return (
        _places(misfit, reach),
        np.rint(_places(count, reach)),
        np.rint(_places(bare, reach)),
    )


def _framed(plane: Plane | Luma, size: tuple[int, ...], corner: tuple[int, int] = (0, 0)) -> Plane:
    (top, left), (rows, columns) = corner, plane.shape
    frame: Plane = np.zeros(size, np.float32)
    frame[top : top + rows, left : left + columns] = plane
    return frame


def _correlated(image: cv2.typing.MatLike, kernel: cv2.typing.MatLike) -> Plane:
    return np.asarray(cv2.mulSpectrums(image, kernel, 0, conjB=True), np.float32)


def _places(spectrum: Plane, reach: int) -> Plane:
    reached, inverse = 2 * reach + 1, cv2.DFT_INVERSE | cv2.DFT_SCALE
    plane = cv2.dft(spectrum, flags=inverse, nonzeroRows=reached)
    return np.asarray(plane[:reached, :reached], np.float32)
