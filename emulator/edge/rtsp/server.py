"""The RTSP port: who may connect, tunnels over HTTP, and what all connections share."""

import asyncio
import logging
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from emulator.core.streams import rtp, rtsp
from emulator.core.streams.rtsp import RtspError
from emulator.edge.rtsp.conversation import Conversation
from emulator.edge.rtsp.login import Login
from emulator.edge.rtsp.sending import Ports
from emulator.edge.rtsp.session import Session
from emulator.edge.rtsp.sights import Sights
from emulator.edge.rtsp.streams import Streams
from emulator.edge.rtsp.tunnel import Tunnels

log = logging.getLogger("stuntcam")

IDLE_S = 30.0
"""So long may a connection without a session take for a whole request; CHOICE."""


class RtspServer:
    """Serves one camera's streams on `listener`. For the event loop that it is started in.

    realm         what clients are told to log in to
    most_streams  sessions at a time (core/limits.py); the next one is told 453
    held          gives a socket that keeps the number of a listener, by its family and address,
                  and refuses connections
    session_s, idle_s  how long a silent client is waited for, with a session and without one
    """

    def __init__(
        self,
        sights: Sights,
        listener: socket.socket,
        realm: str,
        most_streams: int,
        held: Callable[[int, Any], socket.socket],
        session_s: float = rtsp.SESSION_S,
        idle_s: float = IDLE_S,
    ) -> None:
        self._sights, self._listener, self._realm = sights, listener, realm
        self._most_streams, self._held = most_streams, held
        self._session_s, self._idle_s = session_s, idle_s
        self._address, self._family = listener.getsockname(), listener.family
        self._server: asyncio.Server | None = None
        self._reasons: set[str] = set()
        self._talking: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._sessions: set[Session] = set()
        self._reporters: dict[tuple[str, int], Session] = {}
        self.tunnels = Tunnels(self._converse)
        self._ports: Ports | None = None

    async def start(self) -> None:
        """Open the port for the first time."""
        self._loop = asyncio.get_running_loop()
        self.streams = Streams(self._sights, partial(secrets.randbits, 32), self._end_all)
        await self._open()

    async def close(self) -> None:
        """Close the port and all connections; returns when nothing works any more."""
        if self._server is not None:
            self._server.close()
        else:
            self._listener.close()
        self._abort()
        if self._talking:
            await asyncio.wait(self._talking)
        if self._ports is not None:
            self._ports.close()
        await asyncio.to_thread(self.streams.studio.stop)

    # --- from any thread but the event loop's own --------------------------------------------

    def refuse(self, reason: str, refused: bool) -> None:
        """Refuse connections for a reason, or no longer for that one."""
        if (reason in self._reasons) != refused:
            asyncio.run_coroutine_threadsafe(self._refuse(reason, refused), self._loop).result()

    def refresh(self, stream: str) -> None:
        """Have a stream's next picture need none before it."""
        self.streams.studio.refresh((stream, rtsp.VIDEO))

    def cut(self) -> None:
        """Break all connections."""
        asyncio.run_coroutine_threadsafe(self._cut(), self._loop).result()

    # --- what connections share (conversation.Desk) ------------------------------------------

    def opened(self, stream: str, talk: Conversation) -> Session:
        """Return a new session. Raises RtspError (453) if there are too many."""
        if len(self._sessions) >= self._most_streams:
            raise RtspError(453, f"{self._most_streams} streams are watched already")

        def ended(session: Session) -> None:
            self._sessions.discard(session)
            gone = [who for who, whose in self._reporters.items() if whose is session]
            for who in gone:
                del self._reporters[who]
            talk.ended(session)

        session = Session(secrets.token_hex(8), stream, self.streams, ended, self._session_s)
        self._sessions.add(session)
        return session

    def ports(self, session: Session, client: tuple[str, int]) -> Ports:
        """Return the UDP ports; who is heard there as `client` keeps `session`."""
        if self._ports is None:
            try:
                self._ports = Ports(self._address[0], self._heard)
            except OSError as error:
                log.error("RTSP by UDP: %s", error)
                raise RtspError(461, "no UDP port is free") from error
        self._reporters[client] = session
        return self._ports

    def _end_all(self) -> None:
        # Viewers of streams that have ended would wait for ever; told so they come again.
        for session in list(self._sessions):
            session.end()

    def _heard(self, host: str, port: int, octets: bytes) -> None:
        session = self._reporters.get((host, port))
        if session is not None and rtp.is_report(octets):
            session.heard()

    # --- connections -------------------------------------------------------------------------

    async def _open(self) -> None:
        self._server = await asyncio.start_server(
            self._welcome, sock=self._listener, limit=rtsp.MOST_HEAD
        )

    async def _refuse(self, reason: str, refused: bool) -> None:
        (self._reasons.add if refused else self._reasons.discard)(reason)
        if self._reasons and self._server is not None:
            server, self._server = self._server, None
            server.close()
            self._listener = self._held(self._family, self._address)
        elif not self._reasons and self._server is None:
            self._listener.listen(128)
            await self._open()

    async def _cut(self) -> None:
        self._abort()

    def _abort(self) -> None:
        for writer in self._talking.values():
            writer.transport.abort()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._talking) >= rtsp.MOST_CONNECTIONS:
            writer.write(rtsp.response(503, None))
            writer.close()
            return
        self._talking[task] = writer
        # Packets are small and must not wait for one another; what waits for a client is ours to
        # limit, so none is to wait in the kernel that needn't.
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            talk = self._conversation(reader, writer, writer.transport.abort)
            request = await talk.run()
            if request is not None:
                await self.tunnels.serve(request, reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass  # the client has left, or has had its time
        finally:
            writer.close()
            # Who does not take the last of it would have his place for ever.
            with suppress(OSError):
                async with asyncio.timeout(self._idle_s):
                    await writer.wait_closed()
            writer.transport.abort()
            del self._talking[task]

    async def _converse(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        give_up: Callable[[], None],
    ) -> None:
        await self._conversation(reader, writer, give_up).run()

    def _conversation(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        give_up: Callable[[], None],
    ) -> Conversation:
        login = Login(self._realm, self._sights.accounts)
        return Conversation(reader, writer, self, login, self._idle_s, give_up)
