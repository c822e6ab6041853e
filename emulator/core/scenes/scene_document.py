"""A scene's document, key by key: what may stand where, within which limits.

The document is parsed TOML. Every function takes the path of what it reads, such as
"visit[3].", so that a refusal can name it. Nothing here knows what a scene is made of;
that is `scene.py`.
"""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

Colour = tuple[int, int, int]
"""Blue, green, red, each DARKEST..BRIGHTEST."""

DARKEST, BRIGHTEST = 16, 239
"""CHOICE: noise reaches 4 sigma, so up to sigma 4 none is ever clipped; more saturates."""
SHOES: Colour = (34, 38, 44)
"""Those of clothes that name none."""

Table = Mapping[str, object]
Pair = tuple[float, float]
_T = TypeVar("_T")


class SceneError(ValueError):
    """A document that is no scene, or an instant that a scene does not have.

    The message names the key, its value and the limit.
    """


class Range(NamedTuple):
    """Numbers from `low` to `high`, both allowed; `default` stands for a key left out."""

    low: float
    high: float
    unit: str
    whole: bool = False
    default: float = 0


RANGES = {  # by key
    "length_s": Range(1, 86_400, "s"),
    "fps": Range(1, 60, "frames a second", whole=True),
    "rows": Range(36, 4320, "pixels", whole=True),
    "columns": Range(64, 7680, "pixels", whole=True),
    "noise_sigma": Range(0, 16, "grey levels"),
    "shake": Range(0, 8, "pixels", whole=True),
    "seed": Range(0, 2**31 - 1, "as a start of noise", whole=True),
    "back_y": Range(0, 1, "of the picture"),
    "front_y": Range(0, 2, "of the picture"),
    "back_height": Range(0.05, 0.9, "of the picture"),
    "front_height": Range(0.05, 0.9, "of the picture"),
    "at_s": Range(-600, 86_400, "s"),
    "until_s": Range(-600, 86_400, "s", default=86_400),
    "pace_s": Range(1, 600, "s"),
    "tall": Range(0.5, 1.3, "times the usual height", default=1),
    "at": Range(0, 1, "of the route"),
    "s": Range(0.1, 3600, "s"),
    "gap": Range(0, 0.9, "of a cell"),
    "grain": Range(0, 8, "grey levels"),
    "gain": Range(-100, 100, "grey levels"),
    "sway": Range(0, 0.1, "of the picture's height"),
    "sigma": Range(0, 16, "grey levels"),
    "times": Range(1, 1000, "times", whole=True, default=1),
    "every_s": Range(0.1, 86_400, "s", default=1),
}
SHARE = Range(-2, 3, "of the picture")
RADIUS = Range(0.01, 3, "of the picture")
WITHIN = Range(0, 1, "of its own box")
SIDE = Range(0.01, 1, "of the picture")
BRIGHTNESS = Range(0.1, 4, "times as bright")
CELLS = Range(1, 200, "cells", whole=True)

KEYS = {  # of each kind of table: needed | may be left out
    "scene": (
        "name length_s fps rows columns noise_sigma seed backdrop back_y back_height front_y "
        "front_height route clothes visit | ground light front thing brightness noise shake"
    ),
    "ground": "points colours | cells gap grain",
    "front": "points colours | cells gap grain",
    "thing": "at_s foot side colour | until_s points",
    "brightness": "at_s gain |",
    "noise": "at_s sigma |",
    "light": "centre radius gain |",
    "route": "name points |",
    "clothes": "name top legs hair skin | shoes flat",
    "visit": "at_s route pace_s clothes | pauses offset tall times every_s",
    "pauses": "at s | sway",
}


def table(value: object, kind: str, path: str) -> Table:
    """Return `value` if it is a table with all the keys of its `kind` and no others."""
    if not isinstance(value, Mapping):
        raise SceneError(f"{path.rstrip('.')}={value!r:.60} is not a table")
    needed, optional = (keys.split() for keys in KEYS[kind].split("|"))
    for key in value:
        if key not in needed + optional:
            allowed = ", ".join(needed + optional)
            raise SceneError(f"{path}{key} is not a key of a {kind}; these are: {allowed}")
    for key in needed:
        if key not in value:
            raise SceneError(f"{path}{key} is missing")
    return value


def items(table: Table, key: str, path: str, least: int) -> list[tuple[object, str]]:
    """Return each item of the list at `key` (none if left out) with its own path."""
    value = table.get(key, [])
    if not isinstance(value, list) or len(value) < least:
        raise SceneError(f"{path}{key}={value!r:.60} is not a list of {least} or more")
    return [(item, f"{path}{key}[{number}]") for number, item in enumerate(value)]


def rows(outer: Table, key: str, path: str = "") -> list[tuple[Table, str]]:
    """Return each table of the list at `key`, checked, with its path, as "visit[3]."."""
    paths = [(row, f"{where}.") for row, where in items(outer, key, path, 0)]
    return [(table(row, key, where), where) for row, where in paths]


def named(outer: Table, key: str, read: Callable[[Table, str], _T]) -> dict[str, _T]:
    """Return what `read` makes of each table of the list at `key`, by its name."""
    found: dict[str, _T] = {}
    for row, path in rows(outer, key):
        name = text(row, "name", path)
        if name in found:
            raise SceneError(f"{path}name={name!r} names an earlier {key}; names differ")
        found[name] = read(row, path)
    return found


def one_of(row: Table, key: str, path: str, choices: Mapping[str, _T]) -> _T:
    """Return the choice whose name stands at `key`."""
    name = text(row, key, path)
    if name not in choices:
        raise SceneError(f"{path}{key}={name!r:.60} is none of: {', '.join(choices)}")
    return choices[name]


def text(table: Table, key: str, path: str) -> str:
    """Return the text at `key`, which is not empty."""
    value = table[key]
    if not isinstance(value, str) or not value:
        raise SceneError(f"{path}{key}={value!r:.60} is not a text of 1 or more characters")
    return value


def colour(value: object, path: str) -> Colour:
    """Return a colour that is written red, green, blue, as "#40a0ef"."""
    if not isinstance(value, str) or not re.fullmatch("#[0-9a-f]{6}", value):
        raise SceneError(f"{path}={value!r:.60} is not a colour like '#40a0ef'")
    red, green, blue = bytes.fromhex(value[1:])
    if not all(DARKEST <= part <= BRIGHTEST for part in (red, green, blue)):
        limits = f"{DARKEST:02x}..{BRIGHTEST:02x}"
        raise SceneError(f"{path}={value!r} has a part outside {limits}")
    return blue, green, red


def yes(table: Table, key: str, path: str) -> bool:
    """Return true or false at `key`; false if it is left out."""
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise SceneError(f"{path}{key}={value!r:.60} is neither true nor false")
    return value


def number(table: Table, key: str, path: str = "", limit: Range | None = None) -> float:
    """Return the number at `key`, or the default if it is left out; `limit`: RANGES[key]."""
    limit = limit or RANGES[key]
    return _inside(table.get(key, limit.default), f"{path}{key}", limit)


def numbers(value: object, path: str, limit: Range, count: int) -> tuple[float, ...]:
    """Return a list of `count` numbers, all within `limit`."""
    if not isinstance(value, list) or len(value) != count:
        raise SceneError(f"{path}={value!r:.60} is not a list of {count} numbers")
    return tuple(_inside(part, f"{path}[{place}]", limit) for place, part in enumerate(value))


def pair(value: object, path: str, limit: Range = SHARE) -> Pair:
    """Return a list of two numbers within `limit`, as [x, y]."""
    first, second = numbers(value, path, limit, 2)
    return first, second


def _inside(value: object, path: str, limit: Range) -> float:
    # A bool is an int to Python, but nobody who writes true means 1.
    kinds = int if limit.whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        kind = "whole number" if limit.whole else "number"
        raise SceneError(f"{path}={value!r:.60} is not a {kind}")
    if not limit.low <= value <= limit.high:
        raise SceneError(f"{path}={value} is outside {limit.low}..{limit.high} {limit.unit}")
    return float(value)
