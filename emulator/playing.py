"""Plays a source in a thread of its own: each picture in its time, round after round.

A live source sets its own pace; it is looked at until all is over, however often it falls
silent. Knows neither clock nor recorder: whoever looks says what time it is, and is told of each
picture, of each round's end, and of the end of all. While it plays it may be paused, paced
anew, or given something else to play.
"""

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from emulator.core.frame import Frame
from emulator.core.localtime import SECOND_MS
from emulator.edge.sources import LiveSource, Recorded, Source, SourceError, Still, VideoFile

log = logging.getLogger("stuntcam")


LONGEST_WAIT_S = 3600.0
"""A picture may stand for longer, but no lock can be waited for as long as one likes."""


class Watcher(Protocol):
    """Who looks at the pictures. Called in the player's thread."""

    def film_ms(self) -> int:
        """Return the instant of the film axis at which the next picture begins."""

    def look_at(self, frame: Frame) -> None:
        """See one picture."""

    def round_over(self) -> None:
        """Know that the next picture, if one comes, is of another scene or its first again."""

    def fell_silent(self) -> None:
        """Know that a live source shows nothing, or that there is no way to it yet."""

    def all_over(self) -> None:
        """Know that no picture comes any more, unless something else is to be played."""


@dataclass(frozen=True, slots=True)
class Programme:
    """What to play: a source, from `from_ms` of it on, and again when it ends if in a `loop`."""

    source: Source
    loop: bool
    from_ms: int = 0


class Player:
    """Plays a programme to `watcher`.

    speed  seconds of the source a second of real time; None: as fast as it can. It does not
           matter for a live source, nor does a loop.

    source       what plays; position_ms: how much of it has been shown in this round
    loop         begin again when it ends; may be changed at any time
    """

    def __init__(self, programme: Programme, speed: float | None, watcher: Watcher) -> None:
        self.source, self.position_ms = programme.source, programme.from_ms
        self.loop = programme.loop
        self._speed, self._watcher = speed, watcher
        self._next: Programme | None = programme
        self._stopping = self._paused = self._told = False
        self._shown = threading.Event()
        self._let_through = 0
        # When a film's instant was due; None: begin to count at the picture in hand.
        self._anchor: tuple[float, int] | None = None
        self._orders = threading.Condition()
        self._delivering = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="source", daemon=True)

    # --- orders, from any thread -----------------------------------------------------------

    def start(self) -> None:
        """Begin."""
        programme = self._next
        if isinstance(programme and programme.source, Still):  # it needs no thread to stand there
            self._next = None
            for frame in Still().frames(self._watcher.film_ms()):
                self._deliver(frame)
            self._watcher.all_over()
            self._shown.set()
        else:
            self._thread.start()

    def stop(self) -> None:
        """End after the picture in hand; returns when it has ended."""
        with self._orders:
            self._stopping = True
            self._orders.notify_all()
        self._close(self.source)
        if self._thread.ident is not None:
            self._thread.join()

    def play(self, programme: Programme) -> None:
        """Leave what is playing for another programme."""
        with self._orders:
            before, self.source = self.source, programme.source
            self.loop, self.position_ms = programme.loop, programme.from_ms
            self._next, self._anchor, self._told = programme, None, False
            self._let_through = 1  # a paused player shows at least what it is to play
            self._shown.clear()
            if self._thread.ident is None:
                self._thread.start()
            self._orders.notify_all()
        if before is not programme.source:
            self._close(before)

    def pace(self, speed: float | None) -> None:
        """Play at another speed from the next picture on."""
        with self._orders:
            self._speed, self._anchor = speed, None
            self._orders.notify_all()

    def pause(self) -> None:
        """Show no more pictures; none is being shown any more when this returns."""
        with self._orders:
            self._paused, self._let_through = True, 0
        with self._delivering:
            pass

    def resume(self) -> None:
        """Go on where it was paused."""
        with self._orders:
            self._paused, self._anchor = False, None
            self._orders.notify_all()

    def wait_shown(self, timeout_s: float) -> bool:
        """Wait until the programme has shown a picture, or has none; False if it takes longer."""
        return self._shown.wait(timeout_s)

    @property
    def is_paused(self) -> bool:
        """Whether it was paused."""
        return self._paused

    @property
    def speed(self) -> float | None:
        """Seconds of the source a second of real time; None: as fast as it can."""
        return self._speed

    # --- in the player's thread ----------------------------------------------------------------

    def _run(self) -> None:
        while (programme := self._ordered()) is not None:
            try:
                if isinstance(programme.source, LiveSource):
                    self._follow(programme.source)
                else:
                    self._play(programme.source, programme)
            finally:  # even of a fault of ours: nobody is to wait for ever
                if not self._is_called_off():
                    self._watcher.all_over()
                    self._shown.set()
        self._watcher.all_over()

    def _ordered(self) -> Programme | None:
        with self._orders:
            self._orders.wait_for(lambda: self._stopping or self._next is not None)
            programme, self._next = self._next, None
            return None if self._stopping else programme

    def _is_called_off(self) -> bool:
        return self._stopping or self._next is not None

    def _follow(self, source: LiveSource) -> None:
        missed = False
        for frame in source.follow(self._watcher.film_ms):
            if frame is None:
                self._watcher.fell_silent()
            elif self._paused and not self._let_through:
                missed = True  # what is live waits for nobody
            else:
                self._deliver(replace(frame, cut=True) if missed else frame)
                missed = False
        if self._next is not None:
            self._watcher.round_over()

    def _play(self, source: Recorded, programme: Programme) -> None:
        goes_on, from_ms = True, programme.from_ms
        while goes_on and not self._is_called_off():
            begins_ms = self._watcher.film_ms()
            frames = source.frames(begins_ms, from_ms) if from_ms else source.frames(begins_ms)
            try:
                for frame in self._in_time(frames):
                    if not self._is_called_off():
                        self.position_ms = from_ms + frame.until_ms - begins_ms
            except SourceError as error:
                log.error("%s; the last picture stays", error)
                goes_on = False
            else:
                self._tell_what_is_missing(source)
                goes_on = self.loop
            from_ms = 0
            self._watcher.round_over()

    def _tell_what_is_missing(self, source: Recorded) -> None:
        # Once is enough: a loop would say it in every round.
        is_over = not self._is_called_off() and not self._told
        if is_over and isinstance(source, VideoFile) and (short_s := source.missing_s()):
            log.warning("%s is cut short by %.1f s", source.name, short_s)
            self._told = True

    def _in_time(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            if not self._deliver(frame):
                return
            yield frame
            # The last one stands its time as well, or a loop would run ahead of the clock.
            self._wait_out(frame)
            if self._is_called_off():
                return

    def _deliver(self, frame: Frame) -> bool:
        """Show a picture, once it may be; tell whether it was."""
        while not self._is_called_off():
            with self._delivering:
                if not self._paused or self._let_through:
                    self._let_through = 0
                    self._watcher.look_at(frame)
                    if not self._is_called_off():
                        self._shown.set()
                    return True
            with self._orders:
                self._orders.wait_for(
                    lambda: self._is_called_off() or not self._paused or self._let_through
                )
        return False

    def _wait_out(self, frame: Frame) -> None:
        """Wait until the picture has stood for its time."""
        with self._orders:
            while not (self._is_called_off() or self._paused or self._speed is None):
                if self._anchor is None:
                    self._anchor = time.monotonic(), frame.at_ms
                began_s, began_ms = self._anchor
                left_s = began_s - time.monotonic()
                left_s += (frame.until_ms - began_ms) / SECOND_MS / self._speed
                if left_s <= 0:
                    return
                self._orders.wait(min(left_s, LONGEST_WAIT_S))

    @staticmethod
    def _close(source: Source) -> None:
        if isinstance(source, LiveSource):
            source.close()
