"""What a camera writes over its pictures: letters that can be read, boxes where they belong."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.frame import Box, Size
from emulator.core.streams.overlay import (
    DARK,
    IN_REGION,
    OUTSIDE,
    WHITE,
    Marked,
    with_boxes,
    with_clock,
)

NOW = "2026-03-02 08:00:59"

sides = st.integers(1, 300)


def gray(rows, columns, level=100):
    return np.full((rows, columns, 3), level, np.uint8)


def changed(before, after):
    """Rows and columns of the smallest box around every pixel that is not what it was."""
    rows, columns = np.nonzero((before != after).any(axis=-1))
    return rows.min(), columns.min(), rows.max() + 1, columns.max() + 1


# --- the clock -------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0, 100, 200, 255])
def test_the_clock_is_white_on_dark_whatever_is_behind(level):
    # On black, what shines is the letters.
    letters = with_clock(gray(720, 1280, 0), NOW)[:, :, 0]
    shown = with_clock(gray(720, 1280, level), NOW)
    assert (letters == WHITE).sum() > 1000
    assert (shown[letters == WHITE] == WHITE).all()
    # Right beside them it is dark, so their form can be told from a white wall.
    beside = (cv2.dilate(letters, np.ones((3, 3), np.uint8)) > 100) & (letters <= DARK)
    assert (shown[beside] <= 128).mean() > 0.95


@pytest.mark.parametrize("size", [(1080, 1920), (720, 1280), (360, 640), (240, 352)])
def test_letters_are_a_24th_of_the_height_at_the_top_left(size):
    rows, columns = size
    top, left, bottom, right = changed(gray(rows, columns), with_clock(gray(rows, columns), NOW))
    assert rows / 24 <= bottom - top <= rows / 24 * 1.6  # with the rim
    assert top < rows / 24
    assert left < columns / 24
    assert right < columns / 2


def test_a_narrow_picture_has_the_whole_clock_in_smaller_letters():
    before = gray(400, 120)
    _, left, bottom, right = changed(before, with_clock(before, NOW))
    assert left > 0
    assert 90 < right < 120
    assert bottom < 40


def test_another_second_reads_otherwise():
    assert (with_clock(gray(360, 640), NOW) != with_clock(gray(360, 640), NOW[:-1] + "8")).any()


def test_a_luma_plane_gets_the_very_letters():
    luma = gray(360, 640)[:, :, 0]
    assert (with_clock(luma, NOW) == with_clock(gray(360, 640), NOW)[:, :, 1]).all()


@given(sides, sides, st.text(max_size=30))
def test_any_text_on_any_picture_leaves_what_is_below_alone(rows, columns, text):
    before = gray(rows, columns)
    kept = before.copy()
    shown = with_clock(before, text)
    assert shown.shape == before.shape
    assert (before == kept).all()
    assert (shown[rows // 8 + 4 :] == 100).all()


# --- boxes -----------------------------------------------------------------------------------


def test_a_box_of_a_finer_picture_lies_where_its_object_is():
    # 16 parts of a pixel: rows 90..270 and columns 160..320 of 360 x 640.
    before = gray(360, 640)
    boxed = with_boxes(before, [Marked(Box(1440, 2560, 4320, 5120), None)], Size(5760, 10240))
    reach = np.array(changed(before, boxed))  # its dark rim is a pixel or two beyond
    assert (abs(reach - (90, 160, 270, 320)) <= 2).all()
    for row, column in ((90, 200), (269, 200), (150, 160), (150, 319)):
        assert tuple(boxed[row, column]) == OUTSIDE
    assert (boxed[93:267, 163:317] == 100).all()


def test_in_the_region_a_box_is_yellow_and_tells_the_seconds():
    before = gray(360, 640)
    size = Size(360, 640)
    outside, inside, later = (
        with_boxes(before, [Marked(Box(90, 160, 270, 320), stay_s)], size)
        for stay_s in (None, 7, 8)
    )
    assert tuple(inside[150, 160]) == IN_REGION
    assert changed(before, inside)[0] < changed(before, outside)[0]  # the tag stands on top
    assert (changed(inside, later)[2:] < np.array([91, 200])).all()
    assert (before == 100).all()


@given(
    sides, sides, st.lists(st.tuples(*[st.integers(-50, 400)] * 4, st.none() | st.integers(0, 99)))
)
def test_any_boxes_fit_any_picture(rows, columns, several):
    marked = [
        Marked(Box(min(a, c), min(b, d), max(a, c), max(b, d)), stay_s)
        for a, b, c, d, stay_s in several
    ]
    shown = with_boxes(gray(rows, columns), marked, Size(300, 300))
    assert shown.shape == (rows, columns, 3)
    if not marked:
        assert (shown == 100).all()
