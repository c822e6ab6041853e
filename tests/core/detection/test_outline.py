"""Edges between pixels: small drawn masks with known differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.detection.outline import refined
from emulator.core.frame import Box

ROWS, COLUMNS = 12, 14
BODY = Box(3, 4, 8, 10)


def mask_of(box):
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    mask[box.top : box.bottom, box.left : box.right] = 255
    return mask


def off_of(box, off, **lines):
    """By how much it is off in a box; `lines` say it of the lines in or beyond its edges."""
    picture = np.zeros((ROWS, COLUMNS), np.uint8)
    picture[box.top : box.bottom, box.left : box.right] = off
    across, down = slice(box.left, box.right), slice(box.top, box.bottom)
    places = {
        "top": (box.top, across),
        "above": (box.top - 1, across),
        "bottom": (box.bottom - 1, across),
        "below": (box.bottom, across),
        "left": (down, box.left),
        "before": (down, box.left - 1),
        "right": (down, box.right - 1),
        "after": (down, box.right),
    }
    for line, value in lines.items():
        picture[places[line]] = value
    return picture


# --- worked examples -----------------------------------------------------------------------------


def test_a_box_of_whole_pixels_is_counted_in_halves():
    assert refined(BODY, mask_of(BODY), off_of(BODY, 60)) == (6, 8, 16, 20)


def test_what_is_off_beside_him_and_not_beyond_his_edge_is_left_out():
    mask, off = mask_of(BODY), off_of(BODY, 60)
    mask[3, 7:10] = 0  # above his shoulder
    off[2, 7:10] = 60
    assert refined(BODY, mask, off) == (6, 8, 16, 20)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("top", (7, 8, 16, 20)),
        ("bottom", (6, 8, 15, 20)),
        ("left", (6, 9, 16, 20)),
        ("right", (6, 8, 16, 19)),
    ],
)
def test_an_outermost_line_that_is_half_as_far_off_is_half_covered(line, found):
    assert refined(BODY, mask_of(BODY), off_of(BODY, 60, **{line: 30})) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("above", (5, 8, 16, 20)),
        ("below", (6, 8, 17, 20)),
        ("before", (6, 7, 16, 20)),
        ("after", (6, 8, 16, 21)),
    ],
)
def test_a_line_just_outside_that_is_half_as_far_off_is_half_covered(line, found):
    assert refined(BODY, mask_of(BODY), off_of(BODY, 60, **{line: 30})) == found


@pytest.mark.parametrize(
    ("top", "above", "edge"),
    [
        (60, 0, 6), (60, 14, 6), (60, 16, 5), (46, 0, 6), (44, 0, 7), (0, 0, 7),
        (44, 14, 6),  # a blurred edge: what is missing in the one line is in the next
        (60, 200, 4),  # no further than a pixel
    ],
)  # fmt: skip
def test_an_edge_is_rounded_to_half_a_pixel(top, above, edge):
    assert refined(BODY, mask_of(BODY), off_of(BODY, 60, top=top, above=above)).top == edge


def test_a_line_counts_where_the_mask_reaches_it():
    # A head of two pixels that is seen whole, above shoulders.
    mask, off = mask_of(BODY), off_of(BODY, 60)
    mask[3, 4:6] = mask[3, 8:10] = 0
    off[3, 4:6] = off[3, 8:10] = 0
    assert refined(BODY, mask, off).top == 6


def test_what_lies_at_the_pictures_far_edge_is_not_beyond_the_near_one():
    near, far = Box(0, 0, 5, 6), Box(7, 8, ROWS, COLUMNS)
    off = off_of(near, 60) + off_of(far, 60)
    off[-1], off[:, -1] = 30, 30
    assert refined(near, mask_of(near), off) == (0, 0, 10, 12)


def test_at_the_pictures_edge_there_is_nothing_to_refine():
    whole = Box(0, 0, ROWS, COLUMNS)
    lines = {"top": 30, "bottom": 30, "left": 30, "right": 30}
    assert refined(whole, mask_of(whole), off_of(whole, 60, **lines)) == (0, 0, 24, 28)


def test_what_is_a_pixel_thin_or_not_off_at_all_is_left_as_it_is():
    thin = Box(3, 4, 4, 5)
    assert refined(thin, mask_of(thin), off_of(thin, 60)) == (6, 8, 8, 10)
    assert refined(BODY, mask_of(BODY), off_of(BODY, 0)) == (6, 8, 16, 20)


def test_a_box_that_the_mask_does_not_reach_is_left_as_it_is():
    # Where tracks say somebody is, though the mask shows less of him.
    assert refined(Box(1, 1, 10, 12), mask_of(BODY), off_of(BODY, 60)) == (2, 2, 20, 24)


# --- laws ----------------------------------------------------------------------------------------

eighths = st.integers(0, 8)


@given(eighths, eighths, eighths, eighths, st.integers(40, 200))
def test_a_rectangle_that_is_drawn_between_pixels_is_found_to_a_quarter_pixel(
    top, left, bottom, right, contrast
):
    # Each edge lies so many eighths within BODY's; the mask has lines that are covered by more
    # than half (`differences`).
    down, across = np.zeros(ROWS), np.zeros(COLUMNS)
    down[3:8], across[4:10] = 1, 1
    down[3], down[7] = 1 - top / 8, 1 - bottom / 8
    across[4], across[9] = 1 - left / 8, 1 - right / 8
    off = np.rint(contrast * np.outer(down, across)).astype(np.uint8)
    box = Box(3 + (top >= 4), 4 + (left >= 4), 8 - (bottom >= 4), 10 - (right >= 4))
    true = (6 + top / 4, 8 + left / 4, 16 - bottom / 4, 20 - right / 4)
    for found, edge in zip(refined(box, mask_of(box), off), true, strict=True):
        assert abs(found - edge) <= 0.6  # halves, and what rounding to grey levels makes


@given(st.integers(0, 2**32 - 1))
def test_whatever_is_seen_no_edge_moves_by_more_than_a_pixel(seed):
    rng = np.random.default_rng(seed)
    mask = rng.choice([0, 255], (ROWS, COLUMNS)).astype(np.uint8)
    off = rng.integers(0, 256, (ROWS, COLUMNS)).astype(np.uint8)
    copies = mask.copy(), off.copy()
    found = refined(BODY, mask, off)
    assert all(abs(a - 2 * b) <= 2 for a, b in zip(found, BODY, strict=True))
    assert found.top < found.bottom
    assert found.left < found.right
    assert np.array_equal(mask, copies[0])
    assert np.array_equal(off, copies[1])
