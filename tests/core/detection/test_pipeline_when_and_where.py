"""The whole detector by switch, schedule and region: what counts is cut there, to the instant."""

from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from walkers import (
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    closing_at_8,
    opening_at_8,
    region,
    standing,
    walking,
)

from emulator.core import schedule
from emulator.core.detection import pipeline
from emulator.core.settings import HeatSettings

# --- worked examples: switch and schedule (BEH-06, SET-01) ----------------------------------------


def test_nothing_is_recorded_while_switched_off_or_never_scheduled(drawn):
    seen = walking(drawn)
    for off in ({"enable": 0}, {"schedule": schedule.NEVER}):
        watched = drawn.watch(drawn.frames(seen), **off)
        assert (watched.ended, watched.spells) == ([], [])


@pytest.mark.parametrize("offset_ms", [0, 1, 37, 79])
def test_the_schedules_end_ends_a_stay_at_that_instant_even_within_a_picture(drawn, offset_ms):
    eight_ms = drawn.start_ms + 8 * HOUR_MS
    seen = drawn.frames(walking(drawn), at_ms=eight_ms - 60 * PERIOD_MS - offset_ms)
    watched = drawn.watch(seen, schedule=closing_at_8())
    assert [end_ms for _, end_ms in watched.stays] == [8 * HOUR_MS]
    assert watched.presence_ms == 8 * HOUR_MS - watched.stays[0][0]
    assert max(watched.tiles) < eight_ms


@pytest.mark.parametrize("offset_ms", [0, 1, 37, 79])
def test_the_schedules_beginning_begins_one_at_that_instant(drawn, offset_ms):
    eight_ms = drawn.start_ms + 8 * HOUR_MS
    seen = drawn.frames(walking(drawn), at_ms=eight_ms - 60 * PERIOD_MS - offset_ms)
    watched = drawn.watch(seen, schedule=opening_at_8())
    assert [start_ms for start_ms, _ in watched.stays] == [8 * HOUR_MS]
    assert min(watched.tiles) == eight_ms


def test_the_schedule_goes_by_the_cameras_own_clock(drawn):
    # Kolkata reads 8:00 at 2:30 UTC.
    half_past_two_ms = drawn.start_ms + 5 * HOUR_MS // 2
    seen = drawn.frames(walking(drawn), at_ms=half_past_two_ms - 60 * PERIOD_MS)
    watched = drawn.watch(seen, zone=ZoneInfo("Asia/Kolkata"), schedule=closing_at_8())
    assert [end_ms for _, end_ms in watched.stays] == [5 * HOUR_MS // 2]


def test_a_gap_in_the_schedule_parts_a_stay_in_two_and_dwell_starts_anew(drawn):
    # One minute out: 07:59 .. 08:00 is free.
    text = "00:00:07:59;08:00:24:00;" + "00:00:00:00;" * 8
    week = schedule.Schedule((schedule.read_day(text), *schedule.NEVER.days[1:]))
    begin_ms = drawn.start_ms + 8 * HOUR_MS - MINUTE_MS - 40 * PERIOD_MS
    seen = standing(drawn, 40 + 750 + 40, (60, 100, 110, 116), since=20)
    watched = drawn.watch(drawn.frames(seen, at_ms=begin_ms), schedule=week, min_dwell=4)
    gap_ms = 8 * HOUR_MS - MINUTE_MS
    assert watched.stays == [
        (gap_ms - 20 * PERIOD_MS, gap_ms),
        (gap_ms + MINUTE_MS, gap_ms + MINUTE_MS + 40 * PERIOD_MS),
    ]
    assert watched.presence_ms == 60 * PERIOD_MS


def test_switching_off_ends_a_stay_at_that_instant_by_the_old_limit(drawn):
    on = pipeline.plan(HeatSettings(enable=1, min_dwell=300), UTC)
    off = pipeline.plan(HeatSettings(enable=0, min_dwell=1), UTC)
    state, outcomes = pipeline.State(), []
    for index, frame in enumerate(drawn.frames(walking(drawn))):
        if index == 60:
            state, outcome = pipeline.close(state, on)
            outcomes.append(outcome)
        state, results = pipeline.step(state, frame, on if index < 60 else off)
        outcomes.append(results)
    ended = [ruled for outcome in outcomes for ruled in outcome.ended]
    assert [(r.end_ms - drawn.start_ms, r.recorded) for r in ended] == [(60 * PERIOD_MS, "yes")]


@pytest.mark.parametrize("off", [{"enable": 0}, {"schedule": schedule.NEVER}])
def test_a_picture_after_switching_off_leaves_nothing_open(drawn, off):
    on, off = (pipeline.plan(HeatSettings(**s), UTC) for s in ({"enable": 1}, {"enable": 1} | off))
    *before, last = drawn.frames(walking(drawn)[:60])
    state = pipeline.State()
    for frame in before:
        state, _ = pipeline.step(state, frame, on)
    state, results = pipeline.step(state, last, off)
    assert [ruled.end_ms for ruled in results.ended] == [last.at_ms]
    assert state.open_stays == {}


# --- worked examples: region (BEH-05) -------------------------------------------------------------


def test_two_regions_that_hold_the_boxes_wholly_give_the_same_heat(drawn):
    # His boxes are rows 60..110 of 180: region rows 4.3 .. 7.9.
    seen = walking(drawn)
    whole = drawn.watch(drawn.frames(seen))
    some = drawn.watch(drawn.frames(seen), region=region(rows=range(4, 8)))
    assert whole.cells.any()
    assert np.array_equal(whole.cells, some.cells)
    assert whole.stays == some.stays


def test_the_foot_decides_who_is_there_and_only_the_regions_cells_are_heated(drawn):
    # Feet are at row 109.5: region row 7, which is rows 96.9 .. 110.8, map rows 103.4 .. 118.2.
    seen = walking(drawn)
    whole = drawn.watch(drawn.frames(seen))
    feet = drawn.watch(drawn.frames(seen), region=region(rows=[7]))
    bodies = drawn.watch(drawn.frames(seen), region=region(rows=range(7)))
    assert feet.stays == whole.stays
    assert feet.presence_ms == whole.presence_ms
    assert not feet.cells[:103].any()
    assert np.array_equal(feet.cells[103:], whole.cells[103:])
    assert (bodies.stays, bodies.presence_ms, int(bodies.cells.sum())) == ([], 0, 0)


def test_a_walker_through_a_region_stays_from_its_left_edge_to_its_right(drawn):
    # Columns 10..12 are pixels 139.1 .. 180.9; his middle is at (index - 25) 4 - 8.
    watched = drawn.watch(drawn.frames(walking(drawn)), region=region(columns=range(10, 13)))
    enters, leaves = 25 + (139.1 + 8) / 4, 25 + (180.9 + 8) / 4
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == pytest.approx(enters * PERIOD_MS, abs=2 * PERIOD_MS)
    assert end_ms == pytest.approx(leaves * PERIOD_MS, abs=2 * PERIOD_MS)


def test_nothing_selected_records_nothing(drawn):
    watched = drawn.watch(drawn.frames(walking(drawn)), region=region(rows=[]))
    assert (watched.ended, watched.spells) == ([], [])
