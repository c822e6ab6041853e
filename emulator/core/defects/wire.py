"""Defects of how answers are spelled."""

import json
from collections.abc import Callable

from emulator.core.defects.defect import Defect
from emulator.core.heat import CellHeat
from emulator.core.policy import Answer, Cells, Fields, Rows


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


def _without(name: str) -> Callable[[Fields], Fields]:
    return lambda told: {key: value for key, value in told.items() if key != name}


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
        "alarm-status-short",
        "The alarm status lacks current_sum_count.",
        ("WIRE-05",),
        {"answered": _told("get.vca.alarmstatus", _without("current_sum_count"))},
    ),
    Defect(
        "clock-without-zone",
        "The clock's answer lacks the time zone, timeZoneTz.",
        ("WIRE-05",),
        {"answered": _told("get.system.datetime", _without("timeZoneTz"))},
    ),
)
