"""Who is where in a box that holds several: groups painted by hand, then laws."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.claims import Claim, union
from emulator.core.frame import Box, Size
from emulator.core.groups import LEAST_AREA, MOST_AREA, Member, area, is_alone, is_cut, part
from emulator.core.looks import looks

SIZE = Size(180, 320)
GROUND = 120
HEIGHT, WIDTH = 40, 16
LEAST = Fraction(1, 400)  # of 57600 pixels: 144


def at(top, left, height=HEIGHT, width=WIDTH):
    return Box(top, left, top + height, left + width)


def coat(seed):
    """A coat with a pattern of its own: uint8 (40, 16)."""
    return np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH)).astype(np.uint8)


@dataclass
class Body:
    """Somebody at a place, who is expected at another; `grey` may be a pattern."""

    number: int
    box: Box
    grey: int
    expected: Box | None = None
    rests: bool = False
    shrinks: bool = False
    grows: bool = False

    def member(self):
        luma, mask = painted([self])
        expected = self.expected or self.box
        usual = (float(self.box.bottom - self.box.top), float(self.box.right - self.box.left))
        known = looks(luma, mask, self.box)
        return Member(
            self.number, expected, usual, usual[0] * usual[1], known,
            self.shrinks, self.grows, self.rests,
        )  # fmt: skip


def painted(bodies):
    """The picture and its mask; the last body is the nearest."""
    luma = np.full(SIZE, GROUND, np.uint8)
    mask = np.zeros(SIZE, np.uint8)
    for body in bodies:
        rows, columns = slice(body.box.top, body.box.bottom), slice(body.box.left, body.box.right)
        luma[rows, columns] = body.grey
        mask[rows, columns] = 255
    return luma, mask


def found(*bodies, members=None):
    """Who is found where in the box around all `bodies`; `members`: who of them is known."""
    luma, mask = painted(bodies)
    around = bodies[0].box
    for body in bodies:
        around = union(around, body.box)
    known = [body.member() for body in members or bodies]
    return part(known, around, luma, mask, LEAST)


def places(parted):
    return {number: where.box for number, where in parted.found.items()}


# --- worked examples: who is alone ---------------------------------------------------------------


def alone(pixels, box=None, **may):
    body = Body(1, at(60, 100), 30, **may)
    return is_alone(body.member(), Claim(box or at(60, 100), pixels), SIZE)


@pytest.mark.parametrize(
    ("share", "is_so"),
    [(1.0, True), (LEAST_AREA, True), (MOST_AREA, True), (0.5, False), (2.0, False)],
)
def test_alone_is_who_has_about_his_usual_area(share, is_so):
    assert alone(round(share * HEIGHT * WIDTH)) is is_so


def test_who_may_have_shrunk_or_grown_is_alone_all_the_same():
    assert alone(100, shrinks=True)
    assert not alone(100, grows=True)
    assert alone(5000, grows=True)
    assert not alone(5000, shrinks=True)


def test_at_the_pictures_edge_he_may_be_cut():
    assert alone(100, box=at(60, 0))
    assert alone(100, box=at(140, 100))
    # And he comes in further; but two are too many there as well.
    assert alone(round(1.9 * HEIGHT * WIDTH), box=at(60, 0))
    assert not alone(3 * HEIGHT * WIDTH, box=at(60, 0))


@pytest.mark.parametrize(
    ("box", "is_so"),
    [
        (Box(0, 50, 40, 60), True),
        (Box(50, 0, 90, 60), True),
        (Box(50, 50, 180, 60), True),
        (Box(50, 50, 90, 320), True),
        (Box(1, 1, 179, 319), False),
    ],
)
def test_a_box_at_any_of_the_four_edges_is_cut(box, is_so):
    assert is_cut(box, SIZE) is is_so


def test_area_counts_the_pixels_that_differ():
    mask = np.zeros(SIZE, np.uint8)
    mask[60:70, 100:110] = 255
    assert area(mask, at(60, 100)) == 100
    assert area(mask, at(65, 105)) == 25
    assert area(mask, at(0, 0)) == 0


# --- worked examples: who is where ---------------------------------------------------------------


def test_two_side_by_side_are_where_their_coats_are():
    parted = found(Body(1, at(60, 100), 30), Body(2, at(60, 116), 220))
    assert places(parted) == {1: at(60, 100), 2: at(60, 116)}
    assert parted.strangers == []
    assert all(where.told and not where.alone for where in parted.found.values())


def test_they_are_where_they_are_seen_and_not_where_they_were_expected():
    first = Body(1, at(60, 100), coat(1), expected=at(62, 103))
    second = Body(2, at(60, 116), coat(2), expected=at(59, 113))
    parted = found(first, second)
    assert places(parted) == {1: at(60, 100), 2: at(60, 116)}


def test_who_is_wholly_hidden_is_where_he_is_expected_but_not_told():
    behind = Body(1, at(56, 100), 30)
    before = Body(2, at(56, 100, height=44), 220)
    parted = found(behind, before)
    assert places(parted) == {1: at(56, 100), 2: at(56, 100, height=44)}
    assert [parted.found[number].told for number in (1, 2)] == [False, True]


def test_the_one_whose_foot_is_lower_is_the_nearer_one():
    # He covers half of the other one; of whom the other half is seen.
    behind = Body(1, at(50, 100), coat(1), expected=at(50, 102))
    before = Body(2, at(56, 108), coat(2), expected=at(56, 105))
    assert places(found(behind, before)) == {1: at(50, 100), 2: at(56, 108)}


def test_nobody_is_larger_in_a_group_than_alone():
    # Expected as large as the whole patch, as if he had been taken for all of it.
    parted = found(
        Body(1, at(60, 100), 30, expected=Box(60, 96, 100, 120)), Body(2, at(60, 116), 220)
    )
    assert places(parted)[1] == at(60, 100)


def test_who_has_no_looks_is_taken_to_be_where_he_is_expected_but_in_the_box():
    luma, mask = painted([Body(1, at(60, 100), 30), Body(2, at(60, 116), 220)])
    member = Body(1, at(60, 100), 30, expected=at(60, 90)).member()._replace(looks=None)
    parted = part([member], Box(60, 100, 100, 132), luma, mask, LEAST)
    assert places(parted) == {1: at(60, 100)}
    assert not parted.found[1].told


def test_who_rests_stays_where_he_is_though_looks_tremble():
    # Drawn 2 columns off: a tenth of his width; he has not gone.
    stood = Body(1, at(60, 100), 30, expected=at(60, 102), rests=True)
    parted = found(stood, Body(2, at(60, 116), 220))
    assert places(parted)[1] == at(60, 102)
    assert parted.found[1].rests
    assert not parted.found[2].rests or parted.found[2].box == at(60, 116)


def test_who_rested_and_is_seen_somewhere_else_has_gone():
    went = Body(1, at(60, 104), coat(1), expected=at(60, 100), rests=True)
    parted = found(went, Body(2, at(60, 120), 220))
    assert places(parted)[1] == at(60, 104)
    assert not parted.found[1].rests


def test_who_rests_is_not_carried_off_by_who_passes_before_him():
    stood = Body(1, at(60, 100), 30, rests=True)
    for left in range(84, 120, 4):
        parted = found(stood, Body(2, at(64, left), 220))
        assert places(parted)[1] == at(60, 100)
        assert parted.found[1].rests


# --- worked examples: strangers ------------------------------------------------------------------


def test_what_no_member_explains_is_somebody_else():
    first, second = Body(1, at(60, 100), 30), Body(2, at(60, 116), 220)
    (stranger,) = found(first, second, members=[first]).strangers
    # A margin about who is known is not looked at: 4 columns.
    assert stranger == Box(60, 120, 100, 132)


def test_a_limb_is_nobody_else():
    # Low, and a tenth of his area.
    body, limb = Body(1, at(60, 100), 30), Body(2, Box(80, 116, 84, 136), 30)
    assert found(body, limb, members=[body]).strangers == []


def test_who_is_too_small_for_an_object_is_no_stranger():
    # 12 columns of 11 rows: 132 of the 144 pixels asked for; he is as high as the member.
    body, small = Body(1, at(60, 100, height=12), 30), Body(2, Box(60, 116, 71, 132), 220)
    assert found(body, small, members=[body]).strangers == []


# --- laws ----------------------------------------------------------------------------------------

bodies = st.lists(
    st.tuples(st.integers(40, 100), st.integers(60, 200), st.integers(0, 255), st.booleans()),
    min_size=1,
    max_size=4,
).map(
    lambda them: [
        Body(number, at(top, left), grey, rests=rests)
        for number, (top, left, grey, rests) in enumerate(them, 1)
    ]
)


@settings(deadline=None)
@given(bodies)
def test_everybody_is_somewhere_in_his_usual_size_and_strangers_are_in_the_box(group):
    luma, mask = painted(group)
    around = group[0].box
    for body in group:
        around = union(around, body.box)
    members = [body.member() for body in group]
    before = luma.copy(), mask.copy()
    parted = part(members, around, luma, mask, LEAST)
    assert set(parted.found) == {body.number for body in group}
    for where in parted.found.values():
        assert (where.box.bottom - where.box.top, where.box.right - where.box.left) == (
            HEIGHT, WIDTH
        )  # fmt: skip
        assert union(where.box, around) == around
    for stranger in parted.strangers:
        assert union(stranger, around) == around
        assert stranger.area >= LEAST * mask.size
    assert np.array_equal(luma, before[0])
    assert np.array_equal(mask, before[1])
    assert part(members[::-1], around, luma, mask, LEAST) == parted
