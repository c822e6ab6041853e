"""A schedule among a text's leaves: seven siblings, or one text of seven parts, with one period.

Which day a week begins with shows by where the period is: it was saved for a known day.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from conformance import layers, periods, wording
from conformance.layers import Leaf, Place
from conformance.learning.wanted import DAYS, Wanted
from conformance.periods import Day
from conformance.wording import Field, WordingError

SHORTEST, LONGEST = 8, 4096
"""Characters of a day's text that holds a period, at least; of a week's at most."""

SEPARATORS = ("|", ";", ",", "/", "-", " ", "\n", "")
_VARYING = re.compile(r"\d+|" + "|".join(rf"(?<![a-z]){day}[a-z]*" for day in DAYS), re.IGNORECASE)


def look(leaves: Sequence[Leaf], wanted: Wanted) -> list[tuple[Field, str]]:
    """Return each way in which a week with this one period stands there, and its name."""
    found = []
    for family in _families(leaves):
        days = [leaf.value for leaf in family]
        for words, order in _spelled(days, wanted):
            places = tuple(leaf.place for leaf in _from_monday(family, order))
            found.append((Field(places, words), _key(family)))
    for leaf in leaves:
        if SHORTEST <= len(leaf.value) <= LONGEST:
            for separator in SEPARATORS:
                found += [(where, leaf.key) for where in _in_one(leaf, separator, wanted)]
    return found


def around(places: Sequence[Place]) -> list[Place]:
    """Return what holds a schedule: the seven places, and for a list all of its elements."""
    if len(places) == 1:
        return list(places)
    first = places[0]
    for number, step in enumerate(first):
        others = {place[number] for place in places}
        if len(others) > 1:  # the step in which the days differ
            above = _common(sorted(others))
            if step.startswith("json") and above.endswith("/") and above != "json /":
                return [(*first[:number], above[:-1])]
            if step.startswith("xml"):  # one element after the other, of one name
                return [(*first[:number], above)]
            break
    return list(places)


def _common(texts: Sequence[str]) -> str:
    size = 0
    while all(text[size : size + 1] == texts[0][size : size + 1] for text in texts):
        size += 1
    return texts[0][:size]


def _families(leaves: Sequence[Leaf]) -> Iterator[list[Leaf]]:
    """Yield seven leaves each whose places differ in one number, or in the day's name."""
    groups: dict[tuple[Any, ...], dict[int, Leaf]] = defaultdict(dict)
    for leaf in leaves:
        place = tuple(_counted(step) for step in leaf.place)
        for number, step in enumerate(place):
            for match in _VARYING.finditer(step, step.find(" ") + 1):
                pattern = (
                    *place[:number],
                    (step[: match.start()], step[match.end() :], match[0].isdecimal()),
                    *place[number + 1 :],
                )
                groups[pattern].setdefault(_ordinal(match[0]), leaf)
    for group in groups.values():
        first = min(group)
        if len(group) == 7 and max(group) - first == 6:
            yield [group[index] for index in sorted(group)]


def _counted(step: str) -> str:
    """Return an XML step with each element's number, the first's too."""
    if not step.startswith("xml "):
        return step
    return re.sub(r"(/[^/@#]+)(?=/|$)", r"\1#1", step)


def _ordinal(text: str) -> int:
    return int(text) if text.isdecimal() else DAYS.index(text[:3].lower())


def _spelled(days: Sequence[str], wanted: Wanted) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield how seven texts are a week with that period, and whether from Monday or Sunday."""
    for first, at in (("monday", wanted.day), ("sunday", wanted.day + 1)):
        empty = {day for index, day in enumerate(days) if index != at}
        if len(empty) != 1 or days[at] in empty:
            continue
        for day in periods.spellings(days[at], empty.pop(), wanted.begin, wanted.end):
            words = {
                name: word for name, word in asdict(day).items() if word != getattr(Day(), name)
            }
            is_upper = days[at] != days[at].lower()
            yield words | ({"upper": True} if is_upper else {}), first


def _in_one(leaf: Leaf, separator: str, wanted: Wanted) -> Iterator[Field]:
    try:
        days = wording.parts(leaf.value, separator)
    except WordingError:
        return
    for words, first in _spelled(days, wanted):
        more = {"separator": separator} if separator else {}
        more |= {"first": first} if first == "sunday" else {}
        yield Field((leaf.place,), words | more)


def _from_monday(family: list[Leaf], order: str) -> list[Leaf]:
    return [*family[1:], family[0]] if order == "sunday" else family


def _key(family: Sequence[Leaf]) -> str:
    return family[0].key or layers.shown(family[0].place)
