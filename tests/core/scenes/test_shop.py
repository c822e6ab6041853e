"""The shop: the scene that is shown when none is named, its people and its pixels."""

import hashlib
import tomllib
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from emulator.core.frame import Size
from emulator.core.scenes.drawing import draw_luma, draw_picture, stage
from emulator.core.scenes.figures import people
from emulator.core.scenes.scene import read_scene

SHOP = Path(__file__).parents[3] / "fixtures" / "scenes" / "shop.toml"


@pytest.fixture(scope="module")
def shop():
    return read_scene(tomllib.loads(SHOP.read_text("utf-8")))


@pytest.fixture(scope="module")
def shop_stage(shop):
    return stage(shop)


def test_drawing_twice_is_identical_and_spoils_nothing(shop, shop_stage):
    first = [draw(shop_stage, 4551) for draw in (draw_luma, draw_picture)]
    for array in first:
        array[:] = 0
    again = stage(shop)
    for draw in (draw_luma, draw_picture):
        assert np.array_equal(draw(shop_stage, 4551), draw(again, 4551))
    for array in (again.picture, again.luma, again.noise):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_shop_lasts_10_minutes_at_10_frames_a_second(shop):
    assert (shop.name, shop.length_ms, shop.fps) == ("shop", 600_000, 10)
    assert (shop.frame_count, shop.size) == (6000, Size(720, 1280))


@pytest.mark.parametrize(
    ("index", "luma", "picture"),  # sha256, as drawn when the demo's reports were made
    [
        (0, "ddd1c1f8bf9812f0", "d538696f6132ea6f"),
        (268, "78b148768cbce7c1", "b40381de8f5f9330"),
        (3890, "d0038e704ec8e849", "d2b5cc6f146e6210"),
        (5999, "027c4b673fa1bb60", "c441541912452dbd"),
    ],
)
def test_the_shops_pixels_are_what_they_always_were(shop_stage, index, luma, picture):
    drawn = [draw(shop_stage, index).tobytes() for draw in (draw_luma, draw_picture)]
    assert [hashlib.sha256(pixels).hexdigest()[:16] for pixels in drawn] == [luma, picture]


def test_most_who_visit_the_shop_stay_under_30_s_and_a_tenth_stay_longer(shop):
    fifths = range(0, 600_000, 200)
    in_view = Counter(person.visit for at_ms in fifths for person in people(shop, at_ms))
    seconds = [count / 5 for count in in_view.values()]
    assert len(seconds) == len(shop.visits) >= 70
    assert 0.05 < sum(stay > 30 for stay in seconds) / len(seconds) < 0.15
    assert not any(28 < stay < 33 for stay in seconds)  # nobody is a near thing
    assert 8 <= min(seconds) <= max(seconds) < 240  # BEH-01, -02, -05, -07: within 240 s


def test_the_shop_is_sometimes_empty_and_never_crowded(shop):
    at_once = Counter(len(people(shop, at_ms)) for at_ms in range(0, 600_000, 1000))
    assert set(at_once) == {0, 1, 2, 3, 4, 5}
    assert not any(people(shop, at_ms) for at_ms in range(0, 3000, 100))


def test_people_in_the_shop_stand_out_in_size_and_contrast(shop, shop_stage):
    for index in range(0, 6000, 250):
        seen = people(shop, index * 100)
        for _, box in seen:
            cut = box.top == 0 or box.left == 0 or box.bottom == 720 or box.right == 1280
            if not cut:
                assert 0.22 * 720 <= box.bottom - box.top <= 0.43 * 720
        gap = np.abs(draw_luma(shop_stage, index).astype(int) - shop_stage.luma)
        if seen and (gap > 20).any():
            assert np.median(gap[gap > 20]) >= 35


@pytest.mark.parametrize("index", [0, 268, 3890, 5257])
def test_the_shops_luma_is_its_pictures_luma(shop_stage, index):
    grey = cv2.cvtColor(draw_picture(shop_stage, index), cv2.COLOR_BGR2GRAY)
    assert np.abs(grey.astype(int) - draw_luma(shop_stage, index)).max() <= 1
