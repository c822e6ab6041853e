"""Objects in a mask: drawn masks with known boxes, then laws."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection import objects
from emulator.core.detection.tuning import tuning
from emulator.core.frame import Box
from emulator.core.settings import HeatSettings

TUNED = tuning(HeatSettings())
ANY_SIZE = replace(TUNED, min_box_share=Fraction(0))
ROWS, COLUMNS = 180, 320  # n = 10 asks for 57600 / 400 = 144 pixels; parts join over 6 rows


def mask_of(*boxes):
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    for top, left, bottom, right in boxes:
        mask[top:bottom, left:right] = 255
    return mask


def find(mask, tuned):
    """What is large enough."""
    return objects.find(mask, tuned).bodies


def sized(level):
    return tuning(HeatSettings(min_object_size=level))


# --- worked examples -----------------------------------------------------------------------------


def test_who_is_joined_late_comes_in_his_place():
    head, body, other = (20, 42, 28, 52), (32, 40, 80, 56), (22, 100, 60, 120)
    assert find(mask_of(head, body, other), TUNED) == (Box(20, 40, 80, 56), Box(*other))


def test_an_empty_mask_has_no_objects():
    assert find(mask_of(), ANY_SIZE) == ()


def test_a_full_mask_is_one_object():
    assert find(mask_of((0, 0, ROWS, COLUMNS)), sized(100)) == (Box(0, 0, ROWS, COLUMNS),)


def test_objects_come_from_the_top_then_from_the_left():
    boxes = [(100, 10, 130, 30), (20, 200, 60, 220), (20, 40, 60, 60)]
    found = find(mask_of(*boxes), TUNED)
    assert found == (Box(20, 40, 60, 60), Box(20, 200, 60, 220), Box(100, 10, 130, 30))


@pytest.mark.parametrize(
    ("height", "width", "is_counted"),
    [(12, 12, True), (9, 16, True), (11, 13, False), (143, 1, False), (144, 1, True)],
)
def test_at_level_10_a_quarter_percent_of_the_area_counts_and_a_pixel_less_does_not(
    height, width, is_counted
):
    box = Box(10, 50, 10 + height, 50 + width)
    seen = objects.find(mask_of(box), sized(10))
    assert (seen.bodies, seen.crumbs) == (((box,), ()) if is_counted else ((), (box,)))


def test_it_is_the_box_that_is_measured_not_the_pixels_in_it():
    mask = mask_of((20, 20, 60, 23), (57, 20, 60, 60))  # an L: 240 pixels in a box of 1600
    assert find(mask, sized(30)) == (Box(20, 20, 60, 60),)  # n = 30 asks for 1296


def test_at_level_100_a_quarter_of_the_picture_counts():
    assert find(mask_of((0, 0, 90, 160)), sized(100)) == (Box(0, 0, 90, 160),)
    assert find(mask_of((0, 0, 90, 159)), sized(100)) == ()


def test_pixels_that_touch_at_a_corner_are_one_object():
    mask = mask_of((20, 20, 40, 40), (40, 40, 60, 60))
    assert find(mask, TUNED) == (Box(20, 20, 60, 60),)


def test_what_lies_in_the_hole_of_another_belongs_to_it():
    mask = mask_of((20, 20, 80, 80))
    mask[25:75, 25:75] = 0
    mask[40:60, 40:60] = 255
    assert find(mask, TUNED) == (Box(20, 20, 80, 80),)


def test_a_head_above_a_gap_of_a_thirtieth_of_the_height_is_joined_to_its_body():
    head, body = (20, 42, 28, 52), (34, 40, 80, 56)
    assert find(mask_of(head, body), TUNED) == (Box(20, 40, 80, 56),)


def test_a_head_above_a_wider_gap_is_not():
    head, body = (19, 42, 27, 52), (34, 40, 80, 56)
    seen = objects.find(mask_of(head, body), TUNED)
    assert (seen.bodies, seen.crumbs) == ((Box(*body),), (Box(*head),))


def test_parts_that_are_large_enough_by_themselves_are_left_apart():
    # Who was there before tells whether they are one (`tracks`).
    upper, lower = (20, 40, 32, 52), (36, 40, 80, 56)  # 144 pixels, just enough
    assert find(mask_of(upper, lower), TUNED) == (Box(*upper), Box(*lower))
    smaller = (20, 40, 32, 51)
    assert find(mask_of(smaller, lower), TUNED) == (Box(20, 40, 80, 56),)


def test_what_is_too_small_is_told_apart():
    crumb, body, speck = (100, 40, 108, 50), (20, 40, 60, 60), (150, 10, 151, 12)
    seen = objects.find(mask_of(crumb, body, speck), TUNED)
    assert seen.bodies == (Box(*body),)
    assert seen.crumbs == (Box(*crumb),)


def test_crumbs_come_from_the_top_then_from_the_left_and_are_joined_too():
    parts = [(100, 40, 104, 50), (106, 40, 110, 50), (20, 200, 28, 210), (20, 40, 28, 50)]
    seen = objects.find(mask_of(*parts), TUNED)
    assert seen.bodies == ()
    assert seen.crumbs == (Box(20, 40, 28, 50), Box(20, 200, 28, 210), Box(100, 40, 110, 50))


def test_people_side_by_side_are_not_joined_however_near():
    left, right = (20, 40, 60, 54), (20, 55, 60, 69)
    assert find(mask_of(left, right), TUNED) == (Box(*left), Box(*right))


@pytest.mark.parametrize(("right", "is_joined"), [(46, True), (45, False)])
def test_half_of_the_narrower_part_must_lie_over_the_other(right, is_joined):
    upper, lower = (30, right - 12, 41, right), (43, 40, 80, 60)  # 12 wide: 6 or 5 lie over it
    seen = objects.find(mask_of(upper, lower), TUNED)
    assert len(seen.bodies + seen.crumbs) == (1 if is_joined else 2)


def test_parts_join_to_bodies_through_other_parts():
    parts = [(20, 40, 27, 60), (31, 40, 38, 60), (42, 40, 49, 60)]  # of 140 pixels
    assert find(mask_of(*parts), TUNED) == (Box(20, 40, 49, 60),)


def test_a_part_may_join_two_bodies():
    arms = [(26, 40, 40, 50), (26, 60, 40, 70)]  # of 140 pixels
    assert find(mask_of(*arms), TUNED) == ()
    assert find(mask_of(*arms, (43, 40, 60, 70)), TUNED) == (Box(26, 40, 60, 70),)


def test_parts_too_small_by_themselves_count_together():
    legs, coat = (50, 40, 58, 50), (40, 40, 47, 50)  # 80 and 70 of 144 pixels; together 180
    assert find(mask_of(legs), TUNED) == find(mask_of(coat), TUNED) == ()
    assert find(mask_of(legs, coat), TUNED) == (Box(40, 40, 58, 50),)


def test_a_speck_joins_nothing():
    speck, body = (20, 45, 21, 47), (24, 40, 80, 56)  # 2 of at least 2.88 pixels
    assert find(mask_of(speck, body), TUNED) == (Box(*body),)
    assert find(mask_of((20, 45, 21, 48), body), TUNED) == (Box(20, 40, 80, 56),)


def test_the_size_limit_is_a_share_whatever_the_picture_measures():
    small = np.zeros((90, 160), np.uint8)  # 14400 pixels: n = 10 asks for 36
    small[30:36, 30:36] = 255
    assert find(small, TUNED) == (Box(30, 30, 36, 36),)
    small[30:36, 30] = 0
    assert find(small, TUNED) == ()


# --- laws ----------------------------------------------------------------------------------------

edges = st.tuples(st.integers(0, 170), st.integers(1, 60), st.integers(0, 310), st.integers(1, 60))
boxes = edges.map(lambda e: (e[0], e[2], min(e[0] + e[1], ROWS), min(e[2] + e[3], COLUMNS)))
masks = st.lists(boxes, max_size=8).map(lambda drawn: mask_of(*drawn))


@settings(deadline=None, max_examples=60)
@given(masks)
def test_every_pixel_lies_in_an_object_when_no_size_is_asked_for(mask):
    covered = np.zeros_like(mask)
    for top, left, bottom, right in find(mask, ANY_SIZE):
        covered[top:bottom, left:right] = 255
        assert mask[top:bottom, left:right].any(axis=1)[[0, -1]].all()  # and none is too large
        assert mask[top:bottom, left:right].any(axis=0)[[0, -1]].all()
    outside = np.where(covered, 0, mask)
    assert np.count_nonzero(outside) <= 2 * 8  # but for specks


@settings(deadline=None, max_examples=60)
@given(masks, st.integers(1, 99))
def test_a_higher_level_only_ever_leaves_objects_out(mask, level):
    assert set(find(mask, sized(level + 1))) <= set(find(mask, sized(level)))


@settings(deadline=None, max_examples=60)
@given(masks)
def test_finding_changes_nothing_and_is_the_same_again(mask):
    before = mask.copy()
    assert find(mask, TUNED) == find(mask, TUNED)
    assert np.array_equal(mask, before)
