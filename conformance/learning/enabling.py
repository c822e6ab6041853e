"""The switch: the one field that differs between saves with the heat map off and on."""

from collections.abc import Mapping, Sequence

from conformance import wire
from conformance.layers import Leaf, Place
from conformance.learning.finding import Candidate
from conformance.learning.saving import Doubt, Save
from conformance.wording import Field

PAIRS = (
    *(("1", "0"), ("true", "false"), ("on", "off"), ("yes", "no"), ("enable", "disable")),
    *(("enabled", "disabled"), ("open", "close"), ("y", "n"), ("t", "f")),
)
"""How devices spell on and off, small letters."""

SHOW_HOW = "save once with the heat map off, and then on again"


def find(save: Save, chosen: Mapping[str, str]) -> Candidate | Doubt:
    """Return the switch in the requests that save, or why it is not known."""
    ours = {place for one in save.fields.values() for place in one.where.at}
    found = []
    for leaf in save.leaves:
        if leaf.place in ours:
            continue
        values = {leaf.value, *(_at(other.sent, leaf.place) for other in save.others)}
        words = pair(sorted(values))
        if words is not None:
            found.append(Candidate(Field((leaf.place,), words), leaf.key))
    wished = [one for one in found if one.shown == chosen.get("enable")]
    if len(wished or found) == 1:
        return (wished or found)[0]
    if found:
        listed = " or ".join(one.shown for one in found)
        return Doubt("enable", f"{len(found)} fields went on and off together: {listed}")
    return Doubt("enable", f"no field went off and on in the requests that save: {SHOW_HOW}")


def in_answer(leaves: Sequence[Leaf], key: str, is_on: bool) -> list[Candidate]:
    """Return where an answer could tell the switch, which has `key` where it is saved."""
    found = []
    for leaf in leaves:
        for words in PAIRS:
            if leaf.key == key and leaf.value.lower() == words[0 if is_on else 1]:
                spelled = _cased(words, leaf.value)
                found.append(Candidate(Field((leaf.place,), spelled), leaf.key))
    return found


def pair(values: Sequence[str]) -> dict[str, str] | None:
    """Return which of two texts is on and which off; None: they are no such pair."""
    for on, off in PAIRS:
        if {value.lower() for value in values} == {on, off} and len(values) == 2:
            return {
                "on": next(value for value in values if value.lower() == on),
                "off": next(value for value in values if value.lower() == off),
            }
    return None


def _cased(words: tuple[str, str], like: str) -> dict[str, str]:
    on, off = words
    if like.isupper():
        on, off = on.upper(), off.upper()
    elif like[:1].isupper():
        on, off = on.capitalize(), off.capitalize()
    return {"on": on, "off": off}


def _at(sent: wire.Sent, place: Place) -> str:
    return next((leaf.value for leaf in wire.leaves(sent) if leaf.place == place), "")
