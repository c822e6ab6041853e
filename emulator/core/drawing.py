"""A scene's pixels: a ground that is drawn once, people on it, and a sensor's noise.

One routine draws on the colour and on the luma canvas, with other inks, so that neither
can drift from the other. Same scene, same frame: same bytes. Nothing is random: noise is
made of the raw bits of PCG64, which numpy promises to keep, unlike its distributions.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.figures import figures
from emulator.core.frame import Luma, Picture, Size
from emulator.core.scene import Light, Scene, Shape
from emulator.core.scene_document import BRIGHTEST, DARKEST, Colour, Pair, SceneError

SPARE = 256  # rows and columns by which the tile of noise is larger than the picture
FIXED_BITS = 4  # the ground's corners lie between pixels

_Levels = NDArray[np.float64]
_Whole = TypeVar("_Whole", int, NDArray[np.int32])


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A scene whose ground is drawn; all arrays are read-only.

    picture  uint8 (rows, columns, 3): the ground without people and noise
    luma     uint8 (rows, columns): the same
    noise    uint8 (rows + 256, columns + 256); 255 stands for -1, as sums wrap at 256
    """

    scene: Scene
    picture: Picture
    luma: Luma
    noise: NDArray[np.uint8]


def stage(scene: Scene) -> Stage:
    """Return `scene` with its ground drawn; dear, so keep it as long as the scene."""
    rows, columns = scene.size
    picture = _ground(scene)
    luma = _bt601(*np.moveaxis(picture.astype(np.int32), 2, 0)).astype(np.uint8)
    noise = _mottle((scene.seed, 0), rows + SPARE, columns + SPARE) * scene.noise_sigma
    tile = np.rint(noise).astype(np.int8).view(np.uint8)
    for array in (picture, luma, tile):
        array.flags.writeable = False
    return Stage(scene, picture, luma, tile)


def draw_luma(stage: Stage, index: int) -> Luma:
    """Return frame `index` (the first is 0) as luma: uint8 (rows, columns), fresh.

    It is the BT.601 luma of the same frame's picture, but for 1 grey level of rounding.
    """
    noise = _noise(stage, index)
    luma = stage.luma.copy()
    _draw_people(luma, stage.scene, index, lambda colour: _bt601(*colour))
    luma += noise  # exact: see scene.DARKEST
    return luma


def draw_picture(stage: Stage, index: int) -> Picture:
    """Return frame `index` in colour: uint8 (rows, columns, 3), fresh. Dear: ask seldom."""
    noise = _noise(stage, index)
    picture = stage.picture.copy()
    _draw_people(picture, stage.scene, index, lambda colour: colour)
    picture += np.asarray(cv2.merge((noise,) * 3), np.uint8)  # grey: so luma gets just that
    return picture


def _draw_people(
    canvas: NDArray[np.uint8], scene: Scene, index: int, ink: Callable[[Colour], int | Colour]
) -> None:
    there = figures(scene, index * 1000 // scene.fps)
    for figure in sorted(there, key=lambda figure: figure.foot_row):  # the nearest last
        for part in figure.parts:
            cv2.fillPoly(canvas, [part.corners], ink(part.colour))


def _bt601(blue: _Whole, green: _Whole, red: _Whole) -> _Whole:
    # In whole numbers, so that figures and ground round alike.
    return (114 * blue + 587 * green + 299 * red + 500) // 1000


def _noise(stage: Stage, index: int) -> NDArray[np.uint8]:
    # Another crop of the tile for each of 65,536 frames.
    if not 0 <= index < stage.scene.frame_count:
        raise SceneError(f"index={index} is outside 0..{stage.scene.frame_count - 1}")
    down, right = divmod(_scattered(index), SPARE)
    rows, columns = stage.scene.size
    return stage.noise[down : down + rows, right : right + columns]


def _scattered(number: int) -> int:
    # 0..65535, neighbours far apart, none twice in 65,536 (an odd factor modulo 2**16).
    return number * 40503 % 65536


def _mottle(seed: tuple[int, int], rows: int, columns: int) -> _Levels:
    # The ones among 16 fair bits have mean 8 and standard deviation 2; here 0 and 1.
    words = np.random.PCG64(seed).random_raw(-(-rows * columns // 4)).astype("<u8")
    ones = np.bitwise_count(words.view("<u2"))[: rows * columns]
    levels: _Levels = (ones.reshape(rows, columns) - 8.0) / 2
    return levels


def _ground(scene: Scene) -> Picture:
    picture = np.full((*scene.size, 3), scene.backdrop, np.uint8)
    grain = np.zeros(scene.size, np.float32)
    for shape in scene.ground:
        for outline, colour in _cells(shape):
            cv2.fillPoly(picture, [_fixed(outline, scene.size)], colour, cv2.LINE_AA, FIXED_BITS)
        whole = _fixed(shape.corners, scene.size)
        cv2.fillPoly(grain, [whole], shape.grain, cv2.LINE_8, FIXED_BITS)
    rows, columns = scene.size
    # A floor's grain is coarser than a sensor's: 4 x 4 pixels.
    mottle = _mottle((scene.seed, 1), -(-rows // 4), -(-columns // 4))
    levels = grain * mottle.repeat(4, axis=0).repeat(4, axis=1)[:rows, :columns]
    for light in scene.light:
        levels += _oval(light, scene.size)
    lit = np.clip(np.rint(picture + levels[:, :, None]), DARKEST, BRIGHTEST)
    return lit.astype(np.uint8)


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
            pick = (_scattered(row * columns + column) >> 8) % len(shape.colours)
            yield tuple(_in_perspective(shape, *corner) for corner in corners), shape.colours[pick]


def _in_perspective(shape: Shape, right: float, down: float) -> Pair:
    # The unit square onto four corners, straight lines staying straight.
    shares = ((1 - right) * (1 - down), right * (1 - down), right * down, (1 - right) * down)
    pull = [share * weight for share, weight in zip(shares, shape.weights, strict=True)]
    x = sum(part * corner[0] for part, corner in zip(pull, shape.corners, strict=True))
    y = sum(part * corner[1] for part, corner in zip(pull, shape.corners, strict=True))
    return x / sum(pull), y / sum(pull)


def _fixed(outline: tuple[Pair, ...], size: Size) -> NDArray[np.int32]:
    # A pixel's centre is half a pixel in.
    pixels = np.array(outline) * (size.columns, size.rows) - 0.5
    fixed: NDArray[np.int32] = np.rint(pixels * 2**FIXED_BITS).astype(np.int32)
    return fixed


def _oval(light: Light, size: Size) -> _Levels:
    # Strongest in the middle, and smoothly nothing at the rim.
    y, x = ((np.arange(length) + 0.5) / length for length in size)
    across = ((x - light.centre[0]) / light.radius[0]) ** 2
    down = ((y - light.centre[1]) / light.radius[1]) ** 2
    inside = np.maximum(1 - across[None, :] - down[:, None], 0)
    levels: _Levels = light.gain * inside * inside
    return levels
