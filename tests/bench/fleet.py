"""A thousand idle cameras: how soon are they there, what does each cost, and how quick are they?

The fleet runs in processes of its own, as a user starts it; memory is the growth of their summed
PSS over that of a fleet of two. Requests come at a steady rate, whatever the answers take, each
to a camera drawn by lot: first to all cameras once (which makes them: `first call`), then over
and over. At the end 20 of them are made to see people, and their heat is waited for. Client and
fleet share the machine. Beside it, what people do without a fleet: a `serve` for each camera.
"""

import asyncio
import gc
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.table import Bound, Outcome, Row
from emulator.kit.camera import QUIET as STILL

COUNT, FEW, MOVED = 1000, 2, 20
RATE, LASTS_S = 500, 12
FIRST_RATE = 40
PASSWORD = "stunt-double-1"
SETTINGS = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration"
# Somebody walks in and out again in the first seconds.
SCENE = "scene:crossing-2"


def run(options) -> Outcome:
    """Return the rows."""
    options.say(f"fleet: {COUNT} idle cameras")
    with tempfile.TemporaryDirectory() as folder:
        own_s, own_pss = _own(Path(folder))
        few = _fleet(Path(folder) / "few", FEW)
        few_pss = few.pss_kib()
        few.stop()
        fleet = _fleet(Path(folder) / "many", COUNT)
        try:
            each = (fleet.pss_kib() - few_pss) / (COUNT - FEW)
            idle_handles = fleet.handles()
            options.say(f"fleet: {fleet.start_s:.2f} s, {each:.0f} KiB each; settings are read")
            figures = asyncio.run(_asked(fleet, options))
            handles = fleet.handles()
            awake = (fleet.pss_kib() - few_pss) / (COUNT - FEW)
            files = sum(1 for _ in (Path(folder) / "many").rglob("stuntcam.sqlite"))
        finally:
            fleet.stop()
    return Outcome(
        [
            _row("started", "s", fleet.start_s, Bound("at most", 5.0)),
            _row("PSS, each beyond the first", "KiB", each, Bound("at most", 150.0)),
            _row("a serve for each instead: started", "s", own_s),
            _row("a serve for each instead: PSS, each beyond the first", "KiB", own_pss),
            _row("file handles, each", "", idle_handles / COUNT, Bound("at most", 4.0)),
            _row("settings, first call of each: median", "ms", figures["first p50"]),
            _row("settings, first call of each: p99", "ms", figures["first p99"]),
            _row(f"settings at {RATE}/s: median", "ms", figures["p50"]),
            _row(f"settings at {RATE}/s: p99", "ms", figures["p99"], Bound("at most", 20.0)),
            _row(f"settings at {RATE}/s: answered otherwise", "", figures["wrong"]),
            _row("PSS each, once all were called", "KiB", awake),
            _row(
                f"of {MOVED} that are moved, record",
                "",
                figures["recorded"],
                Bound("at least", MOVED),
            ),
            _row("empty reports of others", "", figures["empty"], Bound("at least", MOVED)),
            _row("handles then, each", "", handles / COUNT, Bound("at most", 4.0)),
            _row("state files then", "", files),
        ]
    )


def _row(name, unit, value, bound=None):
    return (
        Row("fleet", name, unit, {"ours": value}, bound)
        if bound
        else Row("fleet", name, unit, {"ours": value})
    )


def _fleet(folder, count):
    return _Running(folder, "fleet", "--cameras", str(count))


def _own(folder):
    """Return how long one `stuntcam serve` takes to start, and the PSS of one more in KiB."""
    still = ("serve", "--rtsp-port", "0", "--source", STILL)
    first = _Running(folder / "own-1", *still)
    try:
        alone = first.pss_kib()
        second = _Running(folder / "own-2", *still)
        try:
            return second.start_s, first.pss_kib() + second.pss_kib() - alone
        finally:
            second.stop()
    finally:
        first.stop()


class _Running:
    """A command that serves, in processes of its own; started when this is made."""

    def __init__(self, folder, *command):
        folder.mkdir()
        ready_file, began_s = folder / "ready.json", time.perf_counter()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "stuntcam", *command),
                *("--http-port", "0", "--control-port", "0", "--state", str(folder / "state")),
                *("--ready-file", str(ready_file)),
            ],
            stdout=subprocess.PIPE,
            env={**os.environ, "STUNTCAM_PASSWORD": PASSWORD},
        )
        select.select([self.process.stdout], [], [], 60)
        self.start_s = time.perf_counter() - began_s
        self.ready = json.loads(ready_file.read_text())

    def processes(self):
        parent = self.process.pid
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return [parent, *map(int, text.split())]

    def pss_kib(self):
        total = 0
        for pid in self.processes():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += next(int(r.split()[1]) for r in rollup.splitlines() if r.startswith("Pss:"))
        return total

    def handles(self):
        return sum(len(os.listdir(f"/proc/{pid}/fd")) for pid in self.processes())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=60)


async def _asked(fleet, options):
    cameras, drawn = fleet.ready["cameras"], random.Random(9)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
    auth = aiohttp.BasicAuth("admin", PASSWORD)
    async with aiohttp.ClientSession(connector=connector, auth=auth) as client:
        first, wrong = await _at_a_rate(client, cameras, FIRST_RATE)
        gc.freeze()  # the client's own pauses are not the fleet's
        often = [drawn.choice(cameras) for _ in range(RATE * LASTS_S)]
        often_ms, also_wrong = await _at_a_rate(client, often, RATE)
        options.say(f"fleet: p99 {_part(often_ms, 0.99):.1f} ms; 20 are made to see people")
        moved = drawn.sample(cameras, MOVED)
        others = drawn.sample([one for one in cameras if one not in moved], MOVED)
        recorded = await _move(client, fleet.ready["control"], moved)
        empty = 0
        for one in others:
            empty += await _seconds(client, one) == 0
    return {
        "first p50": _part(first, 0.5),
        "first p99": _part(first, 0.99),
        "p50": _part(often_ms, 0.5),
        "p99": _part(often_ms, 0.99),
        "wrong": wrong + also_wrong,
        "recorded": recorded,
        "empty": empty,
    }


async def _at_a_rate(client, cameras, rate):
    took, wrong = [], 0

    async def ask(camera):
        nonlocal wrong
        began_s = time.perf_counter()
        async with client.get(camera["url"] + SETTINGS) as answer:
            wrong += "sensitivity=5" not in await answer.text()
        took.append((time.perf_counter() - began_s) * 1e3)

    began_s, asking = time.perf_counter(), []
    for number, camera in enumerate(cameras):
        await asyncio.sleep(max(0, began_s + number / rate - time.perf_counter()))
        asking.append(asyncio.create_task(ask(camera)))
    await asyncio.gather(*asking)
    return sorted(took), wrong


async def _move(client, control, cameras):
    """Have each see people, a few at a time; return how many have heat in their own report."""
    turns = asyncio.Semaphore(4)

    async def move(camera):
        async with turns:
            base = f"{control}/v1/cameras/{camera['serial']}/v1"
            async with client.put(f"{base}/clock", json={"mode": "source"}) as answer:
                assert answer.status == 200, await answer.text()
            async with client.put(f"{base}/scene", json={"source": SCENE}) as answer:
                assert answer.status == 200, await answer.text()
            for _ in range(600):
                async with client.get(f"{base}/scene") as answer:
                    if (await answer.json())["ended"]:
                        break
                await asyncio.sleep(0.1)
            return await _seconds(client, camera) > 0

    return sum(await asyncio.gather(*map(move, cameras)))


async def _seconds(client, camera):
    async with client.get(camera["url"] + "/dataloader.cgi?dw=heatmapcsv") as answer:
        rows = (await answer.text()).splitlines()[1:]
    return sum(int(row.rpartition(",")[2]) for row in rows)


def _part(sorted_ms, share):
    return sorted_ms[min(len(sorted_ms) - 1, int(share * len(sorted_ms)))]
