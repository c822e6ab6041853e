"""What lies on a volume: the files of one camera, listed once and known from then on.

  stuntcam/card.json         of a card: that it is formatted, and since when
  stuntcam/SERIAL/DAY/NAME   the parts (core/reports/parts.py); NAME.damaged: one that was set aside
  stuntcam/SERIAL/export/    reports that were exported to storage

What is not below `stuntcam` is not ours: never listed as such, never removed. What is below
another serial number belongs to another camera, and only a format takes it away.

Raises OSError for whatever the place refuses. Those that write wait for one another in
Volume; whoever asks what is known waits for nobody.
"""

import errno
import json
import logging
import os
import threading
from pathlib import PurePosixPath

from emulator.core.reports import parts
from emulator.core.reports.catalogue import oldest_day
from emulator.core.reports.parts import Part
from emulator.core.volumes import Kind
from emulator.edge.storage.places import PARTIAL, Place

log = logging.getLogger("stuntcam")

TOP = "stuntcam"
CARD = f"{TOP}/card.json"
DAMAGED = ".damaged"

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Contents:
    """The files of one camera in a place.

    name      of the volume; folder: where this camera's files are
    capacity  bytes that all files may take, None: as many as the place takes
    recycle   when it is full, the oldest day makes room; of a card only
    damaged   paths of parts that were set aside
    used      bytes; room: the place's size and what is free, as it was listed
    version   another whenever what can be seen changed
    """

    def __init__(self, name: str, kind: Kind, place: Place, capacity: int | None) -> None:
        self.capacity, self.recycle = capacity, True
        self.folder = f"{TOP}/-"
        self.formatted = ""
        self.version = 0
        self.floor: str | None = None
        self._name, self._kind, self._place = name, kind, place
        self._lock = threading.RLock()
        self._seen: frozenset[Part] | None = None
        self._turn = 0  # another whenever what is under way is void
        self.forget()

    # --- what is known -------------------------------------------------------------------

    def forget(self) -> None:
        """Know nothing: what lies there can't be seen until it is listed again."""
        with self._lock:
            self.is_listed = False
            self.damaged: set[str] = set()
            self.used = 0
            self.room: tuple[int, int] | None = None
            self._held: dict[Part, int] = {}
            self._turn += 1
            self._changed()

    def parts(self) -> frozenset[Part]:
        """Return the parts that lie there."""
        with self._lock:
            if self._seen is None:
                self._seen = frozenset(self._held)
            return self._seen

    def wants(self, part: Part) -> bool:
        """Tell whether a part is worth to be written: not older than what made room."""
        return self.floor is None or part.day > self.floor

    def take_stock(self) -> bool:
        """List what lies there, and clean up what a power cut left; False: not formatted."""
        turn = self._turn
        files = self._place.files("" if self._kind == "sd" else self.folder)
        if self._kind == "sd" and not self._know_card({file.path for file in files}):
            return False
        held, damaged, used = {}, set(), 0
        for path, size in files:
            inside = path.removeprefix(f"{self.folder}/")
            if inside != path and inside.endswith(PARTIAL):
                self._clean(path)
                continue
            used += size
            if inside != path and inside.endswith(DAMAGED):
                damaged.add(inside.removesuffix(DAMAGED))
            elif inside != path and (part := parts.from_path(inside)) is not None:
                held[part] = size
        room = self._place.room()
        with self._lock:
            if turn == self._turn:  # or it was pulled meanwhile
                self._held, self.damaged, self.used, self.room = held, damaged, used, room
                self.is_listed = True
                self._changed()
        return True

    # --- files ---------------------------------------------------------------------------

    def read(self, part: Part) -> bytes:
        """Return a part's file, whole or not."""
        return self._place.read(self._at(part.path))

    def put(self, part: Part, content: bytes) -> bool:
        """Write a part's file; False if it is older than all for which there is room."""
        if not self._write(part.path, content, part.day, is_lasting=not part.is_filled):
            return False
        with self._lock:
            self._held[part] = len(content)
            self.used += len(content)
            self._changed()
        return True

    def put_file(self, path: str, content: bytes) -> None:
        """Write another file into this camera's folder. No heat makes room for it."""
        self._must_fit(len(content))
        self._place.write(self._at(path), content, is_lasting=True)
        with self._lock:
            self.used += len(content)

    def remove(self, part: Part) -> None:
        """Take a part away."""
        self._place.remove(self._at(part.path))
        self.drop(part)
        self._place.remove_folder(self._at(part.day))

    def drop(self, part: Part) -> None:
        """Forget a part, whose file is gone."""
        with self._lock:
            self.used -= self._held.pop(part, 0)
            self._changed()

    def set_aside(self, part: Part) -> None:
        """Give a damaged part's file another name, so that it counts as missing."""
        with self._lock:
            self._held.pop(part, None)
            self.damaged.add(part.path)
            self._changed()
        self._place.rename(self._at(part.path), self._at(part.path) + DAMAGED)

    def wipe(self, now: str) -> None:
        """Format a card at camera time `now`: all cameras' files go, others stay."""
        self.floor = None
        self._remove_all(TOP)
        self._mark_card(now)

    # --- how it works --------------------------------------------------------------------

    def _at(self, path: str) -> str:
        return f"{self.folder}/{path}"

    def _changed(self) -> None:
        self._seen = None
        self.version += 1

    def _write(self, path: str, content: bytes, day: str, *, is_lasting: bool) -> bool:
        """Write a file of `day`, after old days made room if need be; False: too old."""
        while True:
            try:
                self._must_fit(len(content))
                self._place.write(self._at(path), content, is_lasting=is_lasting)
            except OSError as error:
                if error.errno not in NO_ROOM or self._kind != "sd" or not self.recycle:
                    raise
                if (oldest := oldest_day(self._held)) is None:
                    raise
                if oldest >= day:
                    self.floor = day
                    return False
                self._give_up(oldest)
            else:
                return True

    def _must_fit(self, size: int) -> None:
        if self.capacity is not None and self.used + size > self.capacity:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _give_up(self, day: str) -> None:
        with self._lock:
            for part in [part for part in self._held if part.day == day]:
                del self._held[part]
            self.floor = day
            self._changed()
        freed = self._remove_all(self._at(day))
        with self._lock:
            self.used -= freed
        log.info("%s is full; %s made room", self._name, day)

    def _know_card(self, paths: set[str]) -> bool:
        """Tell whether the card is formatted; an empty one comes so."""
        if CARD in paths:
            try:
                self.formatted = str(json.loads(self._place.read(CARD))["formatted"])
            except (ValueError, KeyError, TypeError):
                self.formatted = ""  # the file tells that it is, and no more
        elif not paths:
            self._mark_card("")
        return CARD in paths or not paths

    def _mark_card(self, now: str) -> None:
        content = json.dumps({"formatted": now}).encode() + b"\n"
        self._place.write(CARD, content, is_lasting=True)
        self.formatted = now

    def _clean(self, path: str) -> None:
        try:
            self._place.remove(path)
        except PermissionError:
            return  # read-only: it does no harm
        except OSError as error:
            if error.errno != errno.EROFS:
                raise

    def _remove_all(self, folder: str) -> int:
        """Remove a folder with all in it; return how many bytes went."""
        freed, folders = 0, {folder}
        for path, size in self._place.files(folder):
            self._place.remove(path)
            freed += size
            above = PurePosixPath(path).parents
            folders |= {str(each) for each in above if each.is_relative_to(folder)}
        for path in sorted(folders, key=len, reverse=True):
            self._place.remove_folder(path)
        return freed
