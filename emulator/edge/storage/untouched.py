"""Flash without a file, until there is something worth keeping.

Of a thousand cameras most are never changed. Such a one reads as a new store does; its file
is made by the first change, which it then holds together with what the camera began with.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from functools import cache
from pathlib import Path
from sqlite3 import Connection

from emulator.core.localtime import Stretch
from emulator.core.reports.heat import CellHeat, Tile
from emulator.core.reports.parts import Part
from emulator.edge.storage.database import FlashFull, in_memory, opened
from emulator.edge.storage.flash import ERA, KEPT_MS, SEQUENCE, Flash

IsWorth = Callable[[Mapping[str, object]], bool]
"""Tells whether values that are put without any heat are worth a file."""


class Untouched(Flash):
    """A flash at a `path` where nothing is yet; its folder is made with it.

    begins_with  what it holds from the start, by name
    is_worth     as IsWorth; values that are not are kept in memory until something is
    """

    def __init__(
        self, path: Path, era: str, begins_with: Mapping[str, object], is_worth: IsWorth
    ) -> None:
        self.fault: str | None = None
        self.kept_ms = KEPT_MS
        self._is_ring, self._name, self._path = True, str(path), path
        self._is_worth, self._is_made = is_worth, False
        self._begins = {**begins_with, ERA: era, SEQUENCE: 0}
        self._db = _blank()
        self._know()

    def close(self) -> None:
        """Let go of the file, if there is one."""
        if self._is_made:  # the blank one is everybody's
            super().close()

    def state(self, name: str) -> object | None:
        """Return the value put under `name`, or None. Raises StorageError if damaged."""
        if self._is_made:
            return super().state(name)
        value = self._begins.get(name)
        return None if value is None else json.loads(json.dumps(value))

    def commit(
        self,
        minutes: Mapping[int, Tile],
        state: Mapping[str, object],
        zone: tzinfo,
        closes_before_ms: int,
        drops: Iterable[Part],
    ) -> None:
        """Add heat and put state, as Flash does; in memory what is not worth a file."""
        if self._is_made or minutes or self._is_worth(state) or self.fault is not None:
            super().commit(minutes, state, zone, closes_before_ms, drops)
        else:
            self._begins |= state

    def put_blocks(self, sums: Mapping[Stretch, tuple[int, CellHeat]]) -> None:
        """Keep sums of blocks; of nothing they need not be kept."""
        if self._is_made:
            super().put_blocks(sums)

    def snapshot(self) -> bytes:
        """Return everything in it as one database file."""
        self._make()
        return super().snapshot()

    def restore(self, content: bytes, era: str) -> None:
        """Become what `snapshot` returned, as Flash does."""
        self._make()
        super().restore(content, era)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        if self.fault == "full":
            raise FlashFull(f"{self._name} can't be written: database or disk is full")
        self._make()
        with super()._changing():
            yield

    def _make(self) -> None:
        if self._is_made:
            return
        with self._telling("made"):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._db = opened(self._path)
        self._is_made = True
        self._write_state(self._begins)


@cache
def _blank() -> Connection:
    """Return what all stores without a file are read from; nothing is ever written to it."""
    return in_memory()
