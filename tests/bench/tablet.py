"""Whether `check --stimulus --screen video` says of a filmed video what --control says of a scene.

    python -m bench.tablet [--video FILE.mp4] [--only BEH-01,BEH-02] [--out DIR]

`stuntcam stimulus --out` writes the video, unless one is given; it begins to play when the check
asks for it, on a screen that is filmed as bench.stimulus films its own. Half an hour, real time.
Prints a table; exits with 1 where a verdict is another.
"""

import argparse
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

import cv2
from filming import Filmed, Lens
from running import run_stuntcam
from screens import VideoOnTablet

from bench.stimulus import check, compared, controlled, say, started

WRITTEN_WITHIN_S = 3600


def followed(folder, file, only):
    """Check a camera before a video; returns rows, and how many minutes it took."""
    tablet = VideoOnTablet(file)
    folder.mkdir(parents=True)
    with Filmed(tablet, Lens()) as film:
        camera = started(folder, "--source", film.url)

        def heard(line):
            if line.startswith("start the video now"):
                tablet.begin()

        began_s = time.monotonic()
        try:
            _, rows = check(
                *(folder, camera.url, only, "--stimulus", "--screen", "video"),
                *("--safety", "reversible"),
                heard=heard,
            )
        finally:
            camera.stop()
        return rows, (time.monotonic() - began_s) / 60


def main():
    parser = argparse.ArgumentParser(prog="bench.tablet")
    parser.add_argument("--video", type=Path)
    parser.add_argument("--only", default="behaviour")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    folder = asked.out or Path(mkdtemp(prefix="tablet-"))
    folder.mkdir(parents=True, exist_ok=True)
    file = asked.video
    if file is None:
        file = folder / "screen.mp4"
        done = run_stuntcam("stimulus", "--out", file, within_s=WRITTEN_WITHIN_S)
        say(done.stdout.strip() or done.stderr.strip())
    rows, minutes = followed(folder / "followed", file, asked.only)
    wrong = compared(rows, controlled(folder, only=asked.only))
    say(f"{minutes:.1f} minutes; everything is in {folder}")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
