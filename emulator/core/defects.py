"""Defects: named deviations from the requirements, to prove that a test suite notices them.

A camera has none unless it is told to. A defect is a row of DEFECTS: its name, what is wrong
in one line, the requirements that it breaks, and for each rule of the policy that it spoils a
function from the right rule to the wrong one. So the code that is right knows no defect, and
several can be on at once: each spoils what the ones before left.

To add one, add a row, and its function above. If it spoils a rule that the policy does not
have yet, give the policy that field, with the right rule as its default, and take it from there
where it is applied.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import numpy as np

from emulator.core import schedule
from emulator.core.frame import REGION_COLUMNS, REGION_ROWS
from emulator.core.gating import Decision, Families, Series
from emulator.core.period import Period
from emulator.core.pipeline import Plan
from emulator.core.policy import RIGHT, Buckets, Change, Decide, May, Mean, Policy, Serve
from emulator.core.settings import NAMED, HeatSettings, whole_number

_DWELL = NAMED["min_dwell"]


class DefectError(ValueError):
    """A defect that there is not; the message names it and those that there are."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A deviation.

    about   what the camera does wrong, in a sentence
    breaks  the requirements that a test suite must find broken, and no others
    spoils  by the policy's field: the right rule -> the wrong one
    """

    name: str
    about: str
    breaks: tuple[str, ...]
    spoils: Mapping[str, Callable[[Any], Any]]


# --- settings ----------------------------------------------------------------------------------


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


# --- what the settings mean ----------------------------------------------------------------------


def _region_by_columns(right: Mean) -> Mean:
    def wrong(settings: HeatSettings, zone: tzinfo) -> Plan:
        drawn = np.reshape(settings.region, (REGION_COLUMNS, REGION_ROWS)).T
        region = tuple(tuple(bool(cell) for cell in row) for row in drawn)
        return right(replace(settings, region=region), zone)

    return wrong


# --- reports -----------------------------------------------------------------------------------


def _week_from_monday(right: Buckets) -> Buckets:
    def wrong(kind: str, start: datetime, zone: tzinfo) -> Period:
        before = timedelta(days=start.weekday()) if kind == "weekly" else timedelta()
        return right(kind, start - before, zone)

    return wrong


def _month_without_its_last_day(right: Buckets) -> Buckets:
    def wrong(kind: str, start: datetime, zone: tzinfo) -> Period:
        found = right(kind, start, zone)
        return replace(found, buckets=found.buckets[:-1]) if kind == "monthly" else found

    return wrong


def _always_a_day(right: Buckets) -> Buckets:
    return lambda kind, start, zone: right("daily", start, zone)


# --- who and what ------------------------------------------------------------------------------


def _viewers_are_operators(right: May) -> May:
    return lambda role, least: right("operator" if role == "viewer" else role, least)


def _one_release_early(right: Decide) -> Decide:
    def wrong(model: str, firmware: str, families: Families) -> Decision:
        series = tuple(earlier(one) for one in families.series)
        return right(model, firmware, replace(families, series=series))

    def earlier(series: Series) -> Series:
        if series.first is None or series.first.r == 0:
            return series
        return replace(series, first=replace(series.first, r=series.first.r - 1))

    return wrong


# --- pages ---------------------------------------------------------------------------------------


def _rewritten(script: str, right_words: str, wrong_words: str) -> Callable[[Serve], Serve]:
    """Return what puts wrong words in the place of right ones that are once in a script."""

    def spoil(right: Serve) -> Serve:
        def wrong(name: str, text: str) -> str:
            told = right(name, text)
            return told.replace(right_words, wrong_words) if name == script else told

        return wrong

    return spoil


def _viewers_page_is_an_operators(right: Serve) -> Serve:
    # It must also ask as one: on a viewer's path nobody changes anything.
    asking = "({ token, role } = facts);"
    as_operator = asking + ' if (role === "viewer") role = "operator";'
    enabled = _rewritten("heatmap.js", 'known.role === "viewer"', "false")
    return _rewritten("ask.js", asking, as_operator)(enabled(right))


_EXPORT_OF_A_DAY = (
    'new Blob([await getText(`/dataloader.cgi?dw=heatmapcsv&time_start=${from.replace(" ", "-")}'
    "&sub_type=0`)]"
)

DEFECTS = {
    defect.name: defect
    for defect in (
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
            {
                "remembered": lambda right: (
                    lambda kept: replace(right(kept), schedule=schedule.ALWAYS)
                )
            },
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
        Defect(
            "retention-8-days",
            "Without card and share heat is seen for 8 days.",
            ("REP-06",),
            {"retention_hours": lambda right: right + 24},
        ),
        Defect(
            "week-from-monday",
            "A weekly report begins on the Monday before the start that was asked for.",
            ("REP-02", "REP-07"),
            {"time_period": _week_from_monday, "space_period": _week_from_monday},
        ),
        Defect(
            "month-short",
            "A monthly report lacks its last day.",
            ("REP-02", "REP-07"),
            {
                "time_period": _month_without_its_last_day,
                "space_period": _month_without_its_last_day,
            },
        ),
        Defect(
            "space-of-a-day",
            "The space map is a day's, whatever report type is asked for.",
            ("REP-02", "REP-08"),
            {"space_period": _always_a_day},
        ),
        Defect(
            "viewer-may-write",
            "A viewer may do what an operator may.",
            ("WIRE-01",),
            {"may": _viewers_are_operators},
        ),
        Defect(
            "gating-r6",
            "A panoramic camera has the heat map from x.7.0.72-r6 on, one release too early.",
            ("GATE-04",),
            {"decide": _one_release_early},
        ),
        Defect(
            "slider-one-more",
            "On the pages a slider saves one more than where it stands, but at its right end.",
            ("SET-02", "SET-03", "SET-04", "SET-05"),
            {
                "script": _rewritten(
                    "number.js",
                    "follow(number, slider)",
                    "follow(number, { value: Math.min(Number(slider.value) + 1, high) })",
                )
            },
        ),
        Defect(
            "page-mirrors-region",
            "The page saves the region mirrored, left for right.",
            ("REG-01",),
            {
                "script": _rewritten(
                    "region.js",
                    "    value: () => value,",
                    "    value: () => value.replace("
                    'new RegExp(`.{${columns}}`, "g"), (row) => [...row].reverse().join("")),',
                )
            },
        ),
        Defect(
            "delete-restores-default",
            "Delete on the page brings the whole week back, instead of emptying it.",
            ("SCH-01",),
            {
                "script": _rewritten(
                    "schedule.js",
                    "change(week.map(() => []))",
                    "change(week.map(() => [[0, DAY]]))",
                )
            },
        ),
        Defect(
            "export-of-a-day",
            "Report Export saves a daily time report, whichever is on show.",
            ("REP-05",),
            {"script": _rewritten("report.js", "new Blob([await csv]", _EXPORT_OF_A_DAY)},
        ),
        Defect(
            "viewer-saves",
            "A viewer's page lets him change and save, and the camera takes it.",
            ("WEB-02", "WIRE-01"),
            {
                "script": _viewers_page_is_an_operators,
                "may": _viewers_are_operators,
            },
        ),
    )
}


def known(names: Iterable[str]) -> tuple[Defect, ...]:
    """Return the defects of these names in the registry's order, each once. Raises DefectError."""
    wanted = set(names)
    if strange := sorted(wanted - set(DEFECTS)):
        raise DefectError(f"defect {strange[0][:40]!r} is unknown; there are {', '.join(DEFECTS)}")
    return tuple(defect for defect in DEFECTS.values() if defect.name in wanted)


def policy(names: Collection[str]) -> Policy:
    """Return what a camera with these defects goes by. Raises DefectError."""
    spoiled = RIGHT
    for defect in known(names):
        wrong = {rule: spoil(getattr(spoiled, rule)) for rule, spoil in defect.spoils.items()}
        spoiled = replace(spoiled, **wrong)
    return spoiled


def table() -> str:
    """Return the registry as the table of docs/defects.md."""
    rows = ["| defect | what the camera does wrong | breaks |", "|---|---|---|"]
    rows += [
        f"| `{one.name}` | {one.about} | {', '.join(one.breaks)} |" for one in DEFECTS.values()
    ]
    return "\n".join(rows) + "\n"
