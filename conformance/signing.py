"""Logging in as a device's own page does, where that is not HTTP's Digest or Basic.

A dialect's [login] holds the page's request with {user} and {password} where these go, and each
token that the device gives back and wants to see again:

  [login]
  method = "POST"
  path = "/login.cgi"
  headers = { Content-Type = "application/x-www-form-urlencoded" }
  body = "name={user}&pass={password}"
  password_as = "md5"                             # plain, base64, md5, sha1, sha256 (hex digits)
  session = { Cookie = "sid={token1}" }           # headers of all later requests
  [[login.token]]
  name = "token1"
  from = ["cookie sid"]                           # or ["header X-Token"], ["body", "json /token"]
  path = "/main.html"                             # another answer's than the log-in's, by GET

Without method and path the log-in is HTTP's, and only tokens are fetched. Requests of the dialect
may hold {token1} and so on, too. After one refusal nothing more is sent: a second could lock the
account.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from conformance import layers, wire
from conformance.client import Client, LoginRefusedError
from conformance.exchange import Answer, NoAnswerError
from conformance.layers import LayerError, Place
from conformance.wire import Sent

PLACEHOLDER = re.compile(r"\{(user|password|token[0-9]+)\}")


class SignInError(ValueError):
    """A [login] that can't be used; the message says what is wrong."""


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda password: password,
    "base64": lambda password: base64.b64encode(password.encode()).decode(),
    "md5": lambda password: hashlib.md5(password.encode(), usedforsecurity=False).hexdigest(),
    "sha1": lambda password: hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest(),
    "sha256": lambda password: hashlib.sha256(password.encode()).hexdigest(),
}
"""How pages send a password. Hashes hide nothing here; they are what the device wants to see."""


@dataclass(frozen=True, slots=True)
class Token:
    """Something a device gives and wants back: its name and where it comes from.

    path  the answer to a GET of it; empty: the answer to the log-in
    """

    name: str
    source: Place
    path: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A page's log-in; see the module."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str
    password_as: str
    session: Mapping[str, str]
    tokens: tuple[Token, ...]


def known_sign_in(row: Mapping[str, Any]) -> SignIn:
    """Return a dialect's [login]. Raises SignInError, KeyError for what it lacks."""
    tokens = [
        Token(one["name"], tuple(one["from"]), one.get("path", "")) for one in row.get("token", ())
    ]
    for token in tokens:
        if not PLACEHOLDER.fullmatch(f"{{{token.name}}}") or not token.source:
            raise SignInError(f"[login] token {token.name!r} is not token1, token2 ... with a from")
    password_as = row.get("password_as", "plain")
    if password_as not in SPELLINGS:
        raise SignInError(f"[login] password_as={password_as!r} is none of {', '.join(SPELLINGS)}")
    return SignIn(
        row.get("method", ""),
        row.get("path", ""),
        row.get("query", ""),
        dict(row.get("headers", {})),
        row.get("body", ""),
        password_as,
        dict(row.get("session", {})),
        tuple(tokens),
    )


def sign_in(client: Client, words: SignIn) -> dict[str, str]:
    """Log in, and let the client's later requests show it.

    Returns what {user}, {password}, {token1} and so on stand for.

    Raises LoginRefusedError, NoAnswerError, SignInError where the account is not told.
    """
    if client.login is None:
        raise SignInError(f"{client.address.url} wants a log-in: -u USER")
    password = SPELLINGS[words.password_as](client.login.password)
    known = {"user": client.login.user, "password": password}
    client.session = {}
    client.secrets.append(password)
    answer = _logged_in(client, words, known) if words.method else None
    tokens: dict[str, str] = {}
    for token in words.tokens:
        told = answer
        if token.path or told is None:
            headers = _session(words, tokens)
            told = client.get(token.path, headers=headers, anonymous=answer is not None)
        try:
            tokens[token.name] = found(told, token.source)
            client.secrets.append(tokens[token.name])  # whatever comes next
        except LayerError:
            if told is not answer:
                raise NoAnswerError(
                    f"{told.request}: no {token.name} in it: {told.shown}"
                ) from None
            _refuse(client, told)
    client.session = _session(words, tokens)
    return known | tokens


def _logged_in(client: Client, words: SignIn, known: Mapping[str, str]) -> Answer:
    sent = wire.filled(Sent(words.query, words.body), filler(known))
    target = f"{words.path}?{sent.query}" if sent.query else words.path
    answer = client.send(
        words.method,
        target,
        body=sent.body.encode() if sent.body else None,
        headers={name: filler(known)(text) for name, text in words.headers.items()},
        anonymous=True,
    )
    if answer.status >= 500:  # trouble of its own: nothing was said about the account
        raise NoAnswerError(f"{answer.request}: {answer.shown}")
    if answer.status >= 400:
        _refuse(client, answer)
    return answer


def found(answer: Answer, source: Place) -> str:
    """Return what stands at a token's place in an answer. Raises LayerError."""
    kind, _, name = source[0].partition(" ")
    if kind == "body":
        return layers.pick(answer.text, source[1:])
    if kind == "header" and answer.header(name):
        return answer.header(name)
    for cookie, text in cookies(answer.all_of("set-cookie")):
        if kind == "cookie" and cookie == name:
            return text
    raise LayerError(f"nothing at {layers.shown(source)}")


def cookies(headers: Sequence[str]) -> list[tuple[str, str]]:
    """Return the names and values that Set-Cookie headers set."""
    pairs = [text.partition(";")[0].partition("=") for text in headers]
    return [(name.strip(), text.strip()) for name, _, text in pairs]


def filler(known: Mapping[str, str]) -> Callable[[str], str]:
    """Return what puts known texts in the place of {user}, {token1} and so on."""

    def fill(text: str) -> str:
        return PLACEHOLDER.sub(lambda match: known.get(match[1], match[0]), text)

    return fill


def _session(words: SignIn, tokens: Mapping[str, str]) -> dict[str, str]:
    texts = {name: filler(tokens)(text) for name, text in words.session.items()}
    return {name: text for name, text in texts.items() if not PLACEHOLDER.search(text)}


def _refuse(client: Client, answer: Answer) -> NoReturn:
    assert client.login is not None
    raise LoginRefusedError(
        f"{client.address.url} refused the log-in of {client.login.user!r} by its page: "
        f"{answer.shown[:80]}"
    )
