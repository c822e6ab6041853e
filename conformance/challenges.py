"""Log-ins that are not as clients make them, to see what a device makes of each."""

import re
from typing import Any

import httpx

from conformance.client import Login


class OneChallenge(httpx.DigestAuth):
    """Digest that answers to one of several challenges, to see whether each is accepted.

    algorithm  as in the challenge: MD5 or SHA-256; with_qop False: as clients of RFC 2069 do
    nonce      taken for the one that is offered; sent: the credentials that it answered with
    """

    def __init__(
        self, login: Login, algorithm: str, with_qop: bool = True, nonce: str | None = None
    ) -> None:
        super().__init__(login.user, login.password)
        self._algorithm, self._with_qop, self._nonce = algorithm, with_qop, nonce
        self.sent = ""

    def auth_flow(self, request: httpx.Request) -> Any:
        """Yield requests, and take the answers with the other challenges taken out."""
        flow = super().auth_flow(request)
        response = yield next(flow)
        wanted = [
            text
            for text in response.headers.get_list("www-authenticate")
            if text.lower().startswith("digest ") and self._algorithm == _algorithm(text)
        ]
        response.headers["www-authenticate"] = (wanted or ["none"])[0]
        if not self._with_qop:
            shorter = response.headers["www-authenticate"].replace('qop="auth"', 'x="x"')
            response.headers["www-authenticate"] = shorter
        if self._nonce is not None:
            offered = response.headers["www-authenticate"]
            invented = re.sub(r'nonce="[^"]*"', f'nonce="{self._nonce}"', offered)
            response.headers["www-authenticate"] = invented
        try:
            again = flow.send(response)
        except StopIteration:
            return
        self.sent = again.headers["authorization"]
        yield again


class Again(httpx.Auth):
    """Credentials that were sent before, sent once more."""

    def __init__(self, sent: str) -> None:
        self._sent = sent

    def auth_flow(self, request: httpx.Request) -> Any:
        """Yield the request with them."""
        request.headers["authorization"] = self._sent
        yield request


def _algorithm(challenge: str) -> str:
    # A challenge that names none means MD5 (RFC 7616, 3.3).
    for part in challenge.split(","):
        name, _, value = part.strip().removeprefix("Digest ").partition("=")
        if name.lower() == "algorithm":
            return value.strip('"')
    return "MD5"
