"""The option that says where a camera's streams are watched by RTSP."""

import socket
from collections.abc import Callable
from typing import Any

import click

from emulator.cli.options import Port
from emulator.listening import listen

Command = Callable[..., Any]


def options(command: Command) -> Command:
    """Add the option to a command."""
    return click.option(
        "--rtsp-port",
        type=Port(),
        default="8554",
        show_default=True,
        help="Where players and recorders watch /main, /sub and /third (docs/streams.md). "
        "0: any free port.",
    )(command)


def told(url: object) -> str:
    """Return what is printed of them at the start: a line, or nothing if they are off."""
    return "" if url is None else f"streams at {url}/main, /sub and /third\n"


def listening(host: str, port: int | str) -> socket.socket | None:
    """Return the listener; None: it is off. Raises PortError."""
    return None if isinstance(port, str) else listen(host, port)
