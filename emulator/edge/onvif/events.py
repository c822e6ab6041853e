"""The Events service: pull points, and events that are sent to who asked for that.

Each subscription has an address of its own, which nobody can guess. What can't be done is told by
the faults of WS-BaseNotification, as the Core specification, "Event handling", wants it. Handlers
run on the event loop, which all subscriptions belong to (subscriptions.py).
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from emulator.core.limits import Limits
from emulator.core.onvif import paths
from emulator.core.onvif.consumers import ConsumerError, consumer
from emulator.core.onvif.events import utc_text
from emulator.core.onvif.itemfilter import ITEM_FILTER
from emulator.core.onvif.soapfault import Fault
from emulator.core.onvif.subscriptions import LifeError, life_ms
from emulator.core.onvif.topicfilter import TOPIC_DIALECTS, FilterError
from emulator.core.onvif.xsdtime import TimeError, duration_ms, duration_text
from emulator.edge.onvif.elements import parts, text
from emulator.edge.onvif.facts import ClockFacts
from emulator.edge.onvif.filtering import PolicyError, asked
from emulator.edge.onvif.names import TEV, WSNT
from emulator.edge.onvif.service import (
    Answer,
    Caller,
    Fields,
    Handler,
    Operation,
    Request,
    Service,
    needed,
)
from emulator.edge.onvif.subscriptions import (
    BusyError,
    Entry,
    FullError,
    Subscriptions,
    UnknownError,
)

TOPIC_NAMESPACE = "http://www.onvif.org/onvif/ver10/topics/topicns.xml"
SCHEMA = "http://www.onvif.org/onvif/ver10/schema/onvif.xsd"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def events_service(facts: ClockFacts, subscriptions: Subscriptions, limits: Limits) -> Service:
    """Return the Events service of a camera."""
    room = _Events(facts, subscriptions)
    handlers: dict[str, Handler] = {
        "GetEventProperties": room.get_event_properties,
        "CreatePullPointSubscription": room.create_pull_point,
        "PullMessages": room.pull,
        "SetSynchronizationPoint": room.synchronize,
        "Subscribe": room.subscribe,
        "Renew": room.renew,
        "Unsubscribe": room.unsubscribe,
        "GetCurrentMessage": room.get_current_message,
    }
    policies = {
        "WSSubscriptionPolicySupport": True,
        "WSPullPointSupport": True,
        "WSPausableSubscriptionManagerInterfaceSupport": False,
    }
    return Service(
        name="events",
        namespace=TEV,
        path=paths.EVENTS,
        version=(2, 60),
        category="Events",
        operations={
            name: Operation("READ_MEDIA", handler, is_read=False)
            for name, handler in handlers.items()
        },
        capabilities=lambda: {
            **policies,
            "MaxNotificationProducers": limits.notified,
            "MaxPullPoints": limits.pull_points,
            "PersistentNotificationStorage": False,
        },
        in_all=lambda: policies,
        also_paths=(paths.ONE_SUBSCRIPTION,),
        also_namespaces=(WSNT,),
    )


class _Events:
    def __init__(self, facts: ClockFacts, subscriptions: Subscriptions) -> None:
        self._facts, self._subscriptions = facts, subscriptions

    async def get_event_properties(self, request: Request, caller: Caller) -> Fields:
        from emulator.edge.onvif.notices import topic_set  # noqa: PLC0415  # lxml

        return {
            "TopicNamespaceLocation": [TOPIC_NAMESPACE],
            "FixedTopicSet": True,
            "TopicSet": {"_value_1": topic_set()},
            "TopicExpressionDialect": list(TOPIC_DIALECTS),
            "MessageContentFilterDialect": [ITEM_FILTER],
            "MessageContentSchemaLocation": [SCHEMA],
        }

    async def create_pull_point(self, request: Request, caller: Caller) -> Fields:
        return self._begun(caller, None)

    async def subscribe(self, request: Request, caller: Caller) -> Fields:
        reference = next(parts(caller.element, "ConsumerReference"), None)
        address = None if reference is None else text(reference, "Address")
        with self._refusing():
            told = consumer(needed(address, "ConsumerReference"), caller.address)
        return self._begun(caller, told)

    async def pull(self, request: Request, caller: Caller) -> Answer:
        from emulator.edge.onvif.notices import notification  # noqa: PLC0415  # lxml

        limit = _limit(text(caller.element, "MessageLimit"))
        timeout_ms = self._timeout(text(caller.element, "Timeout"))
        with self._refusing():
            entry, events = await self._subscriptions.pull(
                _identity(caller), timeout_ms, limit, caller.is_gone
            )
        address = caller.xaddr(caller.path)
        return Answer(self._times(entry), [notification(event, address) for event in events])

    async def synchronize(self, request: Request, caller: Caller) -> Fields:
        with self._refusing():
            self._subscriptions.synchronize(_identity(caller))
        return {}

    async def renew(self, request: Request, caller: Caller) -> Fields:
        life = needed(text(caller.element, "TerminationTime"), "TerminationTime")
        with self._refusing("UnacceptableTerminationTimeFault"):
            lasts_ms = life_ms(life, self._facts.now_ms(), self._subscriptions.bounds)
            return self._times(self._subscriptions.renew(_identity(caller), lasts_ms))

    async def unsubscribe(self, request: Request, caller: Caller) -> Fields:
        with self._refusing():
            self._subscriptions.unsubscribe(_identity(caller))
        return {}

    async def get_current_message(self, request: Request, caller: Caller) -> Fields:
        # The Core specification allows this answer whatever the topic ("Basic Notification
        # Interface"); SetSynchronizationPoint tells what holds.
        raise self._refusal("NoCurrentMessageOnTopicFault", "no message is kept for that")

    # --- how it works ------------------------------------------------------------------------

    def _begun(self, caller: Caller, told: str | None) -> Fields:
        with self._refusing():
            wanted = asked(caller.element)
            lasts_ms = life_ms(wanted.life, self._facts.now_ms(), self._subscriptions.bounds)
            entry = self._subscriptions.subscribe(
                wanted.filter,
                lasts_ms,
                lambda identity: caller.xaddr(paths.SUBSCRIPTION + identity),
                told,
                changed_only=wanted.changed_only,
            )
        reference = {"Address": {"_value_1": entry.address}}
        return {"SubscriptionReference": reference, **self._times(entry)}

    def _times(self, entry: Entry) -> Fields:
        now_ms = self._facts.now_ms()
        ends_ms = now_ms + self._subscriptions.left_ms(entry)
        return {"CurrentTime": _instant(now_ms), "TerminationTime": _instant(ends_ms)}

    def _timeout(self, written: str | None) -> int:
        from emulator.edge.onvif.notices import pull_refusal  # noqa: PLC0415  # lxml

        try:
            timeout_ms = duration_ms(needed(written, "Timeout"))
        except TimeError as error:
            raise Fault("InvalidArgVal", f"Timeout: {error}") from None
        if timeout_ms < 0:
            raise Fault("InvalidArgVal", f"Timeout={written} is less than nothing")
        bounds = self._subscriptions.bounds
        if timeout_ms > bounds.longest_pull_ms:
            longest = duration_text(bounds.longest_pull_ms)
            reason = f"Timeout={str(written)[:40]} is longer than {longest}"
            raise pull_refusal(reason, longest, bounds.most_messages)
        return timeout_ms

    @contextmanager
    def _refusing(self, of_life: str = "UnacceptableInitialTerminationTimeFault") -> Iterator[None]:
        """Have what the block refuses told as WS-BaseNotification's faults."""
        try:
            yield
        except UnknownError:
            reason = "there is no such subscription (any more)"
            raise self._refusal("ResourceUnknownFault", reason) from None
        except BusyError as error:
            raise self._refusal("UnableToGetMessagesFault", str(error)) from None
        except (FullError, ConsumerError) as error:
            raise self._refusal("SubscribeCreationFailedFault", str(error)) from None
        except LifeError as error:
            bounds = [
                ("MinimumTime", utc_text(error.shortest_ms)),
                ("MaximumTime", utc_text(error.longest_ms)),
            ]
            raise self._refusal(of_life, str(error), bounds) from None
        except FilterError as error:
            unknown = [("UnknownFilter", error.unknown)] if error.unknown else []
            raise self._refusal(error.fault, str(error), unknown) from None
        except PolicyError as error:
            inside = [(error.part, error.unknown)]
            raise self._refusal(error.fault, str(error), inside) from None

    def _refusal(self, name: str, reason: str, inside: Sequence[tuple[str, str]] = ()) -> Fault:
        from emulator.edge.onvif.notices import refusal  # noqa: PLC0415  # lxml

        return refusal(name, reason, self._facts.now_ms(), inside)


def _identity(caller: Caller) -> str:
    identity = caller.match.get("id")
    if identity is None:
        raise UnknownError("the events service itself is no subscription")
    return identity


def _limit(asked_for: str | None) -> int:
    written = needed(asked_for, "MessageLimit")
    if not re.fullmatch("[+]?0{0,20}[1-9][0-9]{0,11}", written, re.ASCII):
        raise Fault(
            "InvalidArgVal", f"MessageLimit={written[:40]} is not a whole number, 1 or more"
        )
    return int(written)


def _instant(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)
