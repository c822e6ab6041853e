"""The strip of code: pairs of fields a little lighter and darker, for the time or a film's number.

Pure. From the left: the kind, nine bits from the highest on, and a parity. Of a bit that is 1 the
upper field is the lighter one, of a 0 the lower: what is compared lies side by side, so that a
glare over the screen does no harm. The time is in Gray's code: one bit changes at a time, and the
parity with it, so that a picture taken in the middle of a change is either side of it or no code.

    kind 0: the time, ticks of TICK_S modulo TICKS;  kind 1: a film's number

The fields differ by so little that no camera takes a change of theirs for an object: what it
learned from those would spoil what it makes of the films.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conformance.stimulus.layout import FLOOR, STRIP, Grey, Rect

BITS = 9
TICK_S, TICKS = 0.05, 2**BITS
ROUND_S = TICK_S * TICKS
"""After so long the time begins anew; no camera is later than that."""
LARGEST = TICKS - 1
"""The largest number of a film."""

PAIRS = 1 + BITS + 1
SWING = 5
"""Grey levels that a field is off the floor's; a camera's limit is twice of it at the least."""
CERTAIN = 2.5
"""Grey levels that the fields of a pair must be apart in a camera's picture."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a strip says: a film's number, or the time."""

    is_film: bool
    value: int

    @property
    def seconds(self) -> float:
        """The time, within ROUND_S."""
        return self.value * TICK_S


def time_of(seconds: float) -> Code:
    """Return the code of a time.

    >>> time_of(26.0)
    Code(is_film=False, value=8)
    """
    return Code(False, int(seconds / TICK_S) % TICKS)


def pairs() -> tuple[tuple[Rect, Rect], ...]:
    """Return where the fields are: upper and lower."""
    wide, middle = (STRIP.right - STRIP.left) / PAIRS, (STRIP.top + STRIP.bottom) / 2
    lefts = [STRIP.left + n * wide for n in range(PAIRS)]
    return tuple(
        (
            Rect(left, STRIP.top, left + wide, middle),
            Rect(left, middle, left + wide, STRIP.bottom),
        )
        for left in lefts
    )


def bits(code: Code) -> tuple[int, ...]:
    """Return a code's bits.

    >>> bits(Code(True, 5))
    (1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1)
    """
    value = code.value if code.is_film else code.value ^ (code.value >> 1)
    body = (int(code.is_film), *(value >> n & 1 for n in reversed(range(BITS))))
    return (*body, sum(body) % 2)


def draw(screen: Grey, code: Code) -> None:
    """Write a code onto a screen."""
    for bit, fields in zip(bits(code), pairs(), strict=True):
        for field, is_light in zip(fields, (bit, not bit), strict=True):
            left, top, right, bottom = (round(edge) for edge in field)
            screen[top:bottom, left:right] = FLOOR + (SWING if is_light else -SWING)


def differences(level: Callable[[Rect], float]) -> list[float]:
    """Return by how much each upper field is the lighter one; `level` tells that of a field."""
    return [level(upper) - level(lower) for upper, lower in pairs()]


def read(apart: Sequence[float]) -> Code | None:
    """Return what such differences say; None where they can't be read.

    >>> read([9, -9, -9, -9, -9, -9, -9, 9, -9, 9, 9])
    Code(is_film=True, value=5)
    """
    if any(abs(one) < CERTAIN for one in apart):
        return None
    *body, parity = (int(one > 0) for one in apart)
    if sum(body) % 2 != parity:
        return None
    value = int("".join(map(str, body[1:])), 2)
    return Code(True, value) if body[0] else Code(False, _from_gray(value))


def late_s(shown_s: float, now_s: float) -> float:
    """Return how long ago a shown time was, seconds: 0 to ROUND_S.

    now_s  the player's time when the picture was taken; half a tick is what a code leaves open
    """
    since_s: float = (now_s - shown_s - TICK_S / 2) % ROUND_S
    return since_s


def _from_gray(value: int) -> int:
    found = 0
    while value:
        found ^= value
        value >>= 1
    return found
