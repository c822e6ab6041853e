"""The catalogue's arithmetic, done slowly and plainly: what a report must hold, and when.

Pure, and made from the documents alone (requirements.toml; the export's ranges: docs/wire.md).
The camera's local time is a wall clock without a zone, as a client reads and writes it; where
instants matter a zone is an argument. Nothing here is quick, and nothing here is clever.
"""

import calendar
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

KINDS = ("daily", "weekly", "monthly", "annual")
ENDINGS = {"space": "png", "time": "csv"}  # REP-05
RETENTION = timedelta(hours=168)  # REP-06

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class Row(NamedTuple):
    """A row of a time report as it is labelled: its first and its last second, local."""

    start: datetime
    end: datetime


class Presence(NamedTuple):
    """Somebody who was there: from an instant to another, UTC, whole seconds."""

    since: datetime
    until: datetime


# --- rows: REP-07 --------------------------------------------------------------------------------


def floored(kind: str, start: datetime) -> datetime:
    """Return where a report begins that was asked for from `start`: its hour, or its day."""
    if kind in {"daily", "hour"}:
        return start.replace(minute=0, second=0, microsecond=0)
    return start.replace(hour=0, minute=0, second=0, microsecond=0)


def rows(kind: str, start: datetime) -> list[Row]:
    """Return the rows of a report, by their labels. kind: one of KINDS, or hour."""
    first = floored(kind, start)
    match kind:
        case "hour":
            starts = [first]
        case "daily":
            starts = [first + n * HOUR for n in range(24)]
        case "weekly":
            starts = [first + n * DAY for n in range(7)]
        case "monthly":
            starts = [first + n * DAY for n in range(days_of(first))]
        case "annual":
            starts = [first]
            while len(starts) < 12:
                starts.append(next_month(starts[-1]))
        case _:
            raise ValueError(f"no report is {kind}")
    return [Row(one, _after(kind, one) - SECOND) for one in starts]


def _after(kind: str, start: datetime) -> datetime:
    if kind == "annual":
        return next_month(start)
    return start + (HOUR if kind in {"daily", "hour"} else DAY)


def days_of(day: datetime) -> int:
    """Return how many days the month of `day` has."""
    return calendar.monthrange(day.year, day.month)[1]


def next_month(day: datetime) -> datetime:
    """Return 00:00 of the first day of the month after that of `day`."""
    first = day.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first + days_of(first) * DAY


# --- values: REP-08, labels of clock changes: REP-07 ---------------------------------------------


def time_values(wanted: Iterable[Row], present: Iterable[Presence], zone: tzinfo) -> list[int]:
    """Return each row's seconds: of everybody present, by what the wall clock then reads."""
    wanted = list(wanted)
    values = [0] * len(wanted)
    for one in present:
        for reading in _readings(one, zone):
            for number, row in enumerate(wanted):
                if row.start <= reading < row.end + SECOND:
                    values[number] += 1
    return values


def _readings(one: Presence, zone: tzinfo) -> Iterator[datetime]:
    at = one.since.astimezone(UTC)
    while at < one.until:
        yield at.astimezone(zone).replace(tzinfo=None)
        at += SECOND


# --- retention: REP-06 ---------------------------------------------------------------------------


def oldest_hour(now: datetime, zone: tzinfo) -> datetime:
    """Return the first hour that is seen without a card and a share, as the wall clock reads.

    now  an instant
    """
    ago = (now.astimezone(UTC) - RETENTION).astimezone(zone)
    return ago.replace(tzinfo=None, minute=0, second=0, microsecond=0)


# --- exported reports: REP-05, EXP-01 ------------------------------------------------------------


def file_name(serial: str, what: str, kind: str, start: datetime) -> str:
    """Return the name of an exported report. what: space or time."""
    began = floored(kind, start).strftime("%Y%m%d%H%M%S")
    return f"{serial}_{what}_{kind}_{began}.{ENDINGS[what]}"


def exported_start(kind: str, due: datetime) -> datetime:
    """Return the start of the latest report that is over when an export is due (local)."""
    match kind:
        case "daily":
            return due - DAY
        case "weekly":
            return due - 7 * DAY
        case "monthly":  # the same day of the month before, or its last
            last = due.replace(day=1) - DAY
            return last.replace(day=min(due.day, last.day))
        case "annual":  # the twelve months that ended with the last one
            return due.replace(year=due.year - 1, day=1)
    raise ValueError(f"no report is {kind}")
