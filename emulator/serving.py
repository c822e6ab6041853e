"""A camera's listeners: opens them around a running camera, and closes them again.

Wires app.Camera to HTTP and to its control interface; prints nothing. Ports are taken before
the camera touches its state, so that a taken port costs nothing.
"""

import asyncio
import logging
import secrets
import signal
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from aiohttp import web
from aiohttp.http import HttpProcessingError

from emulator import making, streaming
from emulator.app import Camera
from emulator.core.policy import Policy
from emulator.duties import Duties
from emulator.edge import http, ready
from emulator.edge.faulty import Faulty
from emulator.edge.gate import Gate
from emulator.edge.journal import Journal
from emulator.edge.mjpeg import Mjpeg
from emulator.edge.onvif.routes import routes as onvif_routes
from emulator.edge.onvif.security import Security
from emulator.edge.onvif.service import Service
from emulator.edge.pages.pages import Pages
from emulator.edge.pages.sessions import Sessions
from emulator.faulting import Desk
from emulator.listening import held, url
from emulator.power import Power
from emulator.served import Served
from emulator.streams import Streams
from emulator.telling import telling
from emulator.timekeeping import Timekeeper
from emulator.viewing import View

GRACE_S = 2.0
"""How long, at the end, requests that are being answered may take."""


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether what aiohttp logs is more than a client's bad HTTP or bad manners."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError | ConnectionError)


class Opening:
    """One number that the camera listens on; with `context`, by TLS."""

    def __init__(self, listener: socket.socket, context: ssl.SSLContext | None = None) -> None:
        self._listener, self._context = listener, context
        self._address, self._family = listener.getsockname(), listener.family
        self._site: web.SockSite | None = None

    async def open(self, runner: web.AppRunner) -> None:
        """Listen."""
        self._site = web.SockSite(runner, self._listener, ssl_context=self._context)
        await self._site.start()

    async def shut(self) -> None:
        """Refuse connections."""
        assert self._site is not None
        await self._site.stop()
        self._listener = held(self._family, self._address)


class Door(Protocol):
    """What the camera is reached by; to be used from any thread but the event loop's own."""

    def refuse(self, reason: str, refused: bool) -> None:
        """Refuse connections for a reason, or no longer for that one."""

    def cut(self) -> None:
        """Break all connections."""


class Doors:
    """All that a camera is reached by, as one."""

    def __init__(self, doors: Sequence[Door]) -> None:
        self._doors = doors

    def refuse(self, reason: str, refused: bool) -> None:
        """Refuse connections for a reason, or no longer for that one."""
        for door in self._doors:
            door.refuse(reason, refused)

    def be_down(self, is_down: bool) -> None:
        """Break and refuse all connections, or answer again."""
        self.refuse("down", is_down)
        if is_down:
            for door in self._doors:
                door.cut()


class Port:
    """The camera's port, HTTP's and HTTPS's as one: open, unless there is a reason to refuse.

    While it refuses, nobody else can have its numbers. To be used from any thread but the
    event loop's own.
    """

    def __init__(self, runner: web.AppRunner, openings: Sequence[Opening]) -> None:
        self._runner, self._openings = runner, openings
        self._loop = asyncio.get_running_loop()
        self._is_open = False
        self._reasons: set[str] = set()

    async def start(self) -> None:
        """Open it for the first time."""
        await self._open()

    def refuse(self, reason: str, refused: bool) -> None:
        """Refuse connections for a reason, or no longer for that one."""
        if (reason in self._reasons) != refused:
            asyncio.run_coroutine_threadsafe(self._refuse(reason, refused), self._loop).result()

    def cut(self) -> None:
        """Break all connections."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()

    async def _refuse(self, reason: str, refused: bool) -> None:
        (self._reasons.add if refused else self._reasons.discard)(reason)
        if self._reasons and self._is_open:
            self._is_open = False
            for opening in self._openings:
                await opening.shut()
        elif not self._reasons and not self._is_open:
            await self._open()

    async def _open(self) -> None:
        self._is_open = True
        for opening in self._openings:
            await opening.open(self._runner)

    async def _cut(self) -> None:
        server = self._runner.server
        for connection in server.connections if server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()


@dataclass(frozen=True, slots=True)
class Control:
    """The control interface's listener, and the token that it wants (None: none)."""

    listener: socket.socket
    token: str | None


@dataclass(frozen=True, slots=True)
class Secured:
    """HTTPS's listener, and what its handshakes are made with."""

    listener: socket.socket
    context: ssl.SSLContext


@dataclass(frozen=True, slots=True)
class Listeners:
    """Where the camera listens; None: not there. is_found: by WS-Discovery, too."""

    http: socket.socket
    https: Secured | None = None
    control: Control | None = None
    is_found: bool = False
    rtsp: socket.socket | None = None

    def urls(self) -> dict[str, object]:
        """Return where clients on this machine find each, as the ready-file says it."""
        return {
            "http": url(self.http),
            "https": url(self.https.listener, "https") if self.https else None,
            "rtsp": url(self.rtsp, "rtsp") if self.rtsp else None,
            "control": url(self.control.listener) if self.control else None,
        }

    def ports(self) -> dict[str, int | None]:
        """Return the camera's ports by ONVIF's names; None: it is off."""
        https = self.https.listener.getsockname()[1] if self.https else None
        rtsp = self.rtsp.getsockname()[1] if self.rtsp else None
        return {"HTTP": self.http.getsockname()[1], "HTTPS": https, "RTSP": rtsp}


def serve(
    camera: Camera,
    listeners: Listeners,
    ready_file: Path | None,
    told: dict[str, object],
    on_ready: Callable[[], None],
) -> None:
    """Serve `camera` until SIGINT or SIGTERM; then stop it and its listeners.

    told      what the ready-file says besides the URLs
    on_ready  is called once everything answers
    """
    asyncio.run(_serve(camera, listeners, ready_file, told, on_ready))


async def _serve(
    camera: Camera,
    listeners: Listeners,
    ready_file: Path | None,
    told: dict[str, object],
    on_ready: Callable[[], None],
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as open_now:
        await running(camera, listeners, open_now)
        if ready_file is not None:
            open_now.callback(ready.remove, ready_file)
            ready.put(ready_file, listeners.urls() | told)
        on_ready()
        await stop.wait()


async def running(camera: Camera, listeners: Listeners, open_now: AsyncExitStack) -> Served:
    """Start the camera and answer at its ports; `open_now` ends both again.

    Raises SourceError if its source gives no picture.
    """
    logging.getLogger("aiohttp.server").addFilter(is_news)
    open_now.push_async_callback(asyncio.to_thread, camera.stop)
    await asyncio.to_thread(camera.start)
    return await _listening(camera, listeners, open_now)


async def _listening(camera: Camera, listeners: Listeners, open_now: AsyncExitStack) -> Served:
    desk, journal = Desk(camera.clock.film_ms), Journal(camera.now_ms)
    sessions = Sessions(
        f"session_{camera.setup.identity.serial}",
        camera.accounts,
        lambda: camera.boot_mark,
        time.monotonic,
        partial(secrets.token_urlsafe, 32),
    )

    def rules() -> Policy:
        return camera.policy  # it may change

    gate = Gate(
        camera.accounts,
        time.monotonic,
        secrets.token_bytes(32),
        lambda: secrets.token_bytes(8),
        rules,
        journal.note,
        sessions.account,
    )
    pages = Pages(
        camera,
        sessions,
        camera.setup.admin.name,
        lambda name, text: rules().script(name, text),
        lambda: rules().patience,
    )
    camera.loses_video = lambda: bool(desk.strikes("picture"))

    def cut_power(down_s: float) -> None:
        power.cut(down_s)

    faults = Faulty(partial(desk.strikes, "request"), gate.refusal, cut_power, journal.note)
    middlewares = [journal.middleware, faults.middleware]
    security = Security(
        gate.ask,
        camera.accounts,
        camera.now_ms,
        lambda role, least: rules().may(role, least),
        journal.note,
        lambda nonce, seen: rules().is_used(nonce, seen),
    )
    subscriptions = await telling(camera, open_now)
    streams = Streams(camera)

    def onvif_services() -> Sequence[Service]:
        from emulator.onvif_facts import OnvifFacts, services  # noqa: PLC0415  # for who asks

        facts = OnvifFacts(camera, lambda: power, streams, listeners.ports())
        return services(facts, subscriptions)

    onvif = onvif_routes(onvif_services, security, lambda base: rules().base(base))
    motion = Mjpeg(View(camera), camera.setup.limits.viewers, camera.setup.overlay)
    also = [*pages.routes(), *onvif]
    site = http.application(camera, gate.guarding, middlewares, also, motion.stream)
    rtsp = await streaming.opened(camera, streams, listeners.rtsp, site, open_now)
    site.on_response_prepare.append(pages.quiet)
    site.on_shutdown.append(motion.close)
    runner = await _running(site, open_now)
    open_now.callback(subscriptions.close)  # or pulls that wait would be waited for
    openings = [Opening(listeners.http)]
    if (https := listeners.https) is not None:
        openings.append(Opening(https.listener, https.context))
    port = Port(runner, openings)
    doors = Doors([port, *rtsp])

    duties = Duties(camera, desk, partial(doors.refuse, "fault"))
    power = Power(camera, doors.be_down, duties.exporting.held, making.era, camera.setup.source_of)
    keeper = Timekeeper(camera, duties.catch_up)
    served = Served(camera, desk, duties, power, keeper, journal)
    if listeners.control is not None:
        await _control(served, listeners.control, open_now)
    duties.start()
    open_now.push_async_callback(asyncio.to_thread, duties.stop)
    open_now.push_async_callback(asyncio.to_thread, power.leave)
    await port.start()
    if listeners.is_found:
        from emulator.announcing import discovery_of  # noqa: PLC0415  # lxml, for who is found

        host = listeners.http.getsockname()[0]
        discovery = discovery_of(camera, power, host, listeners.ports())
        open_now.push_async_callback(discovery.stop)
        await discovery.start()
    return served


async def _control(served: Served, control: Control, open_now: AsyncExitStack) -> None:
    # Here, as its models take a while to load, and not every camera is controlled.
    from importlib.metadata import version  # noqa: PLC0415

    from emulator.controls import controls  # noqa: PLC0415
    from emulator.edge.control import application  # noqa: PLC0415

    answers = application(controls(served), control.token, version("stuntcam"))
    await web.SockSite(await _running(answers, open_now), control.listener).start()


async def _running(site: web.Application, open_now: AsyncExitStack) -> web.AppRunner:
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=GRACE_S)
    await runner.setup()
    open_now.push_async_callback(runner.cleanup)
    return runner
