"""An empty place into which people walk: a scene's document, made for a number of them."""

from emulator.core.scenes.scene import SceneError

MOST, SHORTEST_S, LONGEST_S = 8, 5.0, 600.0
LEARN_S, AFTER_S = 5, 5
"""Nobody is there at first, while the camera learns the place, nor at the end, so that all
stays are over."""
APART = 0.1
"""How much of the way one is behind another: far enough that nobody hides anybody."""

BACK_Y, FRONT_Y = 0.45, 0.95


def walking(count: int, for_s: float) -> dict[str, object]:
    """Return the scene (docs/control.md) in which `count` people are in view for `for_s` each.

    They walk across, one after the other, each in a lane of his own.
    Raises SceneError for more people or another time than there is room for.
    """
    if not 1 <= count <= MOST:
        raise SceneError(f"count={count} is outside 1..{MOST} people")
    if not SHORTEST_S <= for_s <= LONGEST_S:
        raise SceneError(f"for_s={for_s:g} is outside {SHORTEST_S:g}..{LONGEST_S:g} s")
    behind_s = APART * for_s
    lanes = [BACK_Y + (FRONT_Y - BACK_Y) * place / MOST for place in range(count)]
    clothes = {"top": "#203050", "legs": "#303030", "hair": "#402010", "skin": "#a07050"}
    length_s = int(LEARN_S + for_s + (count - 1) * behind_s + AFTER_S + 1)
    return nobody(f"{count} walking", length_s) | {
        "route": [
            {"name": f"lane {place}", "points": [[0, -0.05, y], [1, 1.05, y]]}
            for place, y in enumerate(lanes)
        ],
        "clothes": [{"name": "dark", **clothes}],
        "visit": [
            {
                "at_s": LEARN_S + place * behind_s,
                "route": f"lane {place}",
                "pace_s": for_s,
                "clothes": "dark",
            }
            for place in range(count)
        ],
    }


def nobody(name: str = "nobody", length_s: int = 600) -> dict[str, object]:
    """Return the scene of the place without people."""
    return {
        "name": name,
        "length_s": length_s,
        "fps": 10,
        "rows": 360,
        "columns": 640,
        "noise_sigma": 1,
        "seed": 1,
        "backdrop": "#b8b0a0",
        "back_y": 0.3,
        "back_height": 0.15,
        "front_y": 1.0,
        "front_height": 0.3,
        "route": [],
        "clothes": [],
        "visit": [],
    }
