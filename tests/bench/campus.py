"""The heat map of people crossing at eye level, against boxes drawn by hand (MOT15 TUD-Campus).

71 pictures, people in view from the first: the hardest start there is. The true map is that
of the hand-drawn boxes clipped to the picture, each for as long as its picture stands.
"""

import csv

from bench import footage
from bench.baselines import NaiveMap, rivals
from bench.engine import BEGINS_MS, usual, watched
from bench.scores import pearson
from bench.table import METHODS, Outcome, Row
from emulator.core.frame import Box, Size, clip
from emulator.edge.sources import VideoFile

SIZE, FRAME_MS = Size(480, 640), 40


def run(options) -> Outcome:
    """Return the rows; none where the clip is absent."""
    path = footage.RESEARCH / "TUD-Campus.mp4"
    if not path.exists():
        return Outcome(skipped=["TUD-Campus, as ../shared/footage is not beside the checkout"])
    true = by_hand(path.with_name("TUD-Campus.gt.txt").read_text())
    maps = {"ours": watched(VideoFile(path, fps=None).frames(BEGINS_MS), usual())}
    thinned = watched(VideoFile(path).frames(BEGINS_MS), usual())
    others = rivals()
    maps |= {name: NaiveMap() for name in others}
    for picture in footage.pictures(path):
        for name, rival in others.items():
            maps[name].take(rival.mask(picture), FRAME_MS)
    return Outcome([*_rows("every frame", maps, true), *_rows("12.5", {"ours": thinned}, true)])


def by_hand(text) -> NaiveMap:
    """Return the map of the boxes in a MOT file: frame, id, left, top, width, height, ...

    Its pixels count from 1, and so do its frames.
    """
    true = NaiveMap()
    for row in csv.reader(text.splitlines()):
        left, top, width, height = (round(float(cell)) for cell in row[2:6])
        box = clip(Box(top - 1, left - 1, top - 1 + height, left - 1 + width), SIZE)
        if box.area:
            true.add(box, SIZE, FRAME_MS)
    return true


def _rows(rate, maps, true):
    r = {method: pearson(maps[method].cells, true.cells) for method in METHODS if method in maps}
    seconds = {method: maps[method].presence_ms / true.presence_ms for method in r}
    what = f"TUD-Campus, {rate}"
    return [
        Row("campus", f"{what}: map", "r", r),
        Row("campus", f"{what}: seconds", "x true", seconds),
    ]
