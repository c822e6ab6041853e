"""A thing that is done again and again: in a thread of its own, or, in a fleet, by a rota.

A camera alone gives each of its duties a thread. A thousand cameras in a process share a
rota: one thread for each kind of duty, which goes around and does it for each of them.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Result = TypeVar("Result")

log = logging.getLogger("stuntcam")

AT_ONCE = 5
"""So many duties of a kind a rota does between two pauses."""

ROUND_S = 1.0
"""So often a rota goes around."""


class Rota:
    """Does the duties of many cameras, each kind in one thread that begins with its first."""

    def __init__(self) -> None:
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._lanes: dict[str, dict[Duty[Any], None]] = {}
        self._threads: list[threading.Thread] = []
        self._failing: WeakSet[Duty[Any]] = WeakSet()  # told once, until they succeed

    def add(self, duty: "Duty[Any]") -> None:
        """Do this one, too."""
        with self._lock:
            if duty.name not in self._lanes:
                self._lanes[duty.name] = {}
                thread = threading.Thread(
                    target=self._run, args=(duty.name,), name=duty.name, daemon=True
                )
                self._threads.append(thread)
                thread.start()
            self._lanes[duty.name][duty] = None

    def remove(self, duty: "Duty[Any]") -> None:
        """Do it no more; one that is being done may still be."""
        with self._lock:
            self._lanes.get(duty.name, {}).pop(duty, None)

    def stop(self) -> None:
        """End after what is being done."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self, name: str) -> None:
        pause_s = ROUND_S
        while not self._stopping.wait(pause_s):
            with self._lock:
                due = tuple(self._lanes[name])
            # Spread over the round: in one go they would keep requests waiting for the processor.
            pause_s = ROUND_S / (len(due) // AT_ONCE + 1)
            for number, duty in enumerate(due, 1):
                if self._stopping.is_set():
                    return
                self._take_turn(duty)
                if number % AT_ONCE == 0 and self._stopping.wait(pause_s):
                    return

    def _take_turn(self, duty: "Duty[Any]") -> None:
        try:
            duty.in_turn()
        except Exception:  # a fault of one camera's; the others' go on, and it is tried again
            if duty not in self._failing:
                self._failing.add(duty)
                log.exception("%s has failed; it is done again every %g s", duty.name, ROUND_S)
        else:
            self._failing.discard(duty)


class Duty(Generic[Result]):
    """Does something again and again, and at once when told.

    rota  does it among others' once a ROUND_S, instead of a thread of its own every `every_s`
    """

    def __init__(
        self, name: str, do: Callable[[], Result], every_s: float, rota: Rota | None = None
    ) -> None:
        self.name, self._do, self._every_s, self._rota = name, do, every_s, rota
        self._doing, self._stopping = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        if self._rota is not None:
            self._rota.add(self)
            return
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after what is being done."""
        self._stopping.set()
        if self._rota is not None:
            self._rota.remove(self)
            with self._doing:
                pass
        elif self._thread is not None:
            self._thread.join()

    def now(self) -> Result:
        """Do it now, and return what came of it."""
        with self._doing:
            return self._do()

    def in_turn(self) -> None:
        """Do it, unless it has ended."""
        with self._doing:
            if not self._stopping.is_set():
                self._do()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep it from being done; waits for what is being done."""
        with self._doing:
            yield

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            self.now()
