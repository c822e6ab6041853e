"""Heat-map settings: every value a client may set, one row each, and what is refused.

Pure: a change makes a new value; none is edited. Our name, the wire's key and the page's
label stand in one table (CONTRACT 2); nothing else spells them.

The region is a mask over the picture, 13 x 23, row 0 at the top, True where heat is
counted. As text it is one "0" or "1" a cell, row by row.

Sources: SET-01..07; facts 3.1 (fields, ranges, defaults; the keys are the recorder's names
[CLI], that a camera uses them is [INV]), 3.2 (region), 3.3 (schedule).
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from emulator.core import schedule as weekly
from emulator.core.frame import REGION_COLUMNS, REGION_ROWS, RegionMask
from emulator.core.schedule import Schedule, ScheduleError

Region = tuple[tuple[bool, ...], ...]
WHOLE_PICTURE: Region = ((True,) * REGION_COLUMNS,) * REGION_ROWS
NOTHING: Region = ((False,) * REGION_COLUMNS,) * REGION_ROWS
DWELL_SEMANTICS = ("documented", "as-named")  # BEH-03, facts 3.6


class SettingError(ValueError):
    """A setting the camera refuses; the message names it, its value and the limit."""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting. `key` is None where the wire never carries it; ranges are inclusive."""

    name: str
    key: str | None
    label: str
    low: int = 0
    high: int = 0
    default: int = 0
    unit: str = "level"  # the article gives sizes and levels no unit, so neither do we

    @property
    def is_number(self) -> bool:
        """Tell whether the value is a whole number in low..high."""
        return self.high > self.low

    def from_text(self, text: str) -> Any:
        """Return what `text` says where nothing but text can be written, typed as in JSON.

        Anything but plain digits stays a text, and is refused later where a number is due.
        """
        # int() alone would take "1_0", " 5" and Arabic digits, and choke on 4,301 of them.
        if self.is_number and re.fullmatch("-?[0-9]{1,12}", text):
            return int(text)
        return text


ROWS = (
    Row("enable", "enable", "Enable Heat Map", 0, 1, default=0, unit=""),  # SET-01
    Row("sensitivity", "sensitivity", "Sensitivity", 1, 10, default=5),  # SET-02
    Row("min_object_size", "minsize", "Min. Object Size", 1, 100, default=10),  # SET-03
    Row("min_dwell", "mintime", "Min. Dwell Time", 1, 300, default=30, unit="s"),  # SET-04
    Row("adaptability", "adaptability", "Scene Change Adaptability", 1, 10, default=5),  # SET-05
    Row("region", "map_mask", "Heat Map Region"),  # REG-03
    Row("schedule", "scheduleList", "Schedule Settings"),  # SCH-02
    Row("dwell_semantics", None, ""),
)
NAMED = {row.name: row for row in ROWS}
KEYED = {row.key: row for row in ROWS if row.key is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatSettings:
    """One consistent set of settings; a wrong one cannot be made.

    enable           0: nothing is counted, 1: heat is counted
    sensitivity      level; higher finds fainter movement
    min_object_size  level; smaller objects are left out
    min_dwell        s; which stays are left out by it: dwell_semantics
    adaptability     level; higher learns a changed scene sooner
    region           bool (13, 23), True where heat is counted
    schedule         the weekly periods in which heat is counted
    dwell_semantics  documented: LONGER stays are left out (BEH-03, the article's literal
                     words); as-named: shorter ones are

    Raises SettingError for the first value out of its range or of another shape.
    """

    enable: int = NAMED["enable"].default
    sensitivity: int = NAMED["sensitivity"].default
    min_object_size: int = NAMED["min_object_size"].default
    min_dwell: int = NAMED["min_dwell"].default
    adaptability: int = NAMED["adaptability"].default
    region: Region = WHOLE_PICTURE
    schedule: Schedule = weekly.ALWAYS
    dwell_semantics: str = DWELL_SEMANTICS[0]

    def __post_init__(self) -> None:
        for row in ROWS:
            if row.is_number:
                _check_range(row, getattr(self, row.name), row.name)
        if [len(row) for row in self.region] != [REGION_COLUMNS] * REGION_ROWS:
            raise SettingError(f"region is not {REGION_ROWS} x {REGION_COLUMNS} cells")
        if self.dwell_semantics not in DWELL_SEMANTICS:
            raise SettingError(_not_a_choice("dwell_semantics", self.dwell_semantics))

    def region_mask(self) -> RegionMask:
        """Return the region as an array: bool (13, 23)."""
        return np.array(self.region, dtype=np.bool_)


def change_by_name(settings: HeatSettings, texts: Iterable[tuple[str, Any]]) -> HeatSettings:
    """Return `settings` with every (our name, text) of `texts`, or refuse them all.

    `region` may also be `all` or `none`, `schedule` `always`, `never` or a scheduleList
    already read. Raises SettingError.

    >>> change_by_name(HeatSettings(), [("min_dwell", "45")]).min_dwell
    45
    """
    values = [(name, _typed(name, text)) for name, text in texts]
    return _change(settings, values, NAMED, spell=lambda row: row.name)


def change_by_key(settings: HeatSettings, values: Iterable[tuple[str, Any]]) -> HeatSettings:
    """Return `settings` with every (wire key, value) of `values`, or refuse them all.

    Values are typed as in JSON: a number is an integer, not a text. Keys left out stay; an
    unknown or repeated key is refused (CONTRACT 2). Raises SettingError.
    """
    return _change(settings, values, KEYED, spell=lambda row: f"{row.name} ({row.key})")


def whole_number(row: Row, value: Any, spelled: str) -> int:
    """Return `value` if it is a whole number that `row` allows; else raise SettingError.

    spelled  what the message calls it
    """
    if type(value) is not int:  # true is an int to Python, not to a client
        raise SettingError(unreadable(spelled, value, f"a whole number, {_limits(row)}"))
    _check_range(row, value, spelled)
    return value


def unreadable(spelled: str, value: object, wanted: str) -> str:
    """Return the message that refuses a value of another kind than is `wanted`."""
    return f"{spelled}={_short(value)} cannot be read; it takes {wanted}"


@lru_cache(maxsize=8)  # as weekly.day_text
def region_text(region: Region) -> str:
    """Return `region` as 299 characters, "1" where heat is counted, row by row."""
    return "".join("01"[counted] for row in region for counted in row)


_WORDS: dict[str, dict[str, Any]] = {  # the command line's; the wire spells them out
    "region": {"all": region_text(WHOLE_PICTURE), "none": region_text(NOTHING)},
    "schedule": {"always": weekly.entries(weekly.ALWAYS), "never": weekly.entries(weekly.NEVER)},
}


def _typed(name: str, text: Any) -> Any:
    if name not in NAMED or not isinstance(text, str):
        return text
    return _WORDS.get(name, {}).get(text, NAMED[name].from_text(text))


def _change(
    settings: HeatSettings,
    pairs: Iterable[tuple[str, Any]],
    rows: Mapping[str, Row],
    spell: Callable[[Row], str],
) -> HeatSettings:
    values: dict[str, Any] = {}
    for written, value in pairs:
        if (row := rows.get(written)) is None:
            raise SettingError(f"{written[:40]!r} is not a heat-map setting")
        if row.name in values:
            raise SettingError(f"{spell(row)} is given twice")
        values[row.name] = _read(settings, row, value, spell(row))
    return replace(settings, **values)


def _read(settings: HeatSettings, row: Row, value: Any, spelled: str) -> Any:
    if row.name == "schedule":
        return _read_schedule(settings.schedule, value, spelled)
    if row.name == "region":
        return _read_region(value, spelled)
    if row.name == "dwell_semantics":
        if value not in DWELL_SEMANTICS:
            raise SettingError(_not_a_choice(spelled, value))
        return value
    return whole_number(row, value, spelled)


def _read_region(value: Any, spelled: str) -> Region:
    cells = REGION_ROWS * REGION_COLUMNS
    if not isinstance(value, str):
        raise SettingError(unreadable(spelled, value, f"{cells} digits 0 or 1"))
    if not re.fullmatch("[01]*", value):
        raise SettingError(f"{spelled}={_short(value)} has other characters than 0 and 1")
    if len(value) != cells:
        raise SettingError(f"{spelled} has {len(value)} cells, not {cells}")
    starts = range(0, cells, REGION_COLUMNS)
    return tuple(tuple(mark == "1" for mark in value[i : i + REGION_COLUMNS]) for i in starts)


def _read_schedule(schedule: Schedule, value: Any, spelled: str) -> Schedule:
    if not isinstance(value, list):
        raise SettingError(unreadable(spelled, value, "a list of days"))
    try:
        return weekly.with_days(schedule, value)
    except ScheduleError as error:
        raise SettingError(f"{spelled}: {error}") from error


def _check_range(row: Row, value: int, spelled: str) -> None:
    if not row.low <= value <= row.high:
        shown = value if abs(value) < 10**12 else "a number of more than 12 digits"
        raise SettingError(f"{spelled}={shown} is outside {_limits(row)}")


def _limits(row: Row) -> str:
    return f"{row.low}..{row.high}" + (f" {row.unit}" if row.unit == "s" else "")


def _not_a_choice(spelled: str, value: object) -> str:
    return f"{spelled}={_short(value)} is not {' or '.join(DWELL_SEMANTICS)}"


def _short(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # a whole number of more digits than Python will print
        return "a number too long to print"
    return text if len(text) <= 24 else text[:24] + "..."
