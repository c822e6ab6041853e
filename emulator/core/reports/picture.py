"""Reports as pictures: heat in colours over the scene it was measured in (REP-03).

Pure: arrays in, arrays or encoded bytes out; the bytes carry no date. Nothing is drawn
beside the scene, the legend belongs on the page.

  level   0..255, a pixel's share of the hottest pixel's heat
  colour  by level, blue through green and yellow to red; facts 4.4
  alpha   how much of 255 the colour covers, by level; CONTRACT 5, "Picture"
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import MAP_COLUMNS, MAP_ROWS, Picture, Size

STOPS = (  # facts 4.4: share of the maximum, then blue, green, red; linear between
    (0.25, 255, 0, 0),  # below, too
    (0.55, 0, 255, 0),
    (0.85, 0, 255, 255),
    (1.00, 0, 0, 255),
)
LEAST_ALPHA, MOST_ALPHA = 64, 128  # of 255, at no heat and at the maximum; CONTRACT 5

NO_PICTURE_SIZE = (360, 640)  # rows, columns
NO_PICTURE_GREY = 32

_MAP = (MAP_ROWS, MAP_COLUMNS)
_Heat = NDArray[np.integer[Any] | np.floating[Any]]
_Bools = NDArray[np.bool_]
_Shares = NDArray[np.floating[Any] | np.integer[Any]]


class PictureError(ValueError):
    """A picture that cannot be made; the message names the argument and what would do."""


def palette() -> Picture:
    """Return each level's colour before blending: uint8 (1, 256, 3), a strip for a legend."""
    shares, *channels = np.array(STOPS).T
    colours = [np.interp(np.arange(256) / 255, shares, channel) for channel in channels]
    strip: Picture = np.rint(np.stack(colours, axis=-1)).astype(np.uint8)[np.newaxis]
    return strip


def heat_picture(background: Picture, heat: _Heat, counted: _Bools) -> Picture:
    """Return `background` with `heat` over the part of it that is counted.

    heat     any numbers, (192, 192), none negative; heat where nothing is counted is ignored
    counted  bool (192, 192), the region on the map; a pixel follows the cell under its centre

    Inside, the hottest pixel is covered by pure red at alpha 128, one without heat by blue at
    alpha 64; outside, the background stays as it is. Raises PictureError for other shapes.
    """
    _check(background, heat, counted)
    rows, columns, _ = background.shape
    down, across = _cells_under(rows, MAP_ROWS), _cells_under(columns, MAP_COLUMNS)
    inside = counted.take(down, axis=0).take(across, axis=1)
    levels = _levels(heat, counted, inside)
    alpha = LEAST_ALPHA + np.rint(np.arange(256) * ((MOST_ALPHA - LEAST_ALPHA) / 255))
    alpha = alpha.astype(np.uint16)[np.newaxis]
    # 255 x 255 + 127 just fits 16 bits; whole numbers are the same on every machine. All of the
    # picture is blended, since picking out what is inside takes several times as long.
    per_channel = cv2.merge((levels, levels, levels))
    blended = background * cv2.LUT(per_channel, 255 - alpha)
    blended += cv2.LUT(per_channel, palette() * alpha[..., np.newaxis] + 127)
    blended //= 255
    shown = background.copy()
    cv2.copyTo(blended.astype(np.uint8), inside.astype(np.uint8), shown)
    return shown


def heat_layers(size: Size, heat: _Heat, counted: _Bools) -> tuple[Picture, Picture]:
    """Return how much of 255 heat leaves of a picture of `size`, and what it adds.

    For pictures that follow one another: under_heat makes of each what heat_picture would, but
    for a level of rounding, at a hundredth of its cost.
    """
    added = heat_picture(np.zeros((*size, 3), np.uint8), heat, counted)
    left: Picture = heat_picture(np.full((*size, 3), 255, np.uint8), heat, counted) - added
    return left, added


def under_heat(background: Picture, layers: tuple[Picture, Picture]) -> Picture:
    """Return `background` with the heat of heat_layers over it."""
    left, added = layers
    return np.asarray(cv2.add(cv2.multiply(background, left, scale=1 / 255), added), np.uint8)


def no_picture() -> Picture:
    """Return what a camera shows that has seen nothing yet: dark grey, and says so."""
    shown: Picture = np.full((*NO_PICTURE_SIZE, 3), NO_PICTURE_GREY, np.uint8)
    rows, columns = NO_PICTURE_SIZE
    text, font, white = "no picture yet", cv2.FONT_HERSHEY_SIMPLEX, (255, 255, 255)
    (width, height), _ = cv2.getTextSize(text, font, 1, 2)
    at = (columns - width) // 2, (rows + height) // 2
    cv2.putText(shown, text, at, font, 1, white, 2, cv2.LINE_AA)
    return shown


def png(picture: Picture) -> bytes:
    """Return `picture` as a PNG file without loss."""
    return _encoded(".png", picture, [])


def jpeg(picture: Picture, quality: int = 85) -> bytes:
    """Return `picture` as a JPEG file of `quality` 1..100."""
    if not 1 <= quality <= 100:
        raise PictureError(f"quality={quality} is outside 1..100")
    return _encoded(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])


def _check(background: Picture, heat: _Heat, counted: _Bools) -> None:
    for name, map_ in (("heat", heat), ("counted", counted)):
        if map_.shape != _MAP:
            raise PictureError(f"{name} is {map_.shape}, not {_MAP}")
    if not (np.isfinite(heat) & (heat >= 0)).all():
        raise PictureError("heat has cells that are negative or no number")
    _check_picture("background", background)


def _check_picture(name: str, picture: Picture) -> None:
    if picture.ndim != 3 or picture.shape[2] != 3 or not picture.size or picture.dtype != np.uint8:
        shape = f"{picture.dtype} {picture.shape}"
        raise PictureError(f"{name} is {shape}, not uint8 (rows, columns, 3) with a pixel")


def _cells_under(pixels: int, cells: int) -> NDArray[np.intp]:
    # The cell under each pixel's centre, in whole numbers, as in frame.py.
    return (2 * np.arange(pixels) + 1) * cells // (2 * pixels)


def _levels(heat: _Heat, counted: _Bools, inside: _Bools) -> NDArray[np.uint8]:
    """Return each pixel's level, 0..255; 255 for the hottest one inside, if there is heat."""
    cells = np.where(counted, heat, 0).astype(np.float64)
    # In shares before scaling, so that single precision does whatever the unit of heat is.
    shares = _scaled((cells / (cells.max() or 1)).astype(np.float32), inside.shape)
    hottest = shares.max(initial=0, where=inside) or 1
    # Beyond the region's edge it may be hotter; nobody looks there, but it must fit a byte.
    levels: NDArray[np.uint8] = np.rint(np.minimum(shares / hottest, 1) * 255).astype(np.uint8)
    return levels


def _scaled(shares: _Shares, shape: tuple[int, ...]) -> _Shares:
    # Bilinear (facts 4.4: smooth). CHOICE: along a side with fewer pixels than cells, the mean
    # of the cells, since a single hot cell between two pixels' centres would be lost.
    rows, columns = shape
    for width, height in ((MAP_COLUMNS, rows), (columns, rows)):
        shrinks = height < shares.shape[0] or width < shares.shape[1]
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        shares = cv2.resize(shares, (width, height), interpolation=how)
    return shares


def _encoded(extension: str, picture: Picture, parameters: list[int]) -> bytes:
    _check_picture("picture", picture)
    _, encoded = cv2.imencode(extension, picture, parameters)
    return encoded.tobytes()
