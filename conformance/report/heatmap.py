"""A heat map as a small picture for reports: what a check read, in the article's colours.

Blue is the least heat, red the most (REP-03); where none is, the picture is grey.
"""

import struct
import zlib
from collections.abc import Mapping

SIDE = 192  # WIRE-02

STOPS = ((0.0, (40, 80, 230)), (0.45, (40, 190, 90)), (0.75, (240, 210, 40)), (1.0, (220, 30, 30)))
"""Share of the largest value, and its red, green and blue."""
GROUND = (214, 219, 226)
LEVELS = 63


def png(cells: Mapping[tuple[int, int], int]) -> bytes:
    """Return seconds by (row, column) as a PNG of SIDE x SIDE; cells off the map are left out."""
    largest = max(cells.values(), default=0)
    rows = [bytearray(1 + SIDE) for _ in range(SIDE)]  # each begins with its filter: 0, none
    for (row, column), seconds in cells.items():
        if 0 <= row < SIDE and 0 <= column < SIDE and seconds > 0:
            rows[row][1 + column] = max(1, round(LEVELS * seconds / largest))
    palette = bytes(part for level in range(LEVELS + 1) for part in _colour(level))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)  # 8 bits a pixel, by palette
    chunks = (
        (b"IHDR", header),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(b"".join(rows), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _colour(level: int) -> tuple[int, int, int]:
    if level == 0:
        return GROUND
    share = level / LEVELS
    above = next(number for number, (stop, _) in enumerate(STOPS) if share <= stop)
    (low, dark), (high, bright) = STOPS[above - 1], STOPS[above]
    part = (share - low) / (high - low)
    red, green, blue = (round(a + part * (b - a)) for a, b in zip(dark, bright, strict=True))
    return red, green, blue


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
