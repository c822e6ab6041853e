"""The wire of the reports: their query, and the forms of what comes (WIRE-02)."""

import itertools
from datetime import timedelta

import pytest

from conformance import forms, oracle, stage
from conformance.camera import Camera
from conformance.dialect import path_and_query
from conformance.exchange import Answer
from conformance.expect import Expectations, does_not_apply, not_checked
from conformance.forms import FormError, SpaceMap, TimeRow
from conformance.run import Run

OK, NOT_FOUND = 200, 404
START = "2026-01-05-06:07:08"


def rows_of(answer: Answer, expect: Expectations) -> list[TimeRow]:
    """The rows of a time report, which must be of its form."""
    expect(f"the status of {answer.request}", answer.status, OK)
    try:
        return forms.time_rows(answer.text)
    except FormError as error:
        expect.that(answer.request, str(error), "the CSV form of a time report", holds=False)
        raise


def map_of(answer: Answer, expect: Expectations) -> SpaceMap:
    """A space report, which must be of its form."""
    expect(f"the status of {answer.request}", answer.status, OK)
    try:
        return forms.space_map(answer.text)
    except FormError as error:
        expect.that(answer.request, str(error), "the JSON form of a space report", holds=False)
        raise


def starts(rows: list[TimeRow]) -> list[str]:
    """When the rows begin."""
    return [str(row.start) for row in rows]


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly", "annual", "hour"])
def test_a_time_report_is_of_its_form(camera: Camera, expect: Expectations, kind: str) -> None:
    rows = rows_of(camera.time_report(kind), expect)  # which rows these must be is REP-07's
    if kind == "hour" and rows:
        expect("the rows of an hour's report", len(rows), 1)
    for before, after in itertools.pairwise(rows):
        expect("where a row goes on", after.start, before.end + timedelta(seconds=1))


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("kind", ["daily", "weekly", "monthly", "annual", "hour"])
def test_a_space_report_is_of_its_form(camera: Camera, expect: Expectations, kind: str) -> None:
    found = map_of(camera.space_report(kind), expect)
    expect("the map's width and height", (found.width, found.height), (192, 192))
    expect("min", found.smallest, 0)
    expect("max, and the largest value", found.largest, max(found.cells.values(), default=0))
    outside = [cell for cell in found.cells if not (0 <= cell[0] < 192 and 0 <= cell[1] < 192)]
    expect("cells off the map", outside, [])
    expect("cells of 0", [cell for cell, value in found.cells.items() if value == 0], [])


@pytest.mark.requirement("WIRE-02")
def test_the_most_of_a_map_is_its_largest_value(
    run: Run, camera: Camera, expect: Expectations
) -> None:
    start = stage.week_with_heat(run, camera)
    found = map_of(camera.space_report("weekly", start), expect)
    if len(found.cells) < 2:
        does_not_apply(f"the week from {start} has no heat to tell the largest value of")
    expect("max, and the largest value", found.largest, max(found.cells.values()))


@pytest.mark.requirement("WIRE-02")
def test_the_order_and_spelling_of_parameters_do_not_matter(
    camera: Camera, expect: Expectations
) -> None:
    wanted = starts(rows_of(camera.time_report("weekly", START), expect))
    words = camera.dialect.report
    kind, end = f"{words['kind']}={words['kinds']['weekly']}", f"{words['end']}=2026-01-06-00:00:00"
    start = f"{words['start']}={START}"
    base = camera.dialect.requests["time"]
    dw = "&".join(f"{name}={value}" for name, value in base.query)
    for query in (
        f"{dw}&{kind}&{start}",
        f"{start}&{kind}&{dw}",
        f"{dw}&{start.replace(':', '%3A')}&{kind}",
        f"{dw}&{start}&{kind}&{end}",
        f"{dw}&{start}&{kind}&{end.replace('2026', '2001')}",
    ):
        rows = rows_of(camera.client.get(f"{base.paths[0]}?{query}"), expect)
        expect(f"the rows of {query}", starts(rows), wanted)


@pytest.mark.requirement("WIRE-02")
def test_without_a_kind_a_report_is_a_day(camera: Camera, expect: Expectations) -> None:
    query = camera.report_query(None, START)
    wanted = starts(rows_of(camera.time_report("daily", START), expect))
    expect("the rows", starts(rows_of(camera.ask("time", query), expect)), wanted)
    expect("the status of the space report", camera.ask("space", query).status, OK)


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("kind", oracle.KINDS)
def test_without_a_start_a_report_begins_today_at_0_00(
    camera: Camera, expect: Expectations, kind: str
) -> None:
    before = camera.now()
    found = starts(rows_of(camera.time_report(kind), expect))
    days = {oracle.floored("weekly", one) for one in (before, camera.now())}
    wanted = [starts(rows_of(camera.time_report(kind, day), expect)) for day in sorted(days)]
    what = "the rows of a report without a start"
    expect.that(what, found, f"those from 0:00 on, {wanted}", found in wanted)


@pytest.mark.requirement("WIRE-02")
def test_an_hours_report_is_the_hour_that_holds_its_start(
    camera: Camera, expect: Expectations
) -> None:
    rows = rows_of(camera.time_report("hour", START), expect)
    if not rows and not rows_of(camera.time_report("daily", START), expect):
        not_checked("the hour's report has no rows: REP-07, REP-09")
    expect("the rows", [(str(row.start), str(row.end)) for row in rows],
           [("2026-01-05 06:00:00", "2026-01-05 06:59:59")])  # fmt: skip


@pytest.mark.requirement("WIRE-02")
@pytest.mark.parametrize("kind", ["nosuchkind", ""])
def test_data_that_is_not_there_is_404(camera: Camera, expect: Expectations, kind: str) -> None:
    path = camera.dialect.requests["time"].paths[0]
    name = camera.dialect.requests["time"].query[0][0]
    query: list[tuple[str, str]] = [(name, kind)] if kind else []
    answer = camera.client.get(path_and_query(path, query))
    expect(f"the status of {answer.request}", answer.status, NOT_FOUND)
