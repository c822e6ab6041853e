"""RTSP over HTTP: what a client sends is base64 within a POST, which is undone here.

Pure. Source: the "Tunnelling RTSP and RTP over HTTP" note of 2001 that ONVIF Streaming 5.1.1.4
points to. Each request is coded by itself, so padding may come in the middle.
"""

import base64
import binascii

from emulator.core.streams.rtsp import RtspError

COOKIE = "x-sessioncookie"
"""The field by which the GET and the POST of one client find each other."""

MOST_COOKIE = 128

GREETING = (
    b"HTTP/1.0 200 OK\r\nConnection: close\r\nCache-Control: no-store\r\nPragma: no-cache\r\n"
    b"Content-Type: application/x-rtsp-tunnelled\r\n\r\n"
)
"""What the GET is answered; RTSP's answers and packets follow."""

_BLANKS = b" \t\r\n"


class Unwrapped:
    """Turns pieces of base64 into octets, as far as they are whole."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, piece: bytes) -> bytes:
        """Return what `piece` makes whole. Raises RtspError (400) for what is not base64."""
        text = self._rest + piece.translate(None, _BLANKS)
        whole = len(text) // 4 * 4
        self._rest = text[whole:]
        octets = bytearray()
        at = 0
        while at < whole:
            padding = text.find(b"=", at, whole)
            ends = whole if padding < 0 else padding // 4 * 4 + 4
            try:
                octets += base64.b64decode(text[at:ends], validate=True)
            except binascii.Error:
                raise RtspError(400, "the POST is not base64") from None
            at = ends
        return bytes(octets)
