"""What the camera was asked, and how it answered: the latest requests, for who tests a client.

An unknown path comes with the known ones that it is like, since that is what a client that
is being written gets wrong first.
"""

import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from emulator.core.nearness import near

MOST_ENTRIES = 1000
LONGEST_TEXT = 2048

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_NOTES: web.RequestKey[dict[str, Any]] = web.RequestKey("notes", dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A request. `status` is None where the connection was broken instead."""

    utc_ms: int
    method: str
    path: str
    query: str
    status: int | None
    took_ms: float
    user: str | None
    near: tuple[str, ...]
    faults: tuple[str, ...]


class Journal:
    """The latest MOST_ENTRIES requests. Safe to read from any thread.

    now_ms  what the camera's clock reads
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._changing = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._count = 0

    def entries(self) -> tuple[list[Entry], int]:
        """Return the entries, the oldest first, and how many older ones are gone."""
        with self._changing:
            return list(self._entries), self._count - len(self._entries)

    def clear(self) -> None:
        """Forget all."""
        with self._changing:
            self._entries.clear()
            self._count = 0

    @staticmethod
    def note(request: web.Request, name: str, value: object) -> None:
        """Know something of a request that is being answered.

        name  user: who asks; faults: names of those that struck; broken: True where the
              connection is broken, so that it has no status
        """
        request.setdefault(_NOTES, {})[name] = value

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note a request and what became of it."""
        began_s, utc_ms, status = time.monotonic(), self._now_ms(), None
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        finally:
            took_ms = round(1000 * (time.monotonic() - began_s), 3)
            self._enter(request, utc_ms, status, took_ms)
        return response

    def _enter(self, request: web.Request, utc_ms: int, status: int | None, took_ms: float) -> None:
        alike = (
            near(request.path, _paths(request.app))
            if status == web.HTTPNotFound.status_code
            else []
        )
        notes = request.get(_NOTES, {})
        entry = Entry(
            utc_ms,
            request.method,
            request.path[:LONGEST_TEXT],
            request.query_string[:LONGEST_TEXT],
            None if notes.get("broken") else status,
            took_ms,
            notes.get("user"),
            tuple(alike),
            tuple(notes.get("faults", ())),
        )
        with self._changing:
            self._entries.append(entry)
            self._count += 1


def _paths(app: web.Application) -> Collection[str]:
    return {one.canonical for one in app.router.resources() if "{" not in one.canonical}
