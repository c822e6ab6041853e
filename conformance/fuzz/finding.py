"""A sequence that broke a rule, as a file: to be read, and to be played on another device.

{"schema": 1, "check": "...", "requirements": ["SET-04"], "seed": 7, "steps": [...],
 "found": {"what": ..., "expected": ..., "actual": ..., "model": ..., "firmware": ...}}
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance import saved
from conformance.fuzz import steps
from conformance.fuzz.laws import Broken
from conformance.fuzz.steps import Sequence, SequenceError
from conformance.run import Run

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """A sequence and the rules that it is about."""

    check: str
    requirements: tuple[str, ...]
    sequence: Sequence

    @property
    def writes(self) -> bool:
        """Whether playing it changes settings."""
        return steps.writes(self.sequence)


def document(
    run: Run, check: str, rules: Collection[str], sequence: Sequence, broken: Broken
) -> dict[str, Any]:
    """Return a sequence and what came of it as a document."""
    return {
        "schema": SCHEMA,
        "check": check,
        "requirements": sorted(rules),
        "seed": run.seed,
        "steps": steps.document(sequence),
        "found": {
            "what": broken.what,
            "expected": broken.expected,
            "actual": broken.actual,
            "model": run.target.model,
            "firmware": run.target.firmware,
        },
    }


def read(path: Path) -> Finding:
    """Return the sequence in a file. Raises SequenceError, which names the file."""
    found = saved.read(path, SCHEMA, "saved sequence", SequenceError)
    rules = found.get("requirements")
    if not isinstance(rules, list) or not rules or not all(isinstance(one, str) for one in rules):
        raise SequenceError(f"{path}: requirements is no list of ids")
    try:
        sequence = steps.sequence_of(found.get("steps"))
    except SequenceError as error:
        raise SequenceError(f"{path}: {error}") from None
    return Finding(str(found.get("check", path.stem)), tuple(rules), sequence)
