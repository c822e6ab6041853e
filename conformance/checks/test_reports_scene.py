"""Reports of what was just seen, and of a day that not every year has."""

from datetime import datetime

import pytest

from conformance import oracle, scenes, shoplife, stage
from conformance.camera import Camera
from conformance.control import Control
from conformance.expect import Expectations, not_checked
from conformance.stage import Stage

pytestmark = pytest.mark.needs("reversible")


def at(text: str) -> datetime:
    """A reading of the wall clock."""
    return datetime.fromisoformat(text)


@pytest.mark.requirement("REP-07")
def test_a_leap_day_has_its_heat(camera: Camera, control: Control, expect: Expectations) -> None:
    Stage(camera, control).filled("2028-02-28", "2028-03-01", "2028-03-02T00:30:00")
    rows = {f"{row.start:%m-%d}": row.value
            for row in stage.time_rows(camera, "weekly", at("2028-02-26T00:00:00"))}  # fmt: skip
    if not rows.get("02-28"):
        not_checked("the device tells no heat of the day before 29 February 2028")
    share = rows["02-28"] / shoplife.presence_s(hours_of("2028-02-28"))
    wanted = round(share * shoplife.presence_s(hours_of("2028-02-29")))
    expect("the heat of 29 February 2028 in a weekly report", rows.get("02-29"), wanted)


def hours_of(day: str) -> list[datetime]:
    """The hours of a day."""
    return [at(f"{day}T00:00:00") + n * oracle.HOUR for n in range(24)]


@pytest.mark.requirement("REP-07", level="SHOULD")
def test_the_running_hour_is_told_with_what_is_over(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    told = Stage(camera, control)
    told.empty("2026-03-04T05:10:00")
    day = at("2026-03-04T00:00:00")
    present = told.visited(now="2026-03-04T05:10:00", ends=False)
    now_s = stage.heat_s(camera, "daily", day)
    told.step(2 * oracle.HOUR)
    later_s = stage.heat_s(camera, "daily", day)
    if not later_s:
        not_checked(f"the device recorded nothing of {len(present)} who came and went before it")
    expect("heat of the hour that runs, and the same hours later", now_s, later_s)


@pytest.mark.requirement("REP-08")
def test_who_comes_and_goes_is_told_in_seconds_in_both_reports(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    told = Stage(camera, control)
    told.empty("2026-03-04T05:10:00")
    present = told.visited(now="2026-03-04T05:10:00")
    day = at("2026-03-04T00:00:00")
    wanted = sum((one.until - one.since).total_seconds() for one in present)
    found = stage.heat_s(camera, "daily", day)
    is_so = abs(found - wanted) <= stage.SLACK_S
    expect.that("heat in Time", f"{found} s", f"{wanted:g} s, within {stage.SLACK_S:g} s", is_so)
    map_ = stage.cells(camera, "daily", day)
    if not map_:
        not_checked("the map is of another day than the one asked for: REP-02")
    for block in stage.BLOCKS:  # wherever on the map they are: that is BEH-05's
        cells = len(scenes.cells(scenes.narrower(block.box)))
        slack = scenes.slack_s([block])
        warm = sum(abs(value - block.seconds) <= slack for value in map_.values())
        what = f"cells with {block.seconds:g} s in Space, within {slack:g} s"
        expect.that(what, warm, f"{cells} at least", warm >= cells)
