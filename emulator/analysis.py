"""Recorded footage to reports: the camera's own pipe, fed from files.

Wires core to edges for `stuntcam analyze`; prints nothing and asks for no time: progress
goes to a callback, and what was measured comes back as a value.
"""

import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial

import numpy as np

from emulator.core.detection.stays import Ruled
from emulator.core.frame import region_on_map
from emulator.core.localtime import SECOND_MS, to_instant
from emulator.core.piece import Piece, dense, scene_after
from emulator.core.reports.chart import time_chart
from emulator.core.reports.period import Period, PeriodError, period, smallest
from emulator.core.reports.picture import heat_picture, png
from emulator.core.reports.report import space_report, time_report
from emulator.core.reports.table import space_json, stays_csv, time_csv
from emulator.core.settings import HeatSettings
from emulator.edge.sources import SourceError, VideoFile
from emulator.edge.storage import Storage
from emulator.examining import examine
from emulator.recording import put

BEGINS = datetime(2026, 1, 1)  # noqa: DTZ001  # a reading; CONTRACT 4: never the file's date, never now
"""Where footage begins unless told otherwise."""

Examined = Callable[[int], Iterator[tuple[str, Piece]]]


@dataclass(frozen=True, slots=True)
class Task:
    """What to analyse, and how.

    report  a kind of period, or "auto" for the smallest that holds all footage
    start   wall clock reading of the first picture in `zone`
    """

    videos: Sequence[VideoFile]
    settings: HeatSettings
    report: str = "auto"
    start: datetime = BEGINS
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What came out: the files to write by name, the sources cut short, by how much."""

    files: dict[str, bytes]
    summary: dict[str, int | float]
    period: Period
    short_s: dict[str, float]


def analyse(
    task: Task,
    zone: tzinfo,
    progress: Callable[[str, float], None] = lambda name, seconds: None,
    examined: Examined | None = None,
) -> Analysis:
    """Return the reports of `task`'s footage.

    progress  is told, now and then, a file's name and how many seconds of it are done
    examined  yields each video's name and piece, in order, when told when the first begins;
              None: one after the other, in this process
    Raises PeriodError if the footage outlasts the report's longest period, SourceError if a
    video can't be read.
    """
    began_s = time.perf_counter()
    begins_ms = now_ms = to_instant(task.start, zone)
    longest_ms = period("annual", task.start, zone).stretches[-1].end_ms
    store = Storage(None)
    stays: list[Ruled] = []
    scene, short_s = None, {}
    decoded = analysed = damaged = objects = 0
    decode_s = 0.0
    for name, piece in (examined or partial(_one_by_one, task, zone, progress))(begins_ms):
        now_ms = piece.end_ms
        if now_ms > longest_ms:
            raise PeriodError(f"{name} outlasts the annual report from the start")
        put(store, ((minute_ms, dense(kept)) for minute_ms, kept in piece.minutes.items()), zone)
        scene = scene_after(scene, piece)
        stays.extend(piece.stays)
        decoded, analysed = decoded + piece.decoded, analysed + piece.analysed
        damaged, objects = damaged + piece.damaged, objects + piece.objects
        decode_s += piece.decode_s
        if piece.missing_s:
            short_s[name] = piece.missing_s
    if scene is None:
        raise SourceError("no video could be analysed")
    if task.report == "auto":
        covered = smallest(task.start, now_ms, zone)
    else:
        covered = period(task.report, task.start, zone)
    rows = time_report(covered, store.presence_ms)
    cells = space_report(covered, store.heat)
    counted = region_on_map(task.settings.region_mask())
    wall_s = time.perf_counter() - began_s
    summary: dict[str, int | float] = {
        "frames": decoded,
        "analysed": analysed,
        "damaged": damaged,
        "seconds": (now_ms - begins_ms) / SECOND_MS,
        "objects": objects,
        "stays": sum(stay.recorded == "yes" for stay in stays),
        "stays_dropped": sum(stay.recorded != "yes" for stay in stays),
        "heat_seconds": sum(row.presence_ms for row in rows) / SECOND_MS,
        "wall_s": round(wall_s, 3),
        "frames_per_s": round(decoded / wall_s, 1),
        "decode_s": round(decode_s, 3),
    }
    title = f"Time Heat Map, {covered.kind}, from {covered.start}"
    chart = time_chart(
        [row.start for row in rows], [row.presence_ms for row in rows], covered.kind, title
    )
    files = {
        "space.json": space_json(cells).encode(),
        "space.png": png(heat_picture(scene, cells, counted)),
        "space.npy": _npy(cells / SECOND_MS),
        "time.csv": time_csv(rows).encode(),
        "time.svg": chart.encode(),
        "events.csv": stays_csv(stays, zone).encode(),
        "summary.json": (json.dumps(summary, indent=1) + "\n").encode(),
    }
    store.close()
    return Analysis(files, summary, covered, short_s)


def _one_by_one(
    task: Task, zone: tzinfo, progress: Callable[[str, float], None], begins_ms: int
) -> Iterator[tuple[str, Piece]]:
    for video in task.videos:
        piece = examine(video, begins_ms, task.settings, zone, progress)
        begins_ms = piece.end_ms
        yield video.name, piece


def _npy(seconds: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> bytes:
    out = io.BytesIO()
    np.save(out, seconds, allow_pickle=False)
    return out.getvalue()
