"""A small drawn scene, worked out by hand, for tests: its document and what is in its frames.

It is 404 rows by 800 columns. A foot at y = 0.5 stands on row 202 and carries a body 0.25 of
404 = 101 rows high: 100 steps of a pixel, so that its half widths, 0.09 from the side and
0.17 from the front, are 9 and 17 columns to both sides of the foot's column.
"""

import numpy as np

from emulator.core.frame import Box
from emulator.core.scenes.figures import people
from emulator.core.scenes.scene import read_scene

VISIT = {"at_s": 1, "route": "east", "pace_s": 8, "clothes": "dark"}
SMALL = {
    "name": "small",
    "length_s": 12,
    "fps": 10,
    "rows": 404,
    "columns": 800,
    "noise_sigma": 0,
    "seed": 1,
    "backdrop": "#c8c8c8",
    "back_y": 0.2,
    "back_height": 0.2,
    "front_y": 0.8,
    "front_height": 0.3,
    "route": [
        {"name": "east", "points": [[0, 0.1, 0.5], [1, 0.9, 0.5]]},
        {"name": "nearer", "points": [[0, 0.5, 0.2], [1, 0.5, 0.8]]},
        {"name": "corner", "points": [[0, 0.1, 0.5], [0.25, 0.5, 0.5], [1, 0.5, 0.8]]},
    ],
    "clothes": [
        {"name": "dark", "top": "#203050", "legs": "#303030", "hair": "#402010", "skin": "#a07050"}
    ],
    "visit": [VISIT],
}


def small(**changes):
    """The small scene with other values at some keys."""
    return read_scene(SMALL | changes)


def visits(*changes):
    """The small scene with these visits, each told by how it differs from VISIT."""
    return small(visit=[VISIT | change for change in changes])


def boxes(scene, at_ms):
    return [tuple(person.box) for person in people(scene, at_ms)]


def changed(before, after):
    """The box around the pixels in which two pictures differ; None if there are none."""
    rows, columns = np.nonzero((before != after).any(axis=2))
    if not rows.size:
        return None
    return Box(*map(int, (rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)))
