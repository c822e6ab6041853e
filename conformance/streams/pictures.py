"""What is in a picture: JPEG read within bounds, MJPEG taken apart, blocks found, two compared.

Pure. A picture is ROWS x COLUMNS (scenes.py) grey levels here, whatever its size was: streams of
several sizes show one scene, and what they show is compared by place, not by pixel.
"""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from conformance.bounds import mark_between_pictures
from conformance.scenes import COLUMNS, FLOOR, ROWS, Block, narrower

Grey = NDArray[np.uint8]

MOST_PIXELS = 64_000_000
"""Of a picture; no camera's is larger."""
HALF_WAY = 40
"""So many grey levels from the floor and a block counts as there."""

GRID = (9, 16)
ALIKE_LEVELS, ALIKE_SHARE = 24, 0.7
"""Two pictures are of one scene if so many parts of a grid differ by no more than that."""


class PictureError(ValueError):
    """What should be a picture is none; the message says why."""


def jpeg(body: bytes) -> tuple[Grey, tuple[int, int]]:
    """Return a JPEG as grey levels, and its width and height. Raises PictureError."""
    width, height = jpeg_size(body)
    if width * height > MOST_PIXELS:
        raise PictureError(f"{width} x {height} pixels are more than {MOST_PIXELS}")
    found = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_GRAYSCALE)
    if found is None:
        raise PictureError("a JPEG that can't be decoded")
    return scaled(found.astype(np.uint8)), (width, height)


def jpeg_size(body: bytes) -> tuple[int, int]:
    """Return width and height as a JPEG's frame header tells (ITU-T T.81, B.2.2)."""
    if not body.startswith(b"\xff\xd8"):
        raise PictureError(f"no JPEG: it begins with {body[:8]!r}")
    at = 2
    while at + 9 < len(body) and body[at] == 0xFF:
        marker = body[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = (int.from_bytes(body[at + n : at + n + 2]) for n in (5, 7))
            return width, height
        at += 2 + int.from_bytes(body[at + 2 : at + 4])
    raise PictureError("a JPEG without a frame header")


def scaled(grey: Grey) -> Grey:
    """Return a picture at the size that all are compared at."""
    return cv2.resize(grey, (COLUMNS, ROWS), interpolation=cv2.INTER_AREA).astype(np.uint8)


def parts(body: bytes, content_type: str) -> list[bytes]:
    """Return the whole JPEGs in the beginning of an MJPEG stream. Raises PictureError."""
    between = mark_between_pictures(content_type)
    if not between:
        raise PictureError(f"Content-Type {content_type[:80]!r} is no multipart/x-mixed-replace")
    pieces = [piece.partition(b"\r\n\r\n")[2] for piece in body.split(between)[1:-1]]
    return [piece.rstrip(b"\r\n") for piece in pieces if piece]


def seen(picture: Grey, blocks: Iterable[Block]) -> list[int]:
    """Return the numbers of the blocks that a picture shows: in their boxes it is dark."""
    floor = FLOOR - HALF_WAY
    return [
        number
        for number, block in enumerate(blocks)
        if float(np.mean(_within(picture, block))) < floor
    ]


def _within(picture: Grey, block: Block) -> Grey:
    box = narrower(block.box)
    return picture[box.top : box.bottom, box.left : box.right]


def likeness(one: Grey, other: Grey) -> float:
    """Return the share of a grid's parts in which two pictures are alike, 0 to 1."""
    grids = [cv2.resize(each, GRID[::-1], interpolation=cv2.INTER_AREA) for each in (one, other)]
    apart = np.abs(grids[0].astype(int) - grids[1].astype(int))
    return float(np.mean(apart <= ALIKE_LEVELS))
