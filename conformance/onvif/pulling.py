"""A pull point (ONVIF Core, 9.2): subscribed to, asked for events, and ended in every case."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from conformance.exchange import NoAnswerError
from conformance.onvif import messages
from conformance.onvif.device import Device, Told
from conformance.onvif.messages import Notification

LIVES = "PT120S"
WAITS_S, LONGEST_S = 2, 12.0
"""How long one request waits at the device; how long something is waited for in all."""
MOST_EVENTS = 1000
"""Of one waiting: a device that tells more does not come to an end."""


class PullPoint:
    """One subscription. `address`: its own, as told."""

    def __init__(self, device: Device, created: Told) -> None:
        self._device, self.created = device, created
        where = getattr(created.value.SubscriptionReference, "Address", None)
        self.address = str(getattr(where, "_value_1", where))
        messages.address(self.address)

    def pull(self, seconds: float = WAITS_S, limit: int = 100) -> Told:
        """Ask for events, waiting so long for the first."""
        how = {"Timeout": f"PT{seconds:g}S", "MessageLimit": limit}
        return self._device.call("pullpoint", "PullMessages", how, at=self.address)

    def renew(self, until: str = LIVES) -> Told:
        """Let it live on."""
        how = {"TerminationTime": until}
        return self._device.call("subscription", "Renew", how, at=self.address)

    def unsubscribe(self) -> Told:
        """End it."""
        return self._device.call("subscription", "Unsubscribe", at=self.address)

    def events(self, is_enough: Callable[[list[Notification]], bool]) -> list[Notification]:
        """Return the events until they are enough, there are MOST_EVENTS, or LONGEST_S are over."""
        found: list[Notification] = []
        until_s = time.monotonic() + LONGEST_S
        while not is_enough(found) and time.monotonic() < until_s:
            found += messages.notifications(self.pull().element)
            if len(found) >= MOST_EVENTS:
                break
        return found[:MOST_EVENTS]


@contextmanager
def subscribed(device: Device) -> Iterator[PullPoint]:
    """Create a pull point for all events; it is ended behind the block."""
    how = {"InitialTerminationTime": LIVES}
    point = PullPoint(device, device.call("events", "CreatePullPointSubscription", how))
    try:
        yield point
    finally:
        with suppress(NoAnswerError):
            point.unsubscribe()


def is_motion(topic: str) -> bool:
    """Return whether a topic tells of motion: CellMotionDetector/Motion, MotionAlarm, ..."""
    return "Motion" in topic


def comes_and_goes(events: Iterable[Notification]) -> bool:
    """Return whether events tell that something moves, and at last that nothing does."""
    told = states(events)
    return True in told and not told[-1]


def states(events: Iterable[Notification]) -> list[bool]:
    """Return what the events of motion say, in order: whether something moves."""
    told = [one.data for one in events if is_motion(one.topic)]
    values = [one.get("IsMotion", one.get("State", "")).lower() for one in told]
    return [value in {"true", "1"} for value in values if value]
