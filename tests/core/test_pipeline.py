"""The whole detector on drawn scenes whose truth is known: who, where, how long, how much."""

from dataclasses import replace
from datetime import UTC
from itertools import pairwise
from zoneinfo import ZoneInfo

import cv2
import numpy as np
import pytest

from emulator.core import heat, pipeline, schedule
from emulator.core.frame import Frame
from emulator.core.settings import HeatSettings

PERIOD_MS = 80
ROWS, COLUMNS = 180, 320
HOUR_MS, MINUTE_MS = 3_600_000, 60_000


def cells_of(box, rows=ROWS, columns=COLUMNS):
    """How many map cells have their centre in a box clipped to the picture."""
    top, left, bottom, right = box
    down = [k for k in range(192) if top * 384 <= (2 * k + 1) * rows < bottom * 384]
    across = [k for k in range(192) if left * 384 <= (2 * k + 1) * columns < right * 384]
    return len(down) * len(across)


def walk(index, speed=4, top=60, height=50, width=16):
    """Where somebody is who walks through the picture from the left, entering after 2 s."""
    left = (index - 25) * speed - width
    return top, left, top + height, left + width


def pictures(drawn, ground, count, boxes, grey=30):
    """`count` noisy pictures of the ground with `boxes(index)` on it."""
    for index in range(count):
        picture = ground
        for box in boxes(index):
            picture = drawn.with_box(picture, box, grey)
        yield drawn.noisy(picture, index)


def walking(drawn, count=160):
    return list(pictures(drawn, drawn.tiles(), count, lambda index: [walk(index)]))


def standing(drawn, count, box, since=25, until=10**9, **options):
    return pictures(
        drawn,
        drawn.tiles(),
        count,
        lambda index: [box] if since <= index < until else [],
        **options,
    )


def region(rows=range(13), columns=range(23)):
    return tuple(tuple(r in rows and c in columns for c in range(23)) for r in range(13))


# --- worked examples: one walker -----------------------------------------------------------------


def test_a_walker_is_one_stay_as_long_as_he_is_seen_and_heats_his_boxes_times_time(drawn):
    # Picture 26 shows the first 4 columns of him, 108 the last 4; 109 nothing any more.
    watched = drawn.watch(drawn.frames(walking(drawn)))
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == pytest.approx(26 * PERIOD_MS, abs=2 * PERIOD_MS)
    assert end_ms == pytest.approx(109 * PERIOD_MS, abs=2 * PERIOD_MS)
    assert watched.believed == 1
    assert watched.presence_ms == end_ms - start_ms
    boxes_times_time = sum(cells_of(walk(index)) * PERIOD_MS for index in range(26, 109))
    assert int(watched.cells.sum()) == pytest.approx(boxes_times_time, rel=0.02)


def test_a_larger_picture_of_the_same_gives_the_same_heat(drawn):
    small = walking(drawn)
    large = [picture.repeat(2, 0).repeat(2, 1) for picture in small]
    one, other = (drawn.watch(drawn.frames(given)) for given in (small, large))
    assert other.stays == one.stays
    assert np.array_equal(other.cells, one.cells)


@pytest.mark.parametrize(
    ("semantics", "limit_s", "recorded"),
    [
        ("documented", 6, "longer"),
        ("documented", 7, "yes"),
        ("as-named", 6, "yes"),
        ("as-named", 7, "shorter"),
    ],
)
def test_the_dwell_limit_rules_over_him(drawn, semantics, limit_s, recorded):
    # He is seen for 6.64 s.
    watched = drawn.watch(
        drawn.frames(walking(drawn)), min_dwell=limit_s, dwell_semantics=semantics
    )
    assert [ruled.recorded for ruled in watched.ended] == [recorded]
    assert (watched.presence_ms > 0) is (recorded == "yes")
    assert watched.cells.any() == (recorded == "yes")


def test_he_is_ruled_a_second_after_he_left(drawn):
    plan = pipeline.plan(HeatSettings(enable=1), UTC)
    state, ruled_in = pipeline.State(), []
    for index, frame in enumerate(drawn.frames(walking(drawn))):
        state, results = pipeline.step(state, frame, plan)
        ruled_in += [index] * len(results.ended)
    # Last seen in picture 108; thirteen pictures of 80 ms later he is unseen for a second.
    assert ruled_in == [pytest.approx(108 + 13, abs=2)]
    assert state.open_stays == {}


@pytest.mark.parametrize(("hidden", "stays"), [(11, 1), (13, 2)])
def test_under_a_second_behind_a_pillar_is_one_stay_and_over_a_second_are_two(drawn, hidden, stays):
    gap = range(60, 60 + hidden)  # 0.88 s or 1.04 s
    seen = pictures(drawn, drawn.tiles(), 160, lambda i: [] if i in gap else [walk(i, speed=2)])
    watched = drawn.watch(drawn.frames(seen))
    assert len(watched.stays) == stays
    if stays == 2:
        assert watched.stays[0][1] == 60 * PERIOD_MS
        assert watched.stays[1][0] == 73 * PERIOD_MS


def test_heat_over_a_full_minute_is_booked_in_both(drawn):
    # Minute 1 begins 10 ms into a picture.
    at_ms = drawn.start_ms + MINUTE_MS - 50 * PERIOD_MS - 10
    watched = drawn.watch(drawn.frames(walking(drawn), at_ms=at_ms))
    ((start_ms, end_ms),) = watched.stays
    first, second = watched.tiles[drawn.start_ms], watched.tiles[drawn.start_ms + MINUTE_MS]
    assert first.presence_ms == MINUTE_MS - start_ms
    assert second.presence_ms == end_ms - MINUTE_MS
    assert len(watched.tiles) == 2
    boxes_times_time = sum(cells_of(walk(i)) * PERIOD_MS for i in range(26, 109))
    assert int((first.cells + second.cells).sum()) == pytest.approx(boxes_times_time, rel=0.02)


# --- worked examples: switch and schedule (BEH-06, SET-01) ---------------------------------------


def test_nothing_is_recorded_while_switched_off_or_never_scheduled(drawn):
    seen = walking(drawn)
    for off in ({"enable": 0}, {"schedule": schedule.NEVER}):
        watched = drawn.watch(drawn.frames(seen), **off)
        assert (watched.ended, watched.spells) == ([], [])


def closing_at_8():
    days = schedule.read_day("00:00:08:00;" + "00:00:00:00;" * 9), *schedule.NEVER.days[1:]
    return schedule.Schedule(days)


def opening_at_8():
    days = schedule.read_day("08:00:24:00;" + "00:00:00:00;" * 9), *schedule.NEVER.days[1:]
    return schedule.Schedule(days)


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


# --- worked examples: region (BEH-05) ------------------------------------------------------------


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


# --- worked examples: what rests (BEH-04) --------------------------------------------------------


@pytest.mark.parametrize("ground", ["plain", "tiles"])
@pytest.mark.parametrize(("adaptability", "absorbed_s"), [(2, 220.5), (5, 87.5), (10, 18.75)])
def test_a_thing_put_down_gives_heat_until_it_is_absorbed_and_not_longer(
    drawn, adaptability, absorbed_s, ground
):
    # T(a) = 300 s x 2 ^ (-(a - 1) / 2.25), half a second a picture, small pictures.
    room = getattr(drawn, ground)(90, 160)
    count = int(2 * (1.2 * absorbed_s + 10))
    box = (40, 60, 55, 72)
    seen = pictures(drawn, room, count, lambda index: [box] if index >= 10 else [])
    watched = drawn.watch(drawn.frames(seen, period_ms=500), adaptability=adaptability)
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == 5000
    assert (end_ms - start_ms) / 1000 == pytest.approx(absorbed_s, rel=0.1)
    assert watched.presence_ms == end_ms - start_ms
    assert int(watched.cells.max()) == end_ms - start_ms
    assert int(watched.cells.sum()) == (end_ms - start_ms) * cells_of(box, 90, 160)


def test_a_stay_that_ends_by_absorption_is_ruled_like_any_other(drawn):
    # T(10) = 18.75 s.
    seen = list(standing(drawn, 300, (60, 100, 110, 116)))
    short = drawn.watch(drawn.frames(seen), adaptability=10, min_dwell=18)
    assert [ruled.recorded for ruled in short.ended] == ["longer"]
    long = drawn.watch(drawn.frames(seen), adaptability=10, min_dwell=19)
    assert [ruled.recorded for ruled in long.ended] == ["yes"]


def test_who_walks_on_after_absorption_begins_a_new_stay_and_leaves_no_ghost(drawn):
    def place(index):
        left = 100 + 4 * max(0, index - 300)
        return [(60, left, 110, left + 16)] if index >= 25 else []

    seen = pictures(drawn, drawn.tiles(), 420, place)
    watched = drawn.watch(drawn.frames(seen), adaptability=10)
    (first, second) = watched.stays
    assert first[0] == 25 * PERIOD_MS
    assert first[1] - first[0] == pytest.approx(18_750, rel=0.1)
    # He is out of the picture, at column 320, in picture 355.
    assert second[0] == pytest.approx(301 * PERIOD_MS, abs=3 * PERIOD_MS)
    assert second[1] == pytest.approx(355 * PERIOD_MS, abs=2 * PERIOD_MS)


def test_who_moves_a_little_in_time_is_not_absorbed(drawn):
    # A step of 3 pixels (of 180 rows: 1.9 count) every 12 s; T(10) = 18.75 s.
    def place(index):
        left = 100 + 3 * (index // 150)
        return [(60, left, 110, left + 16)] if index >= 25 else []

    watched = drawn.watch(drawn.frames(pictures(drawn, drawn.tiles(), 600, place)), adaptability=10)
    assert watched.stays == [(25 * PERIOD_MS, 600 * PERIOD_MS)]


def test_who_was_there_from_the_first_picture_and_walks_away_leaves_no_ghost(drawn):
    def place(index):
        left = 100 + 4 * max(0, index - 60)
        return [(60, left, 110, left + 16)]

    watched = drawn.watch(drawn.frames(pictures(drawn, drawn.tiles(), 250, place)))
    ((start_ms, end_ms),) = watched.stays
    assert start_ms == pytest.approx(61 * PERIOD_MS, abs=2 * PERIOD_MS)
    assert end_ms == pytest.approx(115 * PERIOD_MS, abs=2 * PERIOD_MS)
    # The place he left is no warmer than the way he went.
    assert watched.cells[:, 60:70].max() <= watched.cells[:, 100:].max() + 4 * PERIOD_MS


# --- worked examples: what is not there (BEH-07) -------------------------------------------------


@pytest.mark.parametrize("sensitivity", [1, 5, 10])
def test_an_empty_noisy_scene_gives_no_heat(drawn, sensitivity):
    seen = pictures(drawn, drawn.tiles(), 250, lambda index: [])
    watched = drawn.watch(drawn.frames(seen), sensitivity=sensitivity)
    assert (watched.believed, watched.presence_ms, int(watched.cells.sum())) == (0, 0, 0)


@pytest.mark.parametrize("adaptability", [1, 5, 10])
def test_a_step_of_light_by_a_fifth_and_back_gives_almost_no_heat(drawn, adaptability):
    room = drawn.tiles()
    seen = [drawn.noisy(room * (1.2 if 60 <= i < 120 else 1), i) for i in range(200)]
    watched = drawn.watch(drawn.frames(seen), adaptability=adaptability)
    assert watched.presence_ms <= 500
    assert int(watched.cells.sum()) <= 500 * 192 * 192 // 100


def test_a_slow_change_of_light_gives_no_heat(drawn):
    room = drawn.tiles()
    seen = [drawn.noisy(room * (1 + i / 1000), i) for i in range(300)]
    assert drawn.watch(drawn.frames(seen)).presence_ms == 0


def test_a_walker_is_one_stay_also_when_the_light_steps_while_he_walks(drawn):
    seen = [
        drawn.noisy(drawn.with_box(drawn.tiles(), walk(i), 30) * (1.2 if i >= 70 else 1), i)
        for i in range(160)
    ]
    watched = drawn.watch(drawn.frames(seen))
    assert watched.presence_ms == pytest.approx(6640, abs=500)


# --- worked examples: size and sensitivity (BEH-01, BEH-02) --------------------------------------


@pytest.mark.parametrize(
    ("height", "width", "is_counted"), [(12, 12, True), (9, 16, True), (11, 13, False)]
)
def test_at_level_10_a_quarter_percent_of_the_area_counts_and_a_pixel_less_does_not(
    drawn, height, width, is_counted
):
    # 144 of 57600 pixels; 143 are too few.
    box = (60, 100, 60 + height, 100 + width)
    seen = pictures(drawn, drawn.plain(), 80, lambda i: [box] if i >= 25 else [], grey=20)
    watched = drawn.watch(drawn.frames(seen))
    assert watched.stays == ([(25 * PERIOD_MS, 80 * PERIOD_MS)] if is_counted else [])
    assert watched.cells.any() == is_counted


def heats(drawn, seen, name, levels):
    watched = (drawn.watch(drawn.frames(seen), **{name: level}) for level in levels)
    return [(int(each.cells.sum()), each.presence_ms) for each in watched]


def test_heat_never_falls_with_sensitivity_and_rises_over_its_range(drawn):
    # Three walk abreast, 14, 25 and 40 grey levels darker than a plain ground.
    seen = []
    for index in range(110):
        picture = drawn.plain()
        for top, darker in ((15, 14), (70, 25), (125, 40)):
            picture = drawn.with_box(picture, walk(index, top=top, height=40), 120 - darker)
        seen.append(drawn.noisy(picture, index))
    found = heats(drawn, seen, "sensitivity", range(1, 11))
    assert all(a <= b for a, b in pairwise(found))
    assert all(a[1] <= b[1] for a, b in pairwise(found))
    # 1: one of three is seen; 5: two; 10: all.
    assert 1.9 < found[4][0] / found[0][0] < 2.1
    assert 2.9 < found[9][0] / found[0][0] < 3.1


def test_heat_never_rises_with_the_size_asked_for(drawn):
    def abreast(index):
        sizes = ((10, 12, 8), (50, 30, 12), (110, 60, 24))
        return [walk(index, top=top, height=height, width=width) for top, height, width in sizes]

    seen = list(pictures(drawn, drawn.tiles(), 110, abreast))
    found = heats(drawn, seen, "min_object_size", [1, 5, 10, 15, 20, 30, 40, 100])
    assert all(a[0] >= b[0] and a[1] >= b[1] for a, b in pairwise(found))
    assert found[0][1] > 2.5 * found[5][1] > 0
    assert found[-1] == (0, 0)


# --- worked examples: cuts and endings -----------------------------------------------------------


def test_a_cut_ends_all_stays_and_tracks(drawn):
    seen = list(drawn.frames(walking(drawn)))
    seen[60] = replace(seen[60], cut=True)
    watched = drawn.watch(seen)
    (first, second) = watched.stays
    assert (first[1], second[0]) == (60 * PERIOD_MS, 60 * PERIOD_MS)
    assert watched.believed == 2


def test_a_picture_of_another_size_is_another_scene(drawn):
    seen = list(drawn.frames(walking(drawn)))
    other = drawn.noisy(drawn.tiles(240, 320), 0)
    seen[60:] = [replace(frame, luma=other) for frame in seen[60:]]
    watched = drawn.watch(seen)
    assert [end_ms for _, end_ms in watched.stays] == [60 * PERIOD_MS]


def test_closing_ends_what_is_open_and_keeps_the_scene(drawn):
    plan = pipeline.plan(HeatSettings(enable=1, min_dwell=300), UTC)
    state = pipeline.State()
    for frame in drawn.frames(walking(drawn)[:60]):
        state, _ = pipeline.step(state, frame, plan)
    closed, outcome = pipeline.close(state, plan)
    assert [ruled.end_ms - drawn.start_ms for ruled in outcome.ended] == [60 * PERIOD_MS]
    assert closed.open_stays == {}
    assert closed.model is state.model
    assert closed.following == state.following
    assert pipeline.close(closed, plan)[1].ended == ()


def test_heat_is_undecided_since_the_oldest_stay_that_may_still_count(drawn):
    plan = pipeline.plan(HeatSettings(enable=1, min_dwell=2), UTC)
    state = pipeline.State()
    assert pipeline.undecided_since(state, plan) is None
    # One comes at 1.6 s, another at 3.2 s; the first has been there too long at 3.6 s.
    first, second = (60, 100, 110, 116), (60, 200, 110, 216)
    seen = pictures(drawn, drawn.tiles(), 80, lambda i: [first] * (i >= 20) + [second] * (i >= 40))
    since = []
    for frame in drawn.frames(seen):
        state, _ = pipeline.step(state, frame, plan)
        since.append(pipeline.undecided_since(state, plan))
    assert set(since[:20]) == {None}
    assert set(since[20:45]) == {drawn.start_ms + 20 * PERIOD_MS}
    assert set(since[45:65]) == {drawn.start_ms + 40 * PERIOD_MS}
    assert set(since[65:]) == {None}


def test_a_picture_that_stands_for_no_time_makes_no_heat(drawn):
    seen = list(drawn.frames(walking(drawn)))
    none = [Frame(f.at_ms, f.at_ms, f.luma, f.picture) for f in seen]
    doubled = [each for pair in zip(none, seen, strict=True) for each in pair]
    assert drawn.watch(doubled).presence_ms == pytest.approx(6640, abs=2 * PERIOD_MS)


# --- laws ----------------------------------------------------------------------------------------


def test_the_same_frames_give_the_same_results_and_nothing_that_went_in_is_changed(drawn):
    plan = pipeline.plan(HeatSettings(enable=1, adaptability=10), UTC)
    seen = list(drawn.frames(walking(drawn)))
    for frame in seen:
        frame.luma.flags.writeable = False
    states = [pipeline.State(), pipeline.State()]
    for frame in seen:
        before = states[0]
        copies = [] if before.model is None else [before.model.mean, before.model.deviation]
        copies = [(plane, plane.copy()) for plane in copies]
        stays = dict(before.open_stays)
        results = []
        for index, state in enumerate(states):
            states[index], result = pipeline.step(state, frame, plan)
            results.append(result)
        one, other = results
        assert (one.ended, one.spells, one.believed) == (other.ended, other.spells, other.believed)
        assert np.array_equal(one.mask, other.mask)
        assert all(np.array_equal(plane, copy) for plane, copy in copies)
        assert before.open_stays == stays
    assert states[0].following == states[1].following
    assert states[0].open_stays == states[1].open_stays
    assert np.array_equal(states[0].model.mean, states[1].model.mean)


def test_the_number_of_threads_makes_no_difference(drawn):
    seen = walking(drawn)
    usual = cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        one = drawn.watch(drawn.frames(seen))
        cv2.setNumThreads(4)
        four = drawn.watch(drawn.frames(seen))
    finally:
        cv2.setNumThreads(usual)
    assert one.stays == four.stays
    assert np.array_equal(one.cells, four.cells)


def test_presence_is_the_length_of_the_recorded_stays_and_heat_is_their_spells(drawn):
    seen = pictures(drawn, drawn.tiles(), 250, lambda i: [walk(i), walk(i - 40, top=110, speed=3)])
    watched = drawn.watch(drawn.frames(seen))
    assert len(watched.stays) == 2
    assert watched.presence_ms == sum(end_ms - start_ms for start_ms, end_ms in watched.stays)
    assert heat.no_heat().cells.shape == watched.cells.shape
    spells = sum(spell.cells.area * spell.lasted_ms for spell in watched.spells)
    assert int(watched.cells.sum()) == spells
