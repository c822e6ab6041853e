"""The harness's own scenes: worked out by hand, and laws that any block keeps."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.scenes import (
    ALL,
    NONE,
    Block,
    Box,
    cells,
    inside,
    is_in,
    narrower,
    presence_s,
    region_where,
    slack_s,
    source,
)


def document(text):
    """The document of a source."""
    assert text.startswith("scene:{")
    return json.loads(text.removeprefix("scene:"))


def test_a_block_is_a_thing_whose_foot_and_sides_are_shares_of_the_picture():
    (thing,) = document(source([Block(Box(180, 160, 270, 320), 6, 11, grey=40)]))["thing"]
    assert thing == {
        "at_s": 6,
        "until_s": 11,
        "foot": [0.375, 0.75],  # 240 of 640, 270 of 360
        "side": [0.25, 0.25],
        "colour": "#282828",
    }


def test_a_scene_lasts_until_two_seconds_after_its_last_block_or_as_long_as_is_said():
    blocks = [Block(Box(0, 0, 9, 9), until_s=20), Block(Box(0, 20, 9, 29), until_s=12)]
    assert document(source(blocks))["length_s"] == 22
    assert document(source(blocks, 60, fps=2))["length_s"] == 60


def test_presence_is_added_up_and_may_be_off_by_a_picture_at_each_end():
    blocks = [Block(Box(0, 0, 9, 9), 6, 11), Block(Box(0, 20, 9, 29), 7, 10.5)]
    assert presence_s(blocks) == 8.5
    assert slack_s(blocks) == pytest.approx(2 * 2 * 0.2 + 1)
    assert slack_s(blocks[:1], fps=2) == 2


def test_the_cells_of_a_box_are_those_whose_centres_lie_in_it():
    # A cell is 360 / 192 = 1.875 pixels high and 640 / 192 = 3.33 wide.
    assert cells(Box(0, 0, 2, 4)) == {(0, 0)}
    assert cells(Box(1, 0, 3, 4)) == {(1, 0)}  # centres of rows lie at 0.94, 2.81
    assert cells(Box(0, 0, 15, 10)) == {(row, column) for row in range(8) for column in range(3)}


def test_a_foot_is_half_a_pixel_above_the_lower_edge_in_the_middle():
    upper = region_where(range(7), range(23))  # down to 7 / 13 of 360: pixel 193.8
    assert is_in(upper, Block(Box(100, 50, 194, 90)))
    assert not is_in(upper, Block(Box(100, 50, 195, 90)))
    left = region_where(range(13), range(12))  # to 12 / 23 of 640: pixel 333.9
    assert is_in(left, Block(Box(100, 300, 200, 366)))
    assert not is_in(left, Block(Box(100, 300, 200, 370)))


def test_a_region_is_written_row_by_row():
    assert region_where(range(1), range(2)) == "11" + "0" * 297
    assert region_where(range(1, 2), range(22, 23)) == "0" * 45 + "1" + "0" * 253
    assert (ALL, NONE) == ("1" * 299, "0" * 299)


boxes = st.builds(
    lambda top, left, height, width: Box(top, left, top + height, left + width),
    st.integers(0, 200),
    st.integers(0, 400),
    st.integers(10, 150),
    st.integers(10, 200),
)


@given(boxes)
def test_a_narrower_box_has_none_but_the_boxes_cells(box):
    assert cells(narrower(box)) <= cells(box)


@given(boxes)
def test_the_cells_of_a_box_are_inside_all_and_outside_none(box):
    assert all(inside(ALL, cell) and not inside(NONE, cell) for cell in cells(box))


@given(boxes, st.integers(20, 180))
def test_a_box_that_is_cut_in_two_has_the_cells_of_both_parts(box, column):
    left = box._replace(right=max(box.left, min(box.right, column)))
    right = box._replace(left=left.right)
    assert cells(left) | cells(right) == cells(box)
    assert not cells(left) & cells(right)
