"""Medians: examples, then laws against the standard library's."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from emulator.core.detection.middle import median, median_picture


def numbers(*values):
    return np.array(values, np.float32)


# --- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_numbers", "middle"),
    [((7,), 7), ((3, 1, 2), 2), ((4, 1, 3, 2), 2.5), ((5, 5, 1, 5), 5), ((0, 9), 4.5)],
)
def test_the_median_is_in_the_middle_or_between_the_two(given_numbers, middle):
    assert median(numbers(*given_numbers)) == middle


@pytest.mark.parametrize(("count", "middle"), [(500, 249.5), (501, 250)])
def test_many_numbers_in_any_order_have_their_median(count, middle):
    # Mostly the next lower number happens to lie beside the middle; in a few orders it does not.
    orders = (np.random.default_rng(seed).permutation(count) for seed in range(300))
    assert {median(order.astype(np.float32)) for order in orders} == {middle}


@pytest.mark.parametrize(
    ("greys", "middle"),
    [((9,), 9), ((30, 10, 20), 20), ((40, 10, 30, 20), 30), ((255, 0), 255), ((8, 8, 1, 2), 8)],
)
def test_of_an_even_number_of_pictures_it_is_the_upper_one(greys, middle):
    found = median_picture(np.full((2, 3), grey, np.uint8) for grey in greys)
    assert (found.shape, found.dtype) == ((2, 3), np.uint8)
    assert (found == middle).all()


# --- laws ----------------------------------------------------------------------------------------

whole = st.integers(-1000, 1000)


@given(st.lists(whole, min_size=1, max_size=60))
def test_the_median_is_that_of_the_standard_library_and_leaves_numbers_alone(values):
    given_numbers = numbers(*values)
    assert median(given_numbers) == statistics.median(values)
    assert np.array_equal(given_numbers, numbers(*values))


@given(st.integers(1, 12).flatmap(lambda count: arrays(np.uint8, (count, 3, 4))))
def test_each_pixel_has_its_own_median_and_pictures_are_left_alone(pictures):
    before, given_pictures = pictures.copy(), list(pictures)
    found = median_picture(given_pictures)
    for row in range(3):
        for column in range(4):
            values = [int(picture[row, column]) for picture in before]
            assert found[row, column] == statistics.median_high(values)
    assert np.array_equal(given_pictures, before)
