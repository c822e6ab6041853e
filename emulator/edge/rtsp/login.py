"""Who asks, over RTSP: HTTP's Digest (RFC 2617), the same accounts as everywhere else.

MD5 alone is offered, without qop, as players know nothing else. A nonce is good for its own
connection only, so what was overheard is of no use in another one.
"""

import secrets
from collections.abc import Callable, Mapping

from emulator.core import digest
from emulator.core.accounts import Account
from emulator.core.digest import CredentialsError, Digest
from emulator.core.streams.rtsp import Request, RtspError


class Login:
    """Looks at the credentials of one connection's requests."""

    def __init__(self, realm: str, accounts: Callable[[], Mapping[str, Account]]) -> None:
        self._realm, self._accounts = realm, accounts
        self._nonce = secrets.token_hex(16)

    def check(self, request: Request) -> Account:
        """Return who asks. Raises RtspError (401)."""
        try:
            given = digest.parse_authorization(request.fields.get("authorization", ""))
        except CredentialsError as error:
            raise self._refusal(str(error)) from None
        account = self._accounts().get(given.username)
        if account is None or not isinstance(given, Digest) or given.algorithm != "MD5":
            raise self._refusal("no credentials, or of nobody")
        is_ours = digest.is_same(given.nonce, self._nonce)
        # Some players sign the stream's address in requests for its tracks.
        target = given.uri if _is_about(given.uri, request.uri) else request.uri
        right = digest.is_right(given, request.method, target, self._realm, account.password)
        if not (right and is_ours):
            raise self._refusal("wrong credentials")
        return account

    def _refusal(self, why: str) -> RtspError:
        challenge = f'Digest realm="{self._realm}", nonce="{self._nonce}", algorithm="MD5"'
        return RtspError(401, why, {"WWW-Authenticate": challenge})


def _is_about(signed: str, asked: str) -> bool:
    return bool(signed) and asked.startswith(signed.rstrip("/"))
