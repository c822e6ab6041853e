"""A camera's listeners: opens them around a running camera, and closes them again.

Wires app.Camera to HTTP; prints nothing. The port is taken before the camera touches its
state, so that a taken port costs nothing.
"""

import asyncio
import logging
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from aiohttp.http import HttpProcessingError

from emulator.app import Camera
from emulator.edge import http, ready
from emulator.edge.gate import Gate

GRACE_S = 2.0
"""How long, at the end, requests that are being answered may take."""


class PortError(ValueError):
    """An address that can't be listened on; the message names it and says why."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port` (0: any free). Raises PortError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        # The socket's own words repeat the address; but only it knows why a name is unknown.
        named = isinstance(error, socket.gaierror) or error.errno is None
        reason = (error.strerror or str(error)) if named else os.strerror(error.errno or 0)
        raise PortError(f"can't listen on {host} port {port}: {reason}") from error


def url(listener: socket.socket) -> str:
    """Return where a client on this machine finds the listener."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared with
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_news(record: logging.LogRecord) -> bool:
    """Tell whether what aiohttp logs is more than a client's bad HTTP or bad manners."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError | ConnectionError)


def serve(
    camera: Camera,
    listener: socket.socket,
    ready_file: Path | None,
    told: dict[str, object],
    on_ready: Callable[[], None],
) -> None:
    """Serve `camera` until SIGINT or SIGTERM; then stop it and its listeners.

    told      what the ready-file says besides the URL
    on_ready  is called once everything answers
    """
    asyncio.run(_serve(camera, listener, ready_file, told, on_ready))


async def _serve(
    camera: Camera,
    listener: socket.socket,
    ready_file: Path | None,
    told: dict[str, object],
    on_ready: Callable[[], None],
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    gate = Gate(
        camera.accounts, time.monotonic, secrets.token_bytes(32), lambda: secrets.token_bytes(8)
    )
    logging.getLogger("aiohttp.server").addFilter(is_news)
    site = http.application(camera, gate.guarding)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=GRACE_S)
    await asyncio.to_thread(camera.start)
    try:
        await runner.setup()
        await web.SockSite(runner, listener).start()
        if ready_file is not None:
            ready.put(ready_file, {"http": url(listener)} | told)
        on_ready()
        await stop.wait()
    finally:
        try:
            if ready_file is not None:
                ready.remove(ready_file)
        finally:  # whatever became of the ready-file, no heat is lost
            await runner.cleanup()
            await asyncio.to_thread(camera.stop)
