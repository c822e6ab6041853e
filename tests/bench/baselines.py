"""The rivals: what people use today, with the defaults they use it with.

MOG2, KNN  OpenCV's own, all defaults; pixels that they call shadow are dropped
CNT        OpenCV contrib's counting subtractor, all defaults
running average
           the motion detector of recorders, in the manner of Frigate: brightness at 100 rows,
           blurred, against a slow running average of itself; differing pixels dilated, their
           outlines looked for. Made for boxes: its mask is coarse

Of each, the naive way to a heat map: every blob of a mask that is large enough heats its box
for as long as the frame stands. No tracks: what people write in an afternoon.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from emulator.core.frame import MAP_COLUMNS, MAP_ROWS, Box, Size, map_cells

SMALL_ROWS = 100
AVERAGE_SHARE = 0.01
"""How much of each picture the running average takes in."""
DIFFERING = 30
"""Grey levels."""
MIN_BOX_SHARE = 1 / 400
"""Of the picture's area: our default size limit, for all alike."""


class RunningAverage:
    """Brightness against a slow running average of itself; a mask of the picture's size."""

    def __init__(self):
        self._average = None

    def apply(self, picture):
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
        rows, columns = grey.shape
        across = round(columns * SMALL_ROWS / rows)
        small = cv2.resize(grey, (across, SMALL_ROWS), interpolation=cv2.INTER_LINEAR)
        small = cv2.GaussianBlur(small, (3, 3), 0)
        if self._average is None:
            self._average = small.astype(np.float32)
        off = cv2.absdiff(small, cv2.convertScaleAbs(self._average))
        _, mask = cv2.threshold(off, DIFFERING, 255, cv2.THRESH_BINARY)
        mask = cv2.dilate(mask, None, iterations=1)
        cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        cv2.accumulateWeighted(small, self._average, AVERAGE_SHARE)
        return mask

    def boxed(self, picture):
        """Return the mask at the picture's own size."""
        rows, columns = picture.shape[:2]
        return cv2.resize(self.apply(picture), (columns, rows), interpolation=cv2.INTER_NEAREST)


@dataclass(frozen=True, slots=True)
class Rival:
    """A subtractor: `look` gives its raw answer, as timed; `mask` one of the picture's size."""

    look: Callable
    mask: Callable


def rivals() -> dict[str, Rival]:
    """Return a fresh one of each by name; CNT is left out where OpenCV has no contrib part."""
    made = {
        "MOG2": cv2.createBackgroundSubtractorMOG2(),
        "KNN": cv2.createBackgroundSubtractorKNN(),
    }
    if hasattr(cv2, "bgsegm"):
        made["CNT"] = cv2.bgsegm.createBackgroundSubtractorCNT()
    found = {
        name: Rival(one.apply, lambda picture, one=one: _sure(one.apply(picture)))
        for name, one in made.items()
    }
    average = RunningAverage()
    return found | {"running average": Rival(average.apply, average.boxed)}


@dataclass(slots=True)
class NaiveMap:
    """A heat map without tracks: boxes of a mask, frame by frame.

    cells  int64 (192, 192), ms; presence_ms: summed over boxes
    """

    corners: np.ndarray = field(
        default_factory=lambda: np.zeros((MAP_ROWS + 1, MAP_COLUMNS + 1), np.int64)
    )
    presence_ms: int = 0

    def take(self, mask, lasts_ms):
        """Add the boxes of one mask for `lasts_ms`."""
        for box in boxes(mask):
            self.add(box, Size(*mask.shape), lasts_ms)

    def add(self, box, size, lasts_ms):
        """Add one box in a picture of `size`."""
        top, left, bottom, right = map_cells(box, size)
        self.corners[top, left] += lasts_ms
        self.corners[top, right] -= lasts_ms
        self.corners[bottom, left] -= lasts_ms
        self.corners[bottom, right] += lasts_ms
        self.presence_ms += lasts_ms

    @property
    def cells(self):
        """Return the map so far."""
        return self.corners.cumsum(axis=0).cumsum(axis=1)[:MAP_ROWS, :MAP_COLUMNS]


def boxes(mask):
    """Yield the boxes of the blobs in `mask` that are large enough."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for left, top, columns, rows in map(cv2.boundingRect, outlines):
        if rows * columns >= MIN_BOX_SHARE * mask.size:
            yield Box(top, left, top + rows, left + columns)


def _sure(mask):
    # 127 is what they call a shadow.
    return np.where(mask == 255, np.uint8(255), np.uint8(0))
