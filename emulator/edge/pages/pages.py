"""The pages' addresses: the log-in, the pages behind it, and the files they are made of.

Nobody gets anything but the log-in page, or that of the first use, without a session
(WEB-02), whatever address he asks for; an address that is none is 404 for everybody. What the
pages show and change they ask of the camera's own interface, like any other client.

Addresses, cookie and answers are [INV]; statuses are CONTRACT 6's.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from typing import Protocol

from aiohttp import web

from emulator.core.accounts import LONGEST_NAME, Account
from emulator.core.cgi import CgiError, read_settings_body
from emulator.core.digest import is_same
from emulator.core.localtime import SECOND_MS
from emulator.core.lockout import PATIENCE, Lockout, Patience
from emulator.edge.pages.facts import facts_inside, facts_outside
from emulator.edge.pages.sessions import Session, Sessions

PAGES = ("/", "/system")
HEAT_MAP_PAGES = ("/event/heat-map", "/report")
"""Only where there is the function (GATE-05)."""

OUTSIDE = {"style.css", "login.js", "ask.js", "dom.js", "texts.js", "icon.svg"}
"""What the log-in page is made of; all other files want a session."""

OWN_HEADER = "X-Requested-With"  # sent by the real pages, too (facts 1)
"""Another site's page can't send it, so it can't log anybody in."""

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "html": "text/html"}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

_FACTS = '<script type="application/json" id="facts">'


class Device(Protocol):
    """What the pages need of a camera beside its interface. Calls may block, but not for long."""

    @property
    def offered(self) -> bool:
        """Whether this model and firmware have the heat map."""

    @property
    def is_activated(self) -> bool:
        """Whether the administrator has a password."""

    def activate(self, password: str) -> None:
        """Give him one. Raises a ValueError that says why not."""

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name."""

    def fields(self, action: str) -> dict[str, object]:
        """Return the answer fields of a `get.` action."""

    def picture_size(self) -> tuple[int, int]:
        """Return the height and width of what the camera sees."""

    def now_ms(self) -> int:
        """Return what the camera's clock reads."""


class Pages:
    """The pages of one camera. For one event loop.

    admin     the administrator's name, for the first use
    script    (name, text) of a script -> the text that browsers get
    patience  gives what wrong passwords are judged by
    """

    def __init__(
        self,
        device: Device,
        sessions: Sessions,
        admin: str,
        script: Callable[[str, str], str],
        patience: Callable[[], Patience] = lambda: PATIENCE,
    ) -> None:
        self._device, self._sessions, self._admin = device, sessions, admin
        self._script, self._patience = script, patience
        self._lockout = Lockout()
        self._files = _web()

    def routes(self) -> list[web.RouteDef]:
        """Return all routes."""
        found = [web.get("/session", self.session)]
        found += [web.get(path, self.page) for path in PAGES + HEAT_MAP_PAGES]
        found += [
            web.get(f"/web/{name}", partial(self.file, name))
            for name in sorted(self._files)
            if not name.endswith(".html")
        ]
        found += [web.head(route.path, route.handler) for route in found]
        return [
            *found,
            web.post("/login", self.log_in),
            web.post("/logout", self.log_out),
            web.post("/activate", self.activate),
        ]

    async def page(self, request: web.Request) -> web.Response:
        """Answer with a page; to somebody without a session, with the log-in."""
        if request.path in HEAT_MAP_PAGES and not self._device.offered:
            raise web.HTTPNotFound
        session = self._sessions.of(request)
        if session is None:
            facts = facts_outside(self._device.is_activated, self._admin)
            return self._document("login.html", facts)
        return self._document("index.html", await asyncio.to_thread(self._inside, session))

    async def file(self, name: str, request: web.Request) -> web.Response:
        """Answer with one of the files that pages are made of."""
        if name not in OUTSIDE and self._sessions.of(request) is None:
            raise web.HTTPUnauthorized
        kind = TYPES[name.rpartition(".")[2]]
        headers = HEADERS | {"Cache-Control": "no-cache"}
        body = self._files[name]
        if kind == TYPES["js"]:
            body = self._script(name, body.decode()).encode()
        return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)

    async def session(self, request: web.Request) -> web.Response:
        """Say whether there is a session, so that a page can wait for the camera to be back."""
        session = self._sessions.of(request)
        return _json({"user": session.account.name if session else None})

    async def log_in(self, request: web.Request) -> web.Response:
        """Begin a session, or say how many tries are left, or for how long there is none."""
        name, password = await _texts(request, "username", "password")
        now_ms = self._device.now_ms()
        account = self._device.accounts().get(name)
        counted = name[: LONGEST_NAME + 1]  # no account's is longer, so nothing need be kept
        self._lockout = replace(self._lockout, patience=self._patience())
        if not self._lockout.left_ms(counted, now_ms):
            if account is not None and is_same(password, account.password):
                self._lockout = self._lockout.after_right(counted)
                response = _json({"setState": "succeed"})
                self._sessions.begin(account, request, response)
                return response
            self._lockout = self._lockout.after_wrong(counted, now_ms)
        refused = {
            "setState": "failed",
            "triesLeft": self._lockout.tries_left(counted, now_ms),
            "lockedFor": -(-self._lockout.left_ms(counted, now_ms) // SECOND_MS),
        }
        return _json(refused, status=401)

    async def log_out(self, request: web.Request) -> web.Response:
        """End the session. Without its token it is refused, as every change is."""
        if self._sessions.account(request) is None:
            raise web.HTTPUnauthorized
        self._sessions.end(request)
        return _json({"setState": "succeed"})

    async def activate(self, request: web.Request) -> web.Response:
        """Set the administrator's password at the first use, and only then."""
        (password,) = await _texts(request, "password")
        try:
            await asyncio.to_thread(self._device.activate, password)
        except ValueError as error:  # the accounts' or the device's own words
            return _json({"setState": "failed", "message": str(error)})
        return _json({"setState": "succeed"})

    async def quiet(self, request: web.Request, response: web.StreamResponse) -> None:
        """Offer no Basic and no Digest to our pages: the browser would ask in its own window."""
        if self._sessions.is_page(request):
            response.headers.popall("WWW-Authenticate", None)

    def _inside(self, session: Session) -> dict[str, object]:
        return facts_inside(
            session.account,
            session.token,
            self._device.fields("get.system.information"),
            self._device.offered,
            self._device.picture_size(),
        )

    def _document(self, name: str, facts: Mapping[str, object]) -> web.Response:
        # Nothing in it can end the element: JSON needs no "<" but in texts, where it has another
        # spelling.
        told = json.dumps(facts).replace("<", "\\u003c")
        text = self._files[name].decode().replace(_FACTS, _FACTS + told)
        return web.Response(text=text, content_type="text/html", headers=HEADERS)


async def _texts(request: web.Request, *names: str) -> list[str]:
    """Return the texts that a page of ours sent in a JSON object. Raises HTTP errors."""
    if OWN_HEADER not in request.headers:
        raise web.HTTPForbidden
    try:
        fields = dict(read_settings_body(await request.read()))
    except CgiError:
        raise web.HTTPBadRequest from None
    texts = [fields.get(name) for name in names]
    if set(fields) != set(names) or not all(isinstance(text, str) for text in texts):
        raise web.HTTPBadRequest
    return [str(text) for text in texts]


def _json(fields: Mapping[str, object], status: int = 200) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.json_response(fields, status=status, headers=headers)


@cache
def _web() -> dict[str, bytes]:
    """Return the files, by name: once for all cameras of a process."""
    web_folder = files("emulator.edge.pages").joinpath("web")
    return {file.name: file.read_bytes() for file in web_folder.iterdir()}
