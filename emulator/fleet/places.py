"""Where a fleet's cameras listen: addresses for all of them, and the sockets there.

Listeners are opened before anything else, so that a taken port costs nothing.
"""

import resource
import socket
from collections.abc import Sequence

from emulator.fleet.plan import Member, PlanError
from emulator.listening import LOOPBACK, PortError, listen

HANDLES = 4
"""Of each camera: its listener, and its store's file, log and index."""

SPARE = 512
"""Handles of a process besides: connections, and what Python and the libraries have open."""

Place = tuple[Member, socket.socket]
"""A camera and its listener."""


class FleetError(ValueError):
    """A fleet that can't be started; the message says why."""


def ports(count: int, first: int) -> list[int]:
    """Return a port for each of `count` cameras, from `first` on (0: any free). Raises PlanError.

    >>> ports(3, 8080)
    [8080, 8081, 8082]
    """
    if first and first + count - 1 > 65535:
        raise PlanError(f"{count} cameras from --http-port {first} on go beyond port 65535")
    return [first and first + number for number in range(count)]


def addresses(kind: str, count: int, port: int) -> list[tuple[str, int]]:
    """Return where each of `count` cameras listens.

    kind  "ports": 127.0.0.1, from `port` on (0: any free); "loopback": `port` at 127.1.x.y
    Raises PlanError if there are not so many.
    """
    if kind == "ports":
        return [(LOOPBACK, one) for one in ports(count, port)]
    if not port:
        raise PlanError("--http-port 0: by loopback address all have one port; 8080 is one")
    return [(f"127.1.{host}", port) for host in hosts(count)]


def hosts(count: int) -> list[str]:
    """Return the last two octets of `count` addresses, the last never 0 or 255.

    >>> hosts(255)[0], hosts(255)[254]
    ('0.1', '1.1')
    """
    return [f"{number // 254}.{number % 254 + 1}" for number in range(count)]


def opened(members: Sequence[Member], addresses: Sequence[tuple[str, int]]) -> list[Place]:
    """Return each camera with its listener. Raises PortError or FleetError; none is open then."""
    need_handles(len(members))
    places: list[Place] = []
    try:
        for member, address in zip(members, addresses, strict=True):
            places.append((member, listen(*address)))
    except PortError:
        for _, listener in places:
            listener.close()
        raise
    return places


def need_handles(cameras: int) -> None:
    """Have this process and its children allowed what so many cameras need. Raises FleetError."""
    need = cameras * HANDLES + SPARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < need:
        if hard != resource.RLIM_INFINITY and hard < need:
            raise FleetError(
                f"{cameras} cameras need {need} file handles, and {hard} are allowed (ulimit -n)"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (need, hard))
