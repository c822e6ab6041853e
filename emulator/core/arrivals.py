"""A live picture's stretch: instants of arrival in, half-open stretches out (CONTRACT 4).

A live source's own time stamps are not used: cameras begin them anywhere, and correct them
in mid-stream. What counts is when a picture arrived by the camera's clock, so that heat is
in real seconds whatever a network does to the stream. A picture stands until the next one
arrives; before an outage, or a jump of the clock, it stands for one frame period.
"""

from dataclasses import dataclass

from emulator.core.axis import LONGEST_STEP_S
from emulator.core.localtime import SECOND_MS


@dataclass(frozen=True, slots=True)
class Pace:
    """Which pictures are looked at, when there are more than wanted.

    every_ms  a picture is wanted each time so much has passed; 0: every picture is
    due_ms    when the next one is; None: at once
    """

    every_ms: float
    due_ms: float | None = None

    def wants(self, at_ms: int) -> bool:
        """Tell whether a picture that arrives now is to be looked at."""
        if self.due_ms is None:
            return True
        # A quarter too early will do, or one that comes a moment before its time would leave
        # its place to the next. A clock that was set back does not keep all others waiting.
        early_ms = self.due_ms - at_ms
        return early_ms <= self.every_ms / 4 or early_ms > 2 * self.every_ms + 1

    def after(self, at_ms: int) -> "Pace":
        """Return the pace once a picture that arrived at `at_ms` is taken."""
        is_steady = self.due_ms is not None and abs(at_ms - self.due_ms) < self.every_ms
        from_ms = self.due_ms if self.due_ms is not None and is_steady else at_ms
        # After a late one the next is not wanted at once: two would share an instant.
        due_ms = max(from_ms + self.every_ms, at_ms + self.every_ms / 2)
        return Pace(self.every_ms, max(due_ms, from_ms + 1))


def stands_until(
    at_ms: int, next_ms: int | None, is_fresh: bool, period_ms: int
) -> tuple[int, bool]:
    """Return until when a picture stands, and whether the next one is a cut.

    at_ms      when the picture arrived, ms since 1970 UTC
    next_ms    when the next one did; None: there is none yet
    is_fresh   the next one is the first after an outage
    period_ms  how long a picture stands that nothing follows
    """
    if next_ms is None:
        return at_ms + period_ms, True
    step_ms = next_ms - at_ms
    if not is_fresh and 0 < step_ms <= LONGEST_STEP_S * SECOND_MS:
        return next_ms, False
    # Never into the next one's stretch: no instant is counted twice.
    return at_ms + (min(period_ms, step_ms) if step_ms > 0 else period_ms), True
