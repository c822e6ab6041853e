"""What goes away by itself: ghosts, steps of the light, what is absorbed."""

import numpy as np
import pytest
from grounds import PERIOD_MS, PERSON, QUICK, TUNED, Watched, look, share

from emulator.core.detection import foreground
from emulator.core.frame import Box


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
