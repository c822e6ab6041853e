"""The background model: drawn scenes in which it is known what differs, then laws."""

import numpy as np
import pytest
from grounds import HOUR_MS, PERIOD_MS, PERSON, QUICK, TUNED, bounds, look, share
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from emulator.core.detection import foreground
from emulator.core.detection.tuning import tuning
from emulator.core.frame import Box
from emulator.core.settings import HeatSettings

# --- worked examples: size ------------------------------------------------------------------------


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
        ((719, 3), (180, 1)),
        ((90, 4000), (90, 4000)),
    ],
)
def test_pictures_are_halved_while_180_rows_remain(size, reduced):
    assert foreground.reduce(np.zeros(size, np.uint8)).shape == reduced


def test_a_halved_pixel_is_the_mean_of_four():
    picture = np.zeros((360, 640), np.uint8)
    picture[0, 0], picture[0, 1], picture[1, 0], picture[1, 1] = 10, 20, 30, 40
    assert foreground.reduce(picture)[0, 0] == 25


# --- worked examples: who differs -----------------------------------------------------------------


def test_a_new_model_sees_nobody_in_its_ground(drawn):
    room = drawn.tiles().astype(np.uint8)
    model = foreground.first(room, 5000, TUNED)
    found = foreground.find(model, room, 5080, TUNED)
    assert (found.mask.shape, found.mask.dtype) == ((180, 320), np.uint8)
    assert not found.mask.any()
    assert not found.off.any()
    assert found.left == ()


@pytest.mark.parametrize("deviation", [0.5, 2.0, 5.0])
def test_an_empty_noisy_room_shows_nobody(drawn, deviation):
    room = drawn.tiles()
    watched = look([drawn.noisy(room, index, deviation) for index in range(100)], ground=room)
    assert not any(mask.any() for mask in watched.masks)


def test_noise_that_grows_to_8_grey_levels_is_learnt(drawn):
    room = drawn.tiles()
    sigmas = np.linspace(2, 8, 24).repeat(12).round(2)  # within 23 s
    noises = np.random.default_rng(7).normal(0, 1, (40, *room.shape))
    pictures = (
        np.clip(np.rint(room + sigma * noises[i % 40]), 0, 255).astype(np.uint8)
        for i, sigma in enumerate(sigmas)
    )
    watched = look(pictures, ground=room)
    assert max(map(share, watched.masks)) < 0.003


def test_who_steps_in_is_seen_at_once_to_the_pixel(drawn, settled):
    watched, room = settled
    watched.see([drawn.noisy(drawn.with_box(room, PERSON, 20), 3)])
    assert bounds(watched.masks[-1]) == PERSON
    assert share(watched.masks[-1], PERSON) > 0.99


def test_it_is_told_by_how_much_each_pixel_is_off(drawn):
    room = drawn.plain().astype(np.uint8)
    model = foreground.first(room, 0, TUNED)
    found = foreground.find(model, drawn.with_box(room, PERSON, 98), 80, TUNED)
    assert (found.off[80, 110], found.off[20, 20]) == (22, 0)
    assert bounds(found.mask) == PERSON  # new as it is, it knows how much noise is usual


def test_who_stands_still_stays_visible(drawn, settled):
    watched, room = settled
    standing = drawn.with_box(room, PERSON, 20)
    watched.see([drawn.noisy(standing, i) for i in range(750)])  # a minute
    assert min(share(mask, PERSON) for mask in watched.masks[50:]) > 0.99


def test_where_the_picture_flickers_a_larger_step_is_needed(drawn):
    # The screen goes up and down by 9 about 120: 4 deviations are 36 grey levels, not 20.
    screen = Box(60, 200, 110, 240)
    room = drawn.plain(grey=120).astype(np.uint8)
    flicker = [drawn.with_box(room, screen, 111 + 18 * (i // 2 % 2)) for i in range(200)]
    watched = look(flicker, QUICK)
    for step, is_seen in ((30, False), (45, True)):
        changed = drawn.with_box(drawn.with_box(room, screen, 120 + step), PERSON, 120 + step)
        _, mask, _, _ = foreground.find(watched.model, changed, 201 * PERIOD_MS, QUICK)
        assert share(mask, PERSON) > 0.9
        assert (share(mask, screen) > 0.9) is is_seen


# --- worked examples: a picture that does not follow ----------------------------------------------


@pytest.mark.parametrize("at_ms", [26 * HOUR_MS, -26 * HOUR_MS])
def test_a_model_that_is_resumed_has_learnt_nothing_meanwhile(drawn, settled, at_ms):
    watched, room = settled
    before = watched.model
    model = foreground.resumed(before, at_ms)
    assert (model.learnt_ms, model.looked_ms, model.since_ms) == (at_ms, at_ms, at_ms)
    assert (model.seen_ms, model.renewed.min()) == (before.seen_ms, 255)
    assert np.array_equal(model.mean, before.mean)
    # Somebody is there whom the model has never seen; and it learns on from there.
    shown = drawn.noisy(drawn.with_box(room, PERSON, 20), 3)
    found = foreground.find(model, shown, at_ms + 200, TUNED)
    assert bounds(found.mask) == PERSON
    assert found.model.learnt_ms == at_ms + 200
    assert found.model.seen_ms == before.seen_ms + 200
    assert np.abs(found.model.mean - before.mean).max() < 1
    assert before.renewed.max() == 0


def test_who_left_while_nobody_looked_is_a_ghost_but_nobody_knows_since_when(drawn):
    room = drawn.plain()
    standing = drawn.with_box(room, PERSON, 20)
    watched = look([standing.astype(np.uint8)] * 30)
    watched.model = foreground.resumed(watched.model, 5 * HOUR_MS)
    watched.see([room.astype(np.uint8)] * 15)
    assert share(watched.masks[30], PERSON) > 0.99
    assert not watched.masks[-1].any()
    assert not watched.left


# --- laws -----------------------------------------------------------------------------------------


any_pictures = arrays.arrays(np.uint8, (24, 32))
gains = st.floats(0.7, 1.4)


@settings(deadline=None, max_examples=50)
@given(st.lists(any_pictures, min_size=1, max_size=4), st.integers(0, 2000))
def test_any_pictures_at_all_give_a_mask_and_are_not_changed(pictures, lasts_ms):
    model = foreground.first(pictures[0], 0, TUNED)
    for index, picture in enumerate(pictures):
        until_ms = (index + 1) * lasts_ms
        copies = picture.copy(), model.mean.copy(), model.deviation.copy(), model.looked.copy()
        found = foreground.find(model, picture, until_ms, TUNED)
        again = foreground.find(model, picture, until_ms, TUNED)
        assert set(np.unique(found.mask)) <= {0, 255}
        assert np.isfinite(found.model.mean).all()
        assert np.isfinite(found.model.deviation).all()
        assert np.array_equal(found.mask, again.mask)
        assert np.array_equal(found.model.mean, again.model.mean)
        before = picture, model.mean, model.deviation, model.looked
        assert all(map(np.array_equal, before, copies))
        model = found.model


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 255))
def test_however_small_a_picture_is_it_is_looked_at(rows, columns, grey):
    picture = np.full((rows, columns), grey, np.uint8)
    watched = look([picture] * 6)
    assert not any(mask.any() for mask in watched.masks)
    assert np.allclose(watched.model.mean, grey)


@settings(deadline=None, max_examples=40)
@given(gains, st.integers(1, 10), st.integers(0, 7))
@example(1.1328125, 1, 0)
def test_the_light_of_an_empty_scene_may_step(drawn, gain, adaptability, at):
    room = drawn.tiles()
    pictures = [room] * (8 + at) + [np.clip(room * gain, 0, 255)] * 12 + [room] * 12
    tuned = tuning(HeatSettings(adaptability=adaptability))
    watched = look([drawn.noisy(picture, i) for i, picture in enumerate(pictures)], tuned, room)
    # Less than a twentieth of the picture may differ until the model is next learnt.
    step = 8 + at
    after = watched.masks[step + 1 : step + 12] + watched.masks[step + 13 :]
    assert max(map(share, watched.masks)) <= 0.05
    assert max(map(share, after)) < 0.001


@settings(deadline=None, max_examples=20)
@given(gains, st.integers(25, 100))
def test_the_light_of_an_empty_scene_may_fade(drawn, gain, during):
    room = drawn.tiles()
    pictures = [room * (1 + (gain - 1) * i / during) for i in range(during)]
    watched = look([drawn.noisy(picture, i) for i, picture in enumerate(pictures)], ground=room)
    assert max(map(share, watched.masks)) < 0.001


@settings(deadline=None, max_examples=20)
@given(gains, st.tuples(st.integers(0, 180), st.integers(0, 320)), st.integers(50, 100))
def test_the_light_of_a_part_of_an_empty_scene_may_slowly_fade(drawn, gain, centre, during):
    # A cloud or a lamp with a soft edge; at most 0.1 a second.
    room = drawn.tiles()
    y, x = np.mgrid[:180, :320]
    part = np.exp(-(((y - centre[0]) / 60) ** 2) - ((x - centre[1]) / 60) ** 2)
    pictures = [room * (1 + (gain - 1) * part * i / during) for i in range(during)]
    watched = look([drawn.noisy(picture, i) for i, picture in enumerate(pictures)], ground=room)
    assert max(map(share, watched.masks)) < 0.003
