"""The space report as a picture: which colour lies over which heat (REP-03).

Pure. What is near grey in the scene shows the overlay's own hue, however opaque it is; so hues
need no word on opacity. Colours themselves are compared where the scene is known.

  flat   cells whose neighbours hold the same heat: there, no smoothing of an overlay shows
  hue    degrees: 0 red, 60 yellow, 120 green, 240 blue; reds below 0 rather than above 300
"""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from conformance.exchange import NoAnswerError
from conformance.forms import MAP_SIDE

STOPS = {  # REP-03: share of the maximum -> blue, green, red; linear between
    0.25: (255, 0, 0),
    0.55: (0, 255, 0),
    0.85: (0, 255, 255),
    1.00: (0, 0, 255),
}
LEAST_ALPHA, MOST_ALPHA = 64, 128
"""Of 255, at no heat and at the maximum (REP-03)."""

GREY, COLOURED = 16, 32
"""So far apart are a pixel's channels at most, of the scene, and at least, of the overlay."""

STEPS = 64

Picture = NDArray[np.uint8]
Grid = NDArray[Any]


class PictureError(NoAnswerError):
    """What is no picture; the message says what came instead."""


def decoded(content: bytes) -> Picture:
    """Return a picture as uint8 (rows, columns, 3), blue, green, red. Raises PictureError."""
    encoded = np.frombuffer(content, np.uint8)
    picture = cv2.imdecode(encoded, cv2.IMREAD_COLOR) if encoded.size else None
    if picture is None:
        raise PictureError(f"{len(content)} bytes that are no picture, beginning {content[:16]!r}")
    return np.asarray(picture, np.uint8)


def apart(one: Picture, other: Picture) -> Grid:
    """Return how far apart each pixel of two pictures of one size is: uint8 (rows, columns).

    The channel that differs most counts.
    """
    blue, green, red = cv2.split(cv2.absdiff(one, other))
    return np.asarray(cv2.max(cv2.max(blue, green), red))


def heat_grid(cells: Mapping[tuple[int, int], int]) -> Grid:
    """Return the cells of a map as int (192, 192)."""
    grid = np.zeros((MAP_SIDE, MAP_SIDE), np.int64)
    for (row, column), value in cells.items():
        grid[row, column] = value
    return grid


def under_cells(picture: Picture) -> Grid:
    """Return the pixel in the middle of each map cell: float (192, 192, 3)."""
    rows, columns = (((np.arange(MAP_SIDE) + 0.5) * n / MAP_SIDE).astype(int)
                     for n in picture.shape[:2])  # fmt: skip
    return picture[np.ix_(rows, columns)].astype(np.float64)


def flat(grid: Grid, within: float = 0.0) -> Grid:
    """Return which cells hold the same heat as all that are up to two away: bool.

    within  so far apart may their heats be
    """
    values, around = grid.astype(np.float64), np.ones((5, 5), np.uint8)
    spread = cv2.dilate(values, around) - cv2.erode(values, around)
    return np.asarray(spread <= within)


def hues(picture: Picture, scene: Picture, grid: Grid) -> dict[int, float]:
    """Return the hue over each step of heat that is seen on enough of a grey and flat scene.

    Steps are of a STEPS-th of the maximum; those over which nothing is coloured are left out.
    """
    shown, bare = under_cells(picture), under_cells(scene)
    steps = grid * STEPS // max(1, int(grid.max()))
    usable = flat(grid, float(grid.max()) / STEPS) & (np.ptp(bare, axis=2) <= GREY)
    found = {}
    for step in np.unique(steps[usable]).tolist():
        pixels = shown[usable & (steps == step)]
        colour = np.median(pixels, axis=0)
        if len(pixels) >= 4 and np.ptp(colour) >= COLOURED:
            found[int(step)] = hue(colour)
    return found


def hue(colour: Grid) -> float:
    """Return the hue of one colour (blue, green, red), in degrees from -60 to 300."""
    pixel = np.asarray(colour, np.float32).reshape(1, 1, 3) / 255
    degrees = float(cv2.cvtColor(pixel, cv2.COLOR_BGR2HSV)[0, 0, 0])
    return degrees - 360 if degrees > 300 else degrees


def expected(scene: Grid, share: Grid) -> Grid:
    """Return the colours that pixels of a scene must have under `share` of the maximum.

    scene  float (n, 3); share  float (n,), 0..1
    """
    alpha = (LEAST_ALPHA + (MOST_ALPHA - LEAST_ALPHA) * share)[:, np.newaxis] / 255
    channels = [np.interp(share, list(STOPS), [c[n] for c in STOPS.values()]) for n in range(3)]
    return np.asarray(scene * (1 - alpha) + np.stack(channels, axis=1) * alpha)
