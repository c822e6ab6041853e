"""Sends events to those who asked for that (WS-BaseNotification's Notify).

A consumer's address was looked at when it subscribed (core/onvif/consumers.py): it is the
subscriber's own. Here nothing leads away from it: no redirects, no proxies, no names to be looked
up. An answer's body is not read. A subscription whose consumer fails TRIES times in a row ends;
until then what it was to be told is sent again.
"""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

from emulator.core.onvif.events import Event
from emulator.edge.onvif.subscriptions import Entry, Subscriptions

TRIES = 3
PATIENCE_S = 5.0
"""So long one request may take."""

PAUSE_S = 2.0
"""So long a consumer that failed is left alone."""

Sleep = Callable[[float], Awaitable[object]]


class Notifier:
    """Sends what waits in subscriptions, one request at a time for each."""

    def __init__(self, subscriptions: Subscriptions, sleep: Sleep = asyncio.sleep) -> None:
        self._subscriptions, self._sleep = subscriptions, sleep
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        subscriptions.deliver, subscriptions.dropped = self._deliver, self._leave

    async def close(self) -> None:
        """Send nothing more."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    # --- how it works ------------------------------------------------------------------------

    def _deliver(self, entry: Entry) -> None:
        if entry.identity not in self._tasks:
            self._tasks[entry.identity] = asyncio.create_task(self._send_all(entry))

    def _leave(self, entry: Entry) -> None:
        """Send nothing more to a subscription that has ended: it counts no longer."""
        task = self._tasks.get(entry.identity)
        if task is not None and task is not asyncio.current_task():
            del self._tasks[entry.identity]
            task.cancel()

    async def _send_all(self, entry: Entry) -> None:
        try:
            while events := self._subscriptions.sent(entry):
                if not await self._sent(entry, events):
                    self._subscriptions.drop(entry)
        finally:
            if self._tasks.get(entry.identity) is asyncio.current_task():
                del self._tasks[entry.identity]

    async def _sent(self, entry: Entry, events: tuple[Event, ...]) -> bool:
        from emulator.edge.onvif.notices import notify  # noqa: PLC0415  # lxml

        assert entry.consumer is not None
        octets = notify(events, entry.address, entry.consumer)
        for left in reversed(range(TRIES)):
            if await self._posted(entry.consumer, octets):
                return True
            if left:
                await self._sleep(PAUSE_S)
        return False

    async def _posted(self, url: str, octets: bytes) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=PATIENCE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
        try:
            async with self._session.post(
                url, data=octets, headers=headers, allow_redirects=False
            ) as response:
                return 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return False
