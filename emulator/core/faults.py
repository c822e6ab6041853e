"""Faults: what can be made to go wrong with a camera, and when it does.

One registry says what there is; docs/control.md's table is made from it. A fault that was
ordered strikes on its occasions (each request, each picture ...), as often as its count,
probability and duration say, and ends by itself. Pure: the seed and the time are arguments,
so the same orders strike the same occasions.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from emulator.core.localtime import MINUTE_MS

OCCASIONS = {
    "request": "each request to the camera whose path begins with `path`",
    "picture": "each picture of the source",
    "minute": "each minute of the camera's clock",
    "second": "each second of real time, the first at once",
}
"""When a fault may strike, by name."""

LONGEST_S = 366 * 24 * 3600
MOST_STRIKES = 1_000_000
LARGEST_SEED = 2**32 - 1


class FaultError(ValueError):
    """A fault that can't be; the message names it, the value and the limit."""


class Number(NamedTuple):
    """A parameter: from `low` to `high`, both allowed."""

    low: float
    high: float
    default: float
    unit: str
    about: str


class Choice(NamedTuple):
    """A parameter that is one of a few words; the first is the default."""

    words: tuple[str, ...]
    about: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can go wrong.

    occasion    when it may strike: a name of OCCASIONS
    place       where it applies: http, source, clock, storage or listener
    """

    name: str
    occasion: str
    place: str
    about: str
    parameters: Mapping[str, Number | Choice] = field(default_factory=dict)


_SHARE = Number(0, 99, 50, "%", "how much of the answer's body is sent")
_VOLUME_STATES = ("gone", "slow", "read-only", "full", "failing")

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "latency",
            "request",
            "http",
            "The answer comes later.",
            {"seconds": Number(0, 300, 1, "s", "how much later")},
        ),
        Kind(
            "status",
            "request",
            "http",
            "The answer has another status, and nothing is done.",
            {"status": Number(400, 599, 503, "", "the status")},
        ),
        Kind(
            "reset", "request", "http", "The connection is reset; no answer, and nothing is done."
        ),
        Kind(
            "truncate",
            "request",
            "http",
            "The answer promises its whole body, but the connection is closed within it.",
            {"percent": _SHARE},
        ),
        Kind(
            "drip",
            "request",
            "http",
            "The answer's body comes slowly.",
            {"bytes_per_s": Number(1, 1_000_000, 100, "bytes/s", "how fast")},
        ),
        Kind("unauthorized", "request", "http", "Credentials are refused though they are right."),
        Kind(
            "reboot",
            "request",
            "http",
            "The camera loses power while it answers, and starts again.",
            {
                "percent": _SHARE,
                "down_s": Number(0, 600, 1, "s", "how long it is down"),
            },
        ),
        Kind("refuse", "second", "listener", "Connections to the camera are refused."),
        Kind("video-lost", "picture", "source", "The camera does not see the picture."),
        Kind(
            "clock-jump",
            "minute",
            "clock",
            "The clock jumps.",
            {"by_s": Number(-31_622_400, 31_622_400, 3600, "s", "how far, back if negative")},
        ),
        Kind(
            "clock-skew",
            "minute",
            "clock",
            "The clock goes wrong.",
            {"by_ms": Number(-30_000, 30_000, 100, "ms", "how much too far in this minute")},
        ),
        Kind(
            "sd",
            "second",
            "storage",
            "The SD card is in another state than it seems.",
            {"state": Choice((*_VOLUME_STATES, "unformatted"), "the state")},
        ),
        Kind(
            "nas",
            "second",
            "storage",
            "A network share is in another state than it seems.",
            {
                "state": Choice(_VOLUME_STATES, "the state"),
                "number": Number(1, 5, 1, "", "which share, in the order of --nas"),
            },
        ),
        Kind("flash-full", "second", "storage", "There is no room in the internal flash."),
    )
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that was ordered.

    parameters   by name, all of its kind's
    path         of requests: only those whose path begins so
    count        ends after so many strikes; until_s: ends at that instant of real time
    probability  of striking on an occasion; seed: decides on which
    began_s      real time, and began_ms the film's, when it began
    asked        how many occasions there were; struck: on how many of them it struck
    holds        it struck on the last one
    """

    number: int
    kind: str
    parameters: Mapping[str, float | str]
    path: str = "/"
    count: int | None = None
    until_s: float | None = None
    probability: float = 1.0
    seed: int = 0
    began_s: float = 0.0
    began_ms: int = 0
    asked: int = 0
    struck: int = 0
    holds: bool = False

    def is_over(self, now_s: float) -> bool:
        """Tell whether it has ended by itself."""
        if self.until_s is not None and now_s >= self.until_s:
            return True
        if self.count is None or self.struck < self.count:
            return False
        # A second that it struck in is to last as long as a second.
        return not self.holds or KINDS[self.kind].occasion != "second"

    def value(self, name: str) -> float:
        """Return a parameter that is a number."""
        value = self.parameters[name]
        assert not isinstance(value, str)
        return value


def order(number: int, kind: str, parameters: Mapping[str, float | str], **when: object) -> Fault:
    """Return a fault with its kind's defaults where `parameters` say nothing.

    when  path, count, until_s, probability, seed as in Fault
    Raises FaultError for what KINDS does not know or allow.
    """
    if kind not in KINDS:
        raise FaultError(f"fault {kind[:40]!r} is unknown; there are {', '.join(KINDS)}")
    allowed = KINDS[kind].parameters
    for name, value in parameters.items():
        _check(kind, name, value, allowed)
    defaults = {
        name: one.default if isinstance(one, Number) else one.words[0]
        for name, one in allowed.items()
    }
    return Fault(number, kind, defaults | dict(parameters), **when)  # type: ignore[arg-type]


def decide(
    active: Iterable[Fault], occasion: str, now_s: float, path: str = "/"
) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """Return the faults after an occasion, without those that were over, and those that strike.

    A fault whose last strike this was is among both.
    now_s  real time, on the axis of until_s
    """
    after: list[Fault] = []
    strikes: list[Fault] = []
    for fault in active:
        if fault.is_over(now_s):
            continue
        if KINDS[fault.kind].occasion == occasion and path.startswith(fault.path):
            asked = _asked(fault)
            after.append(asked)
            strikes += [asked] * asked.holds
        else:
            after.append(fault)
    return tuple(after), tuple(strikes)


def caught_up(fault: Fault, now_s: float, now_ms: int) -> tuple[Fault, int]:
    """Return a fault of seconds or minutes, asked on each that has begun; and its new strikes.

    now_s, now_ms  real time and the film's; the first of its seconds or minutes begins with it
    """
    in_seconds = KINDS[fault.kind].occasion == "second"
    passed = (now_s - fault.began_s) if in_seconds else (now_ms - fault.began_ms) // MINUTE_MS
    strikes = 0
    while fault.asked <= int(passed) and not fault.is_over(now_s):
        fault = _asked(fault)
        strikes += fault.holds
    return fault, strikes


def _asked(fault: Fault) -> Fault:
    may_strike = fault.count is None or fault.struck < fault.count
    hit = may_strike and draw(fault.seed, fault.asked) < fault.probability
    return replace(fault, asked=fault.asked + 1, struck=fault.struck + hit, holds=hit)


def draw(seed: int, number: int) -> float:
    """Return the `number`-th of the numbers, 0 up to and without 1, that `seed` stands for."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _check(
    kind: str, name: str, value: float | str, allowed: Mapping[str, Number | Choice]
) -> None:
    if name not in allowed:
        there = f"there are {', '.join(allowed)}" if allowed else "it takes none"
        raise FaultError(f"{kind} has no parameter {name[:40]!r}; {there}")
    one = allowed[name]
    if isinstance(one, Choice):
        if value not in one.words:
            raise FaultError(f"{name}={str(value)[:40]!r} is not one of {', '.join(one.words)}")
    elif isinstance(value, str) or not one.low <= value <= one.high:
        shown = repr(value[:40]) if isinstance(value, str) else f"{value:g}"
        unit = f" {one.unit}" if one.unit else ""
        raise FaultError(f"{name}={shown} is outside {one.low:g}..{one.high:g}{unit}")


def table() -> str:
    """Return the registry as the table of docs/control.md."""
    rows = ["| fault | what goes wrong | an occasion is | parameters |", "|---|---|---|---|"]
    for kind in KINDS.values():
        spelled = [_spelled(name, one) for name, one in kind.parameters.items()]
        parameters = "; ".join(spelled) or "none"
        rows.append(f"| `{kind.name}` | {kind.about} | {OCCASIONS[kind.occasion]} | {parameters} |")
    return "\n".join(rows) + "\n"


def _spelled(name: str, one: Number | Choice) -> str:
    if isinstance(one, Choice):
        words = ", ".join(f"`{word}`" for word in one.words)
        return f"`{name}`: {one.about}; {words} ({one.words[0]})"
    unit = f" {one.unit}" if one.unit else ""
    return f"`{name}`: {one.about}; {one.low:g}..{one.high:g}{unit} ({one.default:g})"
