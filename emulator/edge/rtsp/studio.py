"""The studio: a thread that makes what a camera sees into packets, while somebody watches.

It begins with the first viewer and ends with the last. The camera is never waited for, nor
waits: frames that come faster than they can be made into packets are left out, the oldest
first. Where none comes (the source is paused, has ended, or shows a picture for long) the last
one is streamed again, a few times a second, so that players know that the camera is there.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial

from emulator.core.frame import Frame
from emulator.core.onvif import metadata
from emulator.core.streams import rtsp
from emulator.core.streams.encoders import REPEAT_S
from emulator.core.streams.rtp import Numbers
from emulator.edge.rtsp.line import Burst, MetadataLine, PictureLine, Shown
from emulator.edge.rtsp.sights import Sights

log = logging.getLogger("stuntcam")

MOST_WAITING = 4
"""Frames that wait to be made into packets; each holds a decoded picture."""

Track = tuple[str, str]
"""A stream and a track of it, by name."""

Deliver = Callable[[Track, list[Burst]], None]


class Studio:
    """Makes one camera's packets.

    numbers  of each track there is
    deliver  is given what was made, in the studio's thread
    failed   is told there that nothing more comes until somebody new does, by a fault of ours
    """

    def __init__(
        self,
        sights: Sights,
        numbers: Mapping[Track, Numbers],
        deliver: Deliver,
        failed: Callable[[], None],
    ) -> None:
        self._sights, self._numbers, self._deliver = sights, numbers, deliver
        self._failed = failed
        self._changed = threading.Condition()
        self._wanted: frozenset[Track] = frozenset()
        self._newcomers: set[Track] = set()
        self._waiting: deque[tuple[Frame, Mapping[str, object] | None, int]] = deque()
        self._is_gapless = False
        # The one at work; and the last that began, which may not have ended yet.
        self._thread: threading.Thread | None = None
        self._latest: threading.Thread | None = None

    # --- orders, from the event loop ---------------------------------------------------------

    def want(self, wanted: frozenset[Track], newcomer: Track | None = None) -> None:
        """Make these tracks from now on; `newcomer`: somebody has just come to this one."""
        with self._changed:
            self._wanted = wanted
            if newcomer is not None:
                if self._thread is None:
                    self._begin()
                self._newcomers.add(newcomer)
            self._changed.notify()

    def refresh(self, track: Track) -> None:
        """Have a track's next picture need none before it; from any thread."""
        with self._changed:
            if track in self._wanted:
                self._newcomers.add(track)
                self._changed.notify()

    def stop(self) -> None:
        """Make nothing any more; returns when the thread has ended."""
        with self._changed:
            self._wanted, thread = frozenset(), self._latest
            self._changed.notify()
        if thread is not None:
            thread.join()

    @property
    def is_working(self) -> bool:
        """Whether its thread runs."""
        return self._thread is not None

    def _begin(self) -> None:
        self._forget()
        self._thread = threading.Thread(
            target=self._run, args=(self._latest,), name="studio", daemon=True
        )
        self._latest = self._thread
        self._thread.start()

    def _forget(self) -> None:
        self._waiting.clear()
        self._newcomers.clear()
        self._is_gapless = False

    # --- in the player's thread --------------------------------------------------------------

    def _seen(self, whose: threading.Thread, frame: Frame) -> None:
        tells = any(track == rtsp.METADATA for _, track in self._wanted)
        in_view = self._sights.in_view() if tells else None
        with self._changed:
            if self._thread is not whose:
                return  # that one makes no more; the next one has a watcher of its own
            if len(self._waiting) == MOST_WAITING:
                self._waiting.popleft()
                self._is_gapless = False
            self._waiting.append((frame, in_view, _now_ms()))
            self._changed.notify()

    # --- in the studio's thread --------------------------------------------------------------

    def _run(self, before: threading.Thread | None) -> None:
        if before is not None:
            before.join()
        me = threading.current_thread()
        try:
            leave = self._sights.watch(partial(self._seen, me))
            try:
                self._work()
            finally:
                leave()
        except Exception:  # a fault of ours: whoever comes next is to find another studio
            log.exception("the streams have ended by a fault")
            with self._changed:
                is_mine = self._thread is me
                if is_mine:
                    self._thread = None
                    self._forget()
            if is_mine:
                self._failed()

    def _work(self) -> None:
        lines = _Lines(self._numbers)
        while (order := self._next()) is not None:
            wanted, newcomers, shown, in_view = order
            self._make(lines, wanted, newcomers, shown, in_view)

    def _next(
        self,
    ) -> tuple[frozenset[Track], set[Track], Shown, Mapping[str, object] | None] | None:
        """Wait for something to make; None: nobody watches any more, and the thread ends."""
        with self._changed:
            until_s = time.monotonic() + REPEAT_S
            while self._wanted and not self._waiting:
                left_s = until_s - time.monotonic()
                if left_s <= 0 or not self._changed.wait(left_s):
                    break
            if not self._wanted:
                self._forget()
                self._thread = None
                return None
            newcomers, self._newcomers = self._newcomers, set()
            frame, in_view, arrived_ms = (
                self._waiting.popleft() if self._waiting else (None, None, _now_ms())
            )
            is_gapless, self._is_gapless = self._is_gapless, frame is not None
            wanted = self._wanted
        return wanted, newcomers, self._shown(frame, arrived_ms, is_gapless), in_view

    def _shown(self, frame: Frame | None, arrived_ms: int, is_gapless: bool) -> Shown:
        if frame is None:
            now = self._sights.reading(None)
            return Shown(self._sights.latest(), now, None, arrived_ms, is_gapless=False)
        film_ms = frame.at_ms if self._sights.plays_real() else None
        reading = self._sights.reading(frame.at_ms)
        return Shown(frame, reading, film_ms, arrived_ms, is_gapless)

    def _make(
        self,
        lines: "_Lines",
        wanted: frozenset[Track],
        newcomers: set[Track],
        shown: Shown,
        in_view: Mapping[str, object] | None,
    ) -> None:
        lines.keep(wanted)
        document = None
        for stream, track in sorted(wanted):
            if track == rtsp.VIDEO:
                anew = (stream, track) in newcomers
                encoder = self._sights.encoder(stream)
                bursts = lines.picture(stream).bursts(shown, encoder, anew)
            elif in_view is not None:
                document = document or metadata.stream_document(in_view, shown.reading.utc_ms)
                bursts = [lines.metadata(stream).burst(shown, document)]
            else:
                bursts = []
            if bursts:
                self._deliver((stream, track), bursts)


class _Lines:
    """The lines at work, by stream."""

    def __init__(self, numbers: Mapping[Track, Numbers]) -> None:
        self._numbers = numbers
        self._pictures: dict[str, PictureLine] = {}
        self._metadata: dict[str, MetadataLine] = {}

    def keep(self, wanted: frozenset[Track]) -> None:
        """Let go of what nobody watches any more."""
        for stream in [one for one in self._pictures if (one, rtsp.VIDEO) not in wanted]:
            del self._pictures[stream]
        for stream in [one for one in self._metadata if (one, rtsp.METADATA) not in wanted]:
            del self._metadata[stream]

    def picture(self, stream: str) -> PictureLine:
        if stream not in self._pictures:
            self._pictures[stream] = PictureLine(self._numbers[stream, rtsp.VIDEO])
        return self._pictures[stream]

    def metadata(self, stream: str) -> MetadataLine:
        if stream not in self._metadata:
            self._metadata[stream] = MetadataLine(self._numbers[stream, rtsp.METADATA])
        return self._metadata[stream]


def _now_ms() -> int:
    return int(time.monotonic() * 1000)
