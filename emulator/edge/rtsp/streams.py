"""Streams and who watches them: hands what the studio makes to everybody who wants it."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from emulator.core.streams import rtsp, sdp
from emulator.core.streams.encoders import STREAMS
from emulator.core.streams.rtp import REPORT_MS, Numbers
from emulator.core.streams.sdp import Video
from emulator.edge.rtsp.coding import parameters
from emulator.edge.rtsp.line import Burst
from emulator.edge.rtsp.sending import Sender
from emulator.edge.rtsp.sights import Sights
from emulator.edge.rtsp.studio import Studio, Track

MOST_PENDING = 64
"""Bursts on their way to the event loop; with more the studio waits for it."""


class Outlet:
    """One track to one client, who has begun to watch it."""

    def __init__(self, track: Track, sender: Sender) -> None:
        self.track, self.sender = track, sender
        # In the middle nothing could be decoded.
        self._waits, self._reported_s = True, 0.0

    def take(self, burst: Burst, now_s: float) -> None:
        """Send a burst, if the client has room, and can make something of it."""
        if not self.sender.has_room:
            self._waits = True
        elif burst.begins_anew or not self._waits:
            reports = now_s - self._reported_s >= REPORT_MS / 1000
            self.sender.send(burst, reports)
            self._waits = False
            if reports:
                self._reported_s = now_s


class _Described(NamedTuple):
    how: object
    video: Video
    number: int

    def fps(self, now: float) -> float:
        """Return what was told, if pictures come about as often now as then."""
        told = self.video.fps
        return told if abs(now - told) <= _UNSTEADY * told else now


_UNSTEADY = 0.15
"""By so much pictures may come more or less often than was told; lengths are whole ms."""


class Streams:
    """All streams of one camera. For one event loop.

    number  gives 32 bits that nobody can guess
    failed  is told when a fault of ours has ended all streams
    """

    def __init__(
        self, sights: Sights, number: Callable[[], int], failed: Callable[[], None]
    ) -> None:
        self._sights, self._number = sights, number
        self.numbers: Mapping[Track, Numbers] = {
            (stream, track): Numbers(number(), number(), number() % 65536)
            for stream in STREAMS
            for track in rtsp.TRACKS
        }
        self._outlets: dict[Track, set[Outlet]] = {track: set() for track in self.numbers}
        self._described: dict[str, _Described] = {}
        self._loop = asyncio.get_running_loop()
        self._room = threading.BoundedSemaphore(MOST_PENDING)
        self.studio = Studio(sights, self.numbers, self._deliver, partial(self._tell, failed))

    def join(self, outlets: Iterable[Outlet]) -> None:
        """Have a client watch tracks, each from the same picture on."""
        outlets = list(outlets)
        for outlet in outlets:
            self._outlets[outlet.track].add(outlet)
        for outlet in outlets:
            self.studio.want(self._wanted(), outlet.track)

    def leave(self, outlet: Outlet) -> None:
        """Have a client watch no more."""
        self._outlets[outlet.track].discard(outlet)
        self.studio.want(self._wanted())

    def description(self, stream: str, host: str) -> str:
        """Return a stream's SDP for a client that is connected to `host`. May take a moment."""
        encoder = self._sights.encoder(stream)
        frame = self._sights.latest()
        size = encoder.size((frame.size.columns, frame.size.rows))
        # Players that go by what they are told are not to be told more than there is.
        stands_ms = frame.until_ms - frame.at_ms
        fps = float(min(encoder.fps, round(1000 / stands_ms, 1)) if stands_ms > 0 else encoder.fps)
        how, known = (encoder, size), self._described.get(stream)
        if known is None or known.how != how:
            said = parameters(encoder, size)
        else:
            fps, said = known.fps(fps), known.video.parameters
        video = Video(encoder.codec, said, fps, size[1], size[0])
        if known is None or (known.how, known.video) != (how, video):
            known = self._described[stream] = _Described(how, video, self._number())
        return sdp.description(stream, known.number, host, known.video)

    def now_ms(self) -> int:
        """Return where the tracks' axes are."""
        return int(time.monotonic() * 1000)

    def _wanted(self) -> frozenset[Track]:
        return frozenset(track for track, outlets in self._outlets.items() if outlets)

    def _deliver(self, track: Track, bursts: list[Burst]) -> None:
        # In the studio's thread. A loop that is so far behind hands nothing out anyway.
        if self._room.acquire(timeout=1.0):
            try:
                self._loop.call_soon_threadsafe(self._hand_out, track, bursts)
            except RuntimeError:  # the loop is closed: everything ends
                self._room.release()

    def _tell(self, failed: Callable[[], None]) -> None:
        # In the studio's thread.
        with suppress(RuntimeError):  # the loop is closed: everything ends
            self._loop.call_soon_threadsafe(failed)

    def _hand_out(self, track: Track, bursts: list[Burst]) -> None:
        self._room.release()
        now_s = time.monotonic()
        for outlet in self._outlets[track]:
            for burst in bursts:
                outlet.take(burst, now_s)
