"""The benchmark's arithmetic: masks by CDnet's rules, maps, and stays paired with true ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.scores import Confusion, Span, paired, pearson, sorted_right

# --- worked examples ---


def test_masks_are_counted_by_cdnets_rules():
    # Foreground 255, shadow 50 (background), outside 85, unknown 170, background 0.
    labels = np.array([[255, 255, 50, 0], [255, 85, 170, 255]], np.uint8)
    mask = np.array([[255, 0, 255, 0], [255, 255, 255, 127]], np.uint8)
    inside = np.array([[1, 1, 1, 1], [1, 1, 1, 1]], bool)
    counts = Confusion().plus(mask, labels, inside)
    assert counts == Confusion(right=2, false=1, missed=2)
    assert counts.precision == pytest.approx(2 / 3)
    assert counts.recall == pytest.approx(1 / 2)
    assert counts.f_measure == pytest.approx(4 / 7)


def test_what_is_outside_the_region_of_interest_is_not_judged():
    labels = np.array([[255, 0], [255, 0]], np.uint8)
    mask = np.array([[0, 255], [255, 0]], np.uint8)
    inside = np.array([[0, 0], [1, 1]], bool)
    assert Confusion().plus(mask, labels, inside) == Confusion(right=1)


def test_f_is_of_the_sums_not_the_mean_of_each_picture():
    inside = np.ones((1, 4), bool)
    all_there = np.full((1, 4), 255, np.uint8)
    one = np.array([[255, 0, 0, 0]], np.uint8)
    # 4 of 4 right; then 1 right and 3 false: together 5 right, 3 false; 10 / 13.
    counts = Confusion().plus(all_there, all_there, inside).plus(all_there, one, inside)
    assert counts.f_measure == pytest.approx(10 / 13)


def test_pearson_of_numbers_worked_out_by_hand():
    # Off their means: -1, 0, 1 and -4/3, -1/3, 5/3; r = 3 / sqrt(2 x 42/9).
    assert pearson([1, 2, 3], [1, 2, 4]) == pytest.approx(0.981981, abs=1e-6)
    assert pearson([[1, 2], [3, 4]], [[8, 6], [4, 2]]) == pytest.approx(-1)


def test_a_flat_map_agrees_with_a_flat_map_only():
    assert pearson([0, 0, 0], [5, 5, 5]) == 1
    assert pearson([0, 0, 0], [1, 2, 3]) == 0


def test_unsigned_maps_are_not_wrapped():
    assert pearson(np.array([0, 10], np.uint64), np.array([3, 4], np.uint64)) == pytest.approx(1)


def test_stays_are_paired_by_shared_time_best_first():
    true = [Span(0, 10_000), Span(4_000, 12_000)]
    found = [Span(4_500, 12_000), Span(500, 10_000), Span(30_000, 40_000)]
    # 9.5 of 10 s, then 7.5 of 8 s.
    assert paired(found, true) == {0: 1, 1: 0}


def test_a_stay_of_half_the_time_is_the_same_and_a_shorter_one_is_not():
    assert paired([Span(0, 5_000)], [Span(0, 10_000)]) == {0: 0}
    assert paired([Span(0, 4_999)], [Span(0, 10_000)]) == {}


def test_a_limit_of_10_s_sorts_by_true_length_and_leaves_out_what_is_near_it():
    true = [
        Span(0, 5_000),  # short, kept: right
        Span(20_000, 40_000),  # long, dropped: right
        Span(50_000, 59_500),  # within 10 % of 10 s: not judged
        Span(70_000, 85_000),  # long, found in two pieces, both kept: wrong
        Span(90_000, 95_000),  # short, not found: wrong
        Span(100_000, 106_000),  # short, dropped: wrong
    ]
    found = [
        Span(100, 5_000, recorded=True),
        Span(20_000, 40_200, recorded=False),
        Span(50_000, 59_500, recorded=True),
        Span(70_000, 79_000, recorded=True),
        Span(79_000, 85_000, recorded=True),
        Span(100_000, 106_000, recorded=False),
    ]
    assert sorted_right(found, true, 10_000) == (2, 5)


def test_exactly_a_tenth_from_the_limit_is_near_it():
    for lasted_ms, judged in ((8_999, 1), (9_000, 0), (11_000, 0), (11_001, 1)):
        stay = Span(0, lasted_ms)
        assert sorted_right([], [stay], 10_000) == (0, judged)


# --- laws ---

spans = st.builds(
    lambda start, lasts, recorded: Span(start, start + lasts, recorded),
    st.integers(0, 60_000),
    st.integers(1, 30_000),
    st.booleans(),
)
levels = st.lists(st.integers(0, 1000), min_size=3, max_size=3)


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8))
def test_no_stay_is_paired_twice(found, true):
    pairs = paired(found, true)
    assert len(set(pairs.values())) == len(pairs)
    assert set(pairs) <= set(range(len(true)))


@given(st.lists(spans, max_size=8), st.integers(1, 30))
def test_the_truth_itself_is_sorted_right(true, limit_s):
    ruled = [Span(s.start_ms, s.end_ms, s.lasted_ms <= limit_s * 1000) for s in true]
    right, judged = sorted_right(ruled, true, limit_s * 1000)
    assert right == judged


@given(levels, levels, st.integers(1, 9), st.integers(0, 99))
def test_a_map_in_other_units_agrees_just_as_well(ours, true, times, plus):
    rescaled = [times * level + plus for level in ours]
    assert pearson(rescaled, true) == pytest.approx(pearson(ours, true), abs=1e-9)
