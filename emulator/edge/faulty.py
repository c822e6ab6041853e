"""Faults in the camera's HTTP: what answers look like when something goes wrong.

Which fault strikes which request is decided elsewhere (core/faults.py); here it is done.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from emulator.core.faults import Fault

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

Note = Callable[[web.Request, str, object], None]

DRIP_S = 0.1
"""A slow body comes in pieces so far apart."""


class Faulty:
    """Does to a request what strikes it.

    strikes       gives the faults that strike a request for a path
    unauthorized  gives the answer to wrong credentials
    cut_power     makes the camera start again and be down for so many seconds; returns at once
    note          is told of what struck a request, and that its connection is broken
    """

    def __init__(
        self,
        strikes: Callable[[str], Sequence[Fault]],
        unauthorized: Callable[[], web.Response],
        cut_power: Callable[[float], None],
        note: Note,
    ) -> None:
        self._strikes, self._unauthorized = strikes, unauthorized
        self._cut_power, self._note = cut_power, note

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request, or don't."""
        struck = {fault.kind: fault for fault in self._strikes(request.path)}
        if not struck:
            return await handler(request)
        self._note(request, "faults", tuple(struck))
        if fault := struck.get("latency"):
            await asyncio.sleep(fault.value("seconds"))
        if "reset" in struck:
            self._note(request, "broken", True)
            return _reset(request)
        if fault := struck.get("status"):
            status = int(fault.value("status"))
            return web.Response(status=status, text=f"{status}: a fault was ordered\n")
        if "unauthorized" in struck:
            return self._unauthorized()
        return await self._answered(request, handler, struck)

    async def _answered(
        self, request: web.Request, handler: Handler, struck: dict[str, Fault]
    ) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = error
        if not isinstance(response, web.Response):
            return response
        if "reboot" in struck or "truncate" in struck:
            self._note(request, "broken", True)
        if fault := struck.get("reboot"):
            sent = await _begun(request, response, fault.value("percent"))
            self._cut_power(fault.value("down_s"))
            return sent
        if fault := struck.get("truncate"):
            return await _begun(request, response, fault.value("percent"))
        if fault := struck.get("drip"):
            return await _dripped(request, response, fault.value("bytes_per_s"))
        return response


def _reset(request: web.Request) -> web.StreamResponse:
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        # Without lingering, closing resets the connection instead of ending it.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()


async def _begun(
    request: web.Request, response: web.Response, percent: float
) -> web.StreamResponse:
    """Send so much of an answer that promises to be whole, and close the connection."""
    body = _body(response)
    stream = await _prepared(request, response)
    await stream.write(body[: int(len(body) * percent / 100)])
    if request.transport is not None:
        request.transport.close()  # what is written still goes out
    return stream


async def _dripped(
    request: web.Request, response: web.Response, bytes_per_s: float
) -> web.StreamResponse:
    body = _body(response)
    stream = await _prepared(request, response)
    piece = max(1, int(bytes_per_s * DRIP_S))
    for at in range(0, len(body), piece):
        await stream.write(body[at : at + piece])
        await asyncio.sleep(min(piece, len(body) - at) / bytes_per_s)
    return stream


async def _prepared(request: web.Request, response: web.Response) -> web.StreamResponse:
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    stream.content_length = len(_body(response))
    await stream.prepare(request)
    return stream


def _body(response: web.Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b""
