"""A live source: read in a thread of its own, and looked for again whenever it falls silent.

The reader decodes every picture, since most can't be understood without the one before,
but keeps only the latest: whoever looks at them may be slower than the stream, and never
lags behind. An outage is told once, in one log line, and once that it is over.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from emulator.core.arrivals import Pace, stands_until
from emulator.core.frame import Frame
from emulator.core.localtime import SECOND_MS
from emulator.edge.sources.addresses import Address, opened, reason_of
from emulator.edge.sources.attempts import Attempts
from emulator.edge.sources.decoding import (
    ANALYSE_FPS,
    FALLBACK_FPS,
    Count,
    Looks,
    SourceError,
    decoded,
)
from emulator.edge.sources.pixels import colour_of, luma_of, planes_of

OPEN_S = 10.0
"""How long a source may take to answer; many cameras wait for their next whole picture."""

STALL_S = 5.0
"""A stream that shows no picture for so long is given up, and opened again."""

_LEAST_FPS, _MOST_FPS = Fraction(1), Fraction(240)  # a stream may claim anything


@dataclass(frozen=True, slots=True)
class _Arrived:
    picture: VideoFrame
    at_ms: int
    period_ms: int
    is_fresh: bool


class _Latest:
    """Hands the latest picture from one thread to another, and the word that there is none."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._changed = threading.Condition()
        self._arrived: _Arrived | None = None
        self._is_silent = self._is_told = self._is_over = False

    def put(self, arrived: _Arrived) -> None:
        with self._changed:
            if self._arrived is not None:
                self._count.dropped += 1
                arrived = replace(arrived, is_fresh=arrived.is_fresh or self._arrived.is_fresh)
            self._arrived, self._is_silent, self._is_told = arrived, False, False
            self._changed.notify()

    def fall_silent(self) -> None:
        with self._changed:
            self._is_silent = True
            self._changed.notify()

    def end(self) -> None:
        with self._changed:
            self._is_over = True
            self._changed.notify()

    def all(self) -> Iterator[_Arrived | None]:
        """Yield what arrives; None for each time that the source has fallen silent."""
        while True:
            with self._changed:
                while not (self._is_over or self._arrived or self._is_news()):
                    self._changed.wait()
                if self._is_over:
                    return
                arrived, self._arrived = self._arrived, None
                self._is_told = arrived is None
            yield arrived

    def _is_news(self) -> bool:
        return self._is_silent and not self._is_told


class LiveSource:
    """A stream or a webcam; always there, though it may be silent. Is followed once.

    fps        look at no more pictures a second; None: at all that arrive
    open_s     so long may it take to answer
    stall_s    after so long without a picture it is opened again
    wait       waits so many seconds between attempts, unless it is closed meanwhile
    monotonic  seconds of real time; both handed in so that tests can turn time by hand
    """

    duration_s = None

    def __init__(
        self,
        address: Address,
        fps: float | None = ANALYSE_FPS,
        open_s: float = OPEN_S,
        stall_s: float = STALL_S,
        wait: Callable[[float], object] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.count = Count()
        self._address, self._monotonic = address, monotonic
        self._open_s, self._stall_s = open_s, stall_s
        self._pace = Pace(0.0 if fps is None else SECOND_MS / fps)
        self._closing = threading.Event()
        self._wait = wait or self._closing.wait
        self._latest = _Latest(self.count)
        self._looks = Looks(self.name)

    @property
    def name(self) -> str:
        """What to call it in messages; holds no password."""
        return self._address.name

    def follow(self, now_ms: Callable[[], int]) -> Iterator[Frame | None]:
        """Yield frames as pictures arrive, until it is closed; None: it has fallen silent.

        now_ms  the camera's time; is called in another thread
        """
        reader = threading.Thread(target=self._read, args=(now_ms,), name="live", daemon=True)
        reader.start()
        try:
            yield from self._stretched(self._latest.all())
        finally:  # nobody reads on for a follower that is gone
            self.close()

    def close(self) -> None:
        """End; whoever waits for a frame waits no more."""
        self._closing.set()
        self._latest.end()

    def _stretched(self, arrivals: Iterator[_Arrived | None]) -> Iterator[Frame | None]:
        held: tuple[_Arrived, bool] | None = None  # until it is known how long it stands
        for arrived in arrivals:
            next_ms = None if arrived is None else arrived.at_ms
            is_fresh, is_cut = arrived is None or arrived.is_fresh, True
            if held is not None:
                picture, was_cut = held
                until_ms, is_cut = stands_until(picture.at_ms, next_ms, is_fresh, picture.period_ms)
                yield self._frame(picture, until_ms, was_cut)
            held = None if arrived is None else (arrived, is_cut)
            if arrived is None:
                yield None

    def _frame(self, arrived: _Arrived, until_ms: int, is_cut: bool) -> Frame:
        self.count.analysed += 1
        picture = arrived.picture
        is_other = self._looks.changed(picture)
        return Frame(
            arrived.at_ms,
            until_ms,
            luma_of(picture),
            partial(colour_of, picture),
            cut=is_cut or is_other,
            planes=partial(planes_of, picture),
        )

    # --- in the reader's thread -----------------------------------------------------------------

    def _read(self, now_ms: Callable[[], int]) -> None:
        attempts = Attempts(self.name, self._monotonic)
        try:
            while not self._closing.is_set():
                why = self._watch(now_ms, attempts)
                self._latest.fall_silent()
                if not self._closing.is_set():
                    self._wait(attempts.failed(why))
        finally:  # even of a fault of ours: nobody is to wait for ever
            self._latest.end()

    def _watch(self, now_ms: Callable[[], int], attempts: Attempts) -> str:
        """Open the source, read it to its end, and return why it ended."""
        try:
            with opened(self._address, self._open_s, self._stall_s) as container:
                return self._read_from(container, now_ms, attempts)
        except SourceError as error:
            return str(error)
        except av.ExitError:
            return self._stalled()
        except (av.FFmpegError, OSError) as error:
            return reason_of(error)

    def _read_from(
        self, container: InputContainer, now_ms: Callable[[], int], attempts: Attempts
    ) -> str:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        period_ms = _period_ms(stream)
        is_fresh, shown_s = True, self._monotonic()
        for picture in decoded(container.demux(), stream, self.count):
            if self._closing.is_set():
                break
            # Even if one has come now: at a time-out FFmpeg gives what it kept back.
            if self._monotonic() - shown_s > self._stall_s:
                return self._stalled()
            if picture is not None:
                if is_fresh:
                    attempts.succeeded()
                self._take(picture, now_ms(), period_ms, is_fresh)
                is_fresh, shown_s = False, self._monotonic()
        return "it ended"

    def _take(self, picture: VideoFrame, at_ms: int, period_ms: int, is_fresh: bool) -> None:
        if is_fresh or self._pace.wants(at_ms):
            self._pace = self._pace.after(at_ms)
            self._latest.put(_Arrived(picture, at_ms, period_ms, is_fresh))

    def _stalled(self) -> str:
        return f"no picture for {self._stall_s:g} s"


def _period_ms(stream: VideoStream) -> int:
    fps = Fraction(stream.average_rate or FALLBACK_FPS)
    return round(SECOND_MS / min(max(fps, _LEAST_FPS), _MOST_FPS))
