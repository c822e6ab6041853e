"""Whether the checks hang on their order: all of them so many times mixed up, and each alone.

    PYTHONPATH=tests python -m bench.orders --runs 20 --alone

One clean camera is checked as far as a run may go. Every check must pass, or say that it does
not apply, each time. Prints what differed, and the checks that took longest.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import requests
from requests.auth import HTTPBasicAuth
from running import PASSWORD, RunningCamera

from conformance.checking import CHECKS

ADMIN = HTTPBasicAuth("admin", PASSWORD)
WHO = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
LONGEST = 8
MOST_TOLD, MOST_WORDS = 6, 120
ENDED = ("passed", "failure", "error", "skipped")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first order's seed")
    parser.add_argument("--alone", action="store_true", help="besides, each check by itself")
    parser.add_argument("--only", default="", help="part of the checks' names, as pytest's -k")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        camera = RunningCamera(folder, "--source", "scene:shop", "--loop")
        try:
            told(camera, asked, folder)
        finally:
            camera.stop()


def told(camera, asked, folder):
    """Check so many times, and say what came of it."""
    serial = requests.get(camera.url + WHO, auth=ADMIN, timeout=60).json()["snCode"]
    target = ("--target", camera.url, "--target-user", "admin", "--target-control", camera.control)
    allowed = ("--target-safety", "destructive", "--target-serial", serial)
    common = (*target, *allowed, "-k", asked.only)
    found, seconds = {}, Counter()
    for order in range(asked.first, asked.first + asked.runs):
        began_s = time.monotonic()
        _note(found, seconds, pytest_run(folder, order, *common))
        say(f"order {order}: {time.monotonic() - began_s:.0f} s; {differing(found) or 'no flake'}")
    if asked.alone:
        alone = {}
        names = sorted(found)
        random.Random(1).shuffle(names)
        for name in names:
            file, _, check = name.partition("::")
            chosen = pytest_run(folder, 0, *(*target, *allowed), checks=f"{file}.py::{check}")
            _note(alone, Counter(), chosen)
        say(f"{len(alone)} of {len(names)} checks each alone; {differing(alone) or 'no flake'}")
    say("longest: " + ", ".join(f"{name} {s:.1f} s" for name, s in seconds.most_common(LONGEST)))


def pytest_run(folder, order, *arguments, checks=None):
    """Run the checks once; returns (name, how it ended, seconds) of each."""
    report = folder / "junit.xml"
    report.unlink(missing_ok=True)
    what = ("--pyargs", "conformance.checks") if checks is None else ()
    if checks is not None:
        what = (str(CHECKS / checks),)
    environment = {
        **os.environ,
        "ORDER": str(order),
        "PYTHONPATH": str(Path(__file__).parents[1]),
        "STUNTCAM_PASSWORD": PASSWORD,
        "XDG_STATE_HOME": str(folder),
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", *what, *arguments, "-p", "bench.shuffled"),
            *("-p", "no:cacheprovider", f"--junitxml={report}", "-q"),
        ],
        env=environment,
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
    )
    if not report.exists():
        raise RuntimeError(done.stdout + done.stderr)
    for case in ET.parse(report).getroot().iter("testcase"):
        ended = next((_ended(one) for one in case if one.tag in ENDED), "passed")
        file = case.get("classname").rpartition(".")[2]
        yield f"{file}::{case.get('name')}", ended, float(case.get("time"))


def _ended(element):
    why = " ".join((element.get("message") or "").split())
    return f"{element.tag}: {why[:MOST_WORDS]}"


def _note(found, seconds, cases):
    for name, ended, took_s in cases:
        found.setdefault(name, Counter())[ended] += 1
        seconds[name] = max(seconds[name], took_s)


def differing(found):
    """What failed at all, or ended in more than one way: how many, and the first few."""
    odd = {
        name: dict(ended)
        for name, ended in found.items()
        if len(ended) > 1 or any(how.startswith(("failure", "error")) for how in ended)
    }
    return f"{len(odd)} differ: {dict(list(odd.items())[:MOST_TOLD])}" if odd else ""


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
