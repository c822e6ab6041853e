"""Tracks of who is alone: pictures painted by hand, one after the other."""

from dataclasses import replace

import pytest
from painting import (
    TUNED,
    absorbed_at,
    at,
    confirmed_from,
    ever_seen,
    fold,
    look,
    numbers,
    painted,
    run,
    way,
)

from emulator.core.detection.tracks import FLICKER_HITS

# --- worked examples: whose box is it -------------------------------------------------------------


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
    steps = run([[at(60, 100)], [at(60, 84), at(60, 104)]])
    assert numbers(steps[-1]) == {1: at(60, 104), 2: at(60, 84)}


def test_a_box_further_away_than_it_is_long_is_somebody_else():
    assert ever_seen(run([[at(60, 100)], [at(60, 139)]])) == [1]
    assert ever_seen(run([[at(60, 100)], [at(60, 140)]])) == [1, 2]


def test_two_who_walk_side_by_side_stay_themselves():
    steps = run([[at(40, left), at(100, left)] for left in range(0, 300, 6)])
    assert ever_seen(steps) == [1, 2]
    assert {numbers(step)[1].top for step in steps} == {40}


def test_unseen_for_under_a_second_is_still_the_same():
    steps = run([*[[at(60, 100)]] * 5, *[[]] * 9, [at(60, 100)]])
    assert ever_seen(steps) == [1]
    assert all(step.gone == () for step in steps)


def test_unseen_for_a_second_is_gone():
    steps = run([*[[at(60, 100)]] * 5, *[[]] * 10, [at(60, 100)]])
    assert [step.gone for step in steps] == [()] * 14 + [(1,), ()]
    assert steps[14].sightings == ()
    assert ever_seen(steps) == [1, 2]


@pytest.mark.parametrize(("unseen_ms", "is_gone"), [(999, False), (1000, True)])
def test_the_second_is_exact(unseen_ms, is_gone):
    tracks, _ = fold([[at(60, 100)]] * 5, picture_ms=40)
    _, step = look(tracks, painted([], 200, 200 + unseen_ms))
    assert step.gone == ((1,) if is_gone else ())


@pytest.mark.parametrize(("hits", "is_nobody"), [(FLICKER_HITS, True), (FLICKER_HITS + 1, False)])
def test_what_flickered_up_and_is_unseen_was_nobody(hits, is_nobody):
    steps = run([*[[at(60, 100)]] * hits, []])
    assert steps[-1].gone == ((1,) if is_nobody else ())


@pytest.mark.parametrize("edge", ["left", "right", "top", "bottom"])
def test_who_comes_in_where_somebody_has_just_gone_out_is_somebody_else(edge):
    def walk(away):
        # From 60 pixels inside of the edge to 4 that are left to be seen, and on.
        return {
            "left": at(60, 60 - away),
            "right": at(60, 320 - 16 - 60 + away),
            "top": at(60 - away, 100),
            "bottom": at(192 - 40 - 60 + away, 100),
        }[edge]

    seen = 84 if edge in ("top", "bottom") else 68
    out = [[walk(away)] for away in range(0, seen, 6)]
    steps = run([*out, *[[]] * 3, *out[::-1]])
    assert {sighting.number for sighting in steps[len(out) - 1].sightings} == {1}
    assert {n for step in steps[len(out) + 1 :] for n in numbers(step)} == {2}


def test_who_stands_at_the_edge_and_is_unseen_for_a_moment_has_not_left():
    cut = [[at(60, -6)]] * 20
    assert ever_seen(run([*cut, *[[]] * 3, *cut])) == [1]


def test_who_came_in_just_now_and_is_unseen_for_a_moment_has_not_left():
    enters = [[at(60, left)] for left in range(-12, -3, 3)]
    assert ever_seen(run([*enters, [], [at(60, 0)]])) == [1]


def test_an_unseen_walker_is_expected_further_along_his_way():
    walk = [[at(60, 5 * index)] for index in range(20)]  # 50 pixels a second
    steps = run([*walk, *[[]] * 9])
    lefts = [box.left for box in way(steps, 1)[20:]]
    assert not any(step.sightings[0].seen for step in steps[20:])
    assert lefts == sorted(lefts)
    # 95 was the last place seen; in 0.8 s he goes on for 40 pixels, give or take a picture.
    assert 95 + 40 - 5 <= lefts[-1] <= 95 + 40 + 5
    assert {box.top for box in way(steps, 1)} == {60}


def test_a_walker_is_known_again_behind_a_pillar():
    # 8 pictures behind it: 64 pixels, further than he is long.
    walk = [[at(60, 8 * index)] for index in range(30)]
    steps = run([*walk[:12], *[[]] * 8, *walk[20:]])
    assert ever_seen(steps) == [1]


# --- worked examples: who is believed -------------------------------------------------------------


def test_who_stands_is_believed_after_a_second():
    steps = run([[at(60, 100)]] * 15)
    assert confirmed_from(steps) == 9  # the tenth picture completes the second
    assert [step.believed for step in steps] == [0] * 9 + [1] + [0] * 5


def test_who_runs_is_believed_after_one_and_a_half_of_his_widths():
    # 16 wide: 24 pixels. Steps of 9: 27 pixels on, in the fourth picture.
    steps = run([[at(60, 9 * index)] for index in range(6)])
    assert confirmed_from(steps) == 3


def test_nobody_is_believed_before_enough_pictures_show_him():
    steps = run(
        [[at(60, 30 * index)] for index in range(6)], tuned=replace(TUNED, hits_to_confirm=5)
    )
    assert confirmed_from(steps) == 4


def test_a_second_with_too_few_pictures_is_not_enough():
    steps = run([[at(60, 100)]] * 5, tuned=replace(TUNED, hits_to_confirm=4), picture_ms=600)
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


# --- worked examples: what lies still -------------------------------------------------------------


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


# --- worked examples: what was there since the beginning ------------------------------------------


def test_what_somebody_left_behind_is_nobody_and_he_is_known_to_have_left_it():
    # Where he stood since the scene began, the empty place differs: a ghost, until it is told.
    place = at(60, 100)
    walk = [at(60, 118 + 5 * index) for index in range(15)]
    steps = run([[place, (box, 220)] for box in walk], lefts={6: (place,)})
    ghost = next(number for number, box in numbers(steps[0]).items() if box == place)
    he = 3 - ghost
    assert steps[6].ghosts == {ghost}
    assert steps[6].left == {he: place}
    assert all(not step.ghosts and step.left == {} for step in steps[:6] + steps[7:])
    assert ghost not in {s.number for s in steps[6].sightings}


def test_who_only_passes_a_place_that_became_empty_did_not_leave_it():
    place = at(60, 100)
    # He passes it after 2 s, and came into being further than two widths away.
    passes = [at(60, 20 + 4 * index) for index in range(60)]
    steps = run([[place, (box, 220)] for box in passes], lefts={30: (place,)})
    assert steps[30].ghosts
    assert steps[30].left == {}


def test_who_has_been_followed_for_long_did_not_just_leave_a_place():
    place = at(60, 100)
    walk = [at(60, 118 + index) for index in range(80)]
    steps = run([[place, (box, 220)] for box in walk], lefts={60: (place,)})
    assert steps[60].left == {}
