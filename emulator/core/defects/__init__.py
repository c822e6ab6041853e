"""Defects: named deviations from the requirements, to prove that a test suite notices them.

A camera has none unless it is told to. A defect is a row of DEFECTS: its name, what is wrong
in one line, the requirements that it breaks, and for each rule of the policy that it spoils a
function from the right rule to the wrong one. So the code that is right knows no defect, and
several can be on at once: each spoils what the ones before left.

To add one, add a row to the room of its family, and its function above. If it spoils a rule that
the policy does not have yet, give the policy that field, with the right rule as its default, and
take it from there where it is applied.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from emulator.core.defects import (
    access,
    behaviour,
    export,
    gate,
    onvif,
    pages,
    region,
    reports,
    retention,
    schedule,
    settings,
    streams,
    wire,
)
from emulator.core.defects.defect import Defect, DefectError
from emulator.core.policy import RIGHT, Policy

__all__ = ["DEFECTS", "Defect", "DefectError", "known", "policy", "table"]

FAMILIES = (
    *(gate, settings, region, schedule, behaviour, reports, retention, export),
    *(access, pages, wire, onvif, streams),
)
DEFECTS = {defect.name: defect for family in FAMILIES for defect in family.DEFECTS}


def known(names: Iterable[str]) -> tuple[Defect, ...]:
    """Return the defects of these names in the registry's order, each once. Raises DefectError."""
    wanted = set(names)
    if strange := sorted(wanted - set(DEFECTS)):
        raise DefectError(f"defect {strange[0][:40]!r} is unknown; there are {', '.join(DEFECTS)}")
    return tuple(defect for defect in DEFECTS.values() if defect.name in wanted)


def policy(names: Collection[str]) -> Policy:
    """Return what a camera with these defects goes by. Raises DefectError."""
    spoiled = RIGHT
    for defect in known(names):
        wrong = {rule: spoil(getattr(spoiled, rule)) for rule, spoil in defect.spoils.items()}
        spoiled = replace(spoiled, **wrong)
    return spoiled


def table() -> str:
    """Return the registry as the table of docs/defects.md."""
    rows = ["| defect | what the camera does wrong | breaks |", "|---|---|---|"]
    rows += [
        f"| `{one.name}` | {one.about} | {', '.join(one.breaks)} |" for one in DEFECTS.values()
    ]
    return "\n".join(rows) + "\n"
