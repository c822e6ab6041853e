"""A share on the network by SMB, through smbprotocol's own os-like functions."""

import errno
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import Any

import smbclient
from smbprotocol.exceptions import (
    LogonFailure,
    SMBAuthenticationError,
    SMBException,
    SMBOSError,
)

from emulator.edge.storage.places import PARTIAL, File

_LOCKED_OUT = errno.EKEYREJECTED, "wrong user name or password"
_STATUSES = {  # what the library knows no errno for
    0xC000006D: _LOCKED_OUT,
    0xC000006A: _LOCKED_OUT,
    0xC0000022: (errno.EACCES, "the share does not allow it"),
    0xC00000A2: (errno.EROFS, "the share is write-protected"),
    0xC000007F: (errno.ENOSPC, "the share is full"),
    0xC0000044: (errno.EDQUOT, "the share's quota is used up"),
    0xC00000CC: (errno.ENOENT, "there is no share of that name"),
}


class Share:
    """A folder of an SMB share. The connection is made when needed, and anew once it broke.

    host, port, user, share, path  where it is, and as whom it is used
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str,
        share: str,
        path: str,
        *,
        password: str,
        wait_s: float,
    ) -> None:
        self._root = rf"\\{host}\{share}" + "".join(f"\\{name}" for name in path.split("/") if name)
        self._known: dict[str, Any] = {
            "port": port,
            "username": user,
            "password": password,
            "connection_timeout": int(wait_s),
        }
        self._host = host
        self._connections: dict[str, Any] = {}

    def check(self) -> None:
        """Return if the folder is there."""
        with self._telling():
            if not stat.S_ISDIR(smbclient.stat(self._root, **self._session()).st_mode):
                raise NotADirectoryError(errno.ENOTDIR, "it is no folder")

    def files(self, below: str) -> list[File]:
        """Return all files in a folder and in its folders; none if it is not there."""
        self.check()
        return list(self._walk(below))

    def read(self, path: str) -> bytes:
        """Return a file's content."""
        with self._telling(), self._opened(path, "rb") as file:
            return bytes(file.read())

    def write(self, path: str, content: bytes, *, is_lasting: bool) -> None:
        """Put a file in place by rename, with the folders that it needs."""
        session = self._session()
        with self._telling():
            for folder in reversed(PurePosixPath(path).parents[:-1]):
                smbclient.makedirs(self._at(str(folder)), exist_ok=True, **session)
            with self._opened(path + PARTIAL, "wb") as file:
                file.write(content)
                if is_lasting:
                    file.flush()
            smbclient.replace(self._at(path + PARTIAL), self._at(path), **session)

    def rename(self, path: str, other: str) -> None:
        """Give a file another name."""
        with self._telling():
            smbclient.replace(self._at(path), self._at(other), **self._session())

    def remove(self, path: str) -> None:
        """Take a file away; none is fine."""
        self._unless_gone(lambda: smbclient.remove(self._at(path), **self._session()))

    def remove_folder(self, path: str) -> None:
        """Take an empty folder away; one that is not empty, or none, is fine."""
        try:
            self._unless_gone(lambda: smbclient.rmdir(self._at(path), **self._session()))
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise

    def room(self) -> tuple[int, int] | None:
        """Return the share's size and what is free of it."""
        with self._telling():
            found = smbclient.stat_volume(self._root, **self._session())
            return int(found.total_size), int(found.caller_available_size)

    # --- how it works --------------------------------------------------------------------

    def _at(self, path: str) -> str:
        return "\\".join([self._root, *(name for name in path.split("/") if name)])

    def _session(self) -> dict[str, Any]:
        return self._known | {"connection_cache": self._connections}

    def _opened(self, path: str, mode: str) -> Any:
        return smbclient.open_file(self._at(path), mode=mode, **self._session())

    def _walk(self, below: str) -> Iterator[File]:
        try:
            with self._telling():
                entries = list(smbclient.scandir(self._at(below), **self._session()))
        except FileNotFoundError:
            return
        for entry in entries:
            path = f"{below}/{entry.name}".lstrip("/")
            if entry.is_dir(follow_symlinks=False):
                yield from self._walk(path)
            else:
                yield File(path, int(entry.smb_info.end_of_file))

    def _unless_gone(self, operation: Callable[[], object]) -> None:
        with suppress(FileNotFoundError), self._telling():
            operation()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Raise OSError for whatever goes wrong, and forget a connection that broke."""
        try:
            yield
        except SMBOSError as error:
            number, words = _STATUSES.get(error.ntstatus, (error.errno, error.strerror))
            raise OSError(number, words) from error
        except (SMBAuthenticationError, LogonFailure) as error:
            raise OSError(*_LOCKED_OUT) from error
        except (SMBException, ValueError) as error:
            # ValueError is how the library says that it can't connect.
            self._connections = {}
            words = " ".join(str(error).split())
            raise OSError(errno.ENOTCONN, words) from error
