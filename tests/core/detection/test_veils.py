"""What stands before people: walks drawn by hand, then a law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.detection.veils import Passer, Veils, passed, widened
from emulator.core.frame import Box, Size, clip

SIZE = Size(90, 160)
PILLAR = range(70, 90)


def at(left, top=20, height=50, width=20):
    return Box(top, left, top + height, left + width)


def mask_of(box, hidden=PILLAR):
    """A mask of somebody who fills his box, behind a pillar from top to bottom."""
    mask = np.zeros(SIZE, np.uint8)
    top, left, bottom, right = clip(box, SIZE)
    mask[top:bottom, left:right] = 255
    mask[:, hidden.start : hidden.stop] = 0
    return mask


def walked(veils, number, hidden=PILLAR, top=20):
    """What is known after one more has walked all across, four pixels a picture."""
    for left in range(0, 140, 4):
        veils = passed(veils, [Passer(number, at(left, top))], mask_of(at(left, top), hidden))
    return veils


def standing(veils):
    return [] if veils.columns is None else np.flatnonzero(veils.columns).tolist()


TWO = walked(walked(Veils(), 1), 2)

# --- worked examples: where something stands -----------------------------------------------------


def test_one_who_was_hidden_tells_nothing_yet():
    assert standing(walked(Veils(), 1)) == []
    assert standing(walked(walked(Veils(), 1), 1)) == []  # the same once more


def test_where_two_were_hidden_and_nobody_was_seen_something_stands():
    assert standing(TWO) == list(PILLAR)


def test_whose_numbers_are_far_apart_are_two_all_the_same():
    assert standing(walked(walked(Veils(), 1), 1_000_001)) == list(PILLAR)


def test_of_whom_only_255_are_told_apart_the_next_one_counts_as_the_first():
    assert standing(walked(walked(Veils(), 1), 256)) == []
    assert standing(walked(walked(Veils(), 1), 255)) == list(PILLAR)


def test_where_nobody_is_hidden_nothing_stands():
    assert standing(walked(walked(Veils(), 1, range(0)), 2, range(0))) == []


def test_nothing_stands_where_somebody_is_seen_after_all():
    # He walks before it: what hid the others is something else, or gone.
    assert standing(walked(TWO, 3, range(0))) == []


def test_a_picture_of_another_size_begins_anew():
    other = passed(TWO, [Passer(1, at(0))], np.full((45, 80), 255, np.uint8))
    assert standing(other) == []
    assert other.shown.shape == (45, 80)


# --- worked examples: what it hides --------------------------------------------------------------


def test_who_ends_at_it_goes_on_behind_it():
    assert widened(TWO, Box(20, 62, 70, 70), 20) == Box(20, 62, 70, 82)
    assert widened(TWO, Box(20, 90, 70, 98), 20) == Box(20, 78, 70, 98)


def test_three_pixels_beside_it_are_at_it():
    assert widened(TWO, Box(20, 59, 70, 67), 20) == Box(20, 59, 70, 79)
    assert widened(TWO, Box(20, 58, 70, 66), 20) == Box(20, 58, 70, 66)
    assert widened(TWO, Box(20, 93, 70, 101), 20) == Box(20, 81, 70, 101)
    assert widened(TWO, Box(20, 94, 70, 102), 20) == Box(20, 94, 70, 102)


def test_he_ends_where_it_ends():
    assert widened(TWO, Box(20, 62, 70, 70), 40) == Box(20, 62, 70, 90)


@pytest.mark.parametrize("box", [at(20), at(60, width=40), at(50)])
def test_who_is_elsewhere_or_on_both_sides_or_whole_stays_as_he_is(box):
    assert widened(TWO, box, 20) == box


def test_it_stands_above_and_below_what_was_learnt_too():
    # They walked in rows 20..69; he comes in below, where nobody was seen.
    assert widened(TWO, Box(74, 62, 90, 70), 20) == Box(74, 62, 90, 82)


def test_it_does_not_stand_where_others_were_seen_before_it():
    # Somebody walks by below it, seen all the time.
    seen = walked(TWO, 3, range(0), top=70)
    assert standing(seen) == list(PILLAR)
    assert widened(seen, Box(72, 62, 90, 70), 20) == Box(72, 62, 90, 70)
    assert widened(seen, Box(20, 62, 69, 70), 20) == Box(20, 62, 69, 82)


def test_what_was_learnt_is_the_same_if_its_planes_are():
    assert walked(walked(Veils(), 1), 2) == TWO
    assert walked(Veils(), 1) != TWO
    assert Veils() == Veils()
    assert Veils() != TWO
    assert TWO != "veils"


# --- laws ----------------------------------------------------------------------------------------

boxes = st.builds(
    lambda top, left, height, width: Box(top, left, top + height, left + width),
    st.integers(-40, 80),
    st.integers(-40, 150),
    st.integers(1, 90),
    st.integers(1, 60),
)


@given(st.lists(st.tuples(st.integers(1, 3), boxes, boxes), max_size=8), boxes)
def test_boxes_only_grow_and_what_went_in_is_never_written_to(walks, box):
    veils = Veils()
    for number, of, shown in walks:
        before, copy = veils, None if veils.shown is None else veils.shown.copy()
        veils = passed(veils, [Passer(number, of)], mask_of(shown, range(0)))
        assert copy is None or np.array_equal(before.shown, copy)
    wide = widened(veils, box, 30)
    assert (wide.top, wide.bottom) == (box.top, box.bottom)
    assert wide.left <= box.left
    assert wide.right >= box.right
    assert wide == box or wide.right - wide.left <= 30
