"""What the fixture `camera` costs a test suite: the first camera, the next ones, and resets.

Each in processes of its own, as a test run is one. The first is compared with importing what no
camera can do without; both in turn, so that other load on the machine shows in both. Python's
compiled files are there: a first round, which counts for nothing, has made them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

from bench.table import Bound, Outcome, Row

ROOT = Path(__file__).parents[2]
RESETS = 40

NEEDS = "import aiohttp.web, numpy, cv2, av"
FIRST = (
    "from emulator import Camera; from emulator.kit.camera import QUIET; "
    "camera = Camera(source=QUIET, loop=True).start()"
)
NEXT = """
nexts = []
for model in ("MS-C2972-RFPE", "MS-C5376-PE", "MS-C8165-PE"):
    began_s = time.perf_counter()
    more.append(Camera(model=model, source=QUIET, loop=True).start())
    nexts.append(time.perf_counter() - began_s)
    more[-1].rest()
resets = []
for _ in range(RESETS):
    time.sleep(0.1)  # some heat to take out
    began_s = time.perf_counter()
    camera.reset()
    resets.append(time.perf_counter() - began_s)
    camera.rest()
told |= {"nexts": nexts, "resets": resets}
for one in (camera, *more):
    one.stop()
"""
CODE = """
import json, sys, time
more = []
began_s = time.perf_counter()
{first}
told = {{"first": time.perf_counter() - began_s}}
{next}
told["has"] = sorted({{"zeep", "pydantic", "onvif"}} & set(sys.modules))
print(json.dumps(told))
"""


def run(options) -> Outcome:
    """Return the rows."""
    rounds = []
    for number in range(options.rounds + 1):
        options.say(f"kit: round {number} of {options.rounds}")
        rounds.append((_told(NEEDS, ""), _told(FIRST, NEXT.replace("RESETS", str(RESETS)))))
    rounds = rounds[1:]
    needs_s = min(needs["first"] for needs, _ in rounds)
    first_s = min(kit["first"] for _, kit in rounds)
    next_s = min(median(kit["nexts"]) for _, kit in rounds)
    resets_ms = sorted(1000 * one for _, kit in rounds for one in kit["resets"])
    loaded = ", ".join(rounds[0][1]["has"]) or "none of zeep, onvif, pydantic"
    rows = [
        Row(
            "kit",
            "first camera / importing aiohttp.web, numpy, cv2, av",
            "x",
            {"ours": first_s / needs_s},
            Bound("at most", 1.6),
            f"{first_s:.2f} s and {needs_s:.2f} s; loaded: {loaded}",
        ),
        Row(
            "kit",
            "next camera / first camera",
            "x",
            {"ours": next_s / first_s},
            Bound("at most", 0.3),
            f"{1000 * next_s:.0f} ms",
        ),
        Row(
            "kit",
            "reset between tests, p50",
            "ms",
            {"ours": median(resets_ms)},
            Bound("at most", 50.0),
            f"95 %: {resets_ms[int(0.95 * len(resets_ms))]:.0f} ms",
        ),
    ]
    return Outcome(rows)


def _told(first, then):
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    run = subprocess.run(
        [sys.executable, "-P", "-c", CODE.format(first=first, next=then)],
        capture_output=True,
        text=True,
        check=True,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )
    return json.loads(run.stdout)
