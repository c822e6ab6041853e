"""Ghosts: drawn patches that are somebody or nobody, on plain and on tiled ground."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection import ghosts
from emulator.core.frame import Box

PERSON = Box(60, 100, 110, 120)
GROUNDS = ["plain", "faint tiles", "strong tiles", "small tiles"]


@pytest.fixture
def ground(drawn, request):
    return {
        "plain": drawn.plain(),
        "faint tiles": drawn.tiles(low=90, high=150),
        "strong tiles": drawn.tiles(low=40, high=200),
        "small tiles": drawn.tiles(low=60, high=180, side=3),
    }[request.param]


def everywhere(params):
    return pytest.mark.parametrize("ground", params, indirect=True)


def mask_of(*boxes, shape=(180, 320)):
    mask = np.zeros(shape, np.uint8)
    for top, left, bottom, right in boxes:
        mask[top:bottom, left:right] = 255
    return mask


def found(drawn, now, known, mask, earlier=None):
    """The patches that are nobody, in a sensor's picture of `now`, of a model of `known`."""
    picture = drawn.noisy(now, 0)
    return ghosts.find(mask, mask if earlier is None else earlier, picture, known)


def boxes(patches, left):
    """Of what left, or of light."""
    return [patch.box for patch in patches if patch.left is left]


# --- worked examples -----------------------------------------------------------------------------


@everywhere(GROUNDS)
@pytest.mark.parametrize("grey", [5, 235])
def test_who_stands_in_the_picture_is_somebody(drawn, ground, grey):
    now = drawn.with_box(ground, PERSON, grey)
    assert found(drawn, now, ground, mask_of(PERSON)) == []


@everywhere(GROUNDS)
@pytest.mark.parametrize("grey", [5, 235])
def test_who_stands_only_in_the_model_has_left(drawn, ground, grey):
    known = drawn.with_box(ground, PERSON, grey)
    assert boxes(found(drawn, ground, known, mask_of(PERSON)), left=True) == [PERSON]


@pytest.mark.parametrize(("contrast", "has_left"), [(30, True), (74, True), (82, False)])
def test_what_stands_out_1_3_times_as_much_as_in_the_model_is_somebody(drawn, contrast, has_left):
    room = drawn.plain()
    known = drawn.with_box(room, PERSON, 120 - 60)
    now = drawn.with_box(room, PERSON, 120 + contrast)  # 1.3 x 60 = 78
    assert bool(boxes(found(drawn, now, known, mask_of(PERSON)), left=True)) is has_left


@pytest.mark.parametrize(("pole", "grey"), [(60, 45), (45, 75), (200, 215), (60, 215)])
def test_the_slice_of_somebody_that_shows_beside_a_pole_is_somebody(drawn, pole, grey):
    # On that side he stands out from the pole no more than the ground does.
    known = drawn.with_box(drawn.plain(), Box(0, 110, 180, 130), pole)
    slice_ = Box(60, 104, 110, 110)
    assert found(drawn, drawn.with_box(known, slice_, grey), known, mask_of(slice_)) == []


@pytest.mark.parametrize("pole", [60, 200])
def test_what_left_from_beside_a_pole_has_left(drawn, pole):
    room = drawn.with_box(drawn.plain(), Box(0, 110, 180, 130), pole)
    slice_ = Box(60, 104, 110, 110)
    known = drawn.with_box(room, slice_, 20)
    assert boxes(found(drawn, room, known, mask_of(slice_)), left=True) == [slice_]


def test_a_patch_with_a_hole_is_one_patch(drawn):
    known, mask = drawn.with_box(drawn.plain(), PERSON, 30), mask_of(PERSON)
    mask[75:90, 105:115] = 0
    (patch,) = found(drawn, drawn.plain(), known, mask)
    assert patch.box == PERSON
    assert patch.shape[patch.shape.shape[0] // 2, patch.shape.shape[1] // 2]


def test_a_patch_is_given_a_little_grown_and_no_further(drawn):
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    (patch,) = found(drawn, drawn.plain(), known, mask_of(PERSON))
    whole = np.zeros((180, 320), np.bool_)
    whole[patch.rows, patch.columns] = patch.shape
    assert patch.shape.dtype == np.bool_
    assert np.array_equal(whole, mask_of(Box(58, 98, 112, 122)) > 0)


def test_a_ghost_is_told_from_somebody_in_the_same_picture(drawn):
    other = Box(60, 200, 110, 220)
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    now = drawn.with_box(drawn.plain(), other, 30)
    patches = found(drawn, now, known, mask_of(PERSON, other))
    assert [patch.box for patch in patches] == [PERSON]


def test_somebody_just_beside_a_ghost_is_no_part_of_its_patch(drawn):
    # Within the margin of the one lies the other.
    other = Box(60, 123, 110, 143)
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    now = drawn.with_box(drawn.plain(), other, 30)
    (patch,) = found(drawn, now, known, mask_of(PERSON, other))
    assert patch.box == PERSON
    whole = np.zeros((180, 320), np.bool_)
    whole[patch.rows, patch.columns] = patch.shape
    assert not whole[60:110, 123:143].any()


@pytest.mark.parametrize("box", [Box(0, 0, 40, 20), Box(140, 300, 180, 320)])
def test_at_the_edge_of_the_picture_it_is_the_same(drawn, box):
    standing = drawn.with_box(drawn.plain(), box, 30)
    assert boxes(found(drawn, drawn.plain(), standing, mask_of(box)), left=True) == [box]
    assert found(drawn, standing, drawn.plain(), mask_of(box)) == []


@pytest.mark.parametrize(("shift", "is_still"), [(4, True), (5, False)])
def test_a_patch_that_moves_by_more_than_a_fifth_of_itself_is_left_alone(drawn, shift, is_still):
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    earlier = mask_of(Box(60, 100 - shift, 110, 120 - shift))  # 20 wide
    assert bool(found(drawn, drawn.plain(), known, mask_of(PERSON), earlier)) is is_still


def test_a_patch_that_was_not_there_before_is_left_alone(drawn):
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    assert found(drawn, drawn.plain(), known, mask_of(PERSON), mask_of()) == []


@everywhere(GROUNDS[1:])
@pytest.mark.parametrize("gain", [0.6, 1.4])
def test_the_same_tiles_in_another_light_are_light_and_nobody_who_left(drawn, ground, gain):
    lit = Box(40, 60, 140, 200)
    now = drawn.with_box(ground, lit, np.clip(ground * gain, 0, 255))
    patches = found(drawn, now, ground, mask_of(lit))
    assert boxes(patches, left=False) == [lit]
    assert boxes(patches, left=True) == []


@everywhere(["strong tiles", "small tiles"])
def test_other_and_darker_tiles_are_somebody(drawn, ground):
    now = drawn.with_box(ground, PERSON, 0.3 * ground[:, ::-1])
    assert found(drawn, now, ground, mask_of(PERSON)) == []


@everywhere(["small tiles"])
def test_tiles_that_are_half_like_those_before_are_somebody(drawn, ground):
    # Correlation 0.4 / (0.4 ^ 2 + 0.6 ^ 2) ^ 0.5 = 0.55.
    now = drawn.with_box(ground, PERSON, 0.4 * (0.4 * ground + 0.6 * ground[:, ::-1]))
    assert found(drawn, now, ground, mask_of(PERSON)) == []


def spot(ground, soft):
    """A round spot of light or paint on the ground, whose edge is `soft` pixels wide."""
    y, x = np.mgrid[:180, :320]
    radius = np.hypot(y - 90, x - 160)
    height = np.clip((40 - radius) / soft + 0.5, 0, 1)
    return ground + 60 * height, np.where(height > 0.35, 255, 0).astype(np.uint8)


@pytest.mark.parametrize(("soft", "is_light"), [(1, False), (3, False), (30, True), (50, True)])
def test_what_fades_away_towards_its_outline_is_light(drawn, soft, is_light):
    now, mask = spot(drawn.plain(), soft)
    patches = found(drawn, now, drawn.plain(), mask)
    assert len(boxes(patches, left=False)) == int(is_light)
    assert boxes(patches, left=True) == []


def test_nothing_is_found_in_an_empty_mask(drawn):
    assert found(drawn, drawn.plain(), drawn.plain(), mask_of()) == []


# --- laws ----------------------------------------------------------------------------------------

spans = st.tuples(
    st.integers(0, 120), st.integers(15, 60), st.integers(0, 260), st.integers(15, 60)
)


@settings(deadline=None, max_examples=60)
@given(spans, st.integers(40, 100) | st.integers(-90, -40))
def test_wherever_somebody_is_he_is_a_ghost_in_the_model_and_nobody_else(drawn, span, contrast):
    top, height, left, width = span
    box = Box(top, left, top + height, left + width)
    room = drawn.plain()
    standing = drawn.with_box(room, box, 120 + contrast)
    assert boxes(found(drawn, room, standing, mask_of(box)), left=True) == [box]
    assert found(drawn, standing, room, mask_of(box)) == []


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_in_any_pictures_what_is_found_is_of_the_mask_and_nothing_is_changed(seed, dense):
    rng = np.random.default_rng(seed)
    mask = np.where(rng.random((24, 32)) < dense, 255, 0).astype(np.uint8)
    now = rng.integers(0, 256, (24, 32)).astype(np.uint8)
    known = rng.uniform(0, 300, (24, 32)).astype(np.float32)
    copies = mask.copy(), now.copy(), known.copy()
    for patch in ghosts.find(mask, mask, now, known):
        top, left, bottom, right = patch.box
        assert mask[top:bottom, left:right].any(axis=1)[[0, -1]].all()
        assert mask[top:bottom, left:right].any(axis=0)[[0, -1]].all()
        assert patch.shape.shape == mask[patch.rows, patch.columns].shape
    assert all(map(np.array_equal, (mask, now, known), copies))
