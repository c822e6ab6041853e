"""Finding somebody by his looks: bodies painted by hand, then laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.looks import (
    REACH_SHARE,
    UPPER_SHARE,
    Where,
    cover,
    looks,
    place,
    scaled,
)
from emulator.core.frame import Box

GROUND = 120
HEIGHT, WIDTH = 40, 20
REACH = 6  # three tenths of 20 columns


def street(*bodies, rows=120, columns=160):
    """A picture, its mask: each body is a box and a grey, or a (40, 20) pattern of greys."""
    luma = np.full((rows, columns), GROUND, np.uint8)
    mask = np.zeros_like(luma)
    for box, grey in bodies:
        luma[box.top : box.bottom, box.left : box.right] = grey
        mask[box.top : box.bottom, box.left : box.right] = 255
    return luma, mask


def at(top, left, height=HEIGHT, width=WIDTH):
    return Box(top, left, top + height, left + width)


def where(mask):
    seen = (mask > 0).astype(np.float32)
    return Where(seen, np.ones_like(seen))


def coat(seed=1):
    """Somebody with a pattern of his own: uint8 (40, 20)."""
    return np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH)).astype(np.uint8)


def look_of(grey, box=None):
    box = box or at(40, 60)
    return looks(*street((box, grey)), box)


# --- worked examples: looks ----------------------------------------------------------------------


def test_looks_are_the_greys_of_the_upper_part_and_where_he_is_in_it():
    box = at(40, 60)
    pattern = coat()
    luma, mask = street((box, pattern))
    mask[40:50, 60:65] = 0  # beside his head
    seen = looks(luma, mask, box)
    rows = 26  # 0.65 of 40
    assert np.array_equal(seen.patch, pattern[:rows])
    assert seen.inside[:10, :5].sum() == 0
    assert seen.inside.sum() == rows * WIDTH - 50
    assert (seen.patch.dtype, seen.inside.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize(("pixels", "is_enough"), [(7, False), (8, True)])
def test_of_a_few_pixels_nobody_is_known(pixels, is_enough):
    luma, mask = street()
    mask[40, 60 : 60 + pixels] = 255
    assert (looks(luma, mask, at(40, 60)) is not None) is is_enough


def test_looks_of_who_came_nearer_are_as_much_larger():
    grown = scaled(look_of(30), 80.0)
    assert grown.patch.shape == grown.inside.shape == (52, 40)
    assert (grown.patch == 30).all()
    assert set(np.unique(grown.inside)) == {1.0}


def test_looks_of_hardly_another_size_are_left_as_they_are():
    known = look_of(coat())
    assert scaled(known, 41.0) is known
    assert scaled(known, 39.0) is known


def test_looks_asked_for_again_in_one_size_are_not_made_again_and_others_are():
    known = look_of(coat())
    larger = scaled(known, 80.0)
    assert scaled(known, 80.2) is larger  # 52 rows, too
    assert scaled(known, 60.0).patch.shape == (39, 30)
    assert np.array_equal(scaled(known, 80.0).patch, larger.patch)
    assert len(known.resized) == 1  # no more are kept than the last


# --- worked examples: where he is ----------------------------------------------------------------


@pytest.mark.parametrize(("down", "right"), [(0, 0), (-3, 2), (4, 4), (0, -REACH)])
def test_he_is_found_beside_where_he_is_expected(down, right):
    pattern = coat()
    luma, mask = street((at(40 + down, 60 + right), pattern))
    found = place(look_of(pattern), luma, where(mask), at(40, 60))
    assert found.box == at(40 + down, 60 + right)
    assert found.seen == pytest.approx(1)


def test_he_is_not_looked_for_beyond_reach():
    assert round(REACH_SHARE * WIDTH) == REACH
    pattern = coat()
    luma, mask = street((at(40, 60 + REACH + 20), pattern))
    assert place(look_of(pattern), luma, where(mask), at(40, 60)).box == at(40, 60)


def test_two_in_one_patch_are_told_by_their_greys():
    # Shoulder to shoulder; each is expected 3 columns into the other.
    luma, mask = street((at(40, 60), 30), (at(40, 80), 220))
    for grey, expected, box in ((30, at(40, 63), at(40, 60)), (220, at(40, 77), at(40, 80))):
        assert place(look_of(grey), luma, where(mask), expected).box == box


def test_he_is_not_taken_to_be_where_only_ground_is_seen():
    # A plain coat; the patch ends at column 80, so he can't stand further right.
    luma, mask = street((at(40, 60), 30))
    assert place(look_of(30), luma, where(mask), at(40, 62)).box == at(40, 60)


def test_he_is_taken_to_be_where_he_is_seen_rather_than_behind_somebody():
    # Two in the same coat; the nearer one takes columns 60..80, the rest is the other.
    luma, mask = street((at(40, 80), 30), (at(40, 60), 30))
    there = where(mask)
    cover(there, look_of(30), at(40, 60))
    assert place(look_of(30), luma, there, at(40, 79)).box == at(40, 80)


def test_he_is_rather_taken_to_be_behind_somebody_than_where_only_ground_is_seen():
    # Columns 48..68 are the nearer one's, 68..74 his, the rest is ground. k columns right of 54
    # cost 6 k / 20 for ground, 3 (14 - k) / 20 for being covered, and (3 - k)^2 / 11.52 for not
    # being where he is expected: the least for k = 2.
    luma, mask = street((at(40, 54), 30), (at(40, 48), 220))
    there = where(mask)
    cover(there, look_of(220), at(40, 48))
    assert place(look_of(30), luma, there, at(40, 57)).box == at(40, 56)


def test_behind_somebody_half_of_him_is_enough():
    # The nearer one covers columns 70..90, half of him.
    pattern = coat()
    luma, mask = street((at(40, 60), pattern), (at(40, 70), 220))
    there = where(mask)
    cover(there, look_of(220), at(40, 70))
    found = place(look_of(pattern), luma, there, at(38, 62))
    assert found.box == at(40, 60)
    assert found.seen == pytest.approx(0.5)


def test_who_is_wholly_covered_is_where_he_is_expected_and_not_seen():
    luma, mask = street((at(40, 60), 220))
    there = where(mask)
    cover(there, look_of(220), at(40, 60))
    found = place(look_of(coat()), luma, there, at(40, 60))
    assert found.box == at(40, 60)
    assert found.seen == pytest.approx(0)


@pytest.mark.parametrize("expected", [at(-200, 60), at(40, 400), at(400, -300)])
def test_who_is_expected_outside_the_picture_is_not_looked_for(expected):
    luma, mask = street((at(40, 60), 30))
    assert place(look_of(30), luma, where(mask), expected) == (expected, 0.0)


@pytest.mark.parametrize("left", [-8, 148])
def test_he_is_found_half_out_of_the_picture(left):
    pattern = coat()
    luma, mask = street()
    # Columns of him that lie outside are not drawn.
    seen = slice(max(left, 0), min(left + WIDTH, 160))
    luma[40:80, seen] = pattern[:, seen.start - left : seen.stop - left]
    mask[40:80, seen] = 255
    found = place(look_of(pattern), luma, where(mask), at(41, left + 2))
    assert found.box == at(40, left)


def test_what_somebody_hides_is_neither_free_nor_open():
    box = at(40, 60)
    luma, mask = street((box, 30))
    mask[40:50, 60:65] = 0
    known = looks(luma, mask, box)
    there = Where(np.ones((120, 160), np.float32), np.ones((120, 160), np.float32))
    cover(there, known, box)
    for plane in there:
        assert plane[40:50, 60:65].all()  # beside his head
        assert not plane[50:66, 60:80].any()
        assert plane.sum() == 120 * 160 - (26 * WIDTH - 50)


@pytest.mark.parametrize("box", [at(-300, 0), at(40, 300), at(-30, -10), at(100, 150)])
def test_at_and_beyond_the_edge_only_what_is_in_the_picture_is_hidden(box):
    there = Where(np.ones((120, 160), np.float32), np.zeros((120, 160), np.float32))
    cover(there, look_of(30), box)
    rows = max(0, min(box.top + 26, 120) - max(box.top, 0))
    columns = max(0, min(box.left + WIDTH, 160) - max(box.left, 0))
    assert 120 * 160 - there.free.sum() == rows * columns


# --- laws ----------------------------------------------------------------------------------------

anywhere = st.builds(at, st.integers(-80, 150), st.integers(-60, 200))


@settings(deadline=None)
@given(anywhere, anywhere, st.integers(0, 2**32 - 1))
def test_he_is_found_no_further_away_than_reach_and_of_the_same_size(there, expected, seed):
    luma, mask = street((Box(*(max(edge, 0) for edge in there)), 30))
    luma_before = luma.copy()
    known = look_of(coat(seed))
    found, seen = place(known, luma, where(mask), expected)
    assert (found.bottom - found.top, found.right - found.left) == (HEIGHT, WIDTH)
    assert max(abs(found.top - expected.top), abs(found.left - expected.left)) <= REACH
    assert -1e-6 <= seen <= 1 + 1e-6
    assert np.array_equal(luma, luma_before)


@settings(deadline=None)
@given(st.builds(at, st.integers(-25, 110), st.integers(-15, 150)), st.integers(0, 99))
def test_what_lies_outside_the_picture_is_as_what_is_hidden(expected, seed):
    rng = np.random.default_rng(seed)
    luma, mask = rng.integers(0, 255, (2, 120, 160)).astype(np.uint8)
    there = where(mask > 127)
    margin = REACH + WIDTH + HEIGHT
    wider = Where(*(np.pad(plane, margin) for plane in there))
    found = place(look_of(coat(seed)), luma, there, expected)
    inside = place(
        look_of(coat(seed)),
        np.pad(luma, margin),
        wider,
        Box(*(edge + margin for edge in expected)),
    )
    assert inside.box == Box(*(edge + margin for edge in found.box))
    assert inside.seen == pytest.approx(found.seen)


@settings(deadline=None)
@given(st.lists(anywhere, min_size=2, max_size=4), st.integers(0, 99))
def test_who_was_looked_for_before_is_found_as_if_for_the_first_time(places, seed):
    luma, mask = np.random.default_rng(seed).integers(0, 255, (2, 120, 160)).astype(np.uint8)
    known = look_of(coat(seed))
    for expected in places:
        first = place(look_of(coat(seed)), luma, where(mask > 127), expected)
        assert place(known, luma, where(mask > 127), expected) == first


@settings(deadline=None)
@given(st.integers(8, 100))
def test_looks_scale_with_height(height):
    known = scaled(look_of(coat()), float(height))
    assert known.patch.shape[0] == pytest.approx(height * UPPER_SHARE, abs=0.05 * height + 1)
    assert known.inside.shape == known.patch.shape
