"""The command: `python -m bench [--only ROOM,...]`, with `tests` on the path.

Progress goes to stderr, the table to stdout, and both forms of it to the folder of --out.
"""

import argparse
import importlib
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import cv2

from bench.machine import machine
from bench.table import Outcome, as_json, markdown

ROOMS = (
    *("decode", "detection", "highway", "scenes", "quiet", "dwell", "campus", "memory"),
    *("storage", "control", "kit", "streams", "ablation"),
    *("onvif", "subscriptions", "fleet", "archive", "day"),
)
MARKS = ("<!-- bench -->", "<!-- /bench -->")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for.

    scenes, kinds  parts of names: only scenes and disturbances whose name has one; none: all
    ours           leave the rivals out where they only are there to compare
    rounds         how often timed things are repeated; the best counts
    jobs           processes that look at scenes
    cache          folder for clips that were encoded
    """

    scenes: tuple[str, ...]
    kinds: tuple[str, ...]
    ours: bool
    rounds: int
    jobs: int
    cache: Path

    def wants(self, name: str) -> bool:
        """Tell whether the scene `name` is to be looked at."""
        return not self.scenes or any(part in name for part in self.scenes)

    def wants_kind(self, kind: str) -> bool:
        """Tell whether scenes under the disturbance `kind` are to be looked at."""
        return not self.kinds or any(part in kind for part in self.kinds)

    @staticmethod
    def say(text: str) -> None:
        """Tell how far it is."""
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def main(arguments=None) -> None:
    """Run the rooms asked for, and print one table."""
    asked = _parser().parse_args(arguments)
    cv2.setNumThreads(1)
    asked.cache.mkdir(parents=True, exist_ok=True)
    options = Options(asked.scenes, asked.kinds, asked.ours, asked.rounds, asked.jobs, asked.cache)
    outcome = Outcome()
    broken = [name for name in asked.only if not _measured(name, options, outcome)]
    sys.stdout.write(markdown(machine(), outcome, with_details=asked.each))
    if asked.into is not None:
        write_into(asked.into, markdown(machine(), outcome))
    if asked.out is not None:
        asked.out.mkdir(parents=True, exist_ok=True)
        (asked.out / "bench.md").write_text(markdown(machine(), outcome))
        (asked.out / "bench.json").write_text(as_json(machine(), outcome))
    if broken:
        sys.exit(f"rooms that broke off: {', '.join(broken)}")


def _measured(name, options, outcome):
    """Add what the room `name` finds; one that breaks off loses no other's figures."""
    options.say(f"{name} ...")
    try:
        found = importlib.import_module(f"bench.{name}").run(options)
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        outcome.skipped.append(f"{name}, which broke off: {type(error).__name__}: {error}")
        return False
    outcome.add(found)
    return True


def write_into(page: Path, table: str) -> None:
    """Put `table` between the marks on a page; exits if they are not there."""
    lines = page.read_text("utf-8").splitlines(keepends=True)
    places = []
    for mark in MARKS:
        if f"{mark}\n" not in lines:
            sys.exit(f"{page} has no line {mark}")
        places.append(lines.index(f"{mark}\n"))
    lines[places[0] + 1 : places[1]] = [table]
    page.write_text("".join(lines), "utf-8")


def _parser():
    parser = argparse.ArgumentParser(prog="bench", description="Our detector beside others.")
    parser.add_argument("--only", type=_rooms, default=ROOMS, metavar="ROOM,...", help=str(ROOMS))
    parser.add_argument("--scenes", type=_names, default=(), metavar="PART,...")
    parser.add_argument("--kinds", type=_names, default=(), metavar="PART,...")
    parser.add_argument("--ours", action="store_true", help="no rivals beside drawn scenes")
    parser.add_argument("--each", action="store_true", help="also print what rows sum up")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, help="folder for bench.md and bench.json")
    parser.add_argument("--into", type=Path, help=f"page to renew between {' and '.join(MARKS)}")
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "stuntcam-bench")
    return parser


def _rooms(text):
    chosen = _names(text)
    for name in chosen:
        if name not in ROOMS:
            raise argparse.ArgumentTypeError(f"{name!r} is none of: {', '.join(ROOMS)}")
    return chosen


def _names(text):
    return tuple(name for name in text.split(",") if name)


if __name__ == "__main__":
    main()
