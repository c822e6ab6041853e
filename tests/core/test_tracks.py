"""Tracks: boxes that are walked by hand, picture by picture, then laws."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.frame import Box, Size
from emulator.core.settings import HeatSettings
from emulator.core.tracks import Tracks, follow
from emulator.core.tuning import tuning

SIZE = Size(192, 320)  # a 96th of its height is 2 pixels
# In numbers of our own: absorbed after 10 s, believed from the third picture on.
TUNED = replace(tuning(HeatSettings()), absorb_after_s=10.0, hits_to_confirm=3)
PICTURE_MS = 100


def at(top, left, height=40, width=16):
    return Box(top, left, top + height, left + width)


def run(pictures, tuned=TUNED, picture_ms=PICTURE_MS, tracks=None):
    """Follow the boxes of each picture; gives the steps."""
    steps = []
    tracks = tracks or Tracks()
    for index, boxes in enumerate(pictures):
        start_ms = index * picture_ms
        tracks, step = follow(tracks, boxes, start_ms, start_ms + picture_ms, SIZE, tuned)
        steps.append(step)
    return steps


def numbers(step):
    """Who was seen where: box by number."""
    return {s.number: s.box for s in step.sightings if s.seen}


def ever_seen(steps):
    return sorted({number for step in steps for number in numbers(step)})


def confirmed_from(steps, number=1):
    """The first picture in which a track is confirmed, or None."""
    for index, step in enumerate(steps):
        if any(s.number == number and s.confirmed for s in step.sightings):
            return index
    return None


# --- worked examples: whose box is it ------------------------------------------------------------


def test_nobody_is_followed_where_nothing_is():
    (step,) = run([[]])
    assert (step.sightings, step.gone, step.believed, step.absorbed) == ((), (), 0, {})


def test_a_walker_keeps_one_number_from_edge_to_edge():
    steps = run([[at(60, left)] for left in range(0, 300, 4)])
    assert ever_seen(steps) == [1]
    assert [numbers(step)[1].left for step in steps] == list(range(0, 300, 4))


def test_each_newcomer_gets_the_next_number():
    steps = run([[at(60, 20)], [at(60, 20), at(60, 200)], [at(60, 20), at(60, 200), at(120, 100)]])
    assert numbers(steps[-1]) == {1: at(60, 20), 2: at(60, 200), 3: at(120, 100)}


def test_a_number_is_never_given_again():
    away = [[]] * 10
    assert ever_seen(run([[at(60, 20)], *away, [at(60, 20)], *away, [at(60, 20)]])) == [1, 2, 3]


def test_the_nearest_box_is_the_same_object():
    steps = run([[at(60, 100)], [at(60, 90), at(60, 104)]])
    assert numbers(steps[-1]) == {1: at(60, 104), 2: at(60, 90)}


def test_a_box_further_away_than_it_is_long_is_somebody_else():
    assert ever_seen(run([[at(60, 100)], [at(60, 139)]])) == [1]
    assert ever_seen(run([[at(60, 100)], [at(60, 140)]])) == [1, 2]


def test_two_who_walk_side_by_side_stay_themselves():
    steps = run([[at(40, left), at(100, left)] for left in range(0, 300, 6)])
    assert ever_seen(steps) == [1, 2]
    assert {numbers(step)[1].top for step in steps} == {40}


def test_unseen_for_under_a_second_is_still_the_same():
    steps = run([[at(60, 100)], *[[]] * 9, [at(60, 100)]])
    assert ever_seen(steps) == [1]
    assert all(step.gone == () for step in steps)


def test_unseen_for_a_second_is_gone():
    steps = run([[at(60, 100)], *[[]] * 10, [at(60, 100)]])
    assert [step.gone for step in steps] == [()] * 10 + [(1,), ()]
    assert steps[10].sightings == ()
    assert ever_seen(steps) == [1, 2]


@pytest.mark.parametrize(("unseen_ms", "is_gone"), [(999, False), (1000, True)])
def test_the_second_is_exact(unseen_ms, is_gone):
    tracks, _ = follow(Tracks(), [at(60, 100)], 0, 40, SIZE, TUNED)
    _, step = follow(tracks, [], 40, 40 + unseen_ms, SIZE, TUNED)
    assert step.gone == ((1,) if is_gone else ())


def test_an_unseen_walker_is_expected_further_along_his_way():
    walk = [[at(60, 5 * index)] for index in range(20)]  # 50 pixels a second
    steps = run([*walk, *[[]] * 9])
    lefts = [step.sightings[0].box.left for step in steps[20:]]
    assert not any(step.sightings[0].seen for step in steps[20:])
    assert lefts == sorted(lefts)
    # 95 was the last place seen; in 0.8 s he goes on for 40 pixels, give or take a picture.
    assert 95 + 40 - 5 <= lefts[-1] <= 95 + 40 + 5
    assert {step.sightings[0].box.top for step in steps} == {60}


def test_a_walker_is_known_again_behind_a_pillar():
    # 8 pictures behind it: 64 pixels, further than he is long.
    walk = [[at(60, 8 * index)] for index in range(30)]
    steps = run([*walk[:12], *[[]] * 8, *walk[20:]])
    assert ever_seen(steps) == [1]


# --- worked examples: who is believed ------------------------------------------------------------


def test_who_stands_is_believed_after_a_second():
    steps = run([[at(60, 100)]] * 15)
    assert confirmed_from(steps) == 9  # the tenth picture completes the second
    assert [step.believed for step in steps] == [0] * 9 + [1] + [0] * 5


def test_who_runs_is_believed_after_one_and_a_half_of_his_widths():
    # 16 wide: 24 pixels. Steps of 9: 27 pixels on, in the fourth picture.
    steps = run([[at(60, 9 * index)] for index in range(6)])
    assert confirmed_from(steps) == 3


def test_nobody_is_believed_before_enough_pictures_show_him():
    steps = run([[at(60, 30 * index)] for index in range(6)], replace(TUNED, hits_to_confirm=5))
    assert confirmed_from(steps) == 4


def test_a_second_with_too_few_pictures_is_not_enough():
    steps = run([[at(60, 100)]] * 5, replace(TUNED, hits_to_confirm=4), picture_ms=600)
    assert confirmed_from(steps) == 3


def test_a_flicker_is_never_believed():
    steps = run([*[[at(60, 100)]] * 8, *[[]] * 12])
    assert confirmed_from(steps) is None
    assert sum(step.believed for step in steps) == 0


def test_a_runner_who_turns_back_is_believed_all_the_same():
    steps = run([[at(60, left)] for left in (0, 13, 26, 39, 26, 13)])
    assert confirmed_from(steps) == 2
    assert all(step.sightings[0].confirmed for step in steps[2:])
    assert sum(step.believed for step in steps) == 1


def test_who_was_believed_stays_so_while_expected():
    steps = run([*[[at(60, 100)]] * 12, *[[]] * 5])
    assert all(step.sightings[0].confirmed for step in steps[9:])


# --- worked examples: what lies still ------------------------------------------------------------


def absorbed_at(steps, number=1):
    found = [index for index, step in enumerate(steps) if number in step.absorbed]
    return found[0] if found else None


def test_a_still_thing_is_absorbed_when_its_time_is_over_and_not_before():
    steps = run([[at(60, 100)]] * 110)
    assert absorbed_at(steps) == 99  # the hundredth tenth of a second completes the ten
    assert steps[99].absorbed == {1: at(60, 100)}
    assert numbers(steps[99]) == {1: at(60, 100)}  # seen to the very end
    assert ever_seen(steps[:100]) == [1]
    assert ever_seen(steps[100:]) == [2]  # what would still be seen is another


def test_whose_edges_move_by_a_96th_of_the_height_lies_still():
    steps = run([*[[at(60, 100)]] * 30, *[[at(60, 102)]] * 80])
    assert absorbed_at(steps) == 99


@pytest.mark.parametrize(
    "moved",
    [at(60, 103), at(60, 97), at(63, 100), at(60, 100, height=43), at(60, 100, width=13)],
    ids=["right", "left", "down", "taller", "narrower"],
)
def test_any_edge_that_moves_further_starts_the_time_anew(moved):
    steps = run([*[[at(60, 100)]] * 50, *[[moved]] * 130])
    # The move shows in the average of the trembling box within half a second.
    assert 50 + 99 <= absorbed_at(steps) <= 50 + 99 + 5


def test_creeping_is_moving():
    steps = run([[at(60, 50 + index // 10)] for index in range(240)])  # a pixel a second
    assert absorbed_at(steps) is None


def test_trembling_is_not_moving():
    steps = run([[at(60 + index % 2 * 2, 100 + index % 3)] for index in range(120)])
    assert absorbed_at(steps) == 99


def test_a_box_that_jumps_for_a_picture_now_and_then_lies_still():
    steps = run([[at(60, 104 if index % 10 == 5 else 100)] for index in range(120)])
    assert absorbed_at(steps) == 99


def test_a_still_thing_out_of_sight_for_a_moment_lies_still():
    steps = run([*[[at(60, 100)]] * 50, *[[]] * 9, *[[at(60, 100)]] * 60])
    assert absorbed_at(steps) == 99


def test_a_thing_is_not_absorbed_while_out_of_sight():
    steps = run([*[[at(60, 100)]] * 95, *[[]] * 9, [at(60, 100)]])
    assert absorbed_at(steps) == 104


def test_who_walks_is_never_absorbed():
    steps = run([[at(60, 2 * index)] for index in range(150)])
    assert absorbed_at(steps) is None


# --- laws ----------------------------------------------------------------------------------------

places = st.tuples(st.integers(0, 150), st.integers(0, 300), st.integers(1, 40), st.integers(1, 30))
boxes = places.map(lambda place: at(*place))
scenes = st.lists(st.lists(boxes, max_size=5), max_size=14)


@settings(deadline=None, max_examples=50)
@given(scenes)
def test_every_box_is_seen_once_and_by_one_number(pictures):
    for boxes_given, step in zip(pictures, run(pictures, picture_ms=200), strict=True):
        seen = [s.box for s in step.sightings if s.seen]
        assert sorted(seen) == sorted(boxes_given)
        assert len({s.number for s in step.sightings}) == len(step.sightings)


@settings(deadline=None, max_examples=50)
@given(scenes)
def test_a_number_lives_through_without_a_gap_and_dies_once(pictures):
    steps = run(pictures, picture_ms=200)
    living = set()
    dead = set()
    for step in steps:
        present = {s.number for s in step.sightings}
        assert living - present == set(step.gone)
        assert not present & (dead | set(step.gone))
        dead |= set(step.gone) | set(step.absorbed)
        living = present - set(step.absorbed)


@settings(deadline=None, max_examples=50)
@given(scenes)
def test_belief_is_counted_once_and_never_lost(pictures):
    steps = run(pictures, picture_ms=200)
    confirmed = set()
    for step in steps:
        now = {s.number for s in step.sightings if s.confirmed}
        assert {s.number for s in step.sightings} & confirmed <= now
        confirmed |= now
    assert sum(step.believed for step in steps) == len(confirmed)


@settings(deadline=None, max_examples=50)
@given(scenes)
def test_the_same_boxes_give_the_same_numbers(pictures):
    assert run(pictures) == run([tuple(boxes_given) for boxes_given in pictures])
