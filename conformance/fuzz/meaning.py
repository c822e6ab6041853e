"""What saving must do to the settings, by the catalogue alone. Pure.

A request is right, wrong, or neither: where the catalogue is silent (a body in UTF-16, the same
day twice) a device may take or refuse it, but must still do what it says.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from conformance.documented import (
    DAY_CHARACTERS,
    DAYS,
    FAR,
    LAST_MINUTE,
    PERIODS,
    RANGES,
    REGION_CELLS,
    RULES,
)
from conformance.fuzz.steps import Save

Settings = dict[str, Any]

OWN_RULES = {**RULES, "enable": "SET-01", "region": "REG-03", "schedule": "SCH-02"}
REFUSALS = "SET-06"

_PERIOD = re.compile(r"(\d\d):(\d\d):(\d\d):(\d\d);", re.ASCII)


class UnclearError(ValueError):
    """The catalogue doesn't say what such a value means."""


class WrongError(ValueError):
    """The catalogue says that such a value is refused; `rules` say so."""

    def __init__(self, *rules: str) -> None:
        super().__init__(", ".join(rules))
        self.rules = frozenset(rules)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a request must do.

    wrong    by name or key: the rules by which it is refused; empty: nothing is wrong
    wanted   what its settings are afterwards, if it is accepted
    unclear  nothing is known of it
    """

    wrong: dict[str, frozenset[str]] = field(default_factory=dict)
    wanted: Settings = field(default_factory=dict)
    unclear: bool = False


def of(save: Save, before: Settings) -> Meaning:
    """Return what `save` means on settings as `before`."""
    if save.encoding != "utf-8":
        return Meaning(unclear=True)
    wrong: dict[str, frozenset[str]] = {}
    wanted: Settings = {}
    unclear = not save.members
    names = [name for name, _ in save.members]
    for name, text in save.members:
        if name not in OWN_RULES or names.count(name) > 1:
            wrong[name] = frozenset({REFUSALS})
            continue
        try:
            wanted[name] = _read(save.by, name, text, before)
        except WrongError as error:
            wrong[name] = error.rules
        except UnclearError:
            unclear = True
    return Meaning(wrong, wanted, unclear and not wrong)


def _read(by: str, name: str, text: str, before: Settings) -> Any:
    if by == "query":
        if name == "schedule":
            raise UnclearError
        return _READERS[name](name, text if name == "region" else _digits(text))
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongError(REFUSALS) from None
    if name == "schedule":
        return _week(value, before[name])
    return _READERS[name](name, value)


def _digits(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,400}", text):
        raise WrongError(REFUSALS)
    if text.lstrip("-").startswith("0") and text != "0":
        raise UnclearError  # zeros in front
    return int(text)


def _number(name: str, value: Any) -> int:
    low, high, _ = RANGES[name]
    if type(value) is not int:
        raise WrongError(REFUSALS)
    if not low <= value <= high:
        # Where a range ends is its own rule's; that there is an end at all is SET-06's too.
        raise WrongError(RULES[name], *((REFUSALS,) if abs(value) >= FAR else ()))
    return value


def _switch(_: str, value: Any) -> int:
    if type(value) is not int or value not in {0, 1}:
        raise WrongError(REFUSALS)
    return value


def _region(_: str, value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(f"[01]{{{REGION_CELLS}}}", value):
        raise WrongError("REG-03")
    return value


_READERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(RANGES, _number),
    "enable": _switch,
    "region": _region,
}

# --- a week --------------------------------------------------------------------------------------


def _week(value: Any, before: Any) -> list[dict[str, Any]]:
    """Return the week with the days of `value` in it."""
    if not isinstance(value, list):
        raise WrongError("SCH-02")
    days: dict[int, str] = {}
    unclear = not value
    for row in value:
        if not isinstance(row, dict) or not {"scheduleIndex", "schedule"} <= set(row):
            raise WrongError("SCH-02")
        index, text = row["scheduleIndex"], row["schedule"]
        if type(index) is not int or index not in range(DAYS) or not isinstance(text, str):
            raise WrongError("SCH-02")
        unclear |= index in days or len(row) > 2 or _is_unclear_day(text)
        days[index] = text
    if unclear:
        raise UnclearError
    return [{**row, "schedule": days.get(row["scheduleIndex"], row["schedule"])} for row in before]


def _is_unclear_day(text: str) -> bool:
    """Return whether a right day has its periods out of order; a wrong one raises WrongError."""
    found = [tuple(map(int, match.groups())) for match in _PERIOD.finditer(text)]
    if len(text) != DAY_CHARACTERS or len(found) != PERIODS or not _PERIOD.match(text):
        raise WrongError("SCH-02")
    used = [(60 * a + b, 60 * c + d) for a, b, c, d in found if (a, b, c, d) != (0, 0, 0, 0)]
    minutes_fit = all(b < 60 and d < 60 for _, b, _, d in found)
    if not minutes_fit or any(not start < end <= LAST_MINUTE for start, end in used):
        raise WrongError("SCH-02")
    in_order = sorted(used)
    if any(first[1] > then[0] for first, then in pairwise(in_order)):
        raise WrongError("SCH-02")
    first_unused = next((n for n, one in enumerate(found) if not any(one)), PERIODS)
    return used != in_order or first_unused != len(used)
