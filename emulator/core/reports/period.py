"""Report periods: which buckets a report has, and when each of them was (CONTRACT 5).

A bucket is a span of the wall clock, e.g. 14:00 up to 15:00, and the stretches of real
time in which the clock read so: one as a rule, two or none where the clock was put back or
forward. All periods count from the start that was asked for (REP-02); none is aligned to a
calendar week or year.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from emulator.core.localtime import (
    DAY_MS,
    HOUR_MS,
    Offset,
    Stretch,
    offsets,
    reading_ms,
    stretches,
    to_instant,
    to_local,
)

KINDS = ("daily", "weekly", "monthly", "annual", "hour")
"""By sub_type, 0..4 (facts 5.1); "hour" is the recorder's "last hour" [INV]."""

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class PeriodError(ValueError):
    """A period that can't be; the message names the start or the kind."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One row of a time report.

    start, end  wall clock readings without zone, half-open
    stretches   the real time in which the clock read so; UTC ms, in order
    """

    start: datetime
    end: datetime
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A report's buckets, in order; neighbours meet."""

    kind: str
    buckets: tuple[Bucket, ...]

    @property
    def start(self) -> datetime:
        """The first bucket's start, as floored from what was asked for."""
        return self.buckets[0].start

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """All of the buckets' real time, in order, neighbours joined."""
        joined: list[Stretch] = []
        for start_ms, end_ms in sorted(s for bucket in self.buckets for s in bucket.stretches):
            if joined and joined[-1].end_ms == start_ms:
                start_ms = joined.pop().start_ms  # noqa: PLW2901
            joined.append(Stretch(start_ms, end_ms))
        return tuple(joined)


def period(kind: str, start: datetime, zone: tzinfo) -> Period:
    """Return the `kind` of period that begins with the wall clock reading `start`.

    Raises PeriodError for an unknown kind, or where the calendar ends before the period.
    """
    if kind not in KINDS:
        raise PeriodError(f"report type {kind!r} is not one of {', '.join(KINDS)}")
    try:
        edges = _edges(kind, start)
        # A day more on both sides than any zone is off UTC.
        low_ms = to_instant(edges[0] - _DAY, zone) - DAY_MS
        high_ms = to_instant(edges[-1] + _DAY, zone) + DAY_MS
        known = offsets(low_ms, high_ms, zone)
    except (OverflowError, ValueError) as error:
        raise PeriodError(f"{kind} from {start} leaves the calendar") from error
    return Period(kind, tuple(_bucket(a, b, known) for a, b in pairwise(edges)))


def smallest(start: datetime, end_ms: int, zone: tzinfo) -> Period:
    """Return the smallest period from `start` that holds everything before `end_ms`.

    Raises PeriodError where even the annual one is too short.
    """
    for kind in KINDS[:4]:
        candidate = period(kind, start, zone)
        # No stretch at all: a day that the zone skipped (Apia, 30 December 2011).
        if any(end_ms <= last.end_ms for last in candidate.stretches[-1:]):
            return candidate
    raise PeriodError(f"what begins {start} outlasts the annual report from there")


def hour_of(at_ms: int, zone: tzinfo) -> Stretch:
    """Return the wall clock hour that `at_ms` lies in, as far as the offset stays."""
    start = to_local(at_ms, zone).replace(minute=0, second=0, microsecond=0)
    # Each offset by itself: the hour that autumn repeats is two hours to be kept.
    known = offsets(at_ms - HOUR_MS, at_ms + HOUR_MS, zone)
    return _holding(
        at_ms, [part for one in known for part in stretches(start, start + _HOUR, [one])]
    )


def day_of(at_ms: int, zone: tzinfo) -> Stretch:
    """Return the local day that `at_ms` lies in.

    A clock put back from just after midnight to the day before (St John's, until 2010) cuts
    days in pieces: this is the piece that holds `at_ms`.
    """
    start = _midnight(to_local(at_ms, zone))
    return _around(at_ms, start, start + _DAY, zone)


def month_of(at_ms: int, zone: tzinfo) -> Stretch:
    """Return the local month that `at_ms` lies in; its piece, as with `day_of`."""
    start = _midnight(to_local(at_ms, zone)).replace(day=1)
    return _around(at_ms, start, _next_month(start), zone)


def _edges(kind: str, start: datetime) -> list[datetime]:
    if kind in {"daily", "hour"}:
        first = start.replace(minute=0, second=0, microsecond=0)
        return [first + n * _HOUR for n in range((24 if kind == "daily" else 1) + 1)]
    first = _midnight(start)
    if kind == "annual":
        edges = [first, _next_month(first)]
        while len(edges) < 13:
            edges.append(_next_month(edges[-1]))
        return edges
    days = 7 if kind == "weekly" else monthrange(first.year, first.month)[1]
    return [first + n * _DAY for n in range(days + 1)]


def _bucket(start: datetime, end: datetime, known: Sequence[Offset]) -> Bucket:
    return Bucket(start, end, tuple(stretches(start, end, known)))


def _around(at_ms: int, start: datetime, end: datetime, zone: tzinfo) -> Stretch:
    # No two offsets are more than two days apart.
    reach_ms = reading_ms(end) - reading_ms(start) + 2 * DAY_MS
    return _holding(at_ms, stretches(start, end, offsets(at_ms - reach_ms, at_ms + reach_ms, zone)))


def _holding(at_ms: int, parts: Sequence[Stretch]) -> Stretch:
    return next(part for part in parts if part.start_ms <= at_ms < part.end_ms)


def _midnight(reading: datetime) -> datetime:
    return reading.replace(hour=0, minute=0, second=0, microsecond=0)


def _next_month(first: datetime) -> datetime:
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return first.replace(year=year, month=month, day=1)
