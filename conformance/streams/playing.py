"""Pictures of an RTSP stream as FFmpeg plays it: over TCP or UDP, so many and no longer than that.

PyAV is imported when a stream is played. FFmpeg makes its own connection, to the target's host at
the port that was told, and shows the account there however it is asked: by Basic, too, and where
the device sends it. Nothing here keeps it from that. So no stream is played whose DESCRIBE has just
been answered with a redirect, or with no way to show the account but Basic (outlets.py); a device
that answers FFmpeg otherwise than it did then is told the password.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import numpy as np

from conformance.client import Client, Login
from conformance.exchange import NoAnswerError
from conformance.streams import pictures
from conformance.streams.pictures import Grey

OPENS_S, READS_S, PLAYS_S = 10.0, 8.0, 12.0
"""Seconds to open a stream, to wait for a packet, and to play in all."""

BOUNDED = {"max_pixels": str(pictures.MOST_PIXELS)}
"""Of FFmpeg's decoders: larger pictures get no memory."""


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a stream: the last picture, how many, their width and height, the codec."""

    last: Grey
    count: int
    size: tuple[int, int]
    codec: str


def play(
    client: Client,
    url: str,
    login: Login | None,
    transport: str = "tcp",
    is_enough: Callable[[Grey, int], bool] = lambda picture, count: True,
) -> Played:
    """Play a stream until it is enough of it, or PLAYS_S are over.

    is_enough  of the latest picture, and how many there were

    Raises NoAnswerError when it does not play, SpentError.
    """
    found: list[Played] = []

    def ask() -> bytes:
        for one in _pictures(url, login, transport):
            found[:] = [one]
            if is_enough(one.last, one.count):
                break
        if not found:
            raise NoAnswerError(f"{url} ({transport}): no picture within {PLAYS_S:g} s")
        width, height = found[0].size
        return f"{found[0].count} pictures, {width} x {height}, {found[0].codec}".encode()

    client.recorded("PLAY", f"{url} ({transport})", b"", ask)
    return found[0]


def _pictures(url: str, login: Login | None, transport: str) -> Iterator[Played]:
    import av  # noqa: PLC0415

    # A still picture is sent seldom: FFmpeg is to look at the first, not to wait for many.
    options = {"rtsp_transport": transport, "probesize": "2048", "fpsprobesize": "0", **BOUNDED}
    began_s, count = time.monotonic(), 0
    try:
        opened = av.open(_with_login(url, login), options=options, timeout=(OPENS_S, READS_S))
        with closing(opened):
            stream = opened.streams.video[0]
            stream.codec_context.options = BOUNDED
            stream.thread_type = "SLICE"  # threads by frame would hold pictures back
            _refuse_large(url, stream.codec_context.width, stream.codec_context.height)
            for packet in opened.demux(stream):
                for frame in packet.decode():
                    _refuse_large(url, frame.width, frame.height)
                    count += 1
                    grey = pictures.scaled(_grey(frame))
                    yield Played(grey, count, (frame.width, frame.height), str(stream.codec.name))
                if time.monotonic() - began_s > PLAYS_S:
                    return
    except (av.FFmpegError, IndexError, OSError) as error:
        # FFmpeg's own words may hold the address with the account in it.
        why = type(error).__name__ if isinstance(error, IndexError) else error.strerror
        raise NoAnswerError(f"{url} ({transport}): it does not play ({why})") from None


def _grey(frame: Any) -> Grey:
    return np.asarray(frame.to_ndarray(format="gray"), np.uint8)


def _refuse_large(url: str, width: int, height: int) -> None:
    if width * height > pictures.MOST_PIXELS:
        raise NoAnswerError(f"{url}: {width} x {height} pixels are more than any camera's")


def _with_login(url: str, login: Login | None) -> str:
    if login is None:
        return url
    parts = urlsplit(url)
    account = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}"
    return parts._replace(netloc=f"{account}@{parts.netloc}").geturl()
