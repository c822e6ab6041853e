"""A volume: an SD card or a NAS share, its states, and what is done when it refuses.

Whatever its place refuses puts it into a state (core/volumes.py), is logged once, and is
tried again after a pause that doubles. What a test does to it is a fault: an operation
then fails, or takes long, as the real one would.

Nothing is done to files under the lock, so that asking for the state never waits.
"""

import errno
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from emulator.core.reports import parts
from emulator.core.reports.parts import Part, PartError
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
from emulator.edge.storage.contents import NO_ROOM, TOP, Contents
from emulator.edge.storage.places import Place, Result, Through

log = logging.getLogger("stuntcam")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
SLOW_S = 0.2
"""How long each operation takes of a volume that a test makes slow."""

_GONE = {errno.ENOENT, errno.ENODEV, errno.ENXIO, errno.ENOTCONN, errno.ETIMEDOUT, errno.ESTALE}
_GONE |= {errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.EPIPE}
_GONE |= {errno.ENETUNREACH, errno.ENOTDIR}
_NOT_TO_BE_WRITTEN = {errno.EROFS, errno.EACCES, errno.EPERM}


class Volume:
    """One volume. Any thread may ask; those that change files wait for one another.

    name      "sd", "nas1" .. "nas5"
    address   as it was given, without secrets
    capacity  bytes that its files may take, None: as many as the place takes
    pause     waits so many seconds, for a volume that a test makes slow
    is_locked_out  a share did not take the user name or password
    """

    def __init__(
        self,
        name: str,
        kind: Kind,
        address: str,
        place: Place,
        *,
        capacity: int | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name, self.kind, self.address = name, kind, address
        self._place = Through(place, self._tampered)
        self._contents = Contents(name, kind, self._place, capacity)
        self._pause = pause
        self._lock, self._files = threading.RLock(), threading.RLock()
        self._is_inserted = self._is_mounted = True
        self._fault: str | None = None
        self._trouble: tuple[str, str] | None = None  # a state, and why
        self._told: str | None = None  # the last trouble that was logged
        self._states = 0
        self.is_locked_out = False
        self._now_s, self._retry_s, self._wait_s = 0.0, 0.0, FIRST_PAUSE_S

    def belong_to(self, serial: str) -> None:
        """Be the volume of the camera of that serial number."""
        self._contents.folder = f"{TOP}/{serial}"

    # --- what is known -------------------------------------------------------------------

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
            return forced if self._trouble is None else self._trouble[0]

    @property
    def is_readable(self) -> bool:
        """Whether what lies on it can be seen."""
        return self.state in READABLE and self._contents.is_listed

    @property
    def is_writable(self) -> bool:
        """Whether it takes copies."""
        return self.state == MOUNTED and self._contents.is_listed

    @property
    def is_worth_trying(self) -> bool:
        """Whether it takes copies, or did not a while ago and may do now."""
        with self._lock:
            is_forced = self._fault is not None and FAULTS[self._fault] != MOUNTED
            is_time = self._now_s >= self._retry_s
            return self.is_writable or (self.is_readable and is_time and not is_forced)

    @property
    def parts(self) -> frozenset[Part]:
        """The parts on it that can be seen: none where it can't be read."""
        return self._contents.parts() if self.is_readable else frozenset()

    @property
    def version(self) -> int:
        """Another whenever `parts` may have changed."""
        return self._contents.version + self._states

    def wants(self, part: Part) -> bool:
        """Tell whether a part is worth to be copied here: not older than what made room."""
        return self._contents.wants(part)

    def status(self, backlog: int = 0) -> VolumeStatus:
        """Return what is known of it. backlog: how many parts it is yet to be given."""
        with self._lock:
            known = self._contents
            total, free = known.room or (None, None)
            if known.capacity is not None:
                total, free = known.capacity, max(0, known.capacity - known.used)
            return VolumeStatus(
                name=self.name,
                kind=self.kind,
                address=self.address,
                state=self.state,
                reason=self._trouble[1] if self._trouble else "",
                fault=self._fault,
                recycle=known.recycle,
                total=total,
                used=known.used if self.is_readable else None,
                free=free if self.is_readable else None,
                parts=len(self.parts),
                backlog=backlog,
                damaged=tuple(sorted(known.damaged)),
                formatted=known.formatted,
            )

    # --- what is done to it --------------------------------------------------------------

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
            self._begin_anew(forgets=self.state not in READABLE)
        self.look(self._now_s)

    @property
    def recycle(self) -> bool:
        """Whether the oldest day of a card makes room when it is full."""
        return self._contents.recycle

    @recycle.setter
    def recycle(self, recycle: bool) -> None:
        with self._lock:
            self._contents.recycle = recycle
            self._begin_anew(forgets=False)

    def insert(self) -> None:
        """Be there, mounted: a card put in, a share back."""
        with self._lock:
            self._is_inserted = self._is_mounted = True
            self._begin_anew()
        self.look(self._now_s)

    def put_back(self) -> None:
        """Be there, mounted, if it was pulled or unmounted."""
        if not (self._is_inserted and self._is_mounted):
            self.insert()

    def pull(self) -> None:
        """Be gone at once, whatever is being written."""
        with self._lock:
            self._is_inserted = False
            self._begin_anew()

    def mount(self) -> None:
        """Be in use. Raises VolumeError if it is not there or can't be."""
        with self._lock:
            if not self._is_inserted or self._fault == "gone":
                raise VolumeError(f"{self.name} is absent: there is nothing to mount")
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
        """Empty a card of all cameras' files, at camera time `now`, and mount it.

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
                self._is_mounted = True
                self._begin_anew()
            with self._refusing():
                self._contents.wipe(now)
        self.look(self._now_s)

    # --- files ---------------------------------------------------------------------------

    def look(self, now_s: float) -> None:
        """See whether it is there, and what lies on it, unless it is to be left alone yet.

        now_s  real time, in s from any beginning
        """
        self._now_s = now_s
        forced = FAULTS[self._fault] if self._fault else MOUNTED
        is_used = self._is_inserted and self._is_mounted and forced in READABLE
        if not is_used or now_s < self._retry_s:
            return
        with self._files:
            try:
                with self._refusing():
                    self._place.check()
                    if not self._contents.is_listed and not self._contents.take_stock():
                        self._in_trouble(UNFORMATTED, "there are other files on it, none of ours")
            except VolumeError:
                return  # it has been said
            is_out = self._trouble is not None and self._trouble[0] not in {READ_ONLY, FULL}
            if is_out and self._contents.is_listed:
                self._recover(proven=self._told == ABSENT)

    def read(self, part: Part) -> bytes:
        """Return a part's file. Raises VolumeError if it can't be had.

        One that is damaged is set aside before that.
        """
        with self._refusing(part):
            content = self._contents.read(part)
        try:
            parts.check(part, content)
        except PartError as error:
            log.error("%s: %s; it is set aside", self.name, error)
            with self._files, self._refusing(part):
                self._contents.set_aside(part)
            raise VolumeError(f"{self.name}: {error}") from error
        return content

    def put(self, part: Part, content: bytes) -> bool:
        """Write a part's file; False if it is older than all for which there is room.

        Raises VolumeError if it can't be written.
        """
        with self._writing():
            return self._contents.put(part, content)

    def remove(self, part: Part) -> None:
        """Take a part away. Raises VolumeError if it can't be."""
        with self._writing():
            self._contents.remove(part)

    def write_file(self, path: str, content: bytes) -> None:
        """Put a file into this camera's folder, whole or not at all. Raises VolumeError."""
        with self._writing():
            self._contents.put_file(path, content)

    # --- how it works --------------------------------------------------------------------

    def _tampered(self, name: str, operation: Callable[[], Result]) -> Result:
        """Do an operation on files, as far as faults let it. Raises OSError."""
        number = {"gone": errno.ENODEV, "failing": errno.EIO}.get(self._fault or "")
        if name == "write" and self._fault in {"read-only", "full"}:
            number = errno.EROFS if self._fault == "read-only" else errno.ENOSPC
        if not self._is_inserted:
            number = errno.ENODEV
        if number is not None:
            raise OSError(number, "as a test wants it")
        if self._fault == "slow":
            self._pause(SLOW_S)
        return operation()

    def _begin_anew(self, *, forgets: bool = True) -> None:
        """Leave old trouble behind; what lies there is looked at again."""
        self._trouble, self._retry_s, self._wait_s = None, 0.0, FIRST_PAUSE_S
        self._told = None
        self._contents.floor = None
        self._states += 1
        if forgets:
            self._contents.forget()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._files, self._refusing():
            if not self.is_worth_trying:
                raise VolumeError(f"{self.name} is {self.state}")
            yield
            if self._trouble is not None or self._told is not None:
                self._recover(proven=True)
            self._wait_s = FIRST_PAUSE_S

    @contextmanager
    def _refusing(self, part: Part | None = None) -> Iterator[None]:
        """Turn what the place refuses into a state, and raise VolumeError.

        part  that is read: if only its file is gone, only that is forgotten
        """
        try:
            yield
        except OSError as error:
            self.is_locked_out = error.errno == errno.EKEYREJECTED
            state, words = _state(error), " ".join(str(error.strerror or error).split())
            if part is not None and isinstance(error, FileNotFoundError) and self._is_there():
                self._contents.drop(part)
            elif part is not None and state in READABLE:
                self._in_trouble(FAILING, words)  # what can't be read is no matter of writing
            else:
                self._in_trouble(state, words)
            raise VolumeError(f"{self.name} is {state}: {words}") from error

    def _is_there(self) -> bool:
        try:
            self._place.check()
        except OSError:
            return False
        return True

    def _in_trouble(self, state: str, reason: str) -> None:
        with self._lock:
            if not self._is_inserted or self._fault in {"gone", "failing"}:
                return  # known, and no fault of the place
            if state != self._told:
                self._told = state
                log.warning("%s at %s is %s: %s", self.name, self.address, state, reason)
            self._trouble = state, reason
            self._retry_s = self._now_s + self._wait_s
            self._wait_s = min(2 * self._wait_s, LONGEST_PAUSE_S)
            self._states += 1
            if state not in READABLE:
                self._contents.forget()

    def _recover(self, *, proven: bool) -> None:
        """Be out of trouble. proven: not only until the next writing, as far as is known."""
        with self._lock:
            self._trouble, self._retry_s = None, 0.0
            self._states += 1
            if proven:
                self._told = None
                log.info("%s at %s is back", self.name, self.address)


def _state(error: OSError) -> str:
    if isinstance(error, TimeoutError) or error.errno in _GONE:
        return ABSENT
    if error.errno in NO_ROOM:
        return FULL
    return READ_ONLY if error.errno in _NOT_TO_BE_WRITTEN else FAILING
