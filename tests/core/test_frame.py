"""Coordinates: worked cells and feet, then laws against exact fractions over all cells."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.frame import Box, Frame, Size, clip, map_cells, region_cell, region_on_map

FULL_HD = Size(1080, 1920)
HALF = Fraction(1, 2)

lengths = st.integers(1, 40) | st.sampled_from([180, 191, 192, 193, 240, 270, 320, 480, 1080, 2160])
sizes = st.builds(Size, lengths, lengths)


@st.composite
def boxes(draw, inside=False):
    """A size and a box of at least a pixel each way; it may stick out or lie off the picture."""
    size = draw(sizes)
    edges = []
    for length in size:
        reach = 0 if inside else length // 2 + 2
        start = draw(st.integers(-reach, length - 1 + reach))
        edges.append((start, draw(st.integers(start + 1, length + max(reach, start + 1 - length)))))
    (top, bottom), (left, right) = edges
    return size, Box(top, left, bottom, right)


@cache
def centres(cells, length):
    """Where the centres of `cells` cells over `length` pixels are, exactly."""
    return [(index + HALF) * Fraction(length, cells) for index in range(cells)]


def clipped(start, end, length):
    """The end points of a stretch cut to a picture, by going through its pixels."""
    pixels = [pixel for pixel in range(length) if start <= pixel < end]
    return (pixels[0], pixels[-1] + 1) if pixels else None


# --- worked examples -----------------------------------------------------------------------------


def test_on_a_picture_of_192_by_192_pixels_cells_are_pixels():
    assert map_cells(Box(3, 5, 7, 11), Size(192, 192)) == Box(3, 5, 7, 11)


def test_a_box_that_begins_on_a_centre_has_the_cell_and_one_that_ends_there_has_not():
    # 384 pixels: centres lie on 1, 3, 5 ...
    size = Size(384, 384)
    assert map_cells(Box(1, 3, 5, 7), size) == Box(0, 1, 2, 3)
    assert map_cells(Box(2, 4, 6, 8), size) == Box(1, 2, 3, 4)


def test_rows_and_columns_have_cells_of_their_own_sizes():
    # 1080 / 192 = 5.625 rows a cell, 1920 / 192 = 10 columns a cell: centres 2.8125, 8.4375 ...
    # and 5, 15, 25 ...
    assert map_cells(Box(3, 5, 9, 26), FULL_HD) == Box(1, 0, 2, 3)
    assert map_cells(Box(2, 6, 9, 25), FULL_HD) == Box(0, 1, 2, 2)


def test_the_whole_picture_has_all_cells():
    assert map_cells(Box(0, 0, 1080, 1920), FULL_HD) == Box(0, 0, 192, 192)


def test_what_sticks_out_of_the_picture_heats_as_if_cut_off():
    assert map_cells(Box(-50, -50, 3, 6), FULL_HD) == Box(0, 0, 1, 1)
    assert map_cells(Box(1000, 1900, 5000, 5000), FULL_HD) == Box(178, 190, 192, 192)


def test_a_box_without_a_centre_heats_the_one_cell_nearest_its_own_centre():
    # Row centres are 14.0625 and 19.6875, column centres 5 and 15: none of these holds any.
    assert map_cells(Box(15, 7, 19, 14), FULL_HD) == Box(3, 1, 4, 2)
    assert map_cells(Box(15, 6, 17, 9), FULL_HD) == Box(2, 0, 3, 1)


def test_a_tall_box_without_a_column_of_centres_heats_one_cell_only():
    assert map_cells(Box(0, 6, 1080, 9), FULL_HD) == Box(96, 0, 97, 1)


def test_a_foot_stands_half_a_pixel_above_the_lower_edge():
    # 1080 / 13 = 83.08 rows a region cell: 82.5 is in the first, 83.5 in the second.
    assert region_cell(Box(0, 0, 83, 10), FULL_HD) == (0, 0)
    assert region_cell(Box(0, 0, 84, 10), FULL_HD) == (1, 0)


def test_a_foot_stands_in_the_middle_of_its_box():
    # 1920 / 23 = 83.48 columns a region cell: 83 is in the first, 83.5 in the second.
    assert region_cell(Box(0, 80, 10, 86), FULL_HD) == (0, 0)
    assert region_cell(Box(0, 80, 10, 87), FULL_HD) == (0, 1)


def test_a_foot_below_the_picture_is_taken_at_its_lowest_pixel():
    assert region_cell(Box(1000, 1900, 1300, 1940), FULL_HD) == (12, 22)


def test_the_foot_of_a_box_half_outside_is_the_middle_of_what_is_seen():
    # Seen are columns 0..100, middle 50, in the first region cell; of the whole box it is -50.
    assert region_cell(Box(0, -200, 500, 100), FULL_HD) == (6, 0)
    # Seen are columns 1500..1920, middle 1710, in region cell 20; of the whole box it is 2000.
    assert region_cell(Box(0, 1500, 500, 2500), FULL_HD) == (6, 20)


@pytest.mark.parametrize(
    ("box", "area"),
    [((0, 0, 2, 3), 6), ((5, 5, 5, 9), 0), ((5, 5, 9, 5), 0), ((9, 9, 5, 5), 0), ((9, 0, 5, 4), 0)],
)
def test_a_box_has_an_area_unless_it_is_turned_inside_out(box, area):
    assert Box(*box).area == area


def test_a_frame_is_as_high_and_as_wide_as_its_luma():
    frame = Frame(0, 40, np.zeros((6, 8), np.uint8), lambda: None)
    assert frame.size == Size(rows=6, columns=8)


def test_a_region_cell_covers_the_map_cells_whose_centres_it_holds():
    # 192 / 13 = 14.77: centres 0.5 .. 14.5 are 15 rows; 192 / 23 = 8.35: 8 columns.
    region = np.zeros((13, 23), np.bool_)
    region[0, 0] = True
    expected = np.zeros((192, 192), np.bool_)
    expected[:15, :8] = True
    assert np.array_equal(region_on_map(region), expected)


# --- laws: all cells, in exact fractions ---------------------------------------------------------


@given(boxes())
def test_the_cells_of_a_box_are_those_whose_centres_it_holds_or_the_nearest_one(case):
    size, box = case
    spans = [
        clipped(box.top, box.bottom, size.rows),
        clipped(box.left, box.right, size.columns),
    ]
    got = map_cells(box, size)
    if None in spans:  # nothing of it is on the picture: one cell, on the map
        assert got.area == 1
        assert clip(got, Size(192, 192)) == got
        return
    (top, bottom), (left, right) = spans
    rows = [k for k, at in enumerate(centres(192, size.rows)) if top <= at < bottom]
    columns = [k for k, at in enumerate(centres(192, size.columns)) if left <= at < right]
    if rows and columns:
        assert got == Box(rows[0], columns[0], rows[-1] + 1, columns[-1] + 1)
        return
    assert got.area == 1
    for cell, middle, length in (
        (got.top, HALF * (top + bottom), size.rows),
        (got.left, HALF * (left + right), size.columns),
    ):
        away = [abs(at - middle) for at in centres(192, length)]
        assert away[cell] == min(away)


@given(boxes(inside=True))
def test_the_region_cell_is_the_one_that_holds_the_foot(case):
    size, box = case
    row, column = region_cell(box, size)
    for index, at, cells, length in (
        (row, box.bottom - HALF, 13, size.rows),
        (column, HALF * (box.left + box.right), 23, size.columns),
    ):
        holding = [
            k
            for k in range(cells)
            if Fraction(k * length, cells) <= at < Fraction((k + 1) * length, cells)
        ]
        assert [index] == holding


@given(boxes())
def test_a_box_that_sticks_out_has_the_foot_and_the_cells_of_what_is_seen(case):
    size, box = case
    seen = clip(box, size)
    if seen.area:
        assert region_cell(box, size) == region_cell(seen, size)
        assert map_cells(box, size) == map_cells(seen, size)
    row, column = region_cell(box, size)
    assert 0 <= row < 13
    assert 0 <= column < 23


@given(boxes())
def test_clipping_keeps_the_pixels_that_are_on_the_picture(case):
    size, box = case
    seen = clip(box, size)
    spans = clipped(box.top, box.bottom, size.rows), clipped(box.left, box.right, size.columns)
    if None in spans:
        assert seen.area == 0
    else:
        assert seen == Box(spans[0][0], spans[1][0], spans[0][1], spans[1][1])


@given(st.integers(0, 2 ** (13 * 23) - 1))
def test_every_map_cell_belongs_to_the_region_cell_under_its_centre(bits):
    region = np.array([bits >> k & 1 for k in range(13 * 23)], np.bool_).reshape(13, 23)
    rows = [int(at * 13 / 192) for at in centres(192, 192)]
    columns = [int(at * 23 / 192) for at in centres(192, 192)]
    selected = region.tolist()
    expected = [[selected[row][column] for column in columns] for row in rows]
    assert region_on_map(region).tolist() == expected
