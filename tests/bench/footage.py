"""The footage that is measured on: clips drawn and encoded here, and research clips if present."""

import zipfile
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np

from emulator.edge import fixtures
from emulator.edge.sources import drawn

RESEARCH = Path(__file__).parents[3] / "shared" / "footage"
"""Other people's clips beside the checkout; never a part of the project."""

FPS, FRAMES, BETWEEN_KEYS = 25, 300, 50
FROM_S = 60
"""A stretch of the shop with two to five people in view."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A size of picture, and the bit rate of its clip."""

    rows: int
    columns: int
    bits_per_s: int

    @property
    def name(self):
        """Return how people call it."""
        return f"{self.rows}p"


CLIPS = (Clip(360, 640, 1_000_000), Clip(720, 1280, 2_500_000), Clip(1080, 1920, 5_000_000))


def encoded(clip, folder):
    """Return the path of `clip` as H.264 without B frames; encoded once, then kept in `folder`."""
    path = folder / f"shop-{clip.name}-{FRAMES}.mp4"
    if not path.exists():
        unfinished = path.with_suffix(".part")
        _encode(clip, unfinished)
        unfinished.replace(path)
    return path


def drawn_frames(clip):
    """Yield FRAMES frames of the drawn shop at the size of `clip`, 25 a second."""
    document = fixtures.scene("shop")
    document |= {"rows": clip.rows, "columns": clip.columns, "fps": FPS}
    frames = drawn("shop", document).frames(0)
    yield from islice(frames, FROM_S * FPS, FROM_S * FPS + FRAMES)


def pictures(path, pix_fmt="bgr24"):
    """Yield the pictures of a clip: uint8 (rows, columns, 3), or (rows, columns) for "gray"."""
    with av.open(str(path)) as container:
        container.streams.video[0].thread_count = 1
        for picture in container.decode(video=0):
            yield picture.to_ndarray(format=pix_fmt)


def labels():
    """Return highway's hand-drawn masks by number of picture, from 1, and its region of interest.

    uint8 (240, 320) each, CDnet's labels; bool (240, 320)
    """
    with zipfile.ZipFile(RESEARCH / "highway_masks.zip") as packed:
        drawn_by_hand = {
            int(name[-10:-4]): _grey(packed.read(name))
            for name in packed.namelist()
            if name.endswith(".png")
        }
        return drawn_by_hand, _grey(packed.read("ROI.bmp")) > 0


def _grey(coded):
    return cv2.imdecode(np.frombuffer(coded, np.uint8), cv2.IMREAD_GRAYSCALE)


def _encode(clip, path):
    with av.open(str(path), "w", format="mp4") as container:
        # As cameras stream: no B frames, a key frame every two seconds, a constant bit rate.
        options = {"bf": "0", "g": str(BETWEEN_KEYS), "keyint_min": str(BETWEEN_KEYS)}
        stream = container.add_stream("libx264", rate=FPS, options=options)
        stream.height, stream.width, stream.pix_fmt = clip.rows, clip.columns, "yuv420p"
        stream.bit_rate = clip.bits_per_s
        for index, frame in enumerate(drawn_frames(clip)):
            picture = av.VideoFrame.from_ndarray(frame.picture(), "bgr24")
            picture.pts, picture.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
