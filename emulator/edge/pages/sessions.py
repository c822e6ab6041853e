"""Who is logged in at the pages: session cookies, and the token that changes need (WEB-02).

A cookie alone only reads: what changes anything wants the session's token in a header as
well, which no other site's page can know or send (CSRF). Sessions live in memory: they end
by logging out, when unused for IDLE_S, when the account is gone or has another password, and
when the camera starts again.

Everything here is [INV] but that there are sessions. For one event loop.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from emulator.core.accounts import Account
from emulator.core.cgi import only_reads
from emulator.core.digest import is_same

CSRF_HEADER = "X-CSRF-Token"
IDLE_S = 30 * 60.0
MOST_SESSIONS = 100
"""More than that and whoever was away longest is logged out."""


@dataclass(slots=True)
class Session:
    """One log-in: when it was last used, and which of the camera's starts it is of."""

    account: Account
    token: str
    seen_s: float
    boot: object


class Sessions:
    """All sessions of one camera.

    cookie     the cookie's name; cameras on other ports of a host need other ones
    accounts   gives who may log in, by name, as of now
    boot       gives something that is another after each start of the camera
    monotonic  seconds of real time; secret() gives a text that nobody can guess
    """

    def __init__(
        self,
        cookie: str,
        accounts: Callable[[], Mapping[str, Account]],
        boot: Callable[[], object],
        monotonic: Callable[[], float],
        secret: Callable[[], str],
    ) -> None:
        self._cookie, self._accounts, self._boot = cookie, accounts, boot
        self._monotonic, self._secret = monotonic, secret
        self._sessions: dict[str, Session] = {}  # by cookie, the longest unused first

    def begin(self, account: Account, request: web.Request, response: web.Response) -> Session:
        """Log `account` in: `response` takes the cookie along."""
        self.end(request)
        while len(self._sessions) >= MOST_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        key = self._secret()
        session = Session(account, self._secret(), self._monotonic(), self._boot())
        self._sessions[key] = session
        name = self._name(request)
        response.set_cookie(
            name, key, path="/", httponly=True, samesite="Strict", secure=request.secure
        )
        return session

    def end(self, request: web.Request) -> None:
        """Log out whoever sends `request`."""
        self._sessions.pop(request.cookies.get(self._name(request), ""), None)

    def of(self, request: web.Request) -> Session | None:
        """Return the session that `request` belongs to; None: there is none, or not any more."""
        key = request.cookies.get(self._name(request), "")
        session = self._sessions.pop(key, None)
        now_s = self._monotonic()
        if (
            session is None
            or now_s - session.seen_s > IDLE_S
            or session.boot is not self._boot()
            or self._accounts().get(session.account.name) != session.account
        ):
            return None
        session.seen_s = now_s
        self._sessions[key] = session
        return session

    def account(self, request: web.Request) -> Account | None:
        """Return who sends `request` by cookie; None: nobody who is logged in.

        Raises HTTPForbidden for a change without the session's token.
        """
        if (session := self.of(request)) is None:
            return None
        token = request.headers.get(CSRF_HEADER, "")
        reads = only_reads(request.method, request.query.get("action", ""))
        if not reads and not is_same(token, session.token):
            raise web.HTTPForbidden
        return session.account

    def is_page(self, request: web.Request) -> bool:
        """Tell whether one of our pages asks, logged in or not."""
        return self._name(request) in request.cookies or CSRF_HEADER in request.headers

    def _name(self, request: web.Request) -> str:
        # Browsers let no HTTP answer replace a cookie that is HTTPS's, so each has its own.
        return f"{self._cookie}_secure" if request.secure else self._cookie
