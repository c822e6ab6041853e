"""Writes a folder of results: each file whole or not at all."""

import os
from collections.abc import Mapping
from pathlib import Path


class OutputError(ValueError):
    """A folder that can't be written; the message names it and says why."""


def prepare(folder: Path) -> None:
    """Make `folder` if need be, and see that it can be written. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".stuntcam-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise OutputError(f"{folder} can't be written: {error.strerror}") from error


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` by name into `folder`, each by rename. Raises OutputError."""
    try:
        for name, content in files.items():
            partial = folder / f".{name}.partial"
            partial.write_bytes(content)
            os.replace(partial, folder / name)
    except OSError as error:
        raise OutputError(f"{folder} can't be written: {error.strerror}") from error
