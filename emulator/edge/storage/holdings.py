"""What flash and volumes hold together: the union that reports see, and where to read it."""

import threading
from collections.abc import Iterable

from emulator.core.localtime import Stretch
from emulator.core.reports import catalogue, parts
from emulator.core.reports.catalogue import Index, Union
from emulator.core.reports.heat import CellHeat, no_heat
from emulator.core.reports.parts import Part, PartError
from emulator.core.volumes import VolumeError
from emulator.edge.storage.database import StorageError
from emulator.edge.storage.flash import Flash
from emulator.edge.storage.volume import Volume


class Holdings:
    """Flash, the volumes, and the lock under which flash is used; volumes are used outside it.

    union  the parts on each, and what is taken out -> those that are seen, each once (REP-10)

    Whoever changes which parts lie in flash calls `changed`, under the lock.
    """

    def __init__(self, flash: Flash) -> None:
        self.lock = threading.RLock()
        self.flash = flash
        self.volumes: tuple[Volume, ...] = ()
        self.union: Union = catalogue.union
        self._version = 0
        self._known: tuple[object, Index] | None = None

    def changed(self) -> None:
        """Take note that parts came to flash or left it."""
        self._version += 1

    @property
    def version(self) -> tuple[int, ...]:
        """Something that is another whenever parts came or went."""
        return self._version, *(volume.version for volume in self.volumes)

    def index(self) -> Index:
        """Return all parts that can be seen."""
        with self.lock:
            version = self.version
            if self._known is None or self._known[0] != version:
                held = [self.flash.parts, *(volume.parts for volume in self.volumes)]
                self._known = version, catalogue.index(held, self.flash.hidden, self.union)
            return self._known[1]

    def missing(self, volume: Volume) -> list[Part]:
        """Return the parts that a volume is yet to be given, oldest first."""
        with self.lock:
            others = [set(self.flash.parts), *(other.parts for other in self.volumes)]
            hidden = set(self.flash.hidden)
        return [
            part for part in catalogue.missing(volume.parts, others, hidden) if volume.wants(part)
        ]

    def content(self, part: Part) -> bytes | None:
        """Return a part's file from wherever it is whole; None: it went out of sight."""
        with self.lock:
            content = self.flash.content(part)
            if content is not None:
                try:
                    parts.check(part, content)
                except PartError:
                    self.flash.set_aside(part)
                    self.changed()
                else:
                    return content
        for volume in self.volumes:
            if part in volume.parts:
                try:
                    return volume.read(part)
                except VolumeError:
                    continue  # it has said so, and is out of sight or the part is
        return None

    def presence_ms(self, when: Stretch) -> int:
        """Return the presence of all objects in `when`, in ms."""
        with self.lock:
            return self.index().presence_of(when) + self.flash.open_presence_ms(when)

    def heat(self, when: Stretch) -> CellHeat:
        """Return the heat of `when`: uint64 (192, 192), ms."""
        while True:
            with self.lock:
                version, index = self.version, self.index()
                total = self.flash.open_heat(when, no_heat().cells)
            sums: dict[Stretch, tuple[int, CellHeat]] = {}
            try:
                for piece in catalogue.pieces(when):
                    total = total + self._sum(index, piece, sums)
            except LookupError as error:
                if version == self.version:
                    raise StorageError(f"{error.args[0]} can't be read anywhere") from error
                continue  # it went out of sight meanwhile: of what is left, then
            self._keep(sums)
            return total

    def roll_up(self, block: Stretch) -> bool:
        """Keep the sum of a block, for reports to come; False if that was so already."""
        index = self.index()
        sums: dict[Stretch, tuple[int, CellHeat]] = {}
        try:
            self._sum(index, block, sums)
        except LookupError:
            return False
        self._keep(sums)
        return bool(sums)

    def _sum(
        self, index: Index, piece: Stretch, sums: dict[Stretch, tuple[int, CellHeat]]
    ) -> CellHeat:
        """Return the sum of the parts in a piece. `sums` gets those that are new."""
        inside = index.inside(piece)
        if len(inside) <= 1 or not catalogue.is_block(piece):
            return self._added(inside)
        digest = index.digest_of(piece)
        with self.lock:
            kept = self.flash.block(piece, digest)
        if kept is not None:
            return kept
        smaller = list(catalogue.within(piece))
        total = no_heat().cells
        if smaller == [piece]:
            total = self._added(inside)
        else:
            for block in smaller:
                total = total + self._sum(index, block, sums)
        sums[piece] = digest, total
        return total

    def _added(self, inside: Iterable[Part]) -> CellHeat:
        total = no_heat().cells
        for part in inside:
            if (content := self.content(part)) is None:
                raise LookupError(part.path)
            total = total + parts.unpacked(parts.check(part, content))
        return total

    def _keep(self, sums: dict[Stretch, tuple[int, CellHeat]]) -> None:
        if sums:
            with self.lock:
                self.flash.put_blocks(sums)
