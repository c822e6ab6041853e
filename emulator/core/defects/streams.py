"""Defects of the pictures that a camera sends."""

from dataclasses import replace

import numpy as np

from emulator.core.defects.defect import Defect
from emulator.core.frame import Frame, Picture
from emulator.core.policy import Snapped, Streamed

BARS = ((235, 235, 235), (16, 235, 235), (235, 235, 16), (16, 235, 16), (235, 16, 16), (16, 16, 16))
"""From left to right: blue, green and red of a test card."""


def bars(picture: Picture) -> Picture:
    """Return upright bars of a picture's size."""
    rows, columns, _ = picture.shape
    bar_of = np.arange(columns) * len(BARS) // columns
    across = np.array(BARS, np.uint8)[bar_of]
    return np.ascontiguousarray(np.broadcast_to(across, (rows, columns, 3)))


def _another_scene(right: Streamed) -> Streamed:
    def wrong(frame: Frame) -> Frame:
        seen = right(frame)
        return replace(seen, picture=lambda: bars(seen.picture()), planes=None, coded=None)

    return wrong


def _mirrored(right: Streamed) -> Streamed:
    def wrong(frame: Frame) -> Frame:
        seen = right(frame)
        return replace(
            seen,
            picture=lambda: np.ascontiguousarray(seen.picture()[:, ::-1]),
            planes=None,
            coded=None,
        )

    return wrong


def _the_first_one(right: Snapped) -> Snapped:
    return lambda now, before: right(now, None) if before is None else before


DEFECTS = (
    Defect(
        "rtsp-another-scene",
        "The RTSP streams show a test card, not what the camera sees.",
        ("WIRE-04",),
        {"streamed": _another_scene},
    ),
    Defect(
        "rtsp-mirrored",
        "The RTSP streams show what the camera sees mirrored, left for right.",
        ("WIRE-04",),
        {"streamed": _mirrored},
    ),
    Defect(
        "snapshot-stale",
        "A snapshot shows what the first one showed, however long that is ago.",
        ("WIRE-04",),
        {"snapped": _the_first_one},
    ),
)
