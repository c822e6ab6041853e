"""The processes of a fleet together: watches them, is their one control interface, ends them.

One that dies is told, and is not started again: a test is to see that its cameras are gone, as
they would be.
"""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
from aiohttp import web

from emulator.edge import ready
from emulator.fleet.control import Control
from emulator.fleet.crew import Worker
from emulator.listening import url

log = logging.getLogger("stuntcam")

CONNECT_S = 10.0
"""So long a process may take to be connected to."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """What runs.

    workers   all processes
    cameras   what is told of each camera: serial, url, mac, model, firmware
    token     what the processes' control requests bear
    """

    workers: Sequence[Worker]
    cameras: Sequence[Mapping[str, object]]
    token: str


def run(
    fleet: Fleet,
    listener: socket.socket | None,
    token: str | None,
    ready_file: Path | None,
    on_ready: Callable[[str | None], None],
) -> None:
    """Serve the control interface until SIGINT or SIGTERM.

    listener  the control interface's; None: there is none
    token     what its requests must bear; None: nothing
    on_ready  is called with the fleet's control URL once everything answers
    """
    asyncio.run(_run(fleet, listener, token, ready_file, on_ready))


async def _run(
    fleet: Fleet,
    listener: socket.socket | None,
    token: str | None,
    ready_file: Path | None,
    on_ready: Callable[[str | None], None],
) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with AsyncExitStack() as open_now:
        client = await open_now.enter_async_context(
            aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {fleet.token}"},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S),
                auto_decompress=False,
            )
        )
        control = Control(fleet.workers, fleet.cameras, token, client)
        open_now.push_async_callback(_leave, fleet.workers, client)
        for worker in fleet.workers:
            worker.watch(client, partial(_died, control, worker))
        where = None
        if listener is not None:
            runner = web.AppRunner(control.application(), access_log=None)
            await runner.setup()
            open_now.push_async_callback(runner.cleanup)
            await web.SockSite(runner, listener).start()
            where = url(listener)
        if ready_file is not None:
            open_now.callback(ready.remove, ready_file)
            told = {"control": where, "pid": os.getpid(), "cameras": list(fleet.cameras)}
            ready.put_line(ready_file, told)
        on_ready(where)
        await stop.wait()


async def _leave(workers: Sequence[Worker], client: aiohttp.ClientSession) -> None:
    await asyncio.gather(*(worker.leave(client) for worker in workers))


def _died(control: Control, worker: Worker, how: str) -> None:
    control.lose(worker)
    some = ", ".join(sorted(worker.serials)[:3])
    log.error(
        "a process of the fleet has died (%s), and %s cameras with it: %s%s",
        *(how, len(worker.serials), some),
        ", ..." if len(worker.serials) > 3 else "",
    )
