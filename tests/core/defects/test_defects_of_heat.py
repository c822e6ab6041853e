"""The defects of what settings do and of how heat is measured, as rules alone."""

from datetime import UTC, datetime
from fractions import Fraction

import numpy as np
import pytest

from emulator.core.defects import policy
from emulator.core.detection.stays import Spell, Stay
from emulator.core.frame import Box
from emulator.core.policy import RIGHT
from emulator.core.schedule import ALWAYS, NEVER, Schedule, read_day
from emulator.core.settings import NOTHING, WHOLE_PICTURE, HeatSettings

SOME = HeatSettings(enable=1, sensitivity=3, min_object_size=20, min_dwell=10, adaptability=2)
LEFT = ((True,) + (False,) * 22,) * 13


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def planned(name, **settings):
    """(by the defect, by the right rule) what settings mean."""
    changed = HeatSettings(**{"enable": 1} | settings)
    return policy([name]).plan(changed, UTC), RIGHT.plan(changed, UTC)


@pytest.mark.parametrize(
    ("name", "settings", "as_if"),
    [
        ("sensitivity-ignored", {"sensitivity": 9}, {"sensitivity": 5}),
        ("sensitivity-reversed", {"sensitivity": 9}, {"sensitivity": 2}),
        ("sensitivity-seven", {"sensitivity": 7}, {"sensitivity": 3}),
        ("sensitivity-seven", {"sensitivity": 8}, {"sensitivity": 8}),
        ("size-ignored", {"min_object_size": 60}, {"min_object_size": 10}),
        ("size-reversed", {"min_object_size": 60}, {"min_object_size": 41}),
        ("size-squared", {"min_object_size": 60}, {"min_object_size": 36}),
        ("size-squared", {"min_object_size": 5}, {"min_object_size": 1}),
        ("dwell-reversed", {}, {"dwell_semantics": "as-named"}),
        ("adaptability-ignored", {"adaptability": 9}, {"adaptability": 5}),
        ("adaptability-reversed", {"adaptability": 9}, {"adaptability": 2}),
    ],
)
def test_settings_mean_what_others_should(name, settings, as_if):
    found, _ = planned(name, **settings)
    wanted = RIGHT.plan(HeatSettings(**{"enable": 1} | settings | as_if), UTC)
    assert (found.tuned, found.rules.min_dwell_s, found.rules.semantics) == (
        wanted.tuned,
        wanted.rules.min_dwell_s,
        wanted.rules.semantics,
    )


@pytest.mark.parametrize(
    ("name", "number", "of_level"),
    [
        ("size-a-fifth-more", "min_box_share", Fraction(144, 100)),
        ("size-a-fifth-less", "min_box_share", Fraction(64, 100)),
        ("absorbed-a-fifth-later", "absorb_after_s", 1.2),
        ("absorbed-a-fifth-sooner", "absorb_after_s", 0.8),
    ],
)
def test_the_detector_is_a_fifth_off(name, number, of_level):
    found, right = planned(name, min_object_size=20, adaptability=2)
    assert getattr(found.tuned, number) == pytest.approx(getattr(right.tuned, number) * of_level)
    assert found.rules.min_dwell_s == right.rules.min_dwell_s


@pytest.mark.parametrize(
    ("name", "limit_s"),
    [("dwell-a-fifth-more", 12), ("dwell-a-fifth-less", 8), ("dwell-ignored", 10**6)],
)
def test_stays_are_ruled_by_another_limit(name, limit_s):
    assert planned(name, min_dwell=10)[0].rules.min_dwell_s == limit_s


def test_noise_counts_from_a_quarter_of_its_deviations_on():
    found, _ = planned("noise-counts")  # at the default: 4 deviations, 20 grey levels
    assert (found.tuned.threshold_deviations, found.tuned.threshold_floor) == (1.0, 8.0)


def test_heat_is_counted_while_it_is_off():
    found, right = planned("enable-ignored", enable=0)
    assert (found.enabled, right.enabled) == (True, False)


# --- region and schedule -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "drawn", "counted"),
    [
        ("region-ignored", LEFT, WHOLE_PICTURE),
        ("region-wider", LEFT, ((True,) * 2 + (False,) * 21,) * 13),
        ("clear-all-is-all", NOTHING, WHOLE_PICTURE),
        ("clear-all-is-all", LEFT, LEFT),
        ("select-all-short", WHOLE_PICTURE, ((True,) * 22 + (False,),) * 13),
        ("select-all-short", LEFT, LEFT),
        (
            "region-upside-down",
            ((True,) * 23,) + ((False,) * 23,) * 12,
            ((False,) * 23,) * 12 + ((True,) * 23,),
        ),
    ],
)
def test_another_region_is_counted_in(name, drawn, counted):
    found, _ = planned(name, region=drawn)
    assert found.rules.region.tolist() == [list(row) for row in counted]


def test_whoever_is_inside_leaves_heat_beyond_the_edge():
    found, right = planned("heat-outside", region=LEFT)
    assert found.counted.all()
    assert (found.rules.region == right.rules.region).all()
    assert not planned("heat-outside", region=NOTHING)[0].counted.any()


WEDNESDAYS = Schedule(
    tuple(
        read_day("08:00:09:00;" + "00:00:00:00;" * 9) if day == 2 else NEVER.days[0]
        for day in range(7)
    )
)


@pytest.mark.parametrize(
    ("name", "reading", "counts"),
    [
        ("schedule-an-hour-late", "2026-03-04T08:59", False),
        ("schedule-an-hour-late", "2026-03-04T09:00", True),
        ("schedule-an-hour-late", "2026-03-04T10:00", False),
        ("schedule-from-sunday", "2026-03-03T08:30", True),
        ("schedule-from-sunday", "2026-03-04T08:30", False),
        ("schedule-ignored", "2026-03-06T23:00", True),
        ("empty-week-is-always", "2026-03-04T07:59", False),
    ],
)
def test_another_schedule_holds(name, reading, counts):
    found, _ = planned(name, schedule=WEDNESDAYS)
    assert found.counts(at(reading)) is counts


def test_an_empty_week_is_taken_for_always():
    assert planned("empty-week-is-always", schedule=NEVER)[0].schedule == ALWAYS


# --- what is counted -------------------------------------------------------------------------


SPELL = Spell(60_000, Box(10, 20, 14, 30), 1000)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("seconds-a-fifth-more", SPELL._replace(lasted_ms=1200)),
        ("seconds-a-fifth-less", SPELL._replace(lasted_ms=800)),
        ("seconds-by-pictures", SPELL._replace(lasted_ms=500)),
        ("mirror-image", SPELL._replace(cells=Box(10, 162, 14, 172))),
        ("heat-in-one-cell", SPELL._replace(cells=Box(12, 25, 13, 26))),
    ],
)
def test_other_heat_is_counted_than_was_let_go(name, counted):
    assert list(policy([name]).booked([SPELL, SPELL])) == [counted, counted]
    assert list(RIGHT.booked([SPELL])) == [SPELL]


def test_whoever_is_believed_and_in_view_when_the_clock_is_set_is_counted_at_once():
    stays = [Stay(0, 1000, True, (SPELL,)), Stay(0, 1000, False, (SPELL,))]
    assert list(policy(["step-doubles"]).at_a_step(stays)) == [SPELL]
    assert list(RIGHT.at_a_step(stays)) == []


# --- pictures ------------------------------------------------------------------------------------


def painted(name):
    """The colours over a hot, a warm and a cold cell on black: blue, green, red."""
    heat = np.zeros((192, 192), np.uint64)
    heat[:, :64], heat[:, 64:128] = 100, 50
    black, everywhere = np.zeros((192, 192, 3), np.uint8), np.ones((192, 192), bool)
    shown = policy([name] if name else []).painted(black, heat, everywhere)
    return [shown[96, column].tolist() for column in (32, 96, 160)]


def test_the_coldest_is_red_and_the_hottest_blue():
    hot, _, cold = painted("")
    assert (hot, cold) == ([0, 0, 128], [64, 0, 0])
    assert painted("colours-reversed")[::2] == [cold, hot]


def test_the_hottest_is_green():
    hot, _, cold = painted("hottest-green")
    assert (hot, cold) == ([0, 128, 0], [64, 0, 0])
