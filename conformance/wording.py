"""One setting as a device spells it: where it stands in a text, and how its value is written.

A dialect whose settings are no plain JSON object has for each setting two Fields, one for the
answer that tells it and one for the request that saves it:

  read = { at = [["xml /Heat/Mask"]], as = { order = "columns", digits = "hex" } }

`at` lists places (layers.py): one, or a schedule's seven, Monday first. `as` is, by setting:

  enable    on, off: the two texts
  region    a Grid (grids.py), and upper = true for capital hex digits
  schedule  a Day (periods.py), upper; with one place besides: separator, what stands between the
            days, and first = "sunday" where the week begins then
  others    nothing: decimal text
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from conformance import grids, layers, periods
from conformance.documented import DAYS
from conformance.grids import Grid, GridError
from conformance.layers import LayerError, Place
from conformance.periods import Day, Periods, PeriodsError
from conformance.weeks import WEEK, day

Week = list[dict[str, Any]]
Reader = Callable[[Sequence[str], Mapping[str, Any]], Any]


class WordingError(ValueError):
    """A value that a device's spelling can't say, or a text that says none."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where one setting stands, and how it is written; see the module."""

    at: tuple[Place, ...]
    words: Mapping[str, Any] = field(default_factory=dict)


def known(name: str, at: Sequence[Sequence[str]], words: Mapping[str, Any]) -> Field:
    """Return a Field as a dialect file has it. Raises WordingError, TypeError."""
    made = Field(tuple(tuple(place) for place in at), dict(words))
    if len(made.at) not in ({1, DAYS} if name == "schedule" else {1}):
        raise WordingError(f"{name} stands at {len(made.at)} places")
    if name == "enable" and set(made.words) != {"on", "off"}:
        raise WordingError("enable wants on and off")
    if name == "region":
        Grid(**_own(made.words, Grid))
    if name == "schedule":
        Day(**_own(made.words, Day))
    return made


def value(name: str, where: Field, text: str) -> Any:
    """Return what a setting is in a text, as our wire would have it. Raises WordingError."""
    try:
        found = [layers.pick(text, place) for place in where.at]
    except LayerError as error:
        raise WordingError(f"{name} can't be read: {error}") from None
    return decoded(name, where.words, found)


def decoded(name: str, words: Mapping[str, Any], found: Sequence[str]) -> Any:
    """Return what the texts at a setting's places say. Raises WordingError."""
    reads: Reader = READ.get(name, _number)
    try:
        return reads(found, words)
    except (GridError, PeriodsError, WordingError) as error:
        raise WordingError(f"{name} can't be read: {error}") from None


def texts(name: str, where: Field, wanted: Any) -> dict[Place, str]:
    """Return what stands at each place for a value of ours. Raises WordingError."""
    try:
        written = WRITE.get(name, _decimal)(wanted, where)
    except (GridError, PeriodsError, WordingError) as error:
        raise WordingError(f"{name}: {error}") from None
    return dict(zip(where.at, written, strict=True))


def periods_of(week: Any) -> list[Periods]:
    """Return a week of ours, seven whole days, as periods, Monday first.

    Raises WordingError for any other week, also for one that would come back otherwise.
    """
    try:
        by_day = {one["scheduleIndex"]: one["schedule"] for one in week}
        plain = Day(after=";", unused=True)
        found: list[Periods] = [periods.read(by_day[index], plain) for index in WEEK]
    except (KeyError, TypeError, PeriodsError):
        raise WordingError(f"no week: {str(week)[:60]}") from None
    if week_of(found) != week:
        raise WordingError(f"a week that only our own wire could carry: {str(week)[:60]}")
    return found


def week_of(days: Sequence[Periods]) -> Week:
    """Return periods by day, Monday first, as a week of ours."""
    plain = Day(after=";")
    return [
        {
            "scheduleIndex": index,
            "schedule": day(*[periods.spelled([one], plain) for one in found]),
        }
        for index, found in enumerate(days)
    ]


def rotated(days: Sequence[Any], first: str) -> list[Any]:
    """Return days that begin with Monday as days that begin with `first`."""
    return [days[-1], *days[:-1]] if first == "sunday" else list(days)


# --- reading -------------------------------------------------------------------------------------


def _number(found: Sequence[str], _: Mapping[str, Any]) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", found[0]):
        raise WordingError(f"no number: {found[0][:20]!r}")
    return int(found[0])


def _switch(found: Sequence[str], words: Mapping[str, Any]) -> int:
    if found[0] not in {words["on"], words["off"]}:
        raise WordingError(f"neither {words['on']!r} nor {words['off']!r}: {found[0][:20]!r}")
    return int(found[0] == words["on"])


def _region(found: Sequence[str], words: Mapping[str, Any]) -> str:
    return grids.read(found[0], Grid(**_own(words, Grid)))


def _week(found: Sequence[str], words: Mapping[str, Any]) -> Week:
    if len(found) == 1:
        found = parts(found[0], words.get("separator", ""))
        if words.get("first") == "sunday":
            found = [*found[1:], found[0]]
    return week_of([periods.read(one, Day(**_own(words, Day))) for one in found])


def parts(text: str, separator: str) -> list[str]:
    """Return a whole week's text as seven. Raises WordingError."""
    size = len(text) // DAYS
    cut = (
        text.split(separator)
        if separator
        else [text[at : at + size] for at in range(0, len(text), size or 1)]
    )
    if len(cut) != DAYS:
        raise WordingError(f"no seven days: {text[:30]!r}")
    return cut


# --- writing -------------------------------------------------------------------------------------


def _decimal(wanted: Any, _: Field) -> list[str]:
    if type(wanted) is not int:
        raise WordingError(f"{str(wanted)[:40]!r} is no whole number")
    return [str(wanted)]


def _token(wanted: Any, where: Field) -> list[str]:
    if type(wanted) is not int or wanted not in {0, 1}:
        raise WordingError(f"{str(wanted)[:40]!r} is neither 0 nor 1")
    return [str(where.words["on"] if wanted else where.words["off"])]


def _grid(wanted: Any, where: Field) -> list[str]:
    if not isinstance(wanted, str):
        raise WordingError(f"{str(wanted)[:40]!r} is no text of cells")
    return [_cased(grids.spelled(wanted, Grid(**_own(where.words, Grid))), where.words)]


def _days(wanted: Any, where: Field) -> list[str]:
    spelling = Day(**_own(where.words, Day))
    days = [_cased(periods.spelled(one, spelling), where.words) for one in periods_of(wanted)]
    if len(where.at) == 1:
        return [where.words.get("separator", "").join(rotated(days, where.words.get("first", "")))]
    return days


def _cased(text: str, words: Mapping[str, Any]) -> str:
    return text.upper() if words.get("upper") else text


def _own(words: Mapping[str, Any], kind: type) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    beside = {"upper"} if kind is Grid else {"upper", "separator", "first"}
    if unknown := set(words) - names - beside:
        raise WordingError(f"unknown word {min(unknown)!r}")
    return {name: word for name, word in words.items() if name in names}


READ: dict[str, Reader] = {
    "enable": _switch,
    "region": _region,
    "schedule": _week,
}
WRITE: dict[str, Callable[[Any, Field], list[str]]] = {
    "enable": _token,
    "region": _grid,
    "schedule": _days,
}
