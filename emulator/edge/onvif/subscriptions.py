"""A camera's subscriptions: who listens, what waits for whom, who has pulled and not been answered.

All of it belongs to one event loop and is touched from there only. There is one timer for all
subscriptions, and none while there are none; what a subscription is told and how long it lives is
decided in core/onvif/subscriptions.py.

After a reboot nobody is subscribed any more, as with any camera: memory is gone.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from emulator.core.localtime import SECOND_MS
from emulator.core.onvif import subscriptions as rules
from emulator.core.onvif.events import (
    LAST_REBOOT,
    MOTION,
    MOTION_ALARM,
    Board,
    Event,
    Topic,
    utc_text,
)
from emulator.core.onvif.subscriptions import BOUNDS, Bounds, Subscription
from emulator.core.onvif.topicfilter import Filter

SWEEP_S = 1.0
"""So often those whose time has come are dropped."""


class UnknownError(LookupError):
    """There is no such subscription (any more)."""


class FullError(ValueError):
    """There is room for no more subscriptions of that kind; the message says for how many."""


class BusyError(ValueError):
    """Somebody waits for this subscription's next event already."""


@dataclass(slots=True, eq=False)
class Entry:
    """One subscription.

    address   its own, as its client knows it
    consumer  where its events are sent; None: they are pulled
    waiter    of the pull that waits; is_gone: whether that one's client has left
    """

    identity: str
    address: str
    value: Subscription
    consumer: str | None = None
    waiter: "asyncio.Future[bool] | None" = None
    is_gone: Callable[[], bool] = field(default=lambda: True)


class Subscriptions:
    """All of one camera.

    most       how many there may be that are pulled, and that are sent
    now_ms     the axis that nobody sets, ms
    booted     gives what is another object after each boot, and when that was
    identity   gives a text that nobody can guess

    wanted   is told whether anybody listens for motion
    deliver  is called with each entry for which something waits to be sent; dropped: with
             each that has ended
    """

    def __init__(
        self,
        most: tuple[int, int],
        now_ms: Callable[[], float],
        booted: Callable[[], tuple[object, int]],
        identity: Callable[[], str],
        bounds: Bounds = BOUNDS,
    ) -> None:
        self.bounds = bounds
        self.wanted: Callable[[bool], None] = lambda is_wanted: None
        self.deliver: Callable[[Entry], None] = lambda entry: None
        self.dropped: Callable[[Entry], None] = lambda entry: None
        self._most, self._now_ms = most, now_ms
        self._booted, self._identity = booted, identity
        self._entries: dict[str, Entry] = {}
        self._counts = [0, 0]
        self._board = Board()
        self._mark: object = None
        self._timer: asyncio.TimerHandle | None = None
        self._for_motion = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def tell(self, topic: Topic, where: tuple[str, ...], what: tuple[str, ...], at_ms: int) -> None:
        """Know that something holds, and tell whom it is news to.

        where, what  values of the topic's items; at_ms: what the camera's clock read then
        """
        self._begin_anew_after_boot()
        self._board, event = self._board.told(topic, where, what, at_ms)
        if event is not None:
            for entry in list(self._entries.values()):
                self._put(entry, rules.told(entry.value, event, self.bounds))

    def subscribe(
        self,
        asked: Filter,
        life_ms: int,
        address: Callable[[str], str],
        consumer: str | None = None,
        *,
        changed_only: bool = False,
    ) -> Entry:
        """Begin a subscription; `address` gives its own by its identity. Raises FullError."""
        self._begin_anew_after_boot()
        kind = int(consumer is not None)
        if self._counts[kind] >= self._most[kind]:
            self.sweep()
        if self._counts[kind] >= self._most[kind]:
            what = ("pull points", "subscriptions that events are sent to")[kind]
            raise FullError(f"there are {self._most[kind]} {what} already, and no more can be")
        value = rules.begun(
            asked,
            self._until(life_ms),
            self._board.initialized(),
            changed_only=changed_only,
            bounds=self.bounds,
        )
        identity = self._identity()
        entry = Entry(identity, address(identity), value, consumer)
        self._entries[entry.identity] = entry
        self._count(entry, 1)
        self._put(entry, value)
        return entry

    def left_ms(self, entry: Entry) -> int:
        """Return for how long it will live if nobody keeps it."""
        return max(0, entry.value.ends_ms - int(self._now_ms()))

    def renew(self, identity: str, life_ms: int) -> Entry:
        """Let a subscription live for so long from now. Raises UnknownError."""
        entry = self._entry(identity)
        entry.value = rules.renewed(entry.value, self._until(life_ms))
        return entry

    def synchronize(self, identity: str) -> None:
        """Tell once more what holds. Raises UnknownError."""
        entry = self._entry(identity)
        holding = self._board.initialized()
        self._put(entry, rules.synchronized(entry.value, holding, self.bounds))

    def unsubscribe(self, identity: str) -> None:
        """End a subscription. Raises UnknownError."""
        self.drop(self._entry(identity))

    async def pull(
        self, identity: str, timeout_ms: int, limit: int, is_gone: Callable[[], bool]
    ) -> tuple[Entry, tuple[Event, ...]]:
        """Give what waits, or what comes first within a time.

        is_gone  tells whether who pulls has left
        Raises UnknownError, also if it ends meanwhile; BusyError.
        """
        entry = self._entry(identity)
        if entry.consumer is not None:
            raise UnknownError(identity)
        if entry.waiter is not None:
            if not entry.is_gone():
                raise BusyError("somebody waits for the messages of this subscription already")
            _wake(entry)
        entry.value = rules.kept(entry.value, self._until(timeout_ms))
        if not entry.value.waiting and timeout_ms > 0:
            entry.is_gone = is_gone
            await _waited(entry, timeout_ms / SECOND_MS)
        if not self.has(entry):
            raise UnknownError(identity)
        if is_gone():  # what waits is for who pulls next
            return entry, ()
        entry.value, events = rules.taken(entry.value, limit, self.bounds)
        entry.value = rules.kept(entry.value, self._until(timeout_ms))
        return entry, events

    def has(self, entry: Entry) -> bool:
        """Tell whether a subscription has not ended."""
        return self._entries.get(entry.identity) is entry

    def sent(self, entry: Entry) -> tuple[Event, ...]:
        """Return what is to be sent now, which waits no longer; nothing if it has ended."""
        if not self.has(entry) or entry.value.is_over(int(self._now_ms())):
            return ()
        entry.value, events = rules.taken(entry.value, self.bounds.most_messages, self.bounds)
        return events

    def drop(self, entry: Entry) -> None:
        """End a subscription, if it has not ended yet."""
        if self.has(entry):
            del self._entries[entry.identity]
            self._count(entry, -1)
            _wake(entry)
            self.dropped(entry)

    def sweep(self) -> None:
        """Drop those whose time has come; done by itself every SWEEP_S."""
        now_ms = int(self._now_ms())
        for entry in [one for one in self._entries.values() if one.value.is_over(now_ms)]:
            self.drop(entry)

    def close(self) -> None:
        """End all; whoever waits is told so."""
        for entry in list(self._entries.values()):
            self.drop(entry)

    # --- how it works ------------------------------------------------------------------------

    def _until(self, life_ms: int) -> int:
        return int(self._now_ms()) + life_ms

    def _entry(self, identity: str) -> Entry:
        self._begin_anew_after_boot()
        entry = self._entries.get(identity)
        if entry is not None and entry.value.is_over(int(self._now_ms())):
            self.drop(entry)
            entry = None
        if entry is None:
            raise UnknownError(identity)
        return entry

    def _put(self, entry: Entry, value: Subscription) -> None:
        entry.value = value
        if value.waiting:
            _wake(entry)
            if entry.consumer is not None:
                self.deliver(entry)

    def _count(self, entry: Entry, by: int) -> None:
        """Know of one more or one less; there is a timer while there are any."""
        self._counts[int(entry.consumer is not None)] += by
        before = self._for_motion
        self._for_motion += by * bool(entry.value.filter.topics & {MOTION, MOTION_ALARM})
        if bool(before) != bool(self._for_motion):
            self.wanted(bool(self._for_motion))
        self._care()

    def _care(self) -> None:
        if self._entries and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SWEEP_S, self._tick)
        elif not self._entries and self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tick(self) -> None:
        self._timer = None
        self._begin_anew_after_boot()
        self.sweep()
        self._care()

    def _begin_anew_after_boot(self) -> None:
        mark, booted_ms = self._booted()
        if mark is not self._mark:
            self._mark = mark
            self.close()
            self._board, _ = self._board.told(LAST_REBOOT, (), (utc_text(booted_ms),), booted_ms)


def _wake(entry: Entry) -> None:
    if entry.waiter is not None and not entry.waiter.done():
        entry.waiter.set_result(True)


async def _waited(entry: Entry, timeout_s: float) -> None:
    waiter = asyncio.get_running_loop().create_future()
    entry.waiter = waiter
    try:
        await asyncio.wait_for(waiter, timeout_s)
    except TimeoutError:
        pass
    finally:
        if entry.waiter is waiter:
            entry.waiter = None
