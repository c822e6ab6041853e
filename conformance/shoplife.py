"""The filled history of an emulated camera, worked out from docs/history.md and nothing else.

Pure. An hour is named by what the wall clock reads when it begins; seconds are whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from conformance.oracle import Row

BUSY = {8: 40, 9: 60, 10: 90, 11: 110, 12: 130, 13: 120, 14: 100,
        15: 90, 16: 110, 17: 140, 18: 160, 19: 130, 20: 80, 21: 40}  # fmt: skip
WEEKDAY = [80, 80, 90, 100, 120, 150, 70]  # Monday first
SEASON = [80, 80, 90, 100, 100, 90, 80, 70, 90, 100, 120, 160]  # January first
SUNDAY, SUNDAYS_HOURS = 6, range(11, 17)


class Walk(NamedTuple):
    """Every so-many-th visitor's, in the hours from `first` to `last`; stops and seconds."""

    every: int
    first: int
    last: int
    stops: dict[str, int]


WALKS = [
    Walk(1, 8, 21, {"door": 4, "aisle": 5, "centre": 6, "front": 5}),
    Walk(2, 8, 21, {"centre": 5, "till": 40}),
    Walk(3, 9, 19, {"back left": 25, "corner left": 20, "table left": 30, "front left": 15}),
    Walk(4, 10, 21, {"back right": 20, "corner right": 15, "table right": 45, "front right": 20}),
]

BOXES = {  # top, left, bottom, right
    "door": (24, 91, 72, 101),
    "aisle": (49, 94, 106, 106),
    "centre": (83, 96, 150, 110),
    "front": (111, 95, 186, 111),
    "till": (95, 116, 165, 132),
    "back left": (31, 53, 82, 63),
    "corner left": (42, 16, 96, 28),
    "table left": (74, 8, 138, 22),
    "front left": (86, 50, 154, 64),
    "back right": (31, 129, 82, 139),
    "corner right": (42, 165, 96, 177),
    "table right": (71, 170, 134, 184),
    "front right": (81, 127, 147, 141),
}


def visitors(hour: datetime, percent: int = 100) -> int:
    """Return how many come in the hour that begins with this reading."""
    if hour.weekday() == SUNDAY and hour.hour not in SUNDAYS_HOURS:
        return 0
    busy = BUSY.get(hour.hour, 0)
    return busy * WEEKDAY[hour.weekday()] * SEASON[hour.month - 1] * percent // 1_000_000


def stops_s(hour: datetime) -> Counter[str]:
    """Return the seconds that an hour's visitors stand at each stop, all together."""
    total: Counter[str] = Counter()
    for walk in WALKS:
        if walk.first <= hour.hour <= walk.last:
            takers = visitors(hour) // walk.every
            total.update({stop: takers * seconds for stop, seconds in walk.stops.items()})
    return total


def hours_of(row: Row) -> Iterator[datetime]:
    """Give the hours of a row."""
    at = row.start
    while at <= row.end:
        yield at
        at += timedelta(hours=1)


def presence_s(hours: Iterable[datetime]) -> int:
    """Return the presence of these hours."""
    return sum(sum(stops_s(hour).values()) for hour in hours)


def cells_s(hours: Iterable[datetime]) -> dict[tuple[int, int], int]:
    """Return the heat of each cell (row, column) in these hours; cells of 0 are left out."""
    together: Counter[str] = Counter()
    for hour in hours:
        together.update(stops_s(hour))
    cells: Counter[tuple[int, int]] = Counter()
    for stop, seconds in together.items():
        top, left, bottom, right = BOXES[stop]
        for row in range(top, bottom):
            for column in range(left, right):
                cells[row, column] += seconds
    return {cell: value for cell, value in cells.items() if value}
