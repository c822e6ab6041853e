"""The forms of the camera's answers, read strictly: what a client in the field relies on.

Sources: WIRE-02 and WIRE-05 of the catalogue.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CSV_HEADER = "StartTime,EndTime,Value(s)"
MAP_SIDE = 192

_TIME = r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"
_T = re.compile(r"(?<=\d)T(?=\d)")
_ROW = re.compile(rf"{_TIME},{_TIME},(\d+)", re.ASCII)
# A widespread recorder matches text: blanks or other orders of the keys break it (facts 4.1).
_POINT = r'\{"x":\d+,"y":\d+,"value":\d+\}'
_MAP = re.compile(
    rf'\{{"max":\d+,"min":\d+,"map_w":\d+,"map_h":\d+,"data":\[(?:{_POINT}(?:,{_POINT})*)?\]\}}',
    re.ASCII,
)
_SCRIPT = re.compile(r"var ([A-Za-z0-9_]+)=(?:'((?:[^'\\]|\\.)*)'|([^';]*));")


class FormError(ValueError):
    """An answer that is not of its form; the message says where and what stands there."""


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One row of a time report: its first and last second, local, and its heat in seconds."""

    start: datetime
    end: datetime
    value: int


@dataclass(frozen=True, slots=True)
class SpaceMap:
    """A space report: seconds by (row, column) from the top left; cells of 0 are left out."""

    largest: int
    smallest: int
    width: int
    height: int
    cells: dict[tuple[int, int], int]


def time_rows(text: str) -> list[TimeRow]:
    """Return the rows of a time report. Raises FormError."""
    lines = text.split("\r\n")
    if lines[-1] != "" or "\n" in text.replace("\r\n", ""):
        raise FormError("not every line ends in CR LF, the last one, too")
    if lines[0] != CSV_HEADER:
        raise FormError(f"the header is {lines[0][:80]!r}, not {CSV_HEADER!r}")
    return [_row(number, line) for number, line in enumerate(lines[1:-1], 1)]


def readable_rows(text: str) -> list[TimeRow]:
    """Return the rows of a time report as a patient client reads them.

    Any line ends, blanks, and a T between day and time. For checks of what is told: the form itself
    is WIRE-02's. Raises FormError.
    """
    parts = [[part.strip() for part in line.split(",")] for line in text.splitlines()]
    lines = [",".join(_T.sub(" ", part) for part in line) for line in parts]
    return [_row(number, line) for number, line in enumerate(lines[1:], 1) if line]


def readable_cells(text: str) -> dict[tuple[int, int], int]:
    """Return a space report's seconds by (row, column), as a patient client reads them.

    Cells of 0 are left out. Raises FormError.
    """
    try:
        points = json.loads(text)["data"]
        cells = {(int(one["y"]), int(one["x"])): int(one["value"]) for one in points}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FormError(f"no map can be read from {text[:120]!r}") from None
    return {cell: value for cell, value in cells.items() if value}


def space_map(text: str) -> SpaceMap:
    """Return a space report. Raises FormError."""
    if not _MAP.fullmatch(text):
        wanted = '{"max":N,"min":N,"map_w":N,"map_h":N,"data":[{"x":N,"y":N,"value":N},...]}'
        raise FormError(f"not exactly of the form {wanted}: {text[:120]!r}")
    document = json.loads(text)
    cells = {(point["y"], point["x"]): point["value"] for point in document["data"]}
    if len(cells) != len(document["data"]):
        raise FormError("a cell is listed twice")
    return SpaceMap(document["max"], document["min"], document["map_w"], document["map_h"], cells)


def script_fields(text: str) -> dict[str, str]:
    """Return the fields of lines `var key='value';` or `var key=value;`. Raises FormError."""
    found = {}
    for line in text.splitlines():
        match = _SCRIPT.fullmatch(line.strip())
        if match is None:
            raise FormError(f"{line[:80]!r} is not var key='value'; or var key=value;")
        quoted = match[2]
        found[match[1]] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else match[3]
    return found


def inf_fields(text: str) -> dict[str, str]:
    """Return the fields of lines `key=value`. Raises FormError."""
    found = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if not equals or not key:
            raise FormError(f"{line[:80]!r} is not key=value")
        found[key] = value
    return found


def as_text(fields: dict[str, Any]) -> dict[str, str]:
    """Return JSON fields as the other two forms write them."""
    return {
        key: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for key, value in fields.items()
    }


def _row(number: int, line: str) -> TimeRow:
    match = _ROW.fullmatch(line)
    if match is None:
        raise FormError(f"row {number} is {line[:80]!r}, not YYYY-MM-DD HH:MM:SS,...,N")
    try:
        start, end = datetime.fromisoformat(match[1]), datetime.fromisoformat(match[2])
    except ValueError:
        raise FormError(f"row {number} is {line[:80]!r}: no such time") from None
    return TimeRow(start, end, int(match[3]))
