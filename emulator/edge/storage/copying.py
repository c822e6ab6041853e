"""Catching up: gives every volume the closed hours that it lacks, and keeps all of them whole.

In bounded pieces, so that whoever calls can stop between any two. In this order: see which
volumes are there; mend flash; copy, to all volumes in turn, the oldest hours first; take
away what was taken out; and when nothing of that is left, read one part of each volume over
to see that it is whole, and add up one block for reports to come.
"""

import logging
from contextlib import suppress

from emulator.core.localtime import Stretch
from emulator.core.reports import catalogue, parts
from emulator.core.reports.parts import Part
from emulator.core.volumes import VolumeError
from emulator.edge.storage.database import FlashFull, StorageError
from emulator.edge.storage.holdings import Holdings
from emulator.edge.storage.volume import Volume

log = logging.getLogger("stuntcam")

AT_ONCE = 32
"""So many files a volume are written or removed in one piece, unless told otherwise."""


class Copier:
    """Works through what is to be done. One thread at a time."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._at_once = AT_ONCE
        self._read_over: dict[str, Part] = {}
        self._rolled_up: tuple[object, list[Stretch]] = None, []

    def work(self, now_s: float, at_once: int) -> int:
        """Do one piece; return how many files or sums were made, mended or removed.

        at_once  so many files a volume are written or removed in one piece
        """
        self._at_once = at_once
        volumes = self._holdings.volumes
        for volume in volumes:
            volume.look(now_s)
        done = self._mend_flash()
        done += sum(self._copy(volume) for volume in volumes if volume.is_worth_trying)
        done += sum(self._take_away(volume) for volume in volumes if volume.is_writable)
        if not done:
            for volume in volumes:
                self._read_one_over(volume)
            done = self._roll_one_up()
        return done

    def _mend_flash(self) -> int:
        mended = 0
        for path in list(self._holdings.flash.damaged)[: self._at_once]:
            part = parts.from_path(path)
            if part is None or (content := self._holdings.content(part)) is None:
                continue  # of no volume that is here now
            with self._holdings.lock:
                try:
                    self._holdings.flash.put(part, content)
                except StorageError:
                    return mended  # full: another time
                self._holdings.changed()
            log.info("flash: %s is whole again", path)
            mended += 1
        return mended

    def _copy(self, volume: Volume) -> int:
        copied = 0
        for part in self._holdings.missing(volume)[: self._at_once]:
            content = self._holdings.content(part)
            if content is None:
                continue
            try:
                copied += volume.put(part, content)
            except VolumeError:
                break  # it has said so
        return copied

    def _take_away(self, volume: Volume) -> int:
        hidden = self._holdings.flash.hidden
        gone = [part for part in volume.parts if part.era in hidden] if hidden else []
        with suppress(VolumeError):  # it has said so
            for part in gone[: self._at_once]:
                volume.remove(part)
        return min(len(gone), self._at_once)

    def _read_one_over(self, volume: Volume) -> None:
        held = volume.parts
        if not held:
            return
        last = self._read_over.get(volume.name)
        later = [part for part in held if last is None or part > last]
        self._read_over[volume.name] = part = min(later or held)
        with suppress(VolumeError):  # it has said so
            volume.read(part)

    def _roll_one_up(self) -> int:
        version, blocks = self._rolled_up
        if version != self._holdings.version:
            version = self._holdings.version
            blocks = catalogue.blocks_of(self._holdings.index().parts)[::-1]
        self._rolled_up = version, blocks
        while blocks:
            try:
                if self._holdings.roll_up(blocks.pop()):
                    return 1
            except FlashFull:
                return 0  # another time
        return 0
