"""Where in a picture somebody is whose looks are known: for those whom the mask can't part.

Looks are the brightness of a body's upper part: legs change with every step. In a group the
nearest is found first, and what he covers says nothing about those behind him.

He is looked for by correlation, by way of spectra. Transforms are most of the work, so two planes
are transformed as one, as real and imaginary part, and those of somebody's looks are made once and
kept with them, picture after picture.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import Box, Luma, Size, clip

Plane = NDArray[np.float32]
Spectrum = NDArray[np.complex64]

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

GREYS, PER_GREYS = np.float32(256), np.float32(1 / 256)
"""By this squares of greys are divided next to greys, lest those be lost in rounding."""

ON_GROUND, COVERED = 6.0, 3.0
"""What it costs to take somebody to be where the ground is seen, or behind somebody; to be
where something is seen costs the square of how far off its looks are, in LEVEL_NOISE."""


@dataclass(frozen=True, eq=False)
class Looks:
    """The upper part of somebody, as last seen alone.

    patch   float32 (rows, columns), grey levels
    inside  float32 (rows, columns): 1 where it is the body, 0 where it is the ground
    resized  the same in the size last asked for, by that size
    """

    patch: Plane
    inside: Plane
    resized: "dict[tuple[int, ...], Looks]" = field(default_factory=dict, repr=False)

    @cached_property
    def search(self) -> "_Search":
        """What is needed to look for him."""
        return _search(self)

    @cached_property
    def outside(self) -> Plane:
        """1 where it is the ground, 0 where it is the body."""
        outside: Plane = 1 - self.inside
        return outside


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What looking for somebody takes that is the same in every picture.

    reach    pixels: how far he is looked for, up and down and to both sides
    far      float32 (2 reach + 1, 2 reach + 1): what each place costs for being off
    whole    how many pixels he has
    size     of the planes that are transformed; the conjugate spectra of pairs of them:
    inside   of where he is, and nothing; squares: of the squares of his greys, and nothing
    greys    of -2 times his greys, and where he is, in GREYS
    """

    reach: int
    far: Plane
    whole: float
    size: tuple[int, ...]
    inside: Spectrum
    squares: Spectrum
    greys: Spectrum


class Place(NamedTuple):
    """Where somebody was found, and which share of his looks was in view there."""

    box: Box
    seen: float


class Where(NamedTuple):
    """What is known of each pixel: float32 (rows, columns), 1 for yes and 0 for no.

    free  something is seen there, and nobody nearer is known to be there
    open  nobody nearer is known to be there; what is not free of that is ground
    """

    free: Plane
    open: Plane


def scaled(known: Looks, height: float) -> Looks:
    """Return the looks of who is now `height` rows high, head to foot."""
    scale = height * UPPER_SHARE / known.patch.shape[0]
    if abs(scale - 1) < SAME_SCALE:
        return known
    size = rows, columns = tuple(max(2, round(side * scale)) for side in known.patch.shape)
    if size in known.resized:
        return known.resized[size]
    patch = cv2.resize(known.patch, (columns, rows), interpolation=cv2.INTER_LINEAR)
    inside = cv2.resize(known.inside, (columns, rows), interpolation=cv2.INTER_NEAREST)
    known.resized.clear()
    known.resized[size] = Looks(np.asarray(patch, np.float32), np.asarray(inside, np.float32))
    return known.resized[size]


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
    part = np.s_[body.top - top : body.bottom - top, body.left - left : body.right - left]
    for plane in where:
        there = plane[body.top : body.bottom, body.left : body.right]
        there *= known.outside[part]


def _anchor(known: Looks, at: Box) -> tuple[int, int]:
    # The head is in the middle, whatever the legs do.
    return at.top, (at.left + at.right - known.patch.shape[1]) // 2


def window(known: Looks, expected: Box) -> Box:
    """Return where somebody is looked for who is expected there."""
    reach, (height, width) = known.search.reach, known.patch.shape
    top, left = _anchor(known, expected)
    return Box(top - reach, left - reach, top + height + reach, left + width + reach)


def place(known: Looks, luma: Luma | Plane, where: Where, expected: Box) -> Place:
    """Return where somebody is, near where he is expected.

    luma, where  the same part of a picture, in grey levels, or all of it
    """
    search, reach = known.search, known.search.reach
    top, left, bottom, right = window(known, expected)
    seen = clip(Box(top, left, bottom, right), Size(*luma.shape))
    if not seen.area:
        return Place(expected, 0.0)
    there = np.s_[seen.top : seen.bottom, seen.left : seen.right]
    corner = seen.top - top, seen.left - left
    view = Where(where.free[there], where.open[there])
    misfit, count, bare = _compared(search, luma[there], view, corner)
    share, bare = count / search.whole, bare / search.whole
    mean = misfit / np.maximum(count, 1) / (LEVEL_NOISE * LEVEL_NOISE)
    # How unlikely each place is: by what is seen there, and by how far it is from expected.
    covered = 1 - share - bare
    unlike = np.minimum(np.maximum(mean, 0), ON_GROUND)
    cost = share * unlike + bare * ON_GROUND + covered * COVERED + search.far
    row, column = divmod(int(cost.argmin()), 2 * reach + 1)
    down, right = row - reach, column - reach
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


def _search(known: Looks) -> _Search:
    height, width = known.patch.shape
    reach = max(2, round(REACH_SHARE * width))
    off = np.arange(-reach, reach + 1, dtype=np.float32)
    usual = max(1.0, PRIOR_SHARE * width)
    size = tuple(cv2.getOptimalDFTSize(side + 2 * reach) for side in (height, width))
    looked, nothing = known.patch * known.inside, np.zeros_like(known.inside)
    return _Search(
        reach,
        (off[:, None] ** 2 + off[None, :] ** 2) / (2 * usual * usual),
        float(known.inside.sum()),
        size,
        *(
            _spectrum(real, imaginary, size).conj()
            for real, imaginary in (
                (known.inside, nothing),
                (looked * known.patch, nothing),
                (-2 * looked, GREYS * known.inside),
            )
        ),
    )


def _compared(
    search: _Search, luma: Luma | Plane, where: Where, corner: tuple[int, int]
) -> tuple[Plane, Plane, Plane]:
    """Return how looks fit at each place: float32 (2 reach + 1, 2 reach + 1) each.

    Summed squares of how far off they are where they are free to be seen, in grey levels, and
    how many of their pixels are free, and are ground.

    luma, where  of what can be seen, whose (row, column) in the window is `corner`
    """
    told: Plane = luma * where.free
    seen = _spectrum(where.free, where.open, search.size, corner)
    greys = _spectrum(told, told * luma * PER_GREYS, search.size, corner)
    # (a + bi) times the conjugate of (c + di) is ac + bd, and what nobody asks for.
    misfit = _places(seen * search.squares + greys * search.greys, search.reach)[..., 0]
    # Pixels are whole numbers, whatever rounding a transform leaves.
    counts = np.rint(_places(seen * search.inside, search.reach))
    count, most = counts[..., 0], counts[..., 1]
    return misfit, count, most - count


def _spectrum(
    real: Plane, imaginary: Plane, size: tuple[int, ...], corner: tuple[int, int] = (0, 0)
) -> Spectrum:
    (top, left), (rows, columns) = corner, real.shape
    frame: Plane = np.zeros((*size, 2), np.float32)
    there = frame[top : top + rows, left : left + columns]
    there[..., 0], there[..., 1] = real, imaginary
    return np.asarray(cv2.dft(frame), np.float32).view(np.complex64)[..., 0]


def _places(spectrum: Spectrum, reach: int) -> Plane:
    """Return both planes of a spectrum, so far as is asked for: (2 reach + 1, 2 reach + 1, 2)."""
    reached, inverse = 2 * reach + 1, cv2.DFT_INVERSE | cv2.DFT_SCALE
    planes = cv2.dft(spectrum.view(np.float32).reshape(*spectrum.shape, 2), flags=inverse)
    return np.asarray(planes, np.float32)[:reached, :reached]
