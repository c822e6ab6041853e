"""Who may try a password at the log-in page: wrong ones lock an account for a while (WEB-05).

Pure: instants are the camera clock's, in ms; a lock ends when that clock says so. Names
count whether or not there is such an account, so that an answer tells nobody which there are.

  wrong   when a name's latest wrong passwords came, those that still count
  locked  until when a name is locked

All numbers are [INV]: facts 11.9 knows of no real ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from emulator.core.localtime import MINUTE_MS


class Patience(NamedTuple):
    """So many wrong passwords within so long lock a name, and for so long."""

    most_wrong: int
    within_ms: int
    lasts_ms: int


PATIENCE = Patience(5, 5 * MINUTE_MS, 5 * MINUTE_MS)

MOST_NAMES = 1000
"""So many names are remembered; whoever tries more has the oldest forgotten."""


@dataclass(frozen=True, slots=True)
class Tries:
    """One name's: when its wrong passwords came, in order; since when it is locked, or None."""

    wrong_ms: tuple[int, ...] = ()
    locked_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Lockout:
    """All names' tries, the latest tried last; and what they are judged by."""

    by_name: Mapping[str, Tries] = field(default_factory=dict)
    patience: Patience = PATIENCE

    def left_ms(self, name: str, now_ms: int) -> int:
        """Return for how long `name` is still locked; 0: it is not.

        A clock that was set back to before the lock ends it: nobody waits for a time that
        may take years to come.
        """
        locked_ms = self.by_name.get(name, Tries()).locked_ms
        if locked_ms is None or not 0 <= now_ms - locked_ms < self.patience.lasts_ms:
            return 0
        return locked_ms + self.patience.lasts_ms - now_ms

    def tries_left(self, name: str, now_ms: int) -> int:
        """Return how many wrong passwords for `name` there may be, the last of which locks it."""
        if self.left_ms(name, now_ms):
            return 0
        return self.patience.most_wrong - len(self._counting(name, now_ms))

    def after_wrong(self, name: str, now_ms: int) -> "Lockout":
        """Return what holds after a wrong password for `name`, which is not locked."""
        wrong = (*self._counting(name, now_ms), now_ms)
        tries = Tries(locked_ms=now_ms) if len(wrong) >= self.patience.most_wrong else Tries(wrong)
        others = {other: tries for other, tries in self.by_name.items() if other != name}
        for oldest in list(others)[: max(0, len(others) + 1 - MOST_NAMES)]:
            del others[oldest]
        return replace(self, by_name=others | {name: tries})

    def after_right(self, name: str) -> "Lockout":
        """Return what holds after the right password for `name`: its wrong ones are forgotten."""
        others = {other: tries for other, tries in self.by_name.items() if other != name}
        return replace(self, by_name=others)

    def _counting(self, name: str, now_ms: int) -> tuple[int, ...]:
        before = self.by_name.get(name, Tries()).wrong_ms
        within_ms = self.patience.within_ms
        return tuple(at_ms for at_ms in before if 0 <= now_ms - at_ms < within_ms)
