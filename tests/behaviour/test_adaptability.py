"""BEH-04: the higher Scene Change Adaptability, the sooner a lasting change is absorbed.

The heat of a thing put down lasts T(a) = 300 s x 2^(-(a-1)/2.25), within a tenth, for
a = 2..10 at min_dwell 300 (CONTRACT 3). The long ones are played at 2 frames a second.
"""

from itertools import pairwise

import pytest
from played import PLAIN, play, scene, settings

LASTS_S = dict(  # T(a), by a desk calculator
    enumerate((220.5, 162.0, 119.1, 87.5, 64.3, 47.2, 34.7, 25.5, 18.8), start=2)
)
TOGETHER = ((2, 3), (4, 5), (6, 7, 8, 9, 10))  # played as long as the slowest needs
THINGS = [
    {"at_s": 10, "foot": [0.3, 0.8], "side": [0.1, 0.2], "colour": "#303030"},
    {"at_s": 12, "foot": [0.7, 0.6], "side": [0.05, 0.12], "colour": "#b0b0b0"},
]


@pytest.fixture(scope="module")
def put_down():
    """What each level makes of two things that are put down and stay."""
    found = {}
    for levels in TOGETHER:
        length_s = int(LASTS_S[levels[0]] * 1.1) + 16
        drawn = scene(fps=2, length_s=length_s, thing=THINGS)
        played = play(drawn, [settings(adaptability=level) for level in levels])
        found |= dict(zip(levels, played, strict=True))
    return found


@pytest.mark.parametrize("level", LASTS_S)
def test_the_heat_of_a_thing_put_down_lasts_its_time(put_down, level):
    found = put_down[level]
    assert found.recorded_s == [pytest.approx(LASTS_S[level], rel=0.1)] * len(THINGS)
    assert found.presence_ms == pytest.approx(1000 * sum(found.recorded_s))
    assert found.cells.max() == pytest.approx(1000 * max(found.recorded_s))
    assert found.foreground[-1] == 0  # it is background by then


def test_the_higher_the_sooner(put_down):
    lasted = [max(put_down[level].recorded_s) for level in sorted(LASTS_S)]
    assert all(before > after for before, after in pairwise(lasted))


def test_an_ordinary_frame_rate_makes_no_difference():
    (found,) = play(scene(length_s=32, thing=THINGS), [settings(adaptability=10)])
    assert found.recorded_s == [pytest.approx(LASTS_S[10], rel=0.1)] * len(THINGS)


def test_what_is_faint_and_large_lasts_its_time_too():
    # As a lamp that was switched on: 24 levels over the floor, an eighth of the picture.
    levels = (6, 7, 8, 9, 10)
    lit = {"at_s": 10, "foot": [0.5, 0.9], "side": [0.3, 0.4], "colour": "#909090"}
    drawn = scene(fps=2, length_s=100, thing=[lit])
    played = play(drawn, [settings(adaptability=level) for level in levels])
    found = {level: one.recorded_s for level, one in zip(levels, played, strict=True)}
    assert found == {level: [pytest.approx(LASTS_S[level], rel=0.1)] for level in levels}


def test_another_light_over_the_whole_scene_is_forgotten_at_once_at_every_level():
    steps = [(10, 1), (10, 1.1), (17, 1.1), (17, 1.35), (24, 1.35), (24, 0.8), (31, 0.8), (31, 1)]
    # Too dark, but for a third of it, to tell: so it can't be seen by how much has changed.
    dark = {"points": [[0, 0], [1, 0], [1, 0.66], [0, 0.66]], "colours": ["#202020"]}
    drawn = scene(
        fps=2,
        length_s=38,
        ground=[*PLAIN["ground"], dark],
        brightness=[{"at_s": at_s, "gain": gain} for at_s, gain in steps],
    )
    for found in play(drawn, [settings(adaptability=level) for level in (1, 4, 7, 10)]):
        assert (found.presence_ms, found.stays, max(found.foreground)) == (0, [], 0)
