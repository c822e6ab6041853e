"""Recorded footage to reports: the camera's own pipe, fed from files.

Wires core to edges for `stuntcam analyze`; prints nothing and asks for no time: progress
goes to a callback, and what was measured comes back as a value.
"""

import io
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np

from emulator.core.detection import backdrop
from emulator.core.detection.stays import Ruled
from emulator.core.frame import Picture, region_on_map
from emulator.core.localtime import SECOND_MS, to_instant
from emulator.core.reports.chart import time_chart
from emulator.core.reports.period import Period, PeriodError, period, smallest
from emulator.core.reports.picture import heat_picture, png
from emulator.core.reports.report import space_report, time_report
from emulator.core.reports.table import space_json, stays_csv, time_csv
from emulator.core.settings import HeatSettings
from emulator.edge.sources import SourceError, VideoFile
from emulator.edge.storage import Storage
from emulator.recording import Recorder

BEGINS = datetime(2026, 1, 1)  # noqa: DTZ001  # a reading; CONTRACT 4: never the file's date, never now
"""Where footage begins unless told otherwise."""


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


@dataclass(slots=True)
class _Tally:
    """Counted while frames pass."""

    decoded: int = 0
    analysed: int = 0
    damaged: int = 0
    decode_s: float = 0.0


def analyse(
    task: Task, zone: tzinfo, progress: Callable[[str, float], None] = lambda name, seconds: None
) -> Analysis:
    """Return the reports of `task`'s footage.

    progress  is told, now and then, a file's name and how many seconds of it are done
    Raises PeriodError if the footage outlasts the report's longest period.
    """
    began_s = time.perf_counter()
    begins_ms = to_instant(task.start, zone)
    longest = period("annual", task.start, zone).stretches[-1].end_ms
    stays: list[Ruled] = []
    store = Storage(None)
    recorder = Recorder(store, task.settings, zone, begins_ms, stays.append)
    tally, scene, short_s = _Tally(), None, {}
    for video in task.videos:
        scene = _watch(video, recorder, tally, scene, longest, progress)
        if missing_s := video.missing_s():
            short_s[video.name] = missing_s
    recorder.flush()
    if task.report == "auto":
        covered = smallest(task.start, recorder.now_ms, zone)
    else:
        covered = period(task.report, task.start, zone)
    rows = time_report(covered, store.presence_ms)
    cells = space_report(covered, store.heat)
    assert scene is not None
    counted = region_on_map(task.settings.region_mask())
    wall_s = time.perf_counter() - began_s
    summary: dict[str, int | float] = {
        "frames": tally.decoded,
        "analysed": tally.analysed,
        "damaged": tally.damaged,
        "seconds": (recorder.now_ms - begins_ms) / SECOND_MS,
        "objects": recorder.objects,
        "stays": sum(stay.recorded == "yes" for stay in stays),
        "stays_dropped": sum(stay.recorded != "yes" for stay in stays),
        "heat_seconds": sum(row.presence_ms for row in rows) / SECOND_MS,
        "wall_s": round(wall_s, 3),
        "frames_per_s": round(tally.decoded / wall_s, 1),
        "decode_s": round(tally.decode_s, 3),
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


def _watch(
    video: VideoFile,
    recorder: Recorder,
    tally: _Tally,
    scene: Picture | None,
    longest_ms: int,
    progress: Callable[[str, float], None],
) -> Picture:
    """Record one file to its end; return the empty scene as learnt so far."""
    begins_ms = recorder.now_ms
    looked_ms: int | None = None
    frames = video.frames(begins_ms)
    while True:
        asked_s = time.perf_counter()
        frame = next(frames, None)
        tally.decode_s += time.perf_counter() - asked_s
        if frame is None:
            break
        if frame.until_ms > longest_ms:
            raise PeriodError(f"{video.name} outlasts the annual report from the start")
        mask = recorder.take(frame)
        if looked_ms is None or frame.at_ms - looked_ms >= backdrop.LOOK_EVERY_MS:
            scene = backdrop.learnt(scene, frame.picture(), mask)
            looked_ms = frame.at_ms
            progress(video.name, (frame.until_ms - begins_ms) / SECOND_MS)
    recorder.forget()
    tally.decoded += video.count.decoded
    tally.analysed += video.count.analysed
    tally.damaged += video.count.damaged
    if scene is None:
        raise SourceError(f"{video.name} has no picture that can be decoded")
    return scene


def _npy(seconds: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> bytes:
    out = io.BytesIO()
    np.save(out, seconds, allow_pickle=False)
    return out.getvalue()
