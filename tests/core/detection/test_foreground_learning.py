"""The background model learns: how fast, and not from whom it sees."""

from dataclasses import replace

import numpy as np
import pytest
from grounds import HOUR_MS, PERSON, TUNED, Watched, bounds, look, share

from emulator.core.detection import foreground
from emulator.core.detection.tuning import tuning
from emulator.core.frame import Box
from emulator.core.settings import HeatSettings


def test_a_model_learns_five_times_a_second_and_not_in_between(drawn):
    room = drawn.plain(grey=120).astype(np.uint8)
    model = foreground.first(room, 0, TUNED)
    learnt = []
    for at_ms in range(40, 440, 40):
        model = foreground.find(model, room + np.uint8(4), at_ms, TUNED).model
        learnt.append(model.learnt_ms)
    assert learnt == [0, 0, 0, 0, 200, 200, 200, 200, 200, 400]


@pytest.mark.parametrize(("level", "half_life_ms"), [(5, 17_230), (10, 1523)])
def test_a_settled_model_forgets_half_of_what_it_knew_in_its_half_life(drawn, level, half_life_ms):
    # 120 s x 2 ^ (-0.7 (a - 1)).
    tuned = tuning(HeatSettings(adaptability=level))
    room = drawn.tiles(low=100, high=140)
    model = replace(foreground.first(room, 0, tuned), seen_ms=HOUR_MS)
    other = drawn.with_box(room, Box(24, 24, 40, 40), room + 8)  # too small a part to be light
    every_ms = half_life_ms // (half_life_ms // 200)
    for at_ms in range(every_ms, half_life_ms + 1, every_ms):
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
        model = foreground.find(model, other.astype(np.uint8), index * 200, slow).model
    assert model.mean[30, 30] - room[30, 30] == pytest.approx(8 * 3 / 9, abs=0.1)


def test_one_picture_tells_more_about_the_ground_than_about_its_noise(drawn):
    room = drawn.plain(grey=120).astype(np.uint8)
    shown = drawn.with_box(room, Box(24, 24, 40, 40), 130)
    model = foreground.find(foreground.first(room, 0, TUNED), shown, 200, TUNED).model
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
