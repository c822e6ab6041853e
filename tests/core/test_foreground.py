"""The background model: drawn scenes in which it is known what differs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from emulator.core import foreground
from emulator.core.frame import Box
from emulator.core.settings import HeatSettings
from emulator.core.tuning import tuning

TUNED = tuning(HeatSettings())
PERSON = Box(60, 100, 110, 120)
PERIOD_MS = 80


def look(pictures, tuned=TUNED, model=None, at_ms=0):
    """Show the pictures to a model, a new one unless told; gives the last model and all masks."""
    masks = []
    for picture in pictures:
        model = model or foreground.first(picture, at_ms)
        model, mask = foreground.find(model, picture, at_ms, PERIOD_MS, tuned)
        masks.append(mask)
        at_ms += PERIOD_MS
    return model, masks


def share(mask, box=None):
    """How much of a box, or of the whole picture, is foreground: 0..1."""
    top, left, bottom, right = box or (0, 0, *mask.shape)
    return float(np.mean(mask[top:bottom, left:right] > 0))


@pytest.fixture
def empty(drawn):
    """A model that has seen an empty tiled room for 4 s, and the room."""
    room = drawn.tiles()
    model, _ = look([drawn.noisy(room, index) for index in range(50)])
    return model, room


# --- worked examples: size -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "reduced"),
    [
        ((180, 320), (180, 320)),
        ((240, 320), (240, 320)),
        ((359, 640), (359, 640)),
        ((360, 640), (180, 320)),
        ((720, 1280), (180, 320)),
        ((1080, 1920), (270, 480)),
        ((2160, 3840), (270, 480)),
        ((361, 641), (181, 321)),
        ((90, 4000), (90, 4000)),
    ],
)
def test_pictures_are_halved_while_180_rows_remain(size, reduced):
    assert foreground.reduce(np.zeros(size, np.uint8)).shape == reduced


def test_a_halved_pixel_is_the_mean_of_four():
    picture = np.zeros((360, 640), np.uint8)
    picture[0, 0], picture[0, 1], picture[1, 0], picture[1, 1] = 10, 20, 30, 40
    assert foreground.reduce(picture)[0, 0] == 25


# --- worked examples: who differs ----------------------------------------------------------------


def test_the_first_picture_shows_nobody(drawn):
    _, masks = look([drawn.noisy(drawn.tiles(), 0)])
    assert masks[0].shape == (180, 320)
    assert masks[0].dtype == np.uint8
    assert not masks[0].any()


@pytest.mark.parametrize("deviation", [0.5, 2.0, 5.0])
def test_an_empty_noisy_room_shows_nobody(drawn, deviation):
    room = drawn.tiles()
    _, masks = look([drawn.noisy(room, index, deviation) for index in range(100)])
    assert not any(mask.any() for mask in masks)


def test_who_steps_in_is_seen_at_once_to_the_pixel(drawn, empty):
    model, room = empty
    model, masks = look([drawn.noisy(drawn.with_box(room, PERSON, 20), 3)], model=model, at_ms=4000)
    rows, columns = np.nonzero(masks[0])
    assert (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1) == PERSON
    assert set(np.unique(masks[0])) == {0, 255}
    assert share(masks[0], PERSON) > 0.98  # corners are rounded


@pytest.mark.parametrize(("extra", "is_seen"), [(0, False), (1, True)])
def test_a_speck_of_less_than_half_of_5_by_5_pixels_is_noise(drawn, extra, is_seen):
    room = drawn.plain().astype(np.uint8)
    speck = drawn.with_box(room, Box(60, 100, 63, 104), 20)  # 12 of 25
    speck[63, 100 : 100 + extra] = 20
    _, masks = look([*[room] * 20, speck])
    assert masks[-1].any() == is_seen


def test_who_stands_still_stays_visible(drawn, empty):
    model, room = empty
    standing = drawn.with_box(room, PERSON, 20)
    _, masks = look([drawn.noisy(standing, i) for i in range(300)], model=model, at_ms=4000)
    assert min(share(mask, PERSON) for mask in masks) > 0.98


@pytest.mark.parametrize(("difference", "is_seen"), [(18, False), (22, True)])
def test_at_sensitivity_5_a_step_of_20_grey_levels_is_seen(drawn, difference, is_seen):
    # design, settings: floor 20 q, q = 2 ^ ((5 - s) / 6).
    room = drawn.plain(grey=120).astype(np.uint8)
    changed = drawn.with_box(room, PERSON, 120 + difference)
    _, masks = look([*[room] * 20, changed])
    assert masks[-1].any() == is_seen


@pytest.mark.parametrize(("level", "seen"), [(1, 33), (10, 12)])
def test_the_step_that_is_seen_depends_on_sensitivity(drawn, level, seen):
    # 20 x 2 ^ (4 / 6) = 31.7 and 20 x 2 ^ (-5 / 6) = 11.2 grey levels.
    room = drawn.plain(grey=120).astype(np.uint8)
    tuned = tuning(HeatSettings(sensitivity=level, adaptability=10))
    # Enough quiet pictures for the deviation to be learnt: then the floor decides.
    model, _ = look([room] * 200, tuned)
    for step, is_seen in ((seen, True), (seen - 3, False)):
        changed = drawn.with_box(room, PERSON, 120 + step)
        _, masks = look([changed], tuned, model, at_ms=200 * PERIOD_MS)
        assert masks[0].any() == is_seen


def test_where_the_picture_flickers_a_larger_step_is_needed(drawn):
    # The screen goes up and down by 9 about 120: 4 deviations are 36 grey levels, not 20.
    screen = Box(60, 200, 110, 240)
    room = drawn.plain(grey=120).astype(np.uint8)
    tuned = tuning(HeatSettings(adaptability=10))
    model, _ = look([drawn.with_box(room, screen, 111 + 18 * (i % 2)) for i in range(200)], tuned)
    for step, is_seen in ((30, False), (45, True)):
        changed = drawn.with_box(drawn.with_box(room, screen, 120 + step), PERSON, 120 + step)
        _, masks = look([changed], tuned, model, at_ms=200 * PERIOD_MS)
        assert share(masks[0], PERSON) > 0.9
        assert (share(masks[0], screen) > 0.9) is is_seen


# --- worked examples: what goes away by itself ---------------------------------------------------


@pytest.mark.parametrize("after", [5, 60])
def test_who_was_in_the_first_picture_and_left_is_no_lasting_ghost(drawn, after):
    room = drawn.tiles()
    standing = drawn.with_box(room, PERSON, 20)
    pictures = [standing] * after + [room] * 15
    _, masks = look([drawn.noisy(picture, i) for i, picture in enumerate(pictures)])
    assert share(masks[after], PERSON) > 0.9  # at first he seems to be there
    assert not masks[-1].any()


def test_where_a_ghost_was_even_somebody_faint_is_seen_at_once_again(drawn):
    # He leaves in picture 10. Looks are in pictures 12 and 16: both show him lying still.
    room = drawn.plain(grey=120).astype(np.uint8)
    standing, faint = (drawn.with_box(room, PERSON, grey) for grey in (20, 98))
    _, masks = look([standing] * 10 + [room] * 7 + [faint], tuning(HeatSettings(adaptability=10)))
    assert min(share(mask, PERSON) for mask in masks[10:16]) > 0.9
    assert not masks[16].any()
    assert share(masks[17], PERSON) > 0.9


@pytest.mark.parametrize("gain", [0.7, 0.95, 1.05, 1.2, 1.5])
@pytest.mark.parametrize("adaptability", [1, 5, 10])
def test_the_rooms_light_may_step(drawn, gain, adaptability):
    room = drawn.tiles()
    pictures = [room] * 25 + [room * gain] * 25 + [room] * 25
    _, masks = look(
        [drawn.noisy(picture, i) for i, picture in enumerate(pictures)],
        tuning(HeatSettings(adaptability=adaptability)),
    )
    assert max(map(share, masks)) < 0.001


def test_the_rooms_light_may_fade(drawn):
    room = drawn.tiles()
    _, masks = look([drawn.noisy(room * (1 - i / 400), i) for i in range(300)])
    assert max(map(share, masks)) < 0.001


@pytest.mark.parametrize("gain", [0.75, 1.3])
def test_who_stands_there_while_the_light_steps_is_still_seen(drawn, empty, gain):
    model, room = empty
    standing = drawn.with_box(room, PERSON, 20)
    pictures = [standing] * 25 + [standing * gain] * 25
    noisy = [drawn.noisy(picture, i) for i, picture in enumerate(pictures)]
    _, masks = look(noisy, model=model, at_ms=4000)
    assert min(share(mask, PERSON) for mask in masks) > 0.9
    assert max(map(share, masks)) < 1.5 * PERSON.area / (180 * 320)


def test_a_patch_of_light_on_tiles_goes_away(drawn):
    room = drawn.tiles(low=60, high=180)
    lit = drawn.with_box(room, Box(40, 60, 140, 200), np.clip(room * 1.35, 0, 255))
    pictures = [room] * 25 + [lit] * 15
    _, masks = look([drawn.noisy(picture, i) for i, picture in enumerate(pictures)])
    assert share(masks[25]) > 0.1
    assert not masks[-1].any()


def test_when_more_than_half_differs_the_model_begins_again(drawn):
    room = drawn.tiles(low=20, high=236, side=20)
    other = room.copy()
    other[:, :240] = 255 - room[:, :240]  # brightened and darkened alike: not a light
    model, masks = look([drawn.noisy(p, i) for i, p in enumerate([room] * 20 + [other])])
    assert not masks[-1].any()
    _, masks = look([drawn.noisy(other, 1)], model=model, at_ms=21 * PERIOD_MS)
    assert not masks[-1].any()


def test_when_less_than_half_differs_it_does_not(drawn):
    room = drawn.plain()
    covered = drawn.with_box(room, Box(0, 0, 80, 320), 20)
    _, masks = look([drawn.noisy(p, i) for i, p in enumerate([room] * 20 + [covered])])
    assert share(masks[-1]) == pytest.approx(80 / 180, abs=0.01)


def test_what_is_absorbed_is_background_from_the_next_picture_on(drawn, empty):
    model, room = empty
    other = Box(60, 200, 110, 220)
    both = drawn.with_box(drawn.with_box(room, PERSON, 20), other, 20)
    picture = drawn.noisy(both, 0)
    model, _ = look([picture], model=model, at_ms=4000)
    after = foreground.absorbed(model, picture, [PERSON])
    _, masks = look([drawn.noisy(both, 1)], model=after, at_ms=4080)
    assert not masks[0][:, :160].any()
    assert share(masks[0], other) > 0.98
    assert not np.array_equal(after.mean, model.mean)  # and the model that went in is as it was


# --- laws ----------------------------------------------------------------------------------------

pictures = arrays.arrays(np.uint8, (24, 32))


@settings(deadline=None, max_examples=50)
@given(st.lists(pictures, min_size=1, max_size=4), st.integers(0, 2000))
def test_any_pictures_at_all_give_a_mask_and_are_not_changed(given_pictures, lasts_ms):
    model = foreground.first(given_pictures[0], 0)
    for index, picture in enumerate(given_pictures):
        copies = picture.copy(), model.mean.copy(), model.deviation.copy(), model.looked.copy()
        after, mask = foreground.find(model, picture, index * lasts_ms, lasts_ms, TUNED)
        again, mask_again = foreground.find(model, picture, index * lasts_ms, lasts_ms, TUNED)
        assert set(np.unique(mask)) <= {0, 255}
        assert np.isfinite(after.mean).all()
        assert np.isfinite(after.deviation).all()
        assert np.array_equal(mask, mask_again)
        assert np.array_equal(after.mean, again.mean)
        before = picture, model.mean, model.deviation, model.looked
        assert all(map(np.array_equal, before, copies))
        model = after


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 255))
def test_however_small_a_picture_is_it_is_looked_at(rows, columns, grey):
    picture = np.full((rows, columns), grey, np.uint8)
    model, masks = look([picture] * 6)
    assert not any(mask.any() for mask in masks)
    assert np.allclose(model.mean, grey)
