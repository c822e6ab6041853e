"""A session with the device over HTTP, and nothing that the device does can hurt it.

Bounded in time and size, follows no redirect, counts and records every request, and backs off
when the device says it has too much to do (503). Digest first, as a camera offers it; Basic
only where Digest is not offered, and never over TLS that nobody vouched for. After two refusals
of the real log-in in a row it gives up: a third could lock the account.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx

from conformance import interrupting
from conformance.address import Address
from conformance.bounds import USUAL, Bounds, TooLargeError, mark_between_pictures, why
from conformance.exchange import MOST_KEPT, Answer, Exchange, NoAnswerError
from conformance.pace import Pace
from conformance.trust import PLAIN, Trust, TrustError

UNAUTHORIZED, UNAVAILABLE = 401, 503
MOST_REFUSALS = 2


class LoginRefusedError(ValueError):
    """The real log-in was refused twice; nothing more may be sent."""


@dataclass(frozen=True, slots=True)
class Login:
    """A name and its password. Not shown: repr() would get into messages."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Login({self.user!r})"


@dataclass(slots=True)
class Refusals:
    """How often in a row the real log-in was refused: over HTTP, by other protocols."""

    http: int = 0
    elsewhere: int = 0


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


class Client:
    """A session with one device. Close it after use; one thread only.

    login      the real account, or None: nothing is sent in its name
    exchanges  every request so far, oldest first
    session    headers of every request in the real account's name, once a page's log-in gave some
    secrets    texts that no record may show, besides the password
    """

    def __init__(
        self,
        address: Address,
        pace: Pace,
        now: Callable[[], datetime],
        login: Login | None = None,
        trust: Trust = PLAIN,
        bounds: Bounds = USUAL,
    ) -> None:
        self.address, self.login, self.trust, self.pace = address, login, trust, pace
        self.exchanges: list[Exchange] = []
        self.session: dict[str, str] = {}
        self.secrets: list[str] = []
        self._now, self._bounds = now, bounds
        self._others: dict[int, Client] = {}
        self._refusals = Refusals()
        self._session_auth: httpx.Auth | None = None
        self._runner = asyncio.Runner()
        self._http: httpx.AsyncClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session and its connections."""
        for other in self._others.values():
            other.close()
        if self._http is not None:
            self._runner.run(self._http.aclose())
            self._http = None
        self._runner.close()

    def send(
        self,
        method: str,
        target: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: httpx.Auth | None = None,
        anonymous: bool = False,
        pictures: int = 1,
    ) -> Answer:
        """Send a request and return its answer, whatever its status.

        target     path and query, percent-encoded where that matters
        auth       other credentials than the session's; anonymous: none at all
        pictures   of an answer without end (MJPEG): so many are read

        Raises NoAnswerError (nothing usable came), SpentError (pace), LoginRefusedError.
        """
        is_session = auth is None and not anonymous
        if is_session and self._refusals.http >= MOST_REFUSALS:
            raise LoginRefusedError(self._refusal())
        attempt = 0
        while True:
            told = {**(self.session if is_session else {}), **(headers or {})}
            make = partial(self._request, method, target, body, told)
            answer = self._authenticated(make, auth, is_session, pictures)
            retry_after = answer.header("retry-after")
            if answer.status != UNAVAILABLE or not self.pace.back_off(attempt, retry_after):
                break
            attempt += 1
        return answer

    def beside(self, port: int) -> "Client":
        """Return the session with another port of the device, one a port; it ends with this one.

        The same pace, log-in, record, secrets and refusals.
        """
        if port == self.address.port:
            return self
        if port not in self._others:
            address = replace(self.address, port=port)
            other = Client(address, self.pace, self._now, self.login, self.trust, self._bounds)
            other.exchanges, other.secrets = self.exchanges, self.secrets
            other._refusals = self._refusals
            self._others[port] = other
        return self._others[port]

    def recorded(self, method: str, url: str, sent: bytes, ask: Callable[[], bytes]) -> bytes:
        """Return what `ask` returns; it is paced and written down as a request is.

        For what is no HTTP. Raises SpentError, and what `ask` raises.
        """
        self.pace.before()
        began, began_s = self._now(), self.pace.monotonic()
        answer, size, failure = None, 0, ""
        try:
            came = ask()
            answer, size = Answer(f"{method} {url}", 0, (), came[:MOST_KEPT]), len(came)
        except BaseException as error:  # Ctrl-C, too, is no answer
            failure = str(error) or type(error).__name__
            raise
        finally:
            self.pace.after()
            seconds = self.pace.monotonic() - began_s
            self.exchanges.append(
                Exchange(began, seconds, method, url, (), sent, answer, size, failure)
            )
        return came

    def get(self, target: str, **how: Any) -> Answer:
        """Send a GET."""
        return self.send("GET", target, **how)

    # --- log-in --------------------------------------------------------------------------------

    def _authenticated(
        self,
        make: Callable[[], httpx.Request],
        auth: httpx.Auth | None,
        is_session: bool,
        pictures: int,
    ) -> Answer:
        request = make()
        if not is_session or self.login is None:
            return self._flow(request, auth, pictures)
        if self._session_auth is None:  # it asks without credentials first, as clients do
            self._session_auth = httpx.DigestAuth(self.login.user, self.login.password)
        answer = self._flow(request, self._session_auth, pictures)
        if answer.status == UNAUTHORIZED and self._wants_basic(answer):
            self._session_auth = self._basic(self.login, answer)
            answer = self._flow(make(), self._session_auth, pictures)
        return answer

    def _wants_basic(self, answer: Answer) -> bool:
        schemes = {text.split(" ")[0].lower() for text in answer.all_of("www-authenticate")}
        is_asked_for = "basic" in schemes and "digest" not in schemes
        return is_asked_for and not isinstance(self._session_auth, httpx.BasicAuth)

    def _basic(self, login: Login, answer: Answer) -> httpx.Auth:
        if not self.trust.verified:
            raise NoAnswerError(
                f"{answer.request}: only Basic is offered, and it is never sent over TLS that "
                "nobody vouched for; --ca FILE or --fingerprint SHA256 would do"
            )
        return httpx.BasicAuth(login.user, login.password)

    def _note_login(self, request: httpx.Request, answer: Answer) -> None:
        """Count refusals as the device does: of each request that bore the real log-in.

        An old nonce is none. Raises LoginRefusedError with the second in a row.
        """
        if "authorization" not in request.headers:
            return
        is_stale = any("stale=true" in text.lower() for text in answer.all_of("www-authenticate"))
        if answer.status != UNAUTHORIZED:
            self._refusals.http = 0
        elif not is_stale:
            self._refusals.http += 1
            if self._refusals.http >= MOST_REFUSALS:
                raise LoginRefusedError(self._refusal())

    def note_login(self, how: str, is_refused: bool) -> None:
        """Count a refusal of the real log-in by another protocol than HTTP's own.

        Raises LoginRefusedError with the second in a row; what was changed can still be put back.
        """
        self._refusals.elsewhere = self._refusals.elsewhere + 1 if is_refused else 0
        if self._refusals.elsewhere >= MOST_REFUSALS:
            raise LoginRefusedError(f"{self._refusal()} ({how})")

    def may_log_in(self, how: str) -> bool:
        """Return whether the last log-in by another protocol was no refusal.

        Raises LoginRefusedError where one more refusal, of whatever protocol, could be the third.
        """
        if self._refusals.http + self._refusals.elsewhere >= MOST_REFUSALS:
            raise LoginRefusedError(f"{self._refusal()} ({how})")
        return self._refusals.elsewhere == 0

    def _refusal(self) -> str:
        assert self.login is not None
        return f"{self.address.url} refused the log-in of {self.login.user!r} twice; stopped"

    # --- the wire ------------------------------------------------------------------------------

    def _request(
        self,
        method: str,
        target: str,
        body: bytes | None,
        headers: Mapping[str, str],
    ) -> httpx.Request:
        try:
            return httpx.Request(
                method,
                self.address.url + target,
                content=body,
                headers={"Accept-Encoding": "identity", "User-Agent": "stuntcam", **headers},
                extensions={
                    "timeout": httpx.Timeout(
                        self._bounds.total_s, connect=self._bounds.connect_s
                    ).as_dict(),
                    "trace": self._trace,
                },
            )
        except httpx.InvalidURL as error:
            raise NoAnswerError(f"{method} {target}: {error}") from None

    def _flow(self, request: httpx.Request, auth: httpx.Auth | None, pictures: int) -> Answer:
        # httpx would read the body of an inner 401 without bounds, so its steps are driven here.
        flow = (auth or httpx.Auth()).sync_auth_flow(request)
        request = next(flow)
        while True:
            answer = self._once(request, pictures)
            if auth is not None and auth is self._session_auth:
                self._note_login(request, answer)
            try:
                request = flow.send(
                    httpx.Response(answer.status, headers=list(answer.headers), request=request)
                )
            except StopIteration:
                return answer
            except (httpx.HTTPError, KeyError, ValueError, NotImplementedError) as error:
                why = f"a challenge that can't be answered ({error})"
                raise NoAnswerError(f"{answer.request}: {why}") from None

    def _once(self, request: httpx.Request, pictures: int) -> Answer:
        self.pace.before()
        began, began_s = self._now(), self.pace.monotonic()
        answer, failure = None, ""
        try:
            with interrupting.answered():
                answer = self._runner.run(self._exchange(request, pictures))
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, TrustError) as error:
            failure = why(error, self._bounds)
        finally:
            self.pace.after()
            self.exchanges.append(
                Exchange(
                    began,
                    self.pace.monotonic() - began_s,
                    request.method,
                    str(request.url),
                    tuple(request.headers.multi_items()),
                    request.content,
                    answer and replace(answer, body=answer.body[:MOST_KEPT]),
                    len(answer.body) if answer else 0,
                    failure,
                )
            )
        if answer is None:
            raise NoAnswerError(f"{request.method} {request.url}: {failure}")
        return answer

    async def _exchange(self, request: httpx.Request, pictures: int) -> Answer:
        if self._http is None:
            # Not the environment's proxies: a device is asked directly or not at all.
            self._http = httpx.AsyncClient(
                verify=self.trust.context or True, trust_env=False, follow_redirects=False
            )
        async with asyncio.timeout(self._bounds.total_s):
            response = await self._http.send(request, stream=True, auth=httpx.Auth())
            mark = mark_between_pictures(response.headers.get("content-type", ""))
            try:
                body, marks = bytearray(), 0
                async for piece in response.aiter_raw():
                    first = max(0, len(body) - len(mark) + 1)
                    body += piece
                    if len(body) > self._bounds.body_bytes:
                        raise TooLargeError
                    marks += body.count(mark, first) if mark else 0
                    if marks > pictures:
                        break
            finally:
                await response.aclose()
        return Answer(
            f"{request.method} {request.url}",
            response.status_code,
            tuple(response.headers.multi_items()),
            bytes(body),
        )

    async def _trace(self, event: str, details: Mapping[str, Any]) -> None:
        # Before a byte of a request is sent: is it the device that was trusted at first?
        if event == "connection.start_tls.complete":
            self.trust.check(details["return_value"].get_extra_info("ssl_object"))


def _algorithm(challenge: str) -> str:
    # A challenge that names none means MD5 (RFC 7616, 3.3).
    for part in challenge.split(","):
        name, _, value = part.strip().removeprefix("Digest ").partition("=")
        if name.lower() == "algorithm":
            return value.strip('"')
    return "MD5"
