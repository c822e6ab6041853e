"""Defects of what is saved, kept and meant by the settings."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Any

import numpy as np

from emulator.core import schedule
from emulator.core.defects.defect import Defect
from emulator.core.frame import REGION_COLUMNS, REGION_ROWS
from emulator.core.pipeline import Plan
from emulator.core.policy import Change, Mean
from emulator.core.settings import NAMED, HeatSettings, whole_number

_DWELL = NAMED["min_dwell"]


def _range_begins_one_late(right: Change) -> Change:
    narrower = replace(_DWELL, low=_DWELL.low + 1)

    def wrong(settings: HeatSettings, values: Iterable[tuple[str, Any]]) -> HeatSettings:
        sent = list(values)
        for key, value in sent:
            if key == _DWELL.key and value == _DWELL.low:
                whole_number(narrower, value, f"{_DWELL.name} ({key})")
        return right(settings, sent)

    return wrong


def _clamped(right: Change) -> Change:
    def wrong(settings: HeatSettings, values: Iterable[tuple[str, Any]]) -> HeatSettings:
        return right(settings, [(key, clamp(key, value)) for key, value in values])

    def clamp(key: str, value: Any) -> Any:
        if key != _DWELL.key or type(value) is not int:
            return value
        return min(max(value, _DWELL.low), _DWELL.high)

    return wrong


def _region_by_columns(right: Mean) -> Mean:
    def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
        drawn = np.reshape(settings.region, (REGION_COLUMNS, REGION_ROWS)).T
        region = tuple(tuple(bool(cell) for cell in row) for row in drawn)
        return right(replace(settings, region=region), zone)

    return wrong


DEFECTS = (
    Defect(
        "range-off-by-one",
        "Min. Dwell Time begins at 2 s; 1 s is refused.",
        ("SET-04",),
        {"change": _range_begins_one_late},
    ),
    Defect(
        "wrong-default",
        "Sensitivity is 6 after a factory reset.",
        ("SET-02", "SET-08"),
        {"delivered": lambda right: replace(right, sensitivity=6)},
    ),
    Defect(
        "clamped-value",
        "A Min. Dwell Time outside its range is accepted, and the nearest one taken.",
        ("SET-04", "SET-06"),
        {"change": _clamped},
    ),
    Defect(
        "setting-lost",
        "The schedule is every day, all day after each start, whatever was saved.",
        ("SET-07",),
        {"remembered": lambda right: lambda kept: replace(right(kept), schedule=schedule.ALWAYS)},
    ),
    Defect(
        "region-by-columns",
        "The region's digits are taken column by column when heat is counted.",
        ("REG-01", "BEH-05"),
        {"plan": _region_by_columns},
    ),
    Defect(
        "schedule-in-utc",
        "The schedule's times are taken as UTC.",
        ("BEH-06",),
        {"plan": lambda right: lambda settings, zone: right(settings, UTC)},
    ),
)
