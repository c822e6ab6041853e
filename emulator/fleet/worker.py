"""One process of a fleet: its cameras on one event loop, and their control interface.

That interface is for the parent alone: it listens on loopback, wants a token, and a request's
head says which camera it is for. It ends when told, or when the parent is no more.
"""

import asyncio
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from contextvars import ContextVar
from functools import partial
from importlib.metadata import version
from multiprocessing.connection import Connection
from typing import Any

from aiohttp import web

from emulator import serving
from emulator.edge.control import ROUTES
from emulator.edge.control import application as control_interface
from emulator.fleet.berth import Berth, Common
from emulator.fleet.finding import discovery_of
from emulator.fleet.plan import Member
from emulator.listening import listen, url

log = logging.getLogger("stuntcam")

CAMERA = "X-Stuntcam-Camera"
STATES = "/fleet/states"
SWITCH_S = 0.0005
"""So long a thread may keep the others waiting: requests are short, and come to any camera."""

AT_ONCE = 4
"""Cameras that are made at the same time, of those that record from the start."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_current: ContextVar[Berth] = ContextVar("berth")


def work(
    places: Sequence[tuple[Member, socket.socket]],
    common: Common,
    token: str,
    ready: Connection,
    parent: int,
    is_found: bool,
) -> None:
    """Run the cameras of `places`.

    token   what control requests must bear
    ready   is sent the control interface's URL once all listen
    parent  a pipe's end that is read as closed when the parent is gone
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's; it tells us
    sys.setswitchinterval(SWITCH_S)
    asyncio.run(_work([Berth(*one, common) for one in places], token, ready, parent, is_found))
    common.rota.stop()


async def _work(
    berths: Sequence[Berth], token: str, ready: Connection, parent: int, is_found: bool
) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_reader(parent, stop.set)
    logging.getLogger("aiohttp.server").addFilter(serving.is_news)
    async with AsyncExitStack() as open_now:
        open_now.push_async_callback(_closed, berths)
        for berth in berths:
            berth.listen()
        listener = listen("127.0.0.1", 0)
        runner = web.AppRunner(_control(berths, token), access_log=None)
        await runner.setup()
        open_now.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener).start()
        if is_found:
            crowd = discovery_of(berths)
            await crowd.start()
            open_now.callback(crowd.stop)
        ready.send(url(listener))
        early = loop.create_task(_make_early(berths))
        await stop.wait()
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


def _control(berths: Sequence[Berth], token: str) -> web.Application:
    by_serial = {berth.member.identity.serial: berth for berth in berths}

    @web.middleware
    async def of_camera(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == STATES:
            return await states(request)
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

    calls: dict[str, Callable[..., Any]] = {
        route.name: partial(_call, route.name) for route in ROUTES
    }
    app = control_interface(calls, token, version("stuntcam"), [of_camera], _changing)
    app.router.add_get(STATES, states)
    return app


def _call(name: str, **given: Any) -> Any:
    return _current.get().calls[name](**given)


def _changing() -> asyncio.Lock:
    lock = _current.get().changing
    assert lock is not None
    return lock
