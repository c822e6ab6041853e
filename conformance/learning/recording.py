"""A browser's recording (HAR 1.2) as exchanges: what was sent, and what was answered."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from conformance.learning.secrecy import is_password, is_token
from conformance.wire import Sent

MOST_BYTES = 64 * 1024 * 1024
"""A larger recording is refused: nobody saves a page of settings in it."""

OK = 200
LONGEST_SHOWN = 6


class RecordingError(ValueError):
    """No recording that can be looked at; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and its answer.

    site          scheme, host and port
    headers, told  of the request, of the answer; names as they were
    answer        the body as text; empty where the recording has none, or it is no text
    """

    number: int
    method: str
    site: str
    path: str
    sent: Sent
    headers: tuple[tuple[str, str], ...]
    status: int
    told: tuple[tuple[str, str], ...]
    answer: str

    @property
    def target(self) -> str:
        """Path and query."""
        return self.path + (f"?{self.sent.query}" if self.sent.query else "")

    @property
    def shown(self) -> str:
        """The request, for a reader, without what by name or length may be secret in its query."""
        pairs = [pair.partition("=") for pair in self.sent.query.split("&") if pair]
        query = "&".join(
            f"{name}={'...' if _may_be_secret(name, text) else text}" for name, _, text in pairs
        )
        return f"{self.method} {self.path}" + (f"?{query}" if query else "")

    def header(self, name: str) -> str:
        """Return the request's first header of this name, or an empty text."""
        return next((text for key, text in self.headers if key.lower() == name), "")


def _may_be_secret(name: str, text: str) -> bool:
    return is_password(name) or is_token(name) or len(text) > LONGEST_SHOWN


def read(text: str | bytes, name: str) -> list[Seen]:
    """Return a recording's exchanges, in order. Raises RecordingError."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise RecordingError(f"{name} is no HAR: it is not JSON") from None
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        raise RecordingError(f"{name} is no HAR: it lacks log.entries")
    found = []
    for number, entry in enumerate(entries, start=1):
        try:
            seen = _seen(number, entry)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise RecordingError(f"{name}: entry {number} can't be read ({error!r})") from None
        if seen is not None:
            found.append(seen)
    return found


def _seen(number: int, entry: Mapping[str, Any]) -> Seen | None:
    request, response = entry["request"], entry.get("response") or {}
    parts = urlsplit(request["url"])
    if parts.scheme not in {"http", "https"}:  # data:, blob:, a browser's own
        return None
    headers = _headers(request)
    if not any(name.lower() == "cookie" for name, _ in headers) and request.get("cookies"):
        text = "; ".join(f"{one['name']}={one['value']}" for one in request["cookies"])
        headers.append(("Cookie", text))
    told = _headers(response)
    if not any(name.lower() == "set-cookie" for name, _ in told):
        told += [
            ("Set-Cookie", f"{one['name']}={one['value']}") for one in response.get("cookies", ())
        ]
    return Seen(
        number,
        str(request["method"]).upper(),
        f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}",
        parts.path or "/",
        Sent(parts.query, _body(request.get("postData") or {})),
        tuple(headers),
        int(response.get("status") or 0),
        tuple(told),
        _content(response.get("content") or {}),
    )


def _headers(message: Mapping[str, Any]) -> list[tuple[str, str]]:
    listed: Sequence[Mapping[str, Any]] = message.get("headers") or ()
    found = [(str(one["name"]), str(one["value"])) for one in listed]
    return [pair for pair in found if not pair[0].startswith(":")]  # HTTP/2's own


def _body(posted: Mapping[str, Any]) -> str:
    if posted.get("text"):
        return str(posted["text"])
    return "&".join(
        f"{quote(str(one['name']), safe='')}={quote(str(one.get('value', '')), safe='')}"
        for one in posted.get("params") or ()
    )


def _content(content: Mapping[str, Any]) -> str:
    text = str(content.get("text") or "")
    if content.get("encoding") != "base64":
        return text
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
