"""Turns: what many runs on one machine do one after the other.

A turn is a lock on a file, so it ends with its process, however that ends.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def taken(file: Path | None) -> Iterator[None]:
    """Wait until nobody else has the turn that `file` stands for, and have it; None: no waiting.

    Raises OSError where the file can't be made.
    """
    if file is None:
        yield
        return
    with file.open("ab") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
