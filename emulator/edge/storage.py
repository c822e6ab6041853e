"""Where heat and settings are kept: SQLite, one file, real transactions.

Heat is kept in rows: minutes, and sums of them by hour, day and month, so that a report
of a year reads a dozen rows. Every row is zstd over whole milliseconds with a checksum.

  minute  added to as stays are ruled; dropped after MINUTES_KEPT_MS
  hour    added to with its minutes, in the same transaction
  day     holds exactly its closed hours, added as they close; likewise month
  parent  of an hour its day, of a day its month, as the zone had it at the time; kept in
          the row, so that a zone changed later counts nothing twice and loses nothing

What a stretch of time holds is thus, each part once: the months wholly inside; the days
wholly inside whose month is not; the hours wholly inside that are open or whose day is
not; and of hours that stick out, the minutes (or, once those are dropped, hours by start).

One commit is one minute's heat, the open stays and the clock together: a hard kill loses
the minute in the making and nothing else. Source: REP-10, SET-07, CONTRACT 3.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

import numpy as np
import zstandard

from emulator.core.accounts import Account
from emulator.core.frame import MAP_COLUMNS, MAP_ROWS
from emulator.core.heat import CellHeat, Tile, no_heat
from emulator.core.localtime import DAY_MS, MINUTE_MS, Stretch
from emulator.core.period import day_of, hour_of, month_of

VERSION = 1
APPLICATION_ID = 0x53545543  # "STUC", so that another program's database is recognised
MINUTES_KEPT_MS = 7 * DAY_MS

MINUTE, HOUR, DAY, MONTH = range(4)

_SCHEMA = """
CREATE TABLE heat (
    span        INTEGER NOT NULL,  -- 0 minute, 1 hour, 2 day, 3 month
    start_ms    INTEGER NOT NULL,  -- UTC, half-open
    end_ms      INTEGER NOT NULL,
    parent_start_ms INTEGER,       -- of an hour its day, of a day its month
    parent_end_ms   INTEGER,
    closed      INTEGER NOT NULL DEFAULT 0,  -- of an hour: its day holds it
    presence_ms INTEGER NOT NULL,
    cells       BLOB NOT NULL,     -- zstd of little-endian uint32 or uint64 (192, 192), ms
    PRIMARY KEY (span, start_ms, end_ms)
);
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE account (name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL);
"""

_INSIDE = "start_ms >= :start AND end_ms <= :end"
_PARENT_INSIDE = "parent_start_ms >= :start AND parent_end_ms <= :end"
_PARTS = f"""
    SELECT {{what}} FROM heat WHERE span = {MONTH} AND {_INSIDE}
    UNION ALL
    SELECT {{what}} FROM heat WHERE span = {DAY} AND {_INSIDE} AND NOT ({_PARENT_INSIDE})
    UNION ALL
    SELECT {{what}} FROM heat WHERE span = {HOUR} AND {_INSIDE}
        AND NOT (closed AND {_PARENT_INSIDE})
"""  # noqa: S608  # made of this file's own constants
_STICKING_OUT = f"""
    SELECT start_ms, end_ms FROM heat WHERE span = {HOUR}
        AND start_ms < :end AND end_ms > :start AND NOT ({_INSIDE})
"""  # noqa: S608


class StorageError(ValueError):
    """A store that can't be used; the message names the file and what is wrong with it."""


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
        try:
            self._db = sqlite3.connect(path or ":memory:", check_same_thread=False)
            self._db.isolation_level = None  # transactions are begun by hand
            self._check_or_make()
        except sqlite3.Error as error:
            raise StorageError(f"{self._name} can't be used: {error}") from error

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
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                for minute_ms, tile in sorted(minutes.items()):
                    self._add_minute(minute_ms, tile, zone)
                self._close_hours(closes_before_ms)
                self._db.execute(
                    "DELETE FROM heat WHERE span = ? AND start_ms < ?",
                    (MINUTE, closes_before_ms - MINUTES_KEPT_MS),
                )
                self._db.executemany(
                    "INSERT OR REPLACE INTO state VALUES (?, ?)",
                    [(name, json.dumps(value)) for name, value in state.items()],
                )
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StorageError(f"{self._name} can't be written: {error}") from error

    def put_account(self, account: Account) -> None:
        """Add an account, or replace the one of that name."""
        self._db.execute("INSERT OR REPLACE INTO account VALUES (?, ?, ?)", account)

    def drop_account(self, name: str) -> None:
        """Take an account out; none of that name is fine."""
        self._db.execute("DELETE FROM account WHERE name = ?", (name,))

    # --- reading -------------------------------------------------------------------------

    def state(self, name: str) -> object | None:
        """Return the value put under `name`, or None."""
        row = self._db.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def accounts(self) -> list[Account]:
        """Return all accounts by name."""
        return [Account(*row) for row in self._db.execute("SELECT * FROM account ORDER BY name")]

    def presence_ms(self, part: Stretch) -> int:
        """Return the presence of all objects in `part`, in ms."""
        return sum(row[0] for row in self._parts("presence_ms", part))

    def heat(self, part: Stretch) -> CellHeat:
        """Return the heat of `part`: uint64 (192, 192), ms. Raises StorageError if damaged."""
        total = no_heat().cells
        for (blob,) in self._parts("cells", part):
            total += self._cells(blob)
        return total

    def _parts(self, what: str, part: Stretch) -> Iterator[tuple[Any, ...]]:
        bounds = {"start": part.start_ms, "end": part.end_ms}
        yield from self._db.execute(_PARTS.format(what=what), bounds)
        for start_ms, end_ms in self._db.execute(_STICKING_OUT, bounds).fetchall():
            minutes = self._db.execute(
                f"SELECT {what}, start_ms FROM heat WHERE span = ? "  # noqa: S608
                "AND start_ms >= ? AND start_ms < ?",
                (MINUTE, start_ms, end_ms),
            ).fetchall()
            if minutes:
                yield from (row[:1] for row in minutes if part.start_ms <= row[1] < part.end_ms)
            elif part.start_ms <= start_ms < part.end_ms:
                yield from self._db.execute(
                    f"SELECT {what} FROM heat WHERE span = ? AND start_ms = ? AND end_ms = ?",  # noqa: S608
                    (HOUR, start_ms, end_ms),
                )

    # --- rows ----------------------------------------------------------------------------

    def _add_minute(self, minute_ms: int, tile: Tile, zone: tzinfo) -> None:
        self._add(MINUTE, Stretch(minute_ms, minute_ms + MINUTE_MS), None, tile)
        hour = hour_of(minute_ms, zone)
        closed, day = self._add(HOUR, hour, day_of(minute_ms, zone), tile)
        assert day is not None
        # The day comes with its first hour, empty, so that its month is decided as well.
        month = month_of(day.start_ms, zone)
        self._add_day(day, month, tile if closed else no_heat())

    def _add_day(self, day: Stretch, month: Stretch, tile: Tile) -> None:
        _, parent = self._add(DAY, day, month, tile)
        assert parent is not None
        self._add(MONTH, parent, None, tile)

    def _close_hours(self, before_ms: int) -> None:
        over = self._db.execute(
            "SELECT start_ms, end_ms, parent_start_ms, parent_end_ms, presence_ms, cells "
            "FROM heat WHERE span = ? AND NOT closed AND end_ms <= ?",
            (HOUR, before_ms),
        ).fetchall()
        for start_ms, end_ms, day_start_ms, day_end_ms, presence_ms, cells in over:
            day = Stretch(day_start_ms, day_end_ms)
            self._add_day(day, day, Tile(self._cells(cells), presence_ms))
            self._db.execute(
                "UPDATE heat SET closed = 1 WHERE span = ? AND start_ms = ? AND end_ms = ?",
                (HOUR, start_ms, end_ms),
            )

    def _add(
        self, span: int, when: Stretch, parent: Stretch | None, tile: Tile
    ) -> tuple[bool, Stretch | None]:
        """Add `tile` to a row; return whether it is closed, and its parent.

        A row keeps the parent it was made with: its heat is already in there.
        """
        row = self._db.execute(
            "SELECT closed, parent_start_ms, parent_end_ms, presence_ms, cells FROM heat "
            "WHERE span = ? AND start_ms = ? AND end_ms = ?",
            (span, *when),
        ).fetchone()
        closed = False
        if row is not None:
            closed = bool(row[0])
            parent = None if row[1] is None else Stretch(row[1], row[2])
            if not tile.presence_ms and not tile.cells.any():
                return closed, parent
            tile = tile.plus(Tile(self._cells(row[4]), row[3]))
        self._db.execute(
            "INSERT OR REPLACE INTO heat VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                span,
                *when,
                *(parent or (None, None)),
                closed,
                tile.presence_ms,
                self._blob(tile.cells),
            ),
        )
        return closed, parent

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

    # --- opening -------------------------------------------------------------------------

    def _check_or_make(self) -> None:
        (version,) = self._one("PRAGMA user_version")
        (application,) = self._one("PRAGMA application_id")
        (tables,) = self._one("SELECT count(*) FROM sqlite_master")
        if tables == 0 and version == 0:
            self._make()
        elif application != APPLICATION_ID:
            raise StorageError(f"{self._name} is not a stuntcam store")
        elif version > VERSION:
            raise StorageError(
                f"{self._name} is of version {version}; this stuntcam reads up to {VERSION}"
            )
        self._check()
        # A power cut may cost the minute in the making, no commit before it.
        self._one("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")

    def _make(self) -> None:
        self._db.executescript(
            f"BEGIN; PRAGMA application_id = {APPLICATION_ID}; "
            f"PRAGMA user_version = {VERSION}; {_SCHEMA} COMMIT;"
        )

    def _check(self) -> None:
        verdict = self._one("PRAGMA quick_check(1)")[0]
        if verdict != "ok":
            raise StorageError(f"{self._name} is damaged: {verdict}")
        for (blob,) in self._db.execute("SELECT cells FROM heat"):
            self._cells(blob)

    def _one(self, sql: str) -> tuple[Any, ...]:
        return tuple(self._db.execute(sql).fetchone())
