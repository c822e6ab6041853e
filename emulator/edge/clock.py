"""The camera's clock: driven by its source, and by real time only when the source is at rest.

While a source plays, one picture moves the clock by what that picture stands for, however
fast pictures come (CONTRACT 4). When it has ended, the clock runs on at the pace of real
time. Nothing else in the camera knows what time it is.
"""

import time
from collections.abc import Callable


class SourceClock:
    """Says what time it is in the camera, in ms since 1970 UTC; safe to read from any thread.

    begins_ms  the first reading
    monotonic  seconds of real time; handed in so that tests can turn it by hand
    """

    def __init__(self, begins_ms: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._reading_ms = begins_ms
        self._running_since_s: float | None = None

    def now_ms(self) -> int:
        """Return the camera's time."""
        if self._running_since_s is None:
            return self._reading_ms
        return self._reading_ms + int(1000 * (self._monotonic() - self._running_since_s))

    def set_by_source(self, at_ms: int) -> None:
        """Take the reading from the source: the end of its latest picture's stretch."""
        self._reading_ms, self._running_since_s = at_ms, None

    def run_on(self) -> None:
        """From now on follow real time at 1 x."""
        if self._running_since_s is None:
            self._running_since_s = self._monotonic()
