"""A background model that is shown pictures, and what it finds in them."""

import numpy as np

from emulator.core.detection import foreground
from emulator.core.detection.tuning import tuning
from emulator.core.frame import Box
from emulator.core.settings import HeatSettings

TUNED = tuning(HeatSettings())
QUICK = tuning(HeatSettings(adaptability=10))  # forgets half in 1.5 s
PERSON = Box(60, 100, 110, 120)
PERIOD_MS = 80
HOUR_MS = 3_600_000


class Watched:
    """A model that was shown pictures: its masks, the last model, and who left in which picture."""

    def __init__(self, model, tuned):
        self.model, self.tuned = model, tuned
        self.masks, self.left = [], {}

    def see(self, pictures, at_ms=None, period_ms=PERIOD_MS):
        """Show more pictures, each of `period_ms`; from where it was, unless told."""
        at_ms = self.model.learnt_ms if at_ms is None else at_ms
        for picture in pictures:
            at_ms += period_ms
            self.model, mask, _, left = foreground.find(self.model, picture, at_ms, self.tuned)
            if left:
                self.left[len(self.masks)] = left
            self.masks.append(mask)
        return self


def look(pictures, tuned=TUNED, ground=None):
    """What is found in the pictures; the model begins as `ground`, or as the first of them."""
    pictures = list(pictures)
    ground = pictures[0] if ground is None else ground
    return Watched(foreground.first(ground, 0, tuned), tuned).see(pictures, 0)


def share(mask, box=None):
    """How much of a box, or of the whole picture, is foreground: 0..1."""
    top, left, bottom, right = box or (0, 0, *mask.shape)
    return float(np.mean(mask[top:bottom, left:right] > 0))


def bounds(mask):
    rows, columns = np.nonzero(mask)
    return (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
