"""kill -9 at 200 moments: while writing, closing hours, copying to a card and a share, adding up.

A child process records, copies and reports until it kills itself at the nth thing that it
asks of SQLite or of the file system; the parent then looks at what is left, and another
child goes on from there. The moments are drawn from a seed, so that a failure comes again.
"""

import os
import random
import signal
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest
from minutes import ALL, HOUR, MINUTE, at, cell_of, heat_of, tile

from emulator.edge.storage import Storage, nas, sd_card

BEGINS = at("2026-05-30T22:00")
KILLS = 200
MINUTES_OF_AN_HOUR = (5, 30, 59)
DOINGS = ("writing", "closing an hour", "copying to sd", "copying to nas", "adding up")
WATCHED = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.scandir")
SERIAL = "S" * 17


def presence_of(minute_ms):
    """What is recorded in a minute: never the same in two that are near."""
    return 1000 + minute_ms // MINUTE % 9973


def minutes_before(until_ms):
    hours = range(BEGINS, until_ms, HOUR)
    every = [hour + m * MINUTE for hour in hours for m in MINUTES_OF_AN_HOUR]
    return {m: presence_of(m) for m in every if m + MINUTE <= until_ms}


def opened(folder):
    store = Storage(folder / "a.sqlite", era="0000000a", is_ring=True)
    store.attach(SERIAL, [sd_card(f"{folder}/sd:32G"), nas(1, str(folder / "nas"), None)])
    return store


class Doom:
    """Kills the process at the nth thing it does; says before what it was about."""

    def __init__(self, left, said):
        self.left, self.said, self.doing = left, said, "opening"

    def one_less(self, *_):
        self.left -= 1
        if self.left == 0:
            os.write(self.said, f"killed {self.doing}\n".encode())
            os.kill(os.getpid(), signal.SIGKILL)

    def audited(self, event, about):
        if event in WATCHED:
            for name in ("sd", "nas"):
                if self.doing.startswith("copying") and f"/{name}/" in str(about[0]):
                    self.doing = f"copying to {name}"
            self.one_less()


def record_until_killed(folder, left, said):
    doom = Doom(left, said)
    sys.addaudithook(doom.audited)
    store = opened(folder)
    store._flash._db.set_trace_callback(doom.one_less)
    now_ms, real_s = store.state("clock_ms") or BEGINS, 0.0
    while True:
        hour_ms = now_ms - now_ms % HOUR
        for minute in MINUTES_OF_AN_HOUR:
            minute_ms = hour_ms + minute * MINUTE
            if minute_ms < now_ms:
                continue
            now_ms = minute_ms + MINUTE
            doom.doing = "closing an hour" if now_ms % HOUR == 0 else "writing"
            heat = {minute_ms: tile(presence_of(minute_ms), cell_of(minute_ms))}
            store.commit(heat, {"clock_ms": now_ms}, UTC, now_ms)
            os.write(said, f"{now_ms}\n".encode())
        doom.doing = "copying"
        real_s += 1
        while store.copy_some(real_s, at_once=1):
            doom.doing = (
                "copying" if any(v.backlog for v in store.status().volumes) else "adding up"
            )


def killed(folder, left):
    """Run a child to its death; return how far it said it had come, and what it was doing."""
    reading, said = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            record_until_killed(folder, left, said)
        finally:
            os._exit(1)
    os.close(said)
    with os.fdopen(reading) as lines:
        told = lines.read().splitlines()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), told[-3:]
    *clocks, doing = told
    return max(map(int, clocks), default=0), doing.removeprefix("killed ")


@pytest.fixture
def folder(tmp_path):
    """In memory, where there is such a thing: a disk's fsync would take most of the time."""
    base = Path("/dev/shm") / tmp_path.name if Path("/dev/shm").is_dir() else tmp_path
    (base / "nas").mkdir(parents=True)
    yield base
    for file in sorted(base.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    base.rmdir()


def test_200_hard_kills_cost_the_minute_in_the_making_at_most_and_count_no_second_twice(folder):
    moments = random.Random(20261125)
    doings = Counter()
    said_ms = clock_ms = BEGINS
    for _ in range(KILLS):
        last_ms, doing = killed(folder, moments.randint(1, 260))
        doings[doing] += 1
        said_ms = max(said_ms, last_ms)
        with closing(opened(folder)) as store:
            clock_ms = store.state("clock_ms") or BEGINS
            assert clock_ms >= said_ms
            assert store.presence_ms(ALL) == sum(minutes_before(clock_ms).values())
            assert not store.status().damaged
            assert not any(volume.damaged for volume in store.status().volumes)
    with closing(opened(folder)) as store:
        assert np.array_equal(store.heat(ALL), heat_of(minutes_before(clock_ms)))
        while store.copy_some(1.0):
            pass
    trees = [
        {
            file.relative_to(folder / name).as_posix(): file.read_bytes()
            for file in (folder / name / "stuntcam" / SERIAL).rglob("*.*")
        }
        for name in ("sd", "nas")
    ]
    assert trees[0] == trees[1]
    assert len(trees[0]) == clock_ms // HOUR - BEGINS // HOUR
    assert clock_ms - BEGINS > 7 * 24 * HOUR  # or flash has dropped nothing
    assert min(doings[d] for d in DOINGS) >= 10, doings
    if "STUNTCAM_DEEP" in os.environ:
        sys.stdout.write(f"\n{sum(doings.values())} kills: {dict(doings)}\n")
