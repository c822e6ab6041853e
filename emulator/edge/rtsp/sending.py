"""Ways to a client: within its connection, or by UDP. Neither ever waits.

A client that does not take what it is sent is left out until it does; nobody else notices.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Protocol

from emulator.edge.rtsp.line import Burst

MOST_UNSENT = 1 << 20
"""Octets that may wait for one client, besides the burst in hand: some seconds of video."""

_PORT_TRIES = 64


class Sender(Protocol):
    """A way for one track to one client."""

    @property
    def is_clear(self) -> bool:
        """Whether the client has taken all of it, as far as can be known."""

    @property
    def has_room(self) -> bool:
        """Whether more may be sent."""

    def send(self, burst: Burst, reports: bool) -> None:
        """Send packets; `reports`: and what the sender says of itself."""


class Interleaved:
    """Within the RTSP connection (RFC 2326, 10.12); `channels`: of media, and of reports."""

    def __init__(self, transport: asyncio.WriteTransport, channels: tuple[int, int]) -> None:
        self._transport, self._channels = transport, channels

    @property
    def is_clear(self) -> bool:
        """Whether the connection is open, and nothing waits to be taken."""
        is_open = not self._transport.is_closing()
        return is_open and self._transport.get_write_buffer_size() == 0

    @property
    def has_room(self) -> bool:
        """Whether the connection is open, and not too much waits."""
        is_open = not self._transport.is_closing()
        return is_open and self._transport.get_write_buffer_size() < MOST_UNSENT

    def send(self, burst: Burst, reports: bool) -> None:
        """Send packets; `reports`: and what the sender says of itself."""
        media, told = self._channels
        octets = framed(burst.packets, media)
        self._transport.write(framed([burst.report], told) + octets if reports else octets)


def framed(packets: Iterable[bytes | bytearray], channel: int) -> bytes:
    """Return packets as they go within a connection."""
    pieces: list[bytes | bytearray] = []
    for packet in packets:
        pieces += [b"$" + bytes([channel]) + len(packet).to_bytes(2, "big"), packet]
    return b"".join(pieces)


class Datagrams:
    """By UDP, from the ports that all clients share; `ports`: the client's."""

    def __init__(self, ports: "Ports", host: str, client: tuple[int, int]) -> None:
        self._ports = ports
        self._media, self._told = ((host, port) for port in client)

    is_clear = False
    """Nobody knows; a client that wants more reports, or asks for something."""

    has_room = True
    """What has no room is lost, as datagrams are."""

    def send(self, burst: Burst, reports: bool) -> None:
        """Send packets; `reports`: and what the sender says of itself."""
        if reports:
            self._ports.send(1, burst.report, self._told)
        for packet in burst.packets:
            self._ports.send(0, packet, self._media)


class Ports:
    """The pair of UDP ports that everything is sent from: an even one, and the next.

    heard  is told who has sent a report: his host and port
    Raises OSError when made if there is no such pair.
    """

    def __init__(self, host: str, heard: Callable[[str, int, bytes], None]) -> None:
        self._heard = heard
        self._sockets = _pair(host)
        self.numbers = self._sockets[0].getsockname()[1], self._sockets[1].getsockname()[1]
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._sockets[1], self._read)

    def send(self, which: int, octets: bytes | bytearray, to: tuple[str, int]) -> None:
        """Send a datagram, if there is room."""
        with suppress(OSError):  # full, or nobody there: it is lost, as datagrams may be
            self._sockets[which].sendto(octets, to)

    def close(self) -> None:
        """Close them."""
        self._loop.remove_reader(self._sockets[1])
        for one in self._sockets:
            one.close()

    def _read(self) -> None:
        try:
            octets, (host, port, *_) = self._sockets[1].recvfrom(2048)
        except OSError:
            return
        self._heard(host, port, octets)


def _pair(host: str) -> tuple[socket.socket, socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for _ in range(_PORT_TRIES):
        first = socket.socket(family, socket.SOCK_DGRAM)
        second = socket.socket(family, socket.SOCK_DGRAM)
        try:
            first.bind((host, 0))
            number = first.getsockname()[1]
            if number % 2 == 0:
                second.bind((host, number + 1))
                first.setblocking(False)
                second.setblocking(False)
                return first, second
        except OSError:
            pass  # the next one is taken
        first.close()
        second.close()
    raise OSError(f"no pair of UDP ports is free on {host}")
