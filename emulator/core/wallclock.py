"""Setting the camera's clock over its interface: what a client wrote, read and refused.

Field names are those of `get.system.datetime` (facts 2.3), and what is read there can be sent
back. Which values each may have is [INV]; a table says so once. A field left out stays; of a
date in part, the other parts are the clock's own.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


class WallclockError(ValueError):
    """A change that is refused; the message names the field, its value and the limit."""


class Limits(NamedTuple):
    """A whole number's least and most value, and the default."""

    low: int
    high: int
    default: int = 0


READING = {
    "year": Limits(1970, 9000),
    "month": Limits(1, 12),
    "day": Limits(1, 31),
    "hour": Limits(0, 23),
    "minute": Limits(0, 59),
    "second": Limits(0, 59),
}
KEPT = {  # kept as they are written; no network time is asked for
    "timeType": Limits(0, 1),  # 0: set by hand, 1: by network time
    "ntpSyncEnable": Limits(0, 1),
    "ntpInterval": Limits(1, 10_080, default=1440),  # minutes
    "timeFormat": Limits(0, 3),
}
DERIVED = {
    "dayLight": Limits(0, 1)
}  # the zone's own rules say; accepted, so that all can be sent back
NUMBERS = READING | KEPT | DERIVED
SERVER, LONGEST_SERVER = "ntpServer", 128
ZONE, POSIX_ZONE = "zoneNameTz", "timeZoneTz"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed.

    reading    parts of the wall clock, by name; zone: its name, None: as it is
    kept       values that are kept as written
    """

    reading: Mapping[str, int]
    zone: str | None
    kept: Mapping[str, object]

    def reading_from(self, now: datetime) -> datetime | None:
        """Return what the wall clock is to read, where it reads `now`; None: as it is.

        Raises WallclockError for a day that the month does not have.
        """
        if not self.reading:
            return None
        parts = {name: self.reading.get(name, getattr(now, name)) for name in READING}
        try:
            return datetime(**parts)  # noqa: DTZ001  # a reading
        except ValueError:
            day = "-".join(str(parts[name]) for name in ("year", "month", "day"))
            raise WallclockError(f"day={parts['day']} is not in the calendar: {day}") from None


def defaults() -> dict[str, object]:
    """Return the kept values of a new camera."""
    return {SERVER: ""} | {name: limits.default for name, limits in KEPT.items()}


def read_change(fields: Iterable[tuple[str, Any]]) -> Change:
    """Return what `fields` ask for: (name, value), typed as in JSON. Raises WallclockError."""
    given: dict[str, Any] = {}
    for name, value in fields:
        if name not in {*NUMBERS, SERVER, ZONE, POSIX_ZONE}:
            raise WallclockError(f"{name[:40]!r} is no field of the clock")
        if name in given:
            raise WallclockError(f"{name} is given twice")
        given[name] = _number(name, value) if name in NUMBERS else _text(name, value)
    return Change(
        {name: given[name] for name in READING if name in given},
        given.get(ZONE, given.get(POSIX_ZONE)),
        {name: given[name] for name in (SERVER, *KEPT) if name in given},
    )


def from_text(name: str, text: str) -> object:
    """Return what `text` says where nothing but text can be written, typed as in JSON."""
    return int(text) if name in NUMBERS and re.fullmatch("[0-9]{1,6}", text) else text


def _number(name: str, value: object) -> int:
    low, high, _ = NUMBERS[name]
    if type(value) is not int:
        raise WallclockError(f"{name}={str(value)[:24]!r} is not a whole number, {low}..{high}")
    if not low <= value <= high:
        shown = value if abs(value) < 10**12 else "a number of more than 12 digits"
        raise WallclockError(f"{name}={shown} is outside {low}..{high}")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_SERVER or not (value + "x").isprintable():
        shown = str(value)[:24]
        raise WallclockError(f"{name}={shown!r} is not 0..{LONGEST_SERVER} printable characters")
    return value
