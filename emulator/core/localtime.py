"""The camera's wall clock: instants to local readings and back, across offset changes.

Inside, an instant is whole milliseconds since 1970 UTC; a local reading is a datetime
without a zone. A zone is a stretch-wise constant offset, so the question "when did the
clock on the wall read between a and b?" has one stretch of instants for an answer as a
rule, two for the repeated hour of autumn, and none for the skipped hour of spring
(CONTRACT 4: labels are wall clock).
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_READING = datetime(1970, 1, 1)  # noqa: DTZ001  # readings have no zone, by definition
_MS = timedelta(milliseconds=1)


class Stretch(NamedTuple):
    """Half-open: from `start_ms` up to, not including, `end_ms`; UTC."""

    start_ms: int
    end_ms: int


class Offset(NamedTuple):
    """A stretch throughout which local reading = UTC + `ahead_ms`."""

    start_ms: int
    end_ms: int
    ahead_ms: int


def ahead_ms(at_ms: int, zone: tzinfo) -> int:
    """Return how far the local reading is ahead of UTC at `at_ms`.

    Raises OverflowError for instants outside the years 1..9999.
    """
    ahead = (_EPOCH + at_ms * _MS).astimezone(zone).utcoffset()
    assert ahead is not None
    return ahead // _MS


def to_local(at_ms: int, zone: tzinfo) -> datetime:
    """Return the wall clock's reading at `at_ms`. Raises OverflowError as `ahead_ms`."""
    return _EPOCH_READING + (at_ms + ahead_ms(at_ms, zone)) * _MS


def is_summer(at_ms: int, zone: tzinfo) -> bool:
    """Tell whether the clock is put forward for daylight saving at `at_ms`.

    Irish law calls summer time standard and puts the clock back in winter: never forward.
    """
    put_forward = (_EPOCH + at_ms * _MS).astimezone(zone).dst()
    return put_forward is not None and put_forward > timedelta(0)


def reading_ms(reading: datetime) -> int:
    """Return a zoneless reading as milliseconds since the reading 1970-01-01 00:00:00."""
    return (reading - _EPOCH_READING) // _MS


def to_instant(reading: datetime, zone: tzinfo) -> int:
    """Return the instant at which the wall clock first reads `reading`.

    A reading that spring skips is taken as if the clock had not been put forward.
    Raises OverflowError for readings that are not representable in UTC.
    """
    return (reading.replace(tzinfo=zone, fold=0).astimezone(UTC) - _EPOCH) // _MS


def offsets(start_ms: int, end_ms: int, zone: tzinfo) -> list[Offset]:
    """Return the stretches of constant offset that make up [start_ms, end_ms), in order.

    Looks once a day and halves from there, so a zone must keep each offset for a day.
    Raises OverflowError as `ahead_ms`.
    """
    found: list[Offset] = []
    since_ms, ahead = start_ms, ahead_ms(start_ms, zone)
    before_ms = start_ms
    while before_ms < end_ms:
        after_ms = min(before_ms + DAY_MS, end_ms)
        if (later := ahead_ms(after_ms, zone)) != ahead:
            changed_ms = _change(before_ms, after_ms, ahead, zone)
            found.append(Offset(since_ms, changed_ms, ahead))
            since_ms, ahead = changed_ms, later
        before_ms = after_ms
    if since_ms < end_ms:
        found.append(Offset(since_ms, end_ms, ahead))
    return found


def stretches(start: datetime, end: datetime, known: Sequence[Offset]) -> list[Stretch]:
    """Return when the wall clock read in [start, end), given the `known` offsets.

    Neighbouring stretches are joined. The known offsets must cover the answer.
    """
    low, high = reading_ms(start), reading_ms(end)
    found: list[Stretch] = []
    for since_ms, until_ms, ahead in known:
        start_ms, end_ms = max(since_ms, low - ahead), min(until_ms, high - ahead)
        if start_ms >= end_ms:
            continue
        if found and found[-1].end_ms == start_ms:
            start_ms = found.pop().start_ms
        found.append(Stretch(start_ms, end_ms))
    return found


def _change(before_ms: int, after_ms: int, ahead: int, zone: tzinfo) -> int:
    # The first instant whose offset is no longer `ahead`; between the two by halving.
    while after_ms - before_ms > 1:
        middle_ms = (before_ms + after_ms) // 2
        if ahead_ms(middle_ms, zone) == ahead:
            before_ms = middle_ms
        else:
            after_ms = middle_ms
    return after_ms
