"""The folder in which one camera keeps what it must not lose: one process at a time.

stuntcam.sqlite  heat, settings, accounts, identity   (edge/storage.py)
password         the administrator's, where one had to be made; the owner's alone (0600)
lock             held while a process uses the folder
"""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from emulator.core.accounts import AccountError, check_password


class StateError(ValueError):
    """A state folder that can't be used; the message names it and says why."""


def default_path(name: str) -> Path:
    """Return where a state is that nobody has said a place for."""
    return platformdirs.user_state_path("stuntcam", appauthor=False) / name


class StateFolder:
    """An open state folder; nobody else can open it until it is closed.

    Raises StateError when made if the folder can't be written or is in use.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StateError(f"state folder {path} can't be written: {error.strerror}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            reason = "is in use by another stuntcam"
            if not isinstance(error, BlockingIOError):
                reason = f"can't be locked: {error.strerror}"
            raise StateError(f"state folder {path} {reason}") from error

    @property
    def store(self) -> Path:
        """Where the store is, or is to be made."""
        return self.path / "stuntcam.sqlite"

    def password(self, make: Callable[[], str]) -> tuple[str, bool]:
        """Return the kept password, or `make` one and keep it; and whether it is new.

        Raises StateError if it can't be read or kept, or is against the rule for passwords.
        """
        file = self.path / "password"
        try:
            if file.exists():
                kept = file.read_text("utf-8").removesuffix("\n")
                check_password(kept)
                return kept, False
            made = make()
            # By rename, so that a hard kill can't leave an empty password behind.
            partial = self.path / "password.partial"
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as out:
                out.write(made + "\n")
                out.flush()
                os.fsync(descriptor)
            partial.replace(file)
        except (OSError, UnicodeDecodeError, AccountError) as error:
            raise StateError(f"{file} can't be used: {error}") from error
        return made, True

    def close(self) -> None:
        """Let others use the folder."""
        os.close(self._lock)
