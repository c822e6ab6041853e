"""Where heat and settings are kept: SQLite, one file, real transactions.

Heat is kept in rows: minutes, and sums of them by hour, day and month, so that a report
of a year reads a dozen tiles. A tile is zstd over whole milliseconds.

  minute  added to as stays are ruled; dropped when its hour ended MINUTES_KEPT_MS ago
  hour    added to with its minutes, in the same transaction
  day     holds exactly its closed hours, added as they close; likewise month
  parent  of a minute its hour, of an hour its day, of a day its month, as the zone had it
          when the row was made; a zone changed later counts nothing twice and loses nothing

What a stretch of time holds is thus, each part once: the months wholly inside; the days
wholly inside whose month is not; the hours that begin inside and are open or whose day is
not wholly inside. Where an hour sticks out, which takes a zone changed after recording, its
minutes mend both ends; where they are dropped, the hour counts where it began (CONTRACT 4).

One commit is one minute's heat, the open stays and the clock together: a hard kill loses
the minute in the making and nothing else. Source: REP-10, SET-07, CONTRACT 3.
"""

import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import zstandard

from emulator.core.accounts import Account
from emulator.core.frame import MAP_COLUMNS, MAP_ROWS
from emulator.core.heat import CellHeat, Tile, no_heat
from emulator.core.localtime import DAY_MS, HOUR_MS, MINUTE_MS, Stretch
from emulator.core.period import day_of, hour_of, month_of

VERSION = 1
APPLICATION_ID = 0x53545543  # "STUC", so that another program's database is recognised
MINUTES_KEPT_MS = 7 * DAY_MS

MINUTE, HOUR, DAY, MONTH = range(4)

_SCHEMA = f"""
BEGIN;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
CREATE TABLE heat (
    span            INTEGER NOT NULL,  -- 0 minute, 1 hour, 2 day, 3 month
    start_ms        INTEGER NOT NULL,  -- UTC, half-open
    end_ms          INTEGER NOT NULL,
    parent_start_ms INTEGER NOT NULL,  -- a month is its own
    parent_end_ms   INTEGER NOT NULL,
    closed          INTEGER NOT NULL,  -- of an hour: its day holds it
    presence_ms     INTEGER NOT NULL,
    cells           BLOB NOT NULL,     -- zstd of little-endian uint32 or uint64 (192, 192), ms
    checksum        INTEGER NOT NULL,
    PRIMARY KEY (span, start_ms, end_ms)
);
CREATE INDEX open_hour ON heat (end_ms) WHERE span = {HOUR} AND NOT closed;
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE account (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, checksum INTEGER NOT NULL
);
COMMIT;
"""

_INSIDE = "start_ms >= :start AND start_ms < :end AND end_ms <= :end"
_PARENT_INSIDE = "parent_start_ms >= :start AND parent_end_ms <= :end"
_PARTS = f"""
    SELECT 1, {{what}} FROM heat WHERE span = {MONTH} AND {_INSIDE}
    UNION ALL
    SELECT 1, {{what}} FROM heat WHERE span = {DAY} AND {_INSIDE} AND NOT ({_PARENT_INSIDE})
    UNION ALL
    SELECT 1, {{what}} FROM heat WHERE span = {HOUR} AND start_ms >= :start AND start_ms < :end
        AND NOT (closed AND {_PARENT_INSIDE})
    UNION ALL  -- what an hour that begins inside holds beyond the end
    SELECT -1, {{what}} FROM heat WHERE span = {MINUTE}
        AND start_ms >= :end AND start_ms < :end + {HOUR_MS}
        AND parent_start_ms >= :start AND parent_start_ms < :end
    UNION ALL  -- what an hour that began before holds inside
    SELECT 1, {{what}} FROM heat WHERE span = {MINUTE}
        AND start_ms >= :start AND start_ms < min(:start + {HOUR_MS}, :end)
        AND parent_start_ms < :start
"""  # noqa: S608  # made of this file's own constants


class StorageError(ValueError):
    """A store that can't be used; the message names the file and what is wrong with it."""


class _Row(NamedTuple):
    """A row of heat, without its checksum."""

    span: int
    start_ms: int
    end_ms: int
    parent_start_ms: int
    parent_end_ms: int
    closed: int
    presence_ms: int
    cells: bytes

    @property
    def parent(self) -> Stretch:
        return Stretch(self.parent_start_ms, self.parent_end_ms)


_ROW = ", ".join(_Row._fields)


class Storage:
    """The heat, settings and accounts of one camera. Not safe for two threads at once."""

    def __init__(self, path: Path | None) -> None:
        """Open the store at `path`, or make it; None: in memory, gone when closed.

        Raises StorageError where the file can't be read or written, is damaged, is another
        program's or a newer version's. Nothing is changed then.
        """
        self._name = "the store" if path is None else str(path)
        self._compress = zstandard.ZstdCompressor(level=3, write_checksum=True).compress
        self._decompress = zstandard.ZstdDecompressor().decompress
        with self._telling("used"):
            self._db = _memory() if path is None else _file(path)

    def close(self) -> None:
        """Let go of the file; everything committed stays."""
        self._db.close()

    # --- writing -------------------------------------------------------------------------

    def commit(
        self,
        minutes: Mapping[int, Tile],
        state: Mapping[str, object],
        zone: tzinfo,
        closes_before_ms: int,
    ) -> None:
        """Add heat, put state, and close the hours that are over: all of it or nothing.

        minutes           by the first instant of the minute; added to what is there
        state             JSON-able values by name; replace what is there
        closes_before_ms  hours that end by then get no more heat but from a clock set back
        Raises StorageError if the disk refuses.
        """
        with self._telling("written"), self._transaction():
            for minute_ms, tile in sorted(minutes.items()):
                self._add_minute(minute_ms, tile, zone)
            self._close_hours(closes_before_ms, zone)
            # By whole hours, so that an hour's minutes are all there or all gone.
            dropped_ms = closes_before_ms - MINUTES_KEPT_MS
            self._db.execute(
                "DELETE FROM heat WHERE span = ? AND start_ms < ? AND parent_end_ms <= ?",
                (MINUTE, dropped_ms, dropped_ms),
            )
            for name, value in state.items():
                self._put("state", (name, json.dumps(value)))

    def put_account(self, account: Account) -> None:
        """Add an account, or replace the one of that name. Raises StorageError."""
        with self._telling("written"):
            self._put("account", account)

    def drop_account(self, name: str) -> None:
        """Take an account out; none of that name is fine. Raises StorageError."""
        with self._telling("written"):
            self._db.execute("DELETE FROM account WHERE name = ?", (name,))

    # --- reading -------------------------------------------------------------------------

    def state(self, name: str) -> object | None:
        """Return the value put under `name`, or None. Raises StorageError if damaged."""
        with self._telling("read"):
            row = self._db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def accounts(self) -> list[Account]:
        """Return all accounts by name. Raises StorageError if damaged."""
        with self._telling("read"):
            rows = self._db.execute("SELECT name, role, password FROM account ORDER BY name")
            return [Account(*row) for row in rows]

    def presence_ms(self, part: Stretch) -> int:
        """Return the presence of all objects in `part`, in ms. Raises StorageError if damaged.

        part  begins and ends with a minute
        """
        return sum(sign * lasted_ms for sign, lasted_ms in self._parts("presence_ms", part))

    def heat(self, part: Stretch) -> CellHeat:
        """Return the heat of `part`: uint64 (192, 192), ms; as `presence_ms`."""
        total = no_heat().cells
        for sign, blob in self._parts("cells", part):
            cells = self._cells(blob)
            total = total + cells if sign > 0 else total - cells
        return total

    def _parts(self, what: str, part: Stretch) -> Iterator[tuple[int, Any]]:
        with self._telling("read"):
            bounds = {"start": part.start_ms, "end": part.end_ms}
            yield from self._db.execute(_PARTS.format(what=what), bounds)

    # --- rows ----------------------------------------------------------------------------

    def _add_minute(self, minute_ms: int, tile: Tile, zone: tzinfo) -> None:
        minute = Stretch(minute_ms, minute_ms + MINUTE_MS)
        hour = self._add(MINUTE, minute, hour_of(minute_ms, zone), tile).parent
        row = self._add(HOUR, hour, day_of(minute_ms, zone), tile)
        # The day comes with its first hour, empty, so that its month is decided as well.
        self._add_day(row.parent, tile if row.closed else no_heat(), zone)

    def _add_day(self, day: Stretch, tile: Tile, zone: tzinfo) -> None:
        month = self._add(DAY, day, month_of(day.start_ms, zone), tile).parent
        self._add(MONTH, month, month, tile)

    def _close_hours(self, before_ms: int, zone: tzinfo) -> None:
        over = self._db.execute(
            f"SELECT {_ROW} FROM heat INDEXED BY open_hour "  # noqa: S608
            f"WHERE span = {HOUR} AND NOT closed AND end_ms <= ?",
            (before_ms,),
        ).fetchall()
        for row in map(_Row._make, over):
            self._add_day(row.parent, Tile(self._cells(row.cells), row.presence_ms), zone)
            self._put("heat", row._replace(closed=1))

    def _add(self, span: int, when: Stretch, parent: Stretch, tile: Tile) -> _Row:
        """Add `tile` to a row, and return the row; one that is there keeps its parent."""
        found = self._db.execute(
            f"SELECT {_ROW} FROM heat WHERE span = ? AND start_ms = ? AND end_ms = ?",  # noqa: S608
            (span, *when),
        ).fetchone()
        if found is None:
            row = _Row(span, *when, *parent, 0, tile.presence_ms, self._blob(tile.cells))
        else:
            row = _Row._make(found)
            if not tile.presence_ms and not tile.cells.any():
                return row
            tile = tile.plus(Tile(self._cells(row.cells), row.presence_ms))
            row = row._replace(presence_ms=tile.presence_ms, cells=self._blob(tile.cells))
        self._put("heat", row)
        return row

    def _put(self, table: str, row: tuple[object, ...]) -> None:
        marks = ", ".join("?" * (len(row) + 1))
        self._db.execute(
            f"INSERT OR REPLACE INTO {table} VALUES ({marks})",  # noqa: S608
            (*row, _checksum(row)),
        )

    def _blob(self, cells: CellHeat) -> bytes:
        small = cells.max(initial=0) < 2**32
        return self._compress(cells.astype("<u4" if small else "<u8").tobytes())

    def _cells(self, blob: bytes) -> CellHeat:
        try:
            raw = self._decompress(blob)
        except zstandard.ZstdError as error:
            raise StorageError(f"{self._name} is damaged: a heat tile can't be read") from error
        cells = MAP_ROWS * MAP_COLUMNS
        kind = "<u4" if len(raw) == 4 * cells else "<u8"
        return np.frombuffer(raw, kind).reshape(MAP_ROWS, MAP_COLUMNS).astype(np.uint64)

    # --- transactions --------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has rolled back already
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _telling(self, done: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            reason = " ".join(str(error).split())
            raise StorageError(f"{self._name} can't be {done}: {reason}") from error
        except UnicodeDecodeError as error:  # a name in its schema
            raise StorageError(f"{self._name} is damaged: a text in it can't be read") from error


# --- opening -----------------------------------------------------------------------------


def _memory() -> sqlite3.Connection:
    db = _connected(":memory:")
    db.executescript(_SCHEMA)
    return db


def _file(path: Path) -> sqlite3.Connection:
    if path.exists():
        _check(path)
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


def _check(path: Path) -> None:
    # Read-only: else closing puts the last commits before a kill into a damaged file.
    with closing(_connected(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (application,) = db.execute("PRAGMA application_id").fetchone()
        if application != APPLICATION_ID:
            raise StorageError(f"{path} is not a stuntcam store")
        if version != VERSION:
            raise StorageError(f"{path} is of version {version}; this stuntcam reads {VERSION}")
        (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise StorageError(f"{path} is damaged: {' '.join(verdict.split())}")
        with closing(_memory()) as fresh:
            if _tables(db) != _tables(fresh):
                raise StorageError(f"{path} is damaged: its tables are not of version {version}")
        for table in ("heat", "state", "account"):
            for *row, checksum in db.execute(f"SELECT * FROM {table}"):  # noqa: S608
                if checksum != _checksum(row):
                    raise StorageError(f"{path} is damaged: a row of {table} was changed")


def _tables(db: sqlite3.Connection) -> list[tuple[str, ...]]:
    return db.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
    ).fetchall()


def _checksum(row: Iterable[object]) -> int:
    """Return a row's checksum: SQLite knows its pages' form, not what is written there."""
    total = 0
    for value in row:
        total = zlib.crc32(value if isinstance(value, bytes) else repr(value).encode(), total)
    return total
