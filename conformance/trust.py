"""TLS: whose certificate is taken, and what is then known of the other side.

A camera's certificate is nearly always its own. On a private address one that can't be verified
is taken, its fingerprint told and kept to: every later connection must show the same one. Where
anybody could be on the way (a public address) it is refused unless the user says otherwise.
"""

import hashlib
import socket
import ssl
from dataclasses import dataclass
from typing import Any

HANDSHAKE_S = 10.0


class TrustError(ValueError):
    """The other side could not prove who it is; the message says how, and what would do."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How connections are made.

    context      what handshakes are made with; None: no TLS
    fingerprint  SHA-256 of the certificate that the device must show, hex; None: any that
                 `context` accepts
    verified     whether somebody vouches for it: an authority, or the user's --fingerprint.
                 False: Basic, which shows the password, is not sent
    shown        what to tell the user, or empty
    """

    context: ssl.SSLContext | None
    fingerprint: str | None = None
    verified: bool = True
    shown: str = ""

    def check(self, connection: Any) -> None:
        """Refuse the connection (an SSLObject) of anybody else than at first."""
        if self.fingerprint is None:
            return
        found = fingerprint_of(connection.getpeercert(binary_form=True) or b"")
        if found != self.fingerprint:
            raise TrustError(f"the certificate is {found}, not {self.fingerprint}")


PLAIN = Trust(None)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user says of TLS: --ca FILE, --fingerprint SHA256 or --insecure."""

    ca: str | None = None
    fingerprint: str | None = None
    insecure: bool = False


def establish(host: str, port: int, wish: Wish, is_private: bool) -> Trust:
    """Return how to connect to a device, after a first handshake with it.

    Raises TrustError when it can't prove who it is, OSError when it can't be reached.
    """
    if wish.fingerprint is not None:
        wanted = _plain(wish.fingerprint)
        trust = Trust(_any(), wanted)
        _handshake(host, port, trust)
        return trust
    if not wish.insecure:
        try:
            context = ssl.create_default_context(cafile=wish.ca)
        except (OSError, ssl.SSLError) as error:
            raise TrustError(f"--ca {wish.ca}: {error.strerror or error}") from None
        try:
            _handshake(host, port, Trust(context))
            return Trust(context)
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message
        if wish.ca is not None or not is_private:
            raise TrustError(
                f"the certificate of {host} can't be verified ({why}); "
                "--ca FILE, --fingerprint SHA256 or --insecure would do"
            )
    found = _handshake(host, port, Trust(_any()))
    shown = f"certificate not verified; its SHA-256 fingerprint is {found}"
    return Trust(_any(), found, verified=False, shown=shown)


def fingerprint_of(certificate: bytes) -> str:
    """Return the SHA-256 of a certificate in DER form, as 64 hex digits."""
    return hashlib.sha256(certificate).hexdigest()


def _plain(fingerprint: str) -> str:
    plain = fingerprint.replace(":", "").lower()
    if len(plain) != 64 or set(plain) - set("0123456789abcdef"):
        raise TrustError(f"--fingerprint {fingerprint!r} is not 64 hex digits (SHA-256)")
    return plain


def _any() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _handshake(host: str, port: int, trust: Trust) -> str:
    assert trust.context is not None
    with (
        socket.create_connection((host, port), timeout=HANDSHAKE_S) as plain,
        trust.context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        trust.check(secured)
        return fingerprint_of(secured.getpeercert(binary_form=True) or b"")
