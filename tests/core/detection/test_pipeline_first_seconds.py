"""The whole detector as a scene begins: the first seconds, and who was there from the start."""

from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from walkers import (
    COLUMNS,
    HOUR_MS,
    MINUTE_MS,
    PERIOD_MS,
    ROWS,
    cells_of,
    opening_at_8,
    pictures,
    region,
    walk,
)

from emulator.core import schedule
from emulator.core.detection import foreground, pipeline, startup, steady
from emulator.core.settings import HeatSettings

# --- worked examples: the first seconds -----------------------------------------------------------

FIRST = 50  # pictures of 80 ms: the 4 s in which the ground is learnt


def early(index):
    """Somebody who walks in from the left in the very first second."""
    return walk(index + 15)


def test_what_the_first_four_seconds_brought_comes_with_the_picture_that_ends_them(drawn):
    assert FIRST * PERIOD_MS == startup.WATCH_MS
    plan = pipeline.plan(HeatSettings(enable=1, min_dwell=300), UTC)
    state = pipeline.State()
    seen = list(drawn.frames(pictures(drawn, drawn.tiles(), 60, lambda i: [early(i)])))
    for frame in seen[: FIRST - 1]:
        state, results = pipeline.step(state, frame, plan)
        assert (results.ended, results.spells, results.believed) == ((), (), 0)
        assert (results.mask.any(), results.sightings) == (False, ())
        assert results.mask.shape == (ROWS, COLUMNS)
    assert state.model is None
    state, results = pipeline.step(state, seen[FIRST - 1], plan)
    assert state.waiting == ()
    assert results.believed == 1
    (sighting,) = results.sightings
    assert [edge / 2 for edge in sighting.box] == pytest.approx(early(FIRST - 1), abs=1)
    # He is there since picture 11, which shows 4 columns of him.
    (stay,) = state.open_stays.values()
    assert stay.start_ms - drawn.start_ms == pytest.approx(11 * PERIOD_MS, abs=2 * PERIOD_MS)
    assert stay.end_ms - drawn.start_ms == FIRST * PERIOD_MS


def test_who_left_within_the_first_seconds_is_ruled_with_the_others(drawn):
    # 12 pixels a picture, from the second picture on: out at picture 30, ruled at 42.
    seen = pictures(drawn, drawn.tiles(), 120, lambda i: [walk(i + 23, speed=12)])
    watched = drawn.watch(drawn.frames(seen))
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == pytest.approx(3 * PERIOD_MS, abs=2 * PERIOD_MS)
    assert end_ms == pytest.approx(30 * PERIOD_MS, abs=2 * PERIOD_MS)


def test_the_first_pictures_are_judged_as_they_would_be_with_their_ground_known(drawn):
    plan = pipeline.plan(HeatSettings(enable=1, min_dwell=300), UTC)
    seen = list(drawn.frames(pictures(drawn, drawn.tiles(), 60, lambda i: [early(i)])))
    folded, at_once = pipeline.State(), []
    for frame in seen:
        folded, results = pipeline.step(folded, frame, plan)
        at_once.append(results)
    waiting = [startup.Waiting(f.luma, f.at_ms, f.until_ms) for f in seen[:FIRST]]
    model = foreground.first(startup.ground(waiting), seen[0].at_ms, plan.tuned)
    later = pipeline.State(model=model, mount=steady.mount(model.level, seen[0].at_ms))
    one_by_one = []
    for frame in seen:
        later, results = pipeline.step(later, frame, plan)
        one_by_one.append(results)
    assert folded.open_stays == later.open_stays
    assert sum(r.believed for r in at_once) == sum(r.believed for r in one_by_one) == 1
    for one, other in zip(at_once[FIRST - 1 :], one_by_one[FIRST - 1 :], strict=True):
        assert one.sightings == other.sightings
        assert np.array_equal(one.mask, other.mask)


def test_closing_in_the_first_seconds_judges_what_waits(drawn):
    watched = drawn.watch(drawn.frames(pictures(drawn, drawn.tiles(), 45, lambda i: [early(i)])))
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == pytest.approx(11 * PERIOD_MS, abs=2 * PERIOD_MS)
    assert end_ms == 45 * PERIOD_MS
    assert watched.believed == 1
    assert watched.presence_ms == end_ms - start_ms


def test_closing_what_has_not_begun_brings_nothing(drawn):
    plan = pipeline.plan(HeatSettings(enable=1), UTC)
    state, results = pipeline.close(pipeline.State(), plan)
    assert (results.ended, results.spells, results.believed) == ((), (), 0)
    assert state.model is None


@pytest.mark.parametrize("shape", [(ROWS, COLUMNS), (240, 320)], ids=["cut", "other size"])
def test_a_scene_that_ends_in_its_first_seconds_is_judged_by_what_was_seen(drawn, shape):
    seen = list(drawn.frames(pictures(drawn, drawn.tiles(), 120, lambda i: [early(i)])))
    other = drawn.noisy(drawn.tiles(*shape), 0)
    seen[40:] = [replace(frame, luma=other) for frame in seen[40:]]
    seen[40] = replace(seen[40], cut=shape == (ROWS, COLUMNS))
    watched = drawn.watch(seen)
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == pytest.approx(11 * PERIOD_MS, abs=2 * PERIOD_MS)
    assert end_ms == 40 * PERIOD_MS


def test_pictures_that_wait_are_kept_though_the_decoders_memory_is_used_again(drawn):
    seen = list(pictures(drawn, drawn.tiles(), 70, lambda i: [early(i)]))
    truth = drawn.watch(drawn.frames(seen))
    memory = np.empty_like(seen[0])

    def again():
        for picture in seen:
            memory[:] = picture
            yield memory

    watched = drawn.watch(drawn.frames(again()))
    assert watched.stays == truth.stays
    assert np.array_equal(watched.cells, truth.cells)


# --- worked examples: who was there since the first picture ---------------------------------------


def leaving(index, after):
    """Somebody who stands from the first picture on and walks off after so many."""
    left = 100 + 4 * max(0, index - after)
    return 60, left, 110, left + 16


def test_who_was_there_from_the_first_picture_and_walks_away_was_there_all_the_time(drawn):
    # He goes after 4.8 s, and is out of the picture, at column 320, in picture 115.
    seen = pictures(drawn, drawn.tiles(), 250, lambda i: [leaving(i, after=60)])
    watched = drawn.watch(drawn.frames(seen))
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == 0
    assert end_ms == pytest.approx(115 * PERIOD_MS, abs=2 * PERIOD_MS)
    assert watched.presence_ms == end_ms
    # The place he left is as warm as he stood there, and no ghost stays behind.
    boxes_times_time = sum(cells_of(leaving(i, after=60)) * PERIOD_MS for i in range(115))
    assert int(watched.cells.sum()) == pytest.approx(boxes_times_time, rel=0.1)
    assert int(watched.cells.max()) == pytest.approx(65 * PERIOD_MS, abs=8 * PERIOD_MS)


def test_who_was_there_for_longer_than_furniture_takes_begins_a_stay_when_he_walks_off(drawn):
    # T(10) = 18.75 s; he goes after 20 s.
    seen = pictures(drawn, drawn.tiles(), 360, lambda i: [leaving(i, after=250)])
    watched = drawn.watch(drawn.frames(seen), adaptability=10)
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == pytest.approx(251 * PERIOD_MS, abs=6 * PERIOD_MS)
    assert end_ms == pytest.approx(305 * PERIOD_MS, abs=2 * PERIOD_MS)


def test_who_was_there_counts_from_the_schedules_beginning(drawn):
    # It opens 40 pictures in; he goes 60 pictures in.
    eight_ms = drawn.start_ms + 8 * HOUR_MS
    seen = pictures(drawn, drawn.tiles(), 200, lambda i: [leaving(i, after=60)])
    watched = drawn.watch(
        drawn.frames(seen, at_ms=eight_ms - 40 * PERIOD_MS), schedule=opening_at_8()
    )
    assert [start_ms for start_ms, _ in watched.stays] == [8 * HOUR_MS]
    assert min(watched.tiles) == eight_ms


def test_who_was_there_over_a_gap_in_the_schedule_counts_from_its_end(drawn):
    # It is closed from 07:59 to 08:00; he is there from 1.6 s before, and goes 3.2 s after.
    text = "00:00:07:59;08:00:24:00;" + "00:00:00:00;" * 8
    week = schedule.Schedule((schedule.read_day(text), *schedule.NEVER.days[1:]))
    gone = 20 + 750 + 40
    seen = pictures(drawn, drawn.tiles(), gone + 90, lambda i: [leaving(i, after=gone)])
    begins_ms = drawn.start_ms + 8 * HOUR_MS - MINUTE_MS - 20 * PERIOD_MS
    watched = drawn.watch(drawn.frames(seen, at_ms=begins_ms), schedule=week)
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == 8 * HOUR_MS
    assert watched.presence_ms == end_ms - start_ms


def test_who_was_there_in_a_place_outside_the_region_counts_from_where_it_begins(drawn):
    # He stands at column 108, in region column 7; from column 10 on, pixel 139.1, it counts.
    seen = pictures(drawn, drawn.tiles(), 200, lambda i: [leaving(i, after=60)])
    watched = drawn.watch(drawn.frames(seen), region=region(columns=range(10, 23)))
    ((start_ms, _),) = watched.stays
    assert start_ms == pytest.approx((60 + (139.1 - 108) / 4) * PERIOD_MS, abs=2 * PERIOD_MS)


def test_he_is_dropped_if_all_the_time_is_longer_than_the_limit(drawn):
    seen = list(pictures(drawn, drawn.tiles(), 250, lambda i: [leaving(i, after=60)]))
    # 115 pictures are 9.2 s.
    for limit_s, recorded in ((9, "longer"), (10, "yes")):
        watched = drawn.watch(drawn.frames(seen), min_dwell=limit_s)
        assert [ruled.recorded for ruled in watched.ended] == [recorded]
