"""Waivers: known failures that somebody answers for, for a while, and no more than needed.

A TOML file outside the tests:

    [[waiver]]
    id = "SET-04"                    # the requirement
    checks = ["the_next_value"]      # what the names of the failing checks hold
    model = "MS-C8165-PE"            # one model
    firmware = ["61.8.0.2", "61.8.0.3-r8"]   # first and last, both included
    symptom = "mintime after 301"    # what the failure's words hold
    reason = "clamps; fixed in 8.0.4"
    owner = "QA, ticket 4711"
    expires = 2027-03-31

It turns failures that it describes into "waived". A waiver that is expired, stale (nothing fails
that it describes) or wider than needed (a check it names does not fail) is a failure of its own.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from conformance import gate
from conformance.catalogue import Requirement
from conformance.verdict import Outcome, Verdict

TEXTS = ("id", "model", "symptom", "reason", "owner")
FIELDS = {*TEXTS, "checks", "firmware", "expires"}


class WaiverError(ValueError):
    """A file of waivers that can't be used; the message names it, the waiver and the field."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver, as in the file. firmware: the first and the last version, both included."""

    id: str
    checks: tuple[str, ...]
    model: str
    firmware: tuple[str, str]
    symptom: str
    reason: str
    owner: str
    expires: date

    def is_for(self, model: str, firmware: str) -> bool:
        """Return whether this device is meant."""
        first, found, last = (
            gate.version(text) for text in (self.firmware[0], firmware, self.firmware[1])
        )
        if found is None or first is None or last is None:
            return False
        return self.model == model and first <= found <= last


def read(path: Path, requirements: Mapping[str, Requirement]) -> list[Waiver]:
    """Return the waivers in a file. Raises WaiverError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WaiverError(f"{path} can't be read: {error}") from None
    rows = document.get("waiver", [])
    if set(document) - {"waiver"} or not isinstance(rows, list):
        raise WaiverError(f"{path}: only [[waiver]] may stand there")
    return [_waiver(f"{path}: waiver {n}", row, requirements) for n, row in enumerate(rows, 1)]


def apply(
    waivers: Sequence[Waiver],
    outcomes: Iterable[Outcome],
    *,
    model: str,
    firmware: str,
    today: date,
    selected: Iterable[str],
) -> tuple[list[Outcome], list[str]]:
    """Return outcomes with what is waived, and what is wrong with the waivers themselves.

    Waivers for other devices, or for what is not selected, are left alone. One that is expired
    waives nothing.
    """
    outcomes, problems = list(outcomes), []
    chosen = set(selected)
    for waiver in waivers:
        if not waiver.is_for(model, firmware) or waiver.id not in chosen:
            continue
        if waiver.expires < today:
            problems.append(f"{waiver.id}: expired on {waiver.expires} ({waiver.owner})")
            continue
        problems += _wrong(waiver, outcomes)
        outcomes = [_waived(outcome, waiver) for outcome in outcomes]
    return outcomes, problems


def _wrong(waiver: Waiver, outcomes: Sequence[Outcome]) -> list[str]:
    mine = [one for one in outcomes if waiver.id in one.requirements]
    if all(one.verdict is Verdict.NOT_CHECKED for one in mine):
        return []  # it is unknown whether the waiver is needed
    unused = []
    for name in waiver.checks:
        named = [one for one in mine if name in one.name]
        if any(one.verdict is Verdict.NOT_CHECKED for one in named):
            continue
        if not any(_describes(waiver, one) for one in named):
            unused.append(name)
    if len(unused) == len(waiver.checks):
        return [f"{waiver.id}: stale: nothing fails that it describes ({waiver.owner})"]
    return [f"{waiver.id}: wider than needed: {name} does not fail so" for name in unused]


def _describes(waiver: Waiver, outcome: Outcome) -> bool:
    return (
        outcome.verdict is Verdict.FAIL
        and waiver.id in outcome.requirements
        and any(name in outcome.name for name in waiver.checks)
        and waiver.symptom in outcome.reason
    )


def _waived(outcome: Outcome, waiver: Waiver) -> Outcome:
    # A check that speaks for several rules stays failed: the waiver is for one of them.
    if not _describes(waiver, outcome) or len(outcome.requirements) > 1:
        return outcome
    why = f"waived until {waiver.expires} by {waiver.owner}: {waiver.reason} ({outcome.reason})"
    return replace(outcome, verdict=Verdict.WAIVED, reason=why)


def _waiver(where: str, row: Any, requirements: Mapping[str, Requirement]) -> Waiver:
    if not isinstance(row, dict) or set(row) != FIELDS:
        given = set(row) if isinstance(row, dict) else set()
        wrong = ", ".join(sorted(given ^ FIELDS))
        raise WaiverError(f"{where}: missing or unknown: {wrong}")
    for name in TEXTS:
        if not isinstance(row[name], str) or not row[name].strip():
            raise WaiverError(f"{where}: {name}={row[name]!r} is not a text")
    if row["id"] not in requirements:
        raise WaiverError(f"{where}: id={row['id']!r} is not in the catalogue")
    if isinstance(row["expires"], datetime) or not isinstance(row["expires"], date):
        raise WaiverError(f"{where}: expires={row['expires']!r} is not a date such as 2027-03-31")
    for name, least in (("checks", 1), ("firmware", 2)):
        value = row[name]
        if not isinstance(value, list) or len(value) < least or not all(_is_text(v) for v in value):
            raise WaiverError(f"{where}: {name}={value!r} is not a list of {least} texts or more")
    first, last = row["firmware"][0], row["firmware"][-1]
    if len(row["firmware"]) != 2 or None in (gate.version(first), gate.version(last)):
        raise WaiverError(
            f"{where}: firmware={row['firmware']!r} is not a first and a last version"
        )
    return Waiver(
        **{name: row[name] for name in TEXTS},
        checks=tuple(row["checks"]),
        firmware=(first, last),
        expires=row["expires"],
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
