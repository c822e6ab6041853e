"""How hard a small device may be worked: a budget of requests, of seconds, and pauses.

Time is handed in. Putting a device back is never refused: whoever does that says `exempt`.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

GAP_S = 0.02
"""Between two requests to a device on the network. On this machine there is no need."""

PATIENCE_S = (1.0, 2.0, 4.0, 8.0)
"""Pauses after answers of 503, unless the device says Retry-After; then it stays at 503."""

LONGEST_PATIENCE_S = 30.0


class SpentError(ValueError):
    """A budget is used up; the message names it."""


@dataclass(slots=True)
class Pace:
    """Counts requests and lets time pass between them.

    monotonic, sleep   seconds of real time
    budget             requests, None: no limit; max_seconds likewise
    """

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    budget: int | None = None
    max_seconds: float | None = None
    gap_s: float = 0.0
    requests: int = 0
    exempt: bool = False
    _began_s: float | None = None
    _last_s: float | None = None

    def before(self) -> None:
        """Wait until the next request may go. Raises SpentError when a budget is used up."""
        now_s = self.monotonic()
        self._began_s = now_s if self._began_s is None else self._began_s
        if not self.exempt:
            self._refuse_spent(now_s - self._began_s)
        if self._last_s is not None and self.gap_s > now_s - self._last_s:
            self.sleep(self.gap_s - (now_s - self._last_s))
        self.requests += 1

    def after(self) -> None:
        """Note that an answer is there; the pause counts from here."""
        self._last_s = self.monotonic()

    def left(self) -> float:
        """Return how many requests the budget has left; infinity without one."""
        return math.inf if self.budget is None else max(0, self.budget - self.requests)

    def left_s(self) -> float:
        """Return how many seconds are left; infinity without a limit."""
        if self.max_seconds is None:
            return math.inf
        return max(0.0, self.max_seconds - self._elapsed_s())

    @contextmanager
    def share(self, requests: int, seconds: float) -> Iterator[None]:
        """Allow only so much of what is left: SpentError comes when the share is used up."""
        kept = self.budget, self.max_seconds
        self.budget = self.requests + int(min(requests, self.left()))
        if min(seconds, self.left_s()) < math.inf:
            self.max_seconds = self._elapsed_s() + min(seconds, self.left_s())
        try:
            yield
        finally:
            self.budget, self.max_seconds = kept

    def _elapsed_s(self) -> float:
        return 0.0 if self._began_s is None else self.monotonic() - self._began_s

    def back_off(self, attempt: int, retry_after: str) -> bool:
        """Wait as a 503 asks for; False: it has been tried often enough."""
        if attempt >= len(PATIENCE_S):
            return False
        asked_s = float(retry_after) if retry_after.isdecimal() else PATIENCE_S[attempt]
        self.sleep(min(asked_s, LONGEST_PATIENCE_S))
        return True

    def _refuse_spent(self, elapsed_s: float) -> None:
        if self.budget is not None and self.requests >= self.budget:
            raise SpentError(f"the budget of {self.budget} requests is spent (--budget)")
        if self.max_seconds is not None and elapsed_s >= self.max_seconds:
            raise SpentError(f"the {self.max_seconds:g} s are over (--max-seconds)")
