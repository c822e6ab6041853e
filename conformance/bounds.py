"""How much of an answer is read, and why none came: the bounds of one request."""

from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may take: seconds to connect, seconds in all, bytes of the answer."""

    connect_s: float = 5.0
    total_s: float = 30.0
    body_bytes: int = 32 * 1024 * 1024


USUAL = Bounds()


class TooLargeError(OSError):
    """An answer of more bytes than are read."""


def why(error: Exception, bounds: Bounds) -> str:
    """Return what kept an answer from coming, in words."""
    match error:
        case TooLargeError():
            return f"the answer is larger than {bounds.body_bytes} bytes; the rest was not read"
        case httpx.ConnectTimeout():
            return f"no connection within {bounds.connect_s:g} s"
        case httpx.TimeoutException() | TimeoutError():
            return f"no complete answer within {bounds.total_s:g} s"
        case httpx.ConnectError():
            return f"no connection ({error})"
        case httpx.RemoteProtocolError():
            return f"no valid HTTP answer ({error})"
        case _:
            return str(error) or type(error).__name__


def mark_between_pictures(content_type: str) -> bytes:
    """Return the line that parts the pictures of a stream (MJPEG); empty: it is none.

    RFC 2046, 5.1; devices tell it with the two dashes or without. Such an answer never ends, so
    it is read until so many pictures are whole.
    """
    kind, *parameters = content_type.split(";")
    if kind.strip().lower() != "multipart/x-mixed-replace":
        return b""
    pairs = (one.strip().partition("=") for one in parameters)
    told = {name.lower(): value for name, _, value in pairs}
    name = told.get("boundary", "").strip().strip('"').removeprefix("--")
    return f"--{name}".encode() if name else b""
