"""The camera's certificate: one that was given, or one of its own, made once and kept.

A certificate of its own is signed by itself, as a camera's is out of the box, so whoever
connects knows it by its fingerprint alone. It stays the same for as long as the state does,
and outlasts it: nobody should have to trust a camera anew because a year is over.

https-key.pem   in the state folder, the owner's alone (0600)
https-cert.pem  likewise; put there last, so where it is, both are whole
"""

import hashlib
import ipaddress
import os
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEY_NAME, CERTIFICATE_NAME = "https-key.pem", "https-cert.pem"
LASTS = timedelta(days=20 * 365)
EARLIER = timedelta(days=1)  # good a day before it was made, for clients whose clock is slow
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
OLDEST_TLS = ssl.TLSVersion.TLSv1_2


class TlsError(ValueError):
    """A certificate or key that can't be used; the message names the file and says why."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What HTTPS is served with.

    context      for handshakes
    fingerprint  SHA-256 of the certificate in DER form, 64 hex digits
    """

    context: ssl.SSLContext
    fingerprint: str


def given(certificate: Path, key: Path) -> Identity:
    """Return what the PEM files `certificate` (its chain may follow) and `key` hold.

    Raises TlsError.
    """
    pem = _text(certificate, "certificate")
    _text(key, "key")

    def locked() -> str:
        raise TlsError(f"key {key} is encrypted; one without a passphrase would do")

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = OLDEST_TLS
    context.set_alpn_protocols(["http/1.1"])
    try:
        fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(_first(pem))).hexdigest()
    except ValueError:
        raise TlsError(f"certificate {certificate} holds no certificate in PEM form") from None
    try:
        context.load_cert_chain(certificate, key, locked)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise TlsError(f"key {key} is not that of certificate {certificate}") from None
        raise TlsError(
            f"certificate {certificate} and key {key} can't be used: "
            f"{error.reason or 'they are no PEM files'}"
        ) from None
    return Identity(context, fingerprint)


def kept(folder: Path, name: str, hosts: Iterable[str], now: datetime) -> Identity:
    """Return the certificate kept in `folder`, after making one if there is none.

    name   whose it is to be; hosts: where it is reached, besides this machine's own names
    now    real time, with a zone; what clients go by
    Raises TlsError if they can't be read, made or kept.
    """
    certificate, key = folder / CERTIFICATE_NAME, folder / KEY_NAME
    if not certificate.exists():
        pems = _made(name, [*LOCAL_NAMES, *hosts], now)
        for file, pem in zip((key, certificate), pems, strict=True):
            _put(file, pem)
    return given(certificate, key)


def _made(name: str, hosts: Iterable[str], now: datetime) -> tuple[bytes, bytes]:
    """Return a new key, and a certificate that it has signed for itself, in PEM form."""
    # Dear to import, and needed once in a state's life.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    owner = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    names: list[x509.GeneralName] = []
    for host in dict.fromkeys(hosts):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            with suppress(UnicodeError):  # what is no name at all nobody will ask for
                names.append(x509.DNSName(host.encode("idna").decode()))
    public = key.public_key()
    # RFC 5280, 4.2.1: strict clients want the key's identifier, of subject and authority.
    certificate = (
        x509.CertificateBuilder()
        .subject_name(owner)
        .issuer_name(owner)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + LASTS)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    return (
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
        certificate.public_bytes(serialization.Encoding.PEM),
    )


def _put(file: Path, pem: bytes) -> None:
    # By rename, so that a hard kill can't leave half a key behind.
    partial = file.with_name(file.name + ".partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(pem)
            out.flush()
            os.fsync(descriptor)
        partial.replace(file)
    except OSError as error:
        raise TlsError(f"{file} can't be kept: {error.strerror}") from error


def _text(file: Path, what: str) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no PEM file"
        raise TlsError(f"{what} {file} can't be read: {reason}") from error


def _first(pem: str) -> str:
    """Return the first certificate of a chain."""
    begin, end = ssl.PEM_HEADER, ssl.PEM_FOOTER
    _, _, rest = pem.partition(begin)
    body, found, _ = rest.partition(end)
    if not found:
        raise ValueError("no certificate")
    return f"{begin}{body}{end}"
