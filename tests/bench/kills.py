"""How a camera is after runs of `check` that were killed at random moments, and restored.

    PYTHONPATH=tests python -m bench.kills --moments 100

Every other run has control of the camera and may reset it. A run is killed without warning
after a random part of what a whole one takes; if it left a journal, `stuntcam restore` follows.
One that is over before its moment is not counted, and later moments are drawn from what it took.
Settings, accounts, the clock's pace, the scene and the faults must then be what they were.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests
from requests.auth import HTTPBasicAuth
from running import PASSWORD, RunningCamera

ADMIN = HTTPBasicAuth("admin", PASSWORD)
CGI = "/cgi-bin/admin/admin.cgi"
CHANGED = {"sensitivity": 7, "mintime": 123, "enable": 1, "map_mask": "01" * 149 + "0"}
QUIET_RUN = ("--safety", "reversible", "--only", "settings,WIRE-01")


def state(camera):
    """What must be as it was."""
    asked = ("get.heatmap.configuration", "get.system.user")
    told = {
        action: requests.get(
            f"{camera.url}{CGI}?action={action}&format=json", auth=ADMIN, timeout=60
        ).json()
        for action in asked
    }
    clock, scene, faults = (
        requests.get(f"{camera.control}/v1/{name}", timeout=60).json()
        for name in ("clock", "scene", "faults")
    )
    told["clock"] = {name: clock[name] for name in ("mode", "speed", "zone")}
    told["scene"] = {name: scene[name] for name in ("source", "loop")}
    return told | faults


def run(camera, arguments, environment, out, kill_after_s=None):
    """Run check; kill it after so many seconds. Returns how long it took, whether it was killed."""
    began_s = time.monotonic()
    command = [sys.executable, "-P", "-m", "stuntcam", "check", camera.url, "-u", "admin"]
    process = subprocess.Popen(
        [*command, *arguments, "--out", str(out)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(kill_after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return time.monotonic() - began_s, True
    return time.monotonic() - began_s, False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    draw = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "STUNTCAM_PASSWORD": PASSWORD, "XDG_STATE_HOME": name}
        camera = RunningCamera(folder, "--source", "scene:shop", "--loop")
        try:
            told = table(camera, asked.moments, draw, environment, folder)
            sys.stdout.write(f"{told}\n")
        finally:
            camera.stop()


def table(camera, moments, draw, environment, folder):
    """Kill so many runs; returns what to show."""
    save = f"{camera.url}{CGI}?action=set.heatmap.configuration&format=json"
    requests.post(save, json=CHANGED, auth=ADMIN, timeout=60)
    serial = requests.get(
        f"{camera.url}{CGI}?action=get.system.information&format=json", auth=ADMIN, timeout=60
    ).json()["snCode"]
    full = ("--safety", "destructive", "--confirm-serial", serial, "--control", camera.control)
    kinds = (QUIET_RUN, (*full, "--only", "settings,BEH-03,BEH-06"))
    before = state(camera)
    whole_s = [run(camera, kind, environment, folder / "out")[0] for kind in kinds]
    differing, journals, moment, over = [], 0, 0, 0
    while moment < moments:
        kind = moment % 2
        at_s = draw.uniform(0.3, whole_s[kind])
        took_s, was_killed = run(camera, kinds[kind], environment, folder / "out", at_s)
        if not was_killed:
            whole_s[kind] = took_s
            over += 1
            continue
        moment += 1
        for journal in (folder / "stuntcam" / "journals").glob("*.json"):
            journals += 1
            command = [sys.executable, "-P", "-m", "stuntcam", "restore", str(journal)]
            done = subprocess.run(
                [*command, "-u", "admin"],
                env=environment,
                check=False,
                capture_output=True,
                text=True,
            )
            if done.returncode != 0:
                differing.append((moment, at_s, done.stderr))
                journal.unlink(missing_ok=True)
        if (after := state(camera)) != before:
            wrong = {name: after[name] for name in before if after[name] != before[name]}
            differing.append((moment, round(at_s, 2), wrong))
            requests.post(save, json=CHANGED, auth=ADMIN, timeout=60)
    return (
        f"{moments} runs killed at random moments of {whole_s[0]:.0f} s and {whole_s[1]:.0f} s, "
        f"{journals} left a journal and were restored ({over} more were over before); "
        f"differing afterwards: {differing or 'none'}"
    )


if __name__ == "__main__":
    main()
