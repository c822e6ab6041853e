"""The options that say whether a camera answers by HTTPS, and with which certificate."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from emulator import serving
from emulator.cli.options import Port, UsageError
from emulator.edge import tls
from emulator.listening import listen

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104  # compared with: no address to be found at

Command = Callable[..., Any]


def options(command: Command) -> Command:
    """Add the options to a command."""
    for option in (
        click.option(
            "--tls-key",
            type=click.Path(path_type=Path),
            metavar="F",
            help="The certificate's key, as a PEM file.",
        ),
        click.option(
            "--tls-cert",
            type=click.Path(path_type=Path),
            metavar="F",
            help="HTTPS's certificate, and its chain, as a PEM file. [default: one of its own, "
            "made once and kept in the state]",
        ),
        click.option(
            "--https-port",
            type=Port(),
            default="off",
            show_default=True,
            help="The same by HTTPS. 0: any free port.",
        ),
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Https:
    """HTTPS as it was typed: its listener, and its certificate if one was given."""

    listener: socket.socket
    host: str
    identity: tls.Identity | None

    def secured(self, folder: Path, name: str) -> tuple[serving.Secured, str]:
        """Return what to serve, and the fingerprint; a certificate of its own has `name`.

        Raises TlsError.
        """
        hosts = () if self.host in EVERYWHERE else (self.host,)
        identity = self.identity or tls.kept(folder, name, hosts, datetime.now(UTC))
        return serving.Secured(self.listener, identity.context), identity.fingerprint


def identity(port: int | str, certificate: Path | None, key: Path | None) -> tls.Identity | None:
    """Return the certificate that was given. Raises UsageError or TlsError."""
    for option, file in (("--tls-cert", certificate), ("--tls-key", key)):
        if file is not None and port == "off":
            raise UsageError(f"{option} {file}: HTTPS is off; --https-port N would turn it on")
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        given, missing = ("--tls-key", "--tls-cert") if key else ("--tls-cert", "--tls-key")
        raise UsageError(f"{given} {key or certificate}: {missing} is missing")
    return tls.given(certificate, key)


def listening(host: str, port: int | str, identity: tls.Identity | None) -> Https | None:
    """Return HTTPS with its port taken; None: it is off. Raises PortError."""
    if isinstance(port, str):
        return None
    return Https(listen(host, port), host, identity)
