"""The empty scene in colour: pictures with known people in known places."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as arrays

from emulator.core.detection.backdrop import learnt

ROWS, COLUMNS = 36, 64


def colour(blue, green, red, rows=ROWS, columns=COLUMNS):
    return np.full((rows, columns, 3), (blue, green, red), np.uint8)


def mask_of(*boxes, rows=ROWS, columns=COLUMNS):
    mask = np.zeros((rows, columns), np.uint8)
    for top, left, bottom, right in boxes:
        mask[top:bottom, left:right] = 255
    return mask


# --- worked examples -----------------------------------------------------------------------------


def test_the_first_picture_is_all_that_is_known():
    picture = colour(10, 20, 30)
    first = learnt(None, picture, mask_of((0, 0, 9, 9)))
    assert np.array_equal(first, picture)
    assert first is not picture


def test_what_is_free_is_renewed():
    assert np.array_equal(
        learnt(colour(10, 20, 30), colour(40, 50, 60), mask_of()), colour(40, 50, 60)
    )


def test_where_somebody_stands_the_scene_is_kept_with_a_margin_of_2_pixels():
    after = learnt(colour(10, 20, 30), colour(40, 50, 60), mask_of((10, 20, 20, 30)))
    expected = colour(40, 50, 60)
    expected[8:22, 18:32] = (10, 20, 30)
    assert np.array_equal(after, expected)


def test_a_mask_of_a_smaller_size_lies_over_the_whole_picture():
    before, now = colour(1, 1, 1, 144, 256), colour(9, 9, 9, 144, 256)  # four times the mask's
    after = learnt(before, now, mask_of((10, 20, 20, 30)))
    expected = now.copy()
    expected[32:88, 72:128] = 1
    assert np.array_equal(after, expected)


def test_who_walks_away_from_the_first_picture_is_gone_from_the_scene():
    person = (10, 20, 20, 30)
    crowded = colour(40, 50, 60)
    crowded[10:20, 20:30] = 255
    scene = learnt(None, crowded, mask_of())
    scene = learnt(scene, crowded, mask_of(person))
    assert np.array_equal(learnt(scene, colour(40, 50, 60), mask_of()), colour(40, 50, 60))


def test_a_picture_of_another_size_begins_anew():
    small = colour(40, 50, 60, 18, 32)
    assert np.array_equal(learnt(colour(1, 2, 3), small, mask_of((0, 0, 36, 64))), small)


# --- laws ----------------------------------------------------------------------------------------

scenes = arrays.arrays(np.uint8, (ROWS, COLUMNS, 3))
masks = arrays.arrays(np.bool_, (9, 16)).map(lambda free: free.astype(np.uint8) * np.uint8(255))


@settings(deadline=None, max_examples=15)
@given(scenes, scenes, masks)
def test_each_pixel_is_the_old_scenes_or_the_pictures_and_covered_ones_are_old(old, new, mask):
    copies = old.copy(), new.copy(), mask.copy()
    after = learnt(old, new, mask)
    assert ((after == old).all(axis=2) | (after == new).all(axis=2)).all()
    covered = mask.repeat(4, 0).repeat(4, 1) > 0
    assert np.array_equal(after[covered], old[covered])
    assert all(map(np.array_equal, (old, new, mask), copies))


@pytest.mark.parametrize("grey", [0, 255])
def test_a_covered_picture_teaches_nothing(grey):
    scene = colour(10, 20, 30)
    everything = mask_of((0, 0, ROWS, COLUMNS))
    assert np.array_equal(learnt(scene, colour(grey, grey, grey), everything), scene)
