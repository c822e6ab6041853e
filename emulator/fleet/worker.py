"""One process of a fleet: its cameras on one event loop, and their control interface.

That interface is for the parent alone: it wants a token, and a request's head says which camera
it is for. It ends when told, or when the parent is no more. A parent on another machine is
there as long as it reads HELD, an answer that goes on until all has ended.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

from aiohttp import web

from emulator import serving
from emulator.edge.control import ROUTES
from emulator.edge.control import application as control_interface
from emulator.fleet.berth import Berth, Common
from emulator.fleet.finding import discovery_of
from emulator.fleet.places import Place
from emulator.listening import LOOPBACK, listen, url

log = logging.getLogger("stuntcam")

CAMERA = "X-Stuntcam-Camera"
STATES, HELD, END = "/fleet/states", "/fleet/held", "/fleet/end"
BEAT_S, UNHELD_S = 1.0, 60.0
"""So often the answer to HELD goes on; so long nobody may have asked for it."""

SWITCH_S = 0.0005
"""So long a thread may keep the others waiting: requests are short, and come to any camera."""

AT_ONCE = 4
"""Cameras that are made at the same time, of those that record from the start."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_current: ContextVar[Berth] = ContextVar("berth")


@dataclass(frozen=True, slots=True)
class Terms:
    """How the processes of a fleet are run.

    token     what control requests must bear
    found_at  the address of the interface on which discovery is heard; None: it is off
    host      where the control interface listens
    is_held   whether it ends when nobody reads HELD
    """

    token: str
    found_at: str | None
    host: str = LOOPBACK
    is_held: bool = False


class _Life:
    """How long the process goes on; of its event loop."""

    def __init__(self) -> None:
        self.stop, self.is_over = asyncio.Event(), asyncio.Event()
        self.is_held = False

    def end_unheld(self) -> None:
        if not self.is_held:
            self.stop.set()

    async def held(self, request: web.Request) -> web.StreamResponse:
        """Answer as long as it goes on; who hangs up ends it."""
        self.is_held = True
        answer = web.StreamResponse()
        with suppress(ConnectionError):
            await answer.prepare(request)
            while not self.is_over.is_set():
                await answer.write(b"\n")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.is_over.wait(), BEAT_S)
        self.stop.set()
        return answer

    async def end(self, _: web.Request) -> web.Response:
        """End it."""
        self.stop.set()
        return web.Response()


def work(
    places: Sequence[Place],
    common: Common,
    terms: Terms,
    ready: Callable[[str], None],
    parent: int,
) -> None:
    """Run the cameras of `places`.

    ready   is told the control interface's URL once all listen
    parent  a pipe's end that is read as closed when the parent is gone
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's; it tells us
    sys.setswitchinterval(SWITCH_S)
    asyncio.run(_work([Berth(*one, common) for one in places], terms, ready, parent))
    common.rota.stop()


async def _work(
    berths: Sequence[Berth], terms: Terms, ready: Callable[[str], None], parent: int
) -> None:
    life, loop = _Life(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, life.stop.set)
    loop.add_reader(parent, life.stop.set)
    logging.getLogger("aiohttp.server").addFilter(serving.is_news)
    async with AsyncExitStack() as open_now:
        for berth in berths:
            berth.listen()
        listener = listen(terms.host, 0)
        runner = web.AppRunner(_control(berths, terms.token, life), access_log=None)
        await runner.setup()
        open_now.push_async_callback(runner.cleanup)
        open_now.callback(life.is_over.set)  # who holds it sees that all have ended
        open_now.push_async_callback(_closed, berths)
        await web.SockSite(runner, listener).start()
        if terms.found_at is not None:
            crowd = discovery_of(berths, terms.found_at)
            await crowd.start()
            open_now.callback(crowd.stop)
        if terms.is_held:
            loop.call_later(UNHELD_S, life.end_unheld)
        ready(url(listener))
        early = loop.create_task(_make_early(berths))
        await life.stop.wait()
        loop.remove_reader(parent)
        early.cancel()
        await asyncio.gather(early, return_exceptions=True)
    os.close(parent)


async def _make_early(berths: Sequence[Berth]) -> None:
    """Make those that have something to do before anybody calls."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def make(berth: Berth) -> None:
        async with turns:
            await berth.awake()

    early = [make(berth) for berth in berths if berth.is_early]
    await asyncio.gather(*early, return_exceptions=True)  # each has logged what is wrong


async def _closed(berths: Sequence[Berth]) -> None:
    await asyncio.gather(*(berth.close() for berth in berths))


def _control(berths: Sequence[Berth], token: str, life: _Life) -> web.Application:
    by_serial = {berth.member.identity.serial: berth for berth in berths}

    @web.middleware
    async def of_camera(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in own:
            return await own[request.path](request)
        berth = by_serial.get(request.headers.get(CAMERA, ""))
        if berth is None:
            raise web.HTTPNotFound
        try:
            await berth.awake()
        except Exception as error:  # was logged
            return web.json_response(
                {"message": f"the camera can't be made: {error}", "errors": []}, status=409
            )
        _current.set(berth)
        return await handler(request)

    async def states(_: web.Request) -> web.Response:
        told = {serial: berth.state for serial, berth in by_serial.items()}
        return web.Response(text=json.dumps(told), content_type="application/json")

    own: dict[str, Handler] = {STATES: states, HELD: life.held, END: life.end}
    calls: dict[str, Callable[..., Any]] = {
        route.name: partial(_call, route.name) for route in ROUTES
    }
    app = control_interface(calls, token, version("stuntcam"), [of_camera], _changing)
    for path, handler in own.items():
        app.router.add_route("*", path, handler)
    return app


def _call(name: str, **given: Any) -> Any:
    return _current.get().calls[name](**given)


def _changing() -> asyncio.Lock:
    lock = _current.get().changing
    assert lock is not None
    return lock
