"""What the detector keeps for one camera: after a minute, and over a simulated day.

The state is measured twice: the bytes of its arrays, and its whole length when pickled, which
also shows lists that grow. The day is the drawn shop over and over, RATE frames a second at
180 rows, in a process of its own, whose peak memory is told too.
"""

import pickle
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, is_dataclass, replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from bench.engine import BEGINS_MS, Watch, usual
from bench.table import Bound, Outcome, Row
from emulator.edge import fixtures
from emulator.edge.sources import drawn

BOUND, FLAT_BOUND = Bound("at most", 20.0), Bound("at most", 1.1)
SIZES = {"1080p": (1080, 1920), "718 x 1276, the largest that is halved once": (718, 1276)}
MINUTE_FRAMES, RATE = 600, 2
HOURS = 24
MB = 1e6


def array_bytes(value) -> int:
    """Return the bytes of all arrays within a value of dataclasses, tuples and dicts.

    An array that several places share counts once; a view counts as the whole it keeps alive.
    """
    return sum(_arrays(value, {}).values())


def run(options) -> Outcome:
    """Return the rows."""
    rows = []
    fresh = get_context("spawn")  # a fork would begin with what other rooms left behind
    with ProcessPoolExecutor(1, fresh) as pool:
        for name, size in SIZES.items():
            options.say(f"memory: a minute of {name}")
            arrays, whole = pool.submit(_after_a_minute, size).result()
            what = f"state after a minute, {name}"
            rows.append(Row("memory", f"{what}: arrays", "MB", {"ours": arrays / MB}, BOUND))
            rows.append(Row("memory", f"{what}: pickled", "MB", {"ours": whole / MB}, BOUND))
    options.say("memory: a day, for some minutes")
    with ProcessPoolExecutor(1, fresh) as pool:
        wholes, peak_bytes = pool.submit(_over_a_day).result()
    highest = {"ours": max(wholes) / MB}
    growth = {"ours": max(wholes[1:]) / wholes[0]}
    day = "state over a day at 180 rows"
    rows += [
        Row("memory", f"{day}: highest, pickled", "MB", highest, BOUND),
        Row("memory", f"{day}: highest hour over the first", "x", growth, FLAT_BOUND),
        Row("memory", "peak memory of that process, libraries included", "MB",
            {"ours": peak_bytes / MB}),
    ]  # fmt: skip
    return Outcome(rows)


def _after_a_minute(size):
    cv2.setNumThreads(1)
    watch = Watch(usual())
    for frame in islice(_shop(*size).frames(BEGINS_MS), MINUTE_FRAMES):
        watch.take(frame)
    return array_bytes(watch.state), len(pickle.dumps(watch.state))


def _over_a_day():
    """Return the highest pickled length of the state in each hour, and the process's peak."""
    cv2.setNumThreads(1)
    watch = Watch(usual())
    scene = _shop(180, 320, fps=RATE)
    begins_ms, wholes = BEGINS_MS, []
    for _ in range(HOURS):
        highest = 0
        for _ in range(round(3600 / scene.duration_s)):
            for frame in scene.frames(begins_ms):
                watch.take(replace(frame, cut=False))
                highest = max(highest, _now_and_then(watch, frame))
            begins_ms += round(scene.duration_s * 1000)
        wholes.append(highest)
        watch.stays.clear()  # ours to collect, not the detector's to keep
    return wholes, _peak_bytes()


def _peak_bytes():
    status = Path("/proc/self/status")
    if not status.exists():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    # Where there is a choice: Linux hands a parent's ru_maxrss down to its children.
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024


def _now_and_then(watch, frame):
    # Every ten seconds is enough: what grows without end can't hide between.
    return len(pickle.dumps(watch.state)) if frame.at_ms % 10_000 == 0 else 0


def _shop(rows, columns, fps=10):
    return drawn("shop", fixtures.scene("shop") | {"rows": rows, "columns": columns, "fps": fps})


def _arrays(value, found):
    if isinstance(value, np.ndarray):
        owner = value
        while isinstance(owner.base, np.ndarray):
            owner = owner.base
        found[id(owner)] = owner.nbytes
        return found
    for part in _parts(value):
        _arrays(part, found)
    return found


def _parts(value):
    if is_dataclass(value):
        return [getattr(value, one.name) for one in fields(value)]
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, (tuple, list)) else []
