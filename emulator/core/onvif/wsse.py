"""WS-UsernameToken: a name and a proof of its password in a SOAP header, each good for once.

Pure: what the clock reads is an argument. Only digests are taken (ONVIF Core: a device asks for
PasswordDigest with Nonce and Created); a digest of yesterday, or one that was here before, proves
nothing.

Sources: ONVIF Core "User-based access control"; OASIS Web Services Security UsernameToken
Profile 1.0, 3.1 (the digest; nonces are kept for as long as Created is good, at least 5 minutes).
"""

import base64
import hashlib
from collections.abc import Callable, Container, Mapping
from typing import Any, NamedTuple

from emulator.core.accounts import Account
from emulator.core.digest import is_same
from emulator.core.localtime import SECOND_MS
from emulator.core.onvif.soapfault import Fault
from emulator.core.onvif.xsdtime import TimeError, instant_ms

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU = WSSE.replace("secext", "utility")
DIGEST = "#PasswordDigest"
LONGEST_NONCE = 256
"""Characters of base64; clients send 16 to 32 octets."""

WINDOW_S = 300
"""So far may Created be off the camera's clock, either way."""

MOST_NONCES = 65_536
"""Remembered at once: 100 log-ins a second, all through the window."""


class Token(NamedTuple):
    """A UsernameToken as sent; nothing in it is proved yet.

    created_s  seconds since 1970; nonce: octets; digest: base64
    """

    username: str
    digest: str
    nonce: bytes
    created: str
    created_s: int


def token_in(header: Any) -> Token | None:
    """Return the token in a SOAP header (an element or None); None: there is none.

    Raises Fault NotAuthorized for one that lacks something, or is no digest.
    """
    found = (
        header.find(f"{{{WSSE}}}Security/{{{WSSE}}}UsernameToken") if header is not None else None
    )
    if found is None:
        return None
    texts = {
        name: (found.findtext(f"{{{space}}}{name}") or "").strip()
        for space, name in (
            (WSSE, "Username"),
            (WSSE, "Password"),
            (WSSE, "Nonce"),
            (WSU, "Created"),
        )
    }
    for name, text in texts.items():
        if not text or len(text) > LONGEST_NONCE:
            raise refused(f"the UsernameToken has no {name} of 1..{LONGEST_NONCE} characters")
    kind = found.find(f"{{{WSSE}}}Password").get("Type", "")
    if not kind.endswith(DIGEST):
        raise refused("the UsernameToken's Password is not of type PasswordDigest")
    try:
        nonce = base64.b64decode(texts["Nonce"], validate=True)
    except ValueError:
        raise refused("the UsernameToken's Nonce is not base64") from None
    return Token(
        texts["Username"], texts["Password"], nonce, texts["Created"], _instant(texts["Created"])
    )


def digest_of(nonce: bytes, created: str, password: str) -> str:
    """Return the digest that proves `password`.

    >>> digest_of(bytes(16), "2026-01-01T00:00:00Z", "secret")
    '2xZ/Cmnr1KTlt8EvXpFnfAtEYCY='
    """
    octets = nonce + created.encode() + password.encode()
    return base64.b64encode(hashlib.sha1(octets, usedforsecurity=False).digest()).decode()


def is_used(nonce: bytes, seen: Container[bytes]) -> bool:
    """Return whether a token with this nonce was here: then it is of no use any more."""
    return nonce in seen


class Nonces:
    """Which tokens were here: a bounded memory, in buckets of one second of Created."""

    def __init__(self, most: int = MOST_NONCES) -> None:
        self._most, self._count = most, 0
        self._by_second: dict[int, set[bytes]] = {}

    def who(
        self,
        token: Token,
        accounts: Mapping[str, Account],
        now_s: float,
        is_used: Callable[[bytes, Container[bytes]], bool] = is_used,
    ) -> Account:
        """Return whose the token is, and take no other like it. Raises Fault NotAuthorized.

        now_s    what the camera's clock reads, seconds since 1970
        is_used  whether a nonce makes a token useless, given those that were here

        Only what is proved is remembered, so that strangers can't fill the memory.
        """
        account = accounts.get(token.username)
        right = digest_of(token.nonce, token.created, account.password if account else "")
        if not is_same(right, token.digest) or account is None:
            raise refused("name or password is wrong")
        if abs(token.created_s - now_s) > WINDOW_S:
            off_s = token.created_s - now_s
            raise refused(f"Created is {off_s:+.0f} s off the camera's clock, over {WINDOW_S}")
        self._forget_outside(now_s)
        seen = self._by_second.setdefault(token.created_s, set())
        if is_used(token.nonce, seen):
            raise refused("the nonce was used before")
        if self._count >= self._most:
            raise refused(f"over {self._most} log-ins in {2 * WINDOW_S} s")
        seen.add(token.nonce)
        self._count += 1
        return account

    def _forget_outside(self, now_s: float) -> None:
        # A clock that was set keeps what it knows of the other side of the step, as long as
        # there is room: whoever sets it back can't bring old requests to life again.
        if self._count < self._most // 2:
            return
        for second in [s for s in self._by_second if abs(s - now_s) > WINDOW_S]:
            self._count -= len(self._by_second.pop(second))


def refused(reason: str) -> Fault:
    """Return the fault for credentials that prove nothing."""
    return Fault("NotAuthorized", f"the sender is not authorized: {reason}")


def _instant(created: str) -> int:
    try:
        return instant_ms(created) // SECOND_MS
    except TimeError:
        raise refused(f"Created {created[:40]!r} is no date and time of XML Schema") from None
