"""Subscriptions to events, as values: how long one lives, what waits in it, what it is given.

A subscription is never edited; each function returns the one that holds from then on. How long it
lives is measured on an axis of its own that nobody sets (`now_ms`, real time), so that a camera
whose clock stands still or races does not keep or drop its clients; what clients are told are
readings of the camera's clock (`reading_ms`).

Bounds are this emulator's [INV] but for those of the standard: a pull may last at least a minute,
and one that asks for more messages than there may be gets fewer, never a fault (Core
specification, "Pull messages").
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from emulator.core.localtime import DAY_MS, MINUTE_MS, SECOND_MS
from emulator.core.onvif.events import INITIALIZED, Event
from emulator.core.onvif.topicfilter import EVERYTHING, Filter
from emulator.core.onvif.xsdtime import TimeError, duration_ms, instant_ms


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a subscription may be.

    shortest_ms, longest_ms  of its life, from when it is asked for; default_ms: if nobody says
    longest_pull_ms          a pull that asks for more is refused
    most_messages            that wait in it, and that a pull gets; the oldest are dropped
    """

    shortest_ms: int = SECOND_MS
    longest_ms: int = DAY_MS
    default_ms: int = MINUTE_MS
    longest_pull_ms: int = 5 * MINUTE_MS
    most_messages: int = 100


BOUNDS = Bounds()


class LifeError(ValueError):
    """A life that a subscription can't have; the message names it and the bounds.

    shortest_ms, longest_ms  readings of the camera's clock between which it may end
    """

    def __init__(self, reason: str, shortest_ms: int, longest_ms: int) -> None:
        super().__init__(reason)
        self.shortest_ms, self.longest_ms = shortest_ms, longest_ms


@dataclass(frozen=True, slots=True)
class Subscription:
    """One client's.

    ends_ms   when it ends if nobody keeps it, on the axis that nobody sets
    waiting   events that were not told yet, oldest first; dropped: how many had no room
    changed_only  what holds at the beginning is not told
    """

    filter: Filter = EVERYTHING
    ends_ms: int = 0
    changed_only: bool = False
    waiting: tuple[Event, ...] = ()
    dropped: int = 0

    def is_over(self, now_ms: int) -> bool:
        """Tell whether its time has come."""
        return now_ms >= self.ends_ms


def life_ms(asked: str | None, reading_ms: int, bounds: Bounds = BOUNDS) -> int:
    """Return how long a subscription is to live.

    asked       an xs:duration or xs:dateTime; None: nobody said
    reading_ms  what the camera's clock reads
    Raises LifeError if it can't be read or is out of bounds.
    """
    shortest, longest = reading_ms + bounds.shortest_ms, reading_ms + bounds.longest_ms
    if asked is None:
        return bounds.default_ms
    try:
        is_duration = asked.strip().startswith(("P", "-P"))
        lasts_ms = duration_ms(asked) if is_duration else instant_ms(asked) - reading_ms
    except TimeError as error:
        raise LifeError(f"termination time: {error}", shortest, longest) from None
    if not bounds.shortest_ms <= lasts_ms <= bounds.longest_ms:
        limits = f"{bounds.shortest_ms // SECOND_MS}..{bounds.longest_ms // SECOND_MS} s from now"
        raise LifeError(
            f"termination time {asked.strip()[:40]} is outside {limits}", shortest, longest
        )
    return lasts_ms


def begun(
    asked: Filter,
    ends_ms: int,
    holding: Iterable[Event],
    *,
    changed_only: bool = False,
    bounds: Bounds = BOUNDS,
) -> Subscription:
    """Return a new subscription, which is to be told what holds now."""
    return synchronized(Subscription(asked, ends_ms, changed_only), holding, bounds)


def synchronized(
    subscription: Subscription, holding: Iterable[Event], bounds: Bounds = BOUNDS
) -> Subscription:
    """Return it with all that holds now to be told (SetSynchronizationPoint)."""
    for event in holding:
        subscription = told(subscription, event, bounds)
    return subscription


def told(subscription: Subscription, event: Event, bounds: Bounds = BOUNDS) -> Subscription:
    """Return it with an event waiting, if it wants that."""
    if subscription.changed_only and event.operation == INITIALIZED:
        return subscription
    if not subscription.filter.wants(event):
        return subscription
    waiting = (*subscription.waiting, event)
    over = max(0, len(waiting) - bounds.most_messages)
    return replace(subscription, waiting=waiting[over:], dropped=subscription.dropped + over)


def taken(
    subscription: Subscription, limit: int, bounds: Bounds = BOUNDS
) -> tuple[Subscription, tuple[Event, ...]]:
    """Return it without the events that a pull of at most `limit` gets, and these."""
    limit = min(limit, bounds.most_messages)
    events = subscription.waiting[:limit]
    return replace(subscription, waiting=subscription.waiting[limit:]), events


def kept(subscription: Subscription, ends_ms: int) -> Subscription:
    """Return it living at least until then: a pull keeps it for as long as it may last."""
    return replace(subscription, ends_ms=max(subscription.ends_ms, ends_ms))


def renewed(subscription: Subscription, ends_ms: int) -> Subscription:
    """Return it living until then, sooner or later than before."""
    return replace(subscription, ends_ms=ends_ms)
