"""Reports: which rows they have, and what the rows and maps hold."""

import itertools
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from conformance import oracle, shoplife, stage
from conformance.camera import Camera
from conformance.control import Control
from conformance.exchange import Answer
from conformance.expect import Expectations, not_checked
from conformance.forms import TimeRow
from conformance.oracle import DAY, KINDS, Row
from conformance.run import Run
from conformance.stage import Stage, is_filled, week_with_heat, within_an_hour

OK = 200


def at(text: str) -> datetime:
    """A reading of the wall clock."""
    return datetime.fromisoformat(text)


# --- REP-01: what can be asked for ---------------------------------------------------------------


@pytest.mark.requirement("REP-01")
@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_time_and_a_space_report_of_each_type(
    run: Run, camera: Camera, expect: Expectations, kind: str
) -> None:
    start = week_with_heat(run, camera)  # what there is without heat is REP-09's
    rows = stage.time_rows(camera, kind, start)
    expect.that(f"the rows of a {kind} report", len(rows), "some", len(rows) > 0)
    answer = camera.space_report(kind, start)
    expect(f"the status of a {kind} space report", answer.status, OK)
    stage.cells(camera, kind, start)


@pytest.mark.requirement("REP-01")
def test_the_types_are_of_rising_length(run: Run, camera: Camera, expect: Expectations) -> None:
    start = week_with_heat(run, camera)
    reports = [stage.time_rows(camera, kind, start) for kind in KINDS]
    ends = [str(rows[-1].end) if rows else "" for rows in reports]
    told, is_rising = ", ".join(ends), all(a < b for a, b in itertools.pairwise(ends))
    expect.that("the ends of a day, week, month and year from one start", told, "rising", is_rising)


# --- REP-02: from the start on -------------------------------------------------------------------

# Starts whose whole period is over: what of the future must be there is REP-09's alone.


@pytest.mark.requirement("REP-02")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "start", ["2025-01-01T00:00:00", "2024-04-15T13:14:15", "2024-02-29T23:59:59"]
)
def test_a_report_begins_with_the_row_that_holds_its_start(
    camera: Camera, expect: Expectations, kind: str, start: str
) -> None:
    first = stage.some_rows(camera, kind, at(start))[0]
    told, is_so = f"{first.start} to {first.end}", first.start <= at(start) <= first.end
    expect.that(f"the first row of a {kind} report from {start}", told, f"holds {start}", is_so)


@pytest.mark.requirement("REP-02")
@pytest.mark.parametrize(
    ("kind", "start", "last"),
    [
        ("daily", "2025-04-16T00:00:00", "2025-04-16T23:59:59"),
        ("weekly", "2025-04-16T00:00:00", "2025-04-22T23:59:59"),
        ("monthly", "2025-04-16T00:00:00", "2025-05-15T23:59:59"),
        ("monthly", "2025-05-01T00:00:00", "2025-05-31T23:59:59"),
        ("monthly", "2024-02-10T00:00:00", "2024-03-09T23:59:59"),
        ("annual", "2024-05-01T00:00:00", "2025-04-30T23:59:59"),
    ],
)
def test_a_report_ends_a_day_week_month_or_year_after_its_start(
    camera: Camera, expect: Expectations, kind: str, start: str, last: str
) -> None:
    # Starts at which nothing has to be floored, and a month or year can't be meant otherwise.
    end = str(stage.some_rows(camera, kind, at(start))[-1].end)
    expect(f"the last second of a {kind} report from {start}", end, str(at(last)))


@pytest.mark.requirement("REP-02")
@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly"])
def test_the_same_start_a_day_later_moves_every_row_by_a_day(
    camera: Camera, expect: Expectations, kind: str
) -> None:
    start = at("2025-04-16T06:07:08")
    before, after = (stage.some_rows(camera, kind, one) for one in (start, start + DAY))
    expect(f"the starts of the rows of a {kind} report, a day later",
           [str(row.start) for row in after], [str(row.start + DAY) for row in before])  # fmt: skip


@pytest.mark.requirement("REP-02")
@pytest.mark.parametrize("kind", KINDS)
def test_space_covers_the_stretch_that_time_covers(
    run: Run, camera: Camera, expect: Expectations, kind: str
) -> None:
    start = week_with_heat(run, camera)
    for began in (start, start + timedelta(hours=34, minutes=20), start - 3 * DAY, start - 9 * DAY):
        rows = stage.time_rows(camera, kind, began)
        found = stage.cells(camera, kind, began)
        total_s, hottest_s = sum(row.value for row in rows), max(found.values(), default=0)
        what = f"the {kind} report from {began}: heat in Time, hottest cell in Space"
        both = (total_s > 0) == (hottest_s > 0) and hottest_s <= total_s + len(rows)
        wanted = "heat in both or in neither, no cell hotter than everybody's presence"
        expect.that(what, f"{total_s} s, {hottest_s} s", wanted, both)
        if is_filled(run):  # then the heat of each hour is known, so it shows which hours are meant
            seen = {hour for row in rows for hour in shoplife.hours_of(Row(row.start, row.end))}
            off = stage.far_off(found, cells_of(seen), 1)
            expect(f"cells that are not those of the rows, {kind} from {began}", off, [])


def cells_of(hours: set[datetime]) -> dict[tuple[int, int], int]:
    """The heat of those of these hours that are filled."""
    return shoplife.cells_s(
        sorted(one for one in hours if stage.WEEK <= one < stage.WEEK + 7 * DAY)
    )


# --- REP-07: rows --------------------------------------------------------------------------------


EDGES = [
    *("2025-01-05T06:07:08", "2025-01-31T12:00:00", "2025-04-30T01:00:00", "2024-12-31T23:00:00"),
    *("2023-02-28T23:59:59", "2024-02-29T00:00:00", "2025-03-30T02:30:00", "2024-10-27T02:30:00"),
]
"""Starts at the edges of days, months and years, and where clocks change."""


@pytest.mark.requirement("REP-07")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start", EDGES)
def test_the_rows_are_labelled_with_their_first_and_last_second(
    camera: Camera, expect: Expectations, kind: str, start: str
) -> None:
    found = [(str(row.start), str(row.end)) for row in stage.time_rows(camera, kind, at(start))]
    wanted = [(str(row.start), str(row.end)) for row in oracle.rows(kind, at(start))]
    expect(f"the rows of a {kind} report from {start}, how many", len(found), len(wanted))
    for number, (one, other) in enumerate(zip(found, wanted, strict=True), 1):
        expect(f"row {number} of a {kind} report from {start}", one, other)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-07", level="MAY")
def test_rows_are_the_wall_clocks_where_clocks_change(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    told = Stage(camera, control)
    share = told.share_counted()
    for zone, began, day in (
        ("Europe/Berlin", "2026-10-25T00:59:48+00:00", "2026-10-25"),
        ("Europe/Berlin", "2026-03-29T00:59:48+00:00", "2026-03-29"),
        ("Australia/Lord_Howe", "2026-04-04T14:59:48+00:00", "2026-04-05"),
        ("Asia/Kolkata", "2026-02-01T00:29:48+00:00", "2026-02-01"),
    ):
        told.empty("2026-02-01T00:00:00", zone)
        present = told.visited(utc_ms=int(at(began).timestamp() * 1000))
        rows = stage.time_rows(camera, "daily", at(day))
        labels = oracle.rows("daily", at(day))
        present_s = oracle.time_values(labels, present, stage.zone_of(zone))
        values = [round(share * one) for one in present_s]
        expect(f"rows, {zone}, {day}", [str(row.start) for row in rows],
               [str(row.start) for row in labels])  # fmt: skip
        for row, value in zip(rows, values, strict=True):
            is_so = abs(row.value - value) <= (stage.SLACK_S if value else 0)
            what = f"heat from {row.start}, {zone}"
            expect.that(what, f"{row.value} s", f"{value} s, within {stage.SLACK_S} s", is_so)


# --- REP-08: values ------------------------------------------------------------------------------


@pytest.mark.requirement("REP-08")
def test_days_add_up_to_their_week(run: Run, camera: Camera, expect: Expectations) -> None:
    start = week_with_heat(run, camera)

    def read() -> tuple[list[Any], dict[datetime, int], Counter[tuple[int, int]], Any]:
        week = stage.time_rows(camera, "weekly", start)
        whole = stage.cells(camera, "weekly", start)
        days, cells = {}, Counter[tuple[int, int]]()
        for row in week:
            days[row.start] = stage.heat_s(camera, "daily", row.start)
            cells.update(stage.cells(camera, "daily", row.start))
        return week, days, cells, whole

    week, days, cells, whole = within_an_hour(camera, read)
    if not any(row.value for row in week):
        not_checked(f"nothing was recorded in the week from {start}")
    for row in week:
        what = f"the row of {row.start:%Y-%m-%d} in a week, and its 24 hours together"
        is_so = abs(row.value - days[row.start]) <= 24
        told = f"{row.value} s, {days[row.start]} s"
        expect.that(what, told, "the same within 24 s", is_so)
    off = stage.far_off(whole, dict(cells), len(week))
    expect("cells in which seven days are not the week, within 7 s", off, [])


@pytest.mark.requirement("REP-08")
def test_days_add_up_to_the_months_of_their_year(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    start = week_with_heat(run, camera)

    def first_month() -> TimeRow:
        return stage.some_rows(camera, "annual", start)[0]

    def read() -> tuple[int, list[int], int]:  # twice, as today's heat may grow meanwhile
        before, rows = first_month(), stage.time_rows(camera, "monthly", start)
        inside = [row.value for row in rows if row.end <= before.end]
        return before.value - len(inside), inside, first_month().value + len(inside)

    least_s, days, most_s = within_an_hour(camera, read)
    if not (together_s := sum(days)):
        not_checked(f"nothing was recorded from {start} to the end of the month")
    what, is_so = (
        "days up to the month's end, the year's first row",
        least_s <= together_s <= most_s,
    )
    expect.that(what, together_s, f"{least_s} to {most_s} s, 1 s a day allowed", is_so)


BEFORE = dict(zip(KINDS, (10 * oracle.HOUR, 0 * DAY, -21 * DAY, -300 * DAY), strict=True))
"""From the week's start: where reports begin that hold it."""


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REP-08")
@pytest.mark.parametrize("kind", KINDS)
def test_values_are_seconds_of_presence(
    camera: Camera, control: Control, expect: Expectations, kind: str
) -> None:
    start = stage.WEEK + BEFORE[kind]
    Stage(camera, control).filled(*stage.DAYS, now=stage.AFTERWARDS)
    rows = stage.time_rows(camera, kind, start)
    filled = {stage.WEEK + n * oracle.HOUR for n in range(7 * 24)}
    expect.that(f"rows of the {kind} report from {start}", len(rows), "some", len(rows) > 0)
    for row in rows:  # by its own label: which rows there must be is REP-07
        seen = sorted(set(shoplife.hours_of(Row(row.start, row.end))) & filled)
        expect(f"the heat of {row.start} to {row.end}", row.value, shoplife.presence_s(seen))
    # Of one day in the middle of a week, so that it is in sight whatever week is shown: REP-02.
    Stage(camera, control).filled("2026-03-08", "2026-03-08", now=stage.AFTERWARDS)
    found = stage.cells(camera, "weekly", at("2026-03-05T00:00:00"))
    if not found:
        not_checked("the map is of another week than the one asked for: REP-02")
    day = list(shoplife.hours_of(Row(at("2026-03-08T00:00:00"), at("2026-03-08T23:59:59"))))
    expect(
        "cells with other heat than was there", stage.far_off(found, shoplife.cells_s(day), 1), []
    )


# --- REP-09: nothing there -----------------------------------------------------------------------


@pytest.mark.requirement("REP-09")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("when", ["in two years", "in 2001"])
def test_a_period_without_data_is_zero_or_empty(
    camera: Camera, expect: Expectations, kind: str, when: str
) -> None:
    start = camera.now() + 730 * DAY if when == "in two years" else at("2001-02-03T04:05:06")
    answer = camera.time_report(kind, start)
    expect(f"the status of a {kind} time report {when}", answer.status, OK)
    rows = stage.time_rows(camera, kind, start)
    expect.that(f"rows of a {kind} report {when}", len(rows), "all of them", len(rows) > 0)
    expect(f"heat of a {kind} report {when}", sum(row.value for row in rows), 0)
    expect_no_map(expect, f"a {kind} map {when}", camera.space_report(kind, start))


@pytest.mark.requirement("REP-09")
def test_rows_of_the_future_are_there_and_zero(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    week_with_heat(run, camera)

    def read() -> tuple[datetime, list[Any]]:
        now = camera.now()
        return now, stage.time_rows(camera, "daily", now)

    now, rows = within_an_hour(camera, read)
    later = [(str(row.start), row.value) for row in rows if row.start > now]
    expect.that(f"rows after {now}", len(later), "some", len(later) > 0)
    expect("heat of the future", [one for one in later if one[1]], [])


@pytest.mark.requirement("REP-09", level="MAY")
@pytest.mark.parametrize(
    ("start", "kind"),
    [
        *((text, "0") for text in ("x", "2026-13-01-00:00:00", "2026-02-30-00:00:00", "")),
        *((text, "0") for text in ("2026-01-01", "2026-01-01-24:00:00", "\u0661\u0662")),
        *(("2026-01-05-00:00:00", kind) for kind in ("5", "-1", "9" * 40, "daily", "")),
    ],
    ids=ascii,
)
def test_what_can_not_be_meant_is_answered_empty(
    camera: Camera, expect: Expectations, start: str, kind: str
) -> None:
    answer = camera.ask("time", asked(camera, start, kind))
    expect(f"the status of {answer.request}", answer.status, OK)
    lines = [line for line in answer.text.splitlines() if line.strip()]
    expect(f"the lines of {answer.request}", len(lines), 1)
    expect_no_map(expect, "such a map", camera.ask("space", asked(camera, start, kind)))


def asked(camera: Camera, start: str, kind: str) -> list[tuple[str, str]]:
    """A report's query, sent as it stands."""
    words = camera.dialect.report
    return [(words["start"], start), (words["kind"], kind)]


def expect_no_map(expect: Expectations, what: str, answer: Answer) -> None:
    """A map without heat."""
    expect(f"the status of {what}", answer.status, OK)
    document = answer.json()
    told = {name: document.get(name) for name in ("max", "min", "data")}
    expect(what, json.dumps(told), json.dumps({"max": 0, "min": 0, "data": []}))
