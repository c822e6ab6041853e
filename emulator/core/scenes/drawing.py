"""A scene's pixels: a ground that is drawn once, people and things on it, what hides them.

One routine draws on the colour and on the luma canvas, with other inks, so that neither
can drift from the other. Same scene, same frame: same bytes. The light and the noise of a
frame are `sensor.py`'s.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import Luma, Picture, Size
from emulator.core.scenes.figures import figures, shift_at
from emulator.core.scenes.scene import Light, Scene, Shape
from emulator.core.scenes.scene_document import BRIGHTEST, DARKEST, Colour, Pair, SceneError
from emulator.core.scenes.sensor import (
    Bytes,
    Levels,
    cut,
    is_plain,
    level_at,
    lit,
    mottle,
    noisy,
    scattered,
    tile,
)

FIXED_BITS = 4  # the ground's corners lie between pixels

_Whole = TypeVar("_Whole", int, NDArray[np.int32])


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A scene whose ground is drawn; all arrays are read-only.

    The first three reach beyond the picture by the scene's shake on all sides.

    picture  uint8 (rows, columns, 3): the ground and the front without people and noise
    luma     uint8 (rows, columns): the same
    front    uint8 (rows, columns): 255 where people are hidden; None if nowhere
    noise    uint8 (rows + 256, columns + 256): see sensor.tile
    """

    scene: Scene
    picture: Picture
    luma: Luma
    front: Bytes | None
    noise: Bytes


def stage(scene: Scene) -> Stage:
    """Return `scene` with its ground drawn; dear, so keep it as long as the scene."""
    picture = _ground(scene)
    luma = _bt601(*np.moveaxis(picture.astype(np.int32), 2, 0)).astype(np.uint8)
    front = _front(scene) if scene.front else None
    made = Stage(scene, picture, luma, front, tile(scene))
    for array in (picture, luma, front, made.noise):
        if array is not None:
            array.flags.writeable = False
    return made


def draw_luma(stage: Stage, index: int) -> Luma:
    """Return frame `index` (the first is 0) as luma: uint8 (rows, columns), fresh.

    It is the BT.601 luma of the same frame's picture, but for 1 grey level of rounding.
    """
    if not is_plain(stage.scene):
        # Colours may saturate one by one, so there is no short cut.
        return np.asarray(cv2.cvtColor(draw_picture(stage, index), cv2.COLOR_BGR2GRAY), np.uint8)
    luma = _drawn(stage, stage.luma, index, lambda colour: _bt601(*colour))
    luma += cut(stage.noise, stage.scene, index)  # exact: see scene_document.DARKEST
    return luma


def draw_picture(stage: Stage, index: int) -> Picture:
    """Return frame `index` in colour: uint8 (rows, columns, 3), fresh. Dear: ask seldom."""
    scene = stage.scene
    picture = _drawn(stage, stage.picture, index, lambda colour: colour)
    noise = cut(stage.noise, scene, index)
    if is_plain(scene):
        picture += np.asarray(cv2.merge((noise,) * 3), np.uint8)  # grey: so luma gets just that
        return picture
    at_ms = index * 1000 // scene.fps
    gain = level_at(scene.brightness, at_ms, 1)
    return noisy(lit(picture, gain), noise, level_at(scene.noise, at_ms, scene.noise_sigma))


def _drawn(stage: Stage, ground: Bytes, index: int, ink: Callable[[Colour], int | Colour]) -> Bytes:
    scene = stage.scene
    if not 0 <= index < scene.frame_count:
        raise SceneError(f"index={index} is outside 0..{scene.frame_count - 1}")
    at_ms = index * 1000 // scene.fps
    down, right = shift_at(scene, at_ms)
    top, left = scene.shake - down, scene.shake - right
    seen = np.s_[top : top + scene.size.rows, left : left + scene.size.columns]
    canvas = ground[seen].copy()
    there = figures(scene, at_ms)
    for figure in sorted(there, key=lambda figure: figure.foot_row):  # the nearest last
        for part in figure.parts:
            cv2.fillPoly(canvas, [part.corners], ink(part.colour))
    if stage.front is not None:
        cv2.copyTo(ground[seen], stage.front[seen], canvas)
    return canvas


def _bt601(blue: _Whole, green: _Whole, red: _Whole) -> _Whole:
    # In whole numbers, so that figures and ground round alike.
    return (114 * blue + 587 * green + 299 * red + 500) // 1000


def _ground(scene: Scene) -> Picture:
    rows, columns = _with_margin(scene)
    picture = np.full((rows, columns, 3), scene.backdrop, np.uint8)
    grain = np.zeros((rows, columns), np.float32)
    for shape in (*scene.ground, *scene.front):
        for outline, colour in _cells(shape):
            cv2.fillPoly(picture, [_fixed(outline, scene)], colour, cv2.LINE_AA, FIXED_BITS)
        whole = _fixed(shape.corners, scene)
        cv2.fillPoly(grain, [whole], shape.grain, cv2.LINE_8, FIXED_BITS)
    # A floor's grain is coarser than a sensor's: 4 x 4 pixels.
    still = mottle((scene.seed, 1), -(-rows // 4), -(-columns // 4))
    levels = grain * still.repeat(4, axis=0).repeat(4, axis=1)[:rows, :columns]
    for light in scene.light:
        _add_oval(levels, light, scene)
    bright = picture + levels[:, :, None]
    np.clip(np.rint(bright, out=bright), DARKEST, BRIGHTEST, out=bright)
    return bright.astype(np.uint8)


def _front(scene: Scene) -> Bytes:
    mask = np.zeros(_with_margin(scene), np.uint8)
    for shape in scene.front:
        for outline, _ in _cells(shape):
            cv2.fillPoly(mask, [_fixed(outline, scene)], 255, cv2.LINE_8, FIXED_BITS)
    return mask


def _with_margin(scene: Scene) -> Size:
    rows, columns = scene.size
    return Size(rows + 2 * scene.shake, columns + 2 * scene.shake)


def _cells(shape: Shape) -> Iterator[tuple[tuple[Pair, ...], Colour]]:
    if not shape.weights:
        yield shape.corners, shape.colours[0]
        return
    rows, columns = shape.cells
    edge = shape.gap / 2
    for row in range(rows):
        for column in range(columns):
            top, bottom = (row + edge) / rows, (row + 1 - edge) / rows
            left, right = (column + edge) / columns, (column + 1 - edge) / columns
            corners = ((left, top), (right, top), (right, bottom), (left, bottom))
            pick = (scattered(row * columns + column) >> 8) % len(shape.colours)
            yield tuple(_in_perspective(shape, *corner) for corner in corners), shape.colours[pick]


def _in_perspective(shape: Shape, right: float, down: float) -> Pair:
    # The unit square onto four corners, straight lines staying straight.
    shares = ((1 - right) * (1 - down), right * (1 - down), right * down, (1 - right) * down)
    pull = [share * weight for share, weight in zip(shares, shape.weights, strict=True)]
    x = sum(part * corner[0] for part, corner in zip(pull, shape.corners, strict=True))
    y = sum(part * corner[1] for part, corner in zip(pull, shape.corners, strict=True))
    return x / sum(pull), y / sum(pull)


def _fixed(outline: tuple[Pair, ...], scene: Scene) -> NDArray[np.int32]:
    # A pixel's centre is half a pixel in.
    pixels = np.array(outline) * (scene.size.columns, scene.size.rows) - 0.5 + scene.shake
    fixed: NDArray[np.int32] = np.rint(pixels * 2**FIXED_BITS).astype(np.int32)
    return fixed


def _add_oval(levels: Levels, light: Light, scene: Scene) -> None:
    """Add the light to `levels`. Strongest in the middle, and smoothly nothing at the rim."""
    y, x = ((np.arange(-scene.shake, length + scene.shake) + 0.5) / length for length in scene.size)
    across = ((x - light.centre[0]) / light.radius[0]) ** 2
    down = ((y - light.centre[1]) / light.radius[1]) ** 2
    here = np.ix_(np.flatnonzero(down < 1), np.flatnonzero(across < 1))  # there is none elsewhere
    inside = np.maximum(1 - across[None, :][:, here[1][0]] - down[:, None][here[0][:, 0]], 0)
    levels[here] += light.gain * inside * inside
