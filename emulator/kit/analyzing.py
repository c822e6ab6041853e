"""`analyze`: recorded footage in, the camera's reports out, as values (emulator/analysis.py)."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from emulator import analysis
from emulator.core.settings import HeatSettings
from emulator.edge import outputs
from emulator.edge.clock import zone_of
from emulator.edge.sources import ANALYSE_FPS, VideoFile
from emulator.kit.camera import changed
from emulator.making import MakingError

Seconds = np.ndarray[tuple[int, int], np.dtype[np.float64]]
Video = str | PathLike[str]


class Stay(NamedTuple):
    """Somebody's presence in the region, local time; recorded: yes, longer or shorter."""

    number: int
    start: datetime
    end: datetime
    recorded: str


@dataclass(frozen=True, slots=True)
class Footage:
    """What came out.

    space    presence of each map cell: float64 (192, 192), s, row 0 at the top
    stays    everybody's, recorded or not
    summary  counts and times, as summary.json has them
    files    what `stuntcam analyze` writes, by name: space.png, time.csv, time.svg, ...
    short_s  by file: how many seconds are missing at its end
    """

    space: Seconds
    stays: list[Stay]
    summary: dict[str, int | float]
    files: dict[str, bytes]
    short_s: dict[str, float]

    def write(self, folder: Video) -> None:
        """Write the files into `folder`, which is made if it is not there."""
        with outputs.prepared(Path(folder)) as prepared:
            outputs.write(prepared, self.files)


def analyze(
    videos: Video | Iterable[Video],
    *,
    settings: Mapping[str, Any] | None = None,
    report: Literal["auto", "daily", "weekly", "monthly", "annual"] = "auto",
    start: datetime = analysis.BEGINS,
    timezone: str = "UTC",
    analyse_fps: float | None = ANALYSE_FPS,
) -> Footage:
    """Return the camera's reports of recorded footage: one file, or several one after the other.

    settings     as --set takes them: {"min_dwell": 300}
    start        what the wall clock read at the first picture
    analyse_fps  look at no more pictures a second; None: at all
    Raises a ValueError that names what is wrong: SourceError, SettingError, PeriodError.
    """
    paths = [videos] if isinstance(videos, str | PathLike) else list(videos)
    if not paths:
        raise MakingError("no video is given")
    if analyse_fps is not None and not analyse_fps > 0:
        raise MakingError(f"analyse_fps={analyse_fps!r} is not above 0")
    wanted, zone = changed(HeatSettings(enable=1), settings or {}), zone_of(timezone)
    sources = [VideoFile(Path(path), analyse_fps) for path in paths]
    found = analysis.analyse(analysis.Task(sources, wanted, report, start), zone)
    rows = csv.DictReader(io.StringIO(found.files["events.csv"].decode()))
    stays = [
        Stay(
            int(row["id"]),
            datetime.fromisoformat(row["start"]),
            datetime.fromisoformat(row["end"]),
            row["recorded"],
        )
        for row in rows
    ]
    space = np.load(io.BytesIO(found.files["space.npy"]), allow_pickle=False)
    return Footage(space, stays, found.summary, found.files, found.short_s)
