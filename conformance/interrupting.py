"""Ctrl-C, or being asked to end (SIGTERM): when it takes hold.

once         the first ends what is done, as Ctrl-C does; whatever comes after it changes nothing
answered     not in the midst of a request: a device may do what it was sent only after it has
             been read, and left changed; and not lost either: Python drops what is raised in a
             finaliser or in a callback of the garbage collector, so the next request raises again
undisturbed  not while a device is given back

Signals are the main thread's; in any other these do nothing.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, NoReturn

_ENDING = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class _First:
    """Acts when told to end for the first time. has_come: it was told."""

    act: Callable[[], None]
    has_come: bool = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if not self.has_come:
            self.has_come = True
            self.act()


@contextmanager
def once() -> Iterator[None]:
    """Raise KeyboardInterrupt when first told to end, and take no notice of a second time."""

    def interrupt() -> NoReturn:
        raise KeyboardInterrupt

    with once_calling(interrupt):
        yield


@contextmanager
def once_calling(act: Callable[[], None]) -> Iterator[None]:
    """Call `act` when first told to end, and take no notice of a second time."""

    with _handled(_First(act)):
        yield


@contextmanager
def answered() -> Iterator[None]:
    """Put off being told to end until the block is over; its end may take that long.

    Who was told before, and goes on, is told again instead.
    """
    _tell_again()
    came: list[int] = []
    try:
        with _handled(lambda number, frame: came.append(number)):
            yield
    finally:
        _end_by(came)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Take no notice of being told to end."""
    with _handled(signal.SIG_IGN):
        yield


def _tell_again() -> None:
    handler = signal.getsignal(signal.SIGTERM)
    is_mine = threading.current_thread() is threading.main_thread()
    if is_mine and isinstance(handler, _First) and handler.has_come:
        handler.act()


def _end_by(came: list[int]) -> None:
    for number in came[:1]:
        handler = signal.getsignal(number)
        if callable(handler):
            handler(number, None)
        else:
            signal.raise_signal(number)


@contextmanager
def _handled(by: Callable[[int, FrameType | None], Any] | signal.Handlers) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.signal(number, by) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
