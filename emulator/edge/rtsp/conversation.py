"""One connection: its requests one by one, and their answers.

A session belongs to the connection that set it up, and ends with it. Orders that players get
wrong are forgiven where their meaning is clear: SETUP before DESCRIBE, tracks in any order, a
stream's address where its picture is meant, one track's where all are.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Protocol

import av

from emulator.core.streams import rtp, rtsp, rtsp_transport
from emulator.core.streams.rtsp import Place, Request, RtspError
from emulator.core.streams.rtsp_transport import Transport
from emulator.edge.rtsp.login import Login
from emulator.edge.rtsp.sending import Datagrams, Interleaved, Ports
from emulator.edge.rtsp.session import Session, Way
from emulator.edge.rtsp.streams import Streams

log = logging.getLogger("stuntcam")

PUBLIC = {"Public": ", ".join(rtsp.METHODS)}

_Answer = tuple[Mapping[str, str], str]
"""The fields and the body of a 200."""


class Desk(Protocol):
    """What all connections share."""

    streams: Streams

    def opened(self, stream: str, talk: "Conversation") -> Session:
        """Return a new session. Raises RtspError (453)."""

    def ports(self, session: Session, client: tuple[str, int]) -> Ports:
        """Return the UDP ports; a client that is heard there keeps `session`. Raises RtspError."""


class Conversation:
    """Talks with one client until it leaves, is given up, or sends what can't be read.

    idle_s   so long may one without a session take for a whole request, or for an answer
    give_up  ends the connection, or the tunnel, so that nothing more is read
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        desk: Desk,
        login: Login,
        idle_s: float,
        give_up: Callable[[], None],
    ) -> None:
        self._reader, self._writer, self._desk, self._login = reader, writer, desk, login
        self._idle_s, self._give_up = idle_s, give_up
        self._session: Session | None = None
        self._is_first = True
        self._host = writer.get_extra_info("peername")[0]
        self._ours = writer.get_extra_info("sockname")[0]

    async def run(self) -> Request | None:
        """Talk. Returns a request of HTTP if the client began with one: it wants a tunnel."""
        try:
            while True:
                request = await self._request()
                if request is None or request.version != rtsp.VERSION:
                    return request
                await self._answer(request)
        except (asyncio.IncompleteReadError, OSError):
            return None  # the client has left, or has had its time
        finally:
            session, self._session = self._session, None
            if session is not None:
                session.end()

    def ended(self, session: Session) -> None:
        """Know that a session has ended; if by itself, the client is given up."""
        if session is self._session:
            self._session = None
            self._give_up()

    # --- octets ------------------------------------------------------------------------------

    async def _request(self) -> Request | None:
        """Read a request; None: it can't be read, which the client is told."""
        cseq = None
        try:
            request = rtsp.read_request(await self._head())
            if self._is_first and request.version.startswith("HTTP/"):
                return request
            cseq = request.cseq
            async with asyncio.timeout(self._idle_s):
                await self._reader.readexactly(request.length)
        except RtspError as error:
            # Where it ends, and with it where the next one begins, is not known.
            self._writer.write(rtsp.response(error.status, cseq, error.fields))
            await self._drain()
            return None
        self._is_first = False
        return request

    async def _answer(self, request: Request) -> None:
        try:
            fields, body = await self._answered(request)
            octets = rtsp.response(200, request.cseq, fields, body)
        except RtspError as error:
            octets = rtsp.response(error.status, request.cseq, error.fields)
            fields = {}
        except (ValueError, OSError, av.FFmpegError) as error:  # the camera's own trouble
            log.error("RTSP: %s %s: %s", request.method, request.uri[:60], error)
            octets = rtsp.response(503, request.cseq)
            fields = {}
        self._writer.write(octets)
        if request.method == "PLAY" and fields and self._session is not None:
            self._session.play()  # after the answer, so that no packet comes before it
        await self._drain()

    def _patience(self) -> asyncio.Timeout:
        # A session has a time of its own, which reports from its client extend.
        return asyncio.timeout(self._idle_s if self._session is None else None)

    async def _drain(self) -> None:
        """Wait until the client has taken most of its answers."""
        async with self._patience():
            await self._writer.drain()

    async def _head(self) -> bytes:
        async with self._patience():
            while True:
                first = await self._reader.readexactly(1)
                if first == b"$":
                    await self._report()
                elif first not in b"\r\n":  # blank lines between requests are let pass
                    return first + await self._rest()

    async def _rest(self) -> bytes:
        try:
            return await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            raise RtspError(400, f"over {rtsp.MOST_HEAD} octets without an end") from None

    async def _report(self) -> None:
        """Read what a client sends within the connection: reports, or what it likes."""
        length = int.from_bytes((await self._reader.readexactly(3))[1:], "big")
        octets = await self._reader.readexactly(length)
        if self._session is not None and rtp.is_report(octets):
            self._session.heard()

    # --- requests ----------------------------------------------------------------------------

    async def _answered(self, request: Request) -> _Answer:
        """Return the answer to a request. Raises RtspError."""
        if request.method in rtsp.NOT_ALLOWED:
            raise RtspError(405, request.method, {"Allow": PUBLIC["Public"]})
        if request.method not in rtsp.METHODS:
            raise RtspError(501, request.method, PUBLIC)
        if wanted := request.fields.get("require"):
            raise RtspError(551, wanted, {"Unsupported": wanted[:200]})
        if request.method == "OPTIONS":  # players ask what there is before they log in
            self._heard(request)
            return PUBLIC, ""
        self._login.check(request)
        return await self._done(request)

    async def _done(self, request: Request) -> _Answer:
        match request.method:
            case "DESCRIBE":
                return await self._describe(request)
            case "SETUP":
                return self._set_up(request), ""
            case "GET_PARAMETER" | "SET_PARAMETER":
                return self._parameter(request), ""
        session = self._known(request)
        where = rtsp.place(request.uri)
        if where.stream != session.stream:
            raise RtspError(454, f"session {session.number} is one of {session.stream}")
        named = {"Session": session.number}
        match request.method:
            case "PLAY":
                return {**named, **self._play(request, session)}, ""
            case "PAUSE":
                session.pause()
            case "TEARDOWN":
                self._session = None
                session.end()
        return named, ""

    async def _describe(self, request: Request) -> _Answer:
        where = rtsp.place(request.uri)
        accepted = request.fields.get("accept", "application/sdp").lower()
        if not any(kind in accepted for kind in ("application/sdp", "application/*", "*/*")):
            raise RtspError(406, f"Accept: {accepted[:60]}")
        describing = asyncio.to_thread(self._desk.streams.description, where.stream, self._ours)
        fields = {
            "Content-Type": "application/sdp",
            "Content-Base": rtsp.base(request.uri, where.stream),
        }
        return fields, await describing

    def _set_up(self, request: Request) -> Mapping[str, str]:
        where = rtsp.place(request.uri)
        track = where.track or rtsp.VIDEO
        transport = rtsp_transport.chosen(request.fields.get("transport", ""))
        # A second SETUP that names no session is of a player that forgot to.
        session = self._session if request.session is None else self._known(request)
        if session is not None and session.plays:
            raise RtspError(455, "SETUP while it plays")
        if session is not None and session.stream != where.stream:
            raise RtspError(459, f"session {session.number} is one of {session.stream}")
        if session is None:
            session = self._desk.opened(where.stream, self)
        try:
            told = self._way(session, where, track, transport)
        except RtspError:
            if not session.ways:
                session.end()
            raise
        self._session = session
        session.heard()
        lasts_s = round(session.lasts_s)
        return {"Transport": told, "Session": f"{session.number};timeout={lasts_s}"}

    def _way(self, session: Session, where: Place, track: str, transport: Transport) -> str:
        """Open a way to the client, and return how it is told."""
        pair = transport.pair or self._free_channels(session)
        ssrc = self._desk.streams.numbers[where.stream, track].ssrc
        if transport.is_tcp:
            used = self._channels(session, but=track)
            if used & set(pair):
                raise RtspError(461, f"channels {pair} are in use")
            sender = Interleaved(self._writer.transport, pair)
            session.ways[track] = Way(sender, pair, None)
            return rtsp_transport.spelled(transport, pair, ssrc, None)
        ports = self._desk.ports(session, (self._host, pair[1]))
        session.ways[track] = Way(Datagrams(ports, self._host, pair), None, (self._host, pair[1]))
        return rtsp_transport.spelled(transport, pair, ssrc, ports.numbers)

    @staticmethod
    def _channels(session: Session, but: str) -> set[int]:
        pairs = [way.channels for track, way in session.ways.items() if track != but]
        return {channel for pair in pairs if pair is not None for channel in pair}

    def _free_channels(self, session: Session) -> tuple[int, int]:
        used = self._channels(session, but="")
        first = next(channel for channel in range(0, 256, 2) if not used & {channel, channel + 1})
        return first, first + 1

    def _play(self, request: Request, session: Session) -> Mapping[str, str]:
        if not session.ways:
            raise RtspError(455, "PLAY before SETUP")
        where = rtsp.base(request.uri, session.stream)
        streams = self._desk.streams
        numbers = {track: streams.numbers[session.stream, track] for track in session.ways}
        now_ms = streams.now_ms()
        told = [
            f"url={where}{track};seq={one.sequence};rtptime={one.time(now_ms)}"
            for track, one in numbers.items()
        ]
        return {"Range": "npt=now-", "RTP-Info": ",".join(told)}

    def _parameter(self, request: Request) -> Mapping[str, str]:
        session = self._heard(request)
        if request.length:
            raise RtspError(451, "no parameter is known")
        return {} if session is None else {"Session": session.number}

    def _heard(self, request: Request) -> Session | None:
        """Return the session that a request names, if it names one. Raises RtspError (454)."""
        return None if request.session is None else self._known(request)

    def _known(self, request: Request) -> Session:
        session = self._session
        if session is None or request.session not in (None, session.number):
            named = "none" if request.session is None else repr(request.session[:40])
            why = 455 if session is None and request.session is None else 454
            raise RtspError(why, f"session {named} is not one of this connection")
        session.heard()
        return session
