"""The arithmetic of the benchmark: maps, masks and stays against the truth. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

FOREGROUND, SHADOW, OUTSIDE, UNKNOWN = 255, 50, 85, 170
"""Labels of CDnet 2014; shadow counts as background, outside and unknown are left out."""

SAME_STAY = 0.5
"""Two stays are taken for the same if they share at least this much of the time they span."""

NEAR_LIMIT = 0.1
"""A stay nearer to the dwell limit than this share of it may fall on either side."""


def pearson(ours, true):
    """Return how well two maps agree, -1..1; 0 where one of them is flat and the other not.

    Two flat maps agree: 1.
    """
    a, b = (np.asarray(cells, np.float64).ravel() for cells in (ours, true))
    a, b = a - a.mean(), b - b.mean()
    spread = np.sqrt((a @ a) * (b @ b))
    if spread == 0:
        return float((a @ a) == (b @ b))
    return float(a @ b / spread)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Pixels, counted: right, false and missed foreground."""

    right: int = 0
    false: int = 0
    missed: int = 0

    def plus(self, mask, labels, inside):
        """Return the counts with one more mask.

        mask    uint8 (rows, columns), 255 where foreground is claimed
        labels  uint8 (rows, columns), CDnet's labels
        inside  bool (rows, columns), the region that is judged
        """
        judged = inside & (labels != OUTSIDE) & (labels != UNKNOWN)
        claimed, true = (mask == 255) & judged, (labels == FOREGROUND) & judged
        return Confusion(
            self.right + int(np.count_nonzero(claimed & true)),
            self.false + int(np.count_nonzero(claimed & ~true)),
            self.missed + int(np.count_nonzero(true & ~claimed)),
        )

    @property
    def precision(self):
        """Return the share of claimed foreground that is right."""
        return self.right / max(1, self.right + self.false)

    @property
    def recall(self):
        """Return the share of true foreground that is claimed."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f_measure(self):
        """Return the harmonic mean of both, from the summed counts, as CDnet does."""
        return 2 * self.right / max(1, 2 * self.right + self.false + self.missed)


class Span(NamedTuple):
    """A stay as far as time tells: ms; `recorded` is True if its heat counts."""

    start_ms: int
    end_ms: int
    recorded: bool = True

    @property
    def lasted_ms(self):
        """Return for how long."""
        return self.end_ms - self.start_ms


def paired(found: Sequence[Span], true: Sequence[Span]) -> dict[int, int]:
    """Return which of the `found` stays is which of the `true` ones: true place -> found place.

    One to one, best shared time first. A dwell limit knows nothing but time, so two stays of
    the same time are sorted alike, and it does not matter which of them is which.
    """
    shares = sorted(
        ((-_shared(f, t), place, other) for place, t in enumerate(true)
         for other, f in enumerate(found) if _shared(f, t) >= SAME_STAY)
    )  # fmt: skip
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for _, place, other in shares:
        if place not in matched and other not in taken:
            matched[place] = other
            taken.add(other)
    return matched


def sorted_right(found: Sequence[Span], true: Sequence[Span], limit_ms: int) -> tuple[int, int]:
    """Return (how many true stays are sorted right by the limit, how many are judged).

    `documented`: longer stays are dropped. A true stay is right if the stay found for it was
    ruled as its true length asks; one that was not found, or found in pieces, or melted with
    another, is wrong. Those within NEAR_LIMIT of the limit are left out.
    """
    matched = paired(found, true)
    right = judged = 0
    for place, stay in enumerate(true):
        if abs(stay.lasted_ms - limit_ms) <= NEAR_LIMIT * limit_ms:
            continue
        judged += 1
        counts = stay.lasted_ms <= limit_ms
        right += place in matched and found[matched[place]].recorded == counts
    return right, judged


def _shared(a: Span, b: Span) -> float:
    both = min(a.end_ms, b.end_ms) - max(a.start_ms, b.start_ms)
    return both / (max(a.end_ms, b.end_ms) - min(a.start_ms, b.start_ms)) if both > 0 else 0.0
