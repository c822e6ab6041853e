"""Ctrl-C, or being asked to end (SIGTERM): when it takes hold.

once         the first ends what is done, as Ctrl-C does; whatever comes after it changes nothing
answered     not in the midst of a request: a device may do what it was sent only after it has
             been read, and left changed
undisturbed  not while a device is given back

Signals are the main thread's; in any other these do nothing.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

_ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def once() -> Iterator[None]:
    """Raise KeyboardInterrupt when first told to end, and take no notice of a second time."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        for one in _ENDING:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handled(interrupt):
        yield


@contextmanager
def answered() -> Iterator[None]:
    """Put off being told to end until the block is over; its end may take that long."""
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
