"""What a check says: what it looked at, what it expected, what came; or why it can't tell.

    expect("mintime after saving 301", actual, 300)            equal, or the check has failed
    expect.that("the map's maximum", 7, "at least 8", 7 >= 8)   for all else than equality
    not_checked("needs a device whose SD card is in")          unknown, never a pass
    does_not_apply("a rule for panoramic models")              no rule for this device

A check that expected nothing has looked at nothing, and is not passed either.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

Cells = Mapping[tuple[int, int], int]
"""Seconds of heat by (row, column) of the map."""

SHOWN = 400
"""Characters of a value in a report; a reader compares by eye."""


class NotCheckedError(ValueError):
    """The check can't tell; the message is the reason a reader sees."""


class DoesNotApplyError(NotCheckedError):
    """The rule says nothing of this device."""


class MismatchError(AssertionError):
    """The device did otherwise than it must.

    symptom  a known way to do otherwise, such as as-named, by which it can be accepted
    steps    the requests that lead there, as lines for a shell; replay: a document to play
             them again by
    """

    def __init__(
        self,
        what: str,
        expected: str,
        actual: str,
        symptom: str = "",
        *,
        steps: Iterable[str] = (),
        replay: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{what}: expected {expected}, got {actual}")
        self.what, self.expected, self.actual, self.symptom = what, expected, actual, symptom
        self.steps, self.replay = tuple(steps), replay


class Expectations:
    """Compares what came with what must come; `made` counts how often, `last` says what.

    maps  heat maps that the check looked at, each with what it is of; a report shows them
    """

    def __init__(self) -> None:
        self.made = 0
        self.last = ("", "")
        self.maps: list[tuple[str, Cells]] = []

    def looked_at(self, what: str, cells: Cells) -> None:
        """Keep a heat map for whoever reads the report; it is compared with nothing."""
        self.maps.append((what, cells))

    def __call__(self, what: str, actual: object, expected: object, symptom: str = "") -> None:
        """Go on if `actual` equals `expected`, in type as well; else the check has failed."""
        is_equal = type(actual) is type(expected) and actual == expected
        self.that(what, shown(actual), shown(expected), is_equal, symptom)

    def that(
        self, what: str, actual: object, expected: str, holds: bool, symptom: str = ""
    ) -> None:
        """Go on if `holds`; `expected` says in words what would."""
        self.made += 1
        self.last = (f"{what}: {expected}", shown(actual))
        if not holds:
            raise MismatchError(what, expected, shown(actual), symptom)


def not_checked(reason: str) -> NoReturn:
    """End the check: it can't tell."""
    raise NotCheckedError(reason)


def does_not_apply(reason: str) -> NoReturn:
    """End the check: the rule is for other devices."""
    raise DoesNotApplyError(reason)


def shown(value: object) -> str:
    """Return a value as a reader sees it; a long one is cut."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"
