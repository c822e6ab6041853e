"""The store of one camera: flash and its volumes, seen as one.

Flash is written first, always. Volumes get their copies by and by (`copy_some`), and
reports see the union of everything that can be read. A volume that fails while a report is
made has its parts out of sight from then on, and the report is made of what is left.

Safe for any thread: flash is used under a lock, volumes outside of it, so that a share
that does not answer stops no commit.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path

from emulator.core.accounts import Account
from emulator.core.localtime import Stretch
from emulator.core.reports import catalogue
from emulator.core.reports.catalogue import Union
from emulator.core.reports.heat import CellHeat, Tile
from emulator.core.volumes import StorageStatus, VolumeError
from emulator.edge.storage.copying import AT_ONCE, Copier
from emulator.edge.storage.database import FlashFull
from emulator.edge.storage.flash import Flash
from emulator.edge.storage.holdings import Holdings
from emulator.edge.storage.untouched import IsWorth, Untouched
from emulator.edge.storage.volume import Volume

log = logging.getLogger("stuntcam")

NO_ERA = "00000000"


class Storage:
    """The heat, settings and accounts of one camera.

    paused  why heat can't be recorded now, None: it can
    """

    def __init__(
        self,
        path: Path | None,
        *,
        era: str = NO_ERA,
        is_ring: bool = False,
        untouched: tuple[Mapping[str, object], IsWorth] | None = None,
    ) -> None:
        """Open the flash at `path`, or make it; None: in memory, gone when closed.

        era      8 hex digits that no other store has; kept from when a store is made
        is_ring  flash keeps 7 days, as a camera's does; else all there is
        untouched  a store that is not there yet is made only by a change: what it begins with,
                   and what is worth a file (untouched.py)
        Raises StorageError where the file can't be read or written, is damaged, is another
        program's or a newer version's. Nothing is changed then.
        """
        self.paused: str | None = None
        if path is not None and untouched is not None and not path.exists():
            self._flash: Flash = Untouched(path, era, *untouched)
        else:
            self._flash = Flash(path, era, is_ring=is_ring)
        self._holdings = Holdings(self._flash)
        self._lock = self._holdings.lock
        self._copier = Copier(self._holdings)
        for damaged in self._flash.damaged:
            log.error("a part in flash is damaged: %s; it is set aside", damaged)

    def close(self) -> None:
        """Let go of the file; everything committed stays."""
        with self._lock:
            self._flash.close()

    # --- volumes -------------------------------------------------------------------------

    def attach(self, serial: str, volumes: Sequence[Volume]) -> None:
        """Be the store of the camera of that serial number, with these volumes."""
        for volume in volumes:
            volume.belong_to(serial)
            volume.look(0.0)
        self._holdings.volumes = tuple(volumes)

    @property
    def volumes(self) -> tuple[Volume, ...]:
        """The card, if it has one, and the shares."""
        return self._holdings.volumes

    def volume(self, name: str) -> Volume:
        """Return a volume by its name. Raises VolumeError if there is none."""
        for volume in self.volumes:
            if volume.name == name:
                return volume
        known = ", ".join(volume.name for volume in self.volumes) or "none"
        raise VolumeError(f"no volume {name!r}; there are: {known}")

    @property
    def has_volume(self) -> bool:
        """Whether a card or a share can be read: then old heat is not out of sight (REP-06)."""
        return any(volume.is_readable for volume in self.volumes)

    def copy_some(self, now_s: float, at_once: int = AT_ONCE) -> int:
        """Do a bounded piece of what is to be copied, mended or cleaned; return how much.

        now_s    real time, in s from any beginning
        at_once  how many files a volume, at most
        One thread at a time.
        """
        return self._copier.work(now_s, at_once)

    def status(self) -> StorageStatus:
        """Return what is known of flash and all volumes."""
        with self._lock:
            held = set(self._flash.parts)
            damaged = tuple(self._flash.damaged)
        filled = sum(part.is_filled for part in self._holdings.index().parts)
        return StorageStatus(
            recording="recording" if self.paused is None else "paused",
            reason=self.paused or "",
            parts=len(held),
            damaged=damaged,
            filled=filled,
            volumes=tuple(
                volume.status(backlog=len(self._holdings.missing(volume)))
                for volume in self.volumes
            ),
        )

    # --- writing -------------------------------------------------------------------------

    def go_by(self, kept_ms: int, union: Union = catalogue.union) -> None:
        """Have flash, as a ring, keep an hour for so long after its end; 7 days unless told.

        union  the parts on each volume, and the eras taken out -> the parts that reports see
        """
        with self._lock:
            self._flash.kept_ms = kept_ms
            if union is not self._holdings.union:
                self._holdings.union = union
                self._holdings.changed()

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
        Raises FlashFull if there is no room, StorageError if the disk refuses.
        """
        with self._lock:
            drops = catalogue.droppable(
                self._flash.parts,
                self._flash.dropped_before(closes_before_ms),
                [volume.parts for volume in self.volumes],
                is_awaited=any(volume.is_writable for volume in self.volumes),
            )
            try:
                self._flash.commit(minutes, state, zone, closes_before_ms, drops)
            except FlashFull as error:
                if self.paused is None:
                    log.error("recording pauses: %s", error)
                self.paused = str(error)
                raise
            self._holdings.changed()
            if self.paused is not None:
                log.info("there is room again; recording goes on")
                self.paused = None

    def put_account(self, account: Account) -> None:
        """Add an account, or replace the one of that name. Raises StorageError."""
        with self._lock:
            self._flash.put_account(account)

    def drop_account(self, name: str) -> None:
        """Take an account out; none of that name is fine. Raises StorageError."""
        with self._lock:
            self._flash.drop_account(name)

    def plant(self, hours: Iterable[tuple[Stretch, Tile]], zone: tzinfo, era: str) -> int:
        """Put in closed hours of made-up heat, all or nothing; return how many.

        era  8 hex digits that nothing else has; they are taken out together
        Raises StorageError.
        """
        with self._changing():
            return self._flash.plant(hours, zone, era)

    def unplant(self) -> int:
        """Take all made-up heat out, also from volumes that are away now; return how many.

        Raises StorageError.
        """
        filled = [part for part in self._holdings.index().parts if part.is_filled]
        with self._changing():
            self._flash.hide({part.era for part in filled})
        return len(filled)

    @property
    def filled(self) -> tuple[Stretch, ...]:
        """The visible hours that hold made-up heat, in order."""
        found = {Stretch(*part[:2]) for part in self._holdings.index().parts if part.is_filled}
        return tuple(sorted(found))

    # --- snapshots -----------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """Return flash with settings and accounts; volumes keep what they hold by themselves."""
        with self._lock:
            return self._flash.snapshot()

    def restore(self, content: bytes, era: str) -> None:
        """Have flash hold what `snapshot` returned, and go on in a new `era`.

        Raises StorageError if it is damaged or something else; nothing has changed then.
        """
        with self._changing():
            self._flash.restore(content, era)

    def clear(self, era: str) -> None:
        """Take all heat out, and go on in a new `era`; settings and accounts stay.

        What lies on volumes is out of sight at once, and removed from them by and by.
        Raises StorageError.
        """
        with self._changing():
            self._flash.clear({part.era for part in self._holdings.index().parts}, era)

    @property
    def fault(self) -> str | None:
        """What a test does to flash: "full", or None."""
        return self._flash.fault

    @fault.setter
    def fault(self, fault: str | None) -> None:
        if fault not in {None, "full"}:
            raise VolumeError(f"fault {fault!r} of flash is not 'full'")
        self._flash.fault = fault

    # --- reading -------------------------------------------------------------------------

    def state(self, name: str) -> object | None:
        """Return the value put under `name`, or None. Raises StorageError if damaged."""
        with self._lock:
            return self._flash.state(name)

    def accounts(self) -> list[Account]:
        """Return all accounts by name. Raises StorageError if damaged."""
        with self._lock:
            return self._flash.accounts()

    def presence_ms(self, part: Stretch) -> int:
        """Return the presence of all objects in `part`, in ms. Raises StorageError if damaged.

        part  begins and ends with a minute
        """
        return self._holdings.presence_ms(part)

    def heat(self, part: Stretch) -> CellHeat:
        """Return the heat of `part`: uint64 (192, 192), ms; as `presence_ms`."""
        return self._holdings.heat(part)

    # --- how it works --------------------------------------------------------------------

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            yield
            self._holdings.changed()
