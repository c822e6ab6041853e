"""The background model: drawn scenes in which it is known what differs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from emulator.core.detection import foreground
from emulator.core.detection.tuning import tuning
from emulator.core.frame import Box
from emulator.core.settings import HeatSettings

TUNED = tuning(HeatSettings())
QUICK = tuning(HeatSettings(adaptability=10))  # forgets half in 1.5 s
PERSON = Box(60, 100, 110, 120)
PERIOD_MS = 80
HOUR_MS = 3_600_000


class Watched:
    """A model that was shown pictures: its masks, the last model, and who left in which picture."""

    def __init__(self, model, tuned):
        self.model, self.tuned = model, tuned
        self.masks, self.left = [], {}

    def see(self, pictures, at_ms=None, period_ms=PERIOD_MS):
        """Show more pictures, each of `period_ms`; from where it was, unless told."""
        at_ms = self.model.learnt_ms if at_ms is None else at_ms
        for picture in pictures:
            at_ms += period_ms
            self.model, mask, _, left = foreground.find(self.model, picture, at_ms, self.tuned)
            if left:
                self.left[len(self.masks)] = left
            self.masks.append(mask)
        return self


def look(pictures, tuned=TUNED, ground=None):
    """What is found in the pictures; the model begins as `ground`, or as the first of them."""
    pictures = list(pictures)
    ground = pictures[0] if ground is None else ground
    return Watched(foreground.first(ground, 0, tuned), tuned).see(pictures, 0)


def share(mask, box=None):
    """How much of a box, or of the whole picture, is foreground: 0..1."""
    top, left, bottom, right = box or (0, 0, *mask.shape)
    return float(np.mean(mask[top:bottom, left:right] > 0))


def bounds(mask):
    rows, columns = np.nonzero(mask)
    return (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)


@pytest.fixture
def settled(drawn):
    """A model that has seen an empty tiled room for 4 s, and the room."""
    room = drawn.tiles()
    return look([drawn.noisy(room, index) for index in range(50)]), room


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


# --- worked examples: who differs ----------------------------------------------------------------


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


# --- worked examples: learning -------------------------------------------------------------------


def test_a_model_learns_five_times_in_two_pictures_a_second_and_not_in_between(drawn):
    room = drawn.plain(grey=120).astype(np.uint8)
    model = foreground.first(room, 0, TUNED)
    learnt = []
    for at_ms in range(40, 400, 40):
        model = foreground.find(model, room + np.uint8(4), at_ms, TUNED).model
        learnt.append(model.learnt_ms)
    assert learnt == [0, 0, 0, 160, 160, 160, 160, 320, 320]


@pytest.mark.parametrize(("level", "half_life_ms"), [(5, 17_230), (10, 1523)])
def test_a_settled_model_forgets_half_of_what_it_knew_in_its_half_life(drawn, level, half_life_ms):
    # 120 s x 2 ^ (-0.7 (a - 1)).
    tuned = tuning(HeatSettings(adaptability=level))
    room = drawn.tiles(low=100, high=140)
    model = replace(foreground.first(room, 0, tuned), seen_ms=HOUR_MS)
    other = drawn.with_box(room, Box(24, 24, 40, 40), room + 8)  # too small a part to be light
    for at_ms in range(160, half_life_ms + 1, 160):
        model = foreground.find(model, other.astype(np.uint8), at_ms, tuned).model
    assert model.mean[30, 30] - room[30, 30] == pytest.approx(4, abs=0.25)
    assert model.mean[100, 100] == pytest.approx(room[100, 100], abs=0.01)


def test_a_young_model_learns_as_fast_as_it_ages(drawn):
    # Of 9 pictures the mean; a settled model would have learnt a hundredth part of that.
    slow = tuning(HeatSettings(adaptability=1))
    room = drawn.tiles(low=100, high=140)
    model = foreground.first(room, 0, slow)
    for index in range(1, 10):
        other = drawn.with_box(room, Box(24, 24, 40, 40), room + (8 if index > 6 else 0))
        model = foreground.find(model, other.astype(np.uint8), index * 160, slow).model
    assert model.mean[30, 30] - room[30, 30] == pytest.approx(8 * 3 / 9, abs=0.1)


def test_one_picture_tells_more_about_the_ground_than_about_its_noise(drawn):
    room = drawn.plain(grey=120).astype(np.uint8)
    shown = drawn.with_box(room, Box(24, 24, 40, 40), 130)
    model = foreground.find(foreground.first(room, 0, TUNED), shown, 160, TUNED).model
    assert model.mean[30, 30] == 125
    assert model.deviation[30, 30] == pytest.approx(4.6)  # 0.9 x 4 + 0.1 x 10


def test_nothing_is_learnt_from_a_person_nor_from_his_rim(drawn):
    room = drawn.plain(grey=120).astype(np.uint8)
    watched = look([drawn.with_box(room, PERSON, 20)] * 50, ground=room)
    assert np.array_equal(watched.model.mean, room)


def test_nothing_is_learnt_from_a_pixel_that_he_covers_a_little(drawn):
    room = drawn.plain(grey=120).astype(np.uint8)
    rim = Box(PERSON.top - 1, PERSON.left - 1, PERSON.bottom + 1, PERSON.right + 1)
    standing = drawn.with_box(drawn.with_box(room, rim, 110), PERSON, 20)
    watched = look([standing] * 50, ground=room)
    assert bounds(watched.masks[-1]) == PERSON
    assert np.array_equal(watched.model.mean, room)


@pytest.mark.parametrize("gain", [0.7, 1.3])
def test_what_is_behind_a_thing_follows_the_light_as_what_is_beside_it(drawn, gain):
    # In a minute the light goes by three tenths; five pictures a second.
    room = drawn.tiles()
    shown = (room * (1 + (gain - 1) * index / 300) for index in range(301))
    pictures = (
        drawn.noisy(drawn.with_box(lit, PERSON, 25), index) for index, lit in enumerate(shown)
    )
    model = foreground.first(room, 0, TUNED)
    watched = Watched(model, TUNED).see(pictures, 0, period_ms=200)
    top, left, bottom, right = PERSON
    ratio = watched.model.mean / room
    assert ratio[top:bottom, left:right] == pytest.approx(gain, abs=0.015)
    assert ratio[40:140, 60:100].mean() == pytest.approx(gain, abs=0.01)
    # When he goes, nothing of him is left: what he hid is known.
    watched.see([drawn.noisy(room * gain, 0)])
    assert share(watched.masks[-1], PERSON) < 0.02


@pytest.mark.parametrize("before", [11, 12])
def test_after_a_step_of_the_light_what_is_hidden_is_not_lit_twice(drawn, before):
    room = drawn.tiles()
    shown = [room * (1.25 if index >= before else 1) for index in range(42)]
    pictures = [drawn.noisy(drawn.with_box(lit, PERSON, 25), i) for i, lit in enumerate(shown)]
    watched = look(pictures, ground=room)
    top, left, bottom, right = PERSON
    hidden = (watched.model.mean / room)[top + 2 : bottom - 2, left + 2 : right - 2]
    assert hidden == pytest.approx(1.25, abs=0.03)


# --- worked examples: what goes away by itself ---------------------------------------------------


@pytest.mark.parametrize("after", [5, 60])
def test_who_was_there_from_the_start_and_left_is_told_once_and_no_lasting_ghost(drawn, after):
    room = drawn.tiles()
    standing = drawn.with_box(room, PERSON, 20)
    pictures = [standing] * after + [room] * 20
    noisy = [drawn.noisy(picture, i) for i, picture in enumerate(pictures)]
    watched = look(noisy, ground=standing)
    assert share(watched.masks[after], PERSON) > 0.99  # at first he seems to be there
    # At the first look he is new, at the second, 0.32 s later, he has lain still.
    (picture,) = watched.left
    assert after + 4 <= picture <= after + 8
    assert watched.left[picture] == (PERSON,)
    assert not any(mask.any() for mask in watched.masks[picture:])


def test_where_a_ghost_was_it_is_empty_from_that_picture_on_whatever_the_frame_rate(drawn):
    room = drawn.plain().astype(np.uint8)
    standing = drawn.with_box(room, PERSON, 20)
    for period_ms in (40, 70, 110):
        watched = Watched(foreground.first(standing, 0, TUNED), TUNED)
        watched.see([standing] * 10 + [room] * 20, 0, period_ms)
        (picture,) = watched.left
        assert not any(mask.any() for mask in watched.masks[picture:])


@pytest.mark.parametrize(("rows", "is_told"), [(20, True), (30, False)])
def test_who_was_for_more_than_half_absorbed_was_not_there_from_the_start(drawn, rows, is_told):
    room = drawn.plain().astype(np.uint8)
    standing = drawn.with_box(room, PERSON, 20)  # 50 rows high
    watched = look([standing] * 10)
    part = PERSON._replace(top=PERSON.bottom - rows)
    watched.model = foreground.absorbed(watched.model, standing, [part], TUNED)
    watched.see([room] * 20)
    assert not watched.masks[-1].any()
    assert bool(watched.left) is is_told


def test_a_lamp_that_goes_on_and_off_is_nobody_who_left(drawn):
    room = drawn.plain()
    y, x = np.mgrid[:180, :320]
    lit = room + 60 * np.clip((50 - np.hypot(y - 90, x - 160)) / 40, 0, 1)
    watched = look([drawn.noisy(p, i) for i, p in enumerate([room] * 20 + [lit] * 20)])
    assert max(map(share, watched.masks)) > 0.01
    assert not watched.masks[-1].any()
    watched.see([drawn.noisy(room, i) for i in range(20)])
    assert not watched.masks[-1].any()
    assert not watched.left


def test_who_was_absorbed_and_left_is_no_lasting_ghost_but_was_not_there_from_the_start(
    drawn, settled
):
    watched, room = settled
    standing = drawn.noisy(drawn.with_box(room, PERSON, 20), 0)
    watched.see([standing])
    watched.model = foreground.absorbed(watched.model, standing, [PERSON], TUNED)
    watched.see([drawn.noisy(room, i) for i in range(20)])
    assert share(watched.masks[51], PERSON) > 0.99
    assert not watched.masks[-1].any()
    assert not watched.left


def test_who_returns_to_where_a_ghost_was_and_leaves_again_is_not_told_again(drawn):
    room, pictures = drawn.plain(), []
    standing = drawn.with_box(room, PERSON, 20)
    pictures = [standing] * 10 + [room] * 20 + [standing] * 10
    watched = look([picture.astype(np.uint8) for picture in pictures])
    assert len(watched.left) == 1
    shown = standing.astype(np.uint8)
    watched.model = foreground.absorbed(watched.model, shown, [PERSON], TUNED)
    watched.see([room.astype(np.uint8)] * 20)
    assert not watched.masks[-1].any()
    assert len(watched.left) == 1


def test_where_a_ghost_was_even_somebody_faint_is_seen_at_once_again(drawn):
    room = drawn.plain(grey=120).astype(np.uint8)
    standing, faint = (drawn.with_box(room, PERSON, grey) for grey in (20, 98))
    watched = look([standing] * 10 + [room] * 10 + [faint], QUICK)
    assert not watched.masks[19].any()
    assert share(watched.masks[20], PERSON) > 0.9


@pytest.mark.parametrize("before", [10, 11])
@pytest.mark.parametrize("gain", [0.82, 0.85, 1.16, 1.2])
def test_a_step_of_the_light_that_much_would_differ_by_is_followed_at_once(drawn, gain, before):
    # The model is learnt in every other picture; of the tiles the brighter ones would differ.
    room = drawn.tiles()
    pictures = [room] * before + [room * gain] * 2
    watched = look([drawn.noisy(picture, i) for i, picture in enumerate(pictures)], ground=room)
    assert max(map(share, watched.masks)) < 0.001
    assert watched.model.since_ms == 0


@pytest.mark.parametrize("gain", [0.75, 1.3])
def test_who_stands_there_while_the_light_steps_is_still_seen(drawn, settled, gain):
    watched, room = settled
    standing = drawn.with_box(room, PERSON, 20)
    pictures = [standing] * 25 + [standing * gain] * 25
    watched.see([drawn.noisy(picture, i) for i, picture in enumerate(pictures)])
    assert min(share(mask, PERSON) for mask in watched.masks[50:]) > 0.9
    assert max(map(share, watched.masks)) < 1.5 * PERSON.area / (180 * 320)


def test_after_a_step_of_the_light_the_model_learns_as_a_new_one_and_forgets_who_was_first(
    drawn, settled
):
    # Under whom it cannot see then, it does not know any more what was there.
    watched, room = settled
    standing = drawn.with_box(room, PERSON, 20)
    watched.see([drawn.noisy(standing, i) for i in range(10)])
    assert watched.model.renewed.max() == 0
    watched.see([drawn.noisy(standing * 1.3, i) for i in range(2)])
    assert watched.model.seen_ms <= 2 * PERIOD_MS
    assert share(watched.model.renewed, PERSON) > 0.99
    assert share(watched.model.renewed) < 1.2 * PERSON.area / (180 * 320)


def test_who_was_there_before_the_light_stepped_was_there_from_the_start_still(drawn):
    room = drawn.tiles()
    standing = drawn.with_box(room, PERSON, 20)
    pictures = [standing] * 25 + [standing * 1.3] * 25 + [room * 1.3] * 20
    watched = look([drawn.noisy(p, i) for i, p in enumerate(pictures)], ground=standing)
    assert list(watched.left.values()) == [(PERSON,)]


def test_a_patch_of_light_on_tiles_goes_away_and_nobody_left(drawn):
    room = drawn.tiles(low=60, high=180)
    lit = drawn.with_box(room, Box(40, 60, 100, 200), np.clip(room * 1.35, 0, 255))
    pictures = [room] * 25 + [lit] * 15
    watched = look([drawn.noisy(picture, i) for i, picture in enumerate(pictures)])
    assert share(watched.masks[25]) > 0.05
    assert not watched.masks[-1].any()
    assert not watched.left


def test_when_more_than_half_differs_the_model_begins_again(drawn):
    room = drawn.tiles(low=20, high=236, side=20)
    other = room.copy()
    other[:, :240] = 255 - room[:, :240]  # brightened and darkened alike: not a light
    watched = look([drawn.noisy(p, i) for i, p in enumerate([room] * 20 + [other] * 2)])
    assert not watched.masks[-2].any()
    assert not watched.masks[-1].any()
    assert watched.model.since_ms == 21 * PERIOD_MS


def test_when_less_than_half_differs_it_does_not(drawn):
    room = drawn.plain()
    covered = drawn.with_box(room, Box(0, 0, 80, 320), 20)
    watched = look([drawn.noisy(p, i) for i, p in enumerate([room] * 20 + [covered])])
    assert share(watched.masks[-1]) == pytest.approx(80 / 180, abs=0.01)
    assert watched.model.since_ms == 0


def test_what_is_absorbed_is_background_from_the_next_picture_on(drawn, settled):
    watched, room = settled
    other = Box(60, 200, 110, 220)
    both = drawn.with_box(drawn.with_box(room, PERSON, 20), other, 20)
    picture = drawn.noisy(both, 0)
    before = watched.see([picture]).model
    mean = before.mean.copy()
    watched.model = foreground.absorbed(before, picture, [PERSON], TUNED)
    watched.see([drawn.noisy(both, 1)])
    assert not watched.masks[-1][:, :160].any()
    assert share(watched.masks[-1], other) > 0.99
    assert np.array_equal(before.mean, mean)  # the model that went in is as it was


# --- worked examples: a picture that does not follow ---------------------------------------------


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
    found = foreground.find(model, shown, at_ms + 160, TUNED)
    assert bounds(found.mask) == PERSON
    assert found.model.learnt_ms == at_ms + 160
    assert found.model.seen_ms == before.seen_ms + 160
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


# --- laws ----------------------------------------------------------------------------------------

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
