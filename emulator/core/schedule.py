"""The weekly schedule: when heat is counted (SCH-01..03, facts 3.3).

A week is seven days, Monday = 0; a day is ten slots; a slot is [start, end) in minutes
of the local day, (0, 0) where unused. As text a slot is `HH:MM:HH:MM;` and a day is ten
of them, 120 characters. Slots are kept where the client put them, since what was
accepted is read back exactly (SET-07).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from itertools import pairwise

from emulator.core.localtime import to_local

DAYS = 7
SLOTS = 10  # SCH-02
DAY_MINUTES = 24 * 60

Slot = tuple[int, int]
Day = tuple[Slot, ...]

UNUSED: Slot = (0, 0)
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_SLOT = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2}):([0-9]{2});")
_SLOT_LENGTH = len("HH:MM:HH:MM;")


class ScheduleError(ValueError):
    """A schedule the camera refuses; the message names the day, the period and the rule."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A week of periods; a wrong one cannot be made.

    days  seven times ten slots; (start, end) in minutes from 00:00, end at most 1440

    Raises ScheduleError for a period that is reversed, overlaps another or leaves the day.
    """

    days: tuple[Day, ...]

    def __post_init__(self) -> None:
        if len(self.days) != DAYS:
            raise ScheduleError(f"a week of {len(self.days)} days is not {DAYS} days long")
        for name, day in zip(DAY_NAMES, self.days, strict=True):
            _check(name, day)

    def is_open(self, at_ms: int, zone: tzinfo) -> bool:
        """Tell whether heat is counted at `at_ms` by the wall clock of `zone`."""
        local = to_local(at_ms, zone)
        minute = 60 * local.hour + local.minute
        return any(start <= minute < end for start, end in self.days[local.weekday()])


def _day(*slots: Slot) -> Day:
    return slots + (UNUSED,) * (SLOTS - len(slots))


@lru_cache(maxsize=64)  # a fifth of what it takes to tell settings, and they rarely change
def day_text(day: Day) -> str:
    """Return `day` as 120 characters."""
    return "".join(
        f"{start // 60:02}:{start % 60:02}:{end // 60:02}:{end % 60:02};" for start, end in day
    )


def read_day(text: str) -> Day:
    """Return the ten slots that `text` spells. Raises ScheduleError if it is not a day's text."""
    if len(text) != SLOTS * _SLOT_LENGTH:
        raise ScheduleError(f"{len(text)} characters are not the {SLOTS * _SLOT_LENGTH} of a day")
    pieces = [text[at : at + _SLOT_LENGTH] for at in range(0, len(text), _SLOT_LENGTH)]
    return tuple(_read_slot(piece) for piece in pieces)


def with_days(schedule: Schedule, entries: Sequence[object]) -> Schedule:
    """Return `schedule` with the days in `entries` changed; the other days stay.

    entries  as in scheduleList (facts 3.3): {"scheduleIndex": 0..6, "schedule": text}
    Raises ScheduleError for any entry of another form, or a day given twice.
    """
    days = dict(enumerate(schedule.days))
    seen: set[int] = set()
    for entry in entries:
        if not isinstance(entry, dict) or set(entry) != {"scheduleIndex", "schedule"}:
            raise ScheduleError("an entry is not {scheduleIndex, schedule}")
        index, text = entry["scheduleIndex"], entry["schedule"]
        if type(index) is not int or not 0 <= index < DAYS:
            raise ScheduleError(f"scheduleIndex={str(index)[:20]} is outside 0..{DAYS - 1}")
        if index in seen:
            raise ScheduleError(f"scheduleIndex={index} is given twice")
        if not isinstance(text, str):
            raise ScheduleError(f"the schedule of {DAY_NAMES[index]} is not a text")
        seen.add(index)
        try:
            days[index] = read_day(text)
        except ScheduleError as error:
            raise ScheduleError(f"{DAY_NAMES[index]}: {error}") from None
    return Schedule(tuple(days[index] for index in range(DAYS)))


def entries(schedule: Schedule) -> list[dict[str, object]]:
    """Return `schedule` as scheduleList has it: all seven days, Monday first."""
    return [
        {"scheduleIndex": index, "schedule": day_text(day)}
        for index, day in enumerate(schedule.days)
    ]


def _read_slot(text: str) -> Slot:
    if (match := _SLOT.fullmatch(text)) is None:
        raise ScheduleError(f"{text!r} is not of the form HH:MM:HH:MM;")
    hour, minute, end_hour, end_minute = (int(part) for part in match.groups())
    if minute > 59 or end_minute > 59:
        raise ScheduleError(f"{text!r} has a minute above 59")
    return 60 * hour + minute, 60 * end_hour + end_minute


def _check(name: str, day: Day) -> None:
    if len(day) != SLOTS:
        raise ScheduleError(f"{name} has {len(day)} slots, not {SLOTS}")
    used = sorted(slot for slot in day if slot != UNUSED)
    for start, end in used:
        if not 0 <= start < end <= DAY_MINUTES:
            raise ScheduleError(f"{name} {_span(start, end)} does not run forward within the day")
    for (start, end), (after, after_end) in pairwise(used):
        if after < end:
            raise ScheduleError(f"{name} {_span(start, end)} and {_span(after, after_end)} overlap")


def _span(start: int, end: int) -> str:
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


ALWAYS = Schedule((_day((0, DAY_MINUTES)),) * DAYS)  # SCH-03: the factory's default
NEVER = Schedule((_day(),) * DAYS)
