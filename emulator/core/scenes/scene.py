"""A scene as data: a shop's ground, its routes, who walks them when, and what is put down.

A scene is a made-up place in front of an emulated camera, whose truth is known. Its document
becomes a checked value here, all or nothing; `figures.py` says who stands where in it, and
`drawing.py` makes pixels. CHOICE: scenes are our own invention, no camera fact is involved.

  share    of the picture: x of its columns, y of its rows, 0..1 inside, from the top left
  visit    one person's way through, from its first instant to its last, pauses included
  instant  ms since the scene began; who came before it has a negative one
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import NamedTuple

from emulator.core.frame import Size
from emulator.core.scenes.scene_document import (
    BRIGHTNESS,
    CELLS,
    RADIUS,
    RANGES,
    SHARE,
    SHOES,
    SIDE,
    WITHIN,
    Colour,
    Pair,
    Range,
    SceneError,
    Table,
    colour,
    items,
    named,
    number,
    numbers,
    one_of,
    pair,
    rows,
    table,
    text,
    yes,
)

__all__ = [
    "Clothes",
    "Level",
    "Light",
    "Pause",
    "Point",
    "Scene",
    "SceneError",
    "Shape",
    "Thing",
    "Visit",
    "read_scene",
]


@dataclass(frozen=True, slots=True)
class Shape:
    """A polygon, or a pattern of cells in perspective between four corners.

    corners  (x, y) shares; of a pattern: top left, top right, bottom right, bottom left
    weights  of a pattern: how far off each corner is, in perspective; of a polygon none
    colours  a polygon's, or those that the cells of a pattern take, scattered
    cells    rows, columns of the pattern
    gap      share of a cell's sides that stays as it was, so that shelves show between goods
    grain    standard deviation of a still mottling, grey levels
    """

    corners: tuple[Pair, ...]
    weights: tuple[float, ...]
    colours: tuple[Colour, ...]
    cells: tuple[int, int]
    gap: float
    grain: float


@dataclass(frozen=True, slots=True)
class Light:
    """A soft oval on the ground, `gain` grey levels brighter in its middle; (x, y) shares."""

    centre: Pair
    radius: Pair
    gain: float


@dataclass(frozen=True, slots=True)
class Clothes:
    """What somebody looks like; flat: no part is darkened, so that one colour is one colour."""

    top: Colour
    legs: Colour
    hair: Colour
    skin: Colour
    shoes: Colour
    flat: bool


class Point(NamedTuple):
    """A point of a route, reached after `walked` (share 0..1) of the time spent walking."""

    walked: float
    x: float
    y: float


class Pause(NamedTuple):
    """Standing for `ms` after `after_ms` of walking, still but for some `sway`.

    sway  how far to either side, as a share of the picture's height
    """

    after_ms: int
    ms: int
    sway: float = 0


class Level(NamedTuple):
    """What holds at an instant: a gain of brightness, or a noise's standard deviation."""

    at_ms: int
    value: float


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's visit: route and offset in (x, y) shares, `tall` times the usual height."""

    at_ms: int
    route: tuple[Point, ...]
    pace_ms: int
    clothes: Clothes
    pauses: tuple[Pause, ...]
    offset: Pair
    tall: float

    @property
    def until_ms(self) -> int:
        """The instant at which the visit is over."""
        return self.at_ms + self.pace_ms + sum(pause.ms for pause in self.pauses)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something put down at `at_ms` and taken away at `until_ms`, such as a bag.

    foot  (x, y) shares: where the middle of its lower edge stands
    side  (width, height) shares of the picture's width and height
    points  its outline, (x, y) shares of its own box from its top left
    """

    at_ms: int
    until_ms: int
    foot: Pair
    side: Pair
    colour: Colour
    points: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """A checked scene. A foot at `back_y` carries a body `back_height` high, and so on.

    front       shapes that hide people and things, such as a pole
    brightness  gains, linear in between; two at one instant are a step; none: 1 throughout
    noise       standard deviations, likewise; none: `noise_sigma` throughout
    shake       pixels by which each frame is off at most, in both directions
    """

    name: str
    length_ms: int
    fps: int
    size: Size
    noise_sigma: float
    seed: int
    backdrop: Colour
    back_y: float
    back_height: float
    front_y: float
    front_height: float
    ground: tuple[Shape, ...]
    light: tuple[Light, ...]
    front: tuple[Shape, ...]
    visits: tuple[Visit, ...]
    things: tuple[Thing, ...]
    brightness: tuple[Level, ...]
    noise: tuple[Level, ...]
    shake: int

    @property
    def frame_count(self) -> int:
        """How many frames it has; frame k stands from k / fps on."""
        return self.length_ms * self.fps // 1000


def read_scene(document: Mapping[str, object]) -> Scene:
    """Return the scene that `document` describes; raises SceneError if anything is wrong.

    The keys and their limits are tables in `scene_document.py`.
    """
    top = table(document, "scene", "")
    value = {key: number(top, key) for key in RANGES if key in top}
    routes, clothes = named(top, "route", _route), named(top, "clothes", _clothes)
    scene = Scene(
        name=text(top, "name", ""),
        length_ms=_ms(value["length_s"]),
        fps=int(value["fps"]),
        size=Size(int(value["rows"]), int(value["columns"])),
        noise_sigma=value["noise_sigma"],
        seed=int(value["seed"]),
        backdrop=colour(top["backdrop"], "backdrop"),
        back_y=value["back_y"],
        back_height=value["back_height"],
        front_y=value["front_y"],
        front_height=value["front_height"],
        ground=tuple(_shape(row, path) for row, path in rows(top, "ground")),
        light=tuple(_light(row, path) for row, path in rows(top, "light")),
        front=tuple(_shape(row, path) for row, path in rows(top, "front")),
        visits=tuple(
            visit
            for row, path in rows(top, "visit")
            for visit in _visits(row, path, routes, clothes)
        ),
        things=tuple(_thing(row, path) for row, path in rows(top, "thing")),
        brightness=_levels(top, "brightness", "gain", BRIGHTNESS),
        noise=_levels(top, "noise", "sigma", RANGES["sigma"]),
        shake=int(number(top, "shake")),
    )
    _refuse_contradictions(scene)
    return scene


def _refuse_contradictions(scene: Scene) -> None:
    length = f"length_s={scene.length_ms / 1000:g}"
    if scene.length_ms * scene.fps % 1000:
        raise SceneError(f"{length} is no whole number of frames at fps={scene.fps}")
    if scene.back_y >= scene.front_y:
        raise SceneError(f"back_y={scene.back_y} is not less than front_y={scene.front_y}")
    if scene.back_height > scene.front_height:
        # Else those who come nearer would shrink, in the end to nothing.
        limit = f"front_height={scene.front_height}"
        raise SceneError(f"back_height={scene.back_height} is more than {limit}")
    there_by_kind: dict[str, tuple[Visit | Thing, ...]]
    there_by_kind = {"visit": scene.visits, "thing": scene.things}
    for kind, spans in there_by_kind.items():
        for place, span in enumerate(spans):  # a visit that is repeated counts each time
            if max(span.at_ms, 0) >= min(span.until_ms, scene.length_ms):
                there = f"{span.at_ms / 1000:g}..{span.until_ms / 1000:g} s"
                raise SceneError(f"{kind}[{place}] is there {there}, never within {length}")


def _shape(row: Table, path: str) -> Shape:
    corners = tuple(pair(item, where) for item, where in items(row, "points", path, 3))
    down, across = pair(row.get("cells", [1, 1]), f"{path}cells", CELLS)
    return Shape(
        corners=corners,
        weights=() if (down, across) == (1, 1) else _weights(corners, f"{path}points"),
        colours=tuple(colour(item, where) for item, where in items(row, "colours", path, 1)),
        cells=(int(down), int(across)),
        gap=number(row, "gap", path),
        grain=number(row, "grain", path),
    )


def _weights(corners: tuple[Pair, ...], path: str) -> tuple[float, ...]:
    # With w0 p0 + w2 p2 = w1 p1 + w3 p3 a weighted mean of the corners keeps lines straight.
    # Such a weight is the triangle of the other three, and they must all turn the same way.
    triangles = combinations(corners, 3) if len(corners) == 4 else ()
    weights = [
        (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]) for a, b, c in triangles
    ]
    if min(weights, default=0) <= 0:
        order = "top left, top right, bottom right, bottom left"
        raise SceneError(f"{path}: a pattern of cells has 4 corners: {order}")
    return tuple(reversed(weights))  # combinations leave out the last corner first


def _light(row: Table, path: str) -> Light:
    return Light(
        centre=pair(row["centre"], f"{path}centre"),
        radius=pair(row["radius"], f"{path}radius", RADIUS),
        gain=number(row, "gain", path),
    )


def _route(row: Table, path: str) -> tuple[Point, ...]:
    points = [numbers(item, where, SHARE, 3) for item, where in items(row, "points", path, 2)]
    walked = [point[0] for point in points]
    if (walked[0], walked[-1]) != (0, 1) or any(a >= b for a, b in pairwise(walked)):
        raise SceneError(f"{path}points: {walked} does not rise from 0 to 1")
    return tuple(Point(*point) for point in points)


def _clothes(row: Table, path: str) -> Clothes:
    parts = ("top", "legs", "hair", "skin", "shoes")
    worn = {part: colour(row[part], f"{path}{part}") for part in parts if part in row}
    return Clothes(**{"shoes": SHOES} | worn, flat=yes(row, "flat", path))


def _visits(
    row: Table, path: str, routes: Mapping[str, tuple[Point, ...]], clothes: Mapping[str, Clothes]
) -> list[Visit]:
    first = _visit(row, path, routes, clothes)
    times, every_ms = number(row, "times", path), _ms(number(row, "every_s", path))
    return [replace(first, at_ms=first.at_ms + turn * every_ms) for turn in range(int(times))]


def _visit(
    row: Table, path: str, routes: Mapping[str, tuple[Point, ...]], clothes: Mapping[str, Clothes]
) -> Visit:
    pace_s = number(row, "pace_s", path)
    pauses = (
        Pause(
            _ms(number(pause, "at", where) * pace_s),
            _ms(number(pause, "s", where)),
            number(pause, "sway", where),
        )
        for pause, where in rows(row, "pauses", path)
    )
    return Visit(
        at_ms=_ms(number(row, "at_s", path)),
        route=one_of(row, "route", path, routes),
        pace_ms=_ms(pace_s),
        clothes=one_of(row, "clothes", path, clothes),
        pauses=tuple(sorted(pauses)),
        offset=pair(row.get("offset", [0, 0]), f"{path}offset"),
        tall=number(row, "tall", path),
    )


def _thing(row: Table, path: str) -> Thing:
    whole = [[0, 0], [1, 0], [1, 1], [0, 1]]
    outline = items({"points": row.get("points", whole)}, "points", path, 3)
    return Thing(
        at_ms=_ms(number(row, "at_s", path)),
        until_ms=_ms(number(row, "until_s", path)),
        foot=pair(row["foot"], f"{path}foot"),
        side=pair(row["side"], f"{path}side", SIDE),
        colour=colour(row["colour"], f"{path}colour"),
        points=tuple(pair(item, where, WITHIN) for item, where in outline),
    )


def _levels(top: Table, key: str, what: str, limit: Range) -> tuple[Level, ...]:
    found = rows(top, key)
    levels = [
        Level(_ms(number(row, "at_s", path)), number(row, what, path, limit)) for row, path in found
    ]
    for (_, path), (before, after) in zip(found[1:], pairwise(levels), strict=True):
        if before.at_ms > after.at_ms:
            at_s = f"{path}at_s={after.at_ms / 1000:g}"
            raise SceneError(f"{at_s} is before the {key} ahead of it, at {before.at_ms / 1000:g}")
    return tuple(levels)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
