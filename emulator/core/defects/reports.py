"""Defects of what reports cover, and of what they hold."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

import numpy as np

from emulator.core.defects.defect import Defect
from emulator.core.frame import Picture
from emulator.core.localtime import HOUR_MS
from emulator.core.policy import Buckets, Latest, Paint, Rows
from emulator.core.reports.heat import CellHeat
from emulator.core.reports.period import Bucket, Period
from emulator.core.reports.report import TimeRow

_MONTH = 30
_DAY = timedelta(days=1)
_BLUE, _GREEN, _RED = range(3)


def _both(spoil: Callable[[Buckets], Buckets]) -> dict[str, Callable[[Any], Any]]:
    return {"time_period": spoil, "space_period": spoil}


def _starting(kind: str, changed: Callable[[datetime], datetime]) -> Callable[[Buckets], Buckets]:
    """Return what begins one type of report elsewhere."""

    def spoil(right: Buckets) -> Buckets:
        def wrong(asked: str, start: datetime, zone: tzinfo) -> Period:
            return right(asked, changed(start) if asked == kind else start, zone)

        return wrong

    return spoil


def _month_without_its_last_day(right: Buckets) -> Buckets:
    def wrong(kind: str, start: datetime, zone: tzinfo) -> Period:
        found = right(kind, start, zone)
        return replace(found, buckets=found.buckets[:-1]) if kind == "monthly" else found

    return wrong


def _month_of_thirty(right: Buckets) -> Buckets:
    def wrong(kind: str, start: datetime, zone: tzinfo) -> Period:
        found = right(kind, start, zone)
        if kind != "monthly":
            return found
        # Any month and the one after it have more.
        after = right(kind, found.buckets[-1].start + _DAY, zone)
        return replace(found, buckets=(*found.buckets, *after.buckets)[:_MONTH])

    return wrong


def _annual_as_monthly(right: Buckets) -> Buckets:
    def wrong(kind: str, start: datetime, zone: tzinfo) -> Period:
        return right("monthly" if kind == "annual" else kind, start, zone)

    return wrong


def _always_a_day(right: Buckets) -> Buckets:
    return lambda kind, start, zone: right("daily", start, zone)


def _buckets(changed: Callable[[Bucket], Bucket]) -> Callable[[Buckets], Buckets]:
    """Return what takes other real time for a row than its own."""

    def spoil(right: Buckets) -> Buckets:
        def wrong(kind: str, start: datetime, zone: tzinfo) -> Period:
            found = right(kind, start, zone)
            return replace(found, buckets=tuple(changed(one) for one in found.buckets))

        return wrong

    return spoil


def _without_leap_day(bucket: Bucket) -> Bucket:
    is_leap = (bucket.start.month, bucket.start.day) == (2, 29)
    return replace(bucket, stretches=()) if is_leap else bucket


def _without_second_pass(bucket: Bucket) -> Bucket:
    if not _is_repeated(bucket):
        return bucket
    first = bucket.stretches[0]
    return replace(bucket, stretches=(first._replace(end_ms=first.start_ms + HOUR_MS),))


def _with_each_pass_twice(bucket: Bucket) -> Bucket:
    return replace(bucket, stretches=bucket.stretches * 2) if _is_repeated(bucket) else bucket


def _is_repeated(bucket: Bucket) -> bool:
    """Tell whether it is the hour that autumn has twice."""
    lasted_ms = sum(end_ms - start_ms for start_ms, end_ms in bucket.stretches)
    return bucket.end - bucket.start == timedelta(hours=1) and lasted_ms > HOUR_MS


def _up_to_the_hour(right: Latest) -> Latest:
    return lambda now_ms: now_ms - now_ms % HOUR_MS


def _rows(changed: Callable[[list[TimeRow]], list[TimeRow]]) -> Callable[[Rows], Rows]:
    """Return what writes other rows than there are."""
    return lambda right: lambda rows: right(changed(list(rows)))


def _none_without_heat(rows: list[TimeRow]) -> list[TimeRow]:
    return rows if any(row.presence_ms for row in rows) else []


def _twice(rows: list[TimeRow]) -> list[TimeRow]:
    return [replace(row, presence_ms=2 * row.presence_ms) for row in rows]


def _coldest_reddest(right: Paint) -> Paint:
    def wrong(background: Picture, heat: CellHeat, counted: Any) -> Picture:
        return right(background, heat.max() - heat, counted)

    return wrong


def _hottest_green(right: Paint) -> Paint:
    def wrong(background: Picture, heat: CellHeat, counted: Any) -> Picture:
        black, white = np.zeros_like(background), np.full_like(background, 255)
        added = right(black, heat, counted)
        left = right(white, heat, counted) - added
        shown = background.astype(np.uint16) * left // 255
        return (shown + added[..., [_BLUE, _RED, _GREEN]]).astype(np.uint8)

    return wrong


DEFECTS = (
    Defect(
        "week-from-monday",
        "A weekly report begins on the Monday before the start that was asked for.",
        ("REP-02", "REP-07"),
        _both(_starting("weekly", lambda start: start - start.weekday() * _DAY)),
    ),
    Defect(
        "month-from-first",
        "A monthly report begins on the first of the month.",
        ("REP-02", "REP-07"),
        _both(_starting("monthly", lambda start: start.replace(day=1))),
        blind=True,
    ),
    Defect(
        "day-from-midnight",
        "A daily report begins at 00:00 of the day that was asked for.",
        ("REP-02", "REP-07"),
        _both(_starting("daily", lambda start: start.replace(hour=0))),
    ),
    Defect(
        "month-short",
        "A monthly report lacks its last day.",
        ("REP-02", "REP-07"),
        _both(_month_without_its_last_day),
    ),
    Defect(
        "month-of-thirty",
        "A monthly report has 30 days, whatever the month.",
        ("REP-02", "REP-07"),
        _both(_month_of_thirty),
        blind=True,
    ),
    Defect(
        "annual-is-monthly",
        "An annual report is a monthly one.",
        ("REP-01", "REP-02", "REP-07"),
        _both(_annual_as_monthly),
    ),
    Defect(
        "space-of-a-day",
        "The space map is a day's, whatever report type is asked for.",
        ("REP-02", "REP-08"),
        {"space_period": _always_a_day},
    ),
    Defect(
        "leap-day-lost",
        "What was recorded on 29 February is not reported.",
        ("REP-07",),
        _both(_buckets(_without_leap_day)),
    ),
    Defect(
        "autumn-hour-once",
        "Of the hour that autumn has twice only the first pass is reported.",
        ("REP-07", "REP-10"),
        _both(_buckets(_without_second_pass)),
    ),
    Defect(
        "autumn-hour-doubled",
        "The hour that autumn has twice counts each pass twice in the time report.",
        ("REP-07", "REP-10"),
        {"time_period": _buckets(_with_each_pass_twice)},
    ),
    Defect(
        "running-hour-stale",
        "Reports hold nothing of the hour that runs.",
        ("REP-07",),
        {"seen_until": _up_to_the_hour},
    ),
    Defect(
        "nothing-no-rows",
        "A time report of a period without heat has no rows.",
        ("REP-07", "REP-09"),
        {"time_csv": _rows(_none_without_heat)},
        blind=True,
    ),
    Defect(
        "time-doubled",
        "The time report counts every second twice.",
        ("REP-08",),
        {"time_csv": _rows(_twice)},
    ),
    Defect(
        "colours-reversed",
        "In the picture of a space report the hottest is blue, and what is cold red.",
        ("REP-03",),
        {"painted": _coldest_reddest},
    ),
    Defect(
        "hottest-green",
        "In the picture of a space report the hottest is green.",
        ("REP-03",),
        {"painted": _hottest_green},
        blind=True,
    ),
)
