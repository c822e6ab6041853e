"""BEH-02: what is smaller than Min. Object Size is not recorded; raising it never raises heat.

An object counts if its box is not smaller than (n/200)² of the picture's area (CONTRACT 3).
"""

from itertools import pairwise

import pytest
from played import flat, play, scene, settings

from emulator.core.scenes.figures import people, things

ROWS, COLUMNS = 360, 640
AREA = ROWS * COLUMNS
EDGES = 0.02  # CHOICE: half a pixel of the halved picture, on one side of a body 20 wide


def share_needed(level):
    return (level / 200) ** 2


@pytest.mark.parametrize("colour", ["#303030", "#d0d0d0"])
@pytest.mark.parametrize(
    ("level", "side"),  # sqrt((level / 200)² x 360 x 640) = 2.4 x level
    [(5, 12), (10, 24), (15, 36), (25, 60), (40, 96), (80, 192)],
)
def test_a_thing_just_below_the_limit_leaves_nothing_and_one_at_it_all(level, side, colour):
    # The picture is halved before it is judged, so things lie on even pixels, and the next
    # smaller one is two less.
    for pixels, expected_ms in ((side - 2, 0), (side, 3000)):
        foot = [(200 + pixels // 2) / COLUMNS, 348 / ROWS]
        lying = {"at_s": 5, "until_s": 8, "foot": foot, "colour": colour}
        lying["side"] = [pixels / COLUMNS, pixels / ROWS]
        drawn = scene(length_s=10, fps=5, thing=[lying])
        ((_, box),) = things(drawn, 6000)
        assert box == (348 - pixels, 200, 348, 200 + pixels)
        (found,) = play(drawn, [settings(min_object_size=level)])
        assert found.presence_ms == pytest.approx(expected_ms, abs=200)
        assert bool(found.cells.any()) == (expected_ms > 0)


WALKER = scene(
    length_s=11,
    clothes=[flat("dark", 50)],
    visit=[{"at_s": 5, "route": "inside", "pace_s": 5, "clothes": "dark"}],
)
"""Somebody who is there from 5 s on, walks for 5 s inside the picture, and is gone.

His box is of 1.03 to 2.06 % of the picture, by his steps: it crosses the limits of levels
20.3 to 28.7.
"""
WALKER_LEVELS = (1, 10, 18, 20, 22, 24, 26, 28, 31, 50, 100)


@pytest.fixture(scope="module")
def walker():
    found = play(WALKER, [settings(min_object_size=level) for level in WALKER_LEVELS])
    return dict(zip(WALKER_LEVELS, found, strict=True))


def test_a_walker_whose_box_is_always_smaller_leaves_nothing_and_one_always_larger_all(walker):
    boxes = [box for at_ms in range(0, 11_000, 100) for _, box in people(WALKER, at_ms)]
    shares = [box.area / AREA for box in boxes]
    assert len(boxes) == 50
    assert share_needed(18) < min(shares) < share_needed(22)
    assert share_needed(28) < max(shares) < share_needed(31)
    for level in (31, 50, 100):
        assert (walker[level].presence_ms, walker[level].stays) == (0, [])
        assert not walker[level].cells.any()
    for level in (1, 10, 18):
        assert walker[level].presence_ms == pytest.approx(5000, abs=200)
        assert (walker[level].cells == walker[1].cells).all()


def rises(heats, allowed=0.0):
    """Where the heat rises: each level, with the heat of the one before, and its own."""
    return {
        level: (before, after)
        for (_, before), (level, after) in pairwise(heats.items())
        if after > before * (1 + allowed)
    }


def test_raising_it_never_raises_the_presence_of_a_walker(walker):
    assert rises({level: played.presence_ms for level, played in walker.items()}) == {}


def test_raising_it_never_raises_the_map_of_a_walker(walker):
    assert rises({level: int(played.cells.sum()) for level, played in walker.items()}, EDGES) == {}


def test_raising_it_never_raises_the_presence_of_people_and_things():
    levels = [1, 3, 5, 7, 9, 12, 15, 18, 21, 24, 27, 30, 40, 60, 100]
    lying = [
        {"at_s": 5, "until_s": 14, "foot": [0.1, 0.3], "side": [0.04, 0.05], "colour": "#d0d0d0"},
        {"at_s": 6, "until_s": 13, "foot": [0.9, 0.3], "side": [0.02, 0.03], "colour": "#303030"},
    ]
    drawn = scene(
        length_s=16,
        fps=5,
        clothes=[flat("dark", 40), flat("bright", 220), flat("dim", 90)],
        thing=lying,
        visit=[
            {"at_s": 4.5, "route": "east", "pace_s": 9, "clothes": "dark"},
            {"at_s": 5, "route": "west", "pace_s": 8, "clothes": "bright"},
            {"at_s": 7, "route": "nearer", "pace_s": 8, "clothes": "dim"},
        ],
    )
    played = play(drawn, [settings(min_object_size=level) for level in levels])
    found = dict(zip(levels, [one.presence_ms for one in played], strict=True))
    assert rises(found) == {}
    assert found[1] > found[9] > found[100] == 0
