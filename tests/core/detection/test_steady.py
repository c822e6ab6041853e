"""A camera that shakes: drawn pictures whose offset is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection import steady

ROWS, COLUMNS, MARGIN = 180, 320, 8
PERIOD_MS = 80
SECOND_MS, HOUR_MS = 1000, 3_600_000


@pytest.fixture(scope="module")
def room(drawn):
    """A textured ground with a margin on each side: tiles in soft focus."""
    return _soft(drawn.tiles(ROWS + 2 * MARGIN, COLUMNS + 2 * MARGIN, low=60, high=190))


def _soft(picture):
    for axis in (0, 1):
        sides = np.roll(picture, 1, axis) + np.roll(picture, -1, axis)
        picture = (2 * picture + sides) / 4
    return picture


def moved(room, down=0, right=0):
    """What is seen of the room when everything lies further down and right by whole pixels."""
    top, left = MARGIN - down, MARGIN - right
    return room[top : top + ROWS, left : left + COLUMNS]


def shown(drawn, room, down=0, right=0, walker=None, index=0, gain=1.0):
    """As a sensor gives it, maybe with somebody who walks there."""
    picture = moved(room, down, right) * gain
    if walker is not None:
        picture = drawn.with_box(picture, walker, 20)
    return drawn.noisy(picture, index)


def empty(room):
    return np.rint(moved(room)).astype(np.uint8)


def mask_of(box):
    mask = np.zeros((ROWS, COLUMNS), np.uint8)
    mask[box[0] : box[2], box[1] : box[3]] = 255
    return mask


# --- worked examples: offsets --------------------------------------------------------------------


def test_a_camera_that_did_not_move_has_no_offset(drawn, room):
    kept = steady.anchor(empty(room))
    assert steady.offset(kept, shown(drawn, room), None) == pytest.approx((0, 0), abs=0.1)


def test_half_a_pixel_is_told(drawn, room):
    half = (moved(room) + moved(room, 0, 1)) / 2
    found = steady.offset(steady.anchor(empty(room)), drawn.noisy(half, 0), None)
    assert found == pytest.approx((0, 0.5), abs=0.15)


def test_an_offset_is_told_under_another_light(drawn, room):
    kept = steady.anchor(empty(room))
    found = steady.offset(kept, shown(drawn, room, 2, -3, gain=1.2), None)
    assert found == pytest.approx((2, -3), abs=0.3)


def test_of_a_plain_ground_nothing_is_said(drawn):
    plain = drawn.plain()
    kept = steady.anchor(plain.astype(np.uint8))
    assert len(kept.points) == 0
    walker = drawn.with_box(plain, (60, 100, 110, 120), 20)
    assert steady.offset(kept, drawn.noisy(walker, 0), None) == (0, 0)


def test_of_one_small_thing_on_a_plain_ground_nothing_is_said(drawn):
    # It may be that thing that moved.
    thing = drawn.with_box(drawn.plain(), (90, 160, 96, 164), 20)
    kept = steady.anchor(thing.astype(np.uint8))
    assert 0 < len(kept.points) < 40
    assert steady.offset(kept, drawn.noisy(np.roll(thing, 2, 1), 0), None) == (0, 0)


def test_of_stripes_nothing_is_said_since_they_look_the_same_further_along(drawn):
    stripes = np.tile(120 + 60 * np.sin(np.arange(COLUMNS) / 6), (ROWS, 1))
    kept = steady.anchor(np.rint(stripes).astype(np.uint8))
    assert steady.offset(kept, drawn.noisy(np.roll(stripes, 2, 1), 0), None) == (0, 0)


def test_a_camera_that_was_turned_away_has_no_offset(drawn, room):
    other = drawn.noisy(255 - moved(room)[:, ::-1], 0)
    down, right = steady.offset(steady.anchor(empty(room)), other, None)
    assert max(abs(down), abs(right)) < steady.SHAKES


@pytest.mark.parametrize(("right", "found"), [(6, 6), (11, 0)])
def test_more_than_eight_pixels_are_no_shake(drawn, right, found):
    y, x = np.mgrid[:ROWS, :COLUMNS]
    here, there = (120 + 50 * np.sin((x - off) / 15) + 40 * np.sin(y / 15) for off in (0, right))
    kept = steady.anchor(np.rint(here).astype(np.uint8))
    offset = steady.offset(kept, drawn.noisy(there, 0), None)
    assert offset == pytest.approx((0, found), abs=0.3)


def test_what_is_known_to_be_somebody_is_left_out(drawn, room):
    # He fills all but a fifth and walks by 2 pixels; the camera stands still.
    kept = steady.anchor(empty(room))
    picture = np.array(shown(drawn, room))
    picture[:, 60:] = shown(drawn, room, 0, 2)[:, 60:]
    somebody = mask_of((0, 60, ROWS, COLUMNS))
    assert steady.offset(kept, picture, somebody) == pytest.approx((0, 0), abs=0.15)


# --- worked examples: moving back ----------------------------------------------------------------


def test_a_picture_is_moved_back_and_repeats_the_edge(drawn):
    picture = drawn.tiles().astype(np.uint8)
    back = steady.moved_back(picture, 1, -2)
    assert np.array_equal(back[:-1, 2:], picture[1:, :-2])
    assert np.array_equal(back[-1], back[-2])
    assert np.array_equal(back[:, 0], back[:, 2])


def test_a_still_camera_is_looked_at_six_times_a_second_and_its_picture_stays_as_it_is(room):
    picture, looked = empty(room), []
    known = steady.mount(picture, 0)
    for at_ms in range(2000, 2400, 40):
        known, seen = steady.steadied(known, picture, None, at_ms)
        assert seen is picture
        looked.append(known.looked_ms)
    assert looked == [2000] * 4 + [2160] * 4 + [2320] * 2


def test_in_the_first_two_seconds_and_after_a_shake_every_picture_is_looked_at(room):
    known = steady.mount(empty(room), 0)
    for at_ms in (0, 40, 1990):
        known, _ = steady.steadied(known, empty(room), None, at_ms)
        assert known.looked_ms == at_ms
    known = steady.steadied(known, np.rint(moved(room, 2, 2)).astype(np.uint8), None, 5000)[0]
    assert known.shook_ms == 5000
    for at_ms in (5040, 6990):
        known, _ = steady.steadied(known, empty(room), None, at_ms)
        assert known.looked_ms == at_ms
    assert steady.steadied(known, empty(room), None, 7000)[0].looked_ms == 6990


def test_an_offset_of_under_three_tenths_is_left_to_the_model(room):
    nearly = np.rint(0.8 * moved(room) + 0.2 * moved(room, 0, 1)).astype(np.uint8)
    known, seen = steady.steadied(steady.mount(empty(room), 0), nearly, None, 3000)
    assert seen is nearly
    assert known.shook_ms == 0


def test_an_offset_of_half_a_pixel_is_not(drawn, room):
    half = drawn.noisy((moved(room) + moved(room, 0, 1)) / 2, 0)
    known, seen = steady.steadied(steady.mount(empty(room), 0), half, None, 3000)
    assert seen is not half
    assert known.shook_ms == 3000


# --- worked examples: the anchor -----------------------------------------------------------------


def test_the_first_anchor_is_renewed_after_10_s_and_later_ones_after_5_minutes(room):
    known = steady.mount(empty(room), 0)
    assert [known.is_due(at_ms) for at_ms in (9_999, 10_000)] == [False, True]
    known = known.renewed(empty(room), 10_000)
    assert [known.is_due(at_ms) for at_ms in (309_999, 310_000)] == [False, True]


def test_while_the_camera_shakes_only_the_first_anchor_is_renewed(room):
    shaken = np.rint(moved(room, 2, 2)).astype(np.uint8)
    known, _ = steady.steadied(steady.mount(empty(room), 0), shaken, None, 9_500)
    assert known.is_due(10_000)
    known = known.renewed(empty(room), 10_000)
    known, _ = steady.steadied(known, shaken, None, 309_500)
    assert [known.is_due(at_ms) for at_ms in (310_000, 311_499, 311_500)] == [False, False, True]


@pytest.mark.parametrize("at_ms", [26 * HOUR_MS, -26 * HOUR_MS])
def test_a_mount_that_is_resumed_keeps_its_anchor_and_looks_at_once(drawn, room, at_ms):
    known = steady.mount(empty(room), 0).renewed(empty(room), 10_000)
    resumed = steady.resumed(known, at_ms)
    assert resumed.anchor is known.anchor
    assert [resumed.is_due(at_ms + age_ms) for age_ms in (0, 299_999, 300_000)] == [
        False,
        False,
        True,
    ]
    after, seen = steady.steadied(resumed, shown(drawn, room, 2, 2), None, at_ms)
    assert after.shook_ms == at_ms
    assert np.abs(seen.astype(int) - shown(drawn, room))[8:-8, 8:-8].mean() < 3
    for later_ms in (40, 80):
        after, _ = steady.steadied(after, empty(room), None, at_ms + later_ms)
        assert after.looked_ms == at_ms + later_ms


def test_a_mount_that_is_resumed_before_its_model_settled_waits_for_that(room):
    resumed = steady.resumed(steady.mount(empty(room), 0), HOUR_MS)
    assert [resumed.is_due(HOUR_MS + age_ms) for age_ms in (9_999, 10_000)] == [False, True]


def test_it_does_not_drift_over_1000_pictures(drawn, room):
    known = steady.mount(empty(room), 0)
    for index in range(1000):
        at_ms = index * PERIOD_MS
        # It shakes for 3 s of each 20, more to one side than to the other.
        phase = index % 250
        down, right = ((phase * 7) % 6 - 2, (phase * 5) % 5 - 1) if phase < 40 else (0, 0)
        walker = (60, index % 300, 110, index % 300 + 20)
        picture = shown(drawn, room, down, right, walker, index)
        known, seen = steady.steadied(known, picture, None, at_ms)
        if known.is_due(at_ms):
            known = known.renewed(seen, at_ms)
    last = steady.offset(steady.anchor(empty(room)), seen, None)
    assert last == pytest.approx((0, 0), abs=0.3)
    assert np.abs(seen.astype(float) - moved(room))[:50, 8:-8].mean() < 3


# --- laws ----------------------------------------------------------------------------------------

shifts = st.integers(-3, 3)


@settings(deadline=None, max_examples=60)
@given(shifts, shifts, st.integers(0, 120), st.integers(0, 280), st.booleans(), st.integers(0, 15))
def test_any_offset_of_up_to_3_pixels_is_told_though_somebody_walks_there(
    drawn, room, down, right, top, left, is_known, index
):
    walker = (top, left, top + 60, left + 40)
    picture = shown(drawn, room, down, right, walker, index)
    before = picture.copy()
    kept = steady.anchor(empty(room))
    found = steady.offset(kept, picture, mask_of(walker) if is_known else None)
    assert found == pytest.approx((down, right), abs=0.3)
    assert np.array_equal(picture, before)


@settings(deadline=None, max_examples=40)
@given(st.integers(12, 40), st.integers(12, 40), st.integers(0, 2**32 - 1))
def test_small_and_senseless_pictures_are_looked_at_too(rows, columns, seed):
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, 256, (2, rows, columns)).astype(np.uint8)
    down, right = steady.offset(steady.anchor(first), second, None)
    assert max(abs(down), abs(right)) <= 12
