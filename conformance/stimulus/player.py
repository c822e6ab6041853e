"""The player: one page for a browser in full screen, and requests that tell it what to show.

    GET /           the page
    GET /screen     what is on, as MJPEG, FPS pictures a second
    GET /v1/player  {"now_s": ..., "watching": N}: its time, and how many screens there are
    PUT /v1/film    {"number": N, "film": {...}}: begin a film (films.py); answers {"now_s": ...}
    PUT /v1/time    clear the stage, and tell the time

The page does nothing but show: all that is drawn is drawn here, once, for pages, videos and
tests. What may be told is bounded, and does no harm beyond the screen.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from conformance.stimulus import code, films
from conformance.stimulus.films import FilmError
from conformance.stimulus.page import PAGE
from conformance.stimulus.stagehand import Stagehand

FPS = 20
MOST_WATCHING = 8
MOST_BYTES = 64 * 1024
SILENT_S = 10.0
"""A browser that takes no picture for so long is gone."""
BETWEEN = "stuntcam-screen"

Clock = Callable[[], float]


class PlayerError(ValueError):
    """The player can't listen; the message names the address."""


LETS_GO_S = 5.0
"""Whoever watches is gone by then, or takes no more: only what is written to him waits."""


class Player:
    """A player that listens. Close it after use."""

    def __init__(self, host: str, port: int, clock: Clock = time.monotonic) -> None:
        self.stagehand = Stagehand()
        self.watching = 0
        self.closing = threading.Event()
        self._counting = threading.Condition()
        self.clock = clock

        class Handler(_Handler):
            player = self

        try:
            self._server = _Server((host, port), Handler)
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise PlayerError(f"can't listen at {host}:{port}: {why}") from None
        self.url = f"http://{_shown(host)}:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Listen no more, and let those who watch go.

        Pictures that are being drawn are waited for: a thread that is in OpenCV while the process
        ends takes it down with SIGABRT.
        """
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        with self._counting:
            self._counting.wait_for(lambda: not self.watching, LETS_GO_S)

    @contextmanager
    def one_more(self) -> Iterator[bool]:
        """Count a screen; False: there are too many."""
        with self._counting:
            fits = self.watching < MOST_WATCHING
            self.watching += fits
        try:
            yield fits
        finally:
            with self._counting:
                self.watching -= fits
                self._counting.notify_all()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that is closed is no news."""


class _Handler(BaseHTTPRequestHandler):
    player: ClassVar[Player]
    protocol_version = "HTTP/1.1"
    timeout = SILENT_S

    def do_GET(self) -> None:  # the library's name
        match self.path.partition("?")[0]:
            case "/":
                self._answer(200, PAGE.encode(), "text/html; charset=utf-8")
            case "/screen":
                self._screen()
            case "/v1/player":
                self._tell(200, now_s=self.player.clock(), watching=self.player.watching)
            case _:
                self._tell(404, error="nothing is here")

    def do_PUT(self) -> None:  # the library's name
        try:
            document = self._document()
            match self.path:
                case "/v1/film":
                    film, number = films.read(document.get("film") or {}), _number(document)
                    now_s = self.player.clock()
                    self.player.stagehand.show(film, number, now_s)
                    self._tell(200, now_s=now_s)
                case "/v1/time":
                    self.player.stagehand.show_time()
                    self._tell(200, now_s=self.player.clock())
                case _:
                    self._tell(404, error="nothing is here")
        except FilmError as error:
            self._tell(400, error=str(error))

    def _document(self) -> dict[str, Any]:
        told = self.headers.get("Content-Length", "0")
        if not told.isdecimal() or int(told) > MOST_BYTES:
            self.close_connection = True
            raise FilmError(f"a body of {told[:20]} bytes; at most {MOST_BYTES} are taken")
        try:
            document = json.loads(self.rfile.read(int(told)) or b"{}")
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise FilmError("the body is no JSON object")
        return document

    def _screen(self) -> None:
        with self.player.one_more() as fits, suppress(OSError):
            if not fits:
                self._tell(503, error=f"{MOST_WATCHING} screens are watching already")
                return
            self.close_connection = True
            self.send_response(200)
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BETWEEN}")
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            due_s = time.monotonic()
            while not self.player.closing.is_set():
                content = self.player.stagehand.jpeg(self.player.clock())
                head = f"--{BETWEEN}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(content)}"
                self.wfile.write(head.encode() + b"\r\n\r\n" + content + b"\r\n")
                due_s = max(due_s + 1 / FPS, time.monotonic() - 1 / FPS)
                self.player.closing.wait(max(0.0, due_s - time.monotonic()))

    def _tell(self, status: int, **document: Any) -> None:
        self._answer(status, json.dumps(document).encode(), "application/json")

    def _answer(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the library's
        """Say nothing."""


def _number(document: Mapping[str, Any]) -> int:
    number = document.get("number")
    if type(number) is not int or not 0 < number <= code.LARGEST:
        raise FilmError(f"number {number!r} is outside 1..{code.LARGEST}")
    return number


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104  # what a browser here would type
        return "127.0.0.1" if host == "0.0.0.0" else "[::1]"  # noqa: S104
    return f"[{host}]" if ":" in host else host
