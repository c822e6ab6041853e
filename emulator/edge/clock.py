"""The camera's clock: driven by its source, and by real time only when the source is at rest.

While a source plays, one picture moves the clock by what that picture stands for, however
fast pictures come (CONTRACT 4). When it has ended, the clock runs on at the pace of real
time, as it always does for a live source, whose pictures are stamped by it. Nothing else
in the camera knows what time it is.
"""

import time
from collections.abc import Callable

from emulator.core.localtime import SECOND_MS


class SourceClock:
    """Says what time it is in the camera, in ms since 1970 UTC; safe to read from any thread.

    begins_ms  the first reading
    monotonic  seconds of real time; handed in so that tests can turn it by hand
    """

    def __init__(self, begins_ms: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        # What it read, and since when it runs on from there (None: it rests). One value, so
        # that a thread never sees the one new and the other old.
        self._kept: tuple[int, float | None] = begins_ms, None

    def now_ms(self) -> int:
        """Return the camera's time."""
        reading_ms, since_s = self._kept
        if since_s is None:
            return reading_ms
        return reading_ms + int(SECOND_MS * (self._monotonic() - since_s))

    def set_by_source(self, at_ms: int) -> None:
        """Take the reading from the source: the end of its latest picture's stretch."""
        self._kept = at_ms, None

    def run_on(self) -> None:
        """From now on follow real time at 1 x."""
        reading_ms, since_s = self._kept
        if since_s is None:
            self._kept = reading_ms, self._monotonic()
