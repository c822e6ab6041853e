"""Clips that tests look at: drawn here, encoded for real."""

from fractions import Fraction

import av
import numpy as np


def walk(frames, rows=180, columns=320, pace=2, top=60, height=60, width=40):
    """Grey pictures of a dark block that walks from left to right over a mottled ground."""
    ground = np.random.default_rng(7).integers(120, 136, (rows, columns)).astype(np.uint8)
    for index in range(frames):
        picture = ground.copy()
        left = index * pace - width
        picture[top : top + height, max(left, 0) : max(left + width, 0)] = 30
        yield picture


def write_clip(path, pictures, fps=25, codec="mpeg4", stamps=None, options=None):
    """Encode grey pictures; `stamps` are PTS in frames where they are not 0, 1, 2 ..."""
    with av.open(str(path), "w") as container:
        stream = None
        for index, picture in enumerate(pictures):
            if stream is None:
                stream = container.add_stream(codec, rate=fps, options=options or {})
                stream.height, stream.width = picture.shape
                stream.pix_fmt = "yuv420p"
                stream.bit_rate = 4_000_000
            frame = av.VideoFrame.from_ndarray(np.repeat(picture[:, :, None], 3, 2), "rgb24")
            frame.pts = index if stamps is None else stamps[index]
            frame.time_base = Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
