"""The options that say which card and shares a camera has."""

import os
from collections.abc import Callable, Sequence
from typing import Any

import click

from emulator.cli.options import UsageError
from emulator.core.volumes import MOST_NAS, VolumeError
from emulator.edge.storage import Volume, nas, sd_card

Command = Callable[..., Any]


def options(command: Command) -> Command:
    """Add the options to a command."""
    for option in (
        click.option(
            "--nas-password-env", metavar="VAR", help="Variable with the smb:// shares' password."
        ),
        click.option(
            "--nas",
            "shares",
            multiple=True,
            metavar="DIR|smb://user@host[:port]/share/path",
            help="A share: one that is mounted (NFS too), or by SMB. "
            f"May be given {MOST_NAS} times.",
        ),
        click.option(
            "--sd",
            metavar="DIR[:32G]",
            help="An SD card: a folder, and its size. With a card or a share, history older "
            "than 7 days stays (docs/storage.md).",
        ),
    ):
        command = option(command)
    return command


def volumes(sd: str | None, shares: Sequence[str], variable: str | None) -> list[Volume]:
    """Return the card and the shares that were typed. Raises UsageError or VolumeError."""
    if len(shares) > MOST_NAS:
        raise UsageError(f"--nas is given {len(shares)} times; a camera takes {MOST_NAS} shares")
    for share in {share for share in shares if shares.count(share) > 1}:
        raise UsageError(f"--nas {share} is given twice")
    password = None
    if variable is not None and not (password := os.environ.get(variable)):
        raise UsageError(f"--nas-password-env {variable}: no such variable, or it is empty")
    found = []
    try:
        if sd is not None:
            found.append(sd_card(sd))
        found += [nas(number, share, password) for number, share in enumerate(shares, start=1)]
    except VolumeError as error:
        option = "--sd" if len(found) == 0 and sd is not None else "--nas"
        raise UsageError(f"{option}: {error}") from error
    return found


def check(found: Sequence[Volume]) -> None:
    """Refuse a share that refused us; one that is not there may come. Raises UsageError."""
    for volume in found:
        if volume.is_locked_out:
            raise UsageError(f"--nas {volume.address}: {volume.status().reason}")
