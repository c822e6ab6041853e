"""Carries what a browser asks for to the device, over the run's own session.

The browser itself reaches nobody (browsing.py). So its requests are paced, counted and recorded
like all others, its TLS is the one that --ca, --fingerprint or --insecure stand for, and a page
that wants something of another host does not get it.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from conformance.client import Client
from conformance.exchange import Answer, Headers, NoAnswerError
from conformance.expect import NotCheckedError
from conformance.pace import SpentError

REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5

PICTURE_KEPT = 1024
"""Bytes of a picture that are kept for the record: a page may ask for several a second."""

_OURS = {"host", "connection", "content-length", "accept-encoding"}
_THE_WIRES = {"connection", "content-length", "transfer-encoding", "keep-alive"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A browser's request; is_page: for a document, not for something that stands in one."""

    method: str
    url: str
    headers: Headers
    body: bytes | None
    is_page: bool


class Carrier:
    """Carries requests to one device. One thread only, the session's.

    trouble  why the first request that got no answer got none; None: all were answered
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self.trouble: NoAnswerError | NotCheckedError | SpentError | None = None

    def carry(self, asked: Asked) -> Answer | None:
        """Return the device's answer; None: there is none, and `trouble` may say why.

        Where a page is redirected the answer is one that leads there, as a browser does not
        ask again by itself for what it was handed; for anything else it is followed here.
        """
        url = asked.url
        for _ in range(MOST_REDIRECTS):
            if not self._is_here(url):
                return None
            answer = self._sent(replace(asked, url=url))
            if answer is None or answer.status not in REDIRECTS:
                return answer
            asked = _asked_again(asked, answer.status)
            url = urljoin(url, answer.header("location"))
            if not self._is_here(url):
                self._note(NotCheckedError(f"{answer.request} leads to {url!r}: another device?"))
                return None
            if asked.is_page:
                return _leading_to(url, answer)
        self._note(NoAnswerError(f"{asked.method} {asked.url}: redirected again and again"))
        return None

    def _is_here(self, url: str) -> bool:
        return url.startswith(f"{self._client.address.url}/")

    def _sent(self, asked: Asked) -> Answer | None:
        # Spelled as the client spells its own, which these take the place of.
        headers = {name.title(): text for name, text in asked.headers if name.lower() not in _OURS}
        target = asked.url.removeprefix(self._client.address.url).partition("#")[0]
        first = len(self._client.exchanges)
        try:
            answer = self._client.send(
                asked.method, target, body=asked.body, headers=headers, anonymous=True
            )
        except (NoAnswerError, SpentError) as error:
            self._note(error)
            return None
        self._shorten(first)
        return answer

    def _shorten(self, first: int) -> None:
        exchanges = self._client.exchanges
        for number, one in enumerate(exchanges[first:], first):
            if one.answer is not None and one.answer.header("content-type").startswith("image/"):
                kept = replace(one.answer, body=one.answer.body[:PICTURE_KEPT])
                exchanges[number] = replace(one, answer=kept)

    def _note(self, error: NoAnswerError | NotCheckedError | SpentError) -> None:
        self.trouble = self.trouble or error


def _asked_again(asked: Asked, status: int) -> Asked:
    """Return what a browser asks for after a redirect: by GET, but after 307 and 308 (Fetch, 4.4).

    After 301 and 302 that is so for POST alone, after 303 for all but GET and HEAD.
    """
    by_get = {301: {"POST"}, 302: {"POST"}, 303: {"POST", "PUT", "PATCH", "DELETE"}}
    if asked.method not in by_get.get(status, ()):
        return asked
    headers = tuple(pair for pair in asked.headers if not pair[0].lower().startswith("content-"))
    return replace(asked, method="GET", headers=headers, body=None)


def headers_for_a_browser(answer: Answer) -> dict[str, str]:
    """Return an answer's headers in the form in which a browser is handed them."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, text in answer.headers:
        if name.lower() not in _THE_WIRES:
            found[name.lower()].append(text)
    return {
        name: ("\n" if name == "set-cookie" else ", ").join(texts) for name, texts in found.items()
    }


def _leading_to(url: str, answer: Answer) -> Answer:
    cookies = tuple(pair for pair in answer.headers if pair[0].lower() == "set-cookie")
    spelled = url.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    body = f'<meta http-equiv="refresh" content="0; url={spelled}">'.encode()
    return Answer(answer.request, 200, (("Content-Type", "text/html"), *cookies), body)
