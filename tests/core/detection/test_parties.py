"""How many people a patch is: rectangles painted by hand, then laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.claims import common, union
from emulator.core.detection.parties import MOST, TALL, WIDE, is_party, parted
from emulator.core.detection.perspective import Perspective
from emulator.core.frame import Box

HEIGHT, WIDTH = 40, 16
ROWS, COLUMNS = 180, 320


def alike():
    """Everybody is 40 high and 16 wide, wherever he stands."""
    sizes = Perspective()
    for row in list(range(60, 180)) * 3:
        sizes = sizes.plus(Box(row - HEIGHT, 100, row, 100 + WIDTH), HEIGHT * WIDTH)
    return sizes


SIZES = alike()


def at(top, left, height=HEIGHT, width=WIDTH):
    return Box(top, left, top + height, left + width)


def patch(*bodies):
    """The mask of `bodies`, and the box around all."""
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    around = bodies[0]
    for body in bodies:
        mask[body.top : body.bottom, body.left : body.right] = 255
        around = union(around, body)
    return mask, around


def people(*bodies, sizes=SIZES):
    return parted(*patch(*bodies), sizes)


def are_where(found, bodies):
    """Tell whether the boxes found are those bodies, edges within 3 pixels."""
    return len(found) == len(bodies) and all(
        max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 3
        for one, other in zip(sorted(found), sorted(bodies), strict=True)
    )


# --- worked examples: is it more than one --------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "is_one"),
    [
        (at(60, 100), True),
        (at(60, 100, height=round(TALL * HEIGHT) - 1), True),
        (at(60, 100, height=round(TALL * HEIGHT) + 2), False),
        (at(60, 100, width=round(WIDE * WIDTH) - 1), True),
        (at(60, 100, width=round(WIDE * WIDTH) + 2), False),
        (at(60, 100, height=10, width=4), True),
    ],
)
def test_what_is_much_larger_than_one_may_be_several(box, is_one):
    assert is_party(box, SIZES) is not is_one


def test_where_sizes_are_not_known_nothing_is_a_party():
    assert not is_party(at(0, 0, 170, 300), Perspective())


def test_further_down_the_picture_one_is_larger():
    # Half a row higher for each row down: 20 high at row 60, 70 at row 160; 0.4 as wide as high.
    sizes = Perspective()
    for row in list(range(60, 180)) * 2:
        height = round(0.5 * row - 10)
        width = round(0.4 * height)
        sizes = sizes.plus(Box(row - height, 100, row, 100 + width), height * width)
    assert not is_party(Box(90, 100, 160, 128), sizes)
    assert is_party(Box(0, 100, 60, 128), sizes)
    three = Box(90, 100, 160, 128), Box(90, 128, 160, 156), Box(90, 156, 160, 184)
    assert are_where(people(*three, sizes=sizes), three)


# --- worked examples: who they are ---------------------------------------------------------------


def test_one_of_the_usual_size_is_no_party():
    assert people(at(60, 100)) == []


@pytest.mark.xfail(
    strict=True, raises=AssertionError, reason="heads side by side are one run: its middle is taken"
)
def test_two_side_by_side_are_two():
    two = at(60, 100), at(60, 116)
    assert are_where(people(*two), two)


def test_three_side_by_side_are_three():
    three = at(60, 100), at(60, 116), at(60, 132)
    assert are_where(people(*three), three)


def test_two_one_of_whom_stands_further_back_are_two():
    two = at(52, 112), at(60, 100)
    found = people(*two)
    assert len(found) == 2
    assert found[0].top == 52  # the topmost head first
    assert {60 <= box.bottom <= 100 for box in found} == {True}


def test_two_with_a_gap_between_their_heads_are_two():
    # Shoulders and hands touch: 4 columns between them, joined from row 70 to 80.
    two = at(60, 100), at(60, 120)
    mask, around = patch(*two)
    mask[70:80, 116:120] = 255
    assert are_where(parted(mask, around, SIZES), two)


def test_one_with_arms_spread_is_one():
    # A beam 60 wide and 4 high, at the shoulders.
    mask, around = patch(at(60, 100), Box(68, 78, 72, 138))
    assert is_party(around, SIZES)
    assert parted(mask, around, SIZES) == []


def test_a_flat_thing_is_nobody():
    # A bench: as wide as three, a quarter as high as one.
    assert people(at(60, 100, height=10, width=48)) == []


def test_a_table_is_nobody():
    # As high as one and as wide as three: a top 6 high, and two legs.
    table = Box(60, 100, 66, 148), Box(60, 100, 100, 104), Box(60, 144, 100, 148)
    mask, around = patch(*table)
    assert is_party(around, SIZES)
    assert parted(mask, around, SIZES) == []


def test_one_who_is_broad_is_one():
    # 25 wide: what is left of him beside his usual width is nobody else.
    assert people(at(60, 100, width=25)) == []


def test_more_than_can_be_told_are_as_many_as_can():
    crowd = [at(60, 10 + 20 * index) for index in range(MOST + 3)]
    assert len(people(*crowd[:MOST])) == MOST
    assert len(people(*crowd)) == MOST


def test_the_mask_is_not_changed():
    mask, around = patch(at(60, 100), at(60, 116))
    before = mask.copy()
    parted(mask, around, SIZES)
    assert np.array_equal(mask, before)


def test_what_is_outside_the_box_does_not_count():
    mask, around = patch(at(60, 100))
    mask[60:100, 200:260] = 255
    assert parted(mask, around, SIZES) == []


# --- laws ----------------------------------------------------------------------------------------

bodies = st.lists(
    st.builds(
        at, st.integers(50, 90), st.integers(90, 160), st.integers(3, 60), st.integers(3, 60)
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(bodies)
def test_a_party_is_none_or_several_of_the_usual_width_within_the_patch(given_bodies):
    mask, around = patch(*given_bodies)
    found = parted(mask, around, SIZES)
    assert len(found) == 0 or 2 <= len(found) <= MOST
    for box in found:
        assert common(box, around) == box.area
        assert box.area > 0
        assert box.right - box.left <= WIDTH + 2
    assert found == sorted(found, key=lambda box: box.top)
    assert parted(mask, around, SIZES) == found
