"""RTSP over HTTP: a GET that answers and packets come by, and a POST that requests go by.

The two connections find each other by a cookie of the client's. On the RTSP port here, on the
camera's HTTP port by `handlers`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from emulator.core.streams import rtsp
from emulator.core.streams.rtsp import Request, RtspError
from emulator.core.streams.rtsp_tunnel import COOKIE, GREETING, MOST_COOKIE, Unwrapped

_GONE = b"HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\n"
_PIECE = 4096

Converse = Callable[
    [asyncio.StreamReader, asyncio.StreamWriter, Callable[[], None]], Awaitable[None]
]


class _Gate(asyncio.Transport):
    """Holds back a POST while what it has brought is not read yet."""

    def __init__(self) -> None:
        super().__init__()
        self.is_open = asyncio.Event()
        self.is_open.set()

    def pause_reading(self) -> None:
        self.is_open.clear()

    def resume_reading(self) -> None:
        self.is_open.set()


class _Tunnel:
    """What one client sends, unwrapped.

    posts  the connections that it comes by; they end with the tunnel
    """

    def __init__(self) -> None:
        self.reader = asyncio.StreamReader(limit=rtsp.MOST_HEAD)
        self._gate = _Gate()
        self.reader.set_transport(self._gate)
        self._unwrapped = Unwrapped()
        self.posts: set[asyncio.WriteTransport] = set()
        self.is_over = False

    async def feed(self, piece: bytes) -> None:
        """Hand on a piece of a POST, once there is room. Raises RtspError."""
        octets = self._unwrapped.feed(piece)
        if not self.is_over:
            self.reader.feed_data(octets)
            await self._gate.is_open.wait()

    def end(self) -> None:
        """Know that no more comes."""
        self.is_over = True
        self.reader.feed_eof()
        self._gate.is_open.set()
        for transport in self.posts:
            transport.abort()


class Tunnels:
    """All tunnels of a camera.

    converse  talks with a client until it leaves
    """

    def __init__(self, converse: Converse) -> None:
        self._converse = converse
        self._by_cookie: dict[str, _Tunnel] = {}

    async def serve(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Serve an HTTP request on the RTSP port until it is over."""
        cookie = request.fields.get(COOKIE, "")
        if request.method == "GET" and self._is_new(cookie):
            await self._get(cookie, writer, reader)
        elif request.method == "POST" and cookie in self._by_cookie:
            await self._post(cookie, writer.transport, lambda: reader.read(_PIECE))
        else:
            writer.write(_GONE)
            await writer.drain()

    async def get(self, request: web.Request) -> web.StreamResponse:
        """Serve a GET on the HTTP port."""
        cookie, transport = request.headers.get(COOKIE, ""), request.transport
        if not self._is_new(cookie) or transport is None:
            raise web.HTTPNotFound
        loop = asyncio.get_running_loop()
        writer = asyncio.StreamWriter(transport, request.protocol, None, loop)
        await self._get(cookie, writer, None)
        transport.close()
        return web.Response()

    async def post(self, request: web.Request) -> web.StreamResponse:
        """Serve a POST on the HTTP port; it is not answered as long as it goes on."""
        cookie, transport = request.headers.get(COOKIE, ""), request.transport
        if cookie not in self._by_cookie or transport is None:
            raise web.HTTPNotFound
        await self._post(cookie, transport, request.content.readany)
        return web.Response()

    async def close(self, _: web.Application) -> None:
        """End all tunnels: the HTTP port is about to be closed."""
        for tunnel in list(self._by_cookie.values()):
            tunnel.end()

    def _is_new(self, cookie: str) -> bool:
        may_be = 0 < len(cookie) <= MOST_COOKIE and cookie not in self._by_cookie
        return may_be and len(self._by_cookie) < rtsp.MOST_CONNECTIONS

    async def _get(
        self, cookie: str, writer: asyncio.StreamWriter, reader: asyncio.StreamReader | None
    ) -> None:
        tunnel = self._by_cookie[cookie] = _Tunnel()
        leaving = None if reader is None else asyncio.create_task(self._left(reader, tunnel))

        def give_up() -> None:
            # Nobody tells a handler of the HTTP port that its connection is gone.
            tunnel.end()
            writer.transport.abort()

        try:
            writer.write(GREETING)
            await self._converse(tunnel.reader, writer, give_up)
        finally:
            del self._by_cookie[cookie]
            tunnel.end()
            if leaving is not None:
                leaving.cancel()

    @staticmethod
    async def _left(reader: asyncio.StreamReader, tunnel: _Tunnel) -> None:
        # Nothing more is to come by the GET; that it is closed is all there is to be heard.
        try:
            with suppress(OSError):
                while await reader.read(_PIECE):
                    pass
        finally:
            tunnel.end()

    async def _post(
        self,
        cookie: str,
        transport: asyncio.WriteTransport,
        read: Callable[[], Awaitable[bytes]],
    ) -> None:
        tunnel = self._by_cookie[cookie]
        tunnel.posts.add(transport)
        try:
            while not tunnel.is_over and (piece := await read()):
                await tunnel.feed(piece)
        except (RtspError, OSError):
            tunnel.end()  # nonsense, or it broke off, as the GET will have
        finally:
            tunnel.posts.discard(transport)
        # Some clients send each request by a POST of its own: the tunnel stays for the next one.


def handlers(tunnels: Tunnels) -> list[web.RouteDef]:
    """Return the routes of the HTTP port."""
    return [
        route
        for stream in rtsp.PATHS
        for route in (
            web.get(f"/{stream}", tunnels.get, allow_head=False),
            web.post(f"/{stream}", tunnels.post),
        )
    ]
