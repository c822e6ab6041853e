"""What a camera has to tell over ONVIF: its topics in one table, events, and what holds now.

A *topic* says what kind of thing happened, its source items where, its data items what. All
topics here are *properties*: something that holds until it changes (Core specification,
"Property Events"), so that whoever begins to listen is first told what holds now.

Pure: an event's instant is given. Names and types of items are the standard's: Core
specification, "MonitoringEvents" (StorageFailure, LastReboot); Imaging specification,
"Motion Alarm"; Analytics specification, "Cell Motion Detector" (CellMotionDetector/Motion).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

ONVIF_TOPICS = "http://www.onvif.org/ver10/topics"
"""The namespace that every root topic here is in; `tns1` by custom."""

TOPIC_PREFIX = "tns1"

INITIALIZED, CHANGED = "Initialized", "Changed"

Items = tuple[tuple[str, str], ...]
"""Names and values, in the topic's order."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of event.

    path    names from the root topic down
    source  names and types of the items that say where; data: of those that say what. A type
            is a name of XML Schema (`xs:`) or of the ONVIF schema (`tt:`).
    """

    path: tuple[str, ...]
    source: Items
    data: Items

    @property
    def text(self) -> str:
        """The topic as a concrete topic expression."""
        return f"{TOPIC_PREFIX}:{'/'.join(self.path)}"


MOTION = Topic(
    ("RuleEngine", "CellMotionDetector", "Motion"),
    (
        ("VideoSourceConfigurationToken", "tt:ReferenceToken"),
        ("VideoAnalyticsConfigurationToken", "tt:ReferenceToken"),
        ("Rule", "xs:string"),
    ),
    (("IsMotion", "xs:boolean"),),
)
MOTION_ALARM = Topic(
    ("VideoSource", "MotionAlarm"),
    (("Source", "tt:ReferenceToken"),),
    (("State", "xs:boolean"),),
)
STORAGE_FAILURE = Topic(
    ("Device", "HardwareFailure", "StorageFailure"),
    (("Token", "tt:ReferenceToken"),),
    (("Failed", "xs:boolean"),),
)
LAST_REBOOT = Topic(
    ("Monitoring", "OperatingTime", "LastReboot"),
    (),
    (("Status", "xs:dateTime"),),
)
TOPICS = (MOTION, MOTION_ALARM, STORAGE_FAILURE, LAST_REBOOT)
"""All that a camera may tell of."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or holds.

    at_ms      when it began, as the camera's clock reads
    operation  INITIALIZED: it holds as told; CHANGED: it holds from now on
    """

    topic: Topic
    at_ms: int
    source: Items
    data: Items
    operation: str


@dataclass(frozen=True, slots=True)
class Board:
    """What holds now, by topic and source; the latest told last."""

    holding: Mapping[tuple[Topic, Items], Event] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def told(
        self, topic: Topic, where: tuple[str, ...], what: tuple[str, ...], at_ms: int
    ) -> "tuple[Board, Event | None]":
        """Return the board on which that holds, and the event of it; None: it held already.

        where, what  values of the topic's source and data items
        """
        source = tuple(zip((name for name, _ in topic.source), where, strict=True))
        data = tuple(zip((name for name, _ in topic.data), what, strict=True))
        before = self.holding.get((topic, source))
        if before is not None and before.data == data:
            return self, None
        operation = INITIALIZED if before is None else CHANGED
        event = Event(topic, at_ms, source, data, operation)
        return Board(MappingProxyType({**self.holding, (topic, source): event})), event

    def initialized(self) -> Iterator[Event]:
        """Give what holds now as who begins to listen is told of it."""
        for event in self.holding.values():
            yield Event(event.topic, event.at_ms, event.source, event.data, INITIALIZED)


def truth(value: bool) -> str:
    """Return a boolean as XML Schema writes it."""
    return "true" if value else "false"


def utc_text(at_ms: int) -> str:
    """Return an instant as xs:dateTime: UTC, to the millisecond, with the Z that is asked for."""
    at = _EPOCH + timedelta(milliseconds=at_ms)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"
