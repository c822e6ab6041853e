"""Ghosts: drawn patches that are somebody or nobody, on plain and on tiled ground."""

import numpy as np
import pytest

from emulator.core import ghosts
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
    """The patches, in a picture `now` of a sensor, of a model that knows `known`."""
    picture = drawn.noisy(now, 0).astype(np.float32)
    return ghosts.find(mask, mask if earlier is None else earlier, picture, known)


def is_found(patches, box):
    """All of a box is found, or nothing of it; anything between is a mistake."""
    top, left, bottom, right = box
    inside = patches[top:bottom, left:right]
    assert inside.all() or not inside.any()
    return bool(inside.all())


# --- worked examples -----------------------------------------------------------------------------


@everywhere(GROUNDS)
@pytest.mark.parametrize("grey", [5, 235])
def test_who_stands_in_the_picture_is_somebody(drawn, ground, grey):
    now = drawn.with_box(ground, PERSON, grey)
    assert not found(drawn, now, ground, mask_of(PERSON)).any()


@everywhere(GROUNDS)
@pytest.mark.parametrize("grey", [5, 235])
def test_who_stands_only_in_the_model_is_a_ghost(drawn, ground, grey):
    known = drawn.with_box(ground, PERSON, grey)
    assert is_found(found(drawn, ground, known, mask_of(PERSON)), PERSON)


def test_a_ghost_is_found_a_little_grown_and_no_further(drawn):
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    patches = found(drawn, drawn.plain(), known, mask_of(PERSON))
    assert np.array_equal(patches, mask_of(Box(58, 98, 112, 122)) > 0)


def test_a_ghost_is_told_from_somebody_in_the_same_picture(drawn):
    other = Box(60, 200, 110, 220)
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    now = drawn.with_box(drawn.plain(), other, 30)
    patches = found(drawn, now, known, mask_of(PERSON, other))
    assert is_found(patches, PERSON)
    assert not is_found(patches, other)


@pytest.mark.parametrize("box", [Box(0, 0, 40, 20), Box(140, 300, 180, 320)])
def test_at_the_edge_of_the_picture_it_is_the_same(drawn, box):
    standing = drawn.with_box(drawn.plain(), box, 30)
    assert is_found(found(drawn, drawn.plain(), standing, mask_of(box)), box)
    assert not is_found(found(drawn, standing, drawn.plain(), mask_of(box)), box)


@pytest.mark.parametrize(("shift", "is_still"), [(4, True), (5, False)])
def test_a_patch_that_moves_by_more_than_a_fifth_of_itself_is_left_alone(drawn, shift, is_still):
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    earlier = mask_of(Box(60, 100 - shift, 110, 120 - shift))  # 20 wide
    patches = found(drawn, drawn.plain(), known, mask_of(PERSON), earlier)
    assert is_found(patches, PERSON) is is_still


def test_a_patch_that_was_not_there_before_is_left_alone(drawn):
    known = drawn.with_box(drawn.plain(), PERSON, 30)
    assert not found(drawn, drawn.plain(), known, mask_of(PERSON), mask_of()).any()


@everywhere(GROUNDS[1:])
@pytest.mark.parametrize("gain", [0.6, 1.4])
def test_the_same_tiles_in_another_light_are_nobody(drawn, ground, gain):
    lit = Box(40, 60, 140, 200)
    now = drawn.with_box(ground, lit, np.clip(ground * gain, 0, 255))
    assert is_found(found(drawn, now, ground, mask_of(lit)), lit)


@everywhere(["strong tiles", "small tiles"])
def test_other_and_darker_tiles_are_somebody(drawn, ground):
    now = drawn.with_box(ground, PERSON, 0.3 * ground[:, ::-1])
    assert not found(drawn, now, ground, mask_of(PERSON)).any()


def test_nothing_is_found_in_an_empty_mask(drawn):
    assert not found(drawn, drawn.plain(), drawn.plain(), mask_of()).any()


def test_what_went_in_is_not_changed(drawn):
    now, known, mask = drawn.plain(), drawn.with_box(drawn.plain(), PERSON, 30), mask_of(PERSON)
    copies = now.copy(), known.copy(), mask.copy()
    ghosts.find(mask, mask, now, known)
    assert all(map(np.array_equal, (now, known, mask), copies))
