"""Who is where in a box that holds several: groups painted by hand, then laws."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.claims import LEAST_UPPER, Claim, union
from emulator.core.detection.groups import (
    MOST_AREA,
    TAKEN_HEIGHT,
    TAKEN_NEAR,
    Member,
    area,
    is_alone,
    is_cut,
    part,
    upper_area,
)
from emulator.core.detection.looks import looks
from emulator.core.frame import Box, Size

SIZE = Size(180, 320)
GROUND = 120
HEIGHT, WIDTH = 40, 16
LEAST = 144  # of 57600 pixels: a 400th


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
            self.number, expected, usual, usual[0] * usual[1], usual[0] * usual[1] / 2, known,
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


def alone(*seen, box=None, **may):
    """Whether he is alone, 40 x 16 at (60, 100), who claims `box` where the boxes `seen` differ."""
    mask = np.zeros(SIZE, np.uint8)
    for there in seen:
        mask[there.top : there.bottom, there.left : there.right] = 255
    claim = Claim(box or at(60, 100), int(np.count_nonzero(mask)))
    return is_alone(Body(1, at(60, 100), 30, **may).member(), claim, mask)


@pytest.mark.parametrize(
    ("rows", "is_so"), [(20, True), (round(LEAST_UPPER * 20), True), (14, False), (0, False)]
)
def test_alone_is_of_whose_upper_half_most_is_seen(rows, is_so):
    # 20 rows of 16 pixels are his upper half; from the top so many of them are hidden.
    assert alone(at(80 - rows, 100, height=20 + rows)) is is_so


def test_legs_that_pass_one_another_hide_nothing_of_him():
    # Apart they fill the lower half's 16 columns, together 4: five eighths of him are left.
    assert alone(at(60, 100, height=20), at(80, 106, height=20, width=4))
    # As much hidden above, by an arm's length of a pole, is told.
    assert not alone(at(60, 106, height=20, width=4), at(80, 100, height=20))


def test_whose_lower_half_is_hidden_is_not_all_there():
    # The box ends where he does: its upper half is 10 rows of his 20.
    assert not alone(at(60, 100, height=20), box=at(60, 100, height=20))


@pytest.mark.parametrize(("width", "is_so"), [(22, True), (23, False), (32, False)])
def test_alone_is_who_has_no_more_than_his_usual_area_in_all(width, is_so):
    assert pytest.approx(22.4) == MOST_AREA * WIDTH
    assert alone(at(60, 100, width=width), box=at(60, 100, width=width)) is is_so


@pytest.mark.parametrize(("height", "is_so"), [(48, True), (49, False), (55, False)])
def test_nobody_grows_by_more_than_a_fifth_at_once(height, is_so):
    # Of his 40 rows; a head that comes up behind his has too little area to tell.
    head = at(100 - height, 104, height=height - 40, width=4)
    assert alone(at(60, 100), head, box=union(at(60, 100), head)) is is_so
    assert alone(at(60, 100), head, box=union(at(60, 100), head), grows=True)


def test_who_may_have_shrunk_or_grown_is_alone_all_the_same():
    small, large = at(60, 100, height=20, width=5), at(60, 100, width=60)
    assert alone(small, box=small, shrinks=True)
    assert not alone(small, box=small, grows=True)
    assert alone(large, box=large, grows=True)
    assert not alone(large, box=large, shrinks=True)


def test_at_the_pictures_edge_he_may_be_cut():
    for cut in (at(60, 0, width=3), at(175, 100, height=5), at(0, 100, height=5)):
        assert alone(cut, box=cut)
    # And he comes in further; but two are too many there as well.
    assert alone(at(60, 0, width=30), box=at(60, 0, width=30))
    assert not alone(at(60, 0, width=48), box=at(60, 0, width=48))


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


def test_of_an_odd_height_the_middle_row_is_of_the_upper_half():
    mask = np.zeros(SIZE, np.uint8)
    mask[60:65, 100:116] = 255
    assert upper_area(mask, at(60, 100, height=4)) == 2 * 16
    assert upper_area(mask, at(60, 100, height=5)) == 3 * 16
    assert upper_area(mask, at(60, 100, height=1)) == 16
    assert upper_area(mask, at(62, 100, height=40)) == 3 * 16  # of 20 rows


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


def test_who_came_to_stand_in_a_group_is_as_wide_as_he_is_seen_to_be():
    # He walked 24 wide and stands 16 wide; a nearer one, lower down, hides nothing but his legs.
    stood = Body(1, at(60, 100), 30, expected=at(60, 100, width=24), rests=True)
    before = Body(2, at(90, 106), 220)
    assert places(found(stood, before))[1] == at(60, 100)
    luma, mask = painted([stood, before])
    members = [stood.member()._replace(is_due=False), before.member()]
    not_due = part(members, union(stood.box, before.box), luma, mask, LEAST)
    assert not_due.found[1].box == at(60, 100, width=24)


def test_who_walks_on_just_as_expected_keeps_the_width_that_he_has_on_his_way():
    # Between two steps his legs are together: 16 columns are seen of 24, and nobody stands still.
    walks = Body(1, at(60, 104), 30, expected=at(60, 100, width=24))
    before = Body(2, at(90, 106), 220)
    luma, mask = painted([walks, before])
    members = [walks.member()._replace(looks=None, usual=(40.0, 24.0)), before.member()]
    parted = part(members, union(walks.expected, before.box), luma, mask, LEAST)
    assert places(parted)[1] == at(60, 100, width=24)
    assert not parted.found[1].rests


def test_who_rests_by_himself_is_not_made_narrower():
    # What is missing of him is hidden by a thing.
    stood = Body(1, at(60, 100), 30, expected=at(60, 100, width=24), rests=True)
    assert places(found(stood))[1] == at(60, 100, width=24)


# --- worked examples: who is taken for a stranger ------------------------------------------------


def beside(left=128, height=HEIGHT, **changes):
    """One at column 100, who is known, and one who is expected behind him but is at `left`."""
    first = Body(1, at(60, 100), coat(1))
    second = Body(2, at(100 - height, left, height=height), 220)
    known = Body(2, at(60, left), 220, expected=at(60, 102))
    luma, mask = painted([first, second])
    member = known.member()._replace(**changes)
    return part([first.member(), member], union(first.box, second.box), luma, mask, LEAST)


def test_who_is_told_nowhere_is_the_one_whom_nobody_explains():
    # He should be behind the first one, where 14 of his 16 columns are hidden.
    parted = beside()
    assert places(parted) == {1: at(60, 100), 2: at(60, 128)}
    assert parted.strangers == []
    assert parted.found[2].told
    assert not parted.found[2].rests


@pytest.mark.parametrize(("height", "is_taken"), [(round(TAKEN_HEIGHT * 40), True), (29, False)])
def test_what_is_lower_than_three_quarters_of_him_is_not_he(height, is_taken):
    parted = beside(height=height)
    assert (parted.strangers == []) is is_taken
    assert (parted.found[2].box == at(100 - height, 128, height=height)) is is_taken


@pytest.mark.parametrize(("left", "is_taken"), [(141, True), (142, False)])
def test_what_is_as_far_away_as_he_is_high_is_not_he(left, is_taken):
    # He is expected at column 102: 39 or 40 columns off; he is 40 high.
    assert TAKEN_NEAR * HEIGHT == 40
    assert (beside(left=left).strangers == []) is is_taken


@pytest.mark.parametrize("changes", [{"rests": True}, {"looks": None}], ids=["rests", "no looks"])
def test_who_rests_or_was_never_known_is_not_taken_for_another(changes):
    parted = beside(**changes)
    assert parted.strangers == [at(60, 128)]
    assert parted.found[2].box != at(60, 128)


def test_who_is_told_where_he_is_leaves_the_stranger_alone():
    first, second, third = (Body(n, at(60, 100 + 20 * n), 30 * n) for n in (1, 2, 3))
    parted = found(first, second, third, members=[first, second])
    assert places(parted) == {1: first.box, 2: second.box}
    assert [box.right for box in parted.strangers] == [third.box.right]


def test_of_two_strangers_he_is_the_nearer_one_and_two_are_never_taken_for_one():
    # Both are expected behind the first one; one is left of him and one right, further off.
    first = Body(1, at(60, 100), coat(1))
    left, right = Body(2, at(60, 76), 220), Body(3, at(60, 132), 220)
    lost = [Body(n, at(60, 76), 220, expected=at(60, 101)).member() for n in (2, 3)]
    luma, mask = painted([first, left, right])
    around = union(left.box, right.box)
    parted = part([first.member(), lost[0]], around, luma, mask, LEAST)
    assert (places(parted)[2], parted.strangers) == (left.box, [right.box])
    parted = part([first.member(), *lost], around, luma, mask, LEAST)
    assert places(parted) == {1: first.box, 2: left.box, 3: right.box}
    assert parted.strangers == []


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
@given(bodies, st.integers(1, 4))
def test_everybody_is_somewhere_in_the_box_and_so_are_strangers(group, count):
    luma, mask = painted(group)
    around = group[0].box
    for body in group:
        around = union(around, body.box)
    members = [body.member() for body in group[:count]]
    before = luma.copy(), mask.copy()
    parted = part(members, around, luma, mask, LEAST)
    assert set(parted.found) == {member.number for member in members}
    taken = []
    for where in parted.found.values():
        # In his usual size, or taken for somebody else who is about as high.
        height, width = where.box.bottom - where.box.top, where.box.right - where.box.left
        if (height, width) != (HEIGHT, WIDTH):
            assert where.told
            assert height >= TAKEN_HEIGHT * HEIGHT
            taken.append(where.box)
        assert union(where.box, around) == around
    assert len(set(taken)) == len(taken)
    for stranger in parted.strangers:
        assert stranger not in taken
        assert union(stranger, around) == around
        assert stranger.area >= LEAST
    assert np.array_equal(luma, before[0])
    assert np.array_equal(mask, before[1])
    assert part(members[::-1], around, luma, mask, LEAST) == parted
