"""What is expected of a track: sizes given by hand, then a law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.expected import (
    COVERED_MS,
    HIGH,
    PART_MS,
    SLENDER,
    known,
    member,
    usual_box,
    with_hidden,
)
from emulator.core.detection.perspective import Perspective
from emulator.core.detection.track import CONFIRM_MS, Picture, begun
from emulator.core.detection.veils import Passer, Veils, passed
from emulator.core.frame import Box

SIZE = (180, 320)
HEIGHT, WIDTH = 40, 16


def at(top, left, height=HEIGHT, width=WIDTH):
    return Box(top, left, top + height, left + width)


def shown(box, at_ms=0):
    """A picture in which just `box` differs, all of it."""
    mask = np.zeros(SIZE, np.uint8)
    mask[box.top : box.bottom, box.left : box.right] = 255
    return Picture(mask, mask, mask, at_ms, at_ms + 100)


def seen(box, **changes):
    """Somebody believed who has been seen in `box` since 0 ms."""
    return begun(1, box, shown(box))._replace(confirmed=True, **changes)


def alike():
    """Everybody is 40 high and 16 wide, and fills his box, wherever he stands."""
    sizes = Perspective()
    for row in [*range(60, 180)] * 2:
        sizes = sizes.plus(at(row - HEIGHT, 100), HEIGHT * WIDTH)
    return sizes


ALIKE = alike()
LATER = shown(at(60, 100), 10_000)


# --- worked examples: somebody half hidden -------------------------------------------------------


def test_of_whom_a_side_is_hidden_for_long_is_as_wide_as_people_are_there():
    # Half of him is seen, 8 of 16 columns: at least 0.8 of the usual width and area are his.
    half = seen(at(60, 100, width=8), seen_ms=10_000, alone_ms=10_000 - PART_MS)
    one = known(half, LATER, ALIKE)
    assert one.usual == pytest.approx((40, SLENDER * 16))
    assert (one.area, one.upper) == pytest.approx((SLENDER * 640, SLENDER * 320))
    assert one.hideable


@pytest.mark.parametrize(("width", "is_so"), [(12, True), (13, False), (16, False)])
def test_who_is_nearly_as_wide_as_people_are_hides_nothing(width, is_so):
    # 0.8 of 16 columns are 12.8.
    one = known(seen(at(60, 100, width=width), seen_ms=10_000), LATER, ALIKE)
    assert one.hideable is is_so
    assert one.area == pytest.approx(max(40 * width, 512))


@pytest.mark.parametrize(("height", "is_so"), [(31, False), (33, True)])
def test_only_who_is_as_high_as_people_are_is_one_of_them(height, is_so):
    # A child, or a dog, is as slender as it looks.
    assert HIGH * 40 == 32
    small = seen(at(100 - height, 100, height=height, width=8), seen_ms=10_000)
    assert (known(small, LATER, ALIKE).usual[1] > 8) is is_so
    assert known(small, LATER, ALIKE).hideable is is_so


@pytest.mark.parametrize("case", ["nobody is known", "not believed"])
def test_else_he_is_as_slender_as_he_looks(case):
    half = seen(at(60, 100, width=8), seen_ms=10_000)
    if case == "not believed":
        half = half._replace(confirmed=False)
    one = known(half, LATER, Perspective() if case == "nobody is known" else ALIKE)
    assert (one.usual, one.area, one.upper, one.hideable) == ((40, 8), 320, 160, False)


# --- worked examples: for how long ---------------------------------------------------------------


@pytest.mark.parametrize(("seen_ms", "is_so"), [(1099, True), (1100, False), (5000, False)])
def test_who_is_seen_smaller_for_a_second_is_smaller(seen_ms, is_so):
    # Last alone until 100 ms. What counts is until when he was seen, not what time it is.
    track = seen(at(60, 100), seen_ms=seen_ms)
    for at_ms in (seen_ms, seen_ms + 900):
        one = known(track, shown(at(60, 100), at_ms), Perspective())
        assert one.hideable is is_so
        assert member(track, one, shown(at(60, 100), at_ms)).shrinks is not (
            is_so and at_ms >= CONFIRM_MS
        )


@pytest.mark.parametrize("after_ms", [COVERED_MS - 1, COVERED_MS])
def test_who_is_seen_larger_for_three_seconds_is_larger(after_ms):
    track = seen(at(60, 100), alone_ms=5000)
    picture = shown(at(60, 100), 5000 + after_ms)
    one = known(track, picture, Perspective())
    assert member(track, one, picture).grows is (after_ms == COVERED_MS)


def test_what_has_just_come_may_become_any_size():
    for at_ms in (CONFIRM_MS - 1, CONFIRM_MS):
        picture = shown(at(60, 100), at_ms)
        track = seen(at(60, 100), seen_ms=at_ms, alone_ms=at_ms)
        told = member(track, known(track, picture, Perspective()), picture)
        assert (told.shrinks, told.grows) == (
            (True, True) if at_ms < CONFIRM_MS else (False, False)
        )


def test_further_down_the_picture_he_is_larger():
    # Twice as far down from row 20 all are twice as high; he was known with his foot at 80.
    sizes = Perspective()
    for row in [*range(60, 180)] * 2:
        height = round(0.5 * (row - 20))
        sizes = sizes.plus(Box(row - height, 100, row, 100 + height // 2), height * height // 2)
    track = seen(at(50, 100, height=30, width=15), seen_ms=10_000)._replace(box=at(80, 100, 60, 30))
    one = known(track, LATER, sizes)
    assert one.usual == pytest.approx((60, 30), rel=0.05)
    assert (one.area, one.upper) == pytest.approx((1800, 900), rel=0.1)
    assert usual_box(member(track, one, LATER)) == pytest.approx(Box(80, 100, 140, 130), abs=3)


# --- worked examples: behind a pillar ------------------------------------------------------------


def pillared():
    """Two were hidden behind a pillar in columns 100..119, in rows 60..99."""
    veils = Veils()
    for number in (1, 2):
        for left in range(40, 180, 4):
            picture = shown(at(60, left))
            picture.mask[:, 100:120] = 0
            veils = passed(veils, [Passer(number, at(60, left))], picture.mask)
    return veils


PILLARED = pillared()


def test_who_goes_behind_a_pillar_is_as_wide_as_he_was():
    whole = seen(at(60, 84), seen_ms=10_000, alone_ms=10_000)
    part = at(60, 90, width=10)
    assert with_hidden(part, whole, LATER, Perspective(), PILLARED) == at(60, 90)
    assert with_hidden(part, whole, LATER, Perspective(), Veils()) is part
    assert with_hidden(at(60, 70), whole, LATER, Perspective(), PILLARED) == at(60, 70)


def test_whose_arm_is_all_that_is_seen_beside_a_pillar_is_as_large_as_people_are():
    # Rows 74..85, 3 wide: his middle is row 80, so 40 rows from 60 on, and 16 columns.
    arm = at(74, 120, height=12, width=3)
    track = seen(arm, seen_ms=10_000, alone_ms=10_000)
    assert with_hidden(arm, track, LATER, ALIKE, PILLARED) == at(60, 107)
    # Where nobody knows how large people are it is all there is; so it is 8 columns wide.
    assert with_hidden(arm, track, LATER, Perspective(), PILLARED) == arm
    wide = at(74, 120, height=12, width=9)
    assert with_hidden(wide, seen(wide), LATER, ALIKE, PILLARED) == wide


def test_a_body_goes_on_down_to_where_its_own_height_is_the_usual_one():
    # Whose foot is at row r is r / 2 high: around row 75 that is he who stands at 100, 50 high.
    sizes = Perspective()
    for foot in [80, 160] * 40:
        height = foot // 2
        sizes = sizes.plus(Box(foot - height, 0, foot, height * 2 // 5), height * height / 5)
    arm = Box(69, 120, 81, 123)
    track = seen(arm, seen_ms=10_000, alone_ms=10_000)
    assert with_hidden(arm, track, LATER, sizes, PILLARED) == Box(50, 103, 100, 123)


# --- laws ----------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.integers(1, 80), st.integers(1, 80), st.booleans(), st.integers(0, 3000))
def test_nobody_is_expected_smaller_than_he_is_known_to_be(height, width, confirmed, since_ms):
    track = seen(at(80, 100, height, width), seen_ms=since_ms)._replace(confirmed=confirmed)
    one = known(track, LATER, ALIKE)
    assert one.usual[0] == pytest.approx(height)
    assert one.usual[1] >= width - 0.001
    assert one.area >= track.area - 0.001
    # His upper half is the same part of him as before.
    assert one.upper / one.area == pytest.approx(track.upper / track.area)
    # Who is given more than is known of him is hidden in part.
    assert one.hideable or one.area == pytest.approx(track.area)
