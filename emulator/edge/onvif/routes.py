"""ONVIF's paths on the camera's HTTP port, and how an answer goes over HTTP.

Statuses (docs/onvif.md): 200; 401 where credentials are missing or HTTP's are wrong; 400 for
every fault, the Receiver's too: SOAP would have 500 for those, but here a 500 is always a fault
that was asked for at the control interface (CONTRACT 6).
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from aiohttp import web

from emulator.core.onvif.paths import PATHS
from emulator.edge.onvif.security import RefusedError, Security
from emulator.edge.onvif.service import Caller, Service

if TYPE_CHECKING:
    from emulator.edge.onvif.engine import Engine

_AUTHORITY = re.compile(r"([A-Za-z0-9._-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(:[0-9]{1,5})?")

Based = Callable[[str], str]


def _as_asked(base: str) -> str:
    return base


def routes(
    services: Callable[[], Sequence[Service]],
    security: Security,
    based: Based = _as_asked,
) -> list[web.RouteDef]:
    """Return a route for each of PATHS; bodies are read and bounded by the site.

    services  makes what answers there; called in a thread at the first request, not before
    based     our URL as the client knows it -> the one that he is told
    """
    served = _Served(services, security, based)
    return [web.post(path, served.post) for path in PATHS]


class _Served:
    def __init__(
        self, services: Callable[[], Sequence[Service]], security: Security, based: Based
    ) -> None:
        self._services, self._security, self._based = services, security, based
        self._engine: Engine | None = None
        self._making = asyncio.Lock()

    async def post(self, request: web.Request) -> web.StreamResponse:
        octets = await request.read()
        try:
            if not octets.strip():  # curl --digest asks so for a challenge
                self._security.http_only(request)
            engine = await self._made()
            told = await engine.answer(
                octets,
                lambda asked, access: self._security.who(request, asked.header, access),
                _caller(request, self._based),
            )
        except RefusedError as refused:
            return refused.response
        return web.Response(
            status=200 if told.is_fine else 400,
            body=told.octets,
            content_type=told.content_type,
            charset="utf-8",
        )

    async def _made(self) -> "Engine":
        async with self._making:
            if self._engine is None:
                self._engine = await asyncio.to_thread(_make, self._services)
            return self._engine


def _make(services: Callable[[], Sequence[Service]]) -> "Engine":
    from emulator.edge.onvif.engine import Engine  # noqa: PLC0415  # half a second

    return Engine(services())


def _caller(request: web.Request, based: Based) -> Caller:
    def is_gone() -> bool:
        return request.transport is None or request.transport.is_closing()

    match = dict(request.match_info)
    return Caller(based(_base(request)), request.path, request.remote or "", match, is_gone)


def _base(request: web.Request) -> str:
    """Return our URL as the client knows it: it may reach us by another address than ours."""
    authority = request.headers.get("Host", "")
    if not _AUTHORITY.fullmatch(authority):
        host, port = request.get_extra_info("sockname", ("127.0.0.1", 80))[:2]
        authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return f"{request.scheme}://{authority}"
