"""Places: folders on this machine, and shares on the network, through the same few operations.

Paths are relative, with `/`. Writing is by rename: whole or not at all. Whatever goes wrong
is an OSError; what it means for a volume is decided elsewhere (volume.py).
"""

import errno
import os
import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol, TypeVar

PARTIAL = ".partial"
"""How names of files end that are being written; what is left of them after a power cut goes."""

Result = TypeVar("Result")


class File(NamedTuple):
    """A file of a place: where, and how many bytes."""

    path: str
    size: int


class Place(Protocol):
    """Where files lie. Every operation raises OSError, of which errno tells why."""

    def check(self) -> None:
        """Return if the place is there."""

    def files(self, below: str) -> list[File]:
        """Return all files in a folder and in its folders; none if it is not there."""

    def read(self, path: str) -> bytes:
        """Return a file's content."""

    def write(self, path: str, content: bytes, *, is_lasting: bool) -> None:
        """Put a file in place, with the folders that it needs.

        is_lasting  returns once it would outlive a power cut
        """

    def rename(self, path: str, other: str) -> None:
        """Give a file another name."""

    def remove(self, path: str) -> None:
        """Take a file away; none is fine."""

    def remove_folder(self, path: str) -> None:
        """Take an empty folder away; one that is not empty, or none, is fine."""

    def room(self) -> tuple[int, int] | None:
        """Return the place's size and what is free of it, in bytes; None: it does not tell."""


class Folder:
    """A folder of this machine: an SD card's, or a share that the system has mounted.

    It is never made here; and where another file system was mounted on it, only that one
    counts: what is written into an empty mount point is lost to sight once the share is back.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._was_mounted = root.is_mount()

    def check(self) -> None:
        """Return if the folder is there."""
        with os.scandir(self._root):
            pass
        self._was_mounted = self._was_mounted or self._root.is_mount()
        if self._was_mounted and not self._root.is_mount():
            raise OSError(errno.ENODEV, "nothing is mounted there any more")

    def files(self, below: str) -> list[File]:
        """Return all files in a folder and in its folders; none if it is not there."""
        self.check()
        return list(_walk(self._root, self._root / below))

    def read(self, path: str) -> bytes:
        """Return a file's content."""
        return (self._root / path).read_bytes()

    def write(self, path: str, content: bytes, *, is_lasting: bool) -> None:
        """Put a file in place by rename, with the folders that it needs."""
        self.check()
        target = self._root / path
        for folder in reversed(PurePosixPath(path).parents[:-1]):
            (self._root / folder).mkdir(exist_ok=True)
        partial = target.with_name(target.name + PARTIAL)
        try:
            with partial.open("wb") as out:
                out.write(content)
                if is_lasting:
                    out.flush()
                    os.fsync(out.fileno())
            partial.replace(target)
        except OSError:
            partial.unlink(missing_ok=True)
            raise

    def rename(self, path: str, other: str) -> None:
        """Give a file another name."""
        (self._root / path).replace(self._root / other)

    def remove(self, path: str) -> None:
        """Take a file away; none is fine."""
        (self._root / path).unlink(missing_ok=True)

    def remove_folder(self, path: str) -> None:
        """Take an empty folder away."""
        folder = self._root / path
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def room(self) -> tuple[int, int] | None:
        """Return the file system's size and what is free of it."""
        usage = shutil.disk_usage(self._root)
        return usage.total, usage.free


class Around(Protocol):
    """Does an operation of a place in some way of its own, told its name."""

    def __call__(self, name: str, operation: Callable[[], Result]) -> Result:
        """Return what the operation returns."""


class Through:
    """A place of which every operation goes through `around`."""

    def __init__(self, place: Place, around: Around) -> None:
        self._place, self._around = place, around

    def check(self) -> None:
        """As the place."""
        self._around("check", self._place.check)

    def files(self, below: str) -> list[File]:
        """As the place."""
        return self._around("files", lambda: self._place.files(below))

    def read(self, path: str) -> bytes:
        """As the place."""
        return self._around("read", lambda: self._place.read(path))

    def write(self, path: str, content: bytes, *, is_lasting: bool) -> None:
        """As the place."""
        self._around("write", lambda: self._place.write(path, content, is_lasting=is_lasting))

    def rename(self, path: str, other: str) -> None:
        """As the place."""
        self._around("rename", lambda: self._place.rename(path, other))

    def remove(self, path: str) -> None:
        """As the place."""
        self._around("remove", lambda: self._place.remove(path))

    def remove_folder(self, path: str) -> None:
        """As the place."""
        self._around("remove_folder", lambda: self._place.remove_folder(path))

    def room(self) -> tuple[int, int] | None:
        """As the place."""
        return self._around("room", self._place.room)


class Patience:
    """Operations that end in time, whatever their network does.

    One that takes longer than `patience_s` raises TimeoutError, and goes on in a thread of
    its own until it ends by itself; the next one gets another thread. A listing may take
    ten times as long.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._idle: queue.SimpleQueue[Callable[[], None]] | None = None

    def __call__(self, name: str, operation: Callable[[], Result]) -> Result:
        """Return what the operation returns, or raise TimeoutError."""
        within_s = self._patience_s * (10 if name == "files" else 1)
        answer: Future[Result] = Future()
        # While a thread works it is nobody's, so that two who ask do not wait for one another.
        worker, self._idle = self._idle or _worker(), None
        worker.put(partial(_do, operation, answer))
        try:
            return answer.result(within_s)
        except TimeoutError:
            raise TimeoutError(f"no answer within {within_s:g} s") from None
        finally:
            if answer.done() and not self._has_idle():
                self._idle = worker
            else:
                worker.put(_enough)

    def _has_idle(self) -> bool:
        return self._idle is not None


def _do(operation: Callable[[], Result], answer: "Future[Result]") -> None:
    try:
        answer.set_result(operation())
    except Exception as error:
        answer.set_exception(error)


class _Enough(Exception):  # noqa: N818  # a signal
    """Ends a thread."""


def _enough() -> None:
    raise _Enough


def _worker() -> "queue.SimpleQueue[Callable[[], None]]":
    """Start a thread that does what is put into the queue returned."""
    asked: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def work() -> None:
        with suppress(_Enough):
            while True:
                asked.get()()

    threading.Thread(target=work, daemon=True).start()
    return asked


def _walk(root: Path, folder: Path) -> Iterator[File]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield File(Path(entry.path).relative_to(root).as_posix(), entry.stat().st_size)
