"""Who asks over ONVIF: HTTP authentication, WS-UsernameToken, or both.

Source: ONVIF Core, "User-based access control": without credentials 401 with challenges; a
token that proves nothing is a Sender fault, ter:NotAuthorized; where both are there, HTTP is
looked at first and then the token, and both must be right. What needs no log-in is answered
whatever credentials come with it: a client whose clock is wrong asks for ours with a token that
is out of date.
"""

from collections.abc import Callable, Container, Mapping
from typing import Any

from aiohttp import web

from emulator.core.accounts import Account
from emulator.core.onvif.access import LEAST
from emulator.core.onvif.soapfault import Fault
from emulator.core.onvif.wsse import Nonces, is_used, token_in

Ask = Callable[[web.Request], Account | web.Response]
"""Gives who sends HTTP credentials, or the 401; may raise an HTTPException (edge/gate.py)."""


class RefusedError(Exception):
    """A request that is answered with an HTTP response of its own."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


class Security:
    """Lets requests in. For one event loop.

    ask       of HTTP; accounts: who may log in, by name, as of now
    now_ms    what the camera's clock reads
    may       tells whether a role may do what a least role may
    note      is told who asks
    is_used   whether a token's nonce makes it useless, given those that were here
    """

    def __init__(
        self,
        ask: Ask,
        accounts: Callable[[], Mapping[str, Account]],
        now_ms: Callable[[], int],
        may: Callable[[str, str], bool],
        note: Callable[[web.Request, str, object], None],
        is_used: Callable[[bytes, Container[bytes]], bool] = is_used,
    ) -> None:
        self._ask, self._accounts, self._now_ms = ask, accounts, now_ms
        self._may, self._note = may, note
        self._is_used = is_used
        self._nonces: dict[str, Nonces] = {}  # by account: one may fill his own memory only

    def http_only(self, request: web.Request) -> Account:
        """Return who asks where there is no envelope to look at. Raises RefusedError."""
        found = self._ask(request)
        if isinstance(found, web.Response):
            raise RefusedError(found)
        return found

    def who(self, request: web.Request, header: Any, access: str) -> Account | None:
        """Return who asks for something of class `access`; None: that is of no interest.

        header  the SOAP Header element, or None

        Raises RefusedError or Fault for one who may not.
        """
        least = LEAST[access]
        if least is None:
            return None
        account = self.http_only(request) if "Authorization" in request.headers else None
        token = token_in(header)
        if token is not None:
            now_s = self._now_ms() / 1000
            accounts = self._accounts()
            # What was used is remembered even of an account that is gone and made again.
            is_known = token.username in accounts
            mine = self._nonces.setdefault(token.username, Nonces()) if is_known else Nonces()
            account = mine.who(token, accounts, now_s, self._is_used)
        if account is None:
            account = self.http_only(request)
        self._note(request, "user", account.name)
        if not self._may(account.role, least):
            raise Fault(
                "NotAuthorized", f"the sender is {account.role}; this takes {least} at least"
            )
        return account
