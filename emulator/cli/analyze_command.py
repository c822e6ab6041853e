"""`stuntcam analyze`: what is typed, what is skipped, and what is printed."""

import logging
import os
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import cv2

from emulator import analysis
from emulator.archive import VERSION, Archive
from emulator.cli import options
from emulator.cli.options import UsageError
from emulator.core.reports.period import KINDS
from emulator.core.settings import HeatSettings
from emulator.edge import outputs, sources
from emulator.edge.cluster import Cluster
from emulator.edge.pieces import Kept
from emulator.edge.sources import SourceError

SKIPPED = 6
NAMED_AT_MOST = 3
VIDEO_SUFFIXES = {
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".ts", ".m2ts", ".mts", ".mpg", ".mpeg"),
    *(".flv", ".wmv", ".asf", ".3gp", ".dav", ".h264", ".264", ".h265", ".265", ".hevc"),
}
"""Files called so are footage: one that can't be read is always named with the reason."""


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
@click.option(
    "--workers",
    type=options.Workers(),
    help="Worker processes here, or a Dask scheduler's address. [default: this process alone]",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Keep each finished video in DIR.pieces, and go on from there; needs --out.",
)
def analyze(inputs: tuple[Path, ...], out: Path | None, **given: Any) -> int:
    """Make the camera's heat-map reports of recorded footage.

    Several videos follow one another in time; a folder means its files and
    its subfolders' by path. Remember that by default
    stays of more than 30 s leave no heat (--set min_dwell=300 keeps up to five minutes).
    """
    settings = options.changed(HeatSettings(enable=1), given["sets"])
    cv2.setNumThreads(1)  # pictures are small by then: threads cost more than they bring
    # What a video has to say while it is read, as all that is said on stderr.
    logging.basicConfig(format="stuntcam analyze: %(message)s")
    if given["resume"] and out is None:
        raise UsageError("--resume needs --out DIR, as the pieces are kept in DIR.pieces")
    with (
        outputs.prepared(out or options.numbered("stuntcam-analyze")) as folder,
        ExitStack() as end,
    ):
        videos, skipped = _videos(inputs, options.fps(given["analyse_fps"]))
        task = analysis.Task(videos, settings, given["report"], given["start"])
        archive = Archive(videos, settings, given["zone"])
        if given["workers"] is not None:  # first: without it no folder of pieces is begun
            archive.cluster = end.enter_context(closing(Cluster(given["workers"])))
        if given["resume"]:
            archive.kept = Kept(
                folder.absolute().with_name(f"{folder.absolute().name}.pieces"),
                _made_of(given, settings),
            )
        try:
            result = _with_progress(task, archive)
        finally:
            for why in archive.lost.values():
                options.warn("analyze", f"skipped: {why}")
        outputs.write(folder, result.files)
    skipped += len(archive.lost)
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
    videos, skipped = list[sources.VideoFile](), 0
    for path in inputs:
        _refuse_url(path)
        files = _files(path)
        refused: dict[Path, SourceError] = {}
        for file in [path] if files is None else files:
            try:
                videos.append(sources.VideoFile(file, fps))
            except SourceError as error:
                if files is None:
                    raise
                refused[file] = error
        _tell_refused(path, refused)
        skipped += len(refused)
    if not videos:
        raise UsageError(f"no video in {', '.join(str(path) for path in inputs)}")
    return videos, skipped


def _tell_refused(folder: Path, refused: dict[Path, SourceError]) -> None:
    """Warn of files in `folder` that are no videos: of a few or called a video, of each."""
    others = [file for file in refused if file.suffix.lower() not in VIDEO_SUFFIXES]
    summed = others if len(others) > NAMED_AT_MOST else []
    for file, error in refused.items():
        if file not in summed:
            options.warn("analyze", f"skipped: {error}")
    if summed:
        named = ", ".join(str(file.relative_to(folder)) for file in summed[:NAMED_AT_MOST])
        more = len(summed) - NAMED_AT_MOST
        options.warn(
            "analyze",
            f"skipped: {len(summed)} files in {folder} that are no video: {named} and {more} more",
        )


def _refuse_url(path: Path) -> None:
    # A path has lost one of the two slashes; what is shown must have lost the password, too.
    scheme, colon, rest = str(path).partition(":/")
    if colon and scheme in sources.NETWORK_KINDS and not path.exists():
        name = sources.without_secrets(f"{scheme}://{rest}")
        raise UsageError(f"{name} is no recording; see stuntcam serve --source")


def _files(path: Path) -> list[Path] | None:
    """Return what lies in a folder and below, by path; None: it is no folder."""
    try:
        if not path.is_dir():
            return None
        walked = list(os.walk(path, onerror=_raised))
        return sorted(Path(folder, name) for folder, _, names in walked for name in names)
    except OSError as error:
        raise UsageError(f"{error.filename or path} can't be read: {error.strerror}") from error


def _raised(error: OSError) -> None:
    raise error


def _made_of(given: dict[str, Any], settings: HeatSettings) -> dict[str, object]:
    """Return what decides over every piece but its video."""
    return {
        "version": VERSION,
        "settings": asdict(settings),
        "zone": str(given["zone"]),
        "fps": options.fps(given["analyse_fps"]),
    }


def _with_progress(task: analysis.Task, archive: Archive) -> analysis.Analysis:
    total_s = sum(video.duration_s or 0 for video in task.videos)
    with options.progress() as shown:
        bar = shown.add_task("", total=total_s or None)
        done: dict[str, float] = {}

        def progress(name: str, seconds: float) -> None:
            done[name] = seconds
            shown.update(bar, description=Path(name).name, completed=sum(done.values()))

        archive.progress = progress
        return analysis.analyse(task, archive.zone, examined=archive.examined)
