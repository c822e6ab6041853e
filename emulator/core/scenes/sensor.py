"""What a scene's sensor makes of a drawn picture: how bright it is, and its noise.

Most scenes are plain: no change of light, and noise so weak that no sum leaves 0..255.
Theirs is one addition of whole levels. Else sums saturate, as they do in a sensor.

Nothing is random: noise is made of the raw bits of PCG64, which numpy promises to keep,
unlike its distributions.
"""

from bisect import bisect_right
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.scenes.scene import Level, Scene

SPARE = 256  # rows and columns by which the tile of noise is larger than the picture
QUIET = 4  # up to this sigma noise is never clipped: see scene_document.DARKEST
STEPS = 32  # a fine tile's steps to one standard deviation

Levels = NDArray[np.float64]
Bytes = NDArray[np.uint8]


def is_plain(scene: Scene) -> bool:
    """Tell whether no sum of light and noise can leave 0..255, at a gain of 1 throughout."""
    return not (scene.brightness or scene.noise or scene.noise_sigma > QUIET)


def tile(scene: Scene) -> Bytes:
    """Return the noise that frames are cut from: uint8 (rows + 256, columns + 256).

    Of a plain scene: whole levels, where 255 stands for -1, as sums wrap at 256. Else:
    128 plus 32 for each standard deviation.
    """
    rows, columns = (length + SPARE for length in scene.size)
    coarse = mottle((scene.seed, 0), rows, columns)
    if is_plain(scene):
        return np.rint(coarse * scene.noise_sigma).astype(np.int8).view(np.uint8)
    # A quarter of another mottle, and a quarter of that, fill the gaps that loud noise would
    # have between its levels.
    finer, finest = (mottle((scene.seed, place), rows, columns) for place in (2, 3))
    fine = (coarse + finer / 4 + finest / 16) / np.sqrt(1 + 1 / 16 + 1 / 256)
    return _saturated(fine * STEPS + 128)


def cut(tile: Bytes, scene: Scene, index: int) -> Bytes:
    """Return the part of the tile that is frame `index`'s; another for each of 65,536."""
    down, right = divmod(scattered(index), SPARE)
    rows, columns = scene.size
    return tile[down : down + rows, right : right + columns]


def lit(canvas: Bytes, gain: float) -> Bytes:
    """Return `canvas` as bright as `gain` makes it, rounded and saturated."""
    return cv2.LUT(canvas, _saturated(np.arange(256) * gain)).astype(np.uint8, copy=False)


def noisy(canvas: Bytes, noise: Bytes, sigma: float) -> Bytes:
    """Return `canvas`, in colour, with `noise` cut from a tile that is not plain: as grey."""
    levels = np.rint((np.arange(256) - 128) * (sigma / STEPS))
    # What is added and what is taken away, so that both ends saturate.
    parts = (cv2.LUT(noise, _saturated(part)) for part in (levels, -levels))
    more, less = (cv2.merge((part,) * 3) for part in parts)
    return cv2.subtract(cv2.add(canvas, more), less).astype(np.uint8, copy=False)


def level_at(levels: tuple[Level, ...], at_ms: int, otherwise: float) -> float:
    """Return what `levels` hold at an instant: linear between two, the nearest one outside.

    Of two at one instant the later one holds from that instant on. None: `otherwise`.
    """
    after = bisect_right(levels, at_ms, key=lambda level: level.at_ms)
    if not levels:
        return otherwise
    if after in (0, len(levels)):
        return levels[max(after - 1, 0)].value
    (from_ms, begin), (until_ms, end) = levels[after - 1 : after + 1]
    return begin + (end - begin) * (at_ms - from_ms) / (until_ms - from_ms)


def mottle(seed: tuple[int, int], rows: int, columns: int) -> Levels:
    """Return noise of mean 0 and standard deviation 1 in steps of 0.5: float64, by the seed."""
    # The ones among 16 fair bits have mean 8 and standard deviation 2; here 0 and 1.
    words = np.random.PCG64(seed).random_raw(-(-rows * columns // 4)).astype("<u8")
    ones = np.bitwise_count(words.view("<u2"))[: rows * columns]
    levels: Levels = (ones.reshape(rows, columns) - 8.0) / 2
    return levels


def scattered(number: int) -> int:
    """Return a number of 0..65535: neighbours' are far apart, none comes twice in 65,536."""
    return number * 40503 % 65536  # an odd factor modulo 2**16


def _saturated(levels: NDArray[np.floating[Any]]) -> Bytes:
    whole: Bytes = np.clip(np.rint(levels), 0, 255).astype(np.uint8)
    return whole
