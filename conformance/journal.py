"""The journal: what a device was like before it was changed, on disk before it is changed.

One open journal for a serial number: its file is both the memory and the lock. It appears whole
or not at all, and is gone once everything has been put back. It holds no password.
"""

import contextlib
import hashlib
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from conformance import saved

SCHEMA, WHAT = 1, "journal of stuntcam"


class JournalError(ValueError):
    """A journal that can't be used or is in the way; the message names its file."""


@dataclass(slots=True)
class Entry:
    """What a journal holds.

    settings  the heat map's fields as the wire had them, or in a learned dialect our names
              (wire.py), or None: never to be changed
    beside    by group: the fields of what enabling the heat map may change as well
    users     invented accounts that may be there; they are to be deleted
    control   the control interface's url, and the clock and scene it told; None without one
    """

    serial: str
    model: str
    firmware: str
    url: str
    dialect: str
    started: str
    pid: int
    settings: dict[str, Any] | None = None
    beside: dict[str, dict[str, Any]] = field(default_factory=dict)
    users: list[str] = field(default_factory=list)
    control: dict[str, Any] | None = None
    schema: int = SCHEMA


class Journal:
    """An open journal. Each change of its entry is on disk when `write` returns."""

    def __init__(self, path: Path, entry: Entry) -> None:
        self.path, self.entry = path, entry

    @classmethod
    def open(cls, folder: Path, entry: Entry) -> "Journal":
        """Begin a journal. Raises JournalError when one of this serial number is open."""
        path = _path(folder, entry)
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            written = _written(folder, entry)
            try:
                os.link(written, path)  # unlike a rename, this never replaces another's
            finally:
                written.unlink()
        except FileExistsError:
            raise JournalError(_in_the_way(path)) from None
        except OSError as error:
            raise JournalError(f"{path}: can't be written: {error.strerror}") from None
        return cls(path, entry)

    def write(self) -> None:
        """Put the entry on disk, in one step. Raises JournalError."""
        try:
            os.replace(_written(self.path.parent, self.entry), self.path)
        except OSError as error:
            raise JournalError(f"{self.path}: can't be written: {error.strerror}") from None

    def close(self) -> None:
        """Remove the journal: everything has been put back."""
        self.path.unlink(missing_ok=True)


def refuse_open(folder: Path, entry: Entry) -> None:
    """Raise JournalError if a journal of this entry's device is open."""
    if (path := _path(folder, entry)).exists():
        raise JournalError(_in_the_way(path))


def read(path: Path) -> Journal:
    """Return the journal in a file. Raises JournalError."""
    document = saved.read(path, SCHEMA, WHAT, JournalError)
    try:
        return Journal(path, Entry(**document))
    except TypeError:
        raise JournalError(f"{path} is no {WHAT}: it lacks fields, or has others") from None


def file_name(serial: str) -> str:
    """Return a file name for a serial number, whatever characters a device puts in it."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", serial):
        return serial
    return "serial-" + hashlib.sha256(serial.encode("utf-8", "replace")).hexdigest()[:16]


def is_running(pid: int) -> bool:
    """Return whether a process of this number is there."""
    try:
        with contextlib.suppress(PermissionError):
            os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    return True


def _path(folder: Path, entry: Entry) -> Path:
    return folder / f"{file_name(entry.serial or entry.url)}.json"


def _written(folder: Path, entry: Entry) -> Path:
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(entry), file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _in_the_way(path: Path) -> str:
    try:
        pid = read(path).entry.pid
    except JournalError:
        return f"{path} is open and can't be read; look at it, then remove it"
    if is_running(pid):
        return f"{path} is open: process {pid} is at work on this device"
    return f"{path} is open: a run was broken off; first `stuntcam restore {path}`"
