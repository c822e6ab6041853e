"""Requests as values: what is drawn, sent, shrunk, written down and sent again.

Settings and the parts of a report's query go by our names; whatever else stands in their place
goes out as it is. Pure.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SHOWN = 300
"""Characters of a body in a line for a reader; the file holds all of it."""


class SequenceError(ValueError):
    """A document that is no sequence; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Save:
    """Saving settings.

    members   (name or key, value) in order, also repeated. A value is the text of a JSON value,
              or with by="query" the text as it stands in the query
    by        json: POST, as clients do; query: GET, as old ones do
    encoding  of a JSON body, as Python names it
    """

    members: tuple[tuple[str, str], ...]
    by: str = "json"
    encoding: str = "utf-8"

    def body(self, keys: Mapping[str, str]) -> bytes:
        """Return the JSON body; `keys`: our names to the wire's."""
        inside = ",".join(
            f"{json.dumps(keys.get(name, name))}:{text}" for name, text in self.members
        )
        return f"{{{inside}}}".encode(self.encoding, "replace")

    def pairs(self, keys: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the query's pairs."""
        return [(keys.get(name, name), text) for name, text in self.members]


@dataclass(frozen=True, slots=True)
class Report:
    """Asking for a report: of "time" or "space"; the query's names are start, end and kind."""

    of: str
    query: tuple[tuple[str, str], ...]

    def pairs(self, words: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the query's pairs; `words`: the dialect's [report]."""
        return [(str(words.get(name, name)), text) for name, text in self.query]


Step = Save | Report
Sequence = tuple[Step, ...]


def requests(sequence: Sequence) -> int:
    """Return how many requests a sequence takes at most: each save is read back."""
    return sum(2 if isinstance(step, Save) else 1 for step in sequence)


def writes(sequence: Sequence) -> bool:
    """Return whether a sequence saves anything."""
    return any(isinstance(step, Save) for step in sequence)


# --- as a document -------------------------------------------------------------------------------


def document(sequence: Sequence) -> list[dict[str, Any]]:
    """Return a sequence as JSON values."""
    return [_row(step) for step in sequence]


def _row(step: Step) -> dict[str, Any]:
    if isinstance(step, Report):
        return {"report": step.of, "query": [list(pair) for pair in step.query]}
    row: dict[str, Any] = {"save": [list(pair) for pair in step.members]}
    row |= {"by": step.by} if step.by != "json" else {}
    return row | ({"encoding": step.encoding} if step.encoding != "utf-8" else {})


def sequence_of(rows: Any) -> Sequence:
    """Return the sequence that a document holds. Raises SequenceError."""
    if not isinstance(rows, list) or not rows:
        raise SequenceError("steps is no list of requests")
    return tuple(_step(number, row) for number, row in enumerate(rows, 1))


def _step(number: int, row: Any) -> Step:
    try:
        if "report" in row:
            step: Step = Report(_one_of(row["report"], ("time", "space")), _pairs(row["query"]))
        else:
            by = _one_of(row.get("by", "json"), ("json", "query"))
            step = Save(_pairs(row["save"]), by, row.get("encoding", "utf-8"))
            step.body({})  # is the encoding one?
    except (KeyError, TypeError, ValueError, LookupError, AttributeError) as error:
        raise SequenceError(f"step {number} can't be read: {error}") from None
    return step


def _one_of(found: Any, allowed: tuple[str, ...]) -> str:
    if found not in allowed:
        raise ValueError(f"{found!r} is none of {', '.join(allowed)}")
    return str(found)


def _pairs(rows: Any) -> tuple[tuple[str, str], ...]:
    pairs = tuple((name, text) for name, text in rows)
    if not all(isinstance(one, str) for pair in pairs for one in pair):
        raise ValueError("names and values are texts")
    return pairs


# --- for a reader --------------------------------------------------------------------------------


def curl(url: str, body: bytes | None = None, encoding: str = "utf-8") -> str:
    """Return a request as a line for a shell; USER stands for the account, a long body is cut."""
    line = f"curl --anyauth -u USER {shlex.quote(url)}"
    if body is None:
        return line
    text = body.decode(encoding, "replace").removeprefix("\ufeff")
    if len(text) > SHOWN:
        text = f"{text[:SHOWN]}... ({len(body)} bytes)"
    line += " -H 'Content-Type: application/json'"
    if encoding == "utf-8":
        return f"{line} --data-raw {shlex.quote(text)}"
    return f"printf %s {shlex.quote(text)} | iconv -t {encoding} | {line} --data-binary @-"
