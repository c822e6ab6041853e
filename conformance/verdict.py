"""Verdicts: of a check, of a requirement, of a run, and the exit code that a run ends with.

Pure. A check ends in an Outcome. Outcomes are rolled up to one verdict for each requirement
and level (a check of a MUST may judge a SHOULD part of it, which gets a row of its own), and
these to an exit code. What could not be checked is never a pass: a requirement passes when
every check of it that applies to this device has passed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conformance.catalogue import ANY_MAKE, LEVELS, Requirement, why_no_check
from conformance.expect import Cells


class Verdict(StrEnum):
    """What is said of a check or a requirement."""

    PASS = "pass"  # noqa: S105  # a verdict
    FAIL = "fail"
    NOT_CHECKED = "not checked"
    NOT_OFFERED = "not offered"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one check ended.

    requirements  the ids that it speaks for; level: MUST, SHOULD or MAY, None: the catalogue's
    applies       False: it says nothing of this device (a rule for another series)
    symptom       a known way to fail, such as as-named, which can be accepted by that name
    expected, actual, sent   texts; empty where nothing came to that
    steps, replay the requests that lead to a failure, for a shell and to be played again
    span          which of the session's exchanges are its own: [first, behind the last)
    maps          heat maps that it looked at, each with what it is of: seconds by (row, column)
    """

    name: str
    requirements: tuple[str, ...]
    verdict: Verdict
    level: str | None = None
    reason: str = ""
    applies: bool = True
    symptom: str = ""
    expected: str = ""
    actual: str = ""
    sent: str = ""
    steps: tuple[str, ...] = ()
    replay: Mapping[str, Any] | None = None
    span: tuple[int, int] = (0, 0)
    seconds: float = 0.0
    maps: tuple[tuple[str, Cells], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """The verdict on one requirement at one level, and the checks that it is made of.

    is_finding  the checks were made of a camera that nothing is claimed of: nothing is judged
    """

    requirement: Requirement
    level: str
    verdict: Verdict
    reason: str
    applies: bool
    checks: tuple[Outcome, ...]
    is_finding: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether this model and firmware have the function, by GATE; why, and which rule says so.

    offered  None: the documents don't tell (an undocumented series, or no model known)
    """

    offered: bool | None
    reason: str
    requirements: tuple[str, ...] = ()


def roll_up(
    selected: Mapping[str, Requirement], outcomes: Iterable[Outcome], claim: Claim
) -> list[Row]:
    """Return a row for each selected requirement and level, in the catalogue's order."""
    by_key: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        for identifier in outcome.requirements:
            if identifier in selected:
                level = outcome.level or selected[identifier].level
                by_key.setdefault((identifier, level), []).append(outcome)
    rows = []
    for identifier, requirement in selected.items():
        levels = [level for level in LEVELS if (identifier, level) in by_key]
        for level in levels or [requirement.level]:
            checks = by_key.get((identifier, level), [])
            rows.append(_row(requirement, level, checks, claim))
    return rows


def _row(requirement: Requirement, level: str, checks: Sequence[Outcome], claim: Claim) -> Row:
    verdict, reason, applies = _judge(requirement, checks, claim)
    is_finding = claim.offered is not True and requirement.chapter in ANY_MAKE
    return Row(requirement, level, verdict, reason, applies, tuple(checks), is_finding)


def _judge(
    requirement: Requirement, checks: Sequence[Outcome], claim: Claim
) -> tuple[Verdict, str, bool]:
    """Return the verdict, its reason, and whether the requirement applies to the device."""
    applying = [one for one in checks if one.applies]
    of = {verdict: [c for c in applying if c.verdict is verdict] for verdict in Verdict}
    failed, waived = of[Verdict.FAIL], of[Verdict.WAIVED]
    unchecked = list(dict.fromkeys(one.reason for one in of[Verdict.NOT_CHECKED]))
    share = f"{len(of[Verdict.NOT_CHECKED])} of {len(applying)} checks: " * (len(applying) > 1)
    why_none = why_no_check(requirement) or "no check was run"
    is_finding = claim.offered is not True and requirement.chapter in ANY_MAKE
    first_that_is_so = (
        (is_finding and bool(checks), _unoffered(claim), _found(claim, checks)),
        (bool(failed), Verdict.FAIL, _reason(failed)),
        (claim.offered is False, Verdict.NOT_OFFERED, claim.reason),  # GATE-05: never a pass
        (claim.offered is None, Verdict.NOT_CHECKED, claim.reason),
        (not checks, Verdict.NOT_CHECKED, why_none),
        (not applying, Verdict.NOT_CHECKED, _reason(checks)),
        (bool(unchecked), Verdict.NOT_CHECKED, share + "; ".join(unchecked)),
        (bool(waived), Verdict.WAIVED, _reason(waived)),
        (True, Verdict.PASS, ""),
    )
    verdict, reason = next((v, text) for is_so, v, text in first_that_is_so if is_so)
    return verdict, reason, bool(applying) or not checks


def _unoffered(claim: Claim) -> Verdict:
    return Verdict.NOT_CHECKED if claim.offered is None else Verdict.NOT_OFFERED


def _found(claim: Claim, checks: Sequence[Outcome]) -> str:
    """Return why there is no verdict, and what was found all the same."""
    failed = sum(one.verdict is Verdict.FAIL for one in checks)
    return f"{claim.reason}; {failed} of {len(checks)} checks for any ONVIF camera failed"


def _reason(outcomes: Sequence[Outcome]) -> str:
    return outcomes[0].reason if outcomes else ""


# --- the run -----------------------------------------------------------------------------------

EXIT_CODES = {
    0: "fine: no MUST failed",
    1: "not conforming: a MUST failed, or a waiver is stale, expired or too wide",
    2: "wrong usage or unreadable input",
    3: "the target can't be reached, or refused the log-in",
    4: "the device could not be given back as it was found",
    5: "nothing to judge: nothing selected, or the device does not offer the function",
    130: "interrupted; the device was given back first",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What else the exit code depends on. `unreachable`: why the target was given up, or empty."""

    restored: bool = True
    interrupted: bool = False
    unreachable: str = ""
    waiver_problems: Sequence[str] = field(default=())
    strict: bool = False


def exit_code(rows: Iterable[Row], ending: Ending) -> int:
    """Return the exit code of a run (EXIT_CODES): the gravest thing decides."""
    rows = list(rows)
    must = [row for row in rows if row.level == "MUST"]
    should = [row for row in rows if row.level == "SHOULD"]
    strictly = [row for row in should if row.verdict is Verdict.FAIL]
    strictly += [row for row in must if row.applies and row.verdict is Verdict.NOT_CHECKED]
    gravest_first = (
        (4, not ending.restored),
        (130, ending.interrupted),
        (3, bool(ending.unreachable)),
        (1, any(row.verdict is Verdict.FAIL for row in must) or bool(ending.waiver_problems)),
        (5, not any(_is_judged(row) for row in rows)),
        (1, ending.strict and bool(strictly)),
    )
    return next((code for code, is_so in gravest_first if is_so), 0)


def _is_judged(row: Row) -> bool:
    # Of a device without the function nothing is judged, however its other checks ended.
    if row.verdict is Verdict.NOT_OFFERED or row.is_finding:
        return False
    judged = {Verdict.PASS, Verdict.FAIL, Verdict.WAIVED}
    return row.verdict in judged or any(check.verdict in judged for check in row.checks)


def counts(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Return how many rows of each level have each verdict: {"MUST": {"pass": 3, ...}, ...}.

    Rows that do not apply to the device are counted under "does not apply".
    """
    table = {level: {**dict.fromkeys(Verdict, 0), "does not apply": 0} for level in LEVELS}
    for row in rows:
        table[row.level][row.verdict if row.applies else "does not apply"] += 1
    return {level: {str(name): n for name, n in row.items()} for level, row in table.items()}
