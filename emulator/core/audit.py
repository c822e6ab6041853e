"""An audit as values: what a suite found of a camera with a defect, and how that is told.

A defect is *caught* when all that it breaks was found broken and nothing else was. The report is
a table in Markdown that is read again, so that a later audit of some defects leaves the rows of the
others, and what stands below KEPT_BELOW, as they are.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from emulator.core.defects import Defect

CLEAN = "none"
"""The row of a camera without a defect."""

CHAPTERS = {
    "GATE": ("gate",),
    "SET": ("settings",),
    "BEH": ("behaviour",),
    "REG": ("region",),
    "SCH": ("schedule",),
    "REP": ("reports",),
    "REP-05": ("export",),
    "REP-06": ("retention",),
    "REP-10": ("retention",),
    "WEB": ("pages",),
    "WIRE": ("wire",),
    "WIRE-03": ("onvif",),
    "WIRE-04": ("streams",),
    "EXP": ("export",),
}
"""By requirement, else by the letters of its id: the chapter that judges it (CONTRACT 5)."""

EVERYTHING = "everything"
_ALL_CLEAN = f"| {EVERYTHING} | clean |"
KEPT_BELOW = "<!-- what stands below is kept -->"

_HEAD = ("defect", "breaks", "found broken", "by", "judged", "verdict")
_ROW = re.compile(r"\| `([a-z0-9-]+)` \|.*\|")
_MOST_NAMED = 3


class Found(NamedTuple):
    """What a suite said of one camera.

    breaks    what its defect is declared to break; failed: what was found broken
    by        the checks that found it
    judged    the chapters, or the requirements, that were asked for; none: all
    trouble   why nothing was said; empty: something was
    """

    name: str
    breaks: tuple[str, ...]
    failed: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    trouble: str = ""

    @property
    def verdict(self) -> str:
        """Whether it was caught, and what was amiss."""
        if self.trouble:
            return f"not judged: {self.trouble}"
        strange = sorted(set(self.failed) - set(self.breaks))
        missed = sorted(set(self.breaks) - set(self.failed))
        if not strange and not missed:
            return "caught" if self.breaks else "clean"
        if not set(self.failed) & set(self.breaks) and self.breaks:
            return "missed" + f", and {', '.join(strange)} blamed wrongly" * bool(strange)
        told = [f"{', '.join(strange)} blamed wrongly"] * bool(strange)
        told += [f"{', '.join(missed)} not found broken"] * bool(missed)
        return "; ".join(told)

    @property
    def is_fine(self) -> bool:
        """Whether what is broken was found, and nothing else."""
        return self.verdict in {"caught", "clean"}


def chapters(requirements: Iterable[str]) -> tuple[str, ...]:
    """Return the chapters that judge `requirements`, each once.

    >>> chapters(["SET-02", "SET-08", "REP-06"])
    ('settings', 'retention')
    """
    found = [CHAPTERS.get(one, CHAPTERS[one.partition("-")[0]]) for one in requirements]
    return tuple(dict.fromkeys(name for names in found for name in names))


def wanted(defect: Defect | None, scope: str, every: Iterable[Defect]) -> tuple[str, ...]:
    """Return what is asked of a suite: chapters or requirements; nothing: all that there is.

    defect  None: none, and then everything that is asked of any of `every`
    scope   "requirements", "chapters" or "whole"
    """
    broken = dict.fromkeys(one for row in ([defect] if defect else every) for one in row.breaks)
    return {"requirements": tuple(broken), "chapters": chapters(broken), "whole": ()}[scope]


def table(rows: Sequence[Found]) -> list[tuple[str, ...]]:
    """Return the rows as texts, in the order of _HEAD."""
    return [
        (
            one.name,
            ", ".join(one.breaks) or "nothing",
            ", ".join(one.failed) or "nothing",
            _named(one.by),
            ", ".join(one.judged) or EVERYTHING,
            one.verdict,
        )
        for one in rows
    ]


def report(rows: Sequence[Found], order: Sequence[str], before: str, how: str) -> str:
    """Return the report as Markdown.

    order   all defects' names; before: the report so far, or nothing
    how     in a sentence, how these rows came about

    That a camera without a defect is clean in everything is not forgotten for a smaller part.
    """
    lines = {match[1]: match[0] for match in _ROW.finditer(before.partition(KEPT_BELOW)[0])}
    for name, *cells in table(rows):
        if name == CLEAN and cells[-1] == "clean" and lines.get(name, "").endswith(_ALL_CLEAN):
            continue
        row = " | ".join(cell.replace("|", "/") for cell in cells)
        lines[name] = f"| `{name}` | {row} |"
    told = [lines[name] for name in (CLEAN, *order) if name in lines]
    caught = sum(line.endswith("| caught |") for line in told)
    judged = sum(not line.startswith(f"| `{CLEAN}` |") for line in told)
    kept = before.partition(KEPT_BELOW)[2] or "\n"
    return (
        "\n".join(
            [
                "# Audit: which defects the harness catches",
                "",
                f"Written by `stuntcam audit`. Of {len(order)} defects {judged} were judged.",
                f"{caught} were caught: what they break was found broken, and nothing else was.",
                f"Last: {how}",
                "",
                f"| {' | '.join(_HEAD)} |",
                f"|{'---|' * len(_HEAD)}",
                *told,
                "",
                KEPT_BELOW,
            ]
        )
        + kept
    )


def _named(checks: Sequence[str]) -> str:
    shown = ", ".join(checks[:_MOST_NAMED])
    left = len(checks) - _MOST_NAMED
    return (shown + f" and {left} more" * (left > 0)) or "-"
