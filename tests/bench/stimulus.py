"""Whether `check --stimulus` says of a filmed screen what `check --control` says of a scene.

    python -m bench.stimulus [--out DIR] [--strip FILE.png] [--as-named]     (tests on the path)

Each lane has a player, a camera whose source is the filmed copy of the player's screen (turned by
20 degrees, blurred, sigma 6 of noise, gamma 0.7, 30 % of the picture, 300 ms late, 15 pictures a
second), and a `check --stimulus` of some requirements, in real time. Then the tripod is moved in
the middle of a film, and the screen goes dark. Some 14 minutes; no room of `tox -e bench`, whose
environment has no harness. Prints a table; exits with 1 where a verdict is another.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp

import cv2
import numpy as np
from filming import Filmed, Lens
from running import PASSWORD, RunningCamera
from screens import PlayersPage

from conformance.stimulus.player import Player

LANES = ("BEH-03,BEH-06", "BEH-04", "BEH-01,BEH-02,BEH-05", "BEH-07")
"""The longest first; two at once."""
AT_ONCE = 2
STRIP = ("faint", "sizes", "walk", "dwell", "lasting 8", "spread", "moved", "dark")
INTO_FILM_S = 7.5
WIDTH, HEIGHT, LEVELS = 256, 144, 24


class Lane:
    """One camera before one screen."""

    def __init__(self, folder, name, *arguments):
        self.folder = folder / name
        self.folder.mkdir(parents=True)
        self.player = Player("127.0.0.1", 0)
        self.film = Filmed(PlayersPage(self.player.url), Lens())
        self.camera = started(self.folder, "--source", self.film.url, *arguments)
        self.frames = {}
        self._over = threading.Event()

    def check(self, only, *arguments):
        """Run check; returns its exit code, its rows, and the minutes that it took."""
        began_s = time.monotonic()
        code, rows = check(
            self.folder, self.camera.url, only, "--stimulus", "--screen", self.player.url,
            "--safety", "reversible", *arguments,
        )  # fmt: skip
        return code, rows, (time.monotonic() - began_s) / 60

    def keep_frames(self):
        """Keep one filmed picture of each film, some seconds into it."""
        began = ("", 0.0)
        while not self._over.wait(0.25):
            name, now_s = self.player.stagehand.film, time.monotonic()
            if name != began[0]:
                began = (name, now_s)
            elif name and now_s - began[1] > INTO_FILM_S and name not in self.frames:
                self.frames[name] = self.film.latest

    def disturb(self, film, **change):
        """Wait until a film has run for some seconds, and change the lens."""
        while not self._over.wait(0.25):
            if self.player.stagehand.film == film:
                self._over.wait(INTO_FILM_S)
                for name, value in change.items():
                    setattr(self.film.lens, name, value)
                self._over.wait(1.0)
                self.frames["moved" if "moved" in change else "dark"] = self.film.latest
                return

    def close(self):
        self._over.set()
        self.camera.stop()
        self.film.close()
        self.player.close()


def started(folder, *arguments):
    """Start a camera; on a machine that does much else the first attempt may take too long."""
    for attempt in range(3):
        try:
            return RunningCamera(folder, *arguments)
        except AssertionError as error:
            say(f"attempt {attempt + 1}: {error}")
    sys.exit("no camera")


def check(folder, url, only, *arguments, heard=lambda line: None):
    """Run `stuntcam check`; returns its exit code, and verdicts by requirement and level.

    heard  is called with each line that it says, at once
    """
    out = folder / "out"
    command = [sys.executable, "-P", "-m", "stuntcam", "check", url, "-u", "admin", "--only", only]
    with (
        (folder / "said.txt").open("w", buffering=1) as said,
        subprocess.Popen(
            [*command, "--out", str(out), *arguments],
            env={
                **os.environ,
                "STUNTCAM_PASSWORD": PASSWORD,
                "XDG_STATE_HOME": str(folder / "home"),
                "PYTHONUNBUFFERED": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as running,
    ):
        for line in running.stdout:
            said.write(line)
            heard(line)
    results = json.loads((out / "results.json").read_text())
    rows = {
        (row["id"], row["level"]): (row["verdict"], row["reason"])
        for row in results["requirements"]
        if row["applies"]
    }
    return running.returncode, rows


def filmed(folder, only):
    """Check some requirements; returns rows, minutes, frames and what was said of the screen."""
    lane = Lane(folder, only.replace(",", "-"))
    watcher = threading.Thread(target=lane.keep_frames)
    watcher.start()
    try:
        _, rows, minutes = lane.check(only)
    finally:
        lane.close()
        watcher.join()
    seen = [
        line
        for line in (lane.folder / "said.txt").read_text().splitlines()
        if line.startswith("the screen fills")
    ]
    return rows, minutes, lane.frames, seen


def disturbed(folder, name, **change):
    """Check BEH-01 while something happens to the screen; returns code, rows and frames."""
    lane = Lane(folder, name)
    disturber = threading.Thread(target=lane.disturb, args=("faint",), kwargs=change)
    disturber.start()
    try:
        code, rows, _ = lane.check("BEH-01")
    finally:
        lane.close()
        disturber.join()
    return code, rows, lane.frames


def controlled(folder, *arguments, only="behaviour"):
    """Check behaviour with --control."""
    folder = folder / "control"
    folder.mkdir(parents=True)
    camera = started(folder, "--source", "scene:shop", *arguments)
    try:
        return check(folder, camera.url, only, "--control", camera.control)[1]
    finally:
        camera.stop()


def as_named(folder):
    """Return BEH-03's rows of a device that goes by the setting's name, both ways."""
    folder = folder / "as-named"
    given = ("--set", "dwell_semantics=as-named")
    lane = Lane(folder, "screen", *given)
    try:
        _, rows, _ = lane.check("BEH-03")
    finally:
        lane.close()
    return rows, controlled(folder, *given, only="BEH-03")


def strip(frames):
    """Return filmed pictures in two lines, each with its name: uint8."""
    tiles = []
    for name in STRIP:
        found = frames.get(name)
        tile = np.zeros((HEIGHT, WIDTH), np.uint8)
        if found is not None:
            tile = cv2.resize(found, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        tile = tile // LEVELS * LEVELS  # noise is not what a reader looks for
        cv2.putText(tile, name, (6, HEIGHT - 8), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 255, 1)
        tiles.append(tile)
    half = len(tiles) // 2
    return np.vstack([np.hstack(tiles[:half]), np.hstack(tiles[half:])])


def main():
    parser = argparse.ArgumentParser(prog="bench.stimulus")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strip", type=Path)
    parser.add_argument("--as-named", action="store_true")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    folder = asked.out or Path(mkdtemp(prefix="stimulus-"))
    rows, frames, said, minutes = {}, {}, [], []
    began_s = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        lanes = [pool.submit(filmed, folder, only) for only in LANES]
        moved = pool.submit(disturbed, folder, "moved", moved=(28.0, 9.0))
        dark = pool.submit(disturbed, folder, "dark", is_dark=True)
        other = pool.submit(as_named, folder) if asked.as_named else None
        for only, lane in zip(LANES, lanes, strict=True):
            found, took, kept, seen = lane.result()
            rows |= found
            frames |= kept
            minutes.append(f"{only}: {took:.1f} minutes")
            said += seen
        lost = {"moved tripod": moved.result(), "dark screen": dark.result()}
        reversed_rows = other.result() if other else None
    control = controlled(folder)
    wrong = _told(rows, control, lost, reversed_rows)
    total = f"{(time.monotonic() - began_s) / 60:.1f} minutes in all"
    say("\n".join([*said, *minutes, total, f"everything is in {folder}"]))
    for code, _, kept in lost.values():
        frames |= kept
        wrong += code != 5
    if asked.strip:
        cv2.imwrite(str(asked.strip), strip(frames))
    sys.exit(wrong > 0)


def compared(rows, control):
    """Print verdicts side by side; returns how many differ."""
    say("| requirement | level | with control | through the screen | |")
    say("| --- | --- | --- | --- | --- |")
    return sum(
        _line(*key, control.get(key, ("none", "")), rows.get(key, ("none", "")))
        for key in sorted(rows.keys() | control.keys())
    )


def _told(rows, control, lost, reversed_rows):
    wrong = compared(rows, control)
    if reversed_rows:
        through, with_control = reversed_rows
        for key in sorted(through.keys() | with_control.keys()):
            wrong += _line(f"{key[0]}, as-named", key[1], with_control[key], through[key])
    for name, (code, found, _) in lost.items():
        for key, (verdict, reason) in found.items():
            say(f"| {key[0]}, {name} | {key[1]} | | {verdict} (exit {code}) | {reason} |")
            wrong += verdict != "not checked"
    return wrong


def _line(name, level, with_control, through):
    is_same = with_control[0] == through[0]
    why = "" if is_same else f"{with_control[1]} / {through[1]}"
    say(f"| {name} | {level} | {with_control[0]} | {through[0]} | {why} |")
    return not is_same


def say(text):
    """Print it at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
