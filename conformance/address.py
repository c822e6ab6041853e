"""Where the target is: its URL taken apart, and whether that may be somebody else's device."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


class TargetError(ValueError):
    """What was typed is no target, or one that may not be touched; the message says which."""


@dataclass(frozen=True, slots=True)
class Address:
    """A target's scheme, host and port."""

    scheme: str
    host: str
    port: int

    @property
    def url(self) -> str:
        """The URL without a path and without secrets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = self.port == PORTS[self.scheme]
        return f"{self.scheme}://{host}" + ("" if default else f":{self.port}")

    @property
    def is_tls(self) -> bool:
        """Whether requests go through TLS."""
        return self.scheme == "https"


def read(text: str) -> Address:
    """Return the address that a URL such as https://192.168.5.190 names. Raises TargetError."""
    try:
        parts = urlsplit(text if "//" in text else f"http://{text}")
        port = parts.port
    except ValueError:
        raise TargetError(f"{text!r} is not a URL such as https://192.168.5.190") from None
    if parts.username is not None or parts.password is not None:
        raise TargetError("no user or password in the URL: -u USER, and --password-env VAR")
    if parts.scheme not in PORTS or not parts.hostname:
        raise TargetError(f"{text!r} is not a URL such as https://192.168.5.190")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise TargetError(f"{text!r} has more than scheme, host and port: a camera has one root")
    return Address(parts.scheme, parts.hostname, port or PORTS[parts.scheme])


def is_private(host: str) -> bool:
    """Return whether every address of `host` is private, link-local or loopback.

    Raises TargetError when the name has no address.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise TargetError(f"no address for the host {host!r}") from None
    addresses = [ipaddress.ip_address(str(row[4][0]).split("%")[0]) for row in found]
    return all(_is_near(address) for address in addresses)


def is_loopback(host: str) -> bool:
    """Return whether `host` is an address of this machine, as written."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_near(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    # is_private holds documentation and benchmark nets, too, where no device can be; the
    # unspecified address is this machine.
    return address.is_loopback or address.is_link_local or address.is_private
