"""RTSP messages as values: requests read from octets, answers spelled, addresses understood.

Pure. Source: RFC 2326 (RTSP 1.0); paths: facts 8. Whatever a client sends gives a Request or
an RtspError that says which status answers it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from emulator.core.streams.encoders import STREAMS

MOST_HEAD = 8192
"""Octets of a request's line and fields; CHOICE: clients send some 500."""

MOST_FIELDS = 64
MOST_BODY = 4096
"""Octets of a body; nobody has more to say than a parameter's name."""

MOST_CONNECTIONS = 64
"""Connections at a time, most of which may be half open; CHOICE."""

SESSION_S = 60
"""A session ends when its client was not heard of for so long (RFC 2326, 12.37)."""

PATHS = STREAMS
"""Streams there are; `/forth` (sic) and `/fifth` of larger models are not served."""

VIDEO, METADATA = "track1", "track2"
TRACKS = (VIDEO, METADATA)

STATUSES = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    413: "Request Entity Too Large",
    451: "Parameter Not Understood",
    453: "Not Enough Bandwidth",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    459: "Aggregate Operation Not Allowed",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "RTSP Version not supported",
    551: "Option not supported",
}

VERSION = "RTSP/1.0"

METHODS = (
    *("OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN"),
    *("GET_PARAMETER", "SET_PARAMETER"),
)
NOT_ALLOWED = ("ANNOUNCE", "RECORD", "REDIRECT")
"""Methods of RFC 2326 that a camera, which only shows, has no use for."""


class RtspError(ValueError):
    """A request that is refused: `status`, and the fields that go with it."""

    def __init__(self, status: int, why: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(why)
        self.status, self.fields = status, dict(fields or {})


@dataclass(frozen=True, slots=True)
class Request:
    """A request's line and fields; names of fields are in small letters."""

    method: str
    uri: str
    version: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def cseq(self) -> str:
        """Its number. Raises RtspError (400) if there is none, or no number; 505 for HTTP's."""
        if self.version != VERSION:
            raise RtspError(505, f"{self.version} amid RTSP")
        return _number(self.fields.get("cseq", ""), "CSeq", 400)

    @property
    def length(self) -> int:
        """How many octets of a body follow. Raises RtspError for what can't be, or is too much."""
        length = int(_number(self.fields.get("content-length", "0"), "Content-Length", 413))
        if length > MOST_BODY:
            raise RtspError(413, f"Content-Length={length} is over {MOST_BODY}")
        return length

    @property
    def session(self) -> str | None:
        """The session it is about, without a timeout that some clients repeat."""
        named = self.fields.get("session")
        return None if named is None else named.partition(";")[0].strip()


class Place(NamedTuple):
    """Where a URI points: a stream, and maybe one track of it."""

    stream: str
    track: str | None


def read_request(head: bytes) -> Request:
    """Return the request whose line and fields `head` holds, without the empty line.

    Raises RtspError: 400 for what is no request, 505 for another version. HTTP is let pass,
    as RTSP over HTTP begins so.
    """
    try:
        text = head.decode()
    except UnicodeDecodeError:
        raise RtspError(400, "the request is not UTF-8") from None
    line, *rest = text.replace("\r\n", "\n").strip("\n").split("\n")
    words = line.split(" ")
    if len(words) != 3 or not all(words) or not line.isprintable():
        raise RtspError(400, f"{line[:60]!r} is no request line")
    method, uri, version = words
    fields = _fields(rest)
    if version != VERSION and not version.startswith("HTTP/1."):
        is_other = version.startswith(("RTSP/", "HTTP/"))
        raise RtspError(505 if is_other else 400, f"{version[:20]!r} is not RTSP/1.0")
    return Request(method, uri, version, fields)


def response(
    status: int, cseq: str | None, fields: Mapping[str, str] | None = None, body: str = ""
) -> bytes:
    """Return an answer's octets; `cseq` None: of a request that had no number."""
    lines = [f"RTSP/1.0 {status} {STATUSES[status]}"]
    if cseq is not None:
        lines.append(f"CSeq: {cseq}")
    lines += [f"{name}: {value}" for name, value in (fields or {}).items()]
    octets = body.encode()
    if octets:
        lines.append(f"Content-Length: {len(octets)}")
    return "\r\n".join([*lines, "", ""]).encode() + octets


def place(uri: str) -> Place:
    """Return where `uri` points. Raises RtspError (404, or 400 for what is no URI).

    Slashes may come twice (`//main`, facts 8) and a query may follow: both are passed over.
    Clients that put a track's name after the query are understood.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        raise RtspError(400, f"{uri[:60]!r} is no URI") from None
    path = parts.path
    if not parts.scheme and uri.startswith("//"):  # `//main`, which looks like a host
        path = uri.partition("?")[0]
    segments = [segment for segment in path.split("/") if segment]
    last = parts.query.rpartition("/")[2]
    if len(segments) == 1 and last in TRACKS:
        segments.append(last)
    is_known = len(segments) in (1, 2) and segments[0] in PATHS
    if not is_known or segments[1:] not in ([], [VIDEO], [METADATA]):
        raise RtspError(404, f"there is no {path[:60]!r}")
    return Place(segments[0], segments[1] if len(segments) == 2 else None)


def base(uri: str, stream: str) -> str:
    """Return the address that a stream's tracks are relative to, as the client calls us."""
    parts = urlsplit(uri)
    has_host = parts.scheme and parts.netloc  # not `//main`, which only looks like one
    return f"rtsp://{parts.netloc}/{stream}/" if has_host else f"/{stream}/"


def _fields(lines: list[str]) -> dict[str, str]:
    if len(lines) > MOST_FIELDS:
        raise RtspError(400, f"{len(lines)} fields, over {MOST_FIELDS}")
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.strip().lower()
        # A line that goes on the one before went out of use with RFC 7230; so did blanks.
        if not colon or not name or not name.isascii() or " " in name:
            raise RtspError(400, f"{line[:60]!r} is no field")
        value = value.strip()
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    return fields


def _number(text: str, name: str, too_large: int) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise RtspError(400, f"{name}={text[:20]!r} is no number")
    if len(text) > 10:
        raise RtspError(too_large, f"{name}={text[:20]} has over 10 digits")
    return text
