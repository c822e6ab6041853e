"""MJPEG over HTTP: what the camera sees, picture after picture, for as long as somebody looks.

Each picture is made into a JPEG once for all who look at the same stream with the same things
over it, in a thread, and not at all while nobody does. A viewer who is slow is given the latest
picture when it is done with the one before, and misses those between. When no new picture
comes the last one is shown again, so that a connection is never silent for long.

Sources: facts 8 (addresses); issue 7 (one encode, no work without viewers).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, Protocol

from aiohttp import web

from emulator.core.streams import mjpeg
from emulator.core.streams.encoders import REPEAT_S, Encoder
from emulator.core.streams.overlay import Over, asked_over

log = logging.getLogger("stuntcam")

STUCK_S = 20.0
"""Who has not taken a picture by then is not there any more."""


class View(Protocol):
    """What is shown of a camera. Calls but `watch` may block; they are made in threads."""

    def look(self) -> Any:
        """Return what is seen now."""

    def watch(self, seen: Callable[[Any], None]) -> Callable[[], None]:
        """Have `seen` called, in another thread, with each look; returns what ends that."""

    def encoder(self, stream: str) -> Encoder:
        """Return how large a stream is, and how many pictures a second it has at most."""

    def jpeg(self, look: Any, encoder: Encoder, over: Over) -> bytes:
        """Return a look as JPEG."""


class Variant(NamedTuple):
    """What is the same for all who look at the same thing."""

    stream: str
    over: Over


class Mjpeg:
    """All viewers of one camera. For one event loop.

    most   how many viewers there may be
    clock  whether the clock stands over streams, unless their query says otherwise
    """

    def __init__(self, view: View, most: int, clock: bool) -> None:
        self._view, self._most, self._clock = view, most, clock
        self._channels: dict[Variant, _Channel] = {}
        self._viewers = 0

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Answer with pictures until the viewer goes, or the camera ends."""
        name = mjpeg.stream_of(request.path, request.query)
        if name is None:
            raise web.HTTPNotFound
        response = web.StreamResponse(headers={"Cache-Control": "no-store"})
        response.headers["Content-Type"] = mjpeg.CONTENT_TYPE
        if request.method == "HEAD":
            await response.prepare(request)
            return response
        if self._viewers >= self._most:
            raise web.HTTPServiceUnavailable(text=f"{self._most} viewers are the most\n")
        variant = Variant(name, asked_over(request.query, self._clock))
        async with self._joined(variant) as (channel, before):
            response.force_close()
            await response.prepare(request)
            try:
                await _show(channel, before, response)
            except TimeoutError:
                if request.transport is not None:
                    request.transport.abort()
            except ConnectionError:  # the viewer has gone, as viewers do
                pass
        return response

    async def close(self, _: object = None) -> None:
        """End all streams."""
        self._most = 0
        for channel in list(self._channels.values()):
            await channel.end()

    @asynccontextmanager
    async def _joined(self, variant: Variant) -> AsyncIterator[tuple["_Channel", int]]:
        """Have a channel; with the number of its last picture that the newcomer is not to see."""
        self._viewers += 1
        channel = self._channels.get(variant)
        if channel is None or channel.is_over:
            channel = self._channels[variant] = _Channel(self._view, variant)
        channel.viewers += 1
        try:
            yield channel, channel.renewed()
        finally:
            self._viewers -= 1
            channel.viewers -= 1
            if not channel.viewers:
                if self._channels.get(variant) is channel:
                    del self._channels[variant]
                await channel.end()


async def _show(channel: "_Channel", shown: int, response: web.StreamResponse) -> None:
    await response.write(mjpeg.BEGIN)
    while await channel.newer_than(shown):
        shown = channel.number
        async with asyncio.timeout(STUCK_S):
            await response.write(channel.part)


class _Channel:
    """One variant's latest picture, made while somebody looks.

    viewers  how many do; number, part: of the latest picture, counted from 1 as they are begun
    is_over  no more are made: it was ended, or has failed
    """

    def __init__(self, view: View, variant: Variant) -> None:
        self._view, self._variant = view, variant
        self.viewers, self.number, self.part = 0, 0, b""
        self._begun = 0
        self._look: Any = None
        self._seen, self._made = asyncio.Event(), asyncio.Condition()
        self.is_over = False
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run())

    def renewed(self) -> int:
        """Have a picture made anew; returns the number of the last that may show what was before.

        Whoever comes sees what is there now: those before him may have been shown their last
        picture long ago, or one is being made of what has just gone.
        """
        self._seen.set()
        return self._begun

    async def newer_than(self, number: int) -> bool:
        """Wait for a picture after that `number`; False: there will be none."""
        async with self._made:
            await self._made.wait_for(lambda: self.number > number or self.is_over)
        return not self.is_over

    async def end(self) -> None:
        """Make no more pictures; viewers are told."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        def seen(look: Any) -> None:
            self._loop.call_soon_threadsafe(self._news, look)

        try:
            leave = self._view.watch(seen)
            try:
                while True:
                    await self._make()
            finally:
                leave()
        except Exception:  # viewers who come again find another channel
            log.exception("MJPEG: %s has ended by a fault", self._variant.stream)
        finally:
            self.is_over = True
            async with self._made:
                self._made.notify_all()

    async def _make(self) -> None:
        """Make one picture, then wait until the next is due."""
        began_s = self._loop.time()
        self._begun += 1
        look, self._look = self._look, None
        self._seen.clear()
        if look is None:
            look = await asyncio.to_thread(self._view.look)
        encoder = await asyncio.to_thread(self._view.encoder, self._variant.stream)
        jpeg = await asyncio.to_thread(self._view.jpeg, look, encoder, self._variant.over)
        async with self._made:
            self.number, self.part = self._begun, mjpeg.part(jpeg)
            self._made.notify_all()
        await asyncio.sleep(max(0.0, began_s + 1 / encoder.fps - self._loop.time()))
        try:
            async with asyncio.timeout(REPEAT_S):
                await self._seen.wait()
        except TimeoutError:
            return

    def _news(self, look: Any) -> None:
        self._look = look
        self._seen.set()
