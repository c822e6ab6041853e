"""Two results compared: what got worse, what got better, and what else is not the same."""

from dataclasses import dataclass
from typing import Any

from conformance.report.results import Results

PASSING = {"pass", "waived"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. kind: one of KINDS."""

    kind: str
    what: str
    before: str
    after: str


KINDS = {
    "regressed": "did not fail before, and fails",
    "fixed": "failed, and passes",
    "less known": "was judged, and is not any more",
    "more known": "was not judged, and passes",
    "new": "was not in the first run",
    "gone": "is not in the second run",
    "claims changed": "another claim of the function",
    "target changed": "another device",
    "tool changed": "another stuntcam",
}
"""In the order shown. Only `regressed` makes the exit code 1."""


def compare(before: Results, after: Results) -> list[Difference]:
    """Return the differences between two results, in the order of KINDS."""
    found = [*_rows(before, after), *_about(before, after)]
    return sorted(found, key=lambda one: list(KINDS).index(one.kind))


def _rows(before: Results, after: Results) -> list[Difference]:
    old, new = _by_key(before), _by_key(after)
    found = []
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        kind = _kind(was, now)
        if kind is not None:
            found.append(Difference(kind, " ".join(key), _told(was), _told(now)))
    return found


def _kind(was: dict[str, Any] | None, now: dict[str, Any] | None) -> str | None:
    if was is None or now is None:
        return "new" if was is None else "gone"
    old, new = was["verdict"], now["verdict"]
    if old == new:
        return None
    if new == "fail":
        return "regressed"
    if new in PASSING:
        return {"fail": "fixed"}.get(old, None if old in PASSING else "more known")
    return "less known"


def _about(before: Results, after: Results) -> list[Difference]:
    pairs = (
        ("claims changed", "heat map", before["claims"]["heat map"], after["claims"]["heat map"]),
        ("target changed", "serial", before["target"]["serial"], after["target"]["serial"]),
        ("target changed", "model", before["target"]["model"], after["target"]["model"]),
        ("target changed", "firmware", before["target"]["firmware"], after["target"]["firmware"]),
        ("tool changed", "stuntcam", before.get("tool"), after.get("tool")),
    )
    return [
        Difference(kind, what, str(old), str(new)) for kind, what, old, new in pairs if old != new
    ]


def _by_key(document: Results) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["id"], row["level"]): row for row in document["requirements"]}


def _told(row: dict[str, Any] | None) -> str:
    if row is None:
        return "-"
    return f"{row['verdict']}: {row['reason']}" if row["reason"] else str(row["verdict"])
