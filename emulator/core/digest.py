"""HTTP credentials as values: challenges and nonces out, Authorization headers in.

Pure: the edge supplies the secret, the salt and a monotonic count of seconds. It also
remembers which (nonce, nc) it has seen: a replay cannot be told from one header.

  challenge  what a 401 offers, one WWW-Authenticate field each
  nonce      issue time and salt with our signature, all hex; nothing is kept
  nc         how often the client has used the nonce, this time included; from 1

Sources: WIRE-01, CONTRACT 6; RFC 7616 (Digest; qop=auth only, userhash not offered),
RFC 2617 3.2.2.1 (clients that know no qop: facts 1), RFC 7617 (Basic).
Names and passwords are Unicode, as UTF-8 on the wire.
"""

import base64
import hashlib
import hmac
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

ALGORITHMS: dict[str, Callable[[bytes], str]] = {  # in the order offered (CONTRACT 6)
    "SHA-256": lambda octets: hashlib.sha256(octets).hexdigest(),
    "MD5": lambda octets: hashlib.md5(octets, usedforsecurity=False).hexdigest(),
}
HEX_DIGITS = {"SHA-256": 64, "MD5": 32}
MOST_CHARACTERS = 8192  # CHOICE: a set request repeats region and schedule in its uri

_REQUIRED = ("realm", "nonce", "uri", "response")
_WITH_QOP = ("nc", "cnonce")
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105  # the grammar's word, not a secret
_FIELD = re.compile(rf'({_TOKEN}) *= *(?:"((?:[^"\\]|\\.)*)"|({_TOKEN})) *(?:,[ ,]*|\Z)')
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")  # controls, and bytes that no UTF-8 is


class CredentialsError(ValueError):
    """Credentials (or a realm) that cannot be read; the message never shows a secret."""


@dataclass(frozen=True, slots=True)
class Basic:
    """A name and a password in the clear."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Digest:
    """One Digest answer as sent, quotes and escapes undone; nothing in it is proved yet.

    algorithm  a key of ALGORITHMS
    uri        the request target the client signed
    nc         how often the client has used `nonce`; None: it knows no qop, and does not count
    cnonce     "" then
    response   32 or 64 lower-case hex digits
    """

    username: str
    realm: str
    nonce: str
    uri: str
    algorithm: str
    nc: int | None
    cnonce: str
    response: str


def challenges(realm: str, nonce: str, stale: bool = False) -> tuple[str, ...]:
    """Return the values of a 401's WWW-Authenticate fields, strongest first.

    stale  True: the password was right and only the nonce is too old; ask nobody again

    The order is binding: FFmpeg knows MD5 alone and reads only the last Digest offered.
    """
    for name, text in (("realm", realm), ("nonce", nonce)):
        if _UNFIT.search(text) or not text.isascii() or '"' in text or "\\" in text:
            raise CredentialsError(f"{name}={text!r} is not plain ASCII without quotes")
    rest = f'nonce="{nonce}", charset=UTF-8' + ", stale=true" * stale
    digests = (f'Digest realm="{realm}", qop="auth", algorithm={a}, {rest}' for a in ALGORITHMS)
    return (*digests, f'Basic realm="{realm}", charset="UTF-8"')


def make_nonce(secret: bytes, at_s: float, salt: bytes) -> str:
    """Return a nonce issued at `at_s` that only the holder of `secret` can make.

    Two nonces of one instant differ by their `salt`, which need not be secret.
    """
    body = struct.pack(">d", at_s) + salt
    return (body + hmac.digest(secret, body, "sha256")).hex()


def nonce_age_s(secret: bytes, nonce: str, now_s: float) -> float | None:
    """Return how long ago we made `nonce`, or None if we did not.

    One from the future is not ours either: the count of seconds began anew since.
    """
    try:
        octets = bytes.fromhex(nonce)
        (at_s,) = struct.unpack_from(">d", octets)
    except (ValueError, struct.error):
        return None
    # Made again and compared as text, so that no second spelling of a nonce is ours.
    ours = make_nonce(secret, at_s, octets[8:-32])
    if not is_same(ours, nonce) or now_s < at_s:
        return None
    return float(now_s - at_s)


def parse_authorization(header: str) -> Basic | Digest:
    """Return the credentials in the value of an Authorization field.

    Raises CredentialsError for any text that is not wholly well formed.
    """
    if len(header) > MOST_CHARACTERS:
        raise CredentialsError(f"{len(header)} characters of credentials, over {MOST_CHARACTERS}")
    header = header.replace("\t", " ")  # as good as a blank between fields, allowed nowhere else
    if _UNFIT.search(header):
        raise CredentialsError("credentials hold control characters or are not UTF-8")
    scheme, _, rest = header.strip(" ").partition(" ")
    if scheme.lower() == "basic":
        return _basic(rest.lstrip(" "))
    if scheme.lower() == "digest":
        return _digest(_fields(rest.lstrip(" ,")))
    raise CredentialsError(f"scheme={scheme[:20]!r} is not Basic or Digest")


def answer(digest: Digest, method: str, password: str) -> str:
    """Return the response that someone with `password` sends with the rest of `digest`."""
    h = ALGORITHMS[digest.algorithm]
    who = h(f"{digest.username}:{digest.realm}:{password}".encode())
    what = h(f"{method}:{digest.uri}".encode())
    counted = "" if digest.nc is None else f"{digest.nc:08x}:{digest.cnonce}:auth:"
    return h(f"{who}:{digest.nonce}:{counted}{what}".encode())


def is_right(digest: Digest, method: str, target: str, realm: str, password: str) -> bool:
    """Return whether `digest` proves `password` for this request.

    target  the request target exactly as sent; signed for another one, it proves nothing

    Whether the nonce is ours, young and not used before, is for the caller to see to.
    """
    about_this = is_same(digest.uri, target) and is_same(digest.realm, realm)
    return is_same(answer(digest, method, password), digest.response) and about_this


def is_same(one: str, other: str) -> bool:
    """Return whether two texts are equal, in a time that tells nothing of where they differ."""
    # compare_digest takes any bytes, but of texts only ASCII; a target may hold surrogates.
    return hmac.compare_digest(*(t.encode("utf-8", "surrogatepass") for t in (one, other)))


def _basic(token: str) -> Basic:
    try:
        octets = base64.b64decode(token, validate=True)
        text = octets.decode()
    except ValueError:
        octets, text = b"", ""
    # Python 3.11 lets too many "=" pass; written again, only the proper spelling is the same.
    if not octets or base64.b64encode(octets).decode() != token:
        raise CredentialsError("Basic credentials are not base64 of UTF-8")
    username, colon, password = text.partition(":")
    if not colon or _UNFIT.search(text):
        raise CredentialsError("Basic credentials have no colon, or control characters")
    return Basic(username, password)


def _fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    at = 0
    while at < len(text):
        found = _FIELD.match(text, at)
        if not found:
            raise CredentialsError(f"field {len(fields) + 1} of the credentials is malformed")
        name, quoted, plain = found.group(1).lower(), found.group(2), found.group(3)
        if name in fields:
            raise CredentialsError(f"{name} is given twice")
        fields[name] = plain if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
        at = found.end()
    return fields


def _digest(fields: dict[str, str]) -> Digest:
    # Unknown fields are passed over, as RFC 7616 wants; quotes are a matter of taste in
    # clients (requests quotes qop and algorithm), so either is read everywhere.
    has_qop = "qop" in fields
    missing = [name for name in _REQUIRED + _WITH_QOP * has_qop if name not in fields]
    if missing:
        raise CredentialsError(f"{missing[0]} is missing")
    algorithm = fields.get("algorithm", "MD5").upper()
    if algorithm not in ALGORITHMS:
        raise CredentialsError(f"algorithm={algorithm[:20]!r} is not {' or '.join(ALGORITHMS)}")
    if has_qop and fields["qop"] != "auth":
        raise CredentialsError(f"qop={fields['qop'][:20]!r} is not auth")
    for name, digits in (("nc", 8 * has_qop), ("response", HEX_DIGITS[algorithm])):
        if digits and not re.fullmatch(f"[0-9a-f]{{{digits}}}", fields[name]):
            raise CredentialsError(f"{name} is not {digits} lower-case hex digits")
    return Digest(
        _username(fields),
        fields["realm"],
        fields["nonce"],
        fields["uri"],
        algorithm,
        int(fields["nc"], 16) if has_qop else None,
        fields["cnonce"] if has_qop else "",
        fields["response"],
    )


def _username(fields: dict[str, str]) -> str:
    if fields.get("userhash", "false").lower() != "false":
        raise CredentialsError("userhash was not offered")
    if ("username" in fields) == ("username*" in fields):
        raise CredentialsError("username is missing, or given twice")
    if "username" in fields:
        return fields["username"]
    charset, _, rest = fields["username*"].partition("'")  # RFC 8187: UTF-8'language'%C3%A4
    try:
        username = unquote_to_bytes(rest.partition("'")[2]).decode()
    except ValueError:
        raise CredentialsError("username* is not UTF-8") from None
    if charset.upper() != "UTF-8" or _UNFIT.search(username):
        raise CredentialsError("username* is not UTF-8, or has control characters")
    return username
