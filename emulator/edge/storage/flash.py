"""Flash: the camera's own memory, one SQLite file with real transactions.

Written first, always; volumes get their copies from it (copying.py).

  minute   added to as stays are ruled; dropped when its hour ended KEPT_MS ago. Only needed
           where a report cuts an hour, which takes a zone changed after recording.
  hour     an hour that is not closed: added to with its minutes, in the same transaction.
           An hour has the stretch that the zone gave it when its first minute came; a zone
           changed later counts nothing twice and loses nothing.
  part     a closed hour (core/reports/parts.py); in a ring dropped KEPT_MS after the hour's end
  block    sums of parts that reports need again and again, each with the digest of what
           it sums up; may be lost without harm
  state, account  settings, open stays, clock; who may log in

One commit is one minute's heat, the open stays and the clock together: a hard kill loses
the minute in the making and nothing else. Source: REP-06, REP-10, SET-07, CONTRACT 3 to 5.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import Any

from emulator.core.accounts import Account
from emulator.core.localtime import DAY_MS, HOUR_MS, Stretch, to_local
from emulator.core.reports import parts
from emulator.core.reports.heat import CellHeat, Tile
from emulator.core.reports.parts import Part, PartError
from emulator.core.reports.period import hour_of
from emulator.edge.storage.database import (
    FlashFull,
    StorageError,
    checksum,
    in_memory,
    opened,
    replace_all,
    telling,
    whole,
)

KEPT_MS = 7 * DAY_MS
"""How long a ring keeps an hour after its end (REP-06); minutes are kept no longer anywhere."""

ERA, SEQUENCE, HIDDEN, DAMAGED = "_era", "_sequence", "_hidden_eras", "_damaged_parts"

# What the hours hold that are not closed, and what minutes mend where a stretch cuts hours.
_OPEN = f"""
    SELECT 1, {{what}} FROM hour WHERE start_ms >= :start AND start_ms < :end
    UNION ALL  -- what an hour that begins inside holds beyond the end
    SELECT -1, {{what}} FROM minute
        WHERE start_ms >= :end AND start_ms < :end + {HOUR_MS}
        AND hour_start_ms >= :start AND hour_start_ms < :end
    UNION ALL  -- what an hour that began before holds inside
    SELECT 1, {{what}} FROM minute
        WHERE start_ms >= :start AND start_ms < min(:start + {HOUR_MS}, :end)
        AND hour_start_ms < :start
"""  # noqa: S608  # made of this file's own constants


class Flash:
    """The rows of one camera, and which parts are among them. One thread at a time.

    parts    what lies in it whole
    damaged  paths of parts that were set aside because of their checksum
    hidden   eras whose parts were taken out, wherever they may still lie
    fault    "full": behave as if the disk were full
    kept_ms  how long a ring keeps an hour after its end
    """

    def __init__(self, path: Path | None, era: str, *, is_ring: bool) -> None:
        """Open the file at `path`, or make it; None: in memory, gone when closed.

        era  of a file that is made now
        Raises StorageError where the file can't be read or written, is damaged, is another
        program's or a newer version's. Nothing is changed then.
        """
        self.fault: str | None = None
        self.kept_ms = KEPT_MS
        self._is_ring = is_ring
        self._name = "the store" if path is None else str(path)
        with self._telling("used"):
            self._db = in_memory() if path is None else opened(path)
            if self.state(ERA) is None:
                self._put_state({ERA: era, SEQUENCE: 0})
        self._know()

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
        drops: Iterable[Part],
    ) -> None:
        """Add heat, put state, close hours that are over, drop parts: all of it or nothing.

        minutes           by the first instant of the minute; added to what is there
        state             JSON-able values by name; replace what is there
        closes_before_ms  hours that end by then get no more heat but from a clock set back
        Raises FlashFull if there is no room, StorageError if the disk refuses.
        """
        with self._changing():
            for minute_ms, tile in sorted(minutes.items()):
                self._add_minute(minute_ms, tile, zone)
            self._close_hours(closes_before_ms)
            # By whole hours, so that an hour's minutes are all there or all gone.
            dropped_ms = self.dropped_before(closes_before_ms)
            self._db.execute(
                "DELETE FROM minute WHERE start_ms < ? AND hour_end_ms <= ?",
                (dropped_ms, dropped_ms),
            )
            if self._is_ring:
                self._drop(drops)
            self._put_state(state)

    def dropped_before(self, closes_before_ms: int) -> int:
        """Return by when an hour must have ended for a ring to drop it."""
        return closes_before_ms - self.kept_ms

    def plant(self, hours: Iterable[tuple[Stretch, Tile]], zone: tzinfo, era: str) -> int:
        """Put in closed hours that are marked as made up; return how many."""
        with self._changing():
            number = 0
            for number, (hour, tile) in enumerate(hours, start=1):
                day = _day(hour, zone)
                self._insert(parts.make(hour, day, era, number, tile, is_filled=True))
        return number

    def put(self, part: Part, content: bytes) -> None:
        """Put back a part that was damaged."""
        with self._changing():
            self._insert((part, content))
            still = [path for path in self.damaged if path != part.path]
            self._put_state({DAMAGED: still})
        self._know_state()

    def hide(self, eras: Iterable[str]) -> None:
        """Take out all parts of `eras`, and remember that they are not to be seen."""
        gone = set(eras)
        with self._changing():
            self._drop([part for part in self.parts if part.era in gone])
            self._put_state({HIDDEN: sorted(self.hidden | gone)})
        self._know_state()

    def clear(self, hides: Iterable[str], era: str) -> None:
        """Take out all heat and hide eras, and go on in another `era`; the rest stays."""
        gone = {*hides, *([str(self.state(ERA))] if self.state(SEQUENCE) else [])}
        with self._changing():
            for table in ("minute", "hour", "part", "block"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608
            hidden = sorted(self.hidden | gone)
            self._put_state({DAMAGED: [], HIDDEN: hidden, ERA: era, SEQUENCE: 0})
            self.parts.clear()
        self._know_state()

    def put_account(self, account: Account) -> None:
        """Add an account, or replace the one of that name."""
        with self._changing():
            self._put("account", account)

    def drop_account(self, name: str) -> None:
        """Take an account out; none of that name is fine."""
        with self._changing():
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

    def open_presence_ms(self, when: Stretch) -> int:
        """Return what the parts that begin in `when` lack of its presence, in ms.

        when  begins and ends with a minute
        """
        return sum(sign * lasted_ms for sign, lasted_ms in self._open("presence_ms", when))

    def open_heat(self, when: Stretch, total: CellHeat) -> CellHeat:
        """Return `total`, the sum of the parts that begin in `when`, with what it lacks."""
        for sign, kept in self._open("cells", when):
            cells = self._unpacked(kept)
            total = total + cells if sign > 0 else total - cells
        return total

    def content(self, part: Part) -> bytes | None:
        """Return a part's file, or None if it is not here. The reader checks it."""
        with self._telling("read"):
            row = self._db.execute(
                "SELECT content FROM part WHERE path = ?", (part.path,)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def set_aside(self, part: Part) -> None:
        """Forget a part whose content turned out damaged, but not that there was one."""
        with self._changing():
            self._drop([part])
            self._put_state({DAMAGED: sorted({*self.damaged, part.path})})
        self._know_state()

    def block(self, when: Stretch, digest: int) -> CellHeat | None:
        """Return the kept sum of a block, or None if it is of other parts, or damaged."""
        with self._telling("read"):
            row = self._db.execute("SELECT * FROM block WHERE start_ms = ? AND end_ms = ?", when)
            found = row.fetchone()
        if found is None or found[2] != f"{digest:016x}" or found[-1] != checksum(found[:-1]):
            return None
        return self._unpacked(found[3])

    def put_blocks(self, sums: Mapping[Stretch, tuple[int, CellHeat]]) -> None:
        """Keep sums of blocks, each with the digest of what it sums up."""
        # They can be made again: no report waits for the disk on their account.
        self._db.execute("PRAGMA synchronous = NORMAL")
        try:
            with self._changing():
                for when, (digest, cells) in sums.items():
                    self._put("block", (*when, f"{digest:016x}", parts.packed(cells)))
        finally:
            self._db.execute("PRAGMA synchronous = FULL")

    # --- snapshots -----------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """Return everything in it as one database file."""
        with self._telling("read"):
            return whole(self._db)

    def restore(self, content: bytes, era: str) -> None:
        """Become what `snapshot` returned; from now on in another `era`.

        Raises StorageError if it is damaged or something else; nothing has changed then.
        """
        with self._telling("restored"):
            replace_all(self._db, content, "the snapshot")
        self._know()
        self._write_state({ERA: era, SEQUENCE: 0})

    # --- rows ----------------------------------------------------------------------------

    def _know(self) -> None:
        """Take stock; parts whose checksum is wrong are set aside."""
        self.parts: set[Part] = set()
        bad = []
        with self._telling("read"):
            for path, content in self._db.execute("SELECT path, content FROM part"):
                part = parts.from_path(path)
                if part is not None and is_whole(part, content):
                    self.parts.add(part)
                else:
                    bad.append(path)
        self._know_state()
        if bad:
            with self._changing():
                gone = [(path,) for path in bad]
                self._db.executemany("DELETE FROM part WHERE path = ?", gone)
                self._put_state({DAMAGED: sorted({*self.damaged, *bad})})
            self._know_state()

    def _know_state(self) -> None:
        # Names of our own: what is kept under them is what is put below.
        self.damaged: list[str] = list(self.state(DAMAGED) or ())  # type: ignore[call-overload]
        self.hidden: set[str] = set(self.state(HIDDEN) or ())  # type: ignore[call-overload]

    def _write_state(self, state: Mapping[str, object]) -> None:
        with self._changing():
            self._put_state(state)

    def _add_minute(self, minute_ms: int, tile: Tile, zone: tzinfo) -> None:
        found = self._db.execute("SELECT * FROM minute WHERE start_ms = ?", (minute_ms,)).fetchone()
        # A minute that is there keeps its hour, whatever the zone is by now.
        hour = hour_of(minute_ms, zone) if found is None else Stretch(*found[1:3])
        sum_ = tile if found is None else tile.plus(self._tile(*found[3:5]))
        row = (minute_ms, *hour, sum_.presence_ms, parts.packed(sum_.cells))
        self._put("minute", row)
        self._add_to_hour(hour, tile, zone)

    def _add_to_hour(self, hour: Stretch, tile: Tile, zone: tzinfo) -> None:
        found = self._db.execute(
            "SELECT * FROM hour WHERE start_ms = ? AND end_ms = ?", hour
        ).fetchone()
        day = _day(hour, zone) if found is None else found[2]
        sum_ = tile if found is None else tile.plus(self._tile(*found[3:5]))
        self._put("hour", (*hour, day, sum_.presence_ms, parts.packed(sum_.cells)))

    def _close_hours(self, before_ms: int) -> None:
        over = self._db.execute(
            "SELECT * FROM hour WHERE end_ms <= ? ORDER BY start_ms", (before_ms,)
        ).fetchall()
        if not over:
            return
        era, sequence = self.state(ERA), self.state(SEQUENCE)
        assert isinstance(era, str)
        assert isinstance(sequence, int)
        for start_ms, end_ms, day, presence_ms, cells, _ in over:
            sequence += 1
            hour, tile = Stretch(start_ms, end_ms), self._tile(presence_ms, cells)
            self._insert(parts.make(hour, day, era, sequence, tile))
        self._db.execute("DELETE FROM hour WHERE end_ms <= ?", (before_ms,))
        self._put_state({SEQUENCE: sequence})

    def _insert(self, made: tuple[Part, bytes]) -> None:
        part, content = made
        self._db.execute("INSERT OR REPLACE INTO part VALUES (?, ?)", (part.path, content))
        self.parts.add(part)

    def _drop(self, drops: Iterable[Part]) -> None:
        gone = list(drops)
        self._db.executemany("DELETE FROM part WHERE path = ?", [(part.path,) for part in gone])
        self.parts.difference_update(gone)

    def _open(self, what: str, when: Stretch) -> Iterator[tuple[int, Any]]:
        with self._telling("read"):
            bounds = {"start": when.start_ms, "end": when.end_ms}
            yield from self._db.execute(_OPEN.format(what=what), bounds)

    def _put_state(self, state: Mapping[str, object]) -> None:
        for name, value in state.items():
            self._put("state", (name, json.dumps(value)))

    def _put(self, table: str, row: tuple[object, ...]) -> None:
        marks = ", ".join("?" * (len(row) + 1))
        self._db.execute(
            f"INSERT OR REPLACE INTO {table} VALUES ({marks})",  # noqa: S608
            (*row, checksum(row)),
        )

    def _tile(self, presence_ms: int, kept: bytes) -> Tile:
        return Tile(self._unpacked(kept), presence_ms)

    def _unpacked(self, kept: bytes) -> CellHeat:
        try:
            return parts.unpacked(kept)
        except PartError as error:
            raise StorageError(f"{self._name} is damaged: {error}") from error

    # --- transactions --------------------------------------------------------------------

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Do all of the block or nothing, here and in what is known of it."""
        with self._telling("written"):
            if self.fault == "full":
                raise FlashFull(f"{self._name} can't be written: database or disk is full")
            before = set(self.parts)
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self.parts = before
                if self._db.in_transaction:  # a full disk has rolled back already
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _telling(self, done: str) -> Iterator[None]:
        with telling(self._name, done):
            yield


def is_whole(part: Part, content: bytes) -> bool:
    """Tell whether `content` is what the part's file holds."""
    try:
        parts.check(part, content)
    except PartError:
        return False
    return True


def _day(hour: Stretch, zone: tzinfo) -> str:
    return to_local(hour.start_ms, zone).date().isoformat()
