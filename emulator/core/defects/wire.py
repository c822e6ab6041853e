"""Defects of how answers are spelled."""

import json
from collections.abc import Callable

from emulator.core.defects.defect import Defect
from emulator.core.policy import Answer, Cells, Fields, Rows
from emulator.core.reports.heat import CellHeat

_STORAGE = "get.storage.settings"
_SIZES = {"sdcardTotalSize", "sdcardFreeSize", "sdcardUseSize"}


def _text(changed: Callable[[str], str]) -> Callable[[Rows], Rows]:
    """Return what spells a time report otherwise."""
    return lambda right: lambda rows: changed(right(rows))


def _with_t(text: str) -> str:
    head, *lines = text.split("\r\n")
    return "\r\n".join([head, *(line.replace(" ", "T") for line in lines)])


def _most_is_the_sum(right: Cells) -> Cells:
    def wrong(heat: CellHeat) -> str:
        told = json.loads(right(heat))
        told["max"] = sum(point["value"] for point in told["data"])
        return json.dumps(told, separators=(",", ":"))

    return wrong


def _told(asked: str, changed: Callable[[Fields], Fields]) -> Callable[[Answer], Answer]:
    """Return what answers one action otherwise."""

    def spoil(right: Answer) -> Answer:
        def wrong(action: str, fields: Fields) -> Fields:
            told = right(action, fields)
            return changed(told) if action == asked else told

        return wrong

    return spoil


def _sizes_as_numbers(told: Fields) -> Fields:
    return {key: int(str(one)) if key in _SIZES else one for key, one in told.items()}


def _status_two(told: Fields) -> Fields:
    return dict(told) | {"sdcardStatus": 2}


DEFECTS = (
    Defect(
        "times-with-t",
        "The time report writes a T between day and time.",
        ("WIRE-02",),
        {"time_csv": _text(_with_t)},
    ),
    Defect(
        "most-is-the-sum",
        "The space report's max is the sum of all cells.",
        ("WIRE-02",),
        {"space_json": _most_is_the_sum},
    ),
    Defect(
        "storage-in-numbers",
        "The card's sizes are told as numbers, not as texts.",
        ("WIRE-05",),
        {"answered": _told(_STORAGE, _sizes_as_numbers)},
    ),
    Defect(
        "storage-status-two",
        "A card's sdcardStatus is 2, whatever its state.",
        ("WIRE-05",),
        {"answered": _told(_STORAGE, _status_two)},
    ),
)
