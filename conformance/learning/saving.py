"""The request that carried the saved values, and the places in it that could be meant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance import layers, wire
from conformance.layers import Leaf, Place
from conformance.learning.finding import Candidate, Candidates, Finder
from conformance.learning.recording import Seen
from conformance.learning.wanted import Wanted

FEWEST, HARD = 3, ("min_dwell", "region", "schedule")
"""So many settings a request must carry, one of them hard to mistake, to be called the save."""


class NothingSavedError(ValueError):
    """No request of a recording carried the values; the message says so."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is not known: what it is about, and why."""

    about: str
    why: str


@dataclass(frozen=True, slots=True)
class Save:
    """The request that saves.

    seen    the last one with the values; others: more requests of the same form, in order
    leaves  of the last one, places beginning with "query" or "body"
    fields  where each setting stands, where that is beyond doubt
    places  all places of each setting, doubtful ones too
    """

    seen: Seen
    others: tuple[Seen, ...]
    leaves: tuple[Leaf, ...]
    fields: Mapping[str, Candidate]
    places: Candidates
    doubts: tuple[Doubt, ...]


def find(exchanges: Sequence[Seen], finder: Finder, chosen: Mapping[str, str], name: str) -> Save:
    """Return the request that carried most of the values, the last of equals.

    chosen  by setting the place to take where there are several, as a Doubt shows them
    name    the recording's

    Raises NothingSavedError.
    """
    carriers = []
    for seen in exchanges:
        leaves = wire.leaves(seen.sent)
        places = finder.look(leaves)
        if _is_save(places):
            carriers.append((seen, leaves, places))
    if not carriers:
        raise NothingSavedError(_nothing(exchanges, finder.wanted, name))
    best = max(len(places) for _, _, places in carriers)
    seen, leaves, places = [one for one in carriers if len(one[2]) == best][-1]
    fields, doubts = {}, []
    for setting in (*finder.wanted.numbers, "region", "schedule"):
        candidates = places.get(setting, [])
        wished = [one for one in candidates if one.shown == chosen.get(setting)]
        if len(wished or candidates) == 1:
            fields[setting] = (wished or candidates)[0]
        else:
            told = _told_before(exchanges, carriers[0][0])
            why = _why(setting, candidates, seen, carriers, finder.wanted, told)
            doubts.append(Doubt(setting, why))
    form = _form(seen, leaves)
    others = [
        one
        for one in exchanges
        if one is not seen and one.path == seen.path and _form(one, wire.leaves(one.sent)) == form
    ]
    return Save(seen, tuple(others), tuple(leaves), fields, places, tuple(doubts))


def _is_save(places: Candidates) -> bool:
    """Return whether chance is no explanation: 3, 7 and 23 are everywhere, 117 is not."""
    return len(places) >= FEWEST and any(name in places for name in HARD)


def _form(seen: Seen, leaves: Sequence[Leaf]) -> tuple[str, str, frozenset[Place]]:
    return seen.method, seen.path, frozenset(leaf.place for leaf in leaves)


def _why(
    setting: str,
    candidates: Sequence[Candidate],
    seen: Seen,
    carriers: Sequence[tuple[Seen, list[Leaf], Candidates]],
    wanted: Wanted,
    told: Mapping[str, str],
) -> str:
    value = f" ({wanted.numbers[setting]})" if setting in wanted.numbers else ""
    if len({one.shown for one in candidates}) > 1:
        before = {one.key: f" ({told[one.key]} before)" for one in candidates if one.key in told}
        listed = " or ".join(one.shown + before.get(one.key, "") for one in candidates)
        again = "--value NAME=ANOTHER" if value else f"another --{setting}"
        return (
            f"its value{value} stands in {len(candidates)} places of {seen.shown}: {listed}. "
            f"Record again with {again}, or say which: --choose '{setting}=PLACE'"
        )
    if candidates:
        return (
            f"it could be spelled in {len(candidates)} ways at {candidates[0].shown}: "
            f"record again with another --{setting}"
        )
    for other, _, places in reversed(carriers):
        if setting in places:
            return f"{other.shown} carries it, which is another request than {seen.shown}"
    return f"its value{value} is nowhere in {seen.shown}, in no spelling that is known"


def _told_before(exchanges: Sequence[Seen], first: Seen) -> dict[str, str]:
    """Return what was told by short values' names before the first save: what did not change."""
    return {
        leaf.key: leaf.value
        for seen in exchanges
        if seen.number < first.number and seen.site == first.site
        for leaf in layers.leaves(seen.answer)
        if len(leaf.value) <= 6
    }


def _nothing(exchanges: Sequence[Seen], wanted: Wanted, name: str) -> str:
    sites = list(dict.fromkeys(seen.site for seen in exchanges))
    more = f" and {len(sites) - 3} more" if len(sites) > 3 else ""
    of = f", which is of {', '.join(sites[:3])}{more}," if sites else ""
    values = ", ".join(f"{key}={number}" for key, number in wanted.numbers.items())
    return (
        f"no request in {name}{of} carries the values that were to be saved ({values}, "
        "a region, a period): were others saved (--value), or was nothing?"
    )
