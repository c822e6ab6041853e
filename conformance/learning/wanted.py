"""What the tester saved on the device's own page: distinctive values, each unlike the others."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance.documented import RANGES
from conformance.grids import COLUMNS, ROWS

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NUMBERS = {"sensitivity": 7, "min_object_size": 23, "min_dwell": 117, "adaptability": 3}
REGION, SCHEDULE = "1-6x1-11", "tue/08:30-17:30"


class WantedError(ValueError):
    """Values that can't have been saved, or that can't be told apart; the message says which."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The values to look for.

    numbers  by our names
    region   299 characters, row by row
    day      of the one period, 0 is Monday; begin, end: its minutes of the day
    """

    numbers: Mapping[str, int]
    region: str
    day: int
    begin: int
    end: int


def known(values: Iterable[str] = (), region: str = REGION, schedule: str = SCHEDULE) -> Wanted:
    """Return what the options say was saved.

    values    NAME=NUMBER each, in place of NUMBERS
    region    ROWSxCOLUMNS, such as 1-6x1-11: the cells that were drawn, all others cleared
    schedule  DAY/HH:MM-HH:MM, such as tue/08:30-17:30: the only period of the week

    Raises WantedError.
    """
    numbers = dict(NUMBERS)
    for text in values:
        name, _, number = text.partition("=")
        if name not in numbers:
            raise WantedError(f"--value {text!r}: no number is called so; {', '.join(numbers)}")
        low, high, _ = RANGES[name]
        if not re.fullmatch("[0-9]{1,3}", number) or not low <= int(number) <= high:
            raise WantedError(f"--value {text!r} is outside {low}..{high}")
        numbers[name] = int(number)
    for name, value in numbers.items():
        twins = [other for other in numbers if other != name and numbers[other] == value]
        if twins:
            raise WantedError(f"{name} and {twins[0]} are both {value}: save different values")
    return Wanted(numbers, _region(region), *_period(schedule))


def _region(text: str) -> str:
    match = re.fullmatch(r"(\d+)-(\d+)x(\d+)-(\d+)", text)
    top, bottom, left, right = map(int, match.groups()) if match else (0, 0, 0, 0)
    if not (1 <= top <= bottom <= ROWS and 1 <= left <= right <= COLUMNS):
        raise WantedError(
            f"--region {text!r} is not ROWSxCOLUMNS within 1-{ROWS}x1-{COLUMNS}, as {REGION}"
        )
    if (bottom - top + 1) * (right - left + 1) == ROWS * COLUMNS:
        raise WantedError(f"--region {text!r} is the whole picture: draw a part of it")
    return "".join(
        "01"[top <= row <= bottom and left <= column <= right]
        for row in range(1, ROWS + 1)
        for column in range(1, COLUMNS + 1)
    )


def _period(text: str) -> tuple[int, int, int]:
    match = re.fullmatch(r"([a-z]{3})/([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)", text.lower())
    if match is None or match[1] not in DAYS:
        raise WantedError(f"--schedule {text!r} is not DAY/HH:MM-HH:MM, as {SCHEDULE}")
    begin, end = int(match[2]) * 60 + int(match[3]), int(match[4]) * 60 + int(match[5])
    if not 0 < begin < end < 24 * 60:
        raise WantedError(f"--schedule {text!r} is no period within one day")
    if match[1] not in DAYS[1:6]:
        # Were it the first or the last, a week from Sunday could not be told from one from Monday.
        raise WantedError(f"--schedule {text!r}: take a day from {DAYS[1]} to {DAYS[5]}")
    return DAYS.index(match[1]), begin, end
