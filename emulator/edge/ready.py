"""The ready-file: tells other programs where a camera answers (CONTRACT 1).

It is removed at the start and at the exit, and put in place by rename once everything
answers: whoever sees it may connect.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

KEYS = ("http", "https", "rtsp", "control", "pid", "model", "firmware")


class ReadyError(ValueError):
    """A ready-file that can't be written; the message names it."""


def remove(file: Path) -> None:
    """Take the file away, if it is there. Raises ReadyError if its folder can't be written."""
    try:
        file.unlink(missing_ok=True)
        if not os.access(file.parent, os.W_OK):
            raise ReadyError(f"ready-file {file} can't be written: no such writable folder")
    except OSError as error:
        raise ReadyError(f"ready-file {file} can't be written: {error.strerror}") from error


def put(file: Path, values: Mapping[str, object]) -> None:
    """Write `values`, null where one is missing, as one line of JSON. Raises ReadyError."""
    put_line(file, {key: values.get(key) for key in KEYS})


def put_line(file: Path, values: Mapping[str, object]) -> None:
    """Write `values` as they are, as one line of JSON. Raises ReadyError."""
    line = json.dumps(values) + "\n"
    try:
        partial = file.with_name(file.name + ".partial")
        partial.write_text(line, "utf-8")
        os.replace(partial, file)
    except OSError as error:
        raise ReadyError(f"ready-file {file} can't be written: {error.strerror}") from error
