"""BEH-05: no heat outside the region; BEH-06: none outside the schedule."""

import numpy as np
import pytest
from played import MONDAY_MS, flat, play, scene, settings

from emulator.core.scenes.figures import people
from emulator.core.schedule import NEVER, with_days
from emulator.core.settings import NOTHING

VISITS = [
    {"at_s": 5, "route": "east", "pace_s": 8, "clothes": "dark"},
    {"at_s": 6, "route": "west", "pace_s": 9, "clothes": "bright"},
]
WORN = [flat("dark", 50), flat("bright", 220)]


def cells_where(is_inside):
    """A region of the cells (row of 13, column of 23) for which it holds."""
    return tuple(tuple(is_inside(row, column) for column in range(23)) for row in range(13))


def map_where(is_inside):
    """The same on the map, cell by cell, by the region cell under each one's centre."""
    chosen = np.zeros((192, 192), bool)
    for row in range(192):
        for column in range(192):
            centre = (row + 0.5) / 192 * 13, (column + 0.5) / 192 * 23
            chosen[row, column] = is_inside(int(centre[0]), int(centre[1]))
    return chosen


REGIONS = {
    "left": lambda row, column: column < 11,
    "right": lambda row, column: column >= 11,
    "top": lambda row, column: row < 7,
    "bottom": lambda row, column: row >= 8,
    "chequered": lambda row, column: (row + column) % 2 == 0,
}


@pytest.fixture(scope="module")
def by_region():
    drawn = scene(length_s=18, clothes=WORN, visit=VISITS)
    regions = {name: cells_where(rule) for name, rule in REGIONS.items()} | {"none": NOTHING}
    played = play(drawn, [settings(), *(settings(region=region) for region in regions.values())])
    return dict(zip(["all", *regions], played, strict=True))


@pytest.mark.parametrize("name", REGIONS)
def test_outside_the_region_there_is_no_heat(by_region, name):
    inside = map_where(REGIONS[name])
    found = by_region[name].cells
    assert found[~inside].sum() == 0
    assert by_region["all"].cells[~inside].any()  # there would have been
    assert (found <= by_region["all"].cells).all()


@pytest.mark.parametrize("name", [name for name in REGIONS if name != "top"])
def test_inside_the_region_there_is_heat(by_region, name):
    assert by_region[name].cells.any()
    assert 0 < by_region[name].presence_ms <= by_region["all"].presence_ms


def test_without_a_region_there_is_nothing(by_region):
    nothing = by_region["none"]
    assert (nothing.presence_ms, nothing.stays, int(nothing.cells.sum())) == (0, [], 0)


def test_who_is_wholly_inside_two_regions_gives_the_same_heat_in_both():
    drawn = scene(
        length_s=16,
        clothes=WORN,
        visit=[
            {"at_s": 5, "route": "inside", "pace_s": 7, "clothes": "dark"},
            {"at_s": 7, "route": "inside", "pace_s": 6, "clothes": "bright", "offset": [0, 0.1]},
        ],
    )
    small = cells_where(lambda row, column: 4 <= row < 13 and 4 <= column < 19)
    other = cells_where(lambda row, column: row >= 3 and column >= 5 and (row, column) != (3, 22))
    # A cell is 27.7 x 27.8 pixels; a pixel is left for what the eye sees beside a body.
    for _, box in (one for at_ms in range(0, 16_000, 100) for one in people(drawn, at_ms)):
        assert box.top > 4 * 360 / 13 + 2
        assert box.left > 5 * 640 / 23 + 2
        assert box.right < 19 * 640 / 23 - 2
    whole, first, second = play(drawn, [settings(), settings(region=small), settings(region=other)])
    assert first.presence_ms == second.presence_ms == whole.presence_ms > 12_000
    assert (first.cells == second.cells).all()
    assert (first.cells == whole.cells).all()


DAY = "{}" + 9 * "00:00:00:00;"  # ten slots of HH:MM:HH:MM; (facts 3.3)


def on_monday(slot):
    return with_days(NEVER, [{"scheduleIndex": 0, "schedule": DAY.format(slot)}])


@pytest.fixture(scope="module")
def by_schedule():
    """Somebody is there from 11:59:55 to 12:00:15, when the camera looks from 11:59:40 on."""
    drawn = scene(
        length_s=45,
        fps=5,
        clothes=WORN,
        visit=[{"at_s": 15, "route": "inside", "pace_s": 20, "clothes": "dark"}],
    )
    schedules = {
        "until noon": on_monday("11:00:12:00;"),
        "from noon": on_monday("12:00:13:00;"),
        "another hour": on_monday("14:00:15:00;"),
        "another day": with_days(
            NEVER, [{"scheduleIndex": 1, "schedule": DAY.format("00:00:24:00;")}]
        ),
        "never": NEVER,
    }
    starts_ms = MONDAY_MS + (12 * 3600 - 20) * 1000
    played = play(
        drawn, [settings(), *(settings(schedule=one) for one in schedules.values())], starts_ms
    )
    return dict(zip(["always", *schedules], played, strict=True))


def test_a_stay_over_noon_is_cut_by_the_schedule_at_the_instant(by_schedule):
    near = pytest.approx
    assert by_schedule["always"].minutes == {719: near(5000, abs=300), 720: near(15_000, abs=300)}
    assert by_schedule["until noon"].minutes == {719: by_schedule["always"].minutes[719]}
    assert by_schedule["from noon"].minutes == {720: by_schedule["always"].minutes[720]}
    ((_, end_ms, _),) = by_schedule["until noon"].stays
    ((start_ms, *_),) = by_schedule["from noon"].stays
    assert (start_ms, end_ms) == (20_000, 20_000)  # noon


def test_both_sides_of_noon_add_up(by_schedule):
    parts = by_schedule["until noon"].cells + by_schedule["from noon"].cells
    assert (parts == by_schedule["always"].cells).all()


@pytest.mark.parametrize("schedule", ["another hour", "another day", "never"])
def test_outside_the_schedule_there_is_no_heat(by_schedule, schedule):
    found = by_schedule[schedule]
    assert (found.presence_ms, found.stays, int(found.cells.sum())) == (0, [], 0)
