"""Where a subscriber may have events sent: to itself and nowhere else.

Whoever may subscribe could otherwise have the camera send requests to any machine that it
reaches. So the address must be plain HTTP to a number, not a name, which may mean another machine
a moment later, and the number must be the subscriber's own.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

LONGEST_URL = 1_024


class ConsumerError(ValueError):
    """An address that nothing is sent to; the message names it and says why."""


def consumer(url: str, subscriber: str) -> str:
    """Return the URL that is to be told of events.

    subscriber  the address that the request to subscribe came from
    Raises ConsumerError.
    """
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise ConsumerError(f"a consumer's address is longer than {LONGEST_URL} characters")
    shown = repr(url if len(url) <= 80 else url[:80] + "...")
    try:
        parts = urlsplit(url)
        _plain(parts, url)
        host = _bare(ip_address(parts.hostname or ""))
    except ValueError as error:
        reason = (
            str(error) if isinstance(error, ConsumerError) else "is no http URL of an IP address"
        )
        raise ConsumerError(f"consumer {shown} {reason}") from None
    if host != _bare(ip_address(subscriber)):
        raise ConsumerError(f"consumer {shown} is not at the subscriber's own address")
    return url


def _plain(parts: SplitResult, url: str) -> None:
    if parts.scheme != "http":
        raise ConsumerError("is not http")
    if parts.username is not None or parts.password is not None:
        raise ConsumerError("carries a user name")
    if any(not 32 < ord(character) < 127 for character in url):
        raise ConsumerError("holds characters that no address has")
    if parts.port == 0:
        raise ConsumerError("has port 0")


def _bare(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
