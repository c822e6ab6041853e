"""What a camera writes over its pictures: the clock, and boxes around whom it has detected.

Pure: a picture in, a fresh picture out. Whoever shows heat takes picture.heat_picture; of
several, heat comes first, then boxes, and the clock last, so that it can always be read.

Clients ask for them by a query of our own: `?clock=1&boxes=1&heat=1` [INV].

The clock stands at the top left, white with a dark rim, so that it is legible on black, on
white and on anything between. CHOICE: place, size and form are [INV], for public material
shows no camera's own; recorders and people look for a clock there.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import Box, Picture, Size, clip

TEXT_SHARE = 24  # letters are one 24th of the picture's height
WIDEST_SHARE = 0.9  # of the picture's width; a narrow picture has smaller letters
WHITE, DARK = 255, 16  # of the letters, and of their rim

IN_REGION, OUTSIDE = (63, 210, 255), (255, 255, 255)  # blue, green, red; as on the live page
INK = (48, 36, 28)

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_CAPITAL = 21  # pixels high at scale 1
_TAG_SHARE = 40  # a tag's letters are one 40th of the picture's height

Canvas = NDArray[np.uint8]
"""uint8 (rows, columns, 3) or, as a luma plane is, (rows, columns)."""


class Marked(NamedTuple):
    """Somebody to draw a box around.

    box     in pixels of the picture that he was detected in
    stay_s  for how long he has been in the region; None: he is outside
    """

    box: Box
    stay_s: int | None


class Over(NamedTuple):
    """What is to be seen over a picture: the clock, boxes around objects, this hour's heat."""

    clock: bool = False
    boxes: bool = False
    heat: bool = False


NOTHING = Over()


def asked_over(query: Mapping[str, str], clock: bool = False) -> Over:
    """Return what a client's query asks for; `clock` if it says nothing of that.

    Only 1 and 0 say something: what is not understood is passed over, as cameras do.
    """
    said = {name: query.get(name) == "1" for name in Over._fields if query.get(name) in {"0", "1"}}
    return Over(**{"clock": clock} | said)


def marked_of(fields: Mapping[str, Any]) -> tuple[list[Marked], Size]:
    """Return whom `get.heatmap.objects` tells of, and the size that their boxes are in."""
    marked = []
    for one in fields["objectList"]:
        box = Box(one["top"], one["left"], one["bottom"], one["right"])
        marked.append(Marked(box, None if one["stay"] < 0 else one["stay"]))
    return marked, Size(fields["maxHeight"], fields["maxWidth"])


def with_clock(picture: Canvas, text: str) -> Canvas:
    """Return `picture`, or a luma plane, with `text` at the top left.

    text  a reading of the camera's wall clock; what isn't ASCII becomes question marks

    No pixel below the letters' line changes; `picture` itself never does.
    """
    shown = picture.copy()
    write_clock(shown, text)
    return shown


def write_clock(canvas: Canvas, text: str) -> None:
    """Write `text` onto `canvas` itself, as `with_clock` does onto a fresh one."""
    left, added = _clock(text, Size(*canvas.shape[:2]), canvas.ndim == 3)
    under = canvas[: left.shape[0], : left.shape[1]]
    if under.size:
        under[:] = cv2.add(cv2.multiply(under, left, scale=1 / 255), added)


def with_boxes(picture: Picture, marked: Iterable[Marked], size: Size) -> Picture:
    """Return `picture` with a box around each of `marked`, and in the region his seconds.

    size  of the picture that the boxes lie in, which may be finer than this one
    """
    shown = picture.copy()
    rows, columns, _ = picture.shape
    stroke = max(1, round(rows / 360))
    for box, stay_s in marked:
        top, left, bottom, right = clip(box, size)
        above, below = top * rows // size.rows, bottom * rows // size.rows
        before, behind = left * columns // size.columns, right * columns // size.columns
        colour = OUTSIDE if stay_s is None else IN_REGION
        corners = (before, above), (max(behind - 1, before), max(below - 1, above))
        cv2.rectangle(shown, *corners, INK, 3 * stroke)
        cv2.rectangle(shown, *corners, colour, stroke)
        if stay_s is not None:
            _tag(shown, f"{stay_s} s", above, before)
    return shown


@lru_cache(maxsize=8)  # a text lasts a second, at each size that somebody watches
def _clock(text: str, size: Size, in_colour: bool) -> tuple[Canvas, Canvas]:
    """Return how much of 255 is left of what the clock stands on, and what comes on top."""
    (width, _), _ = cv2.getTextSize(text, _FONT, 1, 2)
    scale = min(size.rows / TEXT_SHARE / _CAPITAL, WIDEST_SHARE * size.columns / max(width, 1))
    stroke = max(1, round(2 * scale))
    high = round(_CAPITAL * scale)
    margin = high // 2 + stroke
    letters = np.zeros((min(2 * margin + high, size.rows), size.columns), np.uint8)
    cv2.putText(letters, text, (margin, margin + high), _FONT, scale, 255, stroke, cv2.LINE_AA)
    # A bolder text would not do: this font's letters grow wider with their stroke.
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * stroke + 1, 2 * stroke + 1))
    rim = cv2.dilate(letters, around)
    inked = np.flatnonzero(rim.any(axis=0))
    used = np.s_[:, : inked[-1] + 1 if inked.size else 0]
    # Two layers, dark where the rim covers, then white where the letters do; in shares of 1.
    rim_share, letter_share = rim[used] / 255, letters[used] / 255
    left = (1 - rim_share) * (1 - letter_share)
    added = DARK * rim_share * (1 - letter_share) + WHITE * letter_share
    bytes_ = [np.rint(part).astype(np.uint8) for part in (255 * left, added)]
    if in_colour:
        bytes_ = [np.repeat(part[:, :, np.newaxis], 3, axis=2) for part in bytes_]
    return bytes_[0], bytes_[1]


def _tag(shown: Picture, text: str, above: int, before: int) -> None:
    rows = shown.shape[0]
    scale = rows / _TAG_SHARE / _CAPITAL
    stroke = max(1, round(2 * scale))
    (width, _), _ = cv2.getTextSize(text, _FONT, scale, stroke)
    letters = round(_CAPITAL * scale)
    foot = max(above, 2 * letters)
    end = before + width + letters, foot - 2 * letters
    cv2.rectangle(shown, (before, foot), end, IN_REGION, cv2.FILLED)
    at = before + letters // 2, foot - letters // 2
    cv2.putText(shown, text, at, _FONT, scale, INK, stroke, cv2.LINE_AA)
