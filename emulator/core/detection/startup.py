"""What a scene looks like empty when it is first seen: some pictures in, a ground out.

People may be in view from the first picture on. So the first seconds are looked at before
they are judged: what a pixel shows most of that time is taken for the ground, and then the
very same pictures are judged by it, from the first. Who stands there all that time is learnt
as ground; he is given his due when he leaves (`ghosts`, `stays.since_the_start`).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emulator.core.detection.middle import median_picture
from emulator.core.frame import Luma
from emulator.core.localtime import SECOND_MS

WATCH_MS = 4 * SECOND_MS
"""Walkers are gone from where they were in half of this."""

MOST_PIXELS = 10_000_000
"""What is kept of these pictures at most, whatever their rate: a byte a pixel."""

SAMPLES = 25
"""So many pictures are enough for a median."""


class Waiting(NamedTuple):
    """A picture that is not judged yet: uint8 (rows, columns), reduced, and its stretch, ms."""

    luma: Luma
    at_ms: int
    until_ms: int


def is_enough(waiting: Sequence[Waiting]) -> bool:
    """Tell whether enough was seen to know the ground."""
    seen_ms = waiting[-1].until_ms - waiting[0].at_ms
    return seen_ms >= WATCH_MS or len(waiting) * waiting[0].luma.size >= MOST_PIXELS


def samples(waiting: Sequence[Waiting]) -> list[Waiting]:
    """Return as many of the pictures as the ground is told from, spread over their time."""
    picked = np.linspace(0, len(waiting) - 1, min(SAMPLES, len(waiting))).round().astype(int)
    return [waiting[index] for index in picked]


def ground(waiting: Sequence[Waiting]) -> NDArray[np.float32]:
    """Return the empty scene, as far as it can be told: float32 (rows, columns), grey levels."""
    return median_picture(picture.luma for picture in samples(waiting)).astype(np.float32)
