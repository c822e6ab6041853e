"""Shop life by formula: the heat of any local hour, so that long reports have something to show.

Pure, and without chance: the same hour always gives the same tile, in whole numbers that
can be worked out by hand. docs/history.md holds the formula in words and the same tables;
the conformance oracle is written from that page, so change neither alone.

  visitors  who come in an hour: BUSY x WEEKDAY x SEASON, rounded down once
  walk      what every so-many-th of them does, within its hours; a visitor may do several
  stop      where a walk stands still: a box of map cells, as in CONTRACT 3

Each stop of a visitor adds its seconds to every cell of its box, and once to the presence.
Settings, region, schedule and dwell are not asked: what is filled in was never looked at.
"""

from collections.abc import Iterator
from datetime import MINYEAR, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

import numpy as np

from emulator.core.frame import Box
from emulator.core.localtime import (
    DAY_MS,
    SECOND_MS,
    Offset,
    Stretch,
    offsets,
    stretches,
    to_instant,
)
from emulator.core.reports.heat import Tile, no_heat

BUSY = {8: 40, 9: 60, 10: 90, 11: 110, 12: 130, 13: 120, 14: 100,
        15: 90, 16: 110, 17: 140, 18: 160, 19: 130, 20: 80, 21: 40}  # fmt: skip
"""Visitors in an ordinary hour, by the hour at which it begins; the shop is shut at others."""

SUNDAY = range(11, 17)
"""The hours in which it is open on Sundays."""

WEEKDAY = (80, 80, 90, 100, 120, 150, 70)
"""Percent, Monday first."""

SEASON = (80, 80, 90, 100, 100, 90, 80, 70, 90, 100, 120, 160)
"""Percent, January first."""

STOPS = {
    "door": Box(24, 91, 72, 101),
    "aisle": Box(49, 94, 106, 106),
    "centre": Box(83, 96, 150, 110),
    "front": Box(111, 95, 186, 111),
    "till": Box(95, 116, 165, 132),
    "back left": Box(31, 53, 82, 63),
    "corner left": Box(42, 16, 96, 28),
    "table left": Box(74, 8, 138, 22),
    "front left": Box(86, 50, 154, 64),
    "back right": Box(31, 129, 82, 139),
    "corner right": Box(42, 165, 96, 177),
    "table right": Box(71, 170, 134, 184),
    "front right": Box(81, 127, 147, 141),
}
"""Where somebody stands: boxes of map cells, sized as people are in `scene:shop`."""


class Walk(NamedTuple):
    """What every `every`-th visitor of an hour does, in the hours from `first` to `last`.

    stops  seconds by stop
    """

    every: int
    first: int
    last: int
    stops: dict[str, int]


WALKS = (
    Walk(1, 8, 21, {"door": 4, "aisle": 5, "centre": 6, "front": 5}),
    Walk(2, 8, 21, {"centre": 5, "till": 40}),
    Walk(3, 9, 19, {"back left": 25, "corner left": 20, "table left": 30, "front left": 15}),
    Walk(4, 10, 21, {"back right": 20, "corner right": 15, "table right": 45, "front right": 20}),
)

PERCENT = range(1, 1001)
"""How busy the shop may be; 100 is an ordinary one."""

MOST_DAYS = 3660

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class HistoryError(ValueError):
    """A history that can't be filled in; the message names the argument and the limit."""


def visitors(day: date, hour: int, percent: int = 100) -> int:
    """Return how many come in the hour that begins `hour` o'clock; 0 when it is shut."""
    if day.weekday() == 6 and hour not in SUNDAY:
        return 0
    factors = WEEKDAY[day.weekday()] * SEASON[day.month - 1] * percent
    return BUSY.get(hour, 0) * factors // 100**3


def hour_tile(day: date, hour: int, percent: int = 100) -> Tile:
    """Return the heat of one hour of shop life; its cells are read-only.

    day, hour  the wall clock's; the zone doesn't matter
    percent    how busy the shop is, in PERCENT
    """
    heat = no_heat()
    presence_ms = 0
    come = visitors(day, hour, percent)
    for walk in WALKS:
        if not walk.first <= hour <= walk.last:
            continue
        for stop, seconds in walk.stops.items():
            top, left, bottom, right = STOPS[stop]
            lasted_ms = come // walk.every * seconds * SECOND_MS
            heat.cells[top:bottom, left:right] += np.uint64(lasted_ms)
            presence_ms += lasted_ms
    heat.cells.flags.writeable = False
    return Tile(heat.cells, presence_ms)


def filled(
    first: date, last: date, zone: tzinfo, before_ms: int, percent: int = 100
) -> Iterator[tuple[Stretch, Tile]]:
    """Return the hours of the local days `first` to `last`, both included, and their heat.

    before_ms  hours that end later are left out: the running hour is the camera's own

    In order of time; hours in which the shop is shut are left out. A wall clock hour has its
    tile once, in the first stretch (as of `period.hour_of`) in which the clock reads so: the
    hour that autumn repeats is not filled twice, the one that spring skips not at all.

    Raises HistoryError, before anything is filled in, for days in the wrong order, too many
    of them or at the calendar's ends, and for a `percent` out of its range.
    """
    if percent not in PERCENT:
        raise HistoryError(f"percent={percent} is outside {PERCENT[0]}..{PERCENT[-1]}")
    if last < first:
        raise HistoryError(f"last={last} is before first={first}")
    if (days := (last - first).days + 1) > MOST_DAYS:
        raise HistoryError(f"first={first} to last={last} are {days} days, more than {MOST_DAYS}")
    if not MINYEAR < first.year <= last.year < 9999:
        raise HistoryError(f"first={first} to last={last} are too near the calendar's ends")
    return _filled(first, days, zone, before_ms, percent)


def _filled(
    first: date, days: int, zone: tzinfo, before_ms: int, percent: int
) -> Iterator[tuple[Stretch, Tile]]:
    # No zone is more than a day off UTC, nor changes by more than one.
    start = datetime.combine(first, time())
    start_ms = to_instant(start, zone) - 2 * DAY_MS
    known = offsets(start_ms, start_ms + (days + 4) * DAY_MS, zone)
    for number in range(days):
        day = first + number * _DAY
        for hour in BUSY:
            part = _first_stretch(datetime.combine(day, time(hour)), known)
            if part is None or part.end_ms > before_ms or not visitors(day, hour, percent):
                continue
            yield part, hour_tile(day, hour, percent)


def _first_stretch(start: datetime, known: list[Offset]) -> Stretch | None:
    # Each offset by itself, as the store keeps the hour that autumn repeats: as two.
    parts = (part for one in known for part in stretches(start, start + _HOUR, [one]))
    return next(parts, None)
