"""Exchanges as a HAR 1.2 document, which browsers and proxies read, without their secrets.

Credentials in headers, cookies, and everything that is a password (the real one wherever it
stands, and whatever a field of that name holds) are removed; what is left is what was sent.
"""

import base64
import json
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

from conformance.exchange import MOST_KEPT, Answer, Exchange, Headers

REMOVED = "(removed)"
FORM = "application/x-www-form-urlencoded"
SECRET_HEADERS = {"authorization", "cookie", "set-cookie", "proxy-authorization", "x-csrf-token"}
SHORT = 200
"""Characters of a text that is worth keeping, once cleaned."""

_WORDS = ("password", "passwd", "pwd", "secret", "token")
_NAMES = f"(?:{'|'.join(_WORDS)})"
_FIELD = re.compile(rf'("[^"]*{_NAMES}[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)
_IN_A_FORM = re.compile(rf"((?:^|&)[^&=\s]*{_NAMES}[^&=\s]*=)[^&\s]+", re.IGNORECASE)


_ELEMENT = re.compile(
    r"(<(?:[\w.-]+:)?(?:Password|Nonce)\b[^>]*>)[^<]*(</)", re.IGNORECASE
)  # of SOAP: a digest beside its nonce could be guessed at


def document(exchanges: Iterable[Exchange], secrets: Iterable[str], tool: str) -> dict[str, Any]:
    """Return exchanges as a HAR; `secrets` are texts that may stand nowhere in it."""
    secrets = [secret for secret in secrets if secret]
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "stuntcam", "version": tool},
            "entries": [entry(one, secrets) for one in exchanges],
        }
    }


def clean(text: str, secrets: Iterable[str]) -> str:
    """Return `text` without any of `secrets` and without what fields named as passwords hold."""
    # Of headers' values there are dozens in an exchange, and the same in the next.
    work = _cleaned_before if len(text) <= SHORT else _cleaned
    return work(text, tuple(filter(None, secrets)))  # without a log-in it is empty


def _cleaned(text: str, secrets: tuple[str, ...]) -> str:
    text = without_secrets(text)
    for spelled in _spelled(secrets):
        text = text.replace(spelled, REMOVED)
    return text


_cleaned_before = lru_cache(maxsize=1024)(_cleaned)


@lru_cache(maxsize=16)
def _spelled(secrets: tuple[str, ...]) -> tuple[str, ...]:
    """Return all forms in which secrets may stand in a text, each secret's longest first."""
    return tuple(
        spelled
        for secret in secrets
        for spelled in sorted(
            {secret, json.dumps(secret)[1:-1], quote(secret, ""), quote_plus(secret)},
            key=lambda one: (-len(one), one),
        )
    )


def without_secrets(text: str) -> str:
    """Return `text` without what fields of JSON and elements of XML named as passwords hold."""
    folded = text.casefold()
    if any(word in folded for word in _WORDS):  # much quicker than to try each quoted text
        text = _FIELD.sub(rf'\1"{REMOVED}"', text)
    return _ELEMENT.sub(rf"\1{REMOVED}\2", text)


def without_form_secrets(text: str) -> str:
    """Return a form without what its fields named as passwords hold."""
    return _IN_A_FORM.sub(rf"\1{REMOVED}", text)


def entry(exchange: Exchange, secrets: list[str]) -> dict[str, Any]:
    """Return an exchange as an entry of a HAR, its bodies as long as they are kept."""
    ms = round(exchange.seconds * 1000, 3)
    url = clean(exchange.url, secrets)
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(exchange.request_headers, secrets),
        "queryString": [
            {"name": name, "value": value}
            for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        text = exchange.request_body[:MOST_KEPT].decode("utf-8", "replace")
        sent = {name.lower(): value for name, value in exchange.request_headers}
        kind = sent.get("content-type", "application/json")
        if kind.startswith(FORM):
            text = without_form_secrets(text)
        request["postData"] = {"mimeType": kind, "text": clean(text, secrets)}
    row = {
        "startedDateTime": exchange.began.isoformat(),
        "time": ms,
        "request": request,
        "response": _response(exchange.answer, exchange.answer_size, secrets),
        "cache": {},
        "timings": {"send": 0, "wait": ms, "receive": 0},
    }
    if exchange.failure:
        row["comment"] = clean(exchange.failure, secrets)
    return row


def _response(answer: Answer | None, size: int, secrets: list[str]) -> dict[str, Any]:
    if answer is None:  # HAR's way to say that none came
        headers: Headers = ()
        status, content = 0, {"size": 0, "mimeType": "x-unknown"}
    else:
        headers, status = answer.headers, answer.status
        content = _content(answer, size, secrets)
    return {
        "status": status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _headers(headers, secrets),
        "content": content,
        "redirectURL": clean(answer.header("location"), secrets) if answer else "",
        "headersSize": -1,
        "bodySize": size,
    }


def _content(answer: Answer, size: int, secrets: list[str]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "size": size,
        "mimeType": answer.header("content-type") or "x-unknown",
    }
    kept = answer.body
    if len(kept) < size:
        content["comment"] = f"cut to {len(kept)} bytes"
    try:
        content["text"] = clean(kept.decode(), secrets)
    except UnicodeDecodeError:
        content |= {"text": base64.b64encode(kept).decode(), "encoding": "base64"}
    return content


def _headers(headers: Headers, secrets: list[str]) -> list[dict[str, str]]:
    return [
        {
            "name": name,
            "value": REMOVED if name.lower() in SECRET_HEADERS else clean(value, secrets),
        }
        for name, value in headers
    ]
