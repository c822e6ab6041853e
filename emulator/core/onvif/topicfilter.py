"""Which events a subscription is about: topic expressions and content filters, read and applied.

Two dialects of topics (Core specification, "Topic Filter"): WS-Topics' Concrete, one path, and
ONVIF's ConcreteSet, paths joined by `|`, each with `//.` behind it if all below it are meant.
Content filters (core/onvif/itemfilter.py) look at the items. An event must pass every filter given
(WS-BaseNotification 1.3, 4.2). Each refusal carries the name of that standard's fault.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from emulator.core.onvif.events import ONVIF_TOPICS, TOPICS, Event, Topic

CONCRETE = "http://docs.oasis-open.org/wsn/t-1/TopicExpression/Concrete"
CONCRETE_SET = "http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet"
TOPIC_DIALECTS = (CONCRETE, CONCRETE_SET)

LONGEST_EXPRESSION = 2_000
MOST_FILTERS = 16
"""More than any client sends; whoever sends more is refused."""

_NAME = r"[A-Za-z_][\w.-]*"
_STEP = rf"(?:({_NAME}):)?({_NAME})"
_PATH = re.compile(rf"\s*{_STEP}((?:/{_STEP})*)(//\.)?\s*", re.ASCII)

Content = Callable[[Event], bool]


class FilterError(ValueError):
    """A filter that can't be used.

    fault    the name of WS-BaseNotification's fault
    unknown  the element that is no filter here, as {namespace}name, if that is what is wrong
    """

    def __init__(self, fault: str, reason: str, unknown: str | None = None) -> None:
        super().__init__(reason)
        self.fault, self.unknown = fault, unknown


@dataclass(frozen=True, slots=True)
class Filter:
    """What a subscription wants.

    topics   those whose events it wants
    content  what else these must fulfil
    """

    topics: frozenset[Topic] = frozenset(TOPICS)
    content: tuple[Content, ...] = ()

    def wants(self, event: Event) -> bool:
        """Tell whether an event is to be told."""
        return event.topic in self.topics and all(fits(event) for fits in self.content)


EVERYTHING = Filter()


def topics(expression: str, dialect: str, namespaces: Mapping[str, str]) -> frozenset[Topic]:
    """Return the topics that an expression names.

    namespaces  by prefix, as where the expression stands
    Raises FilterError if it can't be read, or names nothing that this camera tells of.
    """
    if dialect not in TOPIC_DIALECTS:
        raise FilterError(
            "TopicExpressionDialectUnknownFault",
            f"dialect {_short(dialect)} is not one of {', '.join(TOPIC_DIALECTS)}",
        )
    if len(expression) > LONGEST_EXPRESSION:
        raise FilterError(
            "InvalidTopicExpressionFault",
            f"a topic expression of {len(expression)} characters is longer than"
            f" {LONGEST_EXPRESSION}",
        )
    paths = expression.split("|") if dialect == CONCRETE_SET else [expression]
    found: set[Topic] = set()
    for path in paths:
        match = _PATH.fullmatch(path)
        if match is None or (match[6] and dialect == CONCRETE):
            raise FilterError(
                "InvalidTopicExpressionFault", f"{_short(path.strip())} is no topic expression"
            )
        found |= _named(match, namespaces)
    if not found:
        raise FilterError(
            "TopicNotSupportedFault",
            f"{_short(expression.strip())} names no topic of this device"
            f" ({', '.join(topic.text for topic in TOPICS)})",
        )
    return frozenset(found)


def together(chosen: Iterable[frozenset[Topic]], content: Iterable[Content] = ()) -> Filter:
    """Return the filter that is passed by what passes all of these."""
    wanted = frozenset(TOPICS)
    for one in chosen:
        wanted &= one
    return Filter(wanted, tuple(content))


def _named(match: re.Match[str], namespaces: Mapping[str, str]) -> set[Topic]:
    prefix, root, below, subtree = match[1], match[2], match[3], match[6]
    steps = [step.rpartition(":") for step in below.split("/")[1:]]
    for used in (prefix, *(before for before, _, _ in steps)):
        if used and used not in namespaces:
            raise FilterError(
                "InvalidTopicExpressionFault", f"the prefix {_short(used)} is not declared"
            )
    if not prefix or namespaces[prefix] != ONVIF_TOPICS:
        return set()
    path = (root, *(name for _, _, name in steps))
    if subtree:
        return {topic for topic in TOPICS if topic.path[: len(path)] == path}
    return {topic for topic in TOPICS if topic.path == path}


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:80] + "...")
