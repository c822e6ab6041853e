"""A recorded device on loopback, over HTTP/1.1, byte for byte as far as it was kept.

Written by hand, since an answer may be of any status and header, and a recorded silence is a
connection that closes. Bounded in connections, sizes and time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from conformance import replayed
from conformance.exchange import MOST_KEPT, Headers
from conformance.recorded import folder, questions
from conformance.recorded.answering import Answers
from conformance.recorded.folder import Reply

MOST_CONNECTIONS = 128
MOST_HEAD, MOST_BODY = 64 * 1024, 64 * 1024 * 1024
IDLE_S = 75.0

_THE_WIRES = {"connection", "content-length", "transfer-encoding", "keep-alive", "upgrade"}
_TEXT = (("Content-Type", "text/plain; charset=utf-8"),)
_WITHOUT_BODY = {204, 304}


class BadRequestError(ValueError):
    """What came is no request that can be answered; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `body` is its beginning, `size` its bytes."""

    method: str
    target: str
    headers: Headers
    body: bytes
    size: int

    def header(self, name: str) -> str:
        """Return the first header of a name, or an empty text."""
        return next((text for key, text in self.headers if key.lower() == name), "")


class Server:
    """Serves one recording until it is closed."""

    def __init__(self, answers: Answers, session: list[str]) -> None:
        self._answers, self._session = answers, session
        self.url = ""
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, port: int) -> str:
        """Listen on loopback, port 0: any; returns the URL. Raises OSError."""
        self._server = await asyncio.start_server(
            self._talk, "127.0.0.1", port, limit=MOST_HEAD, backlog=MOST_CONNECTIONS
        )
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self.url

    async def close(self) -> None:
        """Stop listening, and end the connections."""
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            if len(self._open) <= MOST_CONNECTIONS:
                async with asyncio.timeout(None) as bound:
                    await self._requests(reader, writer, bound)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # gone, silent, or the server is closed
        finally:
            self._open.discard(task)
            writer.close()

    async def _requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bound: asyncio.Timeout
    ) -> None:
        now = asyncio.get_running_loop().time
        while True:
            bound.reschedule(now() + IDLE_S)
            try:
                request = await _read(reader, _continuing(writer))
            except BadRequestError as error:
                said = Reply(400, _TEXT, f"stuntcam replay: {error}\n".encode(), True, "", ())
                writer.write(_written(said, "GET", replayed.NOTHING, is_last=True))
                return await writer.drain()
            answered = self._reply(request)
            if answered is None:
                return None  # as the device did: not a byte
            reply, kind = answered
            is_last = request.header("connection").lower() == "close" or _is_endless(reply)
            writer.write(_written(reply, request.method, kind, is_last))
            await writer.drain()
            if is_last:
                return None

    def _reply(self, request: Request) -> tuple[Reply, str] | None:
        """Return what is answered, and whether it was recorded; None: nothing at all."""
        method, target = request.method, request.target
        is_other = target.startswith(f"{replayed.OTHER}?")
        if is_other:
            asked = parse_qs(urlsplit(target).query)
            method = asked.get("method", [""])[0]
            target = folder.target(asked.get("url", [""])[0])
        question = questions.question(
            method, target, request.body, request.header("content-type"), self.url, request.size
        )
        asker = questions.asker(request.headers, request.body, self._session)
        found = self._answers.answer(question, asker, self.url)
        if found is None:
            told = f"stuntcam replay: {method} {target} is not in this recording\n".encode()
            return Reply(404, _TEXT, told, True, "", ()), replayed.NOTHING
        if is_other:
            said = found.failure.encode() or found.body
            status = replayed.NO_ANSWER if found.failure else 200
            return Reply(status, (), said, False, "", ()), replayed.KEPT
        return None if found.failure or not found.status else (found, replayed.KEPT)


async def _read(reader: asyncio.StreamReader, go_on: Callable[[], Awaitable[None]]) -> Request:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise BadRequestError(f"a header of more than {MOST_HEAD} bytes") from None
    first, *lines = head.decode("latin-1")[:-4].split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1.") or not all(words):
        raise BadRequestError("no HTTP/1.1 request")
    pairs = [line.partition(":") for line in lines]
    if not all(colon and name.strip() for name, colon, _ in pairs):
        raise BadRequestError("a header without a colon")
    headers = tuple((name.strip(), value.strip()) for name, _, value in pairs)
    told = {name.lower(): value for name, value in headers}
    if "transfer-encoding" in told:
        raise BadRequestError("a body in chunks; Content-Length is what is understood")
    length = told.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and int(length[:12]) <= MOST_BODY):
        raise BadRequestError(f"Content-Length {length[:20]!r} is not one of 0..{MOST_BODY}")
    if told.get("expect", "").lower() == "100-continue":
        await go_on()
    size = int(length)
    body = await reader.readexactly(min(size, MOST_KEPT))
    for left in range(size - len(body), 0, -MOST_HEAD):
        await reader.readexactly(min(left, MOST_HEAD))
    target = words[1] if words[1].startswith("/") else _path(words[1])
    return Request(words[0], target, headers, body, size)


def _path(target: str) -> str:
    parts = urlsplit(target)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _continuing(writer: asyncio.StreamWriter) -> Callable[[], Awaitable[None]]:
    async def go_on() -> None:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()

    return go_on


def _is_endless(reply: Reply) -> bool:
    kinds = [text for name, text in reply.headers if name.lower() == "content-type"]
    return any(text.lower().startswith("multipart/x-mixed-replace") for text in kinds)


def _written(reply: Reply, method: str, kind: str, is_last: bool) -> bytes:
    headers = [pair for pair in reply.headers if pair[0].lower() not in _THE_WIRES]
    headers.append((replayed.HEADER, kind))
    has_body = method != "HEAD" and reply.status not in _WITHOUT_BODY
    if has_body and not _is_endless(reply):
        headers.append(("Content-Length", str(len(reply.body))))
    if is_last:
        headers.append(("Connection", "close"))
    lines = [f"HTTP/1.1 {reply.status} "]
    lines += [f"{_on_a_line(name)}: {_on_a_line(text)}" for name, text in headers]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
    return head + (reply.body if has_body else b"")


def _on_a_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
