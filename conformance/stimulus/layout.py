"""The screen that is put before the lens: markers around its edge, a strip of code, a stage.

Pure. Pixels of a screen of WIDTH x HEIGHT; whatever shows it scales it as a whole.

    M  code code code code code  M
                                        M  a marker in its white square, never covered
    M           stage            M
                                        code  see code.py; above the stage, so that no box's
    M             M              M            foot is there
"""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
FLOOR = 120
"""The stage's grey level: far from both ends, so that things can be darker and lighter."""


class Rect(NamedTuple):
    """Pixels of the screen, half-open."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Its corners (across, down), from the top left, clockwise."""
        return (
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        )


SIDE, MODULES, QUIET = 96, 6, 16
"""Of a marker, which is so many modules wide, and the white margin that its finder wants."""
WHITE, BLACK = 235, 16

_SQUARE = SIDE + 2 * QUIET
_LEFT, _MIDDLE, _RIGHT = 0, (WIDTH - _SQUARE) // 2, WIDTH - _SQUARE
_TOP, _HALFWAY, _BOTTOM = 0, (HEIGHT - _SQUARE) // 2, HEIGHT - _SQUARE
SQUARES = (  # by the marker's number
    *((_LEFT, _TOP), (_RIGHT, _TOP)),
    *((_LEFT, _HALFWAY), (_RIGHT, _HALFWAY)),
    *((_LEFT, _BOTTOM), (_MIDDLE, _BOTTOM), (_RIGHT, _BOTTOM)),
)
MARKERS = tuple(
    Rect(left + QUIET, top + QUIET, left + QUIET + SIDE, top + QUIET + SIDE)
    for left, top in SQUARES
)
STRIP = Rect(146, 16, 1134, 84)
STAGE = Rect(150, 130, 1130, 580)
"""Where things may be."""
COUNTED = Rect(0, 92, WIDTH, HEIGHT)
"""Where heat may be counted: all of the screen below the strip, which is no scene."""


def dictionary() -> cv2.aruco.Dictionary:
    """Return the markers' own alphabet."""
    return cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)


@cache
def _frame() -> Grey:
    made = np.full((HEIGHT, WIDTH), FLOOR, np.uint8)
    for number, (left, top) in enumerate(SQUARES):
        made[top : top + _SQUARE, left : left + _SQUARE] = WHITE
        marker = cv2.aruco.generateImageMarker(dictionary(), number, SIDE)
        inner = made[top + QUIET : top + QUIET + SIDE, left + QUIET : left + QUIET + SIDE]
        inner[:] = np.where(marker > 0, WHITE, BLACK)
    made.flags.writeable = False
    return made


def frame() -> Grey:
    """Return the screen with nothing on its stage: uint8 (HEIGHT, WIDTH)."""
    return _frame().copy()
