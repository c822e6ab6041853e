"""What the commands that run until Ctrl-C take alike: ports, token, state, user, ready-file."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from emulator.cli import passwords
from emulator.cli.options import Port, UsageError

Option = Callable[[Callable[..., Any]], Callable[..., Any]]

control_token = click.option(
    "--control-token-env",
    metavar="VAR",
    help="Variable with a token that control requests must bear. [default: none needed]",
)
state = click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where heat and settings are kept. [default: the user's state folder]",
)
user = click.option("--user", default="admin", show_default=True, help="The administrator's name.")
password = click.option(
    "--password-env",
    metavar="VAR",
    help=f"Variable with the password. [default: {passwords.VARIABLE}, else one is made]",
)
no_discovery = click.option(
    "--no-discovery",
    is_flag=True,
    help="Let nobody find what listens by WS-Discovery. [default: it is found]",
)
ready_file = click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Written once everything answers: one line of JSON with the URLs.",
)


def http_port(about: str = "") -> Option:
    """Return the option for the camera's port, with what else is to be said `about` it."""
    return click.option(
        "--http-port",
        type=click.IntRange(0, 65535),
        default=8080,
        show_default=True,
        help=f"{about}0: any free port.",
    )


def control_port(default: int, whose: str) -> Option:
    """Return the option for the control interface's port, and for none."""
    return click.option(
        "--control-port",
        type=Port(),
        default=str(default),
        show_default=True,
        help=f"Where {whose} can be controlled, on this machine alone (docs/control.md). "
        "0: any free port.",
    )


def token(variable: str | None, control_port: int | str) -> str | None:
    """Return what control requests must bear; None: nothing. Raises UsageError."""
    if variable is None:
        return None
    if control_port == "off":
        raise UsageError(f"--control-token-env {variable}: the control interface is off")
    if not (found := os.environ.get(variable)):
        raise UsageError(f"--control-token-env {variable}: no such variable, or it is empty")
    return found
