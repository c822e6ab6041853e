"""How devices spell a day of the weekly schedule: as periods, or as bits of so many minutes.

A day of ours is a list of periods (first minute, last minute), the second not included, at most
ten (SCH-02).

>>> spelled([(510, 1050)], Day(time="HH:MM", between="-", after=","))
'08:30-17:30,'
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DAY_MINUTES, MOST = 24 * 60, 10
Periods = Sequence[tuple[int, int]]

TIMES = {  # how a time of day is written, and what reads it
    "HH:MM:SS": r"(\d\d):(\d\d):00",
    "HH:MM": r"(\d\d):(\d\d)",
    "HHMM": r"(\d\d)(\d\d)",
    "HHMMSS": r"(\d\d)(\d\d)00",
}
_MARKS = r"[^0-9A-Za-z]{0,3}"


class PeriodsError(ValueError):
    """A text that is no day's periods, or not in this spelling."""


@dataclass(frozen=True, slots=True)
class Day:
    """One spelling.

    time      one of TIMES; or bits, hex: a bit for each `minutes`, first one highest
    between   what stands between a period's begin and end; after: what follows each period
    unused    whether the day always has `count` periods, unused ones from midnight to midnight
    """

    time: str = "HH:MM"
    between: str = ":"
    after: str = ""
    unused: bool = False
    count: int = MOST
    minutes: int = 30


def spelled(periods: Periods, day: Day) -> str:
    """Return a day as a device has it. Raises PeriodsError where the spelling can't say it."""
    if day.time in {"bits", "hex"}:
        return _as_bits(periods, day)
    if len(periods) > (day.count if day.unused else MOST):
        raise PeriodsError(f"{len(periods)} periods; it has room for {day.count}")
    if not day.after and len(periods) > 1 and not day.unused:
        raise PeriodsError("it is not known how two periods are joined")
    spare = [(0, 0)] * (day.count - len(periods)) if day.unused else []
    return "".join(
        f"{_time(begin, day.time)}{day.between}{_time(end, day.time)}{day.after}"
        for begin, end in [*periods, *spare]
    )


def read(text: str, day: Day) -> list[tuple[int, int]]:
    """Return the periods in a device's text, unused ones left out. Raises PeriodsError."""
    if day.time in {"bits", "hex"}:
        return _from_bits(text, day)
    time = TIMES[day.time]
    one = re.compile(f"{time}{re.escape(day.between)}{time}{re.escape(day.after)}")
    found, at = [], 0
    while at < len(text):
        match = one.match(text, at)
        if match is None:
            raise PeriodsError(f"no periods in this spelling: {text[:30]!r}")
        hours = [int(part) for part in match.groups()]
        if max(hours[1], hours[3]) > 59:
            raise PeriodsError(f"minutes up to 59: {text[:30]!r}")
        begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
        found.append((begin, end))
        at = match.end()
    return [(begin, end) for begin, end in found if begin != end]


def spellings(text: str, empty: str, begin: int, end: int) -> Iterator[Day]:
    """Return each spelling in which `text` is this one period and `empty` is none at all."""
    for minutes in (1, 5, 10, 15, 30, 60):
        for time in ("bits", "hex"):
            yield from _fitting(Day(time, minutes=minutes), text, empty, begin, end)
    for name in TIMES:
        first, last = (re.escape(_time(minute, name)) for minute in (begin, end))
        match = re.match(f"{first}({_MARKS}?){last}({_MARKS})", text)
        if match is None:
            continue
        for after in {match[2], match[2].strip()}:
            size = len(_time(0, name)) * 2 + len(match[1]) + len(after)
            padded = Day(name, match[1], after, True, max(1, len(text) // size))
            for day in (padded, Day(name, match[1], after)):
                yield from _fitting(day, text, empty, begin, end)


def _fitting(day: Day, text: str, empty: str, begin: int, end: int) -> Iterator[Day]:
    try:
        if (spelled([(begin, end)], day), spelled([], day)) == (text.lower(), empty.lower()):
            yield day
    except PeriodsError:
        return


def _time(minute: int, name: str) -> str:
    hour, left = divmod(minute, 60)
    return name.replace("HH", f"{hour:02}").replace("MM", f"{left:02}").replace("SS", "00")


def _as_bits(periods: Periods, day: Day) -> str:
    bits = ["0"] * (DAY_MINUTES // day.minutes)
    for begin, end in periods:
        if not 0 <= begin < end <= DAY_MINUTES:
            raise PeriodsError(f"bits can't say from minute {begin} to {end}")
        if begin % day.minutes or end % day.minutes:
            raise PeriodsError(f"it knows only steps of {day.minutes} minutes")
        for at in range(begin // day.minutes, end // day.minutes):
            bits[at] = "1"
    text = "".join(bits)
    return text if day.time == "bits" else f"{int(text, 2):0{len(text) // 4}x}"


def _from_bits(text: str, day: Day) -> list[tuple[int, int]]:
    size = DAY_MINUTES // day.minutes
    try:
        bits = text if day.time == "bits" else f"{int(text, 16):0{size}b}"
    except ValueError:
        raise PeriodsError(f"no digits: {text[:30]!r}") from None
    digits = size if day.time == "bits" else size // 4
    if len(text) != digits or len(bits) != size or set(bits) - {"0", "1"}:
        raise PeriodsError(f"no day of {size} bits: {text[:30]!r}")
    return [(run.start() * day.minutes, run.end() * day.minutes) for run in re.finditer("1+", bits)]
