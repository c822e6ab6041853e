"""A weekly schedule as texts: what the catalogue has a day and a week look like (SCH-02)."""

from typing import Any

from conformance.documented import DAYS, PERIODS

WEEK = range(DAYS)
"""Each day's scheduleIndex; 0 is Monday."""

UNUSED, WHOLE_DAY = "00:00:00:00;", "00:00:24:00;"


def day(*periods: str) -> str:
    """Return a day's 120 characters: these periods, and unused ones behind them."""
    return "".join(periods) + UNUSED * (PERIODS - len(periods))


def week(text: str) -> list[dict[str, Any]]:
    """Return a schedule of seven days alike."""
    return [{"scheduleIndex": index, "schedule": text} for index in WEEK]


def on_one_day(index: int, text: str) -> list[dict[str, Any]]:
    """Return a schedule with periods on one day alone."""
    days = week(day())
    days[index]["schedule"] = text
    return days


EMPTY, ALWAYS = week(day()), week(day(WHOLE_DAY))
SHOP = day("08:31:12:00;", "13:00:17:44;")
"""Nobody's default, and to the minute."""
