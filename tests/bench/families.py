"""The fullest run of `stuntcam check` on a clean camera of every family, with a card and without.

    PYTHONPATH=tests python -m bench.families [--only C8165,PTZ] [--out DIR]

Who has the heat map must pass every MUST and SHOULD that applies, with none of the built chapters
left unchecked, and exit with 0; who has not is "not offered", 5. Prints a row each, and where the
time of the longest run went. The processor's seconds are the check's and the camera's: what a
quiet machine would need at most, as the two take turns.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import requests
from requests.auth import HTTPBasicAuth
from running import PASSWORD, RunningCamera, run_stuntcam

from conformance.catalogue import load, why_no_check
from emulator.core import gating
from emulator.edge import fixtures

ADMIN = HTTPBasicAuth("admin", PASSWORD)
WHO = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
LONGEST = 12
HEADER = ("family", "model", "firmware", "card", "exit", "wall s", "cpu s", "load", "verdicts")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="parts of models or families, by commas")
    parser.add_argument("--out", type=Path, help="keep the runs' folders here")
    asked = parser.parse_args()
    wanted = asked.only.split(",")
    say("| " + " | ".join(HEADER) + " |\n" + "|---" * len(HEADER) + "|")
    longest_s, results = 0.0, {}
    with tempfile.TemporaryDirectory() as name:
        out = (asked.out or Path(name)).resolve()
        for row in gating.overview(gating.series_table(fixtures.models())):
            if not any(part in row.model or part in row.family for part in wanted):
                continue
            for with_card in (False, True) if row.decision.offered else (False,):
                folder = out / f"{row.model}{'-card' * with_card}"
                wall_s, found = judged(folder, row, with_card)
                if wall_s > longest_s:
                    longest_s, results = wall_s, found
    say(f"\nOf the longest run, {longest_s:.0f} s:\n{where(results)}")


def judged(folder, row, with_card):
    """Check one camera, print its row; returns the seconds and the results."""
    folder.mkdir(parents=True)
    card = ("--sd", folder / "card") if with_card else ()
    kind = ("--model", row.model, "--firmware", row.firmware)
    before_s, load = spent_s(), os.getloadavg()[0]
    camera = RunningCamera(folder, *kind, *card, "--source", "scene:shop", "--loop")
    try:
        serial = requests.get(camera.url + WHO, auth=ADMIN, timeout=60).json()["snCode"]
        began_s = time.monotonic()
        done = run_stuntcam(
            *("check", camera.url, "-u", "admin", "--control", camera.control),
            *("--safety", "destructive", "--confirm-serial", serial, "--out", folder / "out"),
            env={"XDG_STATE_HOME": str(folder)},
            within_s=1800,
        )
        wall_s = time.monotonic() - began_s
    finally:
        camera.stop()
    cpu_s = spent_s() - before_s
    load = (load + os.getloadavg()[0]) / 2
    (folder / "said.txt").write_text(done.stdout + done.stderr)
    file = folder / "out" / "results.json"
    results = json.loads(file.read_text()) if file.exists() else {"requirements": []}
    cells = (row.family, row.model, row.firmware, "yes" if with_card else "no", done.returncode)
    told = (*cells, f"{wall_s:.0f}", f"{cpu_s:.0f}", f"{load:.1f}", verdicts(results))
    say("| " + " | ".join(map(str, told)) + " |")
    return wall_s, results


def verdicts(results):
    """How many of each, and by name what is neither a pass nor of a chapter still to come."""
    built = {one.id for one in load().values() if why_no_check(one) is None}
    rows = [one for one in results["requirements"] if one["applies"] and one["id"] in built]
    counted = Counter(one["verdict"] for one in rows)
    odd = [
        f"{one['level']} {one['id']} {one['verdict']}"
        for one in rows
        if one["verdict"] not in {"pass", "not offered"}
    ]
    if len(counted) == 1:  # all alike
        odd = []
    return "; ".join([", ".join(f"{n} {what}" for what, n in counted.items()), *odd])


def where(results):
    """Seconds by chapter, and of the longest checks."""
    seconds = {
        check["name"]: check["seconds"]
        for row in results["requirements"]
        for check in row["checks"]
    }
    chapters = Counter()
    for name, took_s in seconds.items():
        chapters[name.partition("/")[0]] += took_s
    lines = [", ".join(f"{name} {s:.0f} s" for name, s in chapters.most_common())]
    longest = Counter(seconds).most_common(LONGEST)
    return "\n".join([*lines, *(f"{s:6.1f} s  {name}" for name, s in longest)])


def spent_s():
    """The processor's seconds of this process's children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
