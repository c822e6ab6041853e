"""A folder of results: each file whole or not at all, and no litter where nothing came of it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


class OutputError(ValueError):
    """A folder that can't be written; the message names it and says why."""


@contextmanager
def prepared(folder: Path) -> Iterator[Path]:
    """Make `folder` if need be, and see that it can be written before the work begins.

    One that was made for this and stays empty, because the work failed, is taken away again.
    Raises OutputError.
    """
    try:
        made = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".stuntcam-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise OutputError(f"{folder} can't be written: {error.strerror}") from error
    try:
        yield folder
    finally:
        if made:
            with suppress(OSError):  # not empty: the results are in it
                folder.rmdir()


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` by name into `folder`, each by rename. Raises OutputError."""
    for name, content in files.items():
        partial = folder / f".{name}.partial"
        try:
            partial.write_bytes(content)
            os.replace(partial, folder / name)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise OutputError(f"{folder / name} can't be written: {error.strerror}") from error
