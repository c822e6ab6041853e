"""The demonstration: a camera in a process of its own, used from outside like any other.

Knows of that camera its ready-file and its URLs, nothing else, and reads its reports with a
plain HTTP client, so that what is shown here is what other software would see. The judge of its
end is a process, too: neither half of stuntcam knows the other.
"""

import asyncio
import csv
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import aiohttp

from emulator.core.localtime import SECOND_MS
from emulator.core.reports.chart import time_chart
from emulator.edge import outputs

STUNTCAM = (sys.executable, "-P", "-m", "stuntcam")
BEGINS = "2026-01-01T10:00:00"
SCENE, SCENE_S = "scene:shop", 600
JUDGED = "GATE-01,GATE-06,SET-02,SET-03,SET-04,SET-05,SET-06,SET-08,REP-01,REP-09,WIRE-02,WIRE-05"
"""What is judged at the end: rules that take no scene, so that it is quick,"""

FUZZED = 20
"""each with so many requests that nobody thought of."""

LONGEST_WAIT_S = 120
LONGEST_JUDGING_S = 600
LOOK_EVERY_S = 0.2

_DAILY = {"dw": "heatmapcsv", "sub_type": "0"}
_WEEKLY = {"dw": "heatmapcsv", "sub_type": "1"}
_SPACE = {"dw": "spaceheatmap", "sub_type": "0"}

Say = Callable[[str], None]


class DemoError(ValueError):
    """The demonstration did not come out as it must; the message says at which step."""


def run(folder: Path, say: Say, passed: Callable[[float], None]) -> int:
    """Show a camera at work and save its reports in `folder`. Raises DemoError.

    say     takes a line to be shown; passed: how many of SCENE_S seconds are over
    """
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="stuntcam-demo-") as temporary:
        ready_file = Path(temporary) / "ready.json"
        # The judge's journal, too, is to be gone afterwards.
        env = os.environ | {
            "STUNTCAM_PASSWORD": "demo-" + secrets.token_hex(6) + "1",
            "XDG_STATE_HOME": str(Path(temporary) / "judge"),
        }
        command = [*STUNTCAM, "serve", "--source", SCENE, "--speed", "max"]
        command += ["--http-port", "0", "--control-port", "0", "--rtsp-port", "off"]
        command += ["--state", str(Path(temporary) / "state")]
        command += ["--clock", BEGINS, "--ready-file", str(ready_file)]
        say(f"1. A camera starts and sees {SCENE}, {SCENE_S} s of shop life, as fast as it can.")
        with subprocess.Popen(  # noqa: S603  # our own command
            command,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as camera:
            try:
                ready = _wait_for(ready_file, camera)
                password = env["STUNTCAM_PASSWORD"]
                serial = asyncio.run(_visit(ready["http"], password, folder, say, passed))
                say("4. The harness judges some of what it must, as of a camera on a wall:\n")
                _judge(ready, serial, folder / "check", env)
            finally:
                camera.terminate()
                camera.communicate(timeout=LONGEST_WAIT_S)
    say(
        f"\nDone in {time.monotonic() - began_s:.0f} s. Look at {folder / 'space.png'}, "
        f"{folder / 'time.svg'} and {folder / 'check' / 'report.html'}."
    )
    return 0


def _judge(ready: Mapping[str, str], serial: str, folder: Path, env: Mapping[str, str]) -> None:
    """Have the camera judged; the judge's own words go to the terminal."""
    command = [*STUNTCAM, "check", ready["http"], "-u", "admin", "--control", ready["control"]]
    command += ["--safety", "destructive", "--confirm-serial", serial]
    command += ["--only", JUDGED, "--fuzz", str(FUZZED), "--out", str(folder)]
    command += ["--max-seconds", str(LONGEST_JUDGING_S)]
    code = subprocess.run(command, env=env, check=False).returncode  # noqa: S603  # our own
    if code != 0:
        raise DemoError(f"the camera does not conform: stuntcam check ended with {code}")


def _wait_for(ready_file: Path, camera: "subprocess.Popen[str]") -> dict[str, str]:
    until_s = time.monotonic() + LONGEST_WAIT_S
    while not ready_file.exists():
        if camera.poll() is not None:
            _, said = camera.communicate()
            raise DemoError(f"the camera did not start: {said.strip() or camera.returncode}")
        if time.monotonic() > until_s:
            raise DemoError(f"the camera was not ready within {LONGEST_WAIT_S} s")
        time.sleep(LOOK_EVERY_S / 4)
    return dict(json.loads(ready_file.read_text("utf-8")))


async def _visit(
    url: str, password: str, folder: Path, say: Say, passed: Callable[[float], None]
) -> str:
    """Wait for the scene's end, and save the reports; returns the camera's serial number."""
    login = aiohttp.DigestAuthMiddleware("admin", password)
    async with aiohttp.ClientSession(url, middlewares=(login,)) as client:
        await _wait_for_end(client, passed)
        say("2. Its reports are read over HTTP, as a recorder would:")
        daily = await _text(client, "/dataloader.cgi", _DAILY)
        weekly = await _text(client, "/dataloader.cgi", _WEEKLY)
        space = await _text(client, "/dataloader.cgi", _SPACE)
        settings = json.loads(await _action(client, "operator", "get.heatmap.configuration"))
        told = json.loads(await _action(client, "viewer", "get.system.information"))
        async with client.get("/report.png") as answer:
            picture = await answer.read()
    rows = list(csv.DictReader(daily.splitlines()))
    values_s = [int(row["Value(s)"]) for row in rows]
    # Day and hours are kept apart in the camera, so this compares two sums, not one with itself.
    total_s = int(next(csv.DictReader(weekly.splitlines()))["Value(s)"])
    if sum(values_s) != total_s or total_s == 0:
        raise DemoError(f"the hours add up to {sum(values_s)} s, the day to {total_s} s")
    starts = [datetime.fromisoformat(row["StartTime"]) for row in rows]
    chart = time_chart(starts, [value * SECOND_MS for value in values_s], "daily", "Time Heat Map")
    outputs.write(
        folder,
        {
            "space.png": picture,
            "space.json": space.encode(),
            "time.csv": daily.encode(),
            "time.svg": chart.encode(),
        },
    )
    cells = json.loads(space)
    hottest = max(cells["data"], key=lambda point: point["value"])
    say(f"   Time heat map:  {total_s} s of presence in all; the hours' rows add up to the same.")
    say(
        f"   Space heat map: {len(cells['data'])} of {cells['map_w'] * cells['map_h']} cells are "
        f"warm; the hottest, x {hottest['x']} y {hottest['y']}, held someone for "
        f"{hottest['value']} s."
    )
    say(
        f"3. Settings: sensitivity {settings['sensitivity']}, min_object_size "
        f"{settings['minsize']}, min_dwell {settings['mintime']} s, adaptability "
        f"{settings['adaptability']}.\n"
        f"   By the vendor's own words a stay LONGER than min_dwell is not recorded, so who "
        f"browsed for more than {settings['mintime']} s left no heat."
    )
    return str(told["snCode"])


async def _wait_for_end(client: aiohttp.ClientSession, passed: Callable[[float], None]) -> None:
    begins = datetime.fromisoformat(BEGINS)
    seen_s, until_s = -1.0, time.monotonic() + LONGEST_WAIT_S
    while time.monotonic() < until_s:
        now = json.loads(await _action(client, "viewer", "get.system.datetime"))
        day, clock = (now["year"], now["month"], now["day"]), (now["hour"], now["minute"])
        reading = datetime(*day, *clock, now["second"])  # noqa: DTZ001  # the wall clock's
        over_s = (reading - begins).total_seconds()
        passed(min(over_s, SCENE_S))
        if over_s >= SCENE_S:
            return
        if over_s > seen_s:  # a slow machine takes its time, as long as it gets on
            seen_s, until_s = over_s, time.monotonic() + LONGEST_WAIT_S
        await asyncio.sleep(LOOK_EVERY_S)
    raise DemoError(f"the scene stood still for {LONGEST_WAIT_S} s")


async def _action(client: aiohttp.ClientSession, role: str, action: str) -> str:
    path = f"/cgi-bin/{role}/{role}.cgi"
    return await _text(client, path, {"action": action, "format": "json"})


async def _text(client: aiohttp.ClientSession, path: str, query: dict[str, str]) -> str:
    async with client.get(path, params=query) as answer:
        if answer.status != 200:
            raise DemoError(f"{path} answered {answer.status}")
        return await answer.text()
