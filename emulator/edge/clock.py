"""The camera's clock: a film axis that only goes forward, and how far the wall is off it.

While a source plays, one picture moves the film axis by what that picture stands for,
however fast pictures come (CONTRACT 4). When it has ended, the axis runs on at some pace of
real time, as it always does for a live source, whose pictures are stamped by it. The clock
reads the axis plus an offset, and whoever sets or steps the clock changes the offset alone
(core/readings.py). Nothing else in the camera knows what time it is.
"""

import re
import threading
import time
from collections.abc import Callable
from datetime import timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from emulator.core.localtime import SECOND_MS

_BEHIND = re.compile(r"UTC([+-])([0-9]{2}):([0-9]{2})")


class ZoneError(ValueError):
    """A time zone that nobody knows; the message names it."""


def zone_of(name: str) -> tzinfo:
    """Return the IANA zone `name`, or the fixed one that POSIX writes `UTC-05:30`.

    Raises ZoneError.
    """
    if match := _BEHIND.fullmatch(name):
        sign, hours, minutes = match.groups()
        behind = timedelta(hours=int(hours), minutes=int(minutes))
        if int(minutes) < 60 and behind < timedelta(days=1):
            return timezone(behind if sign == "-" else -behind)  # POSIX counts westward
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ZoneError(f"{name[:60]!r} is not an IANA time zone such as Europe/Berlin") from None


class _Kept(NamedTuple):
    """What the clock goes by. One value, so that no thread sees a part of it new and a part old.

    film_ms    the film axis, since_s of real time ago; None: it rests there
    pace       seconds of film a second of real time
    is_frozen  it rests, and goes on as `runs_on` says
    """

    film_ms: int
    since_s: float | None
    offset_ms: int
    pace: float = 1.0
    runs_on: bool = False
    is_frozen: bool = False


class Clock:
    """Says what time it is in the camera, in ms since 1970 UTC; safe to use from any thread.

    begins_ms  the first reading, and where the film axis begins
    monotonic  seconds of real time; handed in so that tests can turn it by hand
    """

    def __init__(self, begins_ms: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._changing = threading.Lock()
        self._kept = _Kept(begins_ms, None, 0)

    def now_ms(self) -> int:
        """Return what the clock reads."""
        kept = self._kept
        return self._film(kept) + kept.offset_ms

    def film_ms(self) -> int:
        """Return the instant on the film axis."""
        return self._film(self._kept)

    @property
    def offset_ms(self) -> int:
        """How far the clock reads ahead of the film axis."""
        return self._kept.offset_ms

    @property
    def is_frozen(self) -> bool:
        """Whether it rests until it is thawed."""
        return self._kept.is_frozen

    @property
    def pace(self) -> float:
        """Seconds of the film axis a second of real time, where it runs on."""
        return self._kept.pace

    # --- the film axis ---------------------------------------------------------------------

    def set_by_source(self, film_ms: int) -> None:
        """Move the film axis to the end of the source's latest picture; it rests there."""
        self._change(film_ms=film_ms, runs_on=False)

    def run_on(self, pace: float | None = None) -> None:
        """From now on follow real time, at `pace` where given, else at the pace as it was."""
        self._change(runs_on=True, pace=self._kept.pace if pace is None else pace)

    def keep_pace(self, pace: float) -> None:
        """Run on at `pace` whenever it does."""
        self._change(pace=pace)

    def freeze(self) -> None:
        """Stand still until it is thawed."""
        self._change(is_frozen=True)

    def thaw(self) -> None:
        """Go on as before it was frozen."""
        self._change(is_frozen=False)

    # --- the reading -----------------------------------------------------------------------

    def set(self, reading_ms: int) -> None:
        """Read `reading_ms` now."""
        with self._changing:
            self._kept = self._kept._replace(offset_ms=reading_ms - self._film(self._kept))

    def step(self, by_ms: int) -> None:
        """Read `by_ms` more than it would, less if negative."""
        with self._changing:
            self._kept = self._kept._replace(offset_ms=self._kept.offset_ms + by_ms)

    # --- how it works ----------------------------------------------------------------------

    def _film(self, kept: _Kept) -> int:
        if kept.since_s is None:
            return kept.film_ms
        return kept.film_ms + int(SECOND_MS * kept.pace * (self._monotonic() - kept.since_s))

    def _change(
        self,
        film_ms: int | None = None,
        runs_on: bool | None = None,
        pace: float | None = None,
        is_frozen: bool | None = None,
    ) -> None:
        with self._changing:
            kept = self._kept
            runs_on = kept.runs_on if runs_on is None else runs_on
            pace = kept.pace if pace is None else pace
            is_frozen = kept.is_frozen if is_frozen is None else is_frozen
            goes = runs_on and not is_frozen
            if film_ms is None and goes and kept.since_s is not None and pace == kept.pace:
                return  # to begin anew would cost the part of a millisecond each time
            since_s = self._monotonic() if goes else None
            film_ms = self._film(kept) if film_ms is None else film_ms
            self._kept = _Kept(film_ms, since_s, kept.offset_ms, pace, runs_on, is_frozen)
