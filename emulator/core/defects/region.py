"""Defects of the region: how it is read, and where heat is counted."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import Any

import cv2
import numpy as np

from emulator.core.defects.defect import Defect
from emulator.core.detection.pipeline import Plan
from emulator.core.frame import REGION_COLUMNS, REGION_ROWS, RegionMask
from emulator.core.policy import Change, Mean
from emulator.core.settings import NAMED, NOTHING, HeatSettings

_CELLS = REGION_ROWS * REGION_COLUMNS


def _meaning(changed: Callable[[RegionMask], RegionMask]) -> Callable[[Mean], Mean]:
    """Return what takes another region for the one that was drawn."""

    def spoil(right: Mean) -> Mean:
        def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
            drawn = changed(settings.region_mask())
            region = tuple(tuple(bool(cell) for cell in row) for row in drawn)
            return right(replace(settings, region=region), zone)

        return wrong

    return spoil


def _by_columns(drawn: RegionMask) -> RegionMask:
    return np.reshape(drawn, (REGION_COLUMNS, REGION_ROWS)).T


def _wider(drawn: RegionMask) -> RegionMask:
    return cv2.dilate(drawn.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)


def _all_but_the_last_column(drawn: RegionMask) -> RegionMask:
    if not drawn.all():
        return drawn
    return np.repeat([np.arange(REGION_COLUMNS) < REGION_COLUMNS - 1], REGION_ROWS, axis=0)


def _counted_everywhere(right: Mean) -> Mean:
    def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
        plan = right(settings, zone)
        return replace(plan, counted=np.full_like(plan.counted, plan.counted.any()))

    return wrong


def _cut_to_length(right: Change) -> Change:
    key = NAMED["region"].key

    def wrong(settings: HeatSettings, values: Iterable[tuple[str, Any]]) -> HeatSettings:
        return right(settings, [(name, cut(name, value)) for name, value in values])

    def cut(name: str, value: Any) -> Any:
        return value[:_CELLS] if name == key and isinstance(value, str) else value

    return wrong


DEFECTS = (
    Defect(
        "region-by-columns",
        "The region's digits are taken column by column when heat is counted.",
        ("REG-01", "BEH-05"),
        {"plan": _meaning(_by_columns)},
    ),
    Defect(
        "region-upside-down",
        "The region's rows are taken from the bottom up when heat is counted.",
        ("REG-01", "BEH-05"),
        {"plan": _meaning(np.flipud)},
        blind=True,
    ),
    Defect(
        "region-ignored",
        "Heat is counted in the whole picture, whatever is drawn.",
        ("REG-01", "REG-02", "BEH-05"),
        {"plan": _meaning(np.ones_like)},
    ),
    Defect(
        "region-wider",
        "The region reaches one cell further on each side than it is drawn.",
        ("BEH-05",),
        {"plan": _meaning(_wider)},
    ),
    Defect(
        "heat-outside",
        "Whoever is in the region leaves heat beyond its edge, too.",
        ("BEH-05",),
        {"plan": _counted_everywhere},
    ),
    Defect(
        "clear-all-is-all",
        "A region without a cell is taken for the whole picture.",
        ("REG-02",),
        {"plan": _meaning(lambda drawn: drawn if drawn.any() else ~drawn)},
    ),
    Defect(
        "select-all-short",
        "Where all cells are selected, the last column is left out.",
        ("REG-02",),
        {"plan": _meaning(_all_but_the_last_column)},
    ),
    Defect(
        "region-too-long",
        "A region of more than 299 digits is accepted, and its end cut off.",
        ("REG-03",),
        {"change": _cut_to_length},
    ),
    Defect(
        "reset-keeps-region",
        "A factory reset leaves the region as it was drawn.",
        ("SET-08",),
        {"delivered": lambda right: lambda before: replace(right(before), region=before.region)},
        blind=True,
    ),
    Defect(
        "region-not-delivered",
        "The region is empty after a factory reset.",
        ("SET-08",),
        {"delivered": lambda right: lambda before: replace(right(before), region=NOTHING)},
    ),
)
