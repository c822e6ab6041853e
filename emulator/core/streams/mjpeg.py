"""Pictures one after the other in one answer: MJPEG over HTTP.

Pure. The answer is of the type `multipart/x-mixed-replace`: each part is a JPEG file that
replaces the one before. Addresses are facts 8; the type's form is what browsers have shown
since 1995, no standard has it. Boundary and bounds are [INV].
"""

from collections.abc import Mapping

PATHS = {"/ipcam/mjpeg.cgi": "main", "/ipcam/mjpegcif.cgi": "sub"}
"""Which stream of core/streams/encoders.py an address shows."""

ANY_PATH = "/ipcam/httpstream.cgi"
STREAM_TYPES = {"main": "main", "cif": "sub", "third": "third"}
"""What `streamtype` may be at ANY_PATH."""

BOUNDARY = "stuntcam"
CONTENT_TYPE = f"multipart/x-mixed-replace; boundary={BOUNDARY}"

BEGIN = f"--{BOUNDARY}\r\n".encode()


def stream_of(path: str, query: Mapping[str, str]) -> str | None:
    """Return which stream is asked for; None: there is no such.

    >>> stream_of("/ipcam/httpstream.cgi", {"streamtype": "cif"})
    'sub'
    """
    if path == ANY_PATH:
        return STREAM_TYPES.get(query.get("streamtype", "main"))
    return PATHS.get(path)


def part(jpeg: bytes) -> bytes:
    """Return one picture as a part, after BEGIN or another part.

    It ends with the boundary that the next one begins with: a browser shows a part when it
    has seen that, and would be a picture late.
    """
    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
    return b"".join((head.encode(), jpeg, b"\r\n", BEGIN))
