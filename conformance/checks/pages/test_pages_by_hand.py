"""Settings, region, schedule and reports by hand, on the pages, against what the interface reads.

Other chapters judge the same rules without a browser. Where there is none, or a device's dialect
knows no pages, these checks have nothing to look at and leave the verdict to the others.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from conformance import colours, stage
from conformance.browsing import Pages
from conformance.camera import Camera
from conformance.checks.pages.going import named, on_heat_map, on_report
from conformance.expect import Expectations, NotCheckedError, does_not_apply, not_checked
from conformance.run import Run

COLUMNS, ROWS = 23, 13


@pytest.fixture
def pages(request: pytest.FixtureRequest, camera: Camera) -> Pages:
    """The device's pages; without them a check here does not apply."""
    try:
        found: Pages = request.getfixturevalue("shown_pages")
    except NotCheckedError as error:
        does_not_apply(str(error))
    return found


def saved(pages: Pages, camera: Camera, work: Callable[[Any], None]) -> dict[str, Any]:
    """Work on Event > Heat Map, Save there, and return what the interface then reads."""
    assert camera.keeper is not None
    camera.keeper.before_settings()

    def look(page: Any) -> None:
        work(page)
        named(page, "button", "Save").click()
        page.get_by_text(pages.words["saved"], exact=True).wait_for()

    on_heat_map(pages, look)
    return camera.settings()


def middle(cell: Any) -> tuple[float, float]:
    """Return where in the window the middle of a cell is."""
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.needs("reversible")
@pytest.mark.parametrize(
    ("rule", "label", "name", "step"),
    [
        pytest.param(rule, *words, marks=pytest.mark.requirement(rule), id=rule)
        for rule, *words in (
            ("SET-02", "Sensitivity", "sensitivity", 3),
            ("SET-03", "Min. Object Size", "min_object_size", 3),
            ("SET-04", "Min. Dwell Time", "min_dwell", 3),
            ("SET-05", "Scene Change Adaptability", "adaptability", 3),
        )
    ],
)
def test_a_slider_saves_what_it_shows(
    pages: Pages, camera: Camera, expect: Expectations, rule: str, label: str, name: str, step: int
) -> None:
    def work(page: Any) -> None:
        slider = page.get_by_role("slider", name=pages.words["slider"].format(label=label))
        slider.press("Home")
        for _ in range(step):
            slider.press("ArrowRight")

    # From 1, the lowest of all four.
    expect(
        f"{label} after {step} steps from its left end", saved(pages, camera, work)[name], 1 + step
    )


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-01")
def test_a_region_drawn_with_the_mouse_is_the_one_that_is_saved(
    pages: Pages, camera: Camera, expect: Expectations
) -> None:
    def work(page: Any) -> None:
        named(page, "button", "Clear All").click()
        grid = page.get_by_role("grid", name=pages.words["region"])
        for (row, column), act in (((2, 3), page.mouse.down), ((4, 6), page.mouse.up)):
            name = pages.words["region_cell"].format(row=row, column=column)
            page.mouse.move(*middle(grid.get_by_role("gridcell", name=name, exact=True)), steps=5)
            act()

    drawn = {(row, column) for row in (1, 2, 3) for column in (2, 3, 4, 5)}
    digits = "".join(
        "1" if divmod(cell, COLUMNS) in drawn else "0" for cell in range(ROWS * COLUMNS)
    )
    expect("the region, row by row", saved(pages, camera, work)["region"], digits)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("REG-02")
@pytest.mark.parametrize(("button", "digit"), [("Select All", "1"), ("Clear All", "0")])
def test_select_all_and_clear_all(
    pages: Pages, camera: Camera, expect: Expectations, button: str, digit: str
) -> None:
    other = "1" if digit == "0" else "0"
    camera.save(region=other * (ROWS * COLUMNS))

    def work(page: Any) -> None:
        named(page, "button", button).click()

    region = saved(pages, camera, work)["region"]
    expect(f"the region after {button}", region, digit * (ROWS * COLUMNS))


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SCH-01")
def test_delete_empties_the_week_and_a_click_paints_an_hour(
    pages: Pages, camera: Camera, expect: Expectations
) -> None:
    week = pages.words["schedule"]

    def delete(page: Any) -> None:
        named(page, "button", "Delete").click()

    def paint(page: Any) -> None:
        grid = page.get_by_role("grid", name=week)
        grid.get_by_role("gridcell", name="Tuesday 08:00 to 09:00", exact=True).click()

    def periods(settings: dict[str, Any]) -> list[list[str]]:
        unused = "00:00:00:00"
        texts = [day["schedule"].split(";") for day in settings["schedule"]]
        return [[one for one in day if one not in {"", unused}] for day in texts]

    expect("the periods after Delete", periods(saved(pages, camera, delete)), [[]] * 7)
    painted = [[], ["08:00:09:00"], [], [], [], [], []]
    expect("the periods after a click", periods(saved(pages, camera, paint)), painted)


@pytest.mark.requirement("REP-04")  # a chart is on the pages alone: without them not checked
def test_the_time_report_is_drawn_with_a_point_for_each_row(
    shown_pages: Pages, camera: Camera, expect: Expectations
) -> None:
    def look(page: Any) -> int:
        named(page, "radio", "Time Heat Map").check()
        page.get_by_label("Report Type").select_option("Monthly Report")
        page.get_by_label("Start Time").fill(f"{start:%Y-%m-%dT%H:%M:%S}")
        named(page, "button", "Search").click()
        chart = page.get_by_role("group", name=shown_pages.words["chart"], exact=True)
        chart.wait_for()
        points: int = chart.get_by_role("img").count()
        return points

    start = today(camera)
    rows = camera.ask("time", camera.report_query("monthly", start)).text.splitlines()[1:]
    expect("the points of the chart", on_report(shown_pages, look), len(rows))


NOISE, ENOUGH_STILL, MOST_OF_IT = 8, 0.25, 0.9
"""Of 255; and shares: of a picture, to tell something by, and of that, which must be alike."""

KINDS = pytest.mark.parametrize("kind", ["Space Heat Map", "Time Heat Map"])


Names = dict[tuple[str, datetime], str]


@pytest.fixture(scope="module")
def names() -> Names:
    """What files were called that other checks have exported, by the report's kind and start."""
    return {}


def exported(pages: Pages, kind: str, start: datetime) -> tuple[str, bytes]:
    """Search a weekly report, change the form, export; return the file's name and content."""

    def look(page: Any) -> tuple[str, bytes]:
        named(page, "radio", kind).check()
        page.get_by_label("Report Type").select_option("Weekly Report")
        page.get_by_label("Start Time").fill(f"{start:%Y-%m-%dT%H:%M:%S}")
        named(page, "button", "Search").click()
        page.get_by_role("heading", name=kind).wait_for()
        page.get_by_label("Report Type").select_option("Daily Report")
        with page.expect_download() as download:
            named(page, "button", "Report Export").click()
        content: bytes = download.value.path().read_bytes()
        return download.value.suggested_filename, content

    return on_report(pages, look)


def today(camera: Camera) -> datetime:
    """Return the camera's last midnight."""
    return camera.now().replace(hour=0, minute=0, second=0, microsecond=0)


def week(run: Run, camera: Camera) -> datetime:
    """Return the start of a week to export: with `is_filled`, of heat that stands still."""
    return stage.week_with_heat(run, camera) if stage.is_filled(run) else today(camera)


@pytest.mark.requirement("REP-05")
def test_report_export_saves_the_map_on_show(
    run: Run, pages: Pages, camera: Camera, expect: Expectations, names: Names
) -> None:
    start = week(run, camera)
    before = colours.decoded(camera.picture("weekly", start).body)
    names["Space Heat Map", start], content = exported(pages, "Space Heat Map", start)
    expect("its first bytes", content[:8], b"\x89PNG\r\n\x1a\n")
    picture = colours.decoded(content)
    after = colours.decoded(camera.picture("weekly", start).body)
    expect("its size, in rows and columns", picture.shape[:2], after.shape[:2])
    if stage.is_filled(run):
        expect(
            "pixels in which it is not the week's map",
            int((colours.apart(picture, after) > 0).sum()),
            0,
        )
        return
    # The scene moves, pictures are noisy, and heat grows. Where none of that is seen between two
    # reports, the one in the middle is like them, but for somebody passing by.
    if before.shape != after.shape:
        not_checked("the size of what the camera sees has changed meanwhile")
    still = colours.apart(before, after) <= NOISE
    if still.mean() >= ENOUGH_STILL:
        share = float((colours.apart(picture, after) <= 4 * NOISE)[still].mean())
        expect.that("the share of what stands still that is alike in it", f"{share:.3f}",
                    f"at least {MOST_OF_IT}", share >= MOST_OF_IT)  # fmt: skip


@pytest.mark.requirement("REP-05")
def test_report_export_saves_the_rows_on_show(
    run: Run, pages: Pages, camera: Camera, expect: Expectations, names: Names
) -> None:
    start = week(run, camera)
    names["Time Heat Map", start], content = exported(pages, "Time Heat Map", start)
    answer = camera.ask("time", camera.report_query("weekly", start))
    if stage.is_filled(run):
        expect("its rows", content.decode("utf-8", "replace"), answer.text)
        return
    # Heat grows between the two; the days and their edges stay.
    edges = [row.split(",")[:2] for row in content.decode("utf-8", "replace").splitlines()]
    expect("its rows", edges, [row.split(",")[:2] for row in answer.text.splitlines()])


@pytest.mark.requirement("REP-05", level="SHOULD")  # names are [INV]
@KINDS
def test_an_export_is_named_after_its_report(
    pages: Pages, camera: Camera, expect: Expectations, names: Names, kind: str
) -> None:
    start = today(camera)
    name = names.get((kind, start)) or exported(pages, kind, start)[0]
    serial = camera.fields("information")[camera.dialect.identity["serial"]]
    endings = {"Space Heat Map": ("space", "png"), "Time Heat Map": ("time", "csv")}
    word, ending = endings[kind]
    wanted = f"{serial}_{word}_weekly_{start:%Y%m%d%H%M%S}.{ending}"
    expect("the exported file's name", name, wanted)
