"""A video's time axis: presentation time stamps in, half-open stretches out (CONTRACT 4).

A picture stands from its own time stamp until the next picture's. Where the stamps can't
be trusted from the start, the whole video runs at its average rate; where they jump later
on, the picture before the jump stands for one frame period and the next is marked as a cut.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice, pairwise
from math import lcm
from typing import Generic, TypeVar

from emulator.core.localtime import SECOND_MS

T = TypeVar("T")

TRUST_FRAMES = 50
"""Stamps must be there and increase throughout this many frames to be used at all."""

LONGEST_STEP_S = 2
"""A longer step, or one that is not forward, is a cut."""


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """A picture and its stretch [start_ms, end_ms) from the video's first picture."""

    picture: T
    start_ms: int
    end_ms: int
    cut: bool


def on_axis(
    pictures: Iterable[tuple[int | None, T]], time_base: Fraction, period_s: Fraction
) -> Iterator[Timed[T]]:
    """Yield each picture with its stretch; neighbours meet to the millisecond.

    pictures   (PTS in units of `time_base` seconds or None, picture) as decoded
    time_base  s a PTS unit
    period_s   s; one over the video's average rate
    """
    incoming = iter(pictures)
    head = list(islice(incoming, TRUST_FRAMES))
    stamps = [stamp for stamp, _ in head if stamp is not None]
    trusted = len(stamps) == len(head) and all(a < b for a, b in pairwise(stamps))
    # In whole units of time from here on, a whole number of which make a second.
    second = lcm(time_base.denominator, period_s.denominator)
    tick, period = int(time_base * second), int(period_s * second)
    begun = 0
    held: tuple[T, bool] | None = None
    before: int | None = None
    for stamp, picture in chain(head, incoming):
        cut = False
        if held is not None:
            step = period
            if trusted:
                # A stamp that goes missing later on is a step like one backwards.
                step = 0
                if stamp is not None and before is not None:
                    step = (stamp - before) * tick
                cut = not 0 < step <= LONGEST_STEP_S * second
                step = period if cut else step
            yield Timed(held[0], _ms(begun, second), _ms(begun + step, second), held[1])
            begun += step
        held, before = (picture, cut), stamp
    if held is not None:
        yield Timed(held[0], _ms(begun, second), _ms(begun + period, second), held[1])


def thinned(pictures: Iterable[Timed[T]], every: int) -> Iterator[Timed[T]]:
    """Yield every `every`-th picture, each standing until the next one that is yielded.

    Counting starts anew at a cut, so that no picture stands beyond one.
    """
    held: Timed[T] | None = None
    count = 0
    end_ms = 0
    for timed in pictures:
        if timed.cut or count == every:
            count = 0
        if count == 0:
            if held is not None:
                yield Timed(held.picture, held.start_ms, end_ms, held.cut)
            held = timed
        count += 1
        end_ms = timed.end_ms
    if held is not None:
        yield Timed(held.picture, held.start_ms, end_ms, held.cut)


def _ms(instant: int, second: int) -> int:
    return (2 * SECOND_MS * instant + second) // (2 * second)  # half up
