"""An archive of two hours on one process and on two workers: time, bytes, and a worker that dies.

24 files of five minutes, copies of a drawn one, go through `stuntcam analyze` as a user
types it. The room tells the processor's time beside the clock's: on a machine that others use
too, a ratio of times is only worth what both ways got of it. In the last run a worker is
killed when some pieces are done; it is one that has just been seen at work.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av

from bench.table import Bound, Outcome, Row
from emulator.edge import fixtures
from emulator.edge.sources import drawn

FILES, MINUTES, FPS, ROWS, COLUMNS = 24, 5, 2, 240, 432
FILM = "shop"
FRAMES = MINUTES * 60 * FPS
SET = ("--set", "min_dwell=300")
KILLED_AFTER, AT_WORK_S = 6, 0.3
SOME, MANY, SHORT_FRAMES = 24, 240, 20
TIMINGS = ("wall_s", "frames_per_s", "decode_s")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Run:
    """One analysis: by the clock, by the processor, its reports, and the command's own memory."""

    wall_s: float
    cpu_s: float
    reports: dict[str, object]
    peak_mb: float
    killed_s: float = 0.0

    @property
    def told(self) -> str:
        """Return its times in words."""
        return f"{self.wall_s:.1f} s, {self.cpu_s:.1f} s of the processor"


def run(options) -> Outcome:
    """Return the rows."""
    with tempfile.TemporaryDirectory() as place:
        archive = _archive(Path(place) / "archive", options)
        ones, twos = [], []
        for number in range(min(options.rounds, 3)):
            options.say(f"archive: one process, then two workers, {number + 1}")
            ones.append(_analysed(Path(place) / f"one-{number}", archive))
            options.say(f"archive: {ones[-1].told}")
            twos.append(_analysed(Path(place) / f"two-{number}", archive, "--workers", "2"))
            options.say(f"archive: {twos[-1].told}")
        options.say("archive: one of two workers is killed")
        killed = _analysed(Path(place) / "killed", archive, "--workers", "2", kill=True)
        options.say(f"archive: {killed.told}")
        peaks = {}
        for count in (SOME, MANY):
            options.say(f"archive: memory with {count} short files")
            short = _short(Path(place) / f"short-{count}", archive, count)
            peaks[count] = _analysed(Path(place) / f"s-{count}", short, "--workers", "2").peak_mb
    one = min(ones, key=lambda each: each.wall_s)
    two = min(twos, key=lambda each: each.wall_s)
    same = all(each.reports == one.reports for each in [*ones, *twos])
    return Outcome(
        [
            _row("2 h in 24 files, one process", "s", one.wall_s, note=one.told),
            _row("the same on 2 workers", "s", two.wall_s, note=two.told),
            _row("one process / 2 workers", "x", one.wall_s / two.wall_s, Bound("at least", 1.8)),
            _row("frames analysed on 2 workers", "frames/s", FILES * FRAMES / two.wall_s),
            _row("reports byte-identical", "", float(same), Bound("at least", 1)),
            _row(
                "one worker killed: byte-identical",
                "",
                float(killed.reports == one.reports),
                Bound("at least", 1),
                f"{killed.told}; the one killed had worked {killed.killed_s:.2f} s "
                "since it was last looked at",
            ),
            _row(f"memory of the command, {SOME} short files", "MB", peaks[SOME]),
            _row(f"memory of the command, {MANY} short files", "MB", peaks[MANY]),
        ]
    )


def _row(what, unit, value, bound=None, note=""):
    return Row("archive", what, unit, {"ours": value}, bound, note)


def _archive(folder, options):
    folder.mkdir()
    film = options.cache / f"archive-{FILM}-{MINUTES}-{FPS}-{ROWS}.mp4"
    if not film.exists():
        options.say(f"archive: {FILM} is drawn")
        _encode(film)
    for number in range(FILES):
        shutil.copy(film, folder / f"{number:02}.mp4")
    return folder


def _encode(path):
    document = fixtures.scene(FILM) | {"rows": ROWS, "columns": COLUMNS, "fps": FPS}
    partial = path.with_suffix(".part")
    with av.open(str(partial), "w", format="mp4") as container:
        options = {"bf": "0", "g": str(2 * FPS), "preset": "veryfast"}
        stream = container.add_stream("libx264", rate=FPS, options=options)
        stream.height, stream.width, stream.pix_fmt = ROWS, COLUMNS, "yuv420p"
        stream.bit_rate = 250_000
        for index, frame in enumerate(islice(drawn(FILM, document).frames(0), FRAMES)):
            picture = av.VideoFrame.from_ndarray(frame.picture(), "bgr24")
            picture.pts, picture.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    partial.replace(path)


def _short(folder, archive, count):
    """Fill a folder with the first seconds of the archive's first file, so many times."""
    folder.mkdir()
    short = folder / "000.mp4"
    with av.open(str(archive / "00.mp4")) as whole, av.open(str(short), "w") as cut:
        stream = whole.streams.video[0]
        copied = cut.add_stream_from_template(stream)
        for packet in islice(whole.demux(stream), SHORT_FRAMES):
            packet.stream = copied
            cut.mux(packet)
    for number in range(1, count):
        shutil.copy(short, folder / f"{number:03}.mp4")
    return folder


def _analysed(out, archive, *more, kill=False):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began_s = time.perf_counter()
    command = [sys.executable, "-P", "-m", "stuntcam", "analyze", archive, "--out", out, *SET]
    command += [*more, *(["--resume"] if kill else [])]
    killed_s = peak_mb = 0.0
    with subprocess.Popen([*map(str, command)], stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            time.sleep(0.1)
            peak_mb = max(peak_mb, _peak_mb(process.pid))
            pieces = out.with_name(f"{out.name}.pieces")
            if kill and not killed_s and len(list(pieces.glob("*.piece"))) >= KILLED_AFTER:
                killed_s = _killed(process.pid)
    wall_s = time.perf_counter() - began_s
    assert process.returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = {file.name: file.read_bytes() for file in out.iterdir()}
    told = json.loads(found["summary.json"])
    found["summary.json"] = {key: told[key] for key in told if key not in TIMINGS}
    return Run(wall_s, cpu_s, found, peak_mb, killed_s)


def _killed(parent):
    """Kill a child that works at this moment; return how long it had, since it was looked at."""
    before = {pid: _worked_s(pid) for pid in _children(parent)}
    while True:
        time.sleep(0.05)
        for pid, worked_s in before.items():
            # Beyond its examining a worker does next to nothing.
            if (since_s := _worked_s(pid) - worked_s) >= AT_WORK_S:
                os.kill(pid, signal.SIGKILL)
                return since_s


def _children(parent):
    # Threads have children, each its own.
    told = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(pid) for text in told for pid in text.read_text().split()]


def _worked_s(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _peak_mb(pid):
    with suppress(OSError, StopIteration):  # it has ended
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1000
    return 0.0
