"""The camera's HTTP interface: which paths there are, and how answers are spelled.

Knows the camera only as a `Device` and who may come in only as a `Guard`. Each kind of
refusal becomes an answer in one place: settings, accounts and actions become `setState`, a
report query that can't be read an empty report. Computes nothing.

Sources: CONTRACT 6; facts 2.1 to 2.4; WIRE-01, -02, -05; GATE-05.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Protocol

from aiohttp import HttpVersion11, web

from emulator.core import cgi
from emulator.core.accounts import ROLES, AccountError, may
from emulator.core.cgi import CgiError, ReportQuery
from emulator.core.settings import SettingError
from emulator.core.streams import mjpeg
from emulator.core.streams.overlay import Over, asked_over
from emulator.core.wallclock import WallclockError

LARGEST_BODY = 64 * 1024
"""Bytes; more is answered with 413. A region and a week are below 3 KiB."""

LONGEST_BODY_S = 20.0
"""A body that is not there by then never will be."""

SERVER = "httpd"  # [INV]; the real one is not public (facts 11.8)
CSV_TYPE = "text/csv"  # [INV] (facts 11.7)

ACTIONS = {  # the lowest role's path on which an action is answered (facts 2.2)
    "get.system.information": "viewer",
    "get.system.datetime": "viewer",
    "get.storage.settings": "viewer",
    "get.storage.nas": "operator",  # [INV], as are the next but the format
    "set.storage.settings": "operator",
    "set.storage.mount": "operator",
    "set.storage.unmount": "operator",
    "set.storage.format": "operator",
    "get.vca.alarmstatus": "viewer",
    "get.heatmap.configuration": "viewer",  # [INV] (facts 11.1), as are the next
    "get.heatmap.objects": "viewer",
    "get.heatmap.retention": "viewer",
    "set.heatmap.configuration": "operator",
    "get.heatmap.export": "operator",  # [INV] (EXP-01), as is the next
    "set.heatmap.export": "operator",
    "set.system.datetime": "admin",
    "get.system.user": "admin",
    "add.system.user": "admin",
    "del.system.user": "admin",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Guard = Callable[[str, Handler], Handler]
"""Gives a handler that lets in accounts of at least a role, and refuses others."""


class DeviceError(ValueError):
    """An action that the device can't do now; the message names it and says why."""


class Device(Protocol):
    """What the interface needs of a camera. Calls may block; they are made in threads."""

    @property
    def offered(self) -> bool:
        """Whether this model and firmware have the heat map."""

    def fields(self, action: str) -> dict[str, object]:
        """Return the answer fields of a `get.` action of ACTIONS."""

    def act(self, action: str, values: list[tuple[str, object]]) -> None:
        """Do another action of ACTIONS; answers when committed.

        Raises SettingError, AccountError, WallclockError or DeviceError; then nothing has
        changed.
        """

    def time_csv(self, query: ReportQuery | None) -> str:
        """Return the time report as text; None: the query can't be read, an empty report."""

    def space_json(self, query: ReportQuery | None) -> str:
        """Return the space report as text."""

    def report_png(self, query: ReportQuery | None) -> bytes:
        """Return the space report as a picture."""

    def snapshot(self, over: Over) -> bytes:
        """Return what the camera sees, as JPEG, with what is asked for over it."""


def application(
    device: Device,
    guard: Guard,
    middlewares: Iterable[Any] = (),
    also: Iterable[web.RouteDef] = (),
    motion: Handler | None = None,
) -> web.Application:
    """Return the camera's web application, behind `middlewares`, the outermost first.

    also    further routes, of the camera's own pages; their bodies are read within our limits
    motion  answers at the addresses of MJPEG, if there is any
    """
    site = _Site(device)
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=middlewares)
    app.on_response_prepare.append(_sign)
    add = partial(app.router.add_route, expect_handler=_expect)
    for method in ("GET", "HEAD"):
        add(method, "/dataloader.cgi", guard("viewer", site.dataloader))
        add(method, "/report.png", guard("viewer", site.report))  # [INV]
        add(method, "/snapshot.cgi", guard("viewer", site.snapshot))
        add(method, "/cgi-bin/snapshot.cgi", guard("viewer", site.snapshot))
        add(method, "/cgi-bin/operator/snapshot.cgi", guard("operator", site.snapshot))
        if motion is not None:
            for path in (*mjpeg.PATHS, mjpeg.ANY_PATH):
                add(method, path, guard("viewer", motion))
    for method in ("GET", "POST"):
        for role in ROLES:
            add(method, f"/cgi-bin/{role}/{role}.cgi", guard(role, site.acting_as(role)))
    for route in also:
        add(route.method, route.path, _with_body(route.handler))
    add("*", "/{elsewhere:.*}", _refuse)
    return app


class _Site:
    """The handlers: each reads a request, asks the device, and spells the answer."""

    def __init__(self, device: Device) -> None:
        self._device = device

    async def dataloader(self, request: web.Request) -> web.Response:
        spelled = {
            "heatmapcsv": (self._device.time_csv, CSV_TYPE),
            "spaceheatmap": (self._device.space_json, "application/json"),
        }
        kind = request.query.get("dw", "")
        if not self._device.offered or kind not in spelled:
            raise web.HTTPNotFound
        report, content_type = spelled[kind]
        text = await asyncio.to_thread(report, _query(request))
        return web.Response(text=text, content_type=content_type)

    async def report(self, request: web.Request) -> web.Response:
        if not self._device.offered:
            raise web.HTTPNotFound
        picture = await asyncio.to_thread(self._device.report_png, _query(request))
        return web.Response(body=picture, content_type="image/png")

    async def snapshot(self, request: web.Request) -> web.Response:
        over = asked_over(request.query)  # [INV]; nothing unless it says so
        picture = await asyncio.to_thread(self._device.snapshot, over)
        return web.Response(body=picture, content_type="image/jpeg")

    def acting_as(self, role: str) -> Handler:
        async def action(request: web.Request) -> web.Response:
            name = request.query.get("action", "")
            if name not in ACTIONS or not may(role, ACTIONS[name]):
                return _json(cgi.failed())
            if "heatmap" in name and not self._device.offered:
                return _json(cgi.failed())  # GATE-05
            if name.startswith("get."):
                return await self._got(name, request.query.get("format"))
            return await self._done(name, request)

        return action

    async def _got(self, name: str, form: str | None) -> web.Response:
        form = form if form in cgi.FORMS else None
        fields = await asyncio.to_thread(self._device.fields, name)
        text = cgi.answer(fields, form)
        return web.Response(text=text, content_type=cgi.FORMS[form], charset="UTF-8")

    async def _done(self, name: str, request: web.Request) -> web.Response:
        try:
            if request.method == "POST":
                values = cgi.read_settings_body(await _body(request))
            else:
                values = cgi.read_settings_query(request.query.items())
            await asyncio.to_thread(self._device.act, name, values)
        except (CgiError, SettingError, AccountError, WallclockError, DeviceError) as error:
            return _json(cgi.failed(str(error)))
        return _json(cgi.SUCCEEDED)


def _query(request: web.Request) -> ReportQuery | None:
    try:
        return cgi.read_report_query(request.query.items())
    except CgiError:
        return None


def _with_body(handler: Handler) -> Handler:
    async def answered(request: web.Request) -> web.StreamResponse:
        await _body(request)  # kept by the request, for whoever reads it again
        return await handler(request)

    return answered


async def _body(request: web.Request) -> bytes:
    if (request.content_length or 0) > LARGEST_BODY:  # refused before it is sent
        raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, request.content_length or 0)
    try:
        async with asyncio.timeout(LONGEST_BODY_S):
            return await request.read()
    except (web.RequestPayloadError, TimeoutError):  # not packed as the head says, or stuck
        raise web.HTTPBadRequest from None


def _json(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/json")


async def _refuse(request: web.Request) -> web.Response:
    """Answer for a path that is not there, or not for this method."""
    here = [r for r in request.app.router.resources() if r.canonical == request.path]
    if here:
        raise web.HTTPMethodNotAllowed(request.method, {route.method for route in here[0]})
    raise web.HTTPNotFound


async def _expect(request: web.Request) -> None:
    """Ask a client that waits for it to go on; pass over what else it may expect.

    aiohttp's own would answer 417, which CONTRACT 6 does not know, and fail on other than ASCII.
    """
    if request.headers["Expect"].lower() == "100-continue" and request.version >= HttpVersion11:
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # nothing of the answer itself is on its way


async def _sign(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = SERVER
