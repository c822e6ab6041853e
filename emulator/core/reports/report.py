"""The two reports: what was stored, and a period, to values (REP-03, REP-04, REP-07..09).

Storage is asked through two functions, so that this room needs to know none: the presence
and the heat of a stretch of time. Values stay in milliseconds; they are rounded to seconds
once, where text is made (CONTRACT 3).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from emulator.core.localtime import HOUR_MS, Stretch
from emulator.core.reports.heat import CellHeat, no_heat
from emulator.core.reports.period import Period

RETENTION_HOURS = 168
"""Without an SD card and a NAS, hours that began earlier than this ago can't be seen (REP-06)."""


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One bucket's heat: wall clock readings, and presence in ms summed over objects."""

    start: datetime
    end: datetime
    presence_ms: int


def visible_from(
    now_ms: int, hour_start_ms: Callable[[int], int], retention_hours: int = RETENTION_HOURS
) -> int:
    """Return the first instant that can be seen at `now_ms` without SD card and NAS.

    hour_start_ms  gives the start of the wall clock's hour that an instant lies in
    """
    return hour_start_ms(now_ms - retention_hours * HOUR_MS)


def time_report(
    period: Period,
    presence_ms: Callable[[Stretch], int],
    seen_from_ms: int | None = None,
    seen_until_ms: int | None = None,
) -> tuple[TimeRow, ...]:
    """Return a row for each of the period's buckets; 0 where nothing was recorded.

    seen_from_ms, seen_until_ms  what lies before or after is not counted; None: all is
    """
    return tuple(
        TimeRow(
            bucket.start,
            bucket.end,
            sum(presence_ms(part) for part in _seen(bucket.stretches, seen_from_ms, seen_until_ms)),
        )
        for bucket in period.buckets
    )


def space_report(
    period: Period,
    heat: Callable[[Stretch], CellHeat],
    seen_from_ms: int | None = None,
    seen_until_ms: int | None = None,
) -> CellHeat:
    """Return the heat of exactly the buckets of the time report: uint64 (192, 192), ms."""
    total = no_heat().cells
    for part in _seen(period.stretches, seen_from_ms, seen_until_ms):
        total = total + heat(part)
    return total


def _seen(parts: tuple[Stretch, ...], from_ms: int | None, until_ms: int | None) -> list[Stretch]:
    cut = [
        Stretch(
            start_ms if from_ms is None else max(start_ms, from_ms),
            end_ms if until_ms is None else min(end_ms, until_ms),
        )
        for start_ms, end_ms in parts
    ]
    return [part for part in cut if part.start_ms < part.end_ms]
