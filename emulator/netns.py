"""Network namespaces (Linux, network_namespaces(7)), one thread's at a time.

A socket belongs to the namespace that its maker was in, whoever uses it later. Python has these
calls from 3.12 on only.
"""

import ctypes
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

CLONE_NEWNET = 0x40000000
SIOCGSKNS = 0x894C
"""Of a socket: its network namespace (linux/sockios.h)."""

_OWN = "/proc/thread-self/ns/net"


def new() -> int:
    """Return a handle of a new one; it lives as long as the handle or a socket in it does.

    Raises OSError: without CAP_SYS_ADMIN, or where there are none.
    """
    own = os.open(_OWN, os.O_RDONLY)
    try:
        _call("unshare", CLONE_NEWNET)
        try:
            return os.open(_OWN, os.O_RDONLY)
        finally:
            _call("setns", own, CLONE_NEWNET)
    finally:
        os.close(own)


def of(made: socket.socket) -> int:
    """Return a handle of the namespace of a socket. Raises OSError without CAP_NET_ADMIN."""
    return int(fcntl.ioctl(made.fileno(), SIOCGSKNS))


@contextmanager
def within(handle: int) -> Iterator[None]:
    """Have this thread in a namespace, and back again. Raises OSError."""
    own = os.open(_OWN, os.O_RDONLY)
    try:
        _call("setns", handle, CLONE_NEWNET)
        try:
            yield
        finally:
            _call("setns", own, CLONE_NEWNET)
    finally:
        os.close(own)


def _call(name: str, *arguments: int) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        raise OSError(0, f"this system has no {name}")
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
