"""When a question is one that was recorded: what differs from run to run is taken out of it.

Pure. A question is a method, a path with its query, and a body. Taken out are secrets (har.py),
where the device is, identifiers and instants that a client makes up, and who asks; that stands
beside it, since the same question is answered otherwise to a stranger.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from conformance import har
from conformance.exchange import MOST_KEPT, Headers
from conformance.invented import PREFIX

HERE = "//device"
"""Stands for the device's own scheme, host and port, or host alone."""

NOBODY, ACCOUNT, STRANGER, SESSION = "nobody", "the account", "a stranger", "a session"

_UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CREATED = re.compile(r"(<(?:[\w.-]+:)?Created\b[^>]*>)[^<]*(</)")
_USERNAME = re.compile(r"(<(?:[\w.-]+:)?Username\b[^>]*>)([^<]*)(</)")
_PASSING = re.compile(r"([?&][^=&]*=)(?:[0-9]{13,}|0\.[0-9]{8,})(?=&|$)")
"""Milliseconds and random numbers, by which pages keep browsers from remembering an answer."""
_USER = re.compile(r'username="((?:[^"\\]|\\.)*)"')
_ALGORITHM = re.compile(r'algorithm="?([A-Za-z0-9-]+)')
_INVENTED = re.compile(f"{PREFIX}[0-9a-f]{{6}}")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: one of NOBODY, ACCOUNT, STRANGER, SESSION; how: the way of logging in."""

    party: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question without what differs from run to run. Its own identifiers are kept aside.

    uuids  in their order: an answer may have to name them again
    """

    method: str
    target: str
    body: str
    uuids: tuple[str, ...] = ()

    @property
    def key(self) -> bytes:
        """The same for the same question."""
        return digest(self.method, self.target, self.body)

    @property
    def place(self) -> bytes:
        """The same for all questions of a method, path and query."""
        return digest(self.method, self.target)


def digest(*parts: str) -> bytes:
    """Return 16 bytes that stand for texts."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).digest()


def question(
    method: str, target: str, body: bytes, kind: str, origin: str, size: int = 0
) -> Question:
    """Return a question in the form in which it is looked for.

    target  path and query, or the whole URL of what is no HTTP
    kind    the body's Content-Type; origin: the device's URL as the asker spells it
    size    bytes of the body where only its beginning is there
    """
    text = body[:MOST_KEPT].decode("utf-8", "replace")
    if kind.startswith(har.FORM):
        text = har.without_form_secrets(text)
    text = moved(har.without_secrets(text), origin, HERE)
    text = _USERNAME.sub(rf"\1{har.REMOVED}\3", _CREATED.sub(rf"\1{har.REMOVED}\2", text))
    uuids = tuple(dict.fromkeys(_UUID.findall(text)))
    text = _INVENTED.sub(har.REMOVED, text)
    where = _PASSING.sub(rf"\1{har.REMOVED}", moved(target, origin, HERE))
    where = _INVENTED.sub(har.REMOVED, where)
    size = max(size, len(body))
    more = f" of {size} bytes" if size > MOST_KEPT else ""
    return Question(method, where, _UUID.sub(har.REMOVED, text) + more, uuids)


def asker(headers: Headers, body: bytes, session: Iterable[str] = ()) -> Asker:
    """Return who asks. `session`: names of headers, in small letters, that tell of a log-in."""
    told = {name.lower(): text for name, text in headers}
    user = _USERNAME.search(body[:MOST_KEPT].decode("utf-8", "replace"))
    scheme, _, rest = told.get("authorization", "").partition(" ")
    if scheme:
        return _by_header(scheme.lower(), rest)
    if user is not None:
        return Asker(_party(user[2]), "token")
    if {"cookie", *session} & set(told):
        return Asker(SESSION)
    return Asker(NOBODY)


def _by_header(scheme: str, rest: str) -> Asker:
    if scheme == "basic":
        try:
            name = base64.b64decode(rest).decode("utf-8", "replace").partition(":")[0]
        except (binascii.Error, ValueError):
            name = ""
        return Asker(_party(name), scheme)
    name_ = _USER.search(rest)
    algorithm = _ALGORITHM.search(rest)
    how = f"{scheme} {algorithm[1].upper() if algorithm else 'MD5'}"
    return Asker(_party(name_[1] if name_ else ""), how + (" qop" if "qop=" in rest else ""))


def _party(name: str) -> str:
    return STRANGER if _INVENTED.fullmatch(name) else ACCOUNT


def moved(text: str, origin: str, to: str) -> str:
    """Return `text` with a device's address put in another's place: its URL, and its host.

    origin  such as http://192.168.5.190; to: a URL, or HERE. Other ports stay what they are.
    """
    scheme, _, netloc = origin.partition("//")
    host, port = _split(netloc)
    default = {"http:": "80", "https:": "443"}[scheme]
    own = f":{port}" if port not in {"", default} else f"(?::{default})?"
    whole = re.compile(rf"(?:https?:)?//{re.escape(host)}{own}(?![\w.:-])")
    text = whole.sub(to.replace("\\", ""), text)
    to_host = HERE if to == HERE else "//" + _split(to.partition("//")[2])[0]
    return re.sub(rf"//{re.escape(host)}(?=:[0-9])", to_host, text)


def _split(netloc: str) -> tuple[str, str]:
    host, colon, port = netloc.rpartition(":")
    return (host, port) if colon and port.isdigit() else (netloc, "")


def fits(template: str, text: str) -> bool:
    """Return whether `text` is `template` with anything in the place of what was removed."""
    first, *others = template.split(har.REMOVED)
    if not others:
        return template == text
    if not text.startswith(first):
        return False
    at, last = len(first), others.pop()
    for part in others:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return text.endswith(last) and len(text) - len(last) >= at


def echoed(text: str, recorded: Iterable[str], asked: Iterable[str]) -> str:
    """Return an answer that names the identifiers of the question that is asked now."""
    instead: Mapping[str, str] = dict(zip(recorded, asked, strict=False))
    return _UUID.sub(lambda match: instead.get(match[0], match[0]), text)
