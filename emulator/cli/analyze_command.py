"""`stuntcam analyze`: what is typed, what is skipped, and what is printed."""

import logging
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import cv2

from emulator import analysis
from emulator.cli import options
from emulator.cli.options import UsageError
from emulator.core.reports.period import KINDS
from emulator.core.settings import HeatSettings
from emulator.edge import outputs, sources
from emulator.edge.sources import SourceError

SKIPPED = 6


@click.command()
@click.argument(
    "inputs", nargs=-1, required=True, metavar="VIDEO|FOLDER...", type=click.Path(path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the reports go. [default: ./stuntcam-analyze-N]",
)
@options.sets
@click.option(
    "--report",
    type=click.Choice(["auto", *KINDS[:4]]),
    default="auto",
    show_default=True,
    help="The period; auto: the smallest that holds all footage.",
)
@click.option(
    "--start",
    type=options.Local(),
    default=analysis.BEGINS,
    show_default=True,
    help="When the footage began.",
)
@options.zone
@options.analyse_fps
def analyze(inputs: tuple[Path, ...], out: Path | None, **given: Any) -> int:
    """Make the camera's heat-map reports of recorded footage.

    Several videos follow one another in time; a folder means its files by name. Remember
    that by default stays of more than 30 s leave no heat (--set min_dwell=300 keeps up to
    five minutes).
    """
    settings = options.changed(HeatSettings(enable=1), given["sets"])
    cv2.setNumThreads(1)  # pictures are small by then: threads cost more than they bring
    # What a video has to say while it is read, as all that is said on stderr.
    logging.basicConfig(format="stuntcam analyze: %(message)s")
    with outputs.prepared(out or options.numbered("stuntcam-analyze")) as folder:
        videos, skipped = _videos(inputs, options.fps(given["analyse_fps"]))
        task = analysis.Task(videos, settings, given["report"], given["start"])
        result = _with_progress(task, given["zone"])
        outputs.write(folder, result.files)
    for name, short_s in result.short_s.items():
        options.warn("analyze", f"{name} is cut short by {short_s:.1f} s; used up to the cut")
    shown = result.summary
    if shown["damaged"]:
        options.warn("analyze", f"{shown['damaged']} damaged pictures were skipped")
    click.echo(
        f"{shown['frames']} frames, {shown['seconds']:.1f} s, {shown['objects']} objects; "
        f"{shown['stays']} stays recorded, {shown['stays_dropped']} dropped by min_dwell "
        f"{settings.min_dwell} s ({settings.dwell_semantics})\n"
        f"{shown['heat_seconds']:.1f} s of presence; {result.period.kind} report from "
        f"{result.period.start}, {shown['frames_per_s']:.0f} frames/s\n"
        f"look at {folder / 'space.png'} and {folder / 'time.svg'}"
    )
    return SKIPPED if skipped else 0


def _videos(inputs: tuple[Path, ...], fps: float | None) -> tuple[list[sources.VideoFile], int]:
    videos, skipped = [], 0
    for path in inputs:
        _refuse_url(path)
        files = _files(path)
        for file in [path] if files is None else files:
            try:
                videos.append(sources.VideoFile(file, fps))
            except SourceError as error:
                if files is None:
                    raise
                options.warn("analyze", f"skipped: {error}")
                skipped += 1
    if not videos:
        raise UsageError(f"no video in {', '.join(str(path) for path in inputs)}")
    return videos, skipped


def _refuse_url(path: Path) -> None:
    # A path has lost one of the two slashes; what is shown must have lost the password, too.
    scheme, colon, rest = str(path).partition(":/")
    if colon and scheme in sources.NETWORK_KINDS and not path.exists():
        name = sources.without_secrets(f"{scheme}://{rest}")
        raise UsageError(f"{name} is no recording; see stuntcam serve --source")


def _files(path: Path) -> list[Path] | None:
    """Return what lies in a folder, by name, without its subfolders; None: it is no folder."""
    try:
        if not path.is_dir():
            return None
        return sorted((f for f in path.iterdir() if not f.is_dir()), key=lambda f: f.name)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error


def _with_progress(task: analysis.Task, zone: ZoneInfo) -> analysis.Analysis:
    total_s = sum(video.duration_s or 0 for video in task.videos)
    with options.progress() as shown:
        bar = shown.add_task("", total=total_s or None)
        lengths = {video.name: video.duration_s or 0 for video in task.videos}

        def progress(name: str, seconds: float) -> None:
            names = list(lengths)
            before_s = sum(lengths[other] for other in names[: names.index(name)])
            shown.update(bar, description=Path(name).name, completed=before_s + seconds)

        return analysis.analyse(task, zone, progress)
