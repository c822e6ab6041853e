"""Turns at one thing among threads, fairly: who has just had one waits for who is waiting."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Gives turns, one at a time.

    A lock alone would go back to the thread that has just let go of it: one that takes a
    turn for every picture would starve all others. Who waits for a turn here keeps the
    queue, so nobody can pass him.
    """

    def __init__(self) -> None:
        self._queue, self._turn = threading.Lock(), threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and hold it."""
        with self._queue:
            self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()
