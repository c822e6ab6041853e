"""Digest by one of several challenges, for the checks of each."""

from typing import Any

import httpx

from conformance.client import Login


class OneChallenge(httpx.DigestAuth):
    """Digest that answers to one of several challenges, to see whether each is accepted.

    algorithm  as in the challenge: MD5 or SHA-256; with_qop False: as clients of RFC 2069 do
    """

    def __init__(self, login: Login, algorithm: str, with_qop: bool = True) -> None:
        super().__init__(login.user, login.password)
        self._algorithm, self._with_qop = algorithm, with_qop

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
        try:
            yield flow.send(response)
        except StopIteration:
            return


def _algorithm(challenge: str) -> str:
    # A challenge that names none means MD5 (RFC 7616, 3.3).
    for part in challenge.split(","):
        name, _, value = part.strip().removeprefix("Digest ").partition("=")
        if name.lower() == "algorithm":
            return value.strip('"')
    return "MD5"
