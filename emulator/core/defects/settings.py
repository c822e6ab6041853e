"""Defects of what is saved and kept of the settings."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from emulator.core import schedule
from emulator.core.defects.defect import Defect
from emulator.core.detection.pipeline import Plan
from emulator.core.policy import Answer, Change, Fields, Mean, Wake
from emulator.core.settings import (
    NAMED,
    HeatSettings,
    Row,
    SettingError,
    change_by_key,
    whole_number,
)

_DWELL, _SIZE = NAMED["min_dwell"], NAMED["min_object_size"]
_CONFIGURATION = "get.heatmap.configuration"


def _narrower(row: Row, *, low: int = 0, high: int = 0) -> Callable[[Change], Change]:
    """Return what refuses so much of a setting's range at its ends."""
    left = replace(row, low=row.low + low, high=row.high - high)

    def spoil(right: Change) -> Change:
        def wrong(settings: HeatSettings, values: Iterable[tuple[str, Any]]) -> HeatSettings:
            sent = list(values)
            for key, value in sent:
                if key == row.key and value in (row.low, row.high):
                    whole_number(left, value, f"{row.name} ({key})")
            return right(settings, sent)

        return wrong

    return spoil


def _sending(changed: Callable[[str, Any], Any]) -> Callable[[Change], Change]:
    """Return what takes other values for those that were sent."""

    def spoil(right: Change) -> Change:
        def wrong(settings: HeatSettings, values: Iterable[tuple[str, Any]]) -> HeatSettings:
            return right(settings, [(key, changed(key, value)) for key, value in values])

        return wrong

    return spoil


def _clamped(key: str, value: Any) -> Any:
    if key != _DWELL.key or type(value) is not int:
        return value
    return min(max(value, _DWELL.low), _DWELL.high)


def _ten_for_eleven(key: str, value: Any) -> Any:
    row = NAMED["adaptability"]
    return row.high if key == row.key and value == row.high + 1 else value


def _number_of_text(_: str, value: Any) -> Any:
    return int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,3}", value) else value


def _what_is_good(right: Change) -> Change:
    def wrong(before: HeatSettings, values: Iterable[tuple[str, Any]]) -> HeatSettings:
        after = right(before, values)
        for key, value in values:
            try:
                after = change_by_key(after, [(key, value)])
            except SettingError:
                continue
        return after

    return wrong


def _always_on(right: Mean) -> Mean:
    def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
        return replace(right(settings, zone), enabled=True)

    return wrong


def _with(**changes: Any) -> Callable[[Wake], Wake]:
    """Return what has settings come out otherwise."""
    return lambda right: lambda before: replace(right(before), **changes)


def _as_delivered(right: Wake) -> Wake:
    numbers: dict[str, Any] = {
        row.name: row.default for row in NAMED.values() if row.is_number and row.name != "enable"
    }
    return lambda kept: replace(right(kept), **numbers)


def _size_read_one_less(right: Answer) -> Answer:
    def wrong(action: str, fields: Fields) -> Fields:
        told = dict(right(action, fields))
        if action == _CONFIGURATION:
            told[str(_SIZE.key)] = max(_SIZE.low, int(str(told[str(_SIZE.key)])) - 1)
        return told

    return wrong


DEFECTS = (
    Defect(
        "range-off-by-one",
        "Min. Dwell Time begins at 2 s; 1 s is refused.",
        ("SET-04",),
        {"change": _narrower(_DWELL, low=1)},
    ),
    Defect(
        "size-to-99",
        "Min. Object Size ends at 99; 100 is refused.",
        ("SET-03",),
        {"change": _narrower(_SIZE, high=1)},
    ),
    Defect(
        "wrong-default",
        "Sensitivity is 6 after a factory reset.",
        ("SET-02", "SET-08"),
        {"delivered": _with(sensitivity=6)},
    ),
    Defect(
        "delivered-on",
        "The heat map is on after a factory reset.",
        ("SET-01", "SET-08"),
        {"delivered": _with(enable=1)},
    ),
    Defect(
        "clamped-value",
        "A Min. Dwell Time outside its range is accepted, and the nearest one taken.",
        ("SET-04", "SET-06", "WIRE-03"),
        {"change": _sending(_clamped)},
    ),
    Defect(
        "adaptability-to-eleven",
        "A Scene Change Adaptability of 11 is accepted, and 10 taken.",
        ("SET-05",),
        {"change": _sending(_ten_for_eleven)},
        blind=True,
    ),
    Defect(
        "text-for-number",
        "A text of digits is accepted where a number is due.",
        ("SET-06",),
        {"change": _sending(_number_of_text)},
    ),
    Defect(
        "half-saved",
        "Of a request that is refused the camera saves those settings that are right.",
        ("SET-06",),
        {"after_refusal": _what_is_good},
        blind=True,
    ),
    Defect(
        "enable-ignored",
        "Heat is counted while the heat map is off.",
        ("SET-01",),
        {"plan": _always_on},
    ),
    Defect(
        "size-read-one-less",
        "Min. Object Size is read back one less than it was saved.",
        ("SET-03", "SET-07", "SET-08", "WIRE-03"),
        {"answered": _size_read_one_less},
    ),
    Defect(
        "setting-lost",
        "The schedule is every day, all day after each start, whatever was saved.",
        ("SET-07",),
        {"remembered": _with(schedule=schedule.ALWAYS)},
    ),
    Defect(
        "numbers-forgotten",
        "The four numbers are the defaults after each start, whatever was saved.",
        ("SET-07",),
        {"remembered": _as_delivered},
        blind=True,
    ),
)
