"""What a scene looks like empty: drawn scenes with people in view from the first picture."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from emulator.core.detection import startup
from emulator.core.detection.startup import Waiting

PERIOD_MS = 80


def waiting(pictures, period_ms=PERIOD_MS):
    return [
        Waiting(picture, index * period_ms, (index + 1) * period_ms)
        for index, picture in enumerate(pictures)
    ]


# --- worked examples: how long -------------------------------------------------------------------


@pytest.mark.parametrize(("count", "is_enough"), [(1, False), (49, False), (50, True)])
def test_four_seconds_are_enough(count, is_enough):
    assert startup.is_enough(waiting([np.zeros((180, 320), np.uint8)] * count)) is is_enough


@pytest.mark.parametrize(("count", "is_enough"), [(99, False), (100, True)])
def test_ten_million_pixels_are_enough_however_fast_they_come(count, is_enough):
    pictures = [np.zeros((250, 400), np.uint8)] * count  # of 100,000
    assert startup.is_enough(waiting(pictures, period_ms=1)) is is_enough


# --- worked examples: what is seen ---------------------------------------------------------------


def test_each_pixel_is_what_it_shows_in_the_middle():
    pictures = [np.full((2, 3), grey, np.uint8) for grey in (90, 10, 30, 20, 80)]
    ground = startup.ground(waiting(pictures))
    assert ground.dtype == np.float32
    assert ground.tolist() == [[30] * 3] * 2


def test_it_is_seen_through_walkers(drawn):
    room = drawn.tiles()
    pictures = []
    for index in range(50):
        shown = room
        for top, start, pace in ((10, 0, 3), (130, 300, -3), (70, 150, 2)):
            left = start + pace * index
            shown = drawn.with_box(shown, (top, left, top + 50, left + 30), 20)
        pictures.append(drawn.noisy(shown, index))
    off = np.abs(startup.ground(waiting(pictures)) - room)
    assert off.max() < 8  # noise of 2; the walkers are 70 and more off


def test_who_stays_less_than_half_of_the_time_is_not_ground_and_who_stays_longer_is(drawn):
    room = drawn.plain()
    box = (60, 100, 110, 120)
    standing = drawn.with_box(room, box, 20).astype(np.uint8)
    empty = room.astype(np.uint8)
    assert (startup.ground(waiting([standing] * 24 + [empty] * 26)) == 120).all()
    assert startup.ground(waiting([standing] * 27 + [empty] * 23))[80, 110] == 20


def test_of_many_pictures_some_are_looked_at_from_the_whole_time():
    # In the last 41 of 100: of 25 pictures spread over them 10 or 11 show it.
    pictures = [np.full((2, 2), 200 if i >= 59 else 50, np.uint8) for i in range(100)]
    assert (startup.ground(waiting(pictures)) == 50).all()
    assert (startup.ground(waiting(pictures[20:])) == 200).all()  # 41 of 80


# --- laws ----------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.lists(arrays.arrays(np.uint8, (3, 4)), min_size=1, max_size=25))
def test_the_ground_is_the_median_and_nothing_is_changed(pictures):
    before = [picture.copy() for picture in pictures]
    ground = startup.ground(waiting(pictures))
    below, above = (
        np.sum([compare(p, ground) for p in pictures], axis=0) for compare in (np.less, np.greater)
    )
    assert (2 * below <= len(pictures)).all()
    assert (2 * above <= len(pictures)).all()
    assert all(map(np.array_equal, pictures, before))
