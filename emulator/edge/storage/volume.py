"""A volume: an SD card or a NAS share, with the parts of one camera on it.

  stuntcam/card.json         of a card: that it is formatted, and since when
  stuntcam/SERIAL/DAY/NAME   the parts (core/parts.py); NAME.damaged: one that was set aside
  stuntcam/SERIAL/export/    reports that were exported to storage

What is not below `stuntcam` is not ours: never listed as such, never removed. What is below
another serial number belongs to another camera, and only a format takes it away.

Whatever a place refuses puts the volume into a state (core/volumes.py), is logged once, and
is tried again after a pause that doubles. No operation on files is made under the lock, so
that asking for the state never waits for a share.
"""

import errno
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath

from emulator.core import parts
from emulator.core.catalogue import oldest_day
from emulator.core.parts import Part, PartError
from emulator.core.volumes import (
    ABSENT,
    FAILING,
    FAULTS,
    FULL,
    MOUNTED,
    READ_ONLY,
    READABLE,
    UNFORMATTED,
    UNMOUNTED,
    Kind,
    VolumeError,
    VolumeStatus,
)
from emulator.edge.storage.places import PARTIAL, Place, Result

log = logging.getLogger("stuntcam")

TOP = "stuntcam"
CARD = f"{TOP}/card.json"
DAMAGED = ".damaged"

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
SLOW_S = 0.2
"""How long each operation takes of a volume that a test makes slow."""

_STATES = {  # what an error means; any other: it fails
    ABSENT: {"ENOENT", "ENODEV", "ENXIO", "ENOTCONN", "ETIMEDOUT", "ECONNREFUSED", "ECONNRESET"}
    | {"EHOSTDOWN", "EHOSTUNREACH", "ENETUNREACH", "ESTALE", "ENOTDIR", "EPIPE"},
    READ_ONLY: {"EROFS", "EACCES", "EPERM"},
    FULL: {"ENOSPC", "EDQUOT", "EFBIG"},
}


class Volume:
    """One volume. Any thread may ask; those that change files wait for one another.

    name      "sd", "nas1" .. "nas5"
    address   as it was given, without secrets
    capacity  bytes that its files may take, None: as many as the place takes
    recycle   when it is full, its oldest day makes room
    pause     waits so many seconds, for a volume that a test makes slow
    """

    def __init__(
        self,
        name: str,
        kind: Kind,
        address: str,
        place: Place,
        *,
        capacity: int | None = None,
        recycle: bool = True,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.kind, self.address = name, kind, address
        self._place, self._capacity, self._recycle, self._pause = place, capacity, recycle, pause
        self._folder = f"{TOP}/-"
        self._lock, self._files = threading.RLock(), threading.RLock()
        self._is_inserted = self._is_mounted = True
        self._fault: str | None = None
        self._trouble: tuple[str, str] | None = None
        self._now_s, self._retry_s, self._wait_s = 0.0, 0.0, FIRST_PAUSE_S
        self._formatted = ""
        self.version = 0
        self._turn = 0  # another whenever what was going on is void
        self._seen: frozenset[Part] | None = None
        self._floor: str | None = None
        self._forget()

    def belong_to(self, serial: str) -> None:
        """Be the volume of the camera of that serial number."""
        self._folder = f"{TOP}/{serial}"

    # --- states --------------------------------------------------------------------------

    @property
    def state(self) -> str:
        """Its state, a word of core/volumes.py."""
        with self._lock:
            if not self._is_inserted:
                return ABSENT
            forced = FAULTS[self._fault] if self._fault else MOUNTED
            if forced not in READABLE:
                return forced
            if not self._is_mounted:
                return UNMOUNTED
            if self._trouble is not None:
                return self._trouble[0]
            return forced

    @property
    def is_readable(self) -> bool:
        """Whether what lies on it can be seen."""
        return self.state in READABLE and self._is_listed

    @property
    def is_writable(self) -> bool:
        """Whether it takes copies."""
        return self.state == MOUNTED and self._is_listed

    @property
    def is_worth_trying(self) -> bool:
        """Whether it takes copies, or did not a while ago and may do now."""
        with self._lock:
            if self.is_writable:
                return True
            is_forced = self._fault is not None and FAULTS[self._fault] != MOUNTED
            return self.is_readable and not is_forced and self._now_s >= self._retry_s

    @property
    def parts(self) -> frozenset[Part]:
        """The parts on it that can be seen: none where it can't be read."""
        with self._lock:
            if not self.is_readable:
                return frozenset()
            if self._seen is None:
                self._seen = frozenset(self._held)
            return self._seen

    @property
    def fault(self) -> str | None:
        """What a test does to it, a word of FAULTS; None: nothing."""
        return self._fault

    @fault.setter
    def fault(self, fault: str | None) -> None:
        if fault is not None and fault not in FAULTS:
            raise VolumeError(f"fault {fault!r} is not one of {', '.join(FAULTS)}")
        with self._lock:
            self._fault = fault
            self._begin_anew(keeps_list=self.state in READABLE)
        self.look(self._now_s)

    @property
    def recycle(self) -> bool:
        """Whether its oldest day makes room when it is full."""
        return self._recycle

    @recycle.setter
    def recycle(self, recycle: bool) -> None:
        with self._lock:
            self._recycle = recycle
            self._begin_anew(keeps_list=True)

    def insert(self) -> None:
        """Be there, mounted: a card put in, a share back."""
        with self._lock:
            self._is_inserted = self._is_mounted = True
            self._begin_anew()
        self.look(self._now_s)

    def pull(self) -> None:
        """Be gone at once, whatever is being written."""
        with self._lock:
            self._is_inserted = False
            self._begin_anew()

    def mount(self) -> None:
        """Be in use. Raises VolumeError if it is not there or can't be."""
        with self._lock:
            if self.state == ABSENT:
                raise VolumeError(f"{self.name} is absent: nothing to mount")
            self._is_mounted = True
            self._begin_anew()
        self.look(self._now_s)
        if self.state not in READABLE:
            raise VolumeError(f"{self.name} can't be mounted: it is {self.state}")

    def unmount(self) -> None:
        """Be out of use, once what is being written is. Raises VolumeError if not mounted."""
        with self._files, self._lock:
            if self.state not in READABLE:
                raise VolumeError(f"{self.name} is not mounted: it is {self.state}")
            self._is_mounted = False
            self._begin_anew()

    def format(self, now: str) -> None:
        """Empty a card of all cameras' parts, at camera time `now`, and mount it.

        Raises VolumeError if it is no card, not there, or can't be written.
        """
        if self.kind != "sd":
            raise VolumeError(f"{self.name} is a share; only an SD card can be formatted")
        with self._files:
            if self.state in {ABSENT, READ_ONLY, FAILING}:
                raise VolumeError(f"{self.name} can't be formatted: it is {self.state}")
            with self._lock:
                if self._fault == "unformatted":
                    self._fault = None
                self._begin_anew()
                self._is_mounted = True
            try:
                with self._refusing():
                    self._remove_all(TOP)
                    self._mark_card(now)
            except VolumeError as error:
                raise VolumeError(f"{self.name} can't be formatted: {error}") from error
        self.look(self._now_s)

    def status(self, backlog: int = 0) -> VolumeStatus:
        """Return what is known of it. backlog: how many parts it is yet to be given."""
        with self._lock:
            is_listed = self.is_readable
            room = self._room if is_listed else None
            total = self._capacity if self._capacity is not None else room and room[0]
            used = self._used if is_listed else None
            free = room and room[1]
            if self._capacity is not None:
                free = max(0, self._capacity - (used or 0)) if is_listed else None
            return VolumeStatus(
                name=self.name,
                kind=self.kind,
                address=self.address,
                state=self.state,
                reason=self._trouble[1] if self._trouble else "",
                fault=self._fault,
                recycle=self._recycle,
                total=total,
                used=used,
                free=free,
                parts=len(self.parts),
                backlog=backlog,
                damaged=tuple(sorted(self._damaged)),
                formatted=self._formatted,
            )

    # --- files ---------------------------------------------------------------------------

    def look(self, now_s: float) -> None:
        """See whether it is there, and what lies on it, unless it is to be left alone yet.

        now_s  real time, in s from any beginning
        """
        self._now_s = now_s
        with self._files:
            if not (self._is_inserted and self._is_mounted) or now_s < self._retry_s:
                return
            if self._fault and FAULTS[self._fault] not in READABLE:
                return
            was = self._trouble
            try:
                with self._refusing():
                    self._act(self._place.check)
                    if not self._is_listed:
                        self._list()
            except VolumeError:
                return
            if was is not None and was[0] not in READABLE and self.is_readable:
                self._back()

    def read(self, part: Part) -> bytes:
        """Return a part's file. Raises VolumeError if it can't be had.

        One that is damaged is set aside before that.
        """
        with self._refusing(part):
            content = self._act(lambda: self._place.read(self._at(part.path)))
        try:
            parts.check(part, content)
        except PartError as error:
            log.error("%s: %s; it is set aside", self.name, error)
            self._set_aside(part)
            raise VolumeError(f"{self.name}: {error}") from error
        return content

    def wants(self, part: Part) -> bool:
        """Tell whether a part is worth to be copied here: not older than what made room."""
        return self._floor is None or part.day > self._floor

    def put(self, part: Part, content: bytes) -> bool:
        """Write a part's file; False if it is older than all for which there is room.

        Raises VolumeError if it can't be written.
        """
        with self._files, self._refusing():
            self._must_take()
            turn = self._turn
            path = self._at(part.path)
            if not self._make_room(len(content), part.day):
                return False
            try:
                self._write(path, content, is_lasting=not part.is_filled)
            except OSError as error:
                if _state(error) != FULL or not self._give_up_day(part.day):
                    raise
                self._write(path, content, is_lasting=not part.is_filled)
            with self._lock:
                if turn == self._turn:
                    self._held[part] = len(content)
                    self._used += len(content)
                    self._changed()
                    if self._trouble is not None:
                        self._back()
        return True

    def remove(self, part: Part) -> None:
        """Take a part away. Raises VolumeError if it can't be."""
        with self._files, self._refusing():
            self._must_take()
            self._act(lambda: self._place.remove(self._at(part.path)))
            self._drop(part)
            folder = self._at(part.day)
            self._act(lambda: self._place.remove_folder(folder))

    def write_file(self, path: str, content: bytes) -> None:
        """Put a file into this camera's folder, whole or not at all. Raises VolumeError."""
        with self._files, self._refusing():
            self._must_take()
            if not self._make_room(len(content), "9999-12-31"):
                raise VolumeError(f"{self.name} is full")
            self._write(self._at(path), content, is_lasting=True)
            with self._lock:
                self._used += len(content)

    # --- how it works --------------------------------------------------------------------

    def _must_take(self) -> None:
        if not self.is_worth_trying:
            raise VolumeError(f"{self.name} is {self.state}")

    def _back(self) -> None:
        with self._lock:
            self._trouble, self._wait_s = None, FIRST_PAUSE_S
        log.info("%s at %s is back", self.name, self.address)

    def _at(self, path: str) -> str:
        return f"{self._folder}/{path}"

    def _forget(self) -> None:
        self._is_listed = False
        self._held: dict[Part, int] = {}
        self._damaged: set[str] = set()
        self._used = 0
        self._room: tuple[int, int] | None = None
        self._turn = self._turn + 1
        self._changed()

    def _changed(self) -> None:
        self._seen = None
        self.version += 1

    def _begin_anew(self, *, keeps_list: bool = False) -> None:
        """Leave old trouble behind; what lies there is looked at again."""
        self._trouble, self._retry_s, self._wait_s = None, 0.0, FIRST_PAUSE_S
        self._floor = None
        if not keeps_list:
            self._forget()
        self.version += 1

    def _list(self) -> None:
        """Take stock, and clean up what a power cut left. Raises OSError."""
        turn = self._turn
        files = self._act(lambda: self._place.files("" if self.kind == "sd" else self._folder))
        if self.kind == "sd" and not self._know_card({file.path for file in files}):
            return
        held, damaged, used = {}, set(), 0
        for path, size in files:
            inside = path.removeprefix(f"{self._folder}/")
            if inside == path:
                used += size
            elif inside.endswith(PARTIAL):
                self._clean(path)
            else:
                used += size
                if inside.endswith(DAMAGED):
                    damaged.add(inside.removesuffix(DAMAGED))
                elif (part := parts.from_path(inside)) is not None:
                    held[part] = size
        room = self._act(self._place.room)
        with self._lock:
            if turn != self._turn:  # pulled meanwhile
                return
            self._held, self._damaged, self._used, self._room = held, damaged, used, room
            self._is_listed = True
            self._trouble = None
            self._changed()

    def _clean(self, path: str) -> None:
        try:
            self._act(lambda: self._place.remove(path))
        except OSError as error:
            if _state(error) != READ_ONLY:
                raise

    def _know_card(self, paths: set[str]) -> bool:
        """Tell whether the card is formatted; an empty one comes so."""
        if CARD in paths:
            try:
                found = json.loads(self._act(lambda: self._place.read(CARD)))
                self._formatted = str(found["formatted"])
            except (ValueError, KeyError, TypeError):
                self._formatted = ""
            return True
        if paths:
            self._in_trouble(UNFORMATTED, "it holds other files and no stuntcam/card.json")
            return False
        self._mark_card("")
        return True

    def _mark_card(self, now: str) -> None:
        self._write(CARD, json.dumps({"formatted": now}).encode() + b"\n", is_lasting=True)
        self._formatted = now

    def _make_room(self, size: int, day: str) -> bool:
        """Return whether a file of `day` may be written, after old days have gone."""
        while self._capacity is not None and self._used + size > self._capacity:
            if not self._give_up_day(day):
                if self._floor is not None:
                    return False
                raise OSError(errno.ENOSPC, "No space left on the card")
        return True

    def _give_up_day(self, day: str) -> bool:
        """Overwrite the oldest day if it is before `day`, or else learn not to want it."""
        oldest = oldest_day(self._held)
        if self.kind != "sd" or not self._recycle or oldest is None:
            return False
        if oldest >= day:
            self._floor = day
            return False
        with self._lock:
            for part in [part for part in self._held if part.day == oldest]:
                self._drop(part)
            self._floor = oldest
        freed = self._remove_all(self._at(oldest))
        log.info("%s is full; %s made room (%d KB)", self.name, oldest, freed // 1024)
        return True

    def _remove_all(self, folder: str) -> int:
        """Remove a folder with all in it; return how many bytes went."""
        freed, folders = 0, {folder}
        for path, size in self._act(lambda: self._place.files(folder)):
            self._act(partial(self._place.remove, path))
            freed += size
            above = PurePosixPath(path).parents
            folders |= {str(each) for each in above if each.is_relative_to(folder)}
        for path in sorted(folders, key=len, reverse=True):
            self._act(partial(self._place.remove_folder, path))
        return freed

    def _write(self, path: str, content: bytes, *, is_lasting: bool) -> None:
        if self._fault in {"read-only", "full"}:
            number = errno.EROFS if self._fault == "read-only" else errno.ENOSPC
            raise OSError(number, "as a test wants it")
        self._act(lambda: self._place.write(path, content, is_lasting=is_lasting))

    def _drop(self, part: Part) -> None:
        with self._lock:
            self._used -= self._held.pop(part, 0)
            self._changed()

    def _set_aside(self, part: Part) -> None:
        path = self._at(part.path)
        with self._lock:
            size = self._held.get(part, 0)
            self._drop(part)
            self._damaged.add(part.path)
            self._used += size
        try:
            self._act(lambda: self._place.rename(path, path + DAMAGED))
        except OSError as error:
            log.warning("%s: %s can't be renamed: %s", self.name, part.path, _words(error))

    def _act(self, operation: Callable[[], Result]) -> Result:
        """Do an operation on files, as far as faults and states let it. Raises OSError."""
        if not self._is_inserted or self._fault == "gone":
            raise OSError(errno.ENODEV, "it is not there")
        if self._fault == "failing":
            raise OSError(errno.EIO, "as a test wants it")
        if self._fault == "slow":
            self._pause(SLOW_S)
        return operation()

    @contextmanager
    def _refusing(self, part: Part | None = None) -> Iterator[None]:
        """Turn what the place refuses into a state, and raise VolumeError.

        part  that is read: if only its file is gone, only that is forgotten
        """
        try:
            yield
        except OSError as error:
            state = _state(error)
            if part is not None and state in READABLE:
                state = FAILING  # a file that can't be read is no matter of writing
            if part is not None and isinstance(error, FileNotFoundError) and self._is_there():
                self._drop(part)
            else:
                self._in_trouble(state, _words(error))
            raise VolumeError(f"{self.name} is {state}: {_words(error)}") from error

    def _is_there(self) -> bool:
        try:
            self._act(self._place.check)
        except OSError:
            return False
        return True

    def _in_trouble(self, state: str, reason: str) -> None:
        with self._lock:
            if not self._is_inserted or self._fault in {"gone", "failing"}:
                return  # known, and no fault of the place
            is_news = self._trouble is None or self._trouble[0] != state
            if is_news and (self._wait_s == FIRST_PAUSE_S or state not in READABLE):
                log.warning("%s at %s is %s: %s", self.name, self.address, state, reason)
            self._trouble = state, reason
            self._retry_s = self._now_s + self._wait_s
            self._wait_s = min(2 * self._wait_s, LONGEST_PAUSE_S)
            if state not in READABLE:
                self._forget()


def _state(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return ABSENT
    code = errno.errorcode.get(error.errno or 0, "")
    return next((state for state, codes in _STATES.items() if code in codes), FAILING)


def _words(error: OSError) -> str:
    return " ".join(str(error.strerror or error).split())
