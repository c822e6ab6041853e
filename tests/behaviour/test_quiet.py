"""BEH-07: an empty scene, the sensor's noise and a slow change of light give no heat."""

import pytest
from played import PLAIN, play, scene, settings

EVERY = [
    settings(),
    settings(sensitivity=10, min_object_size=1),
    settings(sensitivity=10, adaptability=1),
    settings(sensitivity=10, adaptability=10),
]
TILES = {
    "points": [[0, 0.3], [1, 0.3], [1.1, 1], [-0.1, 1]],
    "colours": ["#585858", "#a0a0a0"],
    "cells": [8, 12],
    "grain": 2,
}
SLOWLY = [{"at_s": 5, "gain": 1}, {"at_s": 15, "gain": 0.7}, {"at_s": 35, "gain": 1.3}]


def assert_quiet(drawn):
    for one, found in zip(EVERY, play(drawn, EVERY), strict=True):
        assert (found.presence_ms, found.stays, int(found.cells.sum())) == (0, [], 0), one


@pytest.mark.parametrize("sigma", [2, 4, 6, 8])
def test_noise_gives_no_heat(sigma):
    # Above sigma 4 it takes the slower way of drawing, in colour.
    assert_quiet(scene(length_s=20, fps=5, noise=[{"at_s": 0, "sigma": sigma}]))


def test_noise_that_grows_gives_no_heat():
    growing = [{"at_s": 5, "sigma": 2}, {"at_s": 35, "sigma": 8}]
    assert_quiet(scene(length_s=40, fps=5, noise=growing))


@pytest.mark.parametrize("ground", [PLAIN["ground"], [*PLAIN["ground"], TILES]])
def test_slow_light_gives_no_heat(ground):
    assert_quiet(scene(length_s=40, fps=5, ground=ground, brightness=SLOWLY))
