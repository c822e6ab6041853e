"""Catalogue: which parts there are, where they lie, and what follows from that.

Volumes are sets of parts here. Reports see the union of those that can be read; whoever
lacks a part is to be given it, oldest first; a full card gives up its oldest day.

A sum over many hours is put together from blocks, aligned stretches of a day and of 32
days, whose sums can be kept. They are UTC's and no calendar's: any report is a few whole
blocks and what sticks out, whatever the zone is or was. A kept sum goes with the digest of
the parts that it is of; where a volume went or came, the digest differs.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from emulator.core.localtime import DAY_MS, Stretch
from emulator.core.reports.parts import Part

BLOCKS_MS = (32 * DAY_MS, DAY_MS)
"""Sizes of blocks, largest first."""


@dataclass(frozen=True, slots=True)
class Index:
    """Parts in order of time, with running sums: any stretch's is a difference of two.

    starts_ms  int64 (n,); presence_ms int64 (n + 1,); digests uint64 (n + 1,)
    """

    parts: tuple[Part, ...]
    starts_ms: NDArray[np.int64]
    presence_ms: NDArray[np.int64]
    digests: NDArray[np.uint64]

    def inside(self, when: Stretch) -> tuple[Part, ...]:
        """Return the parts whose hours begin in `when`."""
        first, after = self._reach(when)
        return self.parts[first:after]

    def presence_of(self, when: Stretch) -> int:
        """Return the presence in the hours that begin in `when`, in ms."""
        first, after = self._reach(when)
        return int(self.presence_ms[after] - self.presence_ms[first])

    def digest_of(self, when: Stretch) -> int:
        """Return 64 bits that tell which parts begin in `when`, whatever their order."""
        first, after = self._reach(when)
        return int(self.digests[after] ^ self.digests[first])

    def _reach(self, when: Stretch) -> tuple[int, int]:
        first, after = np.searchsorted(self.starts_ms, [when.start_ms, when.end_ms])
        return int(first), max(int(first), int(after))


def union(held: Iterable[Collection[Part]], hidden: Collection[str] = ()) -> Iterable[Part]:
    """Return all parts that volumes hold, each once, without the eras that are `hidden`."""
    return {part for part in chain.from_iterable(held) if part.era not in hidden}


Union = Callable[[Iterable[Collection[Part]], Collection[str]], Iterable[Part]]


def index(
    held: Iterable[Collection[Part]],
    hidden: Collection[str] = (),
    union: Union = union,
) -> Index:
    """Return the union of what volumes hold, without the eras that are `hidden`."""
    parts = tuple(sorted(union(held, hidden)))
    presence = np.fromiter((part.presence_ms for part in parts), np.int64, len(parts))
    marks = np.fromiter((part.mark for part in parts), np.uint64, len(parts))
    return Index(
        parts,
        np.fromiter((part.start_ms for part in parts), np.int64, len(parts)),
        np.concatenate(([0], presence.cumsum())).astype(np.int64),
        np.concatenate((np.zeros(1, np.uint64), np.bitwise_xor.accumulate(marks))),
    )


def pieces(when: Stretch, sizes_ms: tuple[int, ...] = BLOCKS_MS) -> Iterator[Stretch]:
    """Cut `when` into whole blocks, the largest that fit, and what sticks out; in order."""
    if when.start_ms >= when.end_ms:
        return
    if not sizes_ms:
        yield when
        return
    size_ms, *smaller = sizes_ms
    first_ms = -(-when.start_ms // size_ms) * size_ms
    after_ms = when.end_ms // size_ms * size_ms
    if first_ms >= after_ms:
        yield from pieces(when, tuple(smaller))
        return
    yield from pieces(Stretch(when.start_ms, first_ms), tuple(smaller))
    yield from (Stretch(at_ms, at_ms + size_ms) for at_ms in range(first_ms, after_ms, size_ms))
    yield from pieces(Stretch(after_ms, when.end_ms), tuple(smaller))


def is_block(when: Stretch) -> bool:
    """Tell whether `when` is a block, whose sum is worth to be kept."""
    size_ms = when.end_ms - when.start_ms
    return size_ms in BLOCKS_MS and when.start_ms % size_ms == 0


def within(block: Stretch) -> Iterator[Stretch]:
    """Cut a block into those of the next smaller size; the smallest into itself."""
    size_ms = block.end_ms - block.start_ms
    return pieces(block, tuple(smaller for smaller in BLOCKS_MS if smaller < size_ms))


def blocks_of(parts: Iterable[Part]) -> list[Stretch]:
    """Return all blocks in which hours of `parts` begin, the smallest sizes first."""
    return [
        Stretch(at_ms, at_ms + size_ms)
        for size_ms in reversed(BLOCKS_MS)
        for at_ms in sorted({part.start_ms // size_ms * size_ms for part in parts})
    ]


def missing(
    target: Collection[Part], others: Iterable[Collection[Part]], hidden: Collection[str] = ()
) -> list[Part]:
    """Return what others hold and `target` does not, oldest first."""
    lacking = set(chain.from_iterable(others)).difference(target)
    return sorted(part for part in lacking if part.era not in hidden)


def droppable(
    flash: Iterable[Part],
    expired_ms: int,
    readable: Iterable[Collection[Part]],
    *,
    is_awaited: bool,
) -> list[Part]:
    """Return the parts that flash may give up: those of hours that ended by `expired_ms`.

    A ring does not wait for a volume that is gone; but what a working one is yet to be
    given stays for as long as that takes (`is_awaited`: there is one). A clock put forward
    by a year thus costs a camera with a card nothing.
    """
    expired = [part for part in flash if part.end_ms <= expired_ms]
    if not expired or not is_awaited:
        return expired
    elsewhere = set(chain.from_iterable(readable))
    return [part for part in expired if part in elsewhere]


def oldest_day(parts: Iterable[Part]) -> str | None:
    """Return the local day that a full card gives up first, or None if it holds nothing."""
    return min((part.day for part in parts), default=None)
