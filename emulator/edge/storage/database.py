"""The database file under flash: making, opening, checking and replacing it whole."""

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

VERSION = 2
APPLICATION_ID = 0x53545543  # "STUC", so that another program's database is recognised

SMALLEST = 512  # bytes: SQLite's smallest page

_SCHEMA = f"""
BEGIN;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
CREATE TABLE minute (
    start_ms INTEGER PRIMARY KEY,          -- UTC
    hour_start_ms INTEGER NOT NULL, hour_end_ms INTEGER NOT NULL,
    presence_ms INTEGER NOT NULL, cells BLOB NOT NULL, checksum INTEGER NOT NULL
);
CREATE TABLE hour (                        -- those that are not closed
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, day TEXT NOT NULL,
    presence_ms INTEGER NOT NULL, cells BLOB NOT NULL, checksum INTEGER NOT NULL,
    PRIMARY KEY (start_ms, end_ms)
);
CREATE TABLE part (path TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE block (
    start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, digest TEXT NOT NULL,
    cells BLOB NOT NULL, checksum INTEGER NOT NULL,
    PRIMARY KEY (start_ms, end_ms)
);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE account (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, checksum INTEGER NOT NULL
);
COMMIT;
"""

_CHECKED = ("minute", "hour", "state", "account")
# Not parts, which are checked as they are read and may be had from a volume; nor blocks,
# which can be made again.


class StorageError(ValueError):
    """A store that can't be used; the message names the file and what is wrong with it."""


class FlashFull(StorageError):  # noqa: N818  # a state of the disk
    """A store that has no room for what is to be written; nothing of it was."""


def in_memory() -> sqlite3.Connection:
    """Return a new database that is gone when closed."""
    db = _connected(":memory:")
    db.executescript(_SCHEMA)
    return db


def opened(path: Path) -> sqlite3.Connection:
    """Return the database at `path`, checked; or make it.

    Raises StorageError, sqlite3.Error or OSError; nothing is changed then.
    """
    if path.exists():
        # Read-only: else closing puts the last commits before a kill into a damaged file.
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(_connected(uri, uri=True)) as db:
            _check(db, str(path))
    else:
        _make(path)
    db = _connected(path)
    try:
        # A power cut may cost the minute in the making, no commit before it.
        db.execute("PRAGMA synchronous = FULL")
        db.executescript("BEGIN IMMEDIATE; ROLLBACK;")  # refuse now what would fail later
    except BaseException:
        db.close()
        raise
    return db


def whole(db: sqlite3.Connection) -> bytes:
    """Return the database as the bytes of a file."""
    content = bytearray(db.serialize())
    content[18:20] = b"\1\1"  # without a write-ahead log, which memory can't have
    return bytes(content)


def replace_all(db: sqlite3.Connection, content: bytes, name: str) -> None:
    """Make `db` hold what `whole` returned, in one transaction.

    Raises StorageError if it is not that; nothing has changed then.
    """
    if len(content) < SMALLEST:  # SQLite would take it for one that is yet to be made
        raise StorageError(f"{name} is not a stuntcam store")
    with closing(_connected(":memory:")) as other:
        with telling(name, "read"):
            other.deserialize(content)
            _check(other, name)
        was = db.execute("PRAGMA journal_mode").fetchone()[0]
        other.backup(db)
        db.execute(f"PRAGMA journal_mode = {was}")


def checksum(row: Iterable[object]) -> int:
    """Return a row's checksum: SQLite knows its pages' form, not what is written there."""
    total = 0
    for value in row:
        total = zlib.crc32(value if isinstance(value, bytes) else repr(value).encode(), total)
    return total


@contextmanager
def telling(name: str, done: str) -> Iterator[None]:
    """Turn what the database and the system raise into StorageError, in one line."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        reason = " ".join(str(error).split())
        is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        kind = FlashFull if is_full else StorageError
        raise kind(f"{name} can't be {done}: {reason}") from error
    except UnicodeDecodeError as error:  # a name in its schema
        raise StorageError(f"{name} is damaged: a text in it can't be read") from error


def _connected(database: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    # Without an isolation level transactions are begun by hand.
    return sqlite3.connect(database, isolation_level=None, check_same_thread=False, uri=uri)


def _make(path: Path) -> None:
    """Make an empty store at `path`, by rename: whole or not at all."""
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise StorageError(f"{path} is gone, but its last commits are still in {log.name}")
    partial = path.with_name(path.name + ".partial")
    # The owner's alone: there are passwords in it.
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with closing(_connected(partial)) as db:
        db.executescript(_SCHEMA)
        db.execute("PRAGMA journal_mode = WAL")
    partial.replace(path)


def _check(db: sqlite3.Connection, name: str) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    (application,) = db.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID:
        raise StorageError(f"{name} is not a stuntcam store")
    if version != VERSION:
        raise StorageError(f"{name} is of version {version}; this stuntcam reads {VERSION}")
    (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != "ok":
        raise StorageError(f"{name} is damaged: {' '.join(verdict.split())}")
    with closing(in_memory()) as fresh:
        if _tables(db) != _tables(fresh):
            raise StorageError(f"{name} is damaged: its tables are not of version {version}")
    for table in _CHECKED:
        for *row, known in db.execute(f"SELECT * FROM {table}"):  # noqa: S608
            if known != checksum(row):
                raise StorageError(f"{name} is damaged: a row of {table} was changed")


def _tables(db: sqlite3.Connection) -> list[tuple[str, ...]]:
    return db.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
    ).fetchall()
