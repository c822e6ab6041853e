"""Ports as sockets: taken, told as a URL, and held while nobody is let in."""

import os
import socket
from typing import Any


class PortError(ValueError):
    """An address that can't be listened on; the message names it and says why."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host` and `port` (0: any free). Raises PortError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        # The socket's own words repeat the address; but only it knows why a name is unknown.
        named = isinstance(error, socket.gaierror) or error.errno is None
        reason = (error.strerror or str(error)) if named else os.strerror(error.errno or 0)
        raise PortError(f"can't listen on {host} port {port}: {reason}") from error
    _answer_at_once(made)
    return made


def url(listener: socket.socket, scheme: str = "http") -> str:
    """Return where a client on this machine finds the listener."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared with
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def held(family: int, address: Any) -> socket.socket:
    """Return a socket that is bound to what a listener had, but does not listen.

    The number stays ours, and connections are refused. Raises OSError.
    """
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # as the listener was: IPv4's is another's
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)
    except OSError:
        made.close()
        raise
    _answer_at_once(made)
    return made


def _answer_at_once(listener: socket.socket) -> None:
    """Have what is accepted send small pieces without waiting for the client's acknowledgement.

    The accepted sockets take it over. asyncio does it only for sockets that name their protocol,
    which those of `create_server` don't; an answer in two pieces then waits some 40 ms.
    """
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
