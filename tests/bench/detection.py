"""Detection of frames that are in memory already, one thread: pictures a second.

Ours gets the decoder's picture and looks at its brightness, from there to tracks and stays;
the rivals get colour of full size, and only make their mask. Frames go to and fro, so that
nothing jumps where a round meets the next.
"""

from dataclasses import dataclass
from functools import partial
from itertools import islice

import av

from bench import footage
from bench.baselines import rivals
from bench.engine import BEGINS_MS, Watch, usual
from bench.table import METHODS, Bound, Outcome, Row
from bench.timing import best_of
from emulator.core.frame import Frame
from emulator.edge.sources import luma_of

TIMES_BOUNDS = {"CNT": Bound("at least", 2.5), "MOG2": Bound("at least", 15)}
IN_MEMORY = 60
"""Frames; in colour 60 of 1080p are 373 MB."""
FRAME_MS = 1000 // footage.FPS


def run(options) -> Outcome:
    """Return the rows of each size."""
    outcome = Outcome()
    for clip in footage.CLIPS:
        options.say(f"detection {clip.name}")
        outcome.rows += _rows(clip, footage.encoded(clip, options.cache), options.rounds)
    return outcome


def _rows(clip, path, rounds):
    with av.open(str(path)) as container:
        decoded = list(islice(container.decode(video=0), IN_MEMORY))
    coloured = [picture.to_ndarray(format="bgr24") for picture in decoded]
    runs = {"ours": _Ours(decoded).go}
    runs |= {name: partial(_look, rival.look, coloured) for name, rival in rivals().items()}
    best_of(1, runs)  # everybody settles in
    best = best_of(rounds, runs)
    rates = {method: 2 * IN_MEMORY / best[method] for method in METHODS if method in best}
    rows = [Row("detection", f"{clip.name} detection in memory", "frames/s", rates)]
    if clip.name == "1080p":
        for rival, bound in TIMES_BOUNDS.items():
            if rival in rates:
                times = {"ours": rates["ours"] / rates[rival]}
                what = f"{clip.name} detection in memory, against {rival}"
                rows.append(Row("detection", what, f"x {rival}", times, bound))
    return rows


def _look(look, pictures):
    for picture in (*pictures, *reversed(pictures)):
        look(picture)


@dataclass(slots=True)
class _Ours:
    """Our detector, going on where the last round ended."""

    decoded: list
    watch: Watch
    at_ms: int

    def __init__(self, decoded):
        self.decoded, self.watch, self.at_ms = decoded, Watch(usual()), BEGINS_MS

    def go(self):
        for picture in (*self.decoded, *reversed(self.decoded)):
            until_ms = self.at_ms + FRAME_MS
            self.watch.take(Frame(self.at_ms, until_ms, luma_of(picture), lambda: None))
            self.at_ms = until_ms
