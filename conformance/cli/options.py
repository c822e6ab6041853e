"""What the harness's commands have in common: who logs in, where journals lie, TLS."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import platformdirs

from conformance.client import Login
from conformance.safety import READ_ONLY, REVERSIBLE, allows

PASSWORD_VARIABLE = "STUNTCAM_PASSWORD"  # noqa: S105  # a variable's name


class UsageError(ValueError):
    """Something typed, or left out, that can't be; the message names it."""


def login(user: str | None, password_env: str | None, *, ask: bool) -> Login | None:
    """Return the account to log in with, None without a user.

    The password is in the variable `password_env`, or in $STUNTCAM_PASSWORD; else it is asked
    for on a terminal. Raises UsageError where it can't be had.
    """
    if user is None:
        return None
    variable = password_env or PASSWORD_VARIABLE
    password = os.environ.get(variable)
    if password is None and ask and password_env is None and sys.stdin.isatty():
        password = click.prompt(f"password of {user}", hide_input=True, err=True)
    if password is None:
        raise UsageError(f"no password for {user!r}: ${variable} is not set")
    return Login(user, password)


def journals() -> Path:
    """Return the folder of journals (CONTRACT 1)."""
    return Path(platformdirs.user_state_path("stuntcam")) / "journals"


def tls(command: Any) -> Any:
    """Give a command --ca, --fingerprint and --insecure."""
    for option in (
        click.option("--ca", metavar="FILE", help="Certificates that may vouch for the camera's."),
        click.option(
            "--fingerprint", metavar="SHA256", help="The camera's own certificate, as it must be."
        ),
        click.option("--insecure", is_flag=True, help="Take any certificate, on any address."),
    ):
        command = option(command)
    return command


def account(command: Any) -> Any:
    """Give a command -u and --password-env."""
    password = click.option(
        "--password-env",
        metavar="VAR",
        help=f"Variable with its password. [default: {PASSWORD_VARIABLE}, else you are asked]",
    )
    user = click.option("-u", "--user", metavar="USER", help="The account to log in with.")
    return user(password(command))


PLAYER = "http://127.0.0.1:8070"
"""Where `stuntcam stimulus --play` listens unless told otherwise."""


def stimulus(typed: Mapping[str, Any]) -> str | None:
    """Return the player of `check --stimulus`, None without. Raises UsageError."""
    if not typed["stimulus"]:
        if typed["screen"]:
            raise UsageError("--screen is for --stimulus")
        return None
    if typed["control"]:
        raise UsageError("--stimulus and --control: only one of them can show the scenes")
    if not allows(typed["safety"] or READ_ONLY, REVERSIBLE):
        raise UsageError(f"--stimulus changes settings between films: --safety {REVERSIBLE}")
    return str(typed["screen"] or PLAYER)


def from_env(variable: str | None) -> str | None:
    """Return what a variable that an option names holds. Raises UsageError if it is not set."""
    if variable is None:
        return None
    if variable not in os.environ:
        raise UsageError(f"${variable} is not set")
    return os.environ[variable]


def numbered(name: str) -> Path:
    """Return the first of ./NAME-1, ./NAME-2 ... that is not there yet."""
    number = 1
    while (folder := Path(f"{name}-{number}")).exists():
        number += 1
    return folder
