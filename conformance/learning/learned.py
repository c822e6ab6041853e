"""From a recording to what is known of a dialect, and what is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance import layers, wire
from conformance.client import Login
from conformance.dialect import SETTINGS
from conformance.layers import Leaf, Place
from conformance.learning import enabling, entering, identity, reading, saving
from conformance.learning.entering import Entry
from conformance.learning.finding import Finder
from conformance.learning.identity import Identity
from conformance.learning.reading import Reading
from conformance.learning.recording import OK, Seen
from conformance.learning.saving import Doubt, Save
from conformance.learning.secrecy import is_password
from conformance.learning.wanted import Wanted
from conformance.signing import PLACEHOLDER
from conformance.wire import Sent
from conformance.wording import Field

SUCCESS = ("ok", "success", "succeed", "succeeded", "true", "done", "0", "200", "1")
"""How devices say that a change was made, the clearest first."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a recording tells.

    fields    by setting: where it is read, where it is saved; those in doubt are left out
    template  the save's texts, without secrets; constants: what in it is sent as it was recorded
    blocked   why nothing may be saved by this, or empty
    succeeded where the save's answer says so, and the text; None: by its status alone
    """

    site: str
    save: Save
    reading: Reading
    fields: Mapping[str, tuple[Field, Field]]
    entry: Entry
    identity: Identity | None
    template: Sent
    constants: tuple[Leaf, ...]
    blocked: str
    succeeded: tuple[Place, str] | None
    doubts: tuple[Doubt, ...]


def learn(
    exchanges: Sequence[Seen],
    wanted: Wanted,
    *,
    name: str,
    models: str,
    login: Login | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Learned:
    """Return what a recording tells of a device's dialect.

    name    the recording's; models: how the maker's names begin; chosen: saving.find

    Raises NothingSavedError when no request carried the values.
    """
    finder, chosen = Finder(wanted), chosen or {}
    save = saving.find(exchanges, finder, chosen, name)
    ours = [seen for seen in exchanges if seen.site == save.seen.site]
    switch = enabling.find(save, chosen)
    found = None if isinstance(switch, Doubt) else switch
    told = reading.find(ours, finder, save, found, chosen)
    sent = dict(save.fields) | ({"enable": found} if found is not None else {})
    fields = {
        setting: (told.fields[setting].where, sent[setting].where)
        for setting in SETTINGS
        if setting in sent and setting in told.fields
    }
    who = identity.find(ours, models)
    asked = (save.seen, told.seen, who.seen if who is not None else None)
    used = [one for one in asked if one is not None]
    entry = entering.find(ours, used, login)
    doubts = [*save.doubts, *([switch] if isinstance(switch, Doubt) else []), *told.doubts]
    doubts += [*entry.doubts, *(doubt for one in used[1:] for doubt in entry.removed(one))]
    if who is None:
        doubts.append(Doubt("information", "no answer tells a model and a firmware version"))
    places = [place for _, where in fields.values() for place in where.at]
    carried = [place for place, _ in told.carried]
    template = entry.sent(save.seen, [*places, *carried])
    constants = tuple(
        leaf
        for leaf in wire.leaves(template)
        if leaf.place not in {*places, *carried} and not PLACEHOLDER.fullmatch(leaf.value)
    )
    return Learned(
        save.seen.site,
        save,
        told,
        fields,
        entry,
        who,
        template,
        constants,
        _blocked(save, constants),
        _succeeded(save.seen),
        tuple(doubts),
    )


def _blocked(save: Save, constants: Sequence[Leaf]) -> str:
    """Return why a save would overwrite what it can't know: a setting sent as it was recorded."""
    sent = {leaf.place for leaf in constants}
    for setting, candidates in save.places.items():
        if any(place in sent for one in candidates for place in one.where.at):
            return f"{setting} would be overwritten, and where it is read is not known"
    for leaf in constants:
        if is_password(leaf.key):
            return f"{layers.shown(leaf.place)} is a password, and would be overwritten"
    return ""


def _succeeded(seen: Seen) -> tuple[Place, str] | None:
    if seen.status != OK or not seen.answer.strip():
        return None
    told = layers.leaves(seen.answer)
    for word in SUCCESS:
        for leaf in told:
            if leaf.value.strip().lower() == word:
                return leaf.place, leaf.value
    return (told[0].place, told[0].value) if len(told) == 1 and len(told[0].value) < 80 else None
