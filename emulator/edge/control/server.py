"""The control interface as a web application: checks what comes in, calls, and answers.

Every refusal is a JSON document that names what is wrong; a wrong body never reaches a
handler. Handlers may block: each runs in a thread, and those that change something one after
the other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from emulator.core.digest import is_same
from emulator.core.nearness import near
from emulator.edge.control.models import (
    ConflictError,
    ImpossibleError,
    Refusal,
    UnknownError,
    Wrong,
)
from emulator.edge.control.openapi import DOCUMENT_PATH, REASONS, document, may_be_left_out
from emulator.edge.control.routes import ROUTES, Route
from emulator.edge.control.wrongs import told

LARGEST_BODY = 64 * 1024
"""Bytes; more is answered with 413."""

LARGEST_STATE = 1024 * 1024 * 1024
"""The same of a state that is brought back, the largest body there is."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(
    calls: Mapping[str, Callable[..., Any]],
    token: str | None,
    version: str,
    middlewares: Iterable[Any] = (),
    changing: Callable[[], asyncio.Lock] | None = None,
) -> web.Application:
    """Return the application.

    calls     for each row of ROUTES, by its name: is given the body's model or octets, if
              any, and the path's parameters; returns the answer's, or raises
              ImpossibleError, ConflictError or UnknownError
    token     what a request must bear; None: nothing
    version   stuntcam's own
    middlewares  inside of ours
    changing  gives what those hold that change something; None: the same for all
    """
    app = web.Application(middlewares=[spelling, bearing(token), *middlewares], client_max_size=0)
    told = document(ROUTES, version, token is not None)

    async def openapi(_: web.Request) -> web.Response:
        return web.json_response(told)

    lock = asyncio.Lock()
    changing = changing or (lambda: lock)
    for route in ROUTES:
        handler = _handler(route, calls[route.name], changing)
        # `copy` is a path of its own, no volume's name.
        path = route.path.replace("{volume}", "{volume:(?!copy$)[^{}/]+}")
        app.router.add_route(route.method, path, handler)
    app.router.add_route("GET", DOCUMENT_PATH, openapi)
    return app


def _handler(
    route: Route, call: Callable[..., Any], changing: Callable[[], asyncio.Lock]
) -> Handler:
    async def handle(request: web.Request) -> web.Response:
        given: dict[str, Any] = dict(request.match_info)
        if route.takes is not None:
            given["body"] = await _body(request, route)
        try:
            if route.method == "GET":
                answer = await asyncio.to_thread(call, **given)
            else:
                async with changing():
                    answer = await asyncio.to_thread(call, **given)
        except ImpossibleError as error:
            wrong = Wrong(field=error.field, value=error.value, limit=error.limit)
            return _refusal(422, str(error), [wrong])
        except ConflictError as error:
            return _refusal(409, str(error))
        except UnknownError as error:
            return _refusal(404, str(error))
        if route.gives is None:
            return web.Response(status=route.status)
        if isinstance(answer, bytes):
            return web.Response(body=answer, content_type="application/octet-stream")
        assert isinstance(answer, BaseModel)
        return web.json_response(answer.model_dump(mode="json", by_alias=True), status=route.status)

    return handle


async def _body(request: web.Request, route: Route) -> Any:
    assert route.takes is not None
    content = await _octets(request, LARGEST_STATE if route.takes is bytes else LARGEST_BODY)
    if not issubclass(route.takes, BaseModel):
        return content
    if not content and may_be_left_out(route):
        content = b"{}"
    try:
        document = _whole(from_json(content, allow_inf_nan=False))
        return route.takes.model_validate(document)
    except ValidationError as error:
        raise _RefusalError(400, *told(error, route)) from None
    except (ValueError, RecursionError) as error:
        limit = f"is no JSON: {error}"
        wrong = Wrong(field="the body", limit=limit)
        raise _RefusalError(400, f"the body {limit}", [wrong]) from None


def _whole(document: Any) -> Any:
    """Return JSON with 5.0 as the whole number that it is."""
    if isinstance(document, dict):
        return {name: _whole(value) for name, value in document.items()}
    if isinstance(document, list):
        return [_whole(value) for value in document]
    is_whole = isinstance(document, float) and document.is_integer()
    return int(document) if is_whole else document


async def _octets(request: web.Request, most: int) -> bytes:
    if (request.content_length or 0) > most:
        raise web.HTTPRequestEntityTooLarge(most, request.content_length or 0)
    content = bytearray()
    try:
        async for chunk in request.content.iter_chunked(64 * 1024):
            content += chunk
            if len(content) > most:
                raise web.HTTPRequestEntityTooLarge(most, len(content))
    except web.RequestPayloadError:
        raise _RefusalError(400, "the body is not packed as the head says", []) from None
    return bytes(content)


class _RefusalError(Exception):
    def __init__(self, status: int, message: str, errors: list[Wrong]) -> None:
        super().__init__(message)
        self.response = _refusal(status, message, errors)


def _refusal(status: int, message: str, errors: list[Wrong] | None = None) -> web.Response:
    refusal = Refusal(message=message, errors=errors or [])
    return web.json_response(refusal.model_dump(mode="json"), status=status)


@web.middleware
async def spelling(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Spell every refusal as a document."""
    try:
        return await handler(request)
    except _RefusalError as error:
        return error.response
    except web.HTTPException as error:
        if error.status < 400:
            raise
        message = REASONS.get(error.status, error.reason)
        if error.status == 404:
            paths = [route.path for route in ROUTES] + [DOCUMENT_PATH]
            alike = near(request.path, paths) or sorted(set(paths))
            message = f"no path {request.path[:200]}; there is {', '.join(alike)}"
        answer = _refusal(error.status, message)
        for name in ("Allow", "WWW-Authenticate"):
            if name in error.headers:
                answer.headers[name] = error.headers[name]
        return answer


def bearing(token: str | None) -> Any:
    """Return what lets in who bears the token; None: everybody."""

    @web.middleware
    async def let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        if token is not None and not (kind.lower() == "bearer" and is_same(given, token)):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Bearer realm="stuntcam"'})
        return await handler(request)

    return let_in
