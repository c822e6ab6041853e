"""What streams cost: viewers beside one viewer, one viewer beside the bare encoder.

The processor's time of a process that serves RTSP and does nothing else: pictures lie decoded in
memory and are shown at 12.5 a second for some time, in real time, and viewers are processes of
their own that read and forget. The bare encoder gets the same pictures, with the clock that the
viewers see already in them, the same settings and library in a loop of its own: at once, as the
bound has it, and at the viewers' pace, which finds its caches
as cold as they do. A copied stream is handed the very packets that the file holds.
"""

import asyncio
import socket
import subprocess
import sys
import threading
import time
from fractions import Fraction
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import av
import cv2
import numpy as np

from bench.table import Bound, Outcome, Row
from emulator.core.accounts import Account
from emulator.core.frame import Frame
from emulator.core.streams.encoders import DEFAULTS
from emulator.core.streams.overlay import write_clock
from emulator.edge.rtsp import Reading, RtspServer
from emulator.edge.rtsp.coding import Coder
from emulator.edge.sources import VideoFile
from emulator.listening import held

ADMIN = Account("admin", "admin", "stunt-double-1")
SIZE = 1280, 720
FPS, PICTURES = 25, 250
SHOWN_S = 0.08
VIEWERS = 10
ROUNDS = 3


def run(options) -> Outcome:
    """Return the rows."""
    folder = Path(mkdtemp(prefix="streams-", dir=options.cache))
    file = folder / "clip.mp4"
    _write(file)
    frames = list(VideoFile(file, 12.5).frames(0))
    best = {}
    cases = {
        "bare encoder": partial(_bare, frames, 0.0),
        "bare encoder at their pace": partial(_bare, frames, SHOWN_S),
        "one viewer": partial(_served, frames, True, 1, "tcp"),
        "one viewer, UDP": partial(_served, frames, True, 1, "udp"),
        "10 viewers": partial(_served, frames, True, VIEWERS, "tcp"),
        "10 viewers, UDP": partial(_served, frames, True, VIEWERS, "udp"),
        "copied": partial(_served, frames, False, 1, "tcp"),
    }
    for number in range(ROUNDS):
        for name, case in cases.items():
            options.say(f"streams: {name}, round {number + 1} of {ROUNDS}")
            took_s = case()
            best[name] = min(best.get(name, took_s), took_s)
    file.unlink()
    folder.rmdir()
    rows = []
    for name, beside, bound in (
        ("one viewer", "bare encoder", Bound("at most", 1.15)),
        ("one viewer, UDP", "bare encoder", Bound("at most", 1.15)),
        ("one viewer", "bare encoder at their pace", None),
        ("10 viewers", "one viewer", Bound("at most", 1.15)),
        ("10 viewers, UDP", "one viewer, UDP", Bound("at most", 1.15)),
        ("copied", "bare encoder", Bound("at most", 0.15)),
    ):
        each_ms = 1000 * best[name] / len(frames)
        note = f"{each_ms:.2f} ms a picture of {SIZE[0]}x{SIZE[1]}; {beside}: "
        note += f"{1000 * best[beside] / len(frames):.2f} ms"
        title = f"processor of {name}, beside {beside}"
        rows.append(Row("streams", title, "x", {"ours": best[name] / best[beside]}, bound, note))
    return Outcome(rows)


class _Shown:
    """A camera that shows `frames`, one after the other, when it is told to."""

    def __init__(self, frames, overlay):
        self._frames, self._overlay, self._watchers = frames, overlay, []
        self._latest = frames[0]

    def show(self):
        began_s, begins_ms = time.monotonic(), self._frames[0].at_ms
        for frame in self._frames:
            self._latest = frame
            for seen in list(self._watchers):
                seen(frame)
            due_s = began_s + (frame.until_ms - begins_ms) / 1000
            time.sleep(max(0.0, due_s - time.monotonic()))

    def watch(self, seen):
        self._watchers.append(seen)
        return lambda: self._watchers.remove(seen)

    def latest(self):
        return self._latest

    def in_view(self):
        return {"maxWidth": 1, "maxHeight": 1, "objectList": []}

    def reading(self, film_ms):
        return Reading(_clock(film_ms or 0) if self._overlay else None, 0)

    def encoder(self, stream):
        return DEFAULTS[stream]

    def plays_real(self):
        return True

    def accounts(self):
        return {ADMIN.name: ADMIN}


def _served(frames: list[Frame], overlay: bool, viewers: int, way: str) -> float:
    """Return the processor's time of serving all frames to so many."""
    shown, ready, over = _Shown(frames, overlay), threading.Event(), []
    listener = socket.create_server(("127.0.0.1", 0))

    async def serve():
        server = RtspServer(shown, listener, "bench", VIEWERS, held)
        await server.start()
        over.append((asyncio.get_running_loop(), stop := asyncio.Event()))
        ready.set()
        await stop.wait()
        await server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    port = listener.getsockname()[1]
    thread.start()
    ready.wait()
    command = [sys.executable, "-m", "bench.viewers", str(port), str(viewers), way]
    watching = subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert watching.stdout.readline() == b"watching\n"
    began_s = time.process_time()
    shown.show()
    took_s = time.process_time() - began_s
    watching.communicate(b"enough\n")
    over[0][0].call_soon_threadsafe(over[0][1].set)
    thread.join()
    return took_s


def _bare(frames: list[Frame], every_s: float) -> float:
    """Return the processor's time of coding all frames; 0 s: one at once after the other."""
    pictures = [_picture(frame) for frame in frames]
    coder = Coder(DEFAULTS["main"], SIZE)
    began_s, due_s = time.process_time(), time.monotonic()
    for number, picture in enumerate(pictures):
        coder.made(picture, round(1000 * SHOWN_S * number), number == 0)
        due_s += every_s
        time.sleep(max(0.0, due_s - time.monotonic()))
    return time.process_time() - began_s


def _picture(frame):
    picture = av.VideoFrame(*SIZE, "yuv420p")
    for number, (plane, shown) in enumerate(zip(picture.planes, frame.planes(), strict=True)):
        lines = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        lines[: plane.height, : plane.width] = shown
        if number == 0:
            write_clock(lines[: plane.height, : plane.width], _clock(frame.at_ms))
    return picture


def _clock(film_ms):
    return f"2026-03-04 05:{film_ms // 60_000:02}:{film_ms // 1000 % 60:02}"


def _write(file):
    # Textured ground, sensor noise, and some things that move: as a camera's pictures are.
    random = np.random.default_rng(7)
    ground = cv2.GaussianBlur(random.integers(0, 256, (720, 1280, 3), dtype=np.uint8), (0, 0), 3)
    ground = cv2.normalize(ground, None, 30, 220, cv2.NORM_MINMAX)
    noise = random.normal(0, 2, (720 + 64, 1280 + 64, 1)).astype(np.int16)
    with av.open(str(file), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height = SIZE
        stream.pix_fmt, stream.bit_rate = "yuv420p", 4_000_000
        stream.options = {"preset": "veryfast", "g": "50"}
        for number in range(PICTURES):
            picture = ground.copy()
            for walker in range(6):
                left = (walker * 190 + number * (3 + walker)) % 1200
                picture[200 + 60 * walker : 330 + 60 * walker, left : left + 60] = 40 * walker
            down, right = number * 37 % 64, number * 23 % 64
            picture = np.clip(picture + noise[down : down + 720, right : right + 1280], 0, 255)
            frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
