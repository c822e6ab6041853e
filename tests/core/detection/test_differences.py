"""What differs from a model: drawn pictures in which it is known to the pixel."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from emulator.core.detection import differences
from emulator.core.detection.outline import refined
from emulator.core.detection.tuning import tuning
from emulator.core.frame import Box
from emulator.core.settings import HeatSettings

TUNED = tuning(HeatSettings())
ROWS, COLUMNS = 60, 80
BODY = Box(20, 30, 40, 42)


def plane(grey, rows=ROWS, columns=COLUMNS):
    return np.full((rows, columns), grey, np.float32)


def known(ground, deviation=0.0, sensitivity=5):
    tuned = tuning(HeatSettings(sensitivity=sensitivity))
    return differences.limits(ground, np.full_like(ground, deviation), tuned)


def picture(ground, *boxes):
    """The ground in bytes, with (box, grey) painted on it."""
    painted = ground.astype(np.uint8)
    for (top, left, bottom, right), grey in boxes:
        painted[top:bottom, left:right] = grey
    return painted


def bounds(mask):
    """The box around what is set; None: nothing is."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return None
    return (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)


# --- worked examples: limits ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sensitivity", "deviation", "strong"),
    [
        (5, 0, 20),  # design, settings: floor 20 q and 4 q deviations, q = 2 ^ ((5 - s) / 6)
        (1, 0, 32),  # 31.7
        (10, 0, 11),  # 11.2
        (5, 5, 20),
        (5, 6, 24),
        (1, 10, 63),  # 6.35 deviations
        (10, 10, 22),  # 2.24 deviations
    ],
)
def test_a_pixel_differs_by_more_than_the_floor_and_than_its_noise(sensitivity, deviation, strong):
    assert known(plane(120), deviation, sensitivity).strong[30, 40] == strong


@pytest.mark.parametrize(("grey", "strong"), [(0, 12), (60, 12), (88, 16), (110, 20), (255, 20)])
def test_where_it_is_dark_the_floor_is_lower_down_to_three_fifths(grey, strong):
    assert known(plane(grey)).strong[30, 40] == strong


def test_the_other_limits_are_shares_and_deviations():
    limits = known(plane(120), 6.0)
    assert [field[30, 40] for field in limits] == [120, 24, 19, 18, 24]  # 0.8 x 24; 3 x 6; 4 x 6


def test_under_another_light_noise_stays_what_it_was():
    ground = plane(120)
    ground[:, 40:] = 200
    dimmed = ground * np.float32(0.5)
    relit = differences.relit(known(ground, 6.0), dimmed, TUNED)
    for field, expected in zip(relit, known(dimmed, 6.0), strict=True):
        np.testing.assert_array_equal(field, expected)


def test_what_a_quarter_of_a_pixel_of_movement_makes_at_an_edge_is_allowed_for():
    ground = plane(120)
    ground[:, 40:] = 200  # a step of 80: 10 for each eighth of the step over two pixels
    assert known(ground).strong[30, 37:43].tolist() == [20, 20, 30, 30, 20, 20]


def test_a_mean_beyond_what_a_byte_holds_is_compared_as_clipped():
    limits = known(plane(320))
    assert limits.level[30, 40] == 255
    assert not differences.find(limits, picture(plane(255)))[0].any()


# --- worked examples: masks ----------------------------------------------------------------------


@pytest.mark.parametrize(("grey", "is_seen"), [(140, False), (141, True), (100, False), (99, True)])
def test_a_pixel_must_be_further_off_than_its_limit(grey, is_seen):
    mask, _ = differences.find(known(plane(120)), picture(plane(120), (BODY, grey)))
    assert mask.any() == is_seen


def test_it_is_told_by_how_much_each_pixel_is_off_seen_or_not():
    _, off = differences.find(known(plane(120)), picture(plane(120), (BODY, 105)))
    assert off.dtype == np.uint8
    assert (off[30, 35], off[10, 10]) == (15, 0)


@pytest.mark.parametrize(("extra", "is_seen"), [(0, False), (1, True)])
def test_a_speck_of_less_than_half_of_5_by_5_pixels_is_noise(extra, is_seen):
    speck = picture(plane(120), (Box(20, 30, 23, 34), 20))  # 12 of 25
    speck[23, 30 : 30 + extra] = 20
    assert differences.find(known(plane(120)), speck)[0].any() == is_seen


def test_what_is_nearly_as_far_off_belongs_to_what_it_touches_but_is_nothing_by_itself():
    coat, faint = Box(20, 30, 30, 42), Box(30, 30, 34, 42)  # 18 off: over 16, under 20
    alone, _ = differences.find(known(plane(120)), picture(plane(120), (faint, 102)))
    both, _ = differences.find(known(plane(120)), picture(plane(120), (coat, 40), (faint, 102)))
    assert not alone.any()
    assert bounds(both) == (20, 30, 34, 42)


def test_what_is_less_off_than_four_fifths_of_the_limit_does_not_belong_to_it():
    coat, faint = Box(20, 30, 30, 42), Box(30, 30, 34, 42)
    mask, _ = differences.find(known(plane(120)), picture(plane(120), (coat, 40), (faint, 104)))
    assert bounds(mask) == (20, 30, 30, 42)


def test_a_mask_grows_over_what_is_nearly_as_far_off_by_two_neighbourhoods():
    coat, faint = Box(20, 30, 30, 42), Box(30, 30, 50, 42)
    mask, _ = differences.find(known(plane(120)), picture(plane(120), (coat, 40), (faint, 102)))
    assert bounds(mask) == (20, 30, 37, 42)  # 2 x 3 pixels; and one that is half as far off


@pytest.mark.parametrize(("gap", "is_one"), [(4, True), (5, False)])
def test_a_gap_of_up_to_4_pixels_is_closed(gap, is_one):
    parts = (Box(10, 30, 25, 42), 40), (Box(25 + gap, 30, 45, 42), 40)
    mask, _ = differences.find(known(plane(120)), picture(plane(120), *parts))
    assert (mask[25 : 25 + gap, 34:38] > 0).all() == is_one


@pytest.mark.parametrize(("gap", "is_closed"), [(2, True), (3, False)])
def test_a_gap_of_up_to_2_pixels_to_the_pictures_edge_is_closed(gap, is_closed):
    mask, _ = differences.find(
        known(plane(120)), picture(plane(120), (Box(20, gap, 40, gap + 12), 40))
    )
    assert bounds(mask) == (20, 0 if is_closed else gap, 40, gap + 12)


@pytest.mark.parametrize(
    ("deviation", "rim", "is_in"),
    [
        (0.0, 14, False),
        (0.0, 15, True),
        (5.0, 15, False),  # of 3 deviations, it may be noise
        (5.0, 16, True),
    ],
)
def test_the_outline_is_where_half_of_what_is_just_inside_is_seen(deviation, rim, is_in):
    # Of no more than the weak limit, 16; the body is 28 off.
    outer = Box(BODY.top, BODY.left, BODY.bottom, BODY.right + 1)
    shown = picture(plane(120), (outer, 120 + rim), (BODY, 148))
    mask, _ = differences.find(known(plane(120), deviation), shown)
    assert bounds(mask) == (20, 30, 40, 43 if is_in else 42)


# --- laws ----------------------------------------------------------------------------------------

any_pictures = arrays.arrays(np.uint8, (24, 32))


def edges(length):
    """Where a box of at least 8 pixels lies: at the picture's edge, or beyond its reach."""
    starts = st.just(0) | st.integers(3, length - 11)
    return starts.flatmap(
        lambda start: st.tuples(
            st.just(start), st.just(length) | st.integers(start + 8, length - 3)
        )
    )


boxes = st.tuples(edges(ROWS), edges(COLUMNS)).map(
    lambda e: Box(e[0][0], e[1][0], e[0][1], e[1][1])
)
contrasts = st.integers(30, 110) | st.integers(-110, -30)


@settings(deadline=None, max_examples=60)
@given(any_pictures, st.floats(0, 30))
def test_a_picture_equal_to_the_model_has_an_empty_mask(shown, deviation):
    limits = differences.limits(
        shown.astype(np.float32), np.full(shown.shape, deviation, np.float32), TUNED
    )
    mask, off = differences.find(limits, shown)
    assert not mask.any()
    assert not off.any()


@settings(deadline=None, max_examples=60)
@given(any_pictures, any_pictures)
def test_any_picture_has_a_mask_is_not_changed_and_has_it_again(first, second):
    limits = known(first.astype(np.float32))
    before = second.copy()
    mask, off = differences.find(limits, second)
    assert set(np.unique(mask)) <= {0, 255}
    assert np.array_equal(off, np.abs(first.astype(int) - second))
    assert np.array_equal(mask, differences.find(limits, second)[0])
    assert np.array_equal(before, second)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 255), st.integers(0, 255))
def test_however_small_a_picture_is_it_is_looked_at(rows, columns, ground, shown):
    mask, _ = differences.find(
        known(plane(ground, rows, columns)), picture(plane(shown, rows, columns))
    )
    assert mask.all() if abs(ground - shown) > 20 else mask.shape == (rows, columns)


@settings(deadline=None, max_examples=100)
@given(boxes, contrasts)
def test_a_rectangle_is_found_to_the_pixel(box, contrast):
    shown = picture(plane(120), (box, 120 + contrast))
    mask, _ = differences.find(known(plane(120), 1.0), shown)
    assert bounds(mask) == box
    # But for a pixel of each corner nothing is missing.
    assert np.count_nonzero(mask) >= box.area - 4


@settings(deadline=None, max_examples=100)
@given(
    st.tuples(st.integers(8, 76), st.integers(8, 104)),
    st.tuples(st.integers(20, 36), st.integers(20, 46)),
    contrasts,
)
def test_an_outline_drawn_with_half_covered_pixels_is_found_to_half_a_pixel(
    corner, measures, contrast
):
    # Everything in half pixels; the scene is drawn at twice its size and then halved.
    fine = Box(*corner, corner[0] + measures[0], corner[1] + measures[1])
    large = picture(plane(120, 2 * ROWS, 2 * COLUMNS), (fine, 120 + contrast)).astype(np.float32)
    shown = large.reshape(ROWS, 2, COLUMNS, 2).mean(axis=(1, 3)).astype(np.uint8)
    mask, off = differences.find(known(plane(120), 1.0), shown)
    found = refined(Box(*bounds(mask)), mask, off)
    assert max(abs(a - b) for a, b in zip(found, fine, strict=True)) <= 1


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(boxes, st.integers(0, 255)), max_size=4),
    st.floats(0, 12),
    st.integers(0, 99),
)
def test_a_higher_sensitivity_only_ever_shows_more_but_for_a_pixel_of_the_outline(
    painted, deviation, seed
):
    ground = plane(120)
    noise = np.random.default_rng(seed).normal(0, 4, ground.shape)
    shown = np.clip(picture(ground, *painted) + noise, 0, 255).astype(np.uint8)
    masks = [differences.find(known(ground, deviation, level), shown)[0] for level in range(1, 11)]
    # Half of what is just inside is more where that is darker.
    grown = (cv2.dilate(mask, np.ones((3, 3), np.uint8)) for mask in masks[1:])
    assert all((lower <= higher).all() for lower, higher in zip(masks, grown, strict=False))
    areas = [np.count_nonzero(mask) for mask in masks]
    assert all(higher >= 0.98 * lower for lower, higher in pairwise(areas))


# --- what may differ, and a mean under another light ----------------------------------------------


def test_what_may_differ_is_all_that_is_further_off_than_the_limit_and_a_pixel_around():
    model = known(plane(120))  # limit 20
    assert bounds(differences.rough(model, picture(plane(120), (BODY, 100)))) is None
    rough = differences.rough(model, picture(plane(120), (BODY, 99)))
    assert bounds(rough) == (19, 29, 41, 43)
    assert np.count_nonzero(rough) == 22 * 14


@settings(deadline=None)
@given(
    box=st.tuples(*(st.integers(0, limit) for limit in (ROWS - 12, COLUMNS - 12))),
    grey=st.integers(0, 255),
    sigma=st.floats(0, 3),
)
def test_whatever_is_found_may_differ_all_over(box, grey, sigma):
    top, left = box
    shown = picture(plane(120), ((top, left, top + 12, left + 12), grey)).astype(float)
    noise = np.random.default_rng(1).normal(0, sigma, shown.shape)
    shown = np.clip(np.rint(shown + noise), 0, 255).astype(np.uint8)
    model = known(plane(120), deviation=sigma)
    mask, off = differences.find(model, shown)
    rough = differences.rough(model, shown)
    assert rough[(mask > 0) & (off > model.strong)].all()


def test_under_slightly_other_light_the_level_is_new_and_the_limits_are_as_they_were():
    model = known(plane(120), deviation=6)
    lit = differences.levelled(model, plane(123.6))
    assert (lit.level == 124).all()
    assert all(one is other for one, other in zip(lit[1:], model[1:], strict=True))
