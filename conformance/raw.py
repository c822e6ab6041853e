"""Bytes to the device as they are: for requests that no HTTP library would send."""

import socket

from conformance.address import Address
from conformance.client import Client
from conformance.exchange import NoAnswerError
from conformance.trust import Trust

MOST_BYTES = 64 * 1024


def send(client: Client, content: bytes, within_s: float = 10.0) -> bytes:
    """Send bytes on a connection of its own; returns what comes until it is closed or enough.

    Raises NoAnswerError when there is no connection, or nothing comes; SpentError.
    """
    address, trust = client.address, client.trust
    return client.recorded(
        "RAW", address.url, content, lambda: _said(address, trust, content, within_s)
    )


def _said(address: Address, trust: Trust, content: bytes, within_s: float) -> bytes:
    shown = repr(content[:60])
    received = b""
    try:
        with socket.create_connection((address.host, address.port), timeout=within_s) as plain:
            plain.settimeout(within_s)
            secured = plain
            if trust.context is not None:
                secured = trust.context.wrap_socket(plain, server_hostname=address.host)
                trust.check(secured)
            with secured:
                secured.sendall(content)
                while len(received) < MOST_BYTES and b"\r\n\r\n" not in received:
                    piece = secured.recv(4096)
                    if not piece:
                        break
                    received += piece
    except OSError as error:
        if not received:
            raise NoAnswerError(f"{shown}: no answer ({error})") from None
    if not received:
        raise NoAnswerError(f"{shown}: the connection was closed without an answer")
    return received
