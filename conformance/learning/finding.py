"""Where in a text the saved values stand: every place that could be meant, not the likeliest."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from conformance import grids
from conformance.grids import Grid
from conformance.layers import Leaf, Place, shown
from conformance.learning import weeks
from conformance.learning.wanted import Wanted
from conformance.wording import Field

SHORTEST_REGION, LONGEST_REGION = 75, 400
_PROBES = ("10" * 150)[:299], ("1100100" * 43)[:299]
"""Regions that any two different spellings spell differently."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place where a setting could stand; key: its innermost name."""

    where: Field
    key: str

    @property
    def shown(self) -> str:
        """The place, for a reader; of a schedule's seven the first."""
        return shown(self.where.at[0])


Candidates = Mapping[str, list[Candidate]]


class Finder:
    """Looks for one set of values in any number of texts."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._regions: dict[str, list[Grid]] = defaultdict(list)
        for grid in grids.spellings():
            self._regions[grids.spelled(wanted.region, grid)].append(grid)

    def look(self, leaves: Sequence[Leaf]) -> Candidates:
        """Return by setting the places that hold what was saved; enable is not looked for."""
        found: dict[str, list[Candidate]] = {}
        found["region"] = [
            Candidate(Field((leaf.place,), words), leaf.key)
            for leaf in leaves
            if SHORTEST_REGION <= len(leaf.value) <= LONGEST_REGION
            for words in self._grids(leaf.value)
        ]
        found["schedule"] = [
            Candidate(where, key) for where, key in weeks.look(leaves, self.wanted)
        ]
        # What is a schedule's is no number: its days have indices, too.
        inside = [place for one in found["schedule"] for place in weeks.around(one.where.at)]
        for name, number in self.wanted.numbers.items():
            found[name] = [
                Candidate(Field((leaf.place,)), leaf.key)
                for leaf in leaves
                if leaf.value == str(number) and not _is_in(leaf.place, inside)
            ]
        return {name: places for name, places in found.items() if places}

    def _grids(self, text: str) -> list[dict[str, Any]]:
        """Return the spellings in which a text is the region; equal ones once."""
        different = {
            tuple(grids.spelled(probe, grid) for probe in _PROBES): grid
            for grid in reversed(self._regions.get(text.lower(), []))
        }
        is_upper = text != text.lower()
        return [
            {name: word for name, word in asdict(grid).items() if word != getattr(Grid(), name)}
            | ({"upper": True} if is_upper else {})
            for grid in different.values()
        ]


def _is_in(place: Place, inside: Sequence[Place]) -> bool:
    """Return whether a place is one of these, or below it."""
    for above in inside:
        last = len(above) - 1
        if place[:last] == above[:last] and len(place) > last:
            step, other = place[last], above[last]
            if step == other or step.startswith((f"{other}/", f"{other}#")):
                return True
    return False
