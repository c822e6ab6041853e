"""Defects of the schedule: how it is saved, and when heat is counted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Any

from emulator.core.defects.defect import Defect
from emulator.core.detection.pipeline import Plan
from emulator.core.localtime import HOUR_MS
from emulator.core.policy import Change, Mean
from emulator.core.schedule import (
    ALWAYS,
    DAYS,
    NEVER,
    SLOTS,
    UNUSED,
    Day,
    Schedule,
    ScheduleError,
    Slot,
    day_text,
    read_day,
)
from emulator.core.settings import NAMED, HeatSettings

_KEY = NAMED["schedule"].key
_WORKDAYS = 5
_STEP_MIN = 5


def _meaning(changed: Callable[[Schedule], Schedule]) -> Callable[[Mean], Mean]:
    """Return what goes by another schedule than the one that was saved."""

    def spoil(right: Mean) -> Mean:
        def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
            plan = right(settings, zone)
            return replace(plan, schedule=changed(plan.schedule))

        return wrong

    return spoil


@dataclass(frozen=True, slots=True)
class _AnHourLate(Schedule):
    def is_open(self, at_ms: int, zone: tzinfo) -> bool:
        return Schedule.is_open(self, at_ms - HOUR_MS, zone)


def _saving(changed: Callable[[Day], Day]) -> Callable[[Change], Change]:
    """Return what saves other periods than it was sent; what no day's text is, it refuses."""

    def spoil(right: Change) -> Change:
        def wrong(settings: HeatSettings, values: Iterable[tuple[str, Any]]) -> HeatSettings:
            return right(settings, [(key, week(key, value)) for key, value in values])

        return wrong

    def week(key: str, value: Any) -> Any:
        if key != _KEY or not isinstance(value, list):
            return value
        return [entry(one) for one in value]

    def entry(one: Any) -> Any:
        try:
            return one | {"schedule": day_text(changed(read_day(one["schedule"])))}
        except (ScheduleError, TypeError, KeyError):
            return one

    return spoil


def _merged(day: Day) -> Day:
    merged: list[Slot] = []
    for start, end in sorted(slot for slot in day if slot != UNUSED):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    if len(merged) == sum(slot != UNUSED for slot in day):
        return day
    return (*merged, *[UNUSED] * (SLOTS - len(merged)))


def _in_steps(day: Day) -> Day:
    return tuple((start - start % _STEP_MIN, end - end % _STEP_MIN) for start, end in day)


def _workdays(before: HeatSettings) -> HeatSettings:
    days = ALWAYS.days[:_WORKDAYS] + NEVER.days[_WORKDAYS:]
    return replace(before, schedule=Schedule(days))


DEFECTS = (
    Defect(
        "schedule-in-utc",
        "The schedule's times are taken as UTC.",
        ("BEH-06",),
        {"plan": lambda right: lambda settings, zone: right(settings, UTC)},
    ),
    Defect(
        "schedule-an-hour-late",
        "All periods begin and end an hour later than the schedule says.",
        ("BEH-06",),
        {"plan": _meaning(lambda saved: _AnHourLate(saved.days))},
        blind=True,
    ),
    Defect(
        "schedule-from-sunday",
        "The schedule's first day is taken for Sunday.",
        ("BEH-06",),
        {"plan": _meaning(lambda saved: Schedule(saved.days[1:DAYS] + saved.days[:1]))},
        blind=True,
    ),
    Defect(
        "schedule-ignored",
        "Heat is counted at all times, whatever the schedule says.",
        ("SCH-01", "BEH-06"),
        {"plan": _meaning(lambda saved: ALWAYS)},
    ),
    Defect(
        "empty-week-is-always",
        "A schedule without a period is taken for every day, all day.",
        ("SCH-01",),
        {"plan": _meaning(lambda saved: ALWAYS if saved == NEVER else saved)},
    ),
    Defect(
        "overlap-accepted",
        "Periods that overlap are accepted, and made one.",
        ("SCH-02",),
        {"change": _saving(_merged)},
        blind=True,
    ),
    Defect(
        "schedule-in-steps",
        "Periods are saved in steps of five minutes.",
        ("SCH-02", "SET-07"),
        {"change": _saving(_in_steps)},
    ),
    Defect(
        "workdays-delivered",
        "The schedule is Monday to Friday after a factory reset.",
        ("SCH-03", "SET-08"),
        {"delivered": lambda right: lambda before: _workdays(right(before))},
    ),
)
