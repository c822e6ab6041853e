"""The log-in in a recording, and the tokens that the device gave and wanted to see again.

A token is a text that stood in an answer and then in a request: by that it is found, whatever it
is called. No secret leaves these rooms: requests come back with {user}, {password} and {token1}
where these stood.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conformance import layers, wire
from conformance.client import Login
from conformance.har import REMOVED
from conformance.layers import LayerError, Place
from conformance.learning.recording import Seen
from conformance.learning.saving import Doubt
from conformance.learning.secrecy import is_password, is_token
from conformance.signing import PLACEHOLDER, SPELLINGS, SignIn, Token, cookies
from conformance.wire import Sent
from conformance.wording import WordingError

_TOKEN = re.compile(r"[A-Za-z0-9+/=_.~-]{8,512}")
_USER = re.compile(r"user|login|account|^name$", re.IGNORECASE)
_OWN = re.compile(r"x-|content-type$|soapaction$", re.IGNORECASE)
"""Headers that a page's script adds, and a device may want."""

HASHES = {32: "md5", 40: "sha1", 64: "sha256"}
SHOW_HOW = "begin the recording before the log-in, and export it with sensitive data"


@dataclass(frozen=True, slots=True)
class Entry:
    """How the device was logged in to, and requests without their secrets.

    http       HTTP's own way ("Digest", "Basic") where the recording shows it
    sign_in    the page's way; None: none was seen
    names      by the text of each token its name
    passwords  as they were sent
    """

    http: str
    sign_in: SignIn | None
    names: Mapping[str, str]
    doubts: tuple[Doubt, ...]
    passwords: tuple[str, ...] = field(repr=False, default=())

    def sent(self, seen: Seen, kept: Sequence[Place] = ()) -> Sent:
        """Return a request's texts with {token1} and so on; places in `kept` stay as they are.

        Other passwords are removed, whosever they are.
        """
        known = {text: f"{{{name}}}" for text, name in self.names.items()}
        known |= dict.fromkeys(self.passwords, "{password}")
        return _hidden(seen.sent, known, kept)

    def removed(self, seen: Seen) -> list[Doubt]:
        """Return the doubt about a request that lacks somebody's password now; or none."""
        return _removed(seen, self.sent(seen))

    def headers(self, seen: Seen) -> dict[str, str]:
        """Return what a request's page added to its headers, without what the session adds."""
        session = {name.lower() for name in (self.sign_in.session if self.sign_in else ())}
        return {
            name: _replaced(text, self.names)
            for name, text in seen.headers
            if _OWN.match(name) and name.lower() not in session
        }


def find(exchanges: Sequence[Seen], used: Sequence[Seen], login: Login | None) -> Entry:
    """Return how the account was logged in to.

    exchanges  of the device's site, in order
    used       the requests that a dialect would send: save, settings, information
    login      the account, where the user tells it
    """
    http = _http(exchanges)
    page = _page(exchanges, used[0], login)
    doubts: list[Doubt] = []
    tokens: list[Token] = []
    names: dict[str, str] = {}
    session: dict[str, str] = {}
    given = _given(exchanges, used[0].number)
    for seen in used:
        for text in _wanted(seen, given):
            if text not in names:
                token, doubt = _token(f"token{len(names) + 1}", given[text], page)
                names[text] = f"token{len(names) + 1}"
                tokens.append(token)
                doubts += doubt
        for name, text in seen.headers:
            filled = _replaced(text, names)
            if filled != text:
                session[name] = filled
    if page is None and http and tokens and all(token.path for token in tokens):
        only_tokens = SignIn("", "", "", {}, "", "plain", session, tuple(tokens))
        return Entry(http, only_tokens, names, tuple(doubts))
    if page is None:
        doubts += _without_page(used, http, names)
        return Entry(http, None, names, tuple(doubts))
    sign_in, more, password = _request(page, login, session, tokens)
    return Entry(http, sign_in, names, (*doubts, *more), (password,))


def _http(exchanges: Sequence[Seen]) -> str:
    for seen in exchanges:
        scheme = seen.header("authorization").partition(" ")[0].capitalize()
        if scheme in {"Digest", "Basic"}:
            return scheme
    schemes = {
        text.partition(" ")[0].capitalize()
        for seen in exchanges
        for name, text in seen.told
        if name.lower() == "www-authenticate"
    }
    return next((one for one in ("Digest", "Basic") if one in schemes), "")


def _page(exchanges: Sequence[Seen], save: Seen, login: Login | None) -> Seen | None:
    """Return the first request that carries a password, before the settings are saved.

    By its field's name alone it may be anybody's in a save: of an FTP server, say.
    """
    for seen in exchanges:
        found = _password(seen, login) if seen.number < save.number else None
        is_save = (seen.method, seen.path) == (save.method, save.path)
        if found is not None and (found[1] or not is_save):
            return seen
    return None


def _password(seen: Seen, login: Login | None) -> tuple[Place, str] | None:
    """Return where a request has the password, and how it is spelled ("": not known)."""
    found = wire.leaves(seen.sent)
    for leaf in found:
        for spelling, spell in SPELLINGS.items():
            if login is not None and leaf.value.lower() == spell(login.password).lower():
                return leaf.place, spelling
    for leaf in found:
        if is_password(leaf.key) and leaf.value and seen.method != "GET":
            return leaf.place, ""
    return None


def _given(exchanges: Sequence[Seen], before: int) -> dict[str, tuple[Seen, Place]]:
    """Return each text that could be a token: where it was given first, before the save."""
    found: dict[str, tuple[Seen, Place]] = {}
    for seen in exchanges:
        if seen.number >= before:
            break
        texts: list[tuple[str, Place]] = [
            (text, (f"cookie {name}",))
            for name, text in cookies(
                [text for name, text in seen.told if name.lower() == "set-cookie"]
            )
        ]
        texts += [
            (text, (f"header {name}",))
            for name, text in seen.told
            if re.search("token|csrf|session|auth", name, re.IGNORECASE)
        ]
        texts += [
            (leaf.value, ("body", *leaf.place))
            for leaf in [*layers.leaves(seen.answer, 0), *layers.leaves(seen.answer)]
        ]
        for text, place in texts:
            if _is_token(text):
                found.setdefault(text, (seen, place))
    return found


def _is_token(text: str) -> bool:
    return (
        bool(_TOKEN.fullmatch(text))
        and bool(re.search("[0-9]", text))
        and (bool(re.search("[A-Za-z]", text)) or len(text) > 9)
        and len(set(text)) > 4
    )


def _wanted(seen: Seen, given: Mapping[str, tuple[Seen, Place]]) -> list[str]:
    """Return the tokens that a request shows, in headers or in a field that is no setting's."""
    found = []
    for name, text in seen.headers:
        if name.lower() in {"cookie", "authorization"} or name.lower().startswith("x-"):
            words = re.split(r"[;,=\s\"]+", text)
            found += [one for one in given if one in words or f"={one}" in text]
    for leaf in wire.leaves(seen.sent):
        # A weekly schedule and a mask stand in an earlier answer, too.
        if leaf.value in given and is_token(leaf.key):
            found.append(leaf.value)
    return found


def _token(name: str, given: tuple[Seen, Place], page: Seen | None) -> tuple[Token, list[Doubt]]:
    seen, place = given
    if page is not None and seen.number == page.number:
        return Token(name, place), []
    if seen.method == "GET":
        sent = _hidden(seen.sent, {})
        path = seen.path + (f"?{sent.query}" if sent.query else "")
        return Token(name, place, path), _removed(seen, sent)
    why = f"it comes from {seen.shown}, which is neither the log-in nor a page"
    return Token(name, place), [Doubt(name, why)]


def _replaced(text: str, names: Mapping[str, str]) -> str:
    for token, name in names.items():
        text = text.replace(token, f"{{{name}}}")
    return text


def _hidden(sent: Sent, names: Mapping[str, str], kept: Sequence[Place] = ()) -> Sent:
    for leaf in wire.leaves(sent):
        text = names.get(leaf.value, REMOVED if _is_secret(leaf) else leaf.value)
        if text != leaf.value and leaf.place not in kept:
            try:
                sent = wire.put(sent, leaf.place, text)
            except (LayerError, WordingError):  # a number in JSON: no token of ours
                if _is_secret(leaf):
                    sent = wire.put(sent, leaf.place, "0.0" if "." in leaf.value else "0")
    return sent


def _is_secret(leaf: layers.Leaf) -> bool:
    """Return whether a value is somebody's password, by its name, and no switch such as pwd_on."""
    is_none = leaf.value.lower() in {"", "true", "false"} or PLACEHOLDER.fullmatch(leaf.value)
    return is_password(leaf.key) and not is_none


def _removed(seen: Seen, sent: Sent) -> list[Doubt]:
    """Return the doubt about a request that can't be repeated: a password of it is in no file."""
    removed = [layers.shown(leaf.place) for leaf in wire.leaves(sent) if leaf.value == REMOVED]
    if not removed:
        return []
    return [Doubt("password", f"{seen.shown} carries one in {removed[0]}, which is in no file")]


def _request(
    page: Seen, login: Login | None, session: Mapping[str, str], tokens: Sequence[Token]
) -> tuple[SignIn, list[Doubt], str]:
    doubts = []
    found = _password(page, login)
    assert found is not None
    place, spelling = found
    password = next(leaf.value for leaf in wire.leaves(page.sent) if leaf.place == place)
    if not spelling:
        spelling = HASHES.get(len(password), "plain") if _is_hex(password) else "plain"
        why = f"{layers.shown(place)} of {page.shown} holds it by its name, as {spelling} it seems"
        if login is not None:
            why = (
                f"{layers.shown(place)} of {page.shown} holds it by its name, but not that of "
                "-u in any spelling that is known"
            )
        doubts.append(Doubt("password", f"{why}; -u USER and its password would tell"))
    sent = wire.put(page.sent, place, "{password}")
    user = _user(sent, login)
    if user is None:
        doubts.append(Doubt("user name", f"it is in no field of {page.shown}"))
    else:
        place, is_sure = user
        sent = wire.put(sent, place, "{user}")
        if not is_sure:
            why = f"{layers.shown(place)} of {page.shown} holds it by its name; -u USER would tell"
            doubts.append(Doubt("user name", why))
    headers = {name: text for name, text in page.headers if _OWN.match(name)}
    made = SignIn(
        page.method,
        page.path,
        sent.query,
        headers,
        sent.body,
        spelling,
        session,
        tuple(tokens),
    )
    return made, doubts, password


def _user(sent: Sent, login: Login | None) -> tuple[Place, bool] | None:
    found = wire.leaves(sent)
    for leaf in found:
        if login is not None and leaf.value == login.user:
            return leaf.place, True
    for leaf in found:
        if _USER.search(leaf.key) and leaf.value != "{password}":
            return leaf.place, False
    return None


def _is_hex(text: str) -> bool:
    return bool(re.fullmatch("[0-9a-fA-F]+", text))


def _without_page(used: Sequence[Seen], http: str, names: Mapping[str, str]) -> list[Doubt]:
    if names:
        return [Doubt("log-in", f"tokens are sent, but no log-in was recorded: {SHOW_HOW}")]
    if http:
        return []
    if any(seen.header("cookie") for seen in used):
        why = "a cookie is sent, but the recording does not show where it comes from"
        return [Doubt("log-in", f"{why}: {SHOW_HOW}")]
    return [Doubt("log-in", f"the recording shows none: {SHOW_HOW}")]
