"""The drawn scenes that are judged, and what is done to them: documents in, documents out.

The first set is the project's own (`fixtures/scenes`); the second, `tests/scenes`, was written
by somebody who had not read the detector.
"""

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import cache
from pathlib import Path

from emulator.edge import fixtures

SECOND_SET = Path(__file__).parents[1] / "scenes"
SECOND = "2:"
FAINT = "contrast-12"
"""Scenes whose name begins so are judged at sensitivity 10, and only in good light."""
SHAKEN_PX, SHAKEN_COLUMNS = 3, 768
NOISE_SIGMA = 8
STEP_GAIN = 1.35
SLOW_GAINS = (1.3, 0.7)
OFTEN_FPS = 25


@cache
def documents() -> dict[str, dict]:
    """Return the scenes of both sets by name; the second's names begin with SECOND.

    Read once; nobody changes them.
    """
    found = {name: fixtures.scene(name) for name in fixtures.scene_names()}
    for path in sorted(SECOND_SET.glob("*.toml")):
        found[f"{SECOND}{path.stem}"] = tomllib.loads(path.read_text("utf-8"))
    return found


def is_faint(name: str) -> bool:
    """Tell whether a scene is one of those that need sensitivity 10."""
    return name.removeprefix(SECOND).startswith(FAINT)


def is_second(name: str) -> bool:
    """Tell whether a scene is of the second set."""
    return name.startswith(SECOND)


def in_good_light(document):
    """Return the document as it is."""
    return document


def light_step(document):
    """Return the scene with a lamp switched on in its middle."""
    middle_s = document["length_s"] / 2
    return _lit(document, [(0, 1), (middle_s, 1), (middle_s, STEP_GAIN)])


def dimming(document):
    """Return the scene growing dark slowly."""
    start, end = SLOW_GAINS
    return _lit(document, [(0, start), (document["length_s"], end)])


def brightening(document):
    """Return the scene growing bright slowly."""
    end, start = SLOW_GAINS
    return _lit(document, [(0, start), (document["length_s"], end)])


def noise(document):
    """Return the scene seen by a noisy sensor."""
    quiet = {key: value for key, value in document.items() if key != "noise"}
    return quiet | {"noise_sigma": NOISE_SIGMA}


def shake(document):
    """Return the scene seen by a camera on a shaking pole."""
    pixels = round(SHAKEN_PX * document["columns"] / SHAKEN_COLUMNS)
    return document | {"shake": max(document.get("shake", 0), pixels)}


def often(document):
    """Return the scene seen at a film's rate: two or three times as often as it is written for.

    What is decided picture by picture may only then go wrong.
    """
    return document | {"fps": OFTEN_FPS}


CONDITIONS: dict[str, Callable] = {
    "light step 1.35 x": light_step,
    "slow light 1.3 to 0.7": dimming,
    "slow light 0.7 to 1.3": brightening,
    "noise sigma 8": noise,
    "shake of 3 pixels": shake,
    "25 pictures a second": often,
}
"""What scenes are judged under besides good light, by the words of the table."""


def _lit(document, gains):
    # On top of the scene's own light: at every instant where either bends, the product.
    own = [(row["at_s"], row["gain"]) for row in document.get("brightness", [])] or [(0, 1)]
    levels = []
    for at_s in sorted({at_s for at_s, _ in (*own, *gains)}):
        before, after = (
            _level(own, at_s, side) * _level(gains, at_s, side)
            for side in (bisect_left, bisect_right)
        )
        # Two levels at one instant are a step.
        levels += [{"at_s": at_s, "gain": gain} for gain in dict.fromkeys((before, after))]
    return document | {"brightness": levels}


def _level(gains, at_s, side):
    # Linear in between, level outside; at a step the gain before it or after it.
    place = side([instant for instant, _ in gains], at_s)
    if place == 0:
        return gains[0][1]
    if place == len(gains):
        return gains[-1][1]
    (from_s, start), (to_s, end) = gains[place - 1], gains[place]
    return start + (end - start) * (at_s - from_s) / (to_s - from_s)
