"""The whole detector's laws: nothing is counted twice, and the same gives the same."""

from datetime import UTC

import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from walkers import MINUTE_MS, pictures, walk, walking

from emulator.core.detection import pipeline
from emulator.core.frame import Frame
from emulator.core.reports import heat
from emulator.core.settings import HeatSettings


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


def test_a_state_is_a_value_so_going_on_from_it_once_more_gives_the_same(drawn):
    plan = pipeline.plan(HeatSettings(enable=1, min_dwell=300), UTC)
    seen = list(drawn.frames(walking(drawn)))

    def fold(state, given_frames):
        found = []
        for frame in given_frames:
            state, results = pipeline.step(state, frame, plan)
            found.append((results.ended, results.spells, results.believed, results.sightings))
        return state, found

    end, whole = fold(pipeline.State(), seen)
    for cut in (1, 30, 49, 50, 51, 90):
        state, first = fold(pipeline.State(), seen[:cut])
        fold(state, seen[:40])  # another way that it might have gone
        again, rest = fold(state, seen[cut:])
        assert first + rest == whole
        assert again.open_stays == end.open_stays


walkers = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.integers(20, 120),
        st.integers(-6, 6),
        st.sampled_from([20, 60, 200, 250]),
        st.integers(0, 90),
    ),
    max_size=4,
)


@settings(deadline=None, max_examples=12)
@given(walkers, st.sampled_from(["documented", "as-named"]), st.integers(0, 60_000))
def test_time_is_never_counted_twice_and_numbers_never_given_again(
    drawn, them, semantics, offset_ms
):
    # Small pictures, ten a second, 12 s: who walks where is drawn by lot.
    ground = drawn.tiles(90, 160)
    plan = pipeline.plan(
        HeatSettings(enable=1, min_dwell=3, dwell_semantics=semantics, adaptability=10), UTC
    )
    begins_ms = drawn.start_ms + offset_ms
    state, spells, ended = pipeline.State(), [], []
    living, dead, highest = set(), set(), 0
    for index in range(120):
        picture = ground
        for top, left, speed, grey, since in them:
            at = left + speed * (index - since)
            if index >= since and at < 160:
                picture = drawn.with_box(picture, (top, at, top + 24, max(at + 10, 0)), grey)
        at_ms = begins_ms + index * 100
        luma = drawn.noisy(picture, index)
        state, results = pipeline.step(state, Frame(at_ms, at_ms + 100, luma, lambda: None), plan)
        spells += results.spells
        ended += results.ended
        numbers = [s.number for s in results.sightings]
        assert len(numbers) == len(set(numbers))
        following = {track.number for track in state.following.living}
        assert following <= set(numbers)
        assert not set(numbers) & dead
        assert all(number <= highest for number in set(numbers) & living)
        dead |= living - following
        living, highest = following, state.following.next_number - 1
    _, results = pipeline.close(state, plan)
    spells += results.spells
    ended += results.ended
    elapsed_ms = 120 * 100
    for ruled in ended:
        assert begins_ms <= ruled.start_ms <= ruled.end_ms <= begins_ms + elapsed_ms
    tiles = heat.tiles(spells, plan.counted)
    recorded = sum(r.end_ms - r.start_ms for r in ended if r.recorded == "yes")
    assert sum(tile.presence_ms for tile in tiles.values()) == recorded
    cells = sum(int(tile.cells.sum()) for tile in tiles.values())
    assert cells == sum(spell.cells.area * spell.lasted_ms for spell in spells)
    for minute_ms in tiles:
        assert begins_ms // MINUTE_MS * MINUTE_MS <= minute_ms < begins_ms + elapsed_ms
