"""What must hold of every answer, whatever was asked. Pure.

A broken law carries the rules that it breaks, so that a check blames its own and no other.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from conformance import forms, oracle
from conformance.expect import shown
from conformance.forms import FormError
from conformance.fuzz.meaning import OWN_RULES, REFUSALS, Meaning, Settings
from conformance.fuzz.steps import Report, Save

KEPT = "SET-07"
ROWS, EMPTY, FORM = "REP-07", "REP-09", "WIRE-02"

OK, TOO_LARGE = 200, 413
LARGE = 8 * 1024
"""Bytes; a device may call a longer body too large."""

UNREADABLE = "unreadable"
YEARS = range(1971, 2100)
"""Years that every device knows."""

LONG_AGO, FAR_OFF = 2000, 2090
"""Years: before the first and from the second on nobody has recorded anything."""

REFUSED = '200 {"setState":"failed",...}'

_START = re.compile(r"(\d{4})-(\d\d)-(\d\d)-(\d\d):(\d\d):(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Broken:
    """A law that an answer broke. law: which, in a word; rules: of the catalogue."""

    law: str
    rules: frozenset[str]
    what: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Said:
    """A device's answer to a save. refused: with status 200, in its own words."""

    status: int
    accepted: bool
    refused: bool
    message: str
    shown: str


def of_save(
    save: Save, meaning: Meaning, before: Settings, said: Said, after: Settings, size: int
) -> list[Broken]:
    """Return the laws that a save broke; `size`: bytes of its body."""
    what = f"saving {shown(', '.join(f'{name}={text}' for name, text in save.members))}"
    if not said.accepted:
        return _of_refusal(what, meaning, before, said, after, size)
    blamed = _rules(meaning)
    broken = []
    if meaning.wrong:
        names = ", ".join(meaning.wrong)
        broken.append(Broken("refused", blamed, what, f"refused for {names}", said.shown))
    for name, value in after.items():
        if name in meaning.wanted and not meaning.wrong and value != meaning.wanted[name]:
            rules = frozenset({KEPT, OWN_RULES[name]})
            wanted = f"{name}={shown(meaning.wanted[name])}"
            broken.append(Broken("kept", rules, f"read back after {what}", wanted, shown(value)))
        elif name not in dict(save.members) and value != before.get(name):
            wanted = f"{name}={shown(before.get(name))} as before"
            rules = frozenset({REFUSALS})
            told = f"{name}, which was left out, after {what}"
            broken.append(Broken("left out", rules, told, wanted, shown(value)))
    return broken


def _rules(meaning: Meaning) -> frozenset[str]:
    return frozenset(rule for rules in meaning.wrong.values() for rule in rules)


def _of_refusal(
    what: str, meaning: Meaning, before: Settings, said: Said, after: Settings, size: int
) -> list[Broken]:
    broken = []
    blamed = _rules(meaning) or frozenset({REFUSALS})
    if not meaning.wrong and not meaning.unclear:
        rule = OWN_RULES[next(iter(meaning.wanted))] if len(meaning.wanted) == 1 else KEPT
        broken.append(Broken("accepted", frozenset({rule}), what, "accepted", said.shown))
    elif not said.refused and not (said.status == TOO_LARGE and size > LARGE):
        broken.append(Broken("answered", blamed, what, REFUSED, said.shown))
    elif said.refused and REFUSALS in blamed and not said.message:
        wanted = "a message that says why"
        broken.append(Broken("message", frozenset({REFUSALS}), what, wanted, said.shown))
    changed = [name for name, value in after.items() if value != before.get(name)]
    if changed:
        told = f"{changed[0]} after the refusal of {what}"
        wanted, came = shown(before.get(changed[0])), shown(after[changed[0]])
        broken.append(Broken("unchanged", frozenset({REFUSALS}), told, wanted, came))
    return broken


# --- reports -------------------------------------------------------------------------------------


def of_report(report: Report, status: int, text: str) -> list[Broken]:
    """Return the laws that a report broke."""
    asked = _asked(report)
    rule = ROWS if isinstance(asked, datetime) else FORM if asked is None else EMPTY
    what = f"the {report.of} report of {shown(str(dict(report.query)))}"
    if status != OK:
        return [Broken("answered", frozenset({rule}), what, "200", f"{status} {text[:200]}")]
    try:
        if report.of == "space":
            return _of_map(what, asked, forms.space_map(text))
        return _of_rows(what, asked, dict(report.query).get("kind", "daily"), forms.time_rows(text))
    except FormError as error:
        return [Broken("form", frozenset({FORM}), what, "a report's form", str(error))]


def _asked(report: Report) -> datetime | str | None:
    """Return the start that was asked for, UNREADABLE, or None: the catalogue is silent."""
    query = dict(report.query)
    if len(query) < len(report.query) or not set(query) <= {"start", "end", "kind"}:
        return None
    kind, start = query.get("kind", "daily"), query.get("start")
    if kind not in oracle.KINDS:
        return None if _may_be_a_kind(kind) else UNREADABLE
    if not start:  # left empty may be left out
        return None
    match = _START.fullmatch(start)
    try:
        at = datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        at = None
    if at is None:
        return UNREADABLE
    return at if at.year in YEARS else None


def _may_be_a_kind(text: str) -> bool:
    """Return whether a device might read a kind out of a text that is none of our names."""
    return text == "hour" or re.fullmatch(r"\s*(\+?0*[0-4](\.0*)?\s*)?", text) is not None


def _of_map(what: str, asked: datetime | str | None, found: forms.SpaceMap) -> list[Broken]:
    is_nothing = asked == UNREADABLE or _has_nothing(asked)
    if is_nothing and (found.cells or found.largest or found.smallest):
        came = f"{len(found.cells)} points, max {found.largest}"
        return [Broken("empty", frozenset({EMPTY}), what, "no points, max 0, min 0", came)]
    return []


def _of_rows(
    what: str, asked: datetime | str | None, kind: str, rows: list[forms.TimeRow]
) -> list[Broken]:
    if asked == UNREADABLE:
        came = f"{len(rows)} rows"
        wanted = "the header line alone"
        return [Broken("empty", frozenset({EMPTY}), what, wanted, came)] if rows else []
    if not isinstance(asked, datetime):
        return []
    labels = [f"{row.start} to {row.end}" for row in oracle.rows(kind, asked)]
    found = [f"{row.start} to {row.end}" for row in rows]
    if found != labels:
        told, came = _first_difference(labels, found)
        return [Broken("rows", frozenset({ROWS}), what, told, came)]
    if _has_nothing(asked) and any(row.value for row in rows):
        return [Broken("empty", frozenset({EMPTY}), what, "rows of 0", "a row with heat")]
    return []


def _first_difference(wanted: list[str], found: list[str]) -> tuple[str, str]:
    if len(wanted) != len(found):
        return f"{len(wanted)} rows", f"{len(found)} rows"
    number = next(n for n, pair in enumerate(zip(wanted, found, strict=True)) if len(set(pair)) > 1)
    return f"row {number + 1}: {wanted[number]}", f"row {number + 1}: {found[number]}"


def _has_nothing(asked: datetime | str | None) -> bool:
    # A year before, as an annual report reaches as far.
    if not isinstance(asked, datetime):
        return False
    return asked.year < LONG_AGO - 1 or asked.year >= FAR_OFF
