"""A picture in which nothing ever moves: what a camera looks at that has nothing to look at.

It is one array for all cameras of a process, so that a thousand of them cost no pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from emulator.core.frame import Frame, Picture
from emulator.edge.sources.decoding import Count

NAME = "still"

ROWS, COLUMNS = 360, 640
STANDS_MS = 40
"""How long its one frame is; it stays for ever after."""


@dataclass(slots=True)
class Still:
    """A grey picture, shown once; it stays."""

    name: str = NAME
    duration_s: float = 0.0
    count: Count = field(default_factory=Count)

    def frames(self, begins_ms: int, from_ms: int = 0) -> Iterator[Frame]:
        """Yield its one frame, at the instant `begins_ms`."""
        del from_ms  # it has no length to be somewhere in
        self.count = Count(decoded=1, analysed=1)
        shown = _picture()
        yield Frame(begins_ms, begins_ms + STANDS_MS, shown[:, :, 0], lambda: shown, cut=True)


@cache
def _picture() -> Picture:
    grey = np.linspace(96, 160, ROWS, dtype=np.uint8)
    shown = np.repeat(np.repeat(grey[:, None, None], COLUMNS, axis=1), 3, axis=2)
    shown.flags.writeable = False
    return shown
