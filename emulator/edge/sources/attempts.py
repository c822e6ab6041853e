"""Ever new attempts at a live source: when the next one is due, and what to say meanwhile.

A source that is down for a night must not fill the log, nor be hammered: an outage is one
line when it begins, one more whenever the reason changes, and one when it is over.
"""

import logging
from collections.abc import Callable

log = logging.getLogger("stuntcam")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""How long to wait between attempts; each time twice as long."""

STEADY_S = 10.0
"""After pictures came for so long, the next outage is a new one: it begins with the first pause."""


class Attempts:
    """How it goes with one source; `monotonic` gives seconds of real time."""

    def __init__(self, name: str, monotonic: Callable[[], float]) -> None:
        self._name, self._monotonic = name, monotonic
        self._pause_s = 0.0
        self._told: str | None = None
        self._shown_s: float | None = None  # since when there are pictures
        self._silent_s: float | None = None  # since when there are none

    def succeeded(self) -> None:
        """Know that there are pictures from now on."""
        self._shown_s = self._monotonic()
        if self._silent_s is not None:
            without_s = self._shown_s - self._silent_s
            log.info("%s shows pictures, after %.0f s without", self._name, without_s)
        self._told = self._silent_s = None

    def failed(self, why: str) -> float:
        """Know that an attempt came to nothing, or that pictures come no more.

        Returns how many seconds to wait before the next attempt.
        """
        now_s = self._monotonic()
        if self._shown_s is not None and now_s - self._shown_s >= STEADY_S:
            self._pause_s = 0.0
        self._shown_s = None
        self._silent_s = now_s if self._silent_s is None else self._silent_s
        if why != self._told:
            log.warning("%s: %s; trying again until it shows pictures", self._name, why)
            self._told = why
        self._pause_s = min(max(FIRST_PAUSE_S, 2 * self._pause_s), LONGEST_PAUSE_S)
        return self._pause_s
