"""The second set of drawn scenes: one for each theme of the first, and like none of them.

They judge the engine, so they were written without knowing it. How each is judged:
bench/scenes.py.
"""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from emulator.core.scenes.drawing import stage
from emulator.core.scenes.figures import people, things
from emulator.core.scenes.scene import read_scene
from emulator.core.scenes.truth import truth
from emulator.core.settings import HeatSettings

HERE = Path(__file__).parent
FILES = {file.stem: file for file in (HERE / "scenes").glob("*.toml")}
FIRST_SET = sorted((HERE.parent / "fixtures/scenes").glob("*.toml"))
NAMES = sorted(FILES)
LONG = HeatSettings(min_dwell=300)
SIZES = {(360, 640), (448, 800), (576, 1024), (576, 704), (640, 480)}  # rows, columns


def read(file):
    return read_scene(tomllib.loads(file.read_text("utf-8")))


def scene(name):
    return read(FILES[name])


def seconds(found):
    return [(stay.end_ms - stay.start_ms) / 1000 for stay in found.stays]


@pytest.mark.parametrize("name", NAMES)
def test_a_scene_says_what_it_is_about_and_is_named_as_its_file(name):
    assert FILES[name].read_text("utf-8").startswith("# ")
    assert scene(name).name == name


def test_each_theme_of_the_first_set_is_there():
    # But for the shop, which is for looking at, and the night in which nobody comes.
    themes = {file.stem for file in FIRST_SET} - {"shop", "night"}
    missing = {theme for theme in themes if not any(name.startswith(theme) for name in NAMES)}
    assert (missing, len(NAMES)) == (set(), 17)


def test_none_has_the_seed_or_the_size_of_the_first_set():
    first = [read(file) for file in FIRST_SET]
    second = [scene(name) for name in NAMES]
    seeds = [drawn.seed for drawn in second]
    assert len(set(seeds)) == len(seeds)
    assert not set(seeds) & {drawn.seed for drawn in first}
    assert not {drawn.size for drawn in second} & {drawn.size for drawn in first}
    assert {drawn.size for drawn in second} == SIZES
    assert {drawn.fps for drawn in second} == {8, 10, 12, 15}


@pytest.mark.parametrize("name", NAMES)
def test_everybody_stays_once_and_all_stays_are_counted(name):
    drawn = scene(name)
    found = truth(drawn, LONG)
    assert len(found.stays) == found.objects == len(drawn.visits) + len(drawn.things)
    assert len(found.stays) >= 10
    assert {stay.recorded for stay in found.stays} == {"yes"}


@pytest.mark.parametrize("name", NAMES)
def test_people_are_of_an_eighth_to_two_fifths_of_the_height(name):
    drawn = scene(name)
    rows, columns = drawn.size
    for at_ms in range(0, drawn.length_ms, 1000):
        for _, (top, left, bottom, right) in people(drawn, at_ms):
            if top > 0 and left > 0 and bottom < rows and right < columns:
                assert 0.12 <= (bottom - top) / rows <= 0.4


@pytest.mark.parametrize(
    ("name", "at_most"),
    [
        ("crossing-2-yard", 2),
        ("crossing-4-hall", 4),
        ("crossing-8-square", 8),
        ("crowd-market", 14),
    ],
)
def test_so_many_people_are_in_view_at_once(name, at_most):
    drawn = scene(name)
    at_once = [len(people(drawn, at_ms)) for at_ms in range(0, drawn.length_ms, 200)]
    assert max(at_once) == at_most


@pytest.mark.parametrize(
    ("name", "ground", "levels"),
    [
        ("contrast-12-plaster", 0x96, 12),
        ("contrast-25-slate", 0x5C, 25),
        ("contrast-50-concrete", 0x7E, 50),
    ],
)
def test_people_are_that_many_levels_off_the_ground(name, ground, levels):
    drawn = scene(name)
    lower_half = stage(drawn).luma[drawn.size.rows // 2 :].astype(int)
    assert np.abs(lower_half - ground).max() <= 4  # its grain
    worn = {visit.clothes for visit in drawn.visits}
    assert all(clothes.flat for clothes in worn)
    shades = {
        shade
        for clothes in worn
        for part in (clothes.top, clothes.legs, clothes.hair, clothes.skin, clothes.shoes)
        for shade in part
    }
    assert shades == {ground - levels, ground + levels}


def test_seven_people_are_in_view_from_the_first_frame():
    drawn = scene("from-the-start-bar")
    assert len(people(drawn, 0)) == 7
    assert sum(stay.start_ms == 0 for stay in truth(drawn, LONG).stays) == 7


def test_a_suitcase_is_absorbed_and_a_parcel_is_fetched_in_time():
    drawn = scene("bag-platform")
    assert [len(things(drawn, at_s * 1000)) for at_s in (20, 22, 70, 120, 144)] == [0, 1, 2, 1, 0]
    lasted = [
        (stay.end_ms - stay.start_ms) / 1000
        for stay in truth(drawn, LONG).stays
        if stay.who.startswith("thing")
    ]
    # T(5) is 300 s * 2 ** (-4 / 2.25) = 87.5 s, and 62.5..99 s is 36.5 s; a frame lasts 0.125 s.
    assert lasted == [pytest.approx(87.5, abs=0.2), pytest.approx(36.5, abs=0.2)]


def test_dwell_has_enough_stays_on_both_sides_of_each_limit():
    lasted = seconds(truth(scene("dwell-shelves"), LONG))
    assert len(lasted) >= 40
    assert min(lasted) > 1.5
    assert max(lasted) < 26
    for limit in (5, 10, 15):
        clear = [stay for stay in lasted if abs(stay - limit) > limit / 10]
        assert min(sum(stay < limit for stay in clear), sum(stay > limit for stay in clear)) >= 8
