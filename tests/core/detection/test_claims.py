"""Whose box is whose: boxes laid by hand, then laws over any boxes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.claims import (
    HIDDEN_SHARE,
    Known,
    Piece,
    centre,
    claims,
    common,
    is_all,
    union,
)
from emulator.core.frame import Box


def at(top, left, height=40, width=16):
    return Box(top, left, top + height, left + width)


def piece(box, area=None, upper=None):
    area = box.area if area is None else area
    return Piece(box, area, area // 2 if upper is None else upper)


def known(box, hideable=True, usual=None, area=None):
    usual = usual or (box.bottom - box.top, box.right - box.left)
    area = usual[0] * usual[1] if area is None else area
    return Known(box, usual, area, area / 2, hideable)


def claimed(expected, bodies, crumbs=()):
    """Who claims which box, and whether it shows all of him."""
    made = claims(
        {number: one if isinstance(one, Known) else known(one) for number, one in expected.items()},
        [piece(box) for box in bodies],
        [piece(box) for box in crumbs],
    )
    return sorted((claim.box, tuple(claim.members), claim.whole) for claim in made)


# --- worked examples: plain pictures -------------------------------------------------------------


def test_nobody_claims_nothing():
    assert claims({}, [], []) == []
    assert claims({1: known(at(60, 100))}, [], []) == []


def test_what_nobody_claims_is_new():
    assert claimed({}, [at(60, 100)]) == [(at(60, 100), (), True)]


def test_each_has_the_box_that_fits_best():
    assert claimed({1: at(60, 100), 2: at(60, 130)}, [at(60, 102), at(60, 133)]) == [
        (at(60, 102), (1,), True),
        (at(60, 133), (2,), True),
    ]


def test_a_box_goes_to_the_closest_and_what_is_left_to_the_next():
    # 2 is 4 away from it and 1 is 10 away; 1 takes the box that is 20 away.
    assert claimed({1: at(60, 100), 2: at(60, 114)}, [at(60, 110), at(60, 80)]) == [
        (at(60, 80), (1,), True),
        (at(60, 110), (2,), True),
    ]


@pytest.mark.parametrize(("away", "is_his"), [(39, True), (40, False), (41, False)])
def test_a_box_as_far_away_as_it_is_long_is_a_strangers(away, is_his):
    # 40 high: centres 40 apart and nothing in common.
    ((_, members, _),) = claimed({1: at(60, 100)}, [at(60, 100 + away)])
    assert members == ((1,) if is_his else ())


def test_a_tie_goes_to_the_older():
    assert claimed({1: at(60, 96), 2: at(60, 104)}, [at(60, 100)]) == [(at(60, 100), (1, 2), True)]


# --- worked examples: several in one box ---------------------------------------------------------


def test_who_finds_no_box_of_his_own_is_in_the_one_that_covers_him():
    both = Box(60, 100, 100, 124)
    assert claimed({1: at(60, 100), 2: at(60, 110)}, [both]) == [(both, (1, 2), True)]


@pytest.mark.parametrize(("left", "is_in"), [(108, True), (109, False)])
def test_half_of_him_must_be_covered(left, is_in):
    # The box is columns 100..116; of 16 columns from 108 on there are 8 in it.
    ((_, members, _),) = claimed({1: at(60, 100), 2: at(60, left)}, [at(60, 100)])
    assert members == ((1, 2) if is_in else (1,))


def test_of_two_boxes_he_is_in_the_one_that_covers_more_of_him():
    first, second = Box(60, 100, 100, 132), Box(60, 132, 100, 164)
    made = claimed({1: at(60, 108), 2: at(60, 140), 3: at(60, 130)}, [first, second])
    assert made == [(first, (1,), True), (second, (2, 3), True)]


# --- worked examples: pieces of one object -------------------------------------------------------


def test_what_a_pole_leaves_of_somebody_to_be_seen_on_both_sides_is_one_piece_of_him():
    # 24 wide, a pole 8 wide before his middle.
    left, right = Box(60, 100, 100, 108), Box(60, 116, 100, 124)
    assert claimed({1: at(60, 100, width=24)}, [left, right]) == [
        (Box(60, 100, 100, 124), (1,), False)
    ]


def test_with_nearly_all_of_him_in_view_nothing_hides_him_so_they_are_two():
    # A gap of 2 columns of 24: more is in view than HIDDEN_SHARE.
    assert HIDDEN_SHARE < 22 / 24
    left, right = Box(60, 100, 100, 112), Box(60, 114, 100, 124)
    one, other = claimed({1: at(60, 100, width=24)}, [left, right])
    assert sorted([one[1], other[1]]) == [(), (1,)]
    assert {one[2], other[2]} == {True}


def test_they_are_two_of_those_who_were_taken_for_one():
    left, right = Box(60, 100, 100, 112), Box(60, 114, 100, 124)
    made = claims({1: known(at(60, 100, width=24))}, [piece(left), piece(right)], [])
    assert [claim.parent for claim in made if claim.members] == [None]
    assert [claim.parent for claim in made if not claim.members] == [1]


def test_a_small_one_beside_him_was_never_one_of_two_alike():
    # 21 of 40 rows: more than a low piece, and nobody as high as the other.
    body, small = Box(60, 100, 100, 120), Box(80, 121, 101, 124)
    made = claims({1: known(at(60, 100, width=24))}, [piece(body), piece(small)], [])
    assert [claim.parent for claim in made if not claim.members] == [None]


def test_who_was_not_seen_whole_lately_has_no_hidden_parts():
    left, right = Box(60, 100, 100, 108), Box(60, 116, 100, 124)
    before = {1: known(at(60, 100, width=24), hideable=False)}
    assert [members for _, members, _ in claimed(before, [left, right])] == [(1,), ()]


def test_a_low_piece_within_him_is_a_part_of_him_and_he_is_whole():
    # A stride: the foot in front, 10 of 40 rows high, most of it where he is expected.
    body, foot = Box(60, 100, 92, 116), Box(90, 110, 100, 120)
    assert claimed({1: at(60, 100)}, [body, foot]) == [(Box(60, 100, 100, 120), (1,), True)]


def test_a_piece_outside_him_is_somebody_else():
    assert claimed({1: at(60, 100)}, [at(60, 100), at(60, 130)]) == [
        (at(60, 100), (1,), True),
        (at(60, 130), (), True),
    ]


def test_pieces_that_together_are_larger_than_he_ever_was_are_two():
    # He is 10 wide; both together are 24.
    left, right = Box(60, 96, 100, 100), Box(60, 112, 100, 120)
    before = {1: known(Box(60, 96, 100, 120), usual=(40, 10), area=1000)}
    assert len(claimed(before, [left, right])) == 2


# --- worked examples: crumbs ---------------------------------------------------------------------


def test_who_is_lost_peeps_out_in_crumbs():
    crumbs = [Box(60, 100, 66, 104), Box(94, 110, 100, 114)]
    assert claimed({1: at(60, 100)}, [], crumbs) == [(Box(60, 100, 100, 114), (1,), False)]


@pytest.mark.parametrize("left", [93, 119])
def test_who_stopped_behind_something_peeps_out_beside_where_he_should_be(left):
    # He is 16 wide, so up to 8 beside him.
    slice_ = Box(64, left, 80, left + 4)
    assert claimed({1: at(60, 100)}, [], [slice_]) == [(slice_, (1,), False)]
    further = Box(64, left - 4 if left < 100 else left + 4, 80, left if left < 100 else left + 8)
    assert claimed({1: at(60, 100)}, [], [further]) == []


@pytest.mark.parametrize(("height", "is_his"), [(19, False), (20, True)])
def test_among_others_only_a_slice_of_a_body_is_his_who_is_not_there(height, is_his):
    # Another one, 20 columns off, is seen; half of 40 rows make a slice.
    before, crumb = {1: at(60, 100), 2: at(60, 120)}, Box(64, 119, 64 + height, 122)
    owners = [members for box, members, _ in claimed(before, [at(60, 120)], [crumb])]
    assert ((1,) in owners) is is_his


def test_crumbs_elsewhere_are_nobody():
    assert claimed({1: at(60, 100)}, [], [Box(10, 10, 14, 14)]) == []
    assert claimed({}, [], [Box(60, 100, 66, 104)]) == []


def test_crumbs_are_no_part_of_who_is_seen():
    assert claimed({1: at(60, 100)}, [at(60, 100)], [Box(60, 110, 66, 114)]) == [
        (at(60, 100), (1,), True)
    ]


def test_crumbs_are_nobody_who_was_not_seen_whole_lately():
    before = {1: known(at(60, 100), hideable=False)}
    assert claimed(before, [], [Box(60, 100, 66, 104)]) == []


@pytest.mark.parametrize(("upper", "peeps"), [(239, True), (240, False), (320, False)])
def test_a_crumb_that_has_his_upper_half_is_he_himself_too_small_to_count(upper, peeps):
    # 40 x 16: 320 pixels above. With his legs together he has two thirds of his area.
    made = claims({1: known(at(60, 100))}, [], [piece(at(60, 102, width=12), 430, upper)])
    assert [claim.members for claim in made] == ([[1]] if peeps else [])


def test_pieces_are_all_of_somebody_by_area_or_as_one_by_the_upper_half():
    one = known(at(60, 100))
    left, right = (piece(at(60, 100, width=6), 270, 120), piece(at(60, 110, width=6), 270, 120))
    assert HIDDEN_SHARE * 640 == 544
    assert not is_all([left, right], one)
    assert is_all([left, right._replace(area=274)], one)
    assert not is_all([left], one)
    assert is_all([left._replace(upper=240)], one)
    assert not is_all([left._replace(upper=240), right._replace(area=1)], one)


# --- worked examples: boxes ----------------------------------------------------------------------


def test_common_union_and_centre_of_two_boxes():
    a, b = Box(0, 0, 10, 20), Box(4, 15, 30, 40)
    assert common(a, b) == common(b, a) == 6 * 5
    assert union(a, b) == Box(0, 0, 30, 40)
    assert centre(a) == (5, 10)
    assert common(a, Box(50, 50, 60, 60)) == 0


# --- laws ----------------------------------------------------------------------------------------

boxes = st.builds(at, *[st.integers(0, 60)] * 2, *[st.integers(1, 40)] * 2)
everybody = st.dictionaries(
    st.integers(1, 9), st.builds(known, boxes, st.booleans()), max_size=5
).map(lambda them: dict(sorted(them.items())))
pieces = st.lists(boxes.map(piece), max_size=5)


@settings(deadline=None)
@given(everybody, pieces, pieces)
def test_nobody_claims_two_boxes_and_no_pixel_is_lost(expected, bodies, crumbs):
    made = claims(expected, bodies, crumbs)
    members = [number for claim in made for number in claim.members]
    assert len(set(members)) == len(members)
    assert set(members) <= set(expected)
    for body in bodies:
        assert any(common(claim.box, body.box) == body.box.area for claim in made)
    given_area = sum(body.area for body in bodies)
    owned = sum(claim.area for claim in made)
    assert given_area <= owned <= given_area + len(expected) * sum(crumb.area for crumb in crumbs)


@settings(deadline=None)
@given(everybody, pieces)
def test_what_is_a_part_of_somebody_is_of_somebody_there(expected, bodies):
    for claim in claims(expected, bodies, []):
        assert claim.parent is None or (not claim.members and claim.parent in expected)


@settings(deadline=None)
@given(everybody, pieces, pieces)
def test_the_same_boxes_are_claimed_by_the_same(expected, bodies, crumbs):
    assert claims(expected, bodies, crumbs) == claims(expected, bodies, crumbs)
