"""Defects of how far back reports see, and what they cover."""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from emulator.core.defects.defect import Defect
from emulator.core.period import Period
from emulator.core.policy import Buckets


def _week_from_monday(right: Buckets) -> Buckets:
    def wrong(kind: str, start: datetime, zone: tzinfo) -> Period:
        before = timedelta(days=start.weekday()) if kind == "weekly" else timedelta()
        return right(kind, start - before, zone)

    return wrong


def _month_without_its_last_day(right: Buckets) -> Buckets:
    def wrong(kind: str, start: datetime, zone: tzinfo) -> Period:
        found = right(kind, start, zone)
        return replace(found, buckets=found.buckets[:-1]) if kind == "monthly" else found

    return wrong


def _always_a_day(right: Buckets) -> Buckets:
    return lambda kind, start, zone: right("daily", start, zone)


DEFECTS = (
    Defect(
        "retention-8-days",
        "Without card and share heat is seen for 8 days.",
        ("REP-06",),
        {"retention_hours": lambda right: right + 24},
    ),
    Defect(
        "week-from-monday",
        "A weekly report begins on the Monday before the start that was asked for.",
        ("REP-02", "REP-07"),
        {"time_period": _week_from_monday, "space_period": _week_from_monday},
    ),
    Defect(
        "month-short",
        "A monthly report lacks its last day.",
        ("REP-02", "REP-07"),
        {
            "time_period": _month_without_its_last_day,
            "space_period": _month_without_its_last_day,
        },
    ),
    Defect(
        "space-of-a-day",
        "The space map is a day's, whatever report type is asked for.",
        ("REP-02", "REP-08"),
        {"space_period": _always_a_day},
    ),
)
