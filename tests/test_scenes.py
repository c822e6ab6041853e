"""The committed scenes: each holds what its first line promises. The shop: core/scenes/."""

import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from emulator.core.frame import Size
from emulator.core.scenes.drawing import draw_luma, stage
from emulator.core.scenes.figures import people, things
from emulator.core.scenes.scene import read_scene
from emulator.core.scenes.truth import truth
from emulator.core.settings import HeatSettings

FILES = {file.stem: file for file in (Path(__file__).parents[1] / "fixtures/scenes").glob("*.toml")}
NAMES = sorted(FILES.keys() - {"shop"})
LONG = HeatSettings(min_dwell=300)


def scene(name):
    return read_scene(tomllib.loads(FILES[name].read_text("utf-8")))


def seconds(found):
    return [(stay.end_ms - stay.start_ms) / 1000 for stay in found.stays]


def in_view(drawn):
    return [len(people(drawn, at_ms)) for at_ms in range(0, drawn.length_ms, 200)]


def together(drawn):
    """For how many seconds two boxes, or more, overlap."""
    count = 0
    for at_ms in range(0, drawn.length_ms, 100):
        boxes = [box for _, box in people(drawn, at_ms)]
        count += any(
            max(a.left, b.left) < min(a.right, b.right)
            and max(a.top, b.top) < min(a.bottom, b.bottom)
            for place, a in enumerate(boxes)
            for b in boxes[:place]
        )
    return count / 10


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_is_of_the_size_and_the_length_that_it_is_judged_by(name):
    drawn = scene(name)
    assert (drawn.name, drawn.size, drawn.fps) == (name, Size(432, 768), 10)
    assert 60 <= drawn.length_ms / 1000 <= 160
    assert FILES[name].read_text("utf-8").startswith("# ")
    # BEH-01, -02, -05 and -07 are judged on stays within 240 s.
    assert not any(visit.until_ms - visit.at_ms > 240_000 for visit in drawn.visits)


def test_no_two_scenes_have_the_same_noise():
    seeds = [scene(name).seed for name in NAMES]
    assert len(set(seeds)) == len(seeds) >= 15


@pytest.mark.parametrize("name", NAMES)
def test_people_are_of_a_seventh_to_two_fifths_of_the_height(name):
    drawn = scene(name)
    for at_ms in range(0, drawn.length_ms, 1000):
        for _, (top, left, bottom, right) in people(drawn, at_ms):
            if top > 0 and left > 0 and bottom < 432 and right < 768:
                assert 0.13 <= (bottom - top) / 432 <= 0.4


@pytest.mark.parametrize(
    ("name", "group"), [("crossing-2", 2), ("crossing-4", 4), ("crossing-8", 8)]
)
def test_groups_cross(name, group):
    drawn = scene(name)
    assert max(in_view(drawn)) == group
    assert together(drawn) > 2 * group


@pytest.mark.parametrize("levels", [12, 25, 50])
def test_people_are_that_many_levels_off_the_ground(levels):
    drawn = scene(f"contrast-{levels}")
    assert np.abs(stage(drawn).luma[120:].astype(int) - 120).max() <= 4  # its grain
    shades = {
        part[0]
        for clothes in {visit.clothes for visit in drawn.visits}
        for part in (clothes.top, clothes.legs, clothes.hair, clothes.skin, clothes.shoes)
    }
    assert shades == {120 - levels, 120 + levels}
    assert all(visit.clothes.flat for visit in drawn.visits)


def test_people_pass_behind_the_pole_and_meet_there():
    drawn = scene("pole")
    hidden = stage(drawn).front > 0
    behind = Counter(
        sum(hidden[box.top : box.bottom, box.left : box.right].mean() > 0.3 for _, box in seen)
        for seen in (people(drawn, at_ms) for at_ms in range(0, drawn.length_ms, 100))
    )
    assert behind[1] > 50
    assert behind[2] > 3


def test_people_touch_all_four_edges():
    drawn = scene("edge")
    touched = Counter()
    for at_ms in range(0, drawn.length_ms, 200):
        for _, (top, left, bottom, right) in people(drawn, at_ms):
            touched.update({"top": top == 0, "left": left == 0})
            touched.update({"bottom": bottom == 432, "right": right == 768})
    assert min(touched.values()) > 10


def test_people_are_in_view_from_the_first_frame_and_at_the_last():
    drawn = scene("from-the-start")
    assert len(people(drawn, 0)) >= 5
    found = truth(drawn, LONG)
    assert sum(stay.start_ms == 0 for stay in found.stays) >= 5
    assert found.stays[-1].end_ms == drawn.length_ms


def test_a_bag_is_absorbed_and_another_is_taken_away_in_time():
    drawn = scene("bag")
    assert [len(things(drawn, at_s * 1000)) for at_s in (13, 15, 50, 100, 133)] == [0, 1, 2, 1, 0]
    bags = [stay for stay in truth(drawn, LONG).stays if stay.who.startswith("thing")]
    lasted = [(stay.end_ms - stay.start_ms) / 1000 for stay in bags]
    assert lasted == [pytest.approx(87.5, abs=0.1), pytest.approx(32.5)]


def test_people_shift_for_up_to_a_minute_and_none_is_absorbed_at_the_default():
    drawn = scene("shifting")
    found = truth(drawn, LONG)
    assert len(found.stays) == found.objects == len(drawn.visits)
    assert sum(lasted > 30 for lasted in seconds(found)) >= 5
    assert 60 < max(seconds(found)) < 70


def test_the_crowd_is_a_crowd():
    at_once = in_view(scene("crowd"))
    assert max(at_once) >= 14
    assert sum(count >= 12 for count in at_once) / 5 >= 20  # seconds


def test_dwell_has_enough_stays_on_both_sides_of_each_limit():
    lasted = seconds(truth(scene("dwell"), LONG))
    assert len(lasted) >= 40
    assert min(lasted) > 1.5
    assert max(lasted) < 27
    for limit in (5, 10, 15):
        clear = [stay for stay in lasted if abs(stay - limit) > limit / 10]
        assert min(sum(stay < limit for stay in clear), sum(stay > limit for stay in clear)) >= 8


def test_the_night_is_empty_and_its_noise_grows():
    drawn = scene("night")
    assert truth(drawn, LONG).objects == 0
    night = stage(drawn)
    noise = [(draw_luma(night, index).astype(int) - night.luma).std() for index in (0, 899)]
    assert noise == [pytest.approx(2, rel=0.03), pytest.approx(8, rel=0.03)]
