"""Who and what stands where in a scene: figures made of polygons, and their true boxes.

A figure is a dozen polygons with whole-pixel corners, a thing that was put down is one.
Both the boxes here and the pixels in `drawing.py` come from the same corners, so the truth
can't drift from the picture.

A body is worked out in heights: x to the right of its foot, y up from it. It is 1 high, and
while it stands, or its feet pass each other, 0.34 wide from the front, 0.18 from the side.
CHOICE: no sine, so that every machine rounds to the same pixels.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import Box, Size, clip
from emulator.core.localtime import SECOND_MS
from emulator.core.scenes.scene import Clothes, Pause, Scene, Thing, Visit
from emulator.core.scenes.scene_document import DARKEST, Colour, Pair, SceneError

STRIDE_MS = 1000  # two steps; CHOICE: people in shops stroll
STILL = (0, 0)
ROUND = (  # a circle's corners, clockwise from the top
    *((0, 1), (0.5, 0.87), (0.87, 0.5), (1, 0), (0.87, -0.5), (0.5, -0.87)),
    *((0, -1), (-0.5, -0.87), (-0.87, -0.5), (-1, 0), (-0.87, 0.5), (-0.5, 0.87)),
)

_Outline = list[Pair]


class Person(NamedTuple):
    """Somebody in view: the number of the visit, and the box of the pixels in the picture.

    The box is the whole figure's, even where somebody nearer hides a part of it.
    """

    visit: int
    box: Box


class Put(NamedTuple):
    """A thing in view: its number, and the box of its pixels in the picture, as a person's."""

    thing: int
    box: Box


class Part(NamedTuple):
    """A polygon of a figure; corners int32 (n, 2), each (column, row), drawn up to the edge."""

    colour: Colour
    corners: NDArray[np.int32]


class Figure(NamedTuple):
    """Somebody, or a thing, as polygons, farthest first; the last pixel row is `foot_row` - 1.

    number  of the visit, or of the thing
    """

    number: int
    foot_row: int
    parts: tuple[Part, ...]


def people(scene: Scene, at_ms: int, *, shaken: bool = True) -> tuple[Person, ...]:
    """Return everybody in view `at_ms` after the scene's beginning, by number of visit.

    shaken  False: where they would be if the camera stood still, still cut by its picture
    Raises SceneError if the scene does not last so long.
    """
    shift = shift_at(scene, at_ms) if shaken else STILL
    boxes = (
        (figure.number, _visible(figure, scene.size)) for figure in _walkers(scene, at_ms, shift)
    )
    return tuple(Person(visit, box) for visit, box in boxes if box.area)


def things(scene: Scene, at_ms: int, *, shaken: bool = True) -> tuple[Put, ...]:
    """Return all things in view, likewise, by number of thing."""
    shift = shift_at(scene, at_ms) if shaken else STILL
    boxes = ((figure.number, _visible(figure, scene.size)) for figure in _put(scene, at_ms, shift))
    return tuple(Put(thing, box) for thing, box in boxes if box.area)


def figures(scene: Scene, at_ms: int) -> Iterator[Figure]:
    """Yield everybody and every thing that is there, even if outside the picture.

    Raises SceneError if the scene does not last so long.
    """
    shift = shift_at(scene, at_ms)
    yield from _put(scene, at_ms, shift)
    yield from _walkers(scene, at_ms, shift)


def shift_at(scene: Scene, at_ms: int) -> tuple[int, int]:
    """Return by how many pixels down and to the right the whole scene is off, due to shake.

    Each is within -shake..shake, another for each frame, scattered by plain arithmetic.
    """
    if not 0 <= at_ms < scene.length_ms:
        raise SceneError(f"at_ms={at_ms} is outside 0..{scene.length_ms - 1} ms")
    if not scene.shake:
        return STILL
    index = ((at_ms + 1) * scene.fps - 1) // 1000  # the last frame that began by now
    bits = (index + 1) * 0x9E3779B97F4A7C15 + scene.seed * 0xD1B54A32D192ED03
    for _ in range(2):  # two rounds of multiply and fold scatter any two neighbours
        bits %= 2**64
        bits = (bits ^ bits >> 29) * 0xBF58476D1CE4E5B9
    steps = 2 * scene.shake + 1
    return (bits >> 24) % steps - scene.shake, (bits >> 44) % steps - scene.shake


def _walkers(scene: Scene, at_ms: int, shift: tuple[int, int]) -> Iterator[Figure]:
    for number, visit in enumerate(scene.visits):
        if visit.at_ms <= at_ms < visit.until_ms:
            yield _figure(scene, number, at_ms - visit.at_ms, shift)


def _put(scene: Scene, at_ms: int, shift: tuple[int, int]) -> Iterator[Figure]:
    for number, thing in enumerate(scene.things):
        if thing.at_ms <= at_ms < thing.until_ms:
            yield _lying(thing, number, scene.size, shift)


def _lying(thing: Thing, number: int, size: Size, shift: tuple[int, int]) -> Figure:
    # At least one pixel each way; from the first pixel to the last is one step less.
    width = max(round(thing.side[0] * size.columns), 1)
    height = max(round(thing.side[1] * size.rows), 1)
    foot_row = round(thing.foot[1] * size.rows) + shift[0]
    left = round(thing.foot[0] * size.columns) - width // 2 + shift[1]
    corners = np.rint(np.array(thing.points) * (width - 1, height - 1)).astype(np.int32)
    outline = corners + np.array((left, foot_row - height), np.int32)
    return Figure(number, foot_row, (Part(thing.colour, outline),))


def _figure(scene: Scene, number: int, since_ms: int, shift: tuple[int, int]) -> Figure:
    visit = scene.visits[number]
    walked_ms, pause, paused_ms = _walked(visit, since_ms)
    (x, y), (across, down) = _foot(visit, walked_ms / visit.pace_ms)
    rows, columns = scene.size
    steepness = (scene.front_height - scene.back_height) / (scene.front_y - scene.back_y)
    height = scene.back_height + steepness * (max(y, scene.back_y) - scene.back_y)
    scale = round(height * visit.tall * rows) - 1  # from the first pixel row to the last
    aside = _sway(pause, paused_ms) * rows if pause else 0
    foot_row, foot_column = round(y * rows) + shift[0], round(x * columns + aside) + shift[1]
    sideways, lengthways = abs(across) * columns, abs(down) * rows
    body = _body(
        visit.clothes,
        aside=sideways / (sideways + lengthways) if sideways else 0,
        toward=down >= 0,
        swing=0 if pause else _swing(walked_ms / STRIDE_MS),
    )
    # All corners at once: numpy's price is by the call.
    corners = np.array([corner for _, outline in body for corner in outline])
    mirrored = -scale if across < 0 else scale
    foot = np.array((foot_column, foot_row - 1))
    pixels = (np.rint(corners * (mirrored, -scale)) + foot).astype(np.int32)
    ends = np.cumsum([len(outline) for _, outline in body]).tolist()
    pieces = (pixels[start:end] for start, end in pairwise([0, *ends]))
    colours = (colour for colour, _ in body)
    return Figure(number, foot_row, tuple(map(Part, colours, pieces)))


def _walked(visit: Visit, since_ms: int) -> tuple[int, Pause | None, int]:
    """Time spent walking so far, the pause that is on, and how much of it is over."""
    for pause in visit.pauses:
        if since_ms < pause.after_ms:
            break
        if since_ms < pause.after_ms + pause.ms:
            return pause.after_ms, pause, since_ms - pause.after_ms
        since_ms -= pause.ms
    return since_ms, None, 0


def _sway(pause: Pause, paused_ms: int) -> float:
    # Two waves that don't meet again within a minute; none at both ends, so that nobody jumps.
    wave = 0.6 * _swing(paused_ms / 7300) + 0.4 * _swing(paused_ms / 3100)
    return pause.sway * wave * min(1, paused_ms / SECOND_MS, (pause.ms - paused_ms) / SECOND_MS)


def _foot(visit: Visit, walked: float) -> tuple[Pair, Pair]:
    """The foot's (x, y) after this share of the route, and the (x, y) step to the next point."""
    legs = pairwise(visit.route)
    here, there = next((a, b) for a, b in legs if walked <= b.walked)
    part = (walked - here.walked) / (there.walked - here.walked)
    across, down = there.x - here.x, there.y - here.y
    x, y = here.x + part * across, here.y + part * down
    return (x + visit.offset[0], y + visit.offset[1]), (across, down)


def _swing(turns: float) -> float:
    # A wave through 0, 1, 0, -1 with round tops, in plain arithmetic: 0 where feet pass.
    quarter = (4 * turns + 1) % 4 - 1
    slope = quarter if quarter <= 1 else 2 - quarter
    return slope * (3 - slope * slope) / 2


def _body(
    clothes: Clothes, *, aside: float, toward: bool, swing: float
) -> list[tuple[Colour, _Outline]]:
    """The parts of a body that goes right, farthest first, in heights.

    aside   0 seen from the front or from behind, 1 from the side, and between
    toward  the face is seen from the front
    swing   -1..1, how far the legs are apart, and which is ahead
    """
    half = 0.118 - 0.028 * aside
    hips = 0.098 - 0.02 * aside
    torso = _limb((0, 0.845, 0.04), (0, 0.815, half), (0, 0.72, half), (0, 0.46, hips))
    head = [
        (clothes.skin, _limb((0, 0.88, 0.03), (0, 0.83, 0.035))),
        (clothes.hair, _oval((0.01 * aside, 0.925), (0.055, 0.075))),
    ]
    if toward or aside > 0.5:
        face = _oval((0.02 * aside, 0.91), (0.045 - 0.008 * aside, 0.055))
        head.append((clothes.skin, face))
    far_leg, near_leg = (_leg(clothes, side, aside, swing) for side in (-1, 1))
    far_arm, near_arm = (_arm(clothes, side, aside, swing) for side in (-1, 1))
    coat = [(clothes.top, torso)]
    # From the front both arms lie over the coat; from the side only the near one does.
    trunk = [*coat, *far_arm] if aside < 0.5 else [*far_arm, *coat]
    return [*far_leg, *near_leg, *trunk, *near_arm, *head]


def _leg(clothes: Clothes, side: int, aside: float, swing: float) -> list[tuple[Colour, _Outline]]:
    # From the side legs swing; from the front they are lifted in turn.
    hip = side * (0.045 - 0.035 * aside)
    foot = hip + 0.13 * aside * side * swing
    ground = 0.03 * (1 - aside) * max(side * swing, 0)
    knee = (hip + foot) / 2 + 0.02 * aside * abs(swing)
    leg = _limb((hip, 0.5, 0.05), (knee, 0.27, 0.037), (foot, ground + 0.03, 0.027))
    sole = (foot + 0.02 * aside, ground, 0.03 + 0.02 * aside)
    shoe = _limb((foot, ground + 0.04, 0.027), sole)
    return [(_far(clothes, clothes.legs, side), leg), (clothes.shoes, shoe)]


def _arm(clothes: Clothes, side: int, aside: float, swing: float) -> list[tuple[Colour, _Outline]]:
    # Against the leg of its side.
    shoulder = side * (0.115 - 0.105 * aside)
    wrist = side * (0.146 - 0.136 * aside) - 0.13 * aside * side * swing
    elbow = (shoulder + wrist) / 2 - 0.02 * aside
    arm = _limb((shoulder, 0.81, 0.03), (elbow, 0.63, 0.03), (wrist, 0.46, 0.024))
    hand = _oval((wrist, 0.44), (0.02, 0.03))
    sleeve = clothes.top if clothes.flat else _darker(clothes.top, 0.88)
    return [(clothes.skin, hand), (_far(clothes, sleeve, side), arm)]


def _limb(*joints: tuple[float, float, float]) -> _Outline:
    # Through joints (x, y, half the width there): down one side and up the other.
    down = [(x - half, y) for x, y, half in joints]
    return down + [(x + half, y) for x, y, half in reversed(joints)]


def _oval(centre: Pair, radius: Pair) -> _Outline:
    return [(centre[0] + radius[0] * x, centre[1] + radius[1] * y) for x, y in ROUND]


def _far(clothes: Clothes, colour: Colour, side: int) -> Colour:
    return colour if side > 0 or clothes.flat else _darker(colour, 0.82)


def _darker(colour: Colour, share: float) -> Colour:
    blue, green, red = (max(DARKEST, round(part * share)) for part in colour)
    return blue, green, red


def _visible(figure: Figure, size: Size) -> Box:
    """The box of the figure's pixels in the picture; of area 0 if there are none."""
    corners = np.concatenate([part.corners for part in figure.parts])
    left, top = corners.min(axis=0).tolist()
    last_column, last_row = corners.max(axis=0).tolist()
    box = Box(top, left, last_row + 1, last_column + 1)
    seen = clip(box, size)
    if seen == box or not seen.area:
        return seen
    # Cut by the picture's edge: less may be left than the box suggests, so look.
    mask = np.zeros((seen.bottom - seen.top, seen.right - seen.left), np.uint8)
    for part in figure.parts:
        cv2.fillPoly(mask, [part.corners - np.array((seen.left, seen.top), np.int32)], 1)
    left, top, columns, rows = cv2.boundingRect(mask)
    return Box(seen.top + top, seen.left + left, seen.top + top + rows, seen.left + left + columns)
