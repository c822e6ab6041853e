"""The answer that told the settings after they were saved, and what else a save carries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance import layers
from conformance.layers import Leaf, Place
from conformance.learning import enabling
from conformance.learning.finding import Candidate, Candidates, Finder
from conformance.learning.recording import OK, Seen
from conformance.learning.saving import FEWEST, Doubt, Save

RELOAD = "load the page again after saving, before the recording ends"


@dataclass(frozen=True, slots=True)
class Reading:
    """The request that tells the settings; seen is None where there is none.

    fields   where each setting stands in its answer, where that is beyond doubt
    carried  what else a save carries: its place in the request, and in the answer
    """

    seen: Seen | None
    leaves: tuple[Leaf, ...]
    fields: Mapping[str, Candidate]
    carried: tuple[tuple[Place, Place], ...]
    doubts: tuple[Doubt, ...]


def find(
    exchanges: Sequence[Seen],
    finder: Finder,
    save: Save,
    switch: Candidate | None,
    chosen: Mapping[str, str],
) -> Reading:
    """Return the answer after the last save that tells most of the settings, the shortest."""
    best: tuple[int, int, Seen, list[Leaf], Candidates] | None = None
    for seen in exchanges:
        is_save = seen.path == save.seen.path and seen.sent == save.seen.sent
        if seen.number <= save.seen.number or is_save or seen.status != OK:
            continue
        leaves = layers.leaves(seen.answer)
        places = finder.look(leaves)
        rank = (len(places), -len(leaves))
        if len(places) >= FEWEST and (best is None or rank >= best[:2]):
            best = (*rank, seen, leaves, places)
    known = {**save.fields, **({"enable": switch} if switch is not None else {})}
    if best is None:
        doubts = [Doubt(name, f"no answer told it afterwards: {RELOAD}") for name in known]
        return Reading(None, (), {}, (), tuple(doubts))
    _, _, seen, leaves, places = best
    fields: dict[str, Candidate] = {}
    doubts = []
    for name, saved in known.items():
        if name == "enable":
            here = enabling.in_answer(leaves, saved.key, _is_on(save, saved))
        else:
            here = places.get(name, [])
        if len(here) > 1:  # which is not yet a doubt where the names are the same
            here = [one for one in here if one.key == saved.key] or here
        wished = [one for one in here if one.shown == chosen.get(f"{name}.read")]
        if len(wished or here) == 1:
            fields[name] = (wished or here)[0]
        else:
            doubts.append(Doubt(name, _why(name, here, seen)))
    ours = {place for name in fields for place in known[name].where.at}
    carried = _carried(save, ours, leaves)
    return Reading(seen, tuple(leaves), fields, carried, tuple(doubts))


def _is_on(save: Save, switch: Candidate) -> bool:
    place = switch.where.at[0]
    value = next(leaf.value for leaf in save.leaves if leaf.place == place)
    return bool(value == switch.where.words["on"])


def _why(name: str, here: Sequence[Candidate], seen: Seen) -> str:
    if not here:
        return f"what was saved is nowhere in the answer to {seen.shown}"
    listed = " or ".join(one.shown for one in here)
    return (
        f"the answer to {seen.shown} has it in {len(here)} places: {listed}. Record again "
        f"with another value, or say which: --choose '{name}.read=PLACE'"
    )


def _carried(save: Save, ours: set[Place], told: Sequence[Leaf]) -> tuple[tuple[Place, Place], ...]:
    """Return what stands in the request and, of that name and value, in the answer as well."""
    told_keys = Counter(leaf.key for leaf in told)
    sent_keys = Counter(leaf.key for leaf in save.leaves)
    found = []
    for leaf in save.leaves:
        if leaf.place in ours or not leaf.key:
            continue
        same = [one for one in told if one.place[-1:] == leaf.place[-1:]]
        if not same and told_keys[leaf.key] == sent_keys[leaf.key] == 1:
            same = [one for one in told if one.key == leaf.key]
        if len(same) == 1 and same[0].value == leaf.value:
            found.append((leaf.place, same[0].place))
    return tuple(found)
