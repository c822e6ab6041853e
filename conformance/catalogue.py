"""The catalogue of requirements as values, and what may be said where nothing can be checked.

Reads `requirements.toml`, which lies beside this file. Every requirement has a check or a
reason here why it has none; a test keeps both ways free of orphans.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

CHAPTERS = (
    *("gate", "settings", "region", "schedule", "reports", "retention", "export", "wire"),
    *("behaviour", "pages", "onvif", "streams"),
)
LEVELS = ("MUST", "SHOULD", "MAY")

ANY_MAKE = ("onvif", "streams")
"""Chapters whose checks any ONVIF camera is put to; without the heat map what they find is listed,
and no verdict on the heat map hangs on it."""

NO_BLACK_BOX: dict[str, str] = {}  # by id: what nobody can tell from outside, and why


class CatalogueError(ValueError):
    """Something was selected that is not in the catalogue; the message names it."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule that a camera is judged by, as in requirements.toml."""

    id: str
    chapter: str
    level: str
    rule: str
    source: str


def load() -> dict[str, Requirement]:
    """Return all requirements by id, in the catalogue's order."""
    text = (files("conformance") / "requirements.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["requirement"]
    return {
        row["id"]: Requirement(**{name: " ".join(value.split()) for name, value in row.items()})
        for row in rows
    }


def why_no_check(requirement: Requirement) -> str | None:
    """Return why this requirement has no check, or None: it has one."""
    return NO_BLACK_BOX.get(requirement.id)


def select(
    requirements: Mapping[str, Requirement], only: Iterable[str] = ()
) -> dict[str, Requirement]:
    """Return the requirements that `only` names, by id or by chapter; all if it names none.

    Raises CatalogueError for a name that is neither.
    """
    wanted: set[str] = set()
    for name in only:
        if name.upper() in requirements:
            wanted.add(name.upper())
        elif name.lower() in CHAPTERS:
            wanted |= {one.id for one in requirements.values() if one.chapter == name.lower()}
        else:
            raise CatalogueError(
                f"{name!r} is neither a requirement such as SET-04 nor a chapter; "
                f"there are {', '.join(CHAPTERS)}"
            )
    if not wanted:
        return dict(requirements)
    return {one.id: one for one in requirements.values() if one.id in wanted}
