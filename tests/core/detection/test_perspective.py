"""How large somebody is where: lines drawn by hand, then laws."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.perspective import ALIKE, FADES_AFTER, LEAST, Perspective
from emulator.core.frame import Box


def standing(foot, height, width=10):
    return Box(foot - height, 100, foot, 100 + width)


def learnt(boxes, part=0.5):
    """What is known after the boxes, of each of which so large a part differs."""
    sizes = Perspective()
    for box in boxes:
        sizes = sizes.plus(box, part * box.area)
    return sizes


def on_a_line(count, slope, offset, feet=(60, 180)):
    """`count` boxes, feet evenly between two rows, heights slope * foot + offset."""
    low, high = feet
    step = (high - low) / (count - 1)
    rows = [round(low + index * step) for index in range(count)]
    return [standing(row, round(slope * row + offset)) for row in rows]


# --- worked examples -----------------------------------------------------------------------------


def test_nothing_is_known_at_first():
    assert Perspective().height_at(100) is None


def test_a_few_sightings_tell_nothing_yet():
    boxes = [standing(100, 40)] * (LEAST + 2)
    # Fading makes each a little less than one: LEAST of them are not quite LEAST.
    assert learnt(boxes[: LEAST - 1]).height_at(100) is None
    assert learnt(boxes).height_at(100) == pytest.approx(40)


@pytest.mark.parametrize("row", [60, 100, 140, 180])
def test_points_on_a_line_give_that_line(row):
    # Half a row higher for each row further down: 20 at row 60, 80 at row 180.
    sizes = learnt(on_a_line(121, 0.5, -10) * 2)
    assert sizes.height_at(row) == pytest.approx(0.5 * row - 10, abs=0.5)
    assert sizes.slope == pytest.approx(0.5, abs=0.01)


def test_the_line_goes_on_where_nobody_was_seen():
    sizes = learnt(on_a_line(121, 0.5, -10))
    assert sizes.height_at(220) == pytest.approx(100, abs=1)


def test_where_the_line_comes_near_nothing_nothing_is_said():
    # 0.5 * 30 - 10 = 5 is less than a quarter of 50, the mean.
    sizes = learnt(on_a_line(121, 0.5, -10))
    assert sizes.height_at(30) is None
    assert sizes.height_at(-500) is None


def test_who_keeps_to_one_row_says_no_slope():
    sizes = learnt([standing(100, 40)] * 200)
    assert sizes.slope == pytest.approx(0, abs=1e-6)
    assert sizes.height_at(150) == pytest.approx(40)


def test_on_level_ground_seen_from_the_side_all_are_as_high_everywhere():
    sizes = learnt(on_a_line(121, 0.0, 40))
    assert [sizes.height_at(row) for row in (60, 120, 180)] == [pytest.approx(40)] * 3


def test_where_objects_are_not_alike_nothing_is_said():
    # Cats and horses on the same row.
    sizes = learnt([standing(100, 20), standing(100, 60)] * 100)
    assert sizes.height_at(100) is None


@pytest.mark.parametrize(("off", "is_alike"), [(0.9, True), (1.1, False)])
def test_heights_may_differ_by_a_share_of_the_usual_one(off, is_alike):
    # Half of them are that much higher than 200, half as much lower: so much is the spread.
    differs = round(off * ALIKE * 200)
    boxes = [standing(500, 200 - differs), standing(500, 200 + differs)] * 100
    assert (learnt(boxes).height_at(500) is not None) is is_alike


def test_the_usual_width_is_a_share_of_the_height():
    assert learnt([standing(100, 40, 10), standing(160, 80, 40)] * 50).widths == pytest.approx(
        (10 / 40 + 40 / 80) / 2, rel=0.01
    )
    assert Perspective().widths == 0


def test_the_usual_area_is_a_share_of_the_heights_square():
    # 40 x 10 and 80 x 40, of which three quarters differ: 300 of 1600 and 2400 of 6400.
    boxes = [standing(100, 40, 10), standing(160, 80, 40)] * 50
    assert learnt(boxes, part=0.75).fill == pytest.approx((0.1875 + 0.375) / 2, rel=0.01)
    assert Perspective().fill == 0


def test_what_is_long_past_is_forgotten():
    # A camera that was turned: what it saw before counts a twentieth after 3 x FADES_AFTER.
    sizes = learnt([standing(100, 40)] * 500 + [standing(100, 80)] * (3 * FADES_AFTER))
    assert sizes.height_at(100) == pytest.approx(80, abs=2)


def test_what_is_known_is_not_changed_by_what_comes():
    before = learnt([standing(100, 40)] * 100)
    before.plus(standing(150, 80), 400)
    assert before == learnt([standing(100, 40)] * 100)


# --- laws ----------------------------------------------------------------------------------------

slopes = st.floats(0.0, 0.9)
heights = st.integers(30, 90)


@settings(deadline=None, max_examples=30)
@given(slopes, heights, st.integers(LEAST + 5, 150))
def test_any_line_is_found_between_its_ends(slope, lowest, count):
    offset = lowest - slope * 60
    sizes = learnt(on_a_line(count, slope, offset))
    for row in (60, 90, 120, 150, 180):
        # Heights are whole rows; a pixel of doubt is kept about the rows.
        assert sizes.height_at(row) == pytest.approx(slope * row + offset, abs=1)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 200), st.integers(1, 200))))
def test_any_boxes_give_a_height_or_none(sizes_given):
    sizes = learnt([standing(row, height, width) for row, height, width in sizes_given])
    for row in (-100, 0, 50, 500):
        height = sizes.height_at(row)
        assert height is None or height > 0
    assert sizes.widths >= 0
    # Of a box half of which differs.
    assert sizes.fill == pytest.approx(sizes.widths / 2)
