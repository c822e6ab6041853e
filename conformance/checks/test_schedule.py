"""The schedule: a week of ten periods a day as text, what is refused, and that it is kept to."""

from typing import Any

import pytest

from conformance import scenes
from conformance.camera import Camera
from conformance.control import Control
from conformance.expect import Expectations
from conformance.showing import Screen
from conformance.weeks import ALWAYS, EMPTY, SHOP, WEEK, WHOLE_DAY, day, week

FULL_TEN = day(*(f"{hour:02}:00:{hour:02}:30;" for hour in range(0, 20, 2)))
TOUCHING = day("08:00:12:00;", "12:00:18:00;")
TO_MIDNIGHT = day("23:59:24:00;")


def expect_kept(camera: Camera, expect: Expectations, schedule: Any, wanted: Any = None) -> None:
    """A schedule that must be accepted and read back."""
    saved = camera.save(schedule=schedule)
    expect.that(f"saving {schedule}", saved.answer.shown, "accepted", saved.accepted)
    expect("the schedule read back", camera.settings()["schedule"], wanted or schedule)


# --- its text ------------------------------------------------------------------------------------


@pytest.mark.requirement("SCH-02")
def test_the_schedule_is_seven_days_of_120_characters(camera: Camera, expect: Expectations) -> None:
    found = camera.settings().get("schedule")
    rows = found if isinstance(found, list) else []
    is_week = [row.get("scheduleIndex") for row in rows if isinstance(row, dict)] == list(WEEK)
    expect.that("the days", found, "scheduleIndex 0 to 6", is_week)
    lengths = [len(str(row.get("schedule"))) for row in rows]
    expect("the lengths of the days' texts", lengths, [120] * 7)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SCH-02")
@pytest.mark.parametrize(
    "text",
    [FULL_TEN, TOUCHING, TO_MIDNIGHT, day(WHOLE_DAY), SHOP],
    ids=["ten periods", "touching", "to 24:00", "whole day", "a shop's"],
)
def test_a_week_is_kept_to_the_minute(camera: Camera, expect: Expectations, text: str) -> None:
    expect_kept(camera, expect, week(text))


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SCH-02")
def test_days_that_are_left_out_keep_theirs(camera: Camera, expect: Expectations) -> None:
    expect_kept(camera, expect, week(SHOP))
    wanted = week(SHOP)
    wanted[2] = {"scheduleIndex": 2, "schedule": FULL_TEN}
    expect_kept(camera, expect, [wanted[2]], wanted)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SCH-02")
@pytest.mark.parametrize(
    "schedule",
    [
        pytest.param(week(day("08:00:12:00;", "11:59:13:00;")), id="overlapping"),
        pytest.param(week(day("08:00:12:00;", "09:00:10:00;")), id="one in another"),
        pytest.param(week(day("12:00:08:00;")), id="reversed"),
        pytest.param(week(day("12:00:12:00;")), id="without length"),
        pytest.param(week(FULL_TEN + "22:00:22:30;"), id="eleven"),
        pytest.param(week(FULL_TEN[:-1]), id="119 characters"),
        pytest.param(week(day("08:00:24:01;")), id="past 24:00"),
        pytest.param(week(day("08:60:09:00;")), id="minute 60"),
        pytest.param(week(day("8:00:09:000;")), id="digits shifted"),
        pytest.param(week(""), id="no text"),
        pytest.param([{"scheduleIndex": 7, "schedule": SHOP}], id="day 7"),
        pytest.param([{"scheduleIndex": -1, "schedule": SHOP}], id="day -1"),
        pytest.param([{"scheduleIndex": "0", "schedule": SHOP}], id="a day as text"),
        pytest.param([{"scheduleIndex": 0}], id="a day without text"),
        pytest.param([SHOP], id="texts alone"),
        pytest.param({}, id="no list"),
        pytest.param(None, id="null"),
    ],
)
def test_what_is_no_schedule_is_refused_and_nothing_changes(
    camera: Camera, expect: Expectations, schedule: Any
) -> None:
    before = camera.settings()
    saved = camera.save(schedule=schedule)
    is_refused = saved.answer.status == 200 and camera.has_failed(saved.answer)
    expect.that("saving such a schedule", saved.answer.shown, "refused", is_refused)
    expect("the settings after that", camera.settings(), before)


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SCH-01")
def test_an_empty_schedule_is_accepted(camera: Camera, expect: Expectations) -> None:
    expect_kept(camera, expect, ALWAYS)
    expect_kept(camera, expect, EMPTY)


@pytest.mark.needs("destructive")
@pytest.mark.requirement("SCH-01")
def test_an_empty_schedule_is_not_the_factorys(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    control.post("factory-reset")
    found = camera.settings().get("schedule")
    expect.that("the schedule as delivered", found, "not an empty one", found != EMPTY)


@pytest.mark.needs("destructive")
@pytest.mark.requirement("SCH-03")
def test_as_delivered_it_is_every_day_all_day(
    camera: Camera, control: Control, expect: Expectations
) -> None:
    camera.save(schedule=week(SHOP))
    control.post("factory-reset")
    expect("the schedule after a factory reset", camera.settings()["schedule"], ALWAYS)


# --- its use -------------------------------------------------------------------------------------


@pytest.mark.needs("reversible")
@pytest.mark.requirement("SCH-01")
def test_an_empty_schedule_records_nothing(screen: Screen, expect: Expectations) -> None:
    scene = scenes.source([scenes.Block(scenes.Box(220, 300, 290, 350))])
    always, empty = (screen.show(scene, schedule=one).seconds for one in (ALWAYS, EMPTY))
    expect.that("heat under every day, all day", always, "some", always > 0)
    expect("heat under an empty schedule", empty, 0)
