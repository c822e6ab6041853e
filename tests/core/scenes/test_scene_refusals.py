"""A scene's document that is wrong is refused by name, value and limit."""

import contextlib
import copy

import pytest
from drawn import SMALL, VISIT, small
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.scenes.drawing import draw_luma, draw_picture, stage
from emulator.core.scenes.figures import people
from emulator.core.scenes.scene import Scene, SceneError, read_scene

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1]]
THING = {"at_s": 3, "foot": [0.5, 0.5], "side": [0.1, 0.1], "colour": "#202020"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fps": 0}, r"^fps=0 is outside 1\.\.60 frames a second$"),
        ({"fps": 61}, r"^fps=61 is outside 1\.\.60 "),
        ({"fps": 10.0}, r"^fps=10\.0 is not a whole number$"),
        ({"rows": True}, "^rows=True is not a whole number$"),
        ({"noise_sigma": 16.1}, r"^noise_sigma=16\.1 is outside 0\.\.16 grey levels$"),
        ({"noise_sigma": float("nan")}, r"^noise_sigma=nan is outside"),
        ({"length_s": "10"}, "^length_s='10' is not a number$"),
        ({"length_s": 1.05}, r"^length_s=1\.05 is no whole number of frames at fps=10$"),
        ({"length_s": 1}, r"^visit\[0\] is there 1\.\.9 s, never within length_s=1$"),
        ({"visit": [VISIT | {"at_s": -8}]}, r"^visit\[0\] is there -8\.\.0 s, never within"),
        ({"visit": [VISIT | {"at_s": -601}]}, r"at_s=-601 is outside -600\.\.86400 s$"),
        ({"visit": [VISIT | {"times": 0}]}, r"^visit\[0\]\.times=0 is outside 1\.\.1000 times$"),
        (
            {"visit": [VISIT | {"times": 9, "every_s": 2}]},
            r"^visit\[6\] is there 13\.\.21 s, never within length_s=12$",
        ),
        (
            {"visit": [VISIT | {"pauses": [{"at": 0.5, "s": 1, "sway": 0.2}]}]},
            r"^visit\[0\]\.pauses\[0\]\.sway=0\.2 is outside 0\.\.0\.1 of the picture's height$",
        ),
        (
            {"clothes": [SMALL["clothes"][0] | {"flat": 1}]},
            r"^clothes\[0\]\.flat=1 is neither true nor false$",
        ),
        (
            {"clothes": [SMALL["clothes"][0] | {"shoes": "#000000"}]},
            r"^clothes\[0\]\.shoes='#000000' has a part outside",
        ),
        ({"shake": 9}, r"^shake=9 is outside 0\.\.8 pixels$"),
        ({"shake": 1.5}, r"^shake=1\.5 is not a whole number$"),
        (
            {"brightness": [{"at_s": 2, "gain": 1}, {"at_s": 1, "gain": 1}]},
            r"^brightness\[1\]\.at_s=1 is before the brightness ahead of it, at 2$",
        ),
        (
            {"brightness": [{"at_s": 2, "gain": 0}]},
            r"^brightness\[0\]\.gain=0 is outside 0\.1\.\.4 times as bright$",
        ),
        (
            {"noise": [{"at_s": 2, "sigma": 17}]},
            r"^noise\[0\]\.sigma=17 is outside 0\.\.16 grey levels$",
        ),
        ({"noise": [{"at_s": 2}]}, r"^noise\[0\]\.sigma is missing$"),
        ({"thing": [THING | {"side": [0, 1]}]}, r"^thing\[0\]\.side\[0\]=0 is outside 0\.01\.\.1 "),
        ({"thing": [THING | {"points": SQUARE[:2]}]}, r"^thing\[0\]\.points=.* of 3 or more$"),
        (
            {"thing": [THING | {"points": [[0, 0], [2, 0], [0, 1]]}]},
            r"^thing\[0\]\.points\[1\]\[0\]=2 is outside 0\.\.1 of its own box$",
        ),
        (
            {"thing": [THING | {"until_s": 2}]},
            r"^thing\[0\] is there 3\.\.2 s, never within length_s=12$",
        ),
        ({"front": [{"points": SQUARE}]}, r"^front\[0\]\.colours is missing$"),
        ({"name": ""}, "^name='' is not a text"),
        ({"back_y": 0.8}, r"^back_y=0\.8 is not less than front_y=0\.8$"),
        ({"back_height": 0.31}, r"^back_height=0\.31 is more than front_height=0\.3$"),
        ({"speed": 1}, "^speed is not a key of a scene; these are: name, length_s, "),
        ({"backdrop": "white"}, "^backdrop='white' is not a colour like"),
        ({"backdrop": "#0fefef"}, r"^backdrop='#0fefef' has a part outside 10\.\.ef$"),
        ({"backdrop": "#10f0ef"}, r"^backdrop='#10f0ef' has a part outside 10\.\.ef$"),
        ({"visit": {}}, r"^visit=\{\} is not a list of 0 or more$"),
        ({"visit": [3]}, r"^visit\[0\]=3 is not a table$"),
        ({"visit": [{}]}, r"^visit\[0\]\.at_s is missing$"),
        (
            {"visit": [VISIT, VISIT | {"pace_s": 0.5}]},
            r"^visit\[1\]\.pace_s=0\.5 is outside 1\.\.600 s$",
        ),
        (
            {"visit": [VISIT | {"route": "wst"}]},
            r"^visit\[0\]\.route='wst' is none of: east, nearer",
        ),
        ({"visit": [VISIT | {"clothes": []}]}, r"^visit\[0\]\.clothes=\[\] is not a text"),
        ({"visit": [VISIT | {"offset": [1]}]}, r"^visit\[0\]\.offset=\[1\] is not a list of 2 "),
        (
            {"visit": [VISIT | {"pauses": [{"at": 1.5, "s": 1}]}]},
            r"^visit\[0\]\.pauses\[0\]\.at=1\.5 is outside 0\.\.1 of the route$",
        ),
        ({"route": SMALL["route"][:1] * 2}, r"^route\[1\]\.name='east' names an earlier route"),
        (
            {"route": [{"name": "east", "points": [[0, 0, 0], [0.5, 1, 1]]}]},
            r"^route\[0\]\.points: \[0\.0, 0\.5\] does not rise from 0 to 1$",
        ),
        (
            {"route": [{"name": "east", "points": [[0, 0, 0], [0, 1, 1], [1, 1, 1]]}]},
            r"^route\[0\]\.points: .* does not rise",
        ),
        (
            {"route": [{"name": "east", "points": [[0, 0, 0], [1, 3.1, 1]]}]},
            r"^route\[0\]\.points\[1\]\[1\]=3\.1 is outside -2\.\.3 of the picture$",
        ),
        (
            {"ground": [{"points": SQUARE[:2], "colours": ["#202020"]}]},
            r"^ground\[0\]\.points=.* is not a list of 3 or more$",
        ),
        (
            {"ground": [{"points": SQUARE, "colours": []}]},
            r"^ground\[0\]\.colours=\[\] is not a list of 1 or more$",
        ),
        (
            {"ground": [{"points": SQUARE[::-1], "colours": ["#202020"], "cells": [1, 2]}]},
            r"^ground\[0\]\.points: a pattern of cells has 4 corners: top left,",
        ),
        (
            {"ground": [{"points": SQUARE[:3], "colours": ["#202020"], "cells": [2, 1]}]},
            r"^ground\[0\]\.points: a pattern",
        ),
        (
            {"light": [{"centre": [0, 0], "radius": [1, 0], "gain": 1}]},
            r"^light\[0\]\.radius\[1\]=0 is outside 0\.01\.\.3 of the picture$",
        ),
    ],
)
def test_a_wrong_document_is_refused_by_name_value_and_limit(change, message):
    with pytest.raises(SceneError, match=message):
        small(**change)


@pytest.mark.parametrize("key", sorted(SMALL))
def test_every_key_of_the_small_scene_is_needed(key):
    with pytest.raises(SceneError, match=f"^{key} is missing$"):
        read_scene({other: value for other, value in SMALL.items() if other != key})


@pytest.mark.parametrize("at_ms", [-1, 12_000])
def test_an_instant_outside_the_scene_is_refused(at_ms):
    with pytest.raises(SceneError, match=rf"^at_ms={at_ms} is outside 0\.\.11999 ms$"):
        people(small(), at_ms)


@pytest.mark.parametrize("draw", [draw_luma, draw_picture])
@pytest.mark.parametrize("index", [-1, 120])
def test_a_frame_outside_the_scene_is_refused(draw, index):
    with pytest.raises(SceneError, match=rf"^index={index} is outside 0\.\.119$"):
        draw(stage(small()), index)


SQUARED = {"points": SQUARE, "colours": ["#202020"]}
FULL = SMALL | {
    "shake": 2,
    "ground": [SQUARED | {"cells": [2, 3], "gap": 0.1, "grain": 1}],
    "light": [{"centre": [0, 0], "radius": [1, 1], "gain": 9}],
    "front": [SQUARED],
    "thing": [THING | {"until_s": 5, "points": SQUARE}],
    "brightness": [{"at_s": 1, "gain": 1}],
    "noise": [{"at_s": 1, "sigma": 8}],
    "clothes": [SMALL["clothes"][0] | {"shoes": "#202020", "flat": True}],
    "visit": [
        VISIT
        | {"pauses": [{"at": 0.5, "s": 1, "sway": 0.1}], "times": 2, "every_s": 1, "tall": 1.1}
    ],
}
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(st.data())
def test_any_value_anywhere_gives_a_scene_or_a_refusal(data):
    document = copy.deepcopy(FULL)
    spot = document
    while True:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(spot[key], dict | list) or data.draw(st.booleans()):
            break
        spot = spot[key]
    spot[key] = data.draw(values)
    with contextlib.suppress(SceneError):
        assert isinstance(read_scene(document), Scene)
