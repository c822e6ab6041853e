"""Automatic export: what is due when, which reports that means, and their names (EXP-01).

Pure: the clock's readings are arguments. An export is told by the wall clock reading it
was set to, so that a clock put back, for winter or by hand, makes none twice.

  due       an export and the first instant at which the clock reads its time or later: a
            time that spring skips comes with the end of the gap, one that autumn repeats
            with its first pass
  progress  up to when nothing is due any more, and what was exported lately

What is exported is the latest report of its kind that is over: every day the 24 whole hours
before, on a weekday the 7 days before, or the month or the twelve months that ended last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple

from emulator.core.cgi import ReportQuery
from emulator.core.localtime import DAY_MS, offsets, stretches, to_instant, to_local
from emulator.core.reports.export_settings import EVERY_DAY, ExportSettings
from emulator.core.reports.period import period

MOST_MISSED = 366
"""After a clock set far forward, or a long time without power, only the latest so many run."""

MOST_REMEMBERED = 1000
"""Exports that a clock set back doesn't repeat."""

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 60, 3600

ENDINGS = {"space": "png", "time": "csv"}  # REP-05

_DAY = timedelta(days=1)
_YEARS = range(3, 9998)  # so that no report leaves the calendar


class DeliveryError(ValueError):
    """An export that didn't arrive; one line that names the server and says why."""


class Due(NamedTuple):
    """An export: the reading it was set to, and the instant at which it is due."""

    reading: datetime
    at_ms: int


class Report(NamedTuple):
    """One file of an export: `space` or `time`, how to ask for it, and its name."""

    what: str
    query: ReportQuery
    name: str


class File(NamedTuple):
    """A report as it is delivered."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Progress:
    """What needs no export any more.

    through_ms  everything that was due by then is dealt with
    done        readings of the latest exports, in order of their making
    """

    through_ms: int
    done: tuple[datetime, ...] = ()

    def plus(self, due: Due) -> "Progress":
        """Return this with one more export done."""
        done = (*self.done, due.reading)[-MOST_REMEMBERED:]
        return Progress(max(self.through_ms, due.at_ms), done)

    def at(self, now_ms: int) -> "Progress":
        """Return this with nothing due by `now_ms`."""
        return Progress(now_ms, self.done)


def due(settings: ExportSettings, after_ms: int, until_ms: int, zone: tzinfo) -> list[Due]:
    """Return what is due after `after_ms`, up to and including `until_ms`, in order.

    The latest MOST_MISSED of it, where there is more.
    """
    if not settings.is_on or until_ms <= after_ms:
        return []
    now = to_local(until_ms, zone)
    if now.year not in _YEARS:
        return []
    found: list[Due] = []
    # From the day after: a clock put back over midnight has shown that day's start already.
    for reading in _backwards(settings, now + _DAY):
        at_ms = _first_instant(reading, zone)
        if at_ms <= after_ms or len(found) == MOST_MISSED:
            break
        if at_ms <= until_ms:
            found.append(Due(reading, at_ms))
    return found[::-1]


def pending(settings: ExportSettings, progress: Progress, now_ms: int, zone: tzinfo) -> list[Due]:
    """Return what is due by `now_ms` and not done."""
    waiting = due(settings, progress.through_ms, now_ms, zone)
    return [one for one in waiting if one.reading not in progress.done]


def reports(settings: ExportSettings, reading: datetime, serial: str, zone: tzinfo) -> list[Report]:
    """Return the files of the export set to `reading`."""
    query = ReportQuery(settings.kind, _start(settings.kind, reading))
    wanted = {"space": settings.export_space, "time": settings.export_time}
    return [
        Report(what, query, file_name(serial, what, query, zone))
        for what, is_wanted in wanted.items()
        if is_wanted
    ]


def file_name(serial: str, what: str, query: ReportQuery, zone: tzinfo) -> str:
    """Return the name under which a report is exported (REP-05): its start as floored."""
    assert query.start is not None
    start = period(query.kind, query.start, zone).start
    return f"{serial}_{what}_{query.kind}_{start:%Y%m%d%H%M%S}.{ENDINGS[what]}"


def pause_s(failures: int) -> int:
    """Return how long to wait after so many failures in a row, from 1 on."""
    return min(SHORTEST_PAUSE_S << min(failures - 1, 16), LONGEST_PAUSE_S)


def _backwards(settings: ExportSettings, from_reading: datetime) -> Iterator[datetime]:
    at = time(settings.hour, settings.minute, settings.second)
    day = from_reading.date()
    while day.year in _YEARS:
        if settings.weekday in {EVERY_DAY, day.isoweekday() % 7}:  # Sunday is 0
            yield datetime.combine(day, at)
        day -= _DAY


def _first_instant(reading: datetime, zone: tzinfo) -> int:
    near_ms = to_instant(reading, zone)
    known = offsets(near_ms - 2 * DAY_MS, near_ms + 2 * DAY_MS, zone)
    return stretches(reading, reading + 2 * _DAY, known)[0].start_ms  # no gap is longer


def _start(kind: str, reading: datetime) -> datetime:
    """Return the start of the latest `kind` of report that is over at `reading`."""
    match kind:
        case "daily":
            return reading - _DAY
        case "weekly":
            return reading - 7 * _DAY
        case "monthly":  # from the same day of the month before, or its last
            last = reading.replace(day=1) - _DAY
            return last.replace(day=min(reading.day, last.day))
        case "annual":  # it ends with a month
            return reading.replace(year=reading.year - 1, day=1)
    raise AssertionError(kind)
