"""The screen as a camera sees it: markers found, and where each of its points is seen.

Pure. Pictures are grey levels of any size; places in them are shares (across, down) of width
and height, so that a snapshot's size does not matter. The screen is flat: a homography takes
its points to the picture and back, and how far markers are off it tells of a bent image.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from conformance.stimulus import layout
from conformance.stimulus.layout import HEIGHT, MARKERS, MODULES, QUIET, SIDE, WIDTH, Grey, Rect

Points = NDArray[np.float64]
Corners = dict[int, Points]

LEAST_MARKERS = 4
LEAST_SHARE = 0.2
"""Of the picture's area: on a smaller screen things are too small for the camera's grids."""
BENT = 0.006
"""Markers may be off the homography by so much of the picture's width, in the mean."""

CUT = 0.003
"""Of the picture's sides: the screen's corners may be seen so far outside."""
INNER = 0.5
"""Of a part of the screen, down and across: what is looked at for its grey level."""


class LostError(ValueError):
    """The screen is not in the picture, or not so that it could be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Where the screen is seen.

    matrix    3 x 3: from pixels of the screen to shares of the picture
    corners   of each marker, from its top left, clockwise: shares of the picture
    size      the picture's width and height, pixels
    off_px    how far corners are off the homography in the mean (root of squares)
    contrast  grey levels between the markers' white and black
    """

    matrix: Points
    corners: Corners
    size: tuple[int, int]
    off_px: float
    contrast: float = 0.0

    def seen(self, points: Iterable[tuple[float, float]]) -> Points:
        """Return where points of the screen are seen: shares, (n, 2)."""
        return _mapped(self.matrix, points)

    def on_screen(self, points: Iterable[tuple[float, float]]) -> Points:
        """Return which points of the screen are seen at these shares of the picture: (n, 2)."""
        return _mapped(np.linalg.inv(self.matrix).astype(float), points)

    @property
    def share(self) -> float:
        """The share of the picture's area that the screen fills."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.seen(Rect(0, 0, WIDTH, HEIGHT).corners)
        return float(abs((cx - ax) * (dy - by) - (dx - bx) * (cy - ay)) / 2)

    def level(self, picture: Grey, where: Rect) -> float:
        """Return the grey level in the middle of a part of the screen, as a picture shows it."""
        aside, above = (
            (where.right - where.left) * INNER / 2,
            (where.bottom - where.top) * INNER / 2,
        )
        across, down = (where.left + where.right) / 2, (where.top + where.bottom) / 2
        middle = Rect(across - aside, down - above, across + aside, down + above)
        rows, columns = picture.shape
        seen = self.seen(middle.corners) * (columns, rows)
        left, top = np.floor(seen.min(0)).astype(int).clip(0, (columns - 1, rows - 1))
        right, bottom = np.ceil(seen.max(0)).astype(int)
        return float(picture[top : max(bottom, top + 1), left : max(right, left + 1)].mean())

    def contrast_in(self, picture: Grey) -> float:
        """Return the grey levels between the markers' white and black in a picture."""
        apart = []
        for left, top, right, _ in MARKERS:
            white = Rect(left, top - QUIET, right, top)
            black = Rect(left, top, right, top + SIDE / MODULES)
            apart.append(self.level(picture, white) - self.level(picture, black))
        return float(np.mean(apart))


def markers(picture: Grey) -> Corners:
    """Return the screen's markers that a picture shows: corners as shares of it."""
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    finder = cv2.aruco.ArucoDetector(layout.dictionary(), parameters)
    corners, numbers, _ = finder.detectMarkers(picture)
    rows, columns = picture.shape
    found: Corners = {}
    for number, each in zip(np.ravel(numbers) if corners else [], corners, strict=True):
        if number < len(MARKERS):
            # A corner is told by the middle of its pixel.
            found[int(number)] = (each.reshape(4, 2).astype(float) + 0.5) / (columns, rows)
    return found


def sighted(picture: Grey) -> Sight:
    """Return where a picture shows the screen. Raises LostError."""
    found = markers(picture)
    if len(found) < LEAST_MARKERS:
        raise LostError(
            f"the picture shows {len(found)} of the screen's {len(MARKERS)} markers"
            f"{_brightness(picture)}"
        )
    numbers = sorted(found)
    screen = np.concatenate([np.array(MARKERS[n].corners, float) for n in numbers])
    seen = np.concatenate([found[n] for n in numbers])
    fitted, _ = cv2.findHomography(screen, seen)
    rows, columns = picture.shape
    if np.shape(fitted) != (3, 3):  # of markers in a line it finds none
        raise LostError("the screen's markers are seen in a line")
    matrix = np.asarray(fitted, np.float64)
    off = (_mapped(matrix, map(tuple, screen)) - seen) * (columns, rows)
    off_px = float(np.sqrt((off**2).sum(1).mean()))
    sight = Sight(matrix, found, (columns, rows), off_px)
    _refuse_unfit(sight)
    return replace(sight, contrast=sight.contrast_in(picture))


def _refuse_unfit(sight: Sight) -> None:
    if sight.off_px > BENT * sight.size[0]:
        raise LostError(
            f"the screen's markers are {sight.off_px:.1f} pixels off a plane: "
            "it is bent by the lens, or was moving"
        )
    seen = sight.seen(Rect(0, 0, WIDTH, HEIGHT).corners)
    if seen.min() < -CUT or seen.max() > 1 + CUT:
        raise LostError("not all of the screen is in the picture")
    if sight.share < LEAST_SHARE:
        raise LostError(
            f"the screen fills {sight.share:.0%} of the picture; {LEAST_SHARE:.0%} are needed"
        )


def _brightness(picture: Grey) -> str:
    mean = float(picture.mean())
    return f" (it is dark: grey level {mean:.0f} of 255)" if mean < 30 else ""


def _mapped(matrix: Points, points: Iterable[tuple[float, float]]) -> Points:
    given = np.array(list(points), float)
    homogeneous = np.c_[given, np.ones(len(given))] @ matrix.T
    mapped: Points = homogeneous[:, :2] / homogeneous[:, 2:]
    return mapped
