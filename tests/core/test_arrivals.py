"""Live pictures' stretches: worked arrivals, then laws over all of them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.arrivals import Pace, stands_until


def taken(arrivals, every_ms):
    """The arrivals that are looked at."""
    pace, wanted = Pace(every_ms), []
    for at_ms in arrivals:
        if pace.wants(at_ms):
            wanted.append(at_ms)
            pace = pace.after(at_ms)
    return wanted


# --- worked examples -----------------------------------------------------------------------------


def test_a_picture_stands_until_the_next_one_arrives():
    assert stands_until(1000, 1040, is_fresh=False, period_ms=40) == (1040, False)
    assert stands_until(1000, 1001, is_fresh=False, period_ms=40) == (1001, False)
    assert stands_until(1000, 3000, is_fresh=False, period_ms=40) == (3000, False)


@pytest.mark.parametrize("next_ms", [3001, 60_000, 1000, 999, 0, None])
def test_before_a_gap_or_a_jump_of_the_clock_it_stands_for_a_period(next_ms):
    assert stands_until(1000, next_ms, is_fresh=False, period_ms=40) == (1040, True)


def test_the_first_picture_after_an_outage_is_a_cut_however_soon_it_comes():
    assert stands_until(1000, 1500, is_fresh=True, period_ms=40) == (1040, True)
    assert stands_until(1000, 1010, is_fresh=True, period_ms=40) == (1010, True)


def test_every_second_of_25_pictures_a_second_is_looked_at_though_they_jitter():
    # Arrivals at 0, 40, 80 ... give or take 15 ms; 12.5 a second are wanted.
    late_ms = [0, 12, -15, 9, 15, -4, -11, 14, -15, 0]
    arrivals = [40 * index + late for index, late in enumerate(late_ms)]
    assert taken(arrivals, 80) == arrivals[::2]


def test_fewer_pictures_than_wanted_are_all_looked_at():
    arrivals = [100 * index for index in range(50)]
    assert taken(arrivals, 80) == arrivals


def test_all_pictures_are_looked_at_but_for_two_in_a_millisecond():
    assert taken([5, 5, 6, 7, 7, 90, 90], 0) == [5, 6, 7, 90]


def test_a_clock_that_is_set_back_keeps_nobody_waiting():
    hour_ms = 3_600_000
    assert taken([hour_ms, hour_ms + 80, 500, 540, 580], 80) == [hour_ms, hour_ms + 80, 500, 580]


# --- laws ----------------------------------------------------------------------------------------

instants = st.integers(0, 10**13)
steps = st.integers(-5000, 5000) | st.integers(-(10**9), 10**9)


@given(instants, steps, st.booleans(), st.integers(1, 1000))
def test_no_picture_stands_into_the_next_ones_stretch_nor_longer_than_two_seconds(
    at_ms, step_ms, is_fresh, period_ms
):
    until_ms, is_cut = stands_until(at_ms, at_ms + step_ms, is_fresh, period_ms)
    assert 0 < until_ms - at_ms <= 2000
    assert step_ms <= 0 or until_ms <= at_ms + step_ms
    assert is_cut or until_ms == at_ms + step_ms
    assert is_cut or not is_fresh


@given(st.lists(st.integers(0, 500), max_size=200), st.sampled_from([0, 1, 40, 80, 83.3, 1000]))
def test_there_are_never_more_than_wanted_and_the_first_is_one(gaps, every_ms):
    arrivals = [sum(gaps[: index + 1]) for index in range(len(gaps))]
    wanted = taken(arrivals, every_ms)
    assert wanted[:1] == arrivals[:1]
    assert all(a < b for a, b in pairwise(wanted))
    for first in range(len(wanted)):
        for last in range(first + 1, len(wanted)):
            # Turns are `every_ms` apart; the first may come almost a turn late, and the last a
            # quarter of one early.
            assert (last - first - 1.25) * every_ms <= wanted[last] - wanted[first]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=200), st.sampled_from([40, 80, 200]))
def test_nobody_waits_longer_than_a_turn_for_a_picture_that_is_there(gaps, every_ms):
    arrivals = [sum(gaps[: index + 1]) for index in range(len(gaps))]
    wanted = [*taken(arrivals, every_ms), None]
    for at_ms, next_ms in pairwise(wanted):
        left_out = [a for a in arrivals if a > at_ms and (next_ms is None or a < next_ms)]
        assert all(a - at_ms < 2 * every_ms for a in left_out)
