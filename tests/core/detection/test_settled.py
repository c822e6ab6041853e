"""Where those stand who rest in a group: figures drawn by hand, then a law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.detection.settled import LEAST_WIDTH, settled
from emulator.core.frame import Box, Size, clip

SIZE = Size(120, 160)
BODY = Box(20, 50, 70, 62)  # 50 high, 12 wide
WALKED = Box(20, 50, 70, 70)  # the same, as wide as he was on his way: his left edge is right


def drawn(*figures):
    """A mask of figures: a head a third as wide as the body and 8 rows high, and the body."""
    mask = np.zeros(SIZE, np.uint8)
    for top, left, bottom, right in figures:
        width = right - left
        mask[top : top + 8, left + width // 3 : right - width // 3] = 255
        mask[top + 8 : bottom, left:right] = 255
    return mask


# --- worked examples: width ----------------------------------------------------------------------


def test_who_is_seen_on_both_sides_is_as_wide_as_he_is_seen_to_be():
    assert settled(WALKED, 20, [], drawn(BODY)) == BODY


def test_the_head_tells_the_side_that_another_hides():
    # A nearer one stands from column 60 on and from row 36 down: of the right side little is seen.
    nearer = Box(36, 60, 90, 76)
    assert settled(WALKED, 20, [nearer], drawn(BODY, nearer)) == BODY


def test_whose_head_is_hidden_too_is_as_wide_as_before():
    # The nearer one is where the head is: neither that nor his right edge is seen.
    nearer = Box(16, 54, 90, 76)
    assert settled(WALKED, 20, [nearer], drawn(BODY, nearer)) == WALKED


def test_whose_head_is_hidden_keeps_the_edge_that_is_not_seen():
    # His left edge is at 50 and not at 46, and that is seen; what is right of it stays.
    box, nearer = Box(20, 46, 70, 66), Box(16, 56, 90, 76)
    assert settled(box, 20, [nearer], drawn(BODY, nearer)) == Box(20, 50, 70, 66)


def test_an_edge_that_trembles_stays():
    assert settled(Box(20, 49, 70, 63), 14, [], drawn(BODY)) == Box(20, 49, 70, 63)
    assert settled(Box(20, 48, 70, 64), 16, [], drawn(BODY)) == BODY


@pytest.mark.parametrize(("usual", "is_so"), [(24, True), (26, False)])
def test_nobody_is_less_than_half_as_wide_as_he_walked(usual, is_so):
    assert LEAST_WIDTH == 0.5
    assert (settled(WALKED, usual, [], drawn(BODY)) == BODY) is is_so


def test_who_is_cut_by_the_picture_stays_as_he_is():
    cut = Box(90, 50, 140, 70)
    assert settled(cut, 20, [], drawn(Box(90, 50, 120, 62))) == cut


# --- laws ----------------------------------------------------------------------------------------

boxes = st.builds(
    lambda top, left, height, width: Box(top, left, top + height, left + width),
    st.integers(-30, 110),
    st.integers(-30, 150),
    st.integers(1, 80),
    st.integers(1, 60),
)


@given(boxes, st.lists(boxes, max_size=3), st.lists(boxes, max_size=3))
def test_a_box_becomes_no_wider_and_never_leaves_the_picture(box, others, figures):
    mask = np.zeros(SIZE, np.uint8)
    for figure in figures:
        top, left, bottom, right = clip(figure, SIZE)
        mask[top:bottom, left:right] = 255
    there = settled(box, box.right - box.left, others, mask)
    assert there.right - there.left <= box.right - box.left
    assert (there.top, there.bottom) == (box.top, box.bottom)
    assert there == box or clip(there, SIZE) == there
