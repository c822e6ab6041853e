"""A video's whole way, file to heat, against decoding it and looking away; one thread.

Ours goes the way of `stuntcam analyze` without writing reports: VideoFile, then the detector,
then heat. `analyze` also looks at a picture in colour once a second, for the heat map to lie
on; that is timed on its own. The rivals get what they take, colour of full size, and heat a
map naively; one round each, as they are here only to compare.
"""

from collections.abc import Callable
from functools import partial

import av

from bench import footage
from bench.baselines import NaiveMap, rivals
from bench.engine import BEGINS_MS, Watch, usual
from bench.table import Bound, Outcome, Row
from bench.timing import best_of
from emulator.core.detection import backdrop
from emulator.edge.sources import ANALYSE_FPS, VideoFile

FRAME_MS = 1000 // footage.FPS
BOUNDS = {"1080p": {None: Bound("at most", 1.5), ANALYSE_FPS: Bound("at most", 1.25)}}
BARE = "bare decoding"
RATES = {"every frame": None, "at most 12.5 frames a second": ANALYSE_FPS}
WITH_COLOUR = "every frame, and a picture in colour once a second"


def run(options) -> Outcome:
    """Return the rows of each size."""
    outcome = Outcome()
    for clip in footage.CLIPS:
        options.say(f"decode {clip.name}")
        outcome.rows += _rows(clip, footage.encoded(clip, options.cache), options)
    return outcome


def _rows(clip, path, options):
    runs: dict[str, Callable] = {BARE: partial(_bare, path)}
    runs |= {name: partial(_ours, path, fps) for name, fps in RATES.items()}
    runs[WITH_COLOUR] = partial(_ours, path, None, colour=True)
    best = best_of(options.rounds, runs)
    others = {} if options.ours else {n: partial(_rival, path, n) for n in rivals()}
    rivals_s = best_of(1, others)
    bare_s = best.pop(BARE)
    rows = [
        Row("decode", f"{clip.name} {BARE}", "frames/s", {"ours": footage.FRAMES / bare_s}),
    ]
    for name, took_s in best.items():
        every = name == "every frame"
        took = {"ours": took_s} | (rivals_s if every else {})
        rates = {method: footage.FRAMES / seconds for method, seconds in took.items()}
        times = {method: seconds / bare_s for method, seconds in took.items()}
        bound = BOUNDS.get(clip.name, {}).get(RATES.get(name)) if name in RATES else None
        what = f"{clip.name} file to heat, {name}"
        rows.append(Row("decode", what, "frames/s", rates))
        rows.append(Row("decode", what, "x bare decoding", times, bound))
    return rows


def _bare(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        seen = sum(1 for _ in container.decode(stream))
    assert seen == footage.FRAMES


def _ours(path, fps, colour=False):
    watch = Watch(usual())
    video = VideoFile(path, fps=fps, threads=1)
    scene, looked_ms = None, 0
    for frame in video.frames(BEGINS_MS):
        mask = watch.take(frame)
        if colour and frame.at_ms - looked_ms >= backdrop.LOOK_EVERY_MS:
            scene = backdrop.learnt(scene, frame.picture(), mask)
            looked_ms = frame.at_ms
    watch.close()
    assert video.count.decoded == footage.FRAMES


def _rival(path, name):
    rival, naive = rivals()[name], NaiveMap()
    for picture in footage.pictures(path):
        naive.take(rival.mask(picture), FRAME_MS)
