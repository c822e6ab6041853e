"""What settings mean to the detector: the contract's numbers, then that every map is monotone."""

import doctest
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.detection import tuning as module
from emulator.core.detection.tuning import tuning
from emulator.core.settings import HeatSettings

levels = st.integers(1, 10)
two_levels = st.lists(levels, min_size=2, max_size=2, unique=True).map(sorted)
sizes = st.integers(1, 100)


def of(**settings):
    return tuning(HeatSettings(**settings))


# --- worked examples: CONTRACT 3's numbers, and those that were measured -----------------------


@pytest.mark.parametrize(
    ("size", "share"),
    [
        (1, Fraction(1, 40_000)),
        (10, Fraction(1, 400)),
        (50, Fraction(1, 16)),
        (100, Fraction(1, 4)),
    ],
)
def test_the_least_box_is_a_square_of_the_size_over_200_of_the_picture(size, share):
    assert of(min_object_size=size).min_box_share == share


@pytest.mark.parametrize(("level", "seconds"), [(1, 300), (5, 87), (10, 19)])
def test_a_still_thing_is_absorbed_after_the_contract_s_times(level, seconds):
    assert round(of(adaptability=level).absorb_after_s) == seconds


def test_a_still_thing_lasts_half_as_long_for_every_two_and_a_quarter_levels():
    times = [of(adaptability=level).absorb_after_s for level in range(1, 11)]
    assert times[0] == 300
    # Nine levels are four halvings.
    assert times[9] == pytest.approx(300 / 16)
    assert all(b / a == pytest.approx(0.5 ** (4 / 9)) for a, b in pairwise(times))


@pytest.mark.parametrize(
    ("level", "deviations", "floor"), [(1, 6.3, 32), (5, 4, 20), (10, 2.2, 11)]
)
def test_the_threshold_is_as_it_was_measured(level, deviations, floor):
    tuned = of(sensitivity=level)
    assert round(tuned.threshold_deviations, 1) == deviations
    assert round(tuned.threshold_floor) == floor


def test_an_object_is_believed_after_five_pictures_at_first_and_two_at_last():
    hits = [of(sensitivity=level).hits_to_confirm for level in range(1, 11)]
    assert (hits[0], hits[9]) == (5, 2)


@pytest.mark.parametrize(("level", "seconds"), [(1, 120), (5, 17), (10, 1.5)])
def test_the_background_forgets_in_the_times_that_were_measured(level, seconds):
    assert of(adaptability=level).half_life_s == pytest.approx(seconds, rel=0.03)


def test_a_step_of_light_is_12_percent_at_first_and_4_at_last():
    assert of(adaptability=1).relight_share == pytest.approx(0.12)
    assert of(adaptability=10).relight_share == pytest.approx(0.04)


# --- laws: BEH-01, -02, -04 --------------------------------------------------------------------


@given(two_levels)
def test_higher_sensitivity_finds_fainter_things_and_believes_no_later(levels):
    low, high = (of(sensitivity=level) for level in levels)
    assert high.threshold_deviations < low.threshold_deviations
    assert high.threshold_floor < low.threshold_floor
    assert high.hits_to_confirm <= low.hits_to_confirm


@given(sizes, sizes)
def test_a_larger_size_leaves_out_more(one, other):
    shares = [of(min_object_size=size).min_box_share for size in (one, other)]
    assert (shares[0] < shares[1]) == (one < other)


@given(two_levels)
def test_higher_adaptability_forgets_absorbs_and_relights_sooner(levels):
    low, high = (of(adaptability=level) for level in levels)
    assert high.half_life_s < low.half_life_s
    assert high.absorb_after_s < low.absorb_after_s
    assert high.relight_share < low.relight_share


@given(levels, levels, sizes, st.integers(1, 300))
def test_a_setting_moves_its_own_numbers_alone(sensitivity, adaptability, size, dwell):
    plain = of(sensitivity=sensitivity, adaptability=adaptability, min_object_size=size)
    own = of(sensitivity=sensitivity)
    assert plain.threshold_deviations == own.threshold_deviations
    assert plain.threshold_floor == own.threshold_floor
    assert plain.hits_to_confirm == own.hits_to_confirm
    assert plain.min_box_share == of(min_object_size=size).min_box_share
    assert plain.absorb_after_s == of(adaptability=adaptability).absorb_after_s
    assert plain.half_life_s == of(adaptability=adaptability).half_life_s
    # Absorption is T(a) whatever the dwell limit is (CONTRACT 3).
    assert of(min_dwell=dwell, enable=1) == of()


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(module).failed == 0
