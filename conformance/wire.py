"""The settings of a device that are no plain JSON object: read from an answer, put in a request.

A request that saves carries the whole page: our settings, and others that stand beside them. What
a run does not mean to change is sent as the device tells it at that moment, never as it was
recorded; so a save is always a reading, a change, and a writing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from conformance import layers, wording
from conformance.documented import DAYS
from conformance.layers import LayerError, Place
from conformance.wording import Field, WordingError

QUERY, BODY = "query", "body"

CARRIED = "carried"
"""In what is kept of a device: the texts that stand beside our settings."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request's texts: its query as a form, and its body."""

    query: str
    body: str


@dataclass(frozen=True, slots=True)
class Wire:
    """Where settings stand, by our names; a place in a request begins with "query" or "body".

    carried  what else a save carries: its place in the request, and in the answer
    blocked  why nothing may be saved, or empty
    """

    read: Mapping[str, Field]
    save: Mapping[str, Field]
    carried: tuple[tuple[Place, Place], ...] = ()
    blocked: str = ""

    def values(self, text: str) -> dict[str, Any]:
        """Return the settings that an answer tells, as our wire would have them.

        Raises WordingError for the first that can't be read.
        """
        return {name: wording.value(name, where, text) for name, where in self.read.items()}

    def kept(self, text: str) -> dict[str, Any]:
        """Return all that a save would overwrite, as the answer has it: texts by setting, by place.

        Under CARRIED what else a save carries. Raises WordingError.
        """
        try:
            found: dict[str, Any] = {
                name: [layers.pick(text, place) for place in where.at]
                for name, where in self.read.items()
            }
            found[CARRIED] = [layers.pick(text, place) for _, place in self.carried]
        except LayerError as error:
            raise WordingError(f"the settings can't be read: {error}") from None
        return found

    def request(self, template: Sent, kept: Mapping[str, Any], changes: Mapping[str, Any]) -> Sent:
        """Return the request that makes `changes` to what was `kept`, the rest as it is there.

        Raises WordingError where a value can't be said.
        """
        sent = template
        for (place, _), text in zip(self.carried, kept[CARRIED], strict=True):
            sent = put(sent, place, text)
        for name, where in self.save.items():
            if name in changes:
                now = partial(wording.decoded, name, self.read[name].words, kept[name])
                spelled = wording.texts(name, where, _whole(name, changes[name], now))
            elif where.words == self.read[name].words and len(where.at) == len(kept[name]):
                spelled = dict(zip(where.at, kept[name], strict=True))
            else:
                told = wording.decoded(name, self.read[name].words, kept[name])
                spelled = wording.texts(name, where, told)
            for place, text in spelled.items():
                sent = put(sent, place, text)
        return sent


def _whole(name: str, wanted: Any, now: Callable[[], Any]) -> Any:
    """Return a week with the days that a change leaves out as they are (CONTRACT 2)."""
    if name != "schedule" or not isinstance(wanted, list) or len(wanted) >= DAYS:
        return wanted
    try:
        days = {one["scheduleIndex"]: one for one in [*now(), *wanted]}
        return [days[index] for index in sorted(days)]
    except (KeyError, TypeError):
        raise WordingError(f"no week: {str(wanted)[:60]}") from None


def put(sent: Sent, place: Place, text: str) -> Sent:
    """Return a request with another text at a place. Raises WordingError."""
    try:
        if place[0] == QUERY:
            return Sent(layers.put(sent.query, place[1:], text), sent.body)
        return Sent(sent.query, layers.put(sent.body, place[1:], text))
    except LayerError as error:
        raise WordingError(str(error)) from None


def leaves(sent: Sent) -> list[layers.Leaf]:
    """Return all values of a request, places beginning with "query" or "body"."""
    found = []
    for part, text in ((QUERY, sent.query), (BODY, sent.body)):
        if text:
            found += [layers.Leaf((part, *leaf.place), leaf.value) for leaf in layers.leaves(text)]
    return found


def filled(sent: Sent, fill: Callable[[str], str]) -> Sent:
    """Return a request whose values went through `fill`, which knows what {token1} stands for."""
    if fill is str:  # nothing to fill in
        return sent
    for leaf in leaves(sent):
        if (text := fill(leaf.value)) != leaf.value:
            sent = put(sent, leaf.place, text)
    return sent
