"""How long `POST /v1/reset` takes, of a camera in a process of its own, over HTTP.

From the request to the answer, by when the scene's first picture has been seen again. Wall time:
that is what who tests waits for, so other load on the machine shows. A reset waits for the
picture in hand, and the one after a scene's first seconds judges all of them: that is what the
row of a camera in a hurry is about.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from urllib.request import Request, urlopen

from bench.table import Bound, Outcome, Row

BOUND = Bound("at most", 50.0)
RESETS = 40
CASES = (
    (0, "real", "of a camera that plays at 1 x", BOUND),
    (365, "real", "with a filled year on a card", BOUND),
    (0, "max", "0.2 s after the one before, played as fast as it can", None),
)
BEGINS = date(2026, 3, 4)
ROOT = Path(__file__).parents[2]


def run(options) -> Outcome:
    """Return the rows."""
    rows = []
    for filled_days, speed, what, bound in CASES:
        options.say(f"control: resets {what}")
        folder = Path(mkdtemp(prefix="reset-", dir=options.cache))
        try:
            times_ms = _resets(folder, filled_days, speed)
        finally:
            shutil.rmtree(folder)
        note = f"95 %: {sorted(times_ms)[int(0.95 * RESETS)]:.0f} ms"
        name = f"POST /v1/reset {what}, p50"
        rows.append(Row("control", name, "ms", {"ours": median(times_ms)}, bound, note))
    return Outcome(rows)


def _resets(folder, filled_days, speed):
    ready = folder / "ready.json"
    (folder / "card").mkdir()
    arguments = ["--http-port", "0", "--control-port", "0", "--rtsp-port", "0"]
    arguments += ["--speed", speed]
    arguments += ["--state", f"{folder}/state", "--sd", f"{folder}/card:8G"]
    arguments += ["--clock", f"{BEGINS}T10:00:00", "--ready-file", str(ready)]
    camera = subprocess.Popen(
        [sys.executable, "-m", "stuntcam", "serve", *arguments],
        env={**os.environ, "STUNTCAM_PASSWORD": "stunt-double-1", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        url = _wait_for(ready, camera)["control"]
        times_ms = []
        for number in range(RESETS):
            if number == 0 and filled_days:
                # Once: the first reset takes all of it out of sight.
                since = BEGINS - timedelta(days=filled_days)
                _ask(url, "POST", "/v1/history", {"from": f"{since}", "to": f"{BEGINS}"})
                _ask(url, "POST", "/v1/storage/copy")
            time.sleep(0.2)  # some heat to take out
            began_s = time.perf_counter()
            _ask(url, "POST", "/v1/reset")
            times_ms.append(1000 * (time.perf_counter() - began_s))
        return times_ms
    finally:
        camera.terminate()
        camera.wait(60)


def _wait_for(ready, camera):
    while not ready.exists():
        if camera.poll() is not None:
            sys.exit("the camera did not start")
        time.sleep(0.05)
    return json.loads(ready.read_text())


def _ask(url, method, path, body=None):
    content = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url + path, content, method=method), timeout=600) as answer:
        return answer.read()
