"""The mask against masks drawn by hand: CDnet 2014's baseline/highway, by CDnet's rules.

Everybody sees every picture of 320 x 240 from the first; pictures 470 to 1700 are judged.
Ours is the mask before object rules. The bound on time is for making the mask, as that is all
that the rivals do; the whole detector's, tracks and stays included, is told as well.
"""

import time
from unittest.mock import patch

import numpy as np

from bench import footage
from bench.baselines import rivals
from bench.engine import BEGINS_MS, Watch, usual
from bench.scores import Confusion
from bench.table import METHODS, Bound, Outcome, Row
from emulator.core.detection import foreground
from emulator.core.frame import Frame

JUDGED = range(470, 1701)
FRAME_MS = 40
WHOLE = "the whole detector"
F_BOUND, TIME_BOUND = Bound("at least", 0.93), Bound("at most", 0.4)


def run(options) -> Outcome:
    """Return the rows; none where the clip is absent."""
    clip = footage.RESEARCH / "highway.mp4"
    if not clip.exists():
        return Outcome(skipped=["highway, as ../shared/footage is not beside the checkout"])
    frames = list(zip(footage.pictures(clip), footage.pictures(clip, "gray"), strict=True))
    counts, best = _look(frames, judged=True)
    # Later rounds are for the time alone.
    for _ in range(options.rounds - 1):
        again = _look(frames, judged=False)[1]
        best = {method: min(best[method], again[method]) for method in best}
    f, precision, recall = (
        {method: getattr(counts[method], kind) for method in METHODS if method in counts}
        for kind in ("f_measure", "precision", "recall")
    )
    each_ms = {method: 1000 * best[method] / len(frames) for method in f}
    of_mog2 = {method: each_ms[method] / each_ms["MOG2"] for method in f}
    whole_ms = 1000 * best[WHOLE] / len(frames)
    what = "highway, 320 x 240"
    return Outcome(
        [
            Row("highway", what, "F", f, F_BOUND),
            Row("highway", what, "precision", precision),
            Row("highway", what, "recall", recall),
            Row("highway", what, "ms a frame", each_ms),
            Row("highway", what, "x time of MOG2", of_mog2, TIME_BOUND),
            Row("highway", f"{what}, objects and tracks too", "ms a frame", {"ours": whole_ms}),
        ]
    )


def _look(frames, judged):
    # All take turns at each picture, so that a busy machine is busy for all.
    labels, inside = footage.labels() if judged else ({}, None)
    watch, others = Watch(usual()), rivals()
    counts = dict.fromkeys(("ours", *others), Confusion())
    spent_s = dict.fromkeys(counts, 0.0)
    mask_only = _Timed(foreground.find)
    with patch.object(foreground, "find", mask_only):
        _take_turns(frames, watch, others, counts, spent_s, labels, inside)
    # The mask alone is what the rivals make.
    spent_s[WHOLE], spent_s["ours"] = spent_s["ours"], mask_only.spent_s
    return counts, spent_s


class _Timed:
    """A function, and the time it has taken."""

    def __init__(self, function):
        self.function, self.spent_s = function, 0.0

    def __call__(self, *arguments):
        began_s = time.process_time()
        try:
            return self.function(*arguments)
        finally:
            self.spent_s += time.process_time() - began_s


def _take_turns(frames, watch, others, counts, spent_s, labels, inside):
    for number, (picture, luma) in enumerate(frames, start=1):
        at_ms = BEGINS_MS + number * FRAME_MS
        frame = Frame(at_ms, at_ms + FRAME_MS, luma, lambda: None)
        lookers = {"ours": lambda _, frame=frame: watch.take(frame)}
        lookers |= {name: rival.look for name, rival in others.items()}
        for name, look in lookers.items():
            began_s = time.process_time()
            mask = look(picture)
            spent_s[name] += time.process_time() - began_s
            if number in labels and number in JUDGED:
                counts[name] = counts[name].plus(_sized(mask, luma.shape), labels[number], inside)


def _sized(mask, shape):
    if mask.shape == shape:
        return mask
    rows, columns = ((np.arange(n) * m) // n for n, m in zip(shape, mask.shape, strict=True))
    return mask[np.ix_(rows, columns)]
