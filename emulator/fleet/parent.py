"""The processes of a fleet together: starts them, is their one control interface, ends them.

Listeners are opened here, before anything else, so that a taken port costs nothing; then each
process gets its share of the cameras. It ends with this one, however this one ends: what it
watches is a pipe that only we hold open. One that dies is told, and is not started again: a
test is to see that its cameras are gone, as they would be.
"""

import asyncio
import contextlib
import json
import logging
import multiprocessing
import os
import resource
import secrets
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import aiohttp
from aiohttp import web

from emulator.edge import ready
from emulator.fleet.berth import Common
from emulator.fleet.plan import Member, PlanError
from emulator.fleet.worker import CAMERA, STATES, work
from emulator.listening import PortError, listen, url

log = logging.getLogger("stuntcam")

LOST = "lost"
"""The state of a camera whose process has died."""

START_S, END_S = 60.0, 20.0
"""So long a process may take to start, and to end."""

HANDLES = 4
"""Of each camera: its listener, and its store's file, log and index."""

SPARE = 512
"""Handles of a process besides: connections, and what Python and the libraries have open."""

LARGEST_ANSWER = 1024 * 1024 * 1024


class FleetError(ValueError):
    """A fleet that can't be started; the message says why."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One process; control: its interface, serials: whose cameras it has."""

    process: BaseProcess
    control: str
    serials: frozenset[str]


def opened(
    members: Sequence[Member], addresses: Sequence[tuple[str, int]]
) -> list[tuple[Member, socket.socket]]:
    """Return each camera with its listener. Raises PortError or FleetError; none is open then."""
    _need_handles(len(members))
    places: list[tuple[Member, socket.socket]] = []
    try:
        for member, address in zip(members, addresses, strict=True):
            places.append((member, listen(*address)))
    except PortError:
        for _, listener in places:
            listener.close()
        raise
    return places


def addresses(kind: str, count: int, port: int) -> list[tuple[str, int]]:
    """Return where each of `count` cameras listens.

    kind  "ports": 127.0.0.1, from `port` on (0: any free); "loopback": `port` at 127.1.x.y
    Raises PlanError if there are not so many.
    """
    if kind == "ports":
        if port and port + count - 1 > 65535:
            raise PlanError(f"{count} cameras from --http-port {port} on go beyond port 65535")
        return [("127.0.0.1", port and port + number) for number in range(count)]
    if not port:
        raise PlanError("--http-port 0: by loopback address all have one port; 8080 is one")
    # x.y from 0.1 on, without the last octets 0 and 255.
    return [(f"127.1.{number // 254}.{number % 254 + 1}", port) for number in range(count)]


def started(
    places: Sequence[tuple[Member, socket.socket]],
    common: Common,
    count: int,
    token: str,
    is_found: bool,
) -> tuple[list[Worker], int]:
    """Start `count` processes; return them, and the pipe's end that they live by.

    Must be called before any thread or event loop is there. Raises FleetError.
    """
    context = multiprocessing.get_context("fork")
    watched, held = os.pipe()
    shares = [places[number::count] for number in range(count)]
    begun = []
    for share in shares:
        here, there = context.Pipe(duplex=False)
        mine = {listener.fileno() for _, listener in share}
        others = [one for _, one in places if one.fileno() not in mine]

        def run(share=share, there=there, others=others) -> None:  # type: ignore[no-untyped-def]
            os.close(held)
            for listener in others:
                listener.close()
            with contextlib.suppress(KeyboardInterrupt):
                work(share, common, token, there, watched, is_found)

        process = context.Process(target=run, name="stuntcam fleet", daemon=True)
        process.start()
        there.close()
        begun.append((process, here, frozenset(member.identity.serial for member, _ in share)))
    os.close(watched)
    for _, listener in places:
        listener.close()
    try:
        return [Worker(process, _told(here), serials) for process, here, serials in begun], held
    except FleetError:
        os.close(held)
        for process, _, _ in begun:
            _end(process)
        raise


def _told(here: Connection) -> str:
    """Return what a process says once it is up. Raises FleetError."""
    with here:
        if not here.poll(START_S):
            raise FleetError(f"a process of the fleet is not up after {START_S:.0f} s")
        try:
            return str(here.recv())
        except EOFError:
            raise FleetError("a process of the fleet ended at its start") from None


def run(
    workers: Sequence[Worker],
    held: int,
    cameras: Sequence[Mapping[str, object]],
    listener: socket.socket,
    token: str,
    ready_file: Path | None,
    on_ready: Callable[[str], None],
) -> None:
    """Serve the control interface until SIGINT or SIGTERM; then end the processes.

    cameras   what is told of each: serial, url, model, firmware
    listener  the control interface's
    on_ready  is called with the fleet's control URL once everything answers
    """
    try:
        asyncio.run(_run(workers, cameras, listener, token, ready_file, on_ready))
    finally:
        os.close(held)
        for worker in workers:
            _end(worker.process)


async def _run(
    workers: Sequence[Worker],
    cameras: Sequence[Mapping[str, object]],
    listener: socket.socket,
    token: str,
    ready_file: Path | None,
    on_ready: Callable[[str], None],
) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as open_now:
        client = await open_now.enter_async_context(
            aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {token}"},
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
            )
        )
        runner = web.AppRunner(_Control(workers, cameras, client).application(), access_log=None)
        await runner.setup()
        open_now.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listener).start()
        for worker in workers:
            loop.add_reader(worker.process.sentinel, _died, worker, loop)
            open_now.callback(loop.remove_reader, worker.process.sentinel)
        control = url(listener)
        if ready_file is not None:
            open_now.callback(ready.remove, ready_file)
            told = {"control": control, "pid": os.getpid(), "cameras": list(cameras)}
            ready.put_line(ready_file, told)
        on_ready(control)
        await stop.wait()


def _died(worker: Worker, loop: asyncio.AbstractEventLoop) -> None:
    loop.remove_reader(worker.process.sentinel)
    some = ", ".join(sorted(worker.serials)[:3])
    log.error(
        "a process of the fleet has died (exit code %s), and %s cameras with it: %s%s",
        *(worker.process.exitcode, len(worker.serials), some),
        ", ..." if len(worker.serials) > 3 else "",
    )


def _end(process: BaseProcess) -> None:
    process.join(END_S)
    if process.is_alive():
        log.error("a process of the fleet did not end in %s s, and is killed", END_S)
        process.kill()
        process.join()


class _Control:
    """The one control interface: lists the cameras, and passes requests on to theirs."""

    def __init__(
        self,
        workers: Sequence[Worker],
        cameras: Sequence[Mapping[str, object]],
        client: aiohttp.ClientSession,
    ) -> None:
        self._workers, self._cameras, self._client = workers, cameras, client
        self._by_serial = {serial: worker for worker in workers for serial in worker.serials}

    def application(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_ANSWER)
        app.router.add_get("/v1/cameras", self.listed)
        app.router.add_route("*", "/v1/cameras/{serial}/{rest:v1/.*}", self.passed_on)
        app.router.add_route("*", "/{elsewhere:.*}", self.refused)
        return app

    async def listed(self, _: web.Request) -> web.Response:
        states: dict[str, str] = {}
        for worker in self._workers:
            try:
                async with self._client.get(worker.control + STATES) as answer:
                    states |= await answer.json()
            except aiohttp.ClientError:
                states |= dict.fromkeys(worker.serials, LOST)
        told = [{**camera, "state": states[str(camera["serial"])]} for camera in self._cameras]
        return web.json_response(told)

    async def passed_on(self, request: web.Request) -> web.StreamResponse:
        serial = request.match_info["serial"]
        worker = self._by_serial.get(serial)
        if worker is None:
            return _refusal(404, f"no camera {serial[:40]!r}; /v1/cameras lists them")
        path = f"{worker.control}/{request.match_info['rest']}"
        headers = {CAMERA: serial}
        if "Content-Type" in request.headers:
            headers["Content-Type"] = request.headers["Content-Type"]
        try:
            async with self._client.request(
                request.method,
                path,
                params=request.query,
                data=await request.read() if request.can_read_body else None,
                headers=headers,
            ) as answer:
                passed = {
                    name: answer.headers[name]
                    for name in ("Content-Type", "Allow")
                    if name in answer.headers
                }
                return web.Response(status=answer.status, body=await answer.read(), headers=passed)
        except aiohttp.ClientError:
            return _refusal(409, f"the process of camera {serial} has died")

    async def refused(self, request: web.Request) -> web.Response:
        there = "/v1/cameras, /v1/cameras/SERIAL/v1/..."
        return _refusal(404, f"no path {request.path[:200]}; there is {there}")


def _refusal(status: int, message: str) -> web.Response:
    text = json.dumps({"message": message, "errors": []})
    return web.Response(status=status, text=text, content_type="application/json")


def _need_handles(cameras: int) -> None:
    need = cameras * HANDLES + SPARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < need:
        if hard != resource.RLIM_INFINITY and hard < need:
            raise FleetError(
                f"{cameras} cameras need {need} file handles, and {hard} are allowed (ulimit -n)"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (need, hard))


def new_token() -> str:
    """Return what the processes' control requests bear."""
    return secrets.token_urlsafe(24)
