"""A learned dialect against the device itself: each setting set to another value, and read back.

Through the same camera, keeper and journal as a check: nothing is changed where the run may not,
and all of it is put back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.camera import Camera
from conformance.documented import RANGES
from conformance.exchange import NoAnswerError
from conformance.expect import NotCheckedError
from conformance.grids import CELLS, COLUMNS, ROWS
from conformance.weeks import EMPTY, day, on_one_day

_CELLS = [(row, column) for row in range(ROWS) for column in range(COLUMNS)]
REGION = "".join("01"[row % 3 == 0 and column > 4] for row, column in _CELLS)
OTHER_REGION = "1" * (CELLS - 9) + "0" * 9
WEEK = on_one_day(4, day("09:00:18:00;"))
"""Full hours, and one period: what every spelling can say."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of one setting: whether it holds, and in words."""

    name: str
    holds: bool
    shown: str


def read(camera: Camera) -> Proof:
    """Read the settings once."""
    try:
        values = camera.known_settings()
    except (NoAnswerError, NotCheckedError) as error:
        return Proof("read", False, str(error))
    shown = ", ".join(
        f"{name}={value}" for name, value in values.items() if name not in {"region", "schedule"}
    )
    return Proof("read", True, shown)


def set_and_read(camera: Camera, tell: Callable[[Proof], None]) -> bool:
    """Set each setting that the dialect knows, alone, and read it back; returns whether all held.

    No other setting may change with it. Raises what ends any run: SpentError, LoginRefusedError.
    """
    held = True
    for name in camera.dialect.settings:
        try:
            proof = _one(camera, name)
        except (NoAnswerError, NotCheckedError) as error:
            proof = Proof(name, False, str(error))
        tell(proof)
        held = held and proof.holds
    return held


def _one(camera: Camera, name: str) -> Proof:
    before = camera.known_settings()
    wanted = another(name, before[name])
    saved = camera.save(**{name: wanted})
    if not saved.accepted:
        return Proof(name, False, f"refused: {saved.answer.shown}")
    after = camera.known_settings()
    if after[name] != wanted:
        return Proof(name, False, f"set to {_cut(wanted)}, read back as {_cut(after[name])}")
    moved = [other for other in before if other != name and after[other] != before[other]]
    if moved:
        return Proof(name, False, f"{moved[0]} changed with it: two of them may be mixed up")
    return Proof(name, True, f"{_cut(before[name])} set to {_cut(wanted)}, and read back")


def another(name: str, now: Any) -> Any:
    """Return a value that a setting may have and has not now."""
    if name == "enable":
        return 1 - now
    if name == "region":
        return OTHER_REGION if now == REGION else REGION
    if name == "schedule":
        return EMPTY if now == WEEK else WEEK
    low, high, _ = RANGES[name]
    middle = (low + high) // 2 + 1
    return middle if now != middle else middle - 1


def _cut(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
