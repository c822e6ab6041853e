"""A video's time axis: worked stamps, then laws against a slow reckoning in fractions."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.axis import Timed, on_axis, thinned

MS = Fraction(1, 1000)


def axis(stamps, time_base=MS, period_s=Fraction(1, 25)):
    """The stretches of pictures with these stamps, each picture being its own index."""
    return list(
        on_axis([(stamp, index) for index, stamp in enumerate(stamps)], time_base, period_s)
    )


def starts(timed):
    return [each.start_ms for each in timed]


def cuts(timed):
    return [each.picture for each in timed if each.cut]


def steady(count, step=40):
    return [1000 + step * index for index in range(count)]


# --- worked examples -----------------------------------------------------------------------------


def test_a_picture_stands_until_the_next_ones_stamp_and_the_last_for_a_period():
    assert axis([1000, 1040, 1100, 1110]) == [
        Timed(0, 0, 40, False),
        Timed(1, 40, 100, False),
        Timed(2, 100, 110, False),
        Timed(3, 110, 150, False),
    ]


def test_a_video_without_pictures_has_no_axis():
    assert axis([]) == []


def test_a_single_picture_stands_for_a_period():
    assert axis([7]) == [Timed(0, 0, 40, False)]
    assert axis([None]) == [Timed(0, 0, 40, False)]


def test_stamps_count_in_the_videos_own_unit():
    # 3003 units of 1/90000 s are 33.37 ms; half up, from the beginning, so errors don't add.
    timed = axis([0, 3003, 6006, 9009], Fraction(1, 90000), Fraction(1001, 30000))
    assert starts(timed) == [0, 33, 67, 100]
    assert timed[-1].end_ms == 133


def test_half_a_millisecond_is_rounded_up():
    assert starts(axis([0, 1, 2, 3], Fraction(1, 2000))) == [0, 1, 1, 2]


@pytest.mark.parametrize("wrong", [None, 1000 + 40 * 19, 1000 + 40 * 18, -5])
@pytest.mark.parametrize("where", [20, 49])
def test_a_wrong_stamp_among_the_first_50_makes_the_whole_video_run_at_its_average_rate(
    wrong, where
):
    stamps = [*steady(where, step=90), wrong, *steady(60, step=70)]
    assert starts(axis(stamps)) == [40 * index for index in range(where + 61)]
    assert cuts(axis(stamps)) == []


def test_a_stamp_given_twice_among_the_first_50_does_so_too():
    assert starts(axis([0, 90, 90, 180])) == [0, 40, 80, 120]


def test_a_missing_first_stamp_makes_the_whole_video_run_at_its_average_rate():
    assert starts(axis([None, *steady(3, step=90)])) == [0, 40, 80, 120]


@pytest.mark.parametrize("stamp", [1000 + 40 * 49, 1000 + 40 * 48, 0, 1000 + 40 * 49 + 2001, None])
def test_a_wrong_stamp_after_the_first_50_is_a_cut_that_lasts_a_period(stamp):
    going_on = 5000 if stamp is None else stamp
    stamps = [*steady(50, step=40), stamp, going_on + 60, going_on + 120]
    timed = axis(stamps, period_s=Fraction(1, 20))
    assert starts(timed)[49:51] == [49 * 40, 49 * 40 + 50]
    # After a missing stamp the next one's step is as unknown.
    assert cuts(timed) == ([50, 51] if stamp is None else [50])
    assert timed[-1].start_ms - timed[-2].start_ms == 60


def test_a_step_of_2_seconds_is_none_too_long():
    timed = axis([*steady(50), 1000 + 40 * 49 + 2000, 1000 + 40 * 49 + 4001])
    assert cuts(timed) == [51]
    assert starts(timed)[50:] == [40 * 49 + 2000, 40 * 49 + 2040]


def test_a_long_forward_step_among_the_first_50_is_a_cut_too():
    timed = axis([0, 40, 5000, 5040])
    assert cuts(timed) == [2]
    assert starts(timed) == [0, 40, 80, 120]


def test_the_49th_step_decides_and_the_50th_does_not():
    assert starts(axis([*steady(49, step=90), 0]))[-1] == 49 * 40
    assert starts(axis([*steady(50, step=90), 0]))[-1] == 49 * 90 + 40


def test_every_third_picture_stands_for_three():
    timed = axis([0, 40, 100, 130, 170, 200, 260], period_s=Fraction(1, 20))
    assert list(thinned(timed, 3)) == [
        Timed(0, 0, 130, False),
        Timed(3, 130, 260, False),
        Timed(6, 260, 310, False),
    ]


def test_no_thinned_picture_stands_beyond_a_cut():
    # Picture 50 is the cut; counting by threads of 3 would have left it out.
    timed = axis([*steady(50), 90_000, 90_040, 90_080, 90_120])
    kept = list(thinned(timed, 3))
    assert [each.picture for each in kept][-4:] == [45, 48, 50, 53]
    assert [each.cut for each in kept][-4:] == [False, False, True, False]
    assert kept[-3] == Timed(48, 48 * 40, 50 * 40, False)
    assert kept[-2] == Timed(50, 50 * 40, 53 * 40, True)


def test_thinning_to_every_picture_changes_nothing():
    timed = axis([*steady(50), 0, 40])
    assert list(thinned(timed, 1)) == timed


def test_nothing_thinned_is_nothing():
    assert list(thinned([], 2)) == []


# --- laws ----------------------------------------------------------------------------------------

periods = st.fractions(Fraction(1, 120), Fraction(1, 2), max_denominator=1001)
bases = st.sampled_from([MS, Fraction(1, 90000), Fraction(1, 12800), Fraction(1001, 30000)])
steps = st.integers(1, 5000) | st.integers(-10, 400_000)
stamps = st.lists(steps | st.none(), max_size=130).map(
    lambda jumps: [
        None if jump is None else sum(step or 0 for step in jumps[: index + 1])
        for index, jump in enumerate(jumps)
    ]
)
trusted_starts = st.lists(st.integers(1, 3000), min_size=50, max_size=50)


def slow_steps(stamps, time_base, period_s):
    """How long each picture stands, and whether it is a cut, straight from CONTRACT 4."""
    head = stamps[:50]
    if None in head or any(b <= a for a, b in pairwise(head)):
        return [period_s] * len(stamps), [False] * len(stamps)
    lengths, cut = [], [False]
    for a, b in pairwise(stamps):
        step = None if a is None or b is None else (b - a) * time_base
        is_cut = step is None or step <= 0 or step > 2
        lengths.append(period_s if is_cut else step)
        cut.append(is_cut)
    return [*lengths, period_s], cut


@settings(deadline=None, max_examples=50)
@given(stamps, bases, periods, trusted_starts)
def test_every_picture_stands_as_long_as_its_step(later, time_base, period_s, first):
    for given_stamps in (later, [sum(first[: i + 1]) for i in range(50)] + later):
        if not given_stamps:
            continue
        timed = axis(given_stamps, time_base, period_s)
        lengths, cut = slow_steps(given_stamps, time_base, period_s)
        assert [each.picture for each in timed] == list(range(len(given_stamps)))
        assert [each.cut for each in timed] == cut
        ends = [sum(lengths[: i + 1]) * 1000 for i in range(len(lengths))]
        assert [each.end_ms for each in timed] == [int(2 * end + 1) // 2 for end in ends]


@settings(deadline=None, max_examples=50)
@given(trusted_starts, st.lists(st.tuples(st.integers(0, 49), steps), min_size=1, max_size=5))
def test_a_clock_that_jumps_is_clamped_and_never_counted(first, jumps):
    stamps = [sum(first[: i + 1]) for i in range(50)]
    for index, jump in jumps:  # in ms; the clock is put forward or back, and goes on from there
        stamps += [stamps[-1] + jump + 40 * step for step in range(index + 1)]
    timed = axis(stamps)
    assert all(0 < each.end_ms - each.start_ms <= 2000 for each in timed if each.picture >= 50)
    # What was shown lasted as long as its own steps; no jump adds more than the longest step.
    steady_ms = sum(step for step in first[1:] if step <= 2000)
    steady_ms += 40 * sum(step > 2000 for step in first[1:])
    shown_ms = steady_ms + 40 * (1 + sum(index for index, _ in jumps))
    assert shown_ms <= timed[-1].end_ms <= shown_ms + 2000 * len(jumps)


@settings(deadline=None, max_examples=50)
@given(stamps, st.integers(1, 7))
def test_neighbours_meet_to_the_millisecond_thinned_or_not(given_stamps, every):
    timed = axis(given_stamps)
    for whole in (timed, list(thinned(timed, every))):
        assert all(a.end_ms == b.start_ms for a, b in pairwise(whole))
        assert [each.start_ms for each in whole[:1]] == [0] * bool(timed)
        assert [each.end_ms for each in whole[-1:]] == [each.end_ms for each in timed[-1:]]


@settings(deadline=None, max_examples=50)
@given(stamps, st.integers(1, 7), trusted_starts)
def test_thinning_keeps_every_cut_and_leaves_out_at_most_so_many(later, every, first):
    timed = axis([sum(first[: i + 1]) for i in range(50)] + later)
    kept = list(thinned(timed, every))
    assert cuts(kept) == cuts(timed)
    numbers = [each.picture for each in kept] + [len(timed)]
    assert all(1 <= b - a <= every for a, b in pairwise(numbers))
    assert all(b - a == every for a, b in pairwise(numbers[:-1]) if b not in cuts(kept))
