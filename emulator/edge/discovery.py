"""WS-Discovery on the network: a camera hears who looks for it, and tells of itself.

It is heard and it speaks where it listens, and nowhere else: on the interface that has its
address, of which multicast is a part. One that listens at 127.0.0.1 is found on this machine
alone; one that listens everywhere is found on each interface, by that interface's address.
Questions are answered once, after a short delay, at the address that they came from.

Sources: WS-Discovery of April 2005 (2.4 addresses, 3.1.3 delays); SOAP-over-UDP.
"""

import asyncio
import fcntl
import logging
import socket
import struct
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from emulator.core.onvif import discovery
from emulator.core.onvif.discovery import About, Asked, Stamp

log = logging.getLogger("stuntcam")

GROUP, PORT = "239.255.255.250", 3702
EVERYWHERE = "0.0.0.0"  # noqa: S104  # compared with
LONGEST_DELAY_S = 0.5
"""Answers come within so long (APP_MAX_DELAY), each after another delay."""

LOOK_S = 1.0
"""So often it is looked whether what a camera says of itself has changed."""

MOST_WAITING = 64
"""Answers that wait for their time; questions beyond are not answered."""

MOST_OF_A_CROWD = 4096
"""Likewise, of all cameras of a process together."""

GREETED_AT_ONCE, GREETING_PAUSE_S = 20, 0.05
"""So many cameras of a crowd say Hello between two pauses."""

REMEMBERED = 256
"""Questions that are known again when they come twice, as clients send them."""

_MULTICAST_ALL = 49  # Linux's IP_MULTICAST_ALL, which Python does not name
_GET_ADDRESS = 0x8915  # Linux's SIOCGIFADDR

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What can be said of a camera now.

    endpoint, scopes  as in core/discovery.About
    paths  where it is, per scheme: (scheme, port, path)
    says   whether it wants to be found; is_up: whether there is anybody to say so
    """

    endpoint: str
    scopes: tuple[str, ...]
    paths: tuple[tuple[str, int, str], ...]
    says: bool = True
    is_up: bool = True

    def at(self, address: str, version: int) -> About:
        """Return what is said of it on the interface with that address."""
        xaddrs = tuple(f"{scheme}://{address}:{port}{path}" for scheme, port, path in self.paths)
        return About(self.endpoint, self.scopes, xaddrs, version)


class Discovery:
    """One camera's part in WS-Discovery. For one event loop.

    found       tells what can be said of it now; may block, but not for long
    host        the address that it listens on
    delay_s     gives how long an answer waits; message_id gives a new URN each time
    instance    seconds of real time at the start: later starts have higher numbers
    """

    def __init__(
        self,
        found: Callable[[], Found],
        host: str,
        delay_s: Callable[[], float],
        message_id: Callable[[], str],
        instance: int,
    ) -> None:
        self._found, self._host = found, host
        self._delay_s, self._message_id, self._instance = delay_s, message_id, instance
        self._version, self._number = instance, 0
        self._legs: list[_Leg] = []
        self._last: Found | None = None
        self._waiting: set[asyncio.TimerHandle] = set()
        self._known: deque[str] = deque(maxlen=REMEMBERED)
        self._looking: asyncio.Task[None] | None = None
        self._is_known = True

    async def start(self) -> None:
        """Begin, and say Hello; where that can't be, say so in the log and do nothing."""
        try:
            addresses = _addresses(self._host)
        except OSError as error:
            _log_unheard(self._host, error)
            return
        for address in addresses:
            try:
                self._legs.append(await _Leg.open(address, self._hear))
            except OSError as error:  # of this interface; there may be others
                _log_unheard(address, error)
        if self._legs:
            await self._look_if_possible()
            self._looking = asyncio.create_task(self._look_again())

    async def look(self) -> None:
        """See whether the camera is what it was, and tell if not."""
        now, last = await asyncio.to_thread(self._found), self._last
        self._last = now
        if last == now or not self._legs:
            return
        was_there = last is not None and last.says and last.is_up
        if was_there and last is not None and (last.scopes, last.paths) != (now.scopes, now.paths):
            self._version += 1
        if now.says and now.is_up:
            self._tell_all(now, discovery.hello)
        elif was_there and now.is_up:  # one without power says nothing any more
            self._tell_all(now, discovery.bye)

    async def stop(self) -> None:
        """Say Bye, and end."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._last is not None and self._last.says and self._last.is_up:
            self._tell_all(self._last, discovery.bye)
        self._close()

    # --- how it works ------------------------------------------------------------------------

    def _hear(self, leg: "_Leg", octets: bytes, sender: Address) -> None:
        now = self._last
        if now is None or not (now.says and now.is_up) or len(self._waiting) >= MOST_WAITING:
            return
        question = discovery.asked(octets)
        if question is None:
            return
        if not discovery.is_meant(question, now.at(leg.address, self._version)):
            return
        if question.message_id in self._known:
            return
        self._known.append(question.message_id)

        def answer() -> None:
            self._waiting.discard(timer)
            now = self._last  # may be another one meanwhile
            if now is not None and now.says and now.is_up:
                about = now.at(leg.address, self._version)
                leg.send(discovery.reply(question, about, self._stamp()), sender)

        timer = asyncio.get_running_loop().call_later(self._delay_s(), answer)
        self._waiting.add(timer)

    def _tell_all(self, now: Found, message: Callable[[About, Stamp], bytes]) -> None:
        for leg in self._legs:
            about = now.at(leg.address, self._version)
            leg.send(message(about, self._stamp()), (GROUP, PORT))

    def _stamp(self) -> Stamp:
        self._number += 1
        return Stamp(self._message_id(), self._instance, self._number)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            await self._look_if_possible()

    async def _look_if_possible(self) -> None:
        """Look; what can't be looked at is as it was."""
        try:
            await self.look()
        except Exception:  # a fault of ours, which is to end nothing
            if self._is_known:
                log.exception("discovery: what the camera says of itself can't be told")
            self._is_known = False
        else:
            self._is_known = True

    def _close(self) -> None:
        for timer in self._waiting:
            timer.cancel()
        for leg in self._legs:
            leg.close()
        self._waiting, self._legs = set(), []


class Crowd:
    """The part of many cameras of one machine in WS-Discovery, by one pair of sockets.

    Heard on one interface, where a fleet listens. Each camera that is meant answers for
    itself, after a delay of its own; they say Hello and Bye, a few at a time.

    host     the interface's own address
    founds   tells (address, Found) of each, whenever it is asked
    delay_s, message_id, instance  as Discovery's
    """

    def __init__(
        self,
        host: str,
        founds: Callable[[], Iterable[tuple[str, Found]]],
        delay_s: Callable[[], float],
        message_id: Callable[[], str],
        instance: int,
    ) -> None:
        self._host, self._founds = host, founds
        self._delay_s, self._message_id = delay_s, message_id
        self._instance, self._number = instance, 0
        self._leg: _Leg | None = None
        self._waiting: set[asyncio.TimerHandle] = set()
        self._known: deque[str] = deque(maxlen=REMEMBERED)
        self._greeting: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin, and say Hello; where that can't be, say so in the log and do nothing."""
        try:
            self._leg = await _Leg.open(self._host, self._hear)
        except OSError as error:
            _log_unheard(self._host, error)
            return
        self._greeting = asyncio.create_task(self._greet())

    def stop(self) -> None:
        """Say Bye, and end."""
        if self._leg is None or self._greeting is None:
            return
        self._greeting.cancel()
        for timer in self._waiting:
            timer.cancel()
        for address, found in self._founds():
            self._tell(address, found, discovery.bye)
        self._leg.close()

    def _hear(self, leg: "_Leg", octets: bytes, sender: Address) -> None:
        question = discovery.asked(octets)
        if question is None or question.message_id in self._known:
            return
        self._known.append(question.message_id)
        for address, found in self._founds():
            about = found.at(address, self._instance)
            if not (found.says and found.is_up and discovery.is_meant(question, about)):
                continue
            if len(self._waiting) >= MOST_OF_A_CROWD:
                return
            self._answer_later(leg, question, about, sender)

    def _answer_later(self, leg: "_Leg", question: Asked, about: About, to: Address) -> None:
        def answer() -> None:
            self._waiting.discard(timer)
            leg.send(discovery.reply(question, about, self._stamp()), to)

        timer = asyncio.get_running_loop().call_later(self._delay_s(), answer)
        self._waiting.add(timer)

    async def _greet(self) -> None:
        for number, (address, found) in enumerate(tuple(self._founds()), 1):
            self._tell(address, found, discovery.hello)
            if number % GREETED_AT_ONCE == 0:
                await asyncio.sleep(GREETING_PAUSE_S)

    def _tell(self, address: str, found: Found, message: Callable[[About, Stamp], bytes]) -> None:
        if self._leg is not None and found.says and found.is_up:
            about = found.at(address, self._instance)
            self._leg.send(message(about, self._stamp()), (GROUP, PORT))

    def _stamp(self) -> Stamp:
        self._number += 1
        return Stamp(self._message_id(), self._instance, self._number)


class _Leg(asyncio.DatagramProtocol):
    """One interface: a socket for what is sent to its address, and one for multicast."""

    def __init__(self, address: str, hear: Callable[["_Leg", bytes, Address], None]) -> None:
        self.address, self._hear = address, hear
        self._speaks: asyncio.DatagramTransport | None = None
        self._listens: asyncio.DatagramTransport | None = None

    @classmethod
    async def open(cls, address: str, hear: Callable[["_Leg", bytes, Address], None]) -> "_Leg":
        """Return a leg that hears. Raises OSError."""
        leg = cls(address, hear)
        loop = asyncio.get_running_loop()
        here = socket.inet_aton(address)
        group = struct.pack("4s4s", socket.inet_aton(GROUP), here)
        speaks = _socket(address, {socket.IP_MULTICAST_IF: here, socket.IP_MULTICAST_TTL: 1})
        leg._speaks, _ = await loop.create_datagram_endpoint(lambda: leg, sock=speaks)
        try:
            # Or what others have joined on other interfaces would be heard here, too.
            listens = _socket(GROUP, {_MULTICAST_ALL: 0, socket.IP_ADD_MEMBERSHIP: group})
            leg._listens, _ = await loop.create_datagram_endpoint(lambda: leg, sock=listens)
        except OSError:
            leg.close()
            raise
        return leg

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Hear somebody."""
        self._hear(self, data, addr)

    def error_received(self, exc: Exception) -> None:
        """Pass over what the network says of an answer that nobody waits for."""

    def send(self, octets: bytes, to: Address) -> None:
        """Say something."""
        if self._speaks is not None:
            self._speaks.sendto(octets, to)

    def close(self) -> None:
        """Hear no more."""
        for transport in (self._speaks, self._listens):
            if transport is not None:
                transport.close()


def _log_unheard(host: str, error: OSError) -> None:
    log.info("can't be discovered: %s port %d: %s", host, PORT, error.strerror or error)


def _socket(address: str, options: Mapping[int, int | bytes]) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        # Cameras share the port, on one machine; multicast reaches all of them.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setblocking(False)
        made.bind((address, PORT))
        for option, value in options.items():
            made.setsockopt(socket.IPPROTO_IP, option, value)
    except OSError:
        made.close()
        raise
    return made


def _addresses(host: str) -> Sequence[str]:
    """Return the address of each interface that a camera at `host` is found on.

    Raises OSError.
    """
    if ":" in host:
        raise OSError(0, "only IPv4 addresses are")
    if host != EVERYWHERE:
        return [host]
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(any_socket, _GET_ADDRESS, request)
            except OSError:  # one without an IPv4 address
                continue
            found.append(socket.inet_ntoa(answer[20:24]))
    return found
