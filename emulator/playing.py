"""Plays a source in a thread of its own: each picture in its time, round after round.

A live source sets its own pace; it is looked at until all is over, however often it falls
silent. Knows neither clock nor recorder: whoever looks says what time it is, and is told of each
picture, of each round's end, and of the end of all.
"""

import logging
import threading
import time
from collections.abc import Iterator
from typing import Protocol

from emulator.core.frame import Frame
from emulator.core.localtime import SECOND_MS
from emulator.edge.sources import LiveSource, Recorded, Source, SourceError, VideoFile

log = logging.getLogger("stuntcam")


class Watcher(Protocol):
    """Who looks at the pictures. Called in the player's thread."""

    def now_ms(self) -> int:
        """Return the instant at which the next picture begins."""

    def look_at(self, frame: Frame) -> None:
        """See one picture."""

    def round_over(self) -> None:
        """Know that the next picture, if one comes, is the source's first again."""

    def fell_silent(self) -> None:
        """Know that a live source shows nothing, or that there is no way to it yet."""

    def all_over(self) -> None:
        """Know that no picture comes any more."""


class Player:
    """Plays `source` to `watcher`.

    speed  seconds of the source a second of real time; None: as fast as it can
    loop   begin again when it ends
    Neither matters for a live source.
    """

    def __init__(self, source: Source, speed: float | None, loop: bool, watcher: Watcher) -> None:
        self._source, self._speed, self._loop = source, speed, loop
        self._watcher = watcher
        self._told = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="source", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the picture in hand; returns when it has ended."""
        self._stopping.set()
        if isinstance(self._source, LiveSource):
            self._source.close()
        self._thread.join()

    def _run(self) -> None:
        try:
            if isinstance(self._source, LiveSource):
                self._follow(self._source)
            else:
                self._play(self._source)
        finally:  # even of a fault of ours: nobody is to wait for ever
            self._watcher.all_over()

    def _follow(self, source: LiveSource) -> None:
        for frame in source.follow(self._watcher.now_ms):
            if frame is None:
                self._watcher.fell_silent()
            else:
                self._watcher.look_at(frame)

    def _play(self, source: Recorded) -> None:
        again = True
        while again and not self._stopping.is_set():
            again = self._loop
            begins_ms = self._watcher.now_ms()
            try:
                for frame in self._paced(source.frames(begins_ms), begins_ms):
                    self._watcher.look_at(frame)
            except SourceError as error:
                log.error("%s; the last picture stays", error)
                again = False
            else:
                self._tell_what_is_missing(source)
            self._watcher.round_over()

    def _tell_what_is_missing(self, source: Recorded) -> None:
        # Once is enough: a loop would say it in every round.
        is_over = not self._stopping.is_set() and not self._told
        if is_over and isinstance(source, VideoFile) and (short_s := source.missing_s()):
            log.warning("%s is cut short by %.1f s", source.name, short_s)
            self._told = True

    def _paced(self, frames: Iterator[Frame], begins_ms: int) -> Iterator[Frame]:
        began_s = time.monotonic()
        for frame in frames:
            yield frame
            # The last one stands its time as well, or a loop would run ahead of the clock.
            if self._speed is not None:
                due_s = began_s + (frame.until_ms - begins_ms) / SECOND_MS / self._speed
                self._stopping.wait(max(0.0, due_s - time.monotonic()))
            if self._stopping.is_set():
                return
