"""The demonstration: a camera in a process of its own, used from outside like any other.

Knows of that camera its ready-file and its URL, nothing else, and reads its reports with a
plain HTTP client, so that what is shown here is what other software would see.
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
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import aiohttp

from emulator.core.chart import time_chart
from emulator.core.localtime import SECOND_MS
from emulator.edge import outputs

BEGINS = "2026-01-01T10:00:00"
SCENE, SCENE_S = "scene:shop", 600
LONGEST_WAIT_S = 120
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
        password = "demo-" + secrets.token_hex(6) + "1"
        command = [
            sys.executable,
            "-P",
            "-m",
            "stuntcam",
            "serve",
            "--source",
            SCENE,
            "--speed",
            "max",
        ]
        command += [
            "--http-port",
            "0",
            "--control-port",
            "off",
            "--state",
            str(Path(temporary) / "state"),
        ]
        command += ["--clock", BEGINS, "--ready-file", str(ready_file)]
        say(f"1. A camera starts and sees {SCENE}, {SCENE_S} s of shop life, as fast as it can.")
        with subprocess.Popen(  # noqa: S603  # our own command
            command,
            env=os.environ | {"STUNTCAM_PASSWORD": password},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as camera:
            try:
                url = _wait_for(ready_file, camera)
                asyncio.run(_visit(url, password, folder, say, passed))
            finally:
                camera.terminate()
                camera.communicate(timeout=LONGEST_WAIT_S)
    say(
        f"Done in {time.monotonic() - began_s:.0f} s. Look at {folder / 'space.png'} and "
        f"{folder / 'time.svg'}."
    )
    return 0


def _wait_for(ready_file: Path, camera: "subprocess.Popen[str]") -> str:
    until_s = time.monotonic() + LONGEST_WAIT_S
    while not ready_file.exists():
        if camera.poll() is not None:
            _, said = camera.communicate()
            raise DemoError(f"the camera did not start: {said.strip() or camera.returncode}")
        if time.monotonic() > until_s:
            raise DemoError(f"the camera was not ready within {LONGEST_WAIT_S} s")
        time.sleep(LOOK_EVERY_S / 4)
    return str(json.loads(ready_file.read_text("utf-8"))["http"])


async def _visit(
    url: str, password: str, folder: Path, say: Say, passed: Callable[[float], None]
) -> None:
    login = aiohttp.DigestAuthMiddleware("admin", password)
    async with aiohttp.ClientSession(url, middlewares=(login,)) as client:
        await _wait_for_end(client, passed)
        say("2. Its reports are read over HTTP, as a recorder would:")
        daily = await _text(client, "/dataloader.cgi", _DAILY)
        weekly = await _text(client, "/dataloader.cgi", _WEEKLY)
        space = await _text(client, "/dataloader.cgi", _SPACE)
        settings = json.loads(await _action(client, "operator", "get.heatmap.configuration"))
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


async def _wait_for_end(client: aiohttp.ClientSession, passed: Callable[[float], None]) -> None:
    begins = datetime.fromisoformat(BEGINS)
    until_s = time.monotonic() + LONGEST_WAIT_S
    while time.monotonic() < until_s:
        now = json.loads(await _action(client, "viewer", "get.system.datetime"))
        day, clock = (now["year"], now["month"], now["day"]), (now["hour"], now["minute"])
        reading = datetime(*day, *clock, now["second"])  # noqa: DTZ001  # the wall clock's
        over_s = (reading - begins).total_seconds()
        passed(min(over_s, SCENE_S))
        if over_s >= SCENE_S:
            return
        await asyncio.sleep(LOOK_EVERY_S)
    raise DemoError(f"the scene did not end within {LONGEST_WAIT_S} s")


async def _action(client: aiohttp.ClientSession, role: str, action: str) -> str:
    path = f"/cgi-bin/{role}/{role}.cgi"
    return await _text(client, path, {"action": action, "format": "json"})


async def _text(client: aiohttp.ClientSession, path: str, query: dict[str, str]) -> str:
    async with client.get(path, params=query) as answer:
        if answer.status != 200:
            raise DemoError(f"{path} answered {answer.status}")
        return await answer.text()
