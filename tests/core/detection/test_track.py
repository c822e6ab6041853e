"""One object over time: seen in boxes that are given by hand."""

import numpy as np
import pytest

from emulator.core.detection.claims import LEAST_UPPER
from emulator.core.detection.groups import Found
from emulator.core.detection.track import USUAL_S, Picture, begun, followed
from emulator.core.detection.tuning import tuning
from emulator.core.frame import Box
from emulator.core.settings import HeatSettings

SIZE = (180, 320)
TUNED = tuning(HeatSettings())
STEP_MS = 500  # after USUAL_S a new size counts half
PAIR = Box(60, 100, 100, 140)  # two shoulder to shoulder


def shown(box, at_ms):
    mask = np.zeros(SIZE, np.uint8)
    mask[box.top : box.bottom, box.left : box.right] = 255
    return Picture(mask, mask, mask, at_ms, at_ms + 100)


def seen(box, alone=True, before=PAIR, at_ms=STEP_MS):
    """Who was seen in `before` at 0 ms, after he was seen in `box`."""
    track = begun(1, before, shown(before, 0))
    return followed(track, Found(box, told=True, alone=alone), shown(box, at_ms), TUNED)


def test_who_has_left_somebody_takes_his_own_size_at_once():
    # 20 of 40 columns.
    track = seen(Box(60, 100, 100, 120))
    assert track.usual == (40, 20)
    assert (track.area, track.upper, track.foot) == (800, 400, 100)


@pytest.mark.parametrize(("width", "at_once"), [(29, True), (30, False), (50, False)])
def test_a_size_that_differs_less_or_is_larger_is_taken_little_by_little(width, at_once):
    assert (USUAL_S * 1000, LEAST_UPPER * 40) == (STEP_MS, 30)
    track = seen(Box(60, 100, 100, 100 + width))
    assert track.usual == pytest.approx((40, width if at_once else (40 + width) / 2))
    assert track.area == pytest.approx(40 * track.usual[1])
    assert track.upper == pytest.approx(20 * track.usual[1])


def test_legs_that_pass_one_another_make_nobody_smaller_at_once():
    # The upper half is as it was, and the lower half a quarter as wide.
    picture = shown(PAIR, STEP_MS)
    picture.mask[80:100, 100:130] = 0
    track = begun(1, PAIR, shown(PAIR, 0))
    track = followed(track, Found(PAIR, told=True, alone=True), picture, TUNED)
    assert track.upper == pytest.approx(800)
    assert track.area == pytest.approx((1600 + 1000) / 2)


def test_who_is_in_a_group_keeps_his_size():
    track = seen(Box(60, 100, 100, 120), alone=False)
    assert (track.usual, track.area, track.upper) == ((40, 40), 1600, 800)


@pytest.mark.parametrize(("at_ms", "alone_ms"), [(100, 100), (600, 600), (1050, 1050)])
def test_time_unseen_is_no_time_in_which_he_looked_smaller(at_ms, alone_ms):
    # He was seen and alone until 100 ms; what is between is not counted.
    track = seen(Box(60, 100, 100, 120), alone=False, at_ms=at_ms)
    assert track.alone_ms == alone_ms
    again = shown(track.box, at_ms + 100)
    assert followed(track, Found(track.box, True, False), again, TUNED).alone_ms == alone_ms
