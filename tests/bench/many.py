"""How long many slow devices take at once, beside one of them: `python -m bench.many`.

Each device is a `stuntcam serve` of its own, whose scene stands still, and which answers every
request 200 ms late. It has been asked by ONVIF once before, as one in a rack has long been; the
first such question takes an emulator a second or two. All are checked read-only: first one alone,
then all of them at once. A run of its own: it takes minutes, and wants the machine for itself.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
from running import PASSWORD, RunningCamera, run_stuntcam

LATE_S = 0.2
SOAP = {"Content-Type": "application/soap+xml; charset=utf-8"}
ASKED = """<Envelope xmlns="http://www.w3.org/2003/05/soap-envelope"><Body>
<GetServices xmlns="http://www.onvif.org/ver10/device/wsdl"><IncludeCapability>true
</IncludeCapability></GetServices></Body></Envelope>"""
FACTOR = 3
"""So many times as long as one device all of them may take (issue 8)."""


def main(arguments=None):
    """Measure, and print what a reader of docs/conformance.md wants to know."""
    parser = argparse.ArgumentParser(prog="bench.many")
    parser.add_argument("--cameras", type=int, default=50)
    parser.add_argument("--only", help="chapters, as for check")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cameras = []
        for number in range(options.cameras):
            cameras.append(_camera(folder / f"{number}"))
            stack.callback(cameras[-1].stop)
        _say(f"{len(cameras)} cameras, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        one = _checked(folder / "one", cameras[:1], options)
        several = _checked(folder / "all", cameras, options)
    _say(f"{several / one:.2f} x the time of one; {FACTOR} are allowed")


def _camera(folder):
    folder.mkdir()
    camera = RunningCamera(folder, "--no-discovery")
    httpx.put(f"{camera.control}/v1/clock", json={"mode": "frozen"}).raise_for_status()
    asked = httpx.post(f"{camera.url}/onvif/device_service", content=ASKED, headers=SOAP)
    asked.raise_for_status()
    late = {"name": "latency", "seconds": LATE_S}
    httpx.post(f"{camera.control}/v1/faults", json=late).raise_for_status()
    return camera


def _checked(folder, cameras, options):
    folder.mkdir()
    text = "".join(
        f'[[target]]\nname = "c{number}"\nurl = "{camera.url}"\n'
        for number, camera in enumerate(cameras)
    )
    (folder / "T.toml").write_text(text)
    only = ("--only", options.only) if options.only else ()
    began = time.monotonic()
    done = run_stuntcam(
        *("check", folder / "T.toml", "-u", "admin", "--parallel", len(cameras), "--seed", "1"),
        *(*only, "--out", folder / "out"),
        env={"XDG_STATE_HOME": str(folder), "STUNTCAM_PASSWORD": PASSWORD},
        within_s=3600,
    )
    took = time.monotonic() - began
    if not (folder / "out/devices.json").exists():
        sys.exit(f"bench.many: the check ended with {done.returncode}: {done.stderr.strip()}")
    grid = json.loads((folder / "out/devices.json").read_text())
    runs = [json.loads(file.read_text()) for file in (folder / "out").glob("*/results.json")]
    requests = sorted(run["run"]["requests"] for run in runs)
    codes = sorted({device["exit"] for device in grid["devices"]})
    _say(
        f"{len(cameras)} at once: {took:.0f} s, exit codes {codes}, requests {requests[0]}.."
        f"{requests[-1]} each; exit {done.returncode}; load {os.getloadavg()[0]:.1f}"
    )
    return took


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
