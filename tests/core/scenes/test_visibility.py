"""What of a frame's figures is uncovered: worked out by hand, and against the drawn pixels."""

import numpy as np
import pytest
from drawn import SMALL, VISIT, small
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.frame import Box
from emulator.core.scenes.drawing import draw_picture, stage
from emulator.core.scenes.scene import SceneError
from emulator.core.scenes.visibility import drawn_boxes, front_of, visible_boxes

# 80 x 101 pixels that stand on row 202; the other is 120 x 202 and stands on row 242.
THING = {"at_s": 3, "until_s": 9, "foot": [0.5, 0.5], "side": [0.1, 0.25], "colour": "#204060"}
BOX = Box(101, 360, 202, 440)
NEARER = THING | {"foot": [0.55, 0.6], "side": [0.15, 0.5]}


def seen(scene, at_ms):
    return visible_boxes(scene, front_of(scene), at_ms, drawn_boxes(scene, at_ms))


# --- worked examples -----------------------------------------------------------------


def test_what_nothing_covers_is_seen_whole():
    scene = small(thing=[THING])
    assert seen(scene, 2000) == drawn_boxes(scene, 2000)
    assert seen(scene, 3000)["thing 0"] == BOX


def test_the_nearer_one_covers_the_other_whatever_their_order():
    # The nearer one's columns are 440 - 60 .. 440 + 60.
    nearer, farther = Box(40, 380, 242, 500), Box(101, 360, 202, 380)
    assert seen(small(visit=[], thing=[THING, NEARER]), 3000) == {
        "thing 0": farther,
        "thing 1": nearer,
    }
    assert seen(small(visit=[], thing=[NEARER, THING]), 3000) == {
        "thing 0": nearer,
        "thing 1": farther,
    }


def test_what_is_wholly_covered_has_no_area():
    scene = small(visit=[], thing=[THING, NEARER | {"foot": [0.5, 0.6]}])
    assert seen(scene, 3000)["thing 0"].area == 0


def test_a_front_covers_whoever_is_nearest():
    half = {"points": [[0.5, -0.1], [1.1, -0.1], [1.1, 1.1], [0.5, 1.1]], "colours": ["#608060"]}
    scene = small(visit=[], thing=[THING], front=[half])
    assert seen(scene, 3000) == {"thing 0": Box(101, 360, 202, 400)}


# --- laws ----------------------------------------------------------------------------

COLOURS = [f"#{level:02x}{level:02x}{level:02x}" for level in (40, 90, 140)]
WORN = [
    {"name": colour, "flat": True} | dict.fromkeys(("top", "legs", "hair", "skin", "shoes"), colour)
    for colour in COLOURS
]
FENCE = {
    "points": [[0.3, 0.1], [0.7, 0.2], [0.7, 0.9], [0.3, 0.8]],
    "colours": ["#e01010"],
    "cells": [3, 4],
    "gap": 0.4,
}
places = st.tuples(st.floats(-0.3, 0.3), st.floats(-0.1, 0.2))


@settings(deadline=None, max_examples=12)
@given(st.lists(places, min_size=2, max_size=2), st.booleans(), st.integers(0, 8))
def test_what_is_seen_is_what_is_drawn(offsets, fenced, shake):
    # Each has a grey of their own, so that their pixels can be told in the picture.
    walks = [
        VISIT | {"clothes": colour, "offset": list(offset), "at_s": -2}
        for colour, offset in zip(COLOURS[:2], offsets, strict=True)
    ]
    thing = THING | {"at_s": -1, "colour": COLOURS[2]}
    fronts = [FENCE] if fenced else []
    scene = small(clothes=WORN, visit=walks, thing=[thing], front=fronts, shake=shake)
    drawn = stage(scene)
    for index in (0, 15, 25, 40):
        picture = draw_picture(drawn, index)
        found = seen(scene, index * 100)
        for who, colour in zip(("visit 0", "visit 1", "thing 0"), COLOURS, strict=True):
            rows, columns = np.nonzero((picture == int(colour[1:3], 16)).all(axis=2))
            box = found.get(who, Box(0, 0, 0, 0))
            if rows.size:
                corners = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
                assert box == tuple(map(int, corners))
            else:
                assert box.area == 0


# --- refusals ------------------------------------------------------------------------


def test_a_scene_that_is_over_is_refused():
    with pytest.raises(SceneError, match=r"^at_ms=12000 is outside 0\.\.11999 ms$"):
        drawn_boxes(small(), SMALL["length_s"] * 1000)
