"""Who comes in: HTTP authentication and roles, before a request is read any further.

Digest (SHA-256 and MD5) and Basic, all three offered in this order on every refusal
(CONTRACT 6; WIRE-01). A nonce is ours by its signature, good for NONCE_LASTS_S, and each of
its counts good for one request, so that a recorded request can't be sent again; to a client
that does not count it is good for one in all. Who brings no credentials may be known
otherwise, by a session of the pages; who may be sent by another site's page changes nothing.
"""

import functools
from collections.abc import Awaitable, Callable, Mapping
from itertools import takewhile

from aiohttp import web

from emulator.core import digest
from emulator.core.accounts import Account
from emulator.core.cgi import only_reads
from emulator.core.digest import Basic, CredentialsError
from emulator.core.policy import RIGHT, Policy

REALM = "IP Camera"  # [INV]; the real one is not public (facts 11.8)
NONCE_LASTS_S = 300.0

FOREIGN = {"cross-site", "same-site"}
"""`Sec-Fetch-Site` of a request that another site's page makes a browser send."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Guards handlers. For one event loop.

    accounts   gives who may log in, by name, as of now
    monotonic  seconds of real time; secret, salt: random bytes, salt() new ones each time
    rules      by what it judges, as of now: they may change
    note       is told who asks
    visitor    gives who asks without credentials, or None; may refuse by an HTTPException
    """

    def __init__(
        self,
        accounts: Callable[[], Mapping[str, Account]],
        monotonic: Callable[[], float],
        secret: bytes,
        salt: Callable[[], bytes],
        rules: Callable[[], Policy] = lambda: RIGHT,
        note: Callable[[web.Request, str, object], None] = lambda request, name, value: None,
        visitor: Callable[[web.Request], Account | None] = lambda request: None,
    ) -> None:
        self._accounts = accounts
        self._monotonic = monotonic
        self._secret = secret
        self._salt = salt
        self._rules, self._note, self._visitor = rules, note, visitor
        self._counts: dict[
            str, tuple[float, set[int | None]]
        ] = {}  # by nonce, in order of first use

    def guarding(self, least: str, handler: Handler) -> Handler:
        """Return `handler` for accounts of at least the role `least`: else 401 or 403."""

        @functools.wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            if _is_foreign(request) and not only_reads(
                request.method, request.query.get("action", "")
            ):
                raise web.HTTPForbidden
            if "Authorization" in request.headers:
                account, stale = self._who(request)
            else:
                account, stale = self._visitor(request), False
            if account is None:
                if self._rules().is_open(least):
                    return await handler(request)
                return self.refusal(stale)
            self._note(request, "user", account.name)
            if not self._rules().may(account.role, least):
                raise web.HTTPForbidden
            return await handler(request)

        return guarded

    def ask(self, request: web.Request) -> Account | web.Response:
        """Return who sends credentials, or the refusal; for what knows no sessions (ONVIF).

        Raises HTTPForbidden if another site's page has sent it.
        """
        if _is_foreign(request):
            raise web.HTTPForbidden
        account, stale = self._who(request)
        return self.refusal(stale) if account is None else account

    def _who(self, request: web.Request) -> tuple[Account | None, bool]:
        """Return who is asking, or None; and whether only the nonce was too old."""
        try:
            given = digest.parse_authorization(request.headers.get("Authorization", ""))
        except CredentialsError:
            return None, False
        account = self._accounts().get(given.username)
        if account is None:
            return None, False
        if isinstance(given, Basic):
            return (account if digest.is_same(given.password, account.password) else None), False
        now_s = self._monotonic()
        age_s = self._rules().nonce_age_s(self._secret, given.nonce, now_s)
        if age_s is None or not digest.is_right(
            given, request.method, request.raw_path, REALM, account.password
        ):
            return None, False
        _, used = self._counts.setdefault(given.nonce, (now_s, set()))
        if age_s > NONCE_LASTS_S or self._rules().is_spent(given.nc, used):
            return None, True
        used.add(given.nc)
        return account, False

    def refusal(self, stale: bool = False) -> web.Response:
        """Return the answer to no or wrong credentials; `stale`: only their nonce is too old."""
        now_s = self._monotonic()
        self._forget_before(now_s - NONCE_LASTS_S)
        nonce = digest.make_nonce(self._secret, now_s, self._salt())
        refusal = web.Response(status=401, text="401 Unauthorized\n")
        for challenge in self._rules().challenges(REALM, nonce, stale):
            refusal.headers.add("WWW-Authenticate", challenge)
        return refusal

    def _forget_before(self, at_s: float) -> None:
        # First used then, a nonce is too old now. Whoever logs in is refused first, so this is
        # called for every nonce; and it looks at no more of them than it forgets.
        old = takewhile(lambda item: item[1][0] < at_s, self._counts.items())
        for nonce in [nonce for nonce, _ in old]:
            del self._counts[nonce]


def _is_foreign(request: web.Request) -> bool:
    return request.headers.get("Sec-Fetch-Site") in FOREIGN
