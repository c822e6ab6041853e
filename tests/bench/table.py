"""Rows of figures, and how they are printed: text in, Markdown and JSON out."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

METHODS = ("ours", "MOG2", "KNN", "CNT", "running average")


@dataclass(frozen=True, slots=True)
class Bound:
    """What the first column must reach: `side` is "at least" or "at most"."""

    side: str
    value: float

    def verdict(self, figure: float | None) -> str:
        """Return "met", "missed", or "not measured"; a figure that is no number misses."""
        if figure is None:
            return "not measured"
        met = figure >= self.value if self.side == "at least" else figure <= self.value
        return "met" if met else "missed"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: figures by method, of one unit.

    room    which room measured it
    values  by name of METHODS; a method that was not measured is left out
    bound   for "ours", or None
    note    for example which scene was the worst
    """

    room: str
    what: str
    unit: str
    values: dict[str, float]
    bound: Bound | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return what the bound says of ours, "" without a bound."""
        return self.bound.verdict(self.values.get("ours")) if self.bound else ""


@dataclass(frozen=True, slots=True)
class Detail:
    """A table of its own below the main one: what a row sums up."""

    room: str
    title: str
    header: Sequence[str]
    lines: Sequence[Sequence[object]]


@dataclass(slots=True)
class Outcome:
    """What a room gives back; `skipped` tells why it measured nothing."""

    rows: list[Row] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Take in what another room found."""
        self.rows.extend(other.rows)
        self.details.extend(other.details)
        self.skipped.extend(other.skipped)


def markdown(machine: str, outcome: Outcome, with_details: bool = True) -> str:
    """Return everything as Markdown; methods that nothing was measured of have no column."""
    lines = [machine, ""]
    methods = [one for one in METHODS if any(one in row.values for row in outcome.rows)]
    header = ("what", "unit", *methods, "bound", "", "note")
    lines += _table(header, [_cells(row, methods) for row in outcome.rows])
    for reason in outcome.skipped:
        lines += ["", f"Not measured: {reason}."]
    for detail in outcome.details if with_details else ():
        lines += ["", f"**{detail.title}**", ""]
        lines += _table(detail.header, [[_text(cell) for cell in row] for row in detail.lines])
    return "\n".join(lines) + "\n"


def as_json(machine: str, outcome: Outcome) -> str:
    """Return everything as JSON."""
    rows = [asdict(row) | {"verdict": row.verdict} for row in outcome.rows]
    details = [asdict(detail) for detail in outcome.details]
    whole = {"machine": machine, "rows": rows, "details": details, "skipped": outcome.skipped}
    return json.dumps(whole, indent=1, default=float) + "\n"


def _cells(row: Row, methods: Sequence[str]) -> list[str]:
    figures = [_text(row.values.get(method)) for method in methods]
    bound = f"{row.bound.side} {_text(row.bound.value)}" if row.bound else ""
    return [row.what, row.unit, *figures, bound, row.verdict, row.note]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    body = [list(header), ["---"] * len(header), *map(list, rows)]
    return ["| " + " | ".join(cells) + " |" for cells in body]


def _text(figure: object) -> str:
    if figure is None:
        return ""
    if not isinstance(figure, float):
        return str(figure)
    # Four figures tell all that a shared machine can; more digits would only look exact.
    return f"{figure:.0f}" if abs(figure) >= 1000 else f"{figure:.4g}"
