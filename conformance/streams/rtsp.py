"""RTSP 1.0 (RFC 2326) as values: requests written, answers read, Digest by RFC 2069 and 2617.

Pure. Only what asking for a description takes; playing is PyAV's.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from conformance.client import Login

MOST_BYTES = 64 * 1024
_STATUS = re.compile(rb"RTSP/1\.[01] ([0-9]{3}) ?([^\r\n]{0,200})\r\n")


class RtspError(ValueError):
    """What came is no RTSP; the message says what it was."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its status, headers in order (names in small letters), body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all_of(self, name: str) -> list[str]:
        """Return the values of all headers of a name."""
        return [value for key, value in self.headers if key == name]

    @property
    def challenge(self) -> dict[str, str] | None:
        """The parameters of the Digest that is asked for; None: none is."""
        for text in self.all_of("www-authenticate"):
            if text.lower().startswith("digest "):
                found = re.findall(r'([A-Za-z]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))', text)
                return {name.lower(): quoted or plain for name, quoted, plain in found}
        return None


def request(method: str, url: str, number: int, headers: Mapping[str, str]) -> bytes:
    """Return a request without a body."""
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {number}", "User-Agent: stuntcam"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def needed(received: bytes) -> int | None:
    """Return how many bytes an answer will have, or None while that can't be told.

    Raises RtspError when it is none, or too long.
    """
    if not b"RTSP/1."[: len(received)] == received[:7]:
        raise RtspError(f"no RTSP: {received[:60]!r}")
    head, end, _ = received.partition(b"\r\n\r\n")
    if not end:
        if len(received) > MOST_BYTES:
            raise RtspError(f"a header of more than {MOST_BYTES} bytes")
        return None
    found = re.search(rb"\r\ncontent-length:\s*([0-9]{1,9})\s*(?:\r\n|$)", head, re.IGNORECASE)
    length = len(head) + 4 + (int(found[1]) if found else 0)
    if length > MOST_BYTES:
        raise RtspError(f"an answer of {length} bytes is more than {MOST_BYTES}")
    return length


def reply(received: bytes) -> Reply:
    """Return a whole answer. Raises RtspError."""
    status = _STATUS.match(received)
    if status is None:
        raise RtspError(f"no RTSP: {received[:60]!r}")
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
    return Reply(int(status[1]), headers, body)


def authorization(
    challenge: Mapping[str, str], method: str, url: str, login: Login, cnonce: str
) -> str:
    """Return the header that answers a Digest challenge; MD5 is all that RTSP 1.0 knows.

    Raises RtspError when it is not to be answered.
    """
    algorithm = challenge.get("algorithm", "MD5")
    if algorithm.upper() != "MD5" or "nonce" not in challenge:
        raise RtspError(f"a challenge that can't be answered (algorithm {algorithm[:20]})")
    realm, nonce = challenge.get("realm", ""), challenge["nonce"]
    secret = _md5(f"{login.user}:{realm}:{login.password}")
    asked = _md5(f"{method}:{url}")
    told = [f'username="{login.user}"', f'realm="{realm}"', f'nonce="{nonce}"', f'uri="{url}"']
    if "auth" in challenge.get("qop", "").replace(" ", "").split(","):
        answer = _md5(f"{secret}:{nonce}:00000001:{cnonce}:auth:{asked}")
        told += ["qop=auth", "nc=00000001", f'cnonce="{cnonce}"']
    else:
        answer = _md5(f"{secret}:{nonce}:{asked}")
    if opaque := challenge.get("opaque"):
        told.append(f'opaque="{opaque}"')
    return "Digest " + ", ".join([*told, f'response="{answer}"'])


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324  # what RTSP's Digest is made of
