"""The player's page in a browser: what a camera before it would see."""

import cv2
import numpy as np
import pytest

from conformance.stimulus import code, films, plan, sight, watching
from conformance.stimulus.code import Code
from conformance.stimulus.driving import PlayerScreen
from conformance.stimulus.player import Player


@pytest.fixture
def player():
    player = Player("127.0.0.1", 0)
    yield player
    player.close()


def seen(page):
    """A picture of the browser's window."""
    return cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)


def test_the_window_shows_the_whole_screen_and_then_the_film_that_is_begun(page, player):
    page.goto(player.url)
    page.wait_for_function("document.querySelector('img').naturalWidth === 1280")
    page.wait_for_timeout(500)  # a browser paints when it likes
    picture = seen(page)
    sighted = sight.sighted(picture)
    # 1440 x 900: the screen's 16 by 9 fill the width, with bars above and below.
    corners = sighted.seen([(0, 0), (1280, 720)]) * (1440, 900)
    assert corners == pytest.approx(np.array([[0, 45], [1440, 855]]), abs=2)
    told = watching.read_code(picture, sighted)
    assert told is None or not told.is_film  # None: between two ticks
    film = films.Film("film", 600, plan.FAINT.things[-1:])
    screen = PlayerScreen(player.url)
    number = screen.begin(film)
    until = 200
    while watching.read_code(seen(page), sighted) != Code(True, number) and until:
        until -= 1
    assert until
    assert number <= code.LARGEST
    screen.close()
