"""24 simulated hours of one camera under load: does its memory stay, are its handles given back?

The camera is served in a process of its own, as a user starts it. It looks at the drawn shop,
small and at a picture a second, as fast as it can; meanwhile clients read and change settings,
fetch both reports, snapshots and pages of ONVIF, log in wrongly, and come and go as watchers of
video. Once an hour of its own clock its memory (what is not a file's) and its file handles are
counted. The first two hours are left out: in them everything is asked for the first time.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path
from tempfile import mkdtemp

import aiohttp

from bench.table import Bound, Detail, Outcome, Row
from emulator.core.localtime import HOUR_MS
from emulator.edge import fixtures

HOURS, WARM = 24, 2
BEGINS, BEGINS_MS = "2026-03-04T00:00:00", 1_772_582_400_000
PASSWORD = "stunt-double-1"
ROOT = Path(__file__).parents[2]
OPERATOR = "/cgi-bin/operator/operator.cgi?action="
NOWHERE = "/nothing/here"
ASKED = (
    f"{OPERATOR}get.heatmap.configuration",
    f"{OPERATOR}set.heatmap.configuration&sensitivity=6",
    "/dataloader.cgi?dw=heatmapcsv",
    "/dataloader.cgi?dw=spaceheatmap",
    "/report.png?dw=spaceheatmap",
    "/snapshot.cgi",
    f"{OPERATOR}set.heatmap.configuration&sensitivity=5",
    f"{OPERATOR}set.heatmap.configuration&sensitivity=99",
    NOWHERE,
)
SOAP = (
    '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
    '<GetDeviceInformation xmlns="http://www.onvif.org/ver10/device/wsdl"/></e:Body></e:Envelope>'
)
WATCH = """
import av, sys
for _ in av.open(sys.argv[1], options={"rtsp_transport": "tcp"}).demux(video=0):
    pass
"""
PACE_S = 0.1
MB = 1024


def run(options) -> Outcome:
    """Return the rows."""
    folder = Path(mkdtemp(prefix="day-", dir=options.cache))
    try:
        hours, requests, took_s = asyncio.run(_lived(_Camera(folder), options))
    finally:
        shutil.rmtree(folder)
    warm, later = hours[WARM - 1], hours[WARM:]
    highest = max(own for own, _ in later)
    rows = [
        Row(
            *("day", "24 hours under load: highest memory after hour 2 over hour 2", "x"),
            {"ours": highest / warm[0]},
            Bound("at most", 1.05),
            f"{warm[0] / MB:.1f} MB; {requests} requests in {took_s:.0f} s",
        ),
        Row(
            *("day", "24 hours under load: file handles more than after hour 2", ""),
            {"ours": later[-1][1] - warm[1]},
            Bound("at most", 0),
            f"{warm[1]} then",
        ),
    ]
    lines = [(n, round(own / MB, 1), handles) for n, (own, handles) in enumerate(hours, 1)]
    return Outcome(rows, [Detail("day", "By hour", ("hour", "MB", "handles"), lines)])


class _Camera:
    def __init__(self, folder):
        scene = fixtures.scene("shop") | {"rows": 180, "columns": 320, "fps": 1}
        ready = folder / "ready.json"
        arguments = ["--http-port", "0", "--control-port", "0", "--rtsp-port", "0"]
        arguments += [
            "--no-discovery",
            "--speed",
            "max",
            "--loop",
            "--source",
            f"scene:{json.dumps(scene)}",
        ]
        arguments += ["--state", f"{folder}/state", "--clock", BEGINS, "--ready-file", str(ready)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "stuntcam", "serve", *arguments],
            env={**os.environ, "STUNTCAM_PASSWORD": PASSWORD, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        while not ready.exists():
            if self.process.poll() is not None:
                sys.exit("the camera did not start")
            time.sleep(0.05)
        told = json.loads(ready.read_text())
        self.url, self.control, self.rtsp = told["http"], told["control"], told["rtsp"]

    def own_kib(self):
        # Not PSS: a part of it is libraries, which counts for more as others that use them end.
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return next(int(r.split()[1]) for r in rollup.splitlines() if r.startswith("Anonymous:"))

    def handles(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


async def _lived(camera, options):
    """Return memory in KiB and handles by hour, the number of requests, and what it took."""
    hours, requests, began_s = [], 0, time.monotonic()
    try:
        async with aiohttp.ClientSession() as plain:
            while len(hours) < HOURS:
                # A client for each hour: connections come and go, too.
                requests += await _an_hour(camera, plain, len(hours) + 1)
                hours.append((camera.own_kib(), camera.handles()))
                options.say(f"day: hour {len(hours)}, {hours[-1][0] / MB:.1f} MB")
    finally:
        camera.stop()
    return hours, requests, time.monotonic() - began_s


async def _an_hour(camera, plain, number):
    """Ask for this and that until the camera's clock has gone on to hour `number`."""
    requests = 0
    auth = aiohttp.BasicAuth("admin", PASSWORD)
    watching = _watch(camera) if number % 4 == 1 else None
    async with aiohttp.ClientSession(auth=auth) as client:
        for path in cycle(ASKED):
            async with client.get(camera.url + path) as answer:
                await answer.read()
                assert answer.status == (404 if path == NOWHERE else 200), path
            if path == "/snapshot.cgi":
                await _also(camera, client)
            requests += 1
            await asyncio.sleep(PACE_S)
            if requests % len(ASKED) == 0 and await _reading_h(camera, plain) >= number:
                break
    if watching is not None:
        assert watching.poll() is None, "nobody watches: the video ended"
        watching.kill()
        watching.wait()
    return requests


async def _also(camera, client):
    async with client.post(f"{camera.url}/onvif/device_service", data=SOAP) as answer:
        assert answer.status == 200, await answer.text()
    wrong = aiohttp.BasicAuth("nobody-of-this-name", "wrong")
    async with (
        aiohttp.ClientSession(auth=wrong) as stranger,
        stranger.get(f"{camera.url}/snapshot.cgi") as answer,
    ):
        assert answer.status in {401, 403}, answer.status


async def _reading_h(camera, plain):
    """Return how many hours the camera's clock has gone on."""
    async with plain.get(f"{camera.control}/v1/clock") as answer:
        return ((await answer.json())["utc_ms"] - BEGINS_MS) // HOUR_MS


def _watch(camera):
    """Have somebody watch the video for a while; an hour later he is killed, not told to go."""
    address = camera.rtsp.replace("rtsp://", f"rtsp://admin:{PASSWORD}@") + "/sub"
    return subprocess.Popen(
        [sys.executable, "-c", WATCH, address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
