"""Turns: what only so many runs on one machine do at the same time.

A turn is a lock on a file, so it ends with its process, however that ends.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LOOKS_S = 0.2
"""So often whoever is first in the queue looks for a turn that has become free."""


@dataclass(frozen=True, slots=True)
class Turns:
    """So many turns; folder: of their files, there while anybody wants one."""

    folder: Path
    many: int


@contextmanager
def taken(turns: Turns | None) -> Iterator[None]:
    """Wait until one of `turns` is free, and have it; None: no waiting.

    Raises OSError where its file can't be made.
    """
    if turns is None:
        yield
        return
    # Who waits in the queue sleeps there: only its first one looks around.
    with (turns.folder / "queue").open("ab") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        while (one := _free_one(turns)) is None:
            time.sleep(LOOKS_S)
    with one:
        yield


def _free_one(turns: Turns) -> IO[bytes] | None:
    for number in range(turns.many):
        file = (turns.folder / f"turn-{number}").open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            continue
        return file
    return None
