"""A conversation over RTSP that asks for a description, within bounds, and written down."""

import re
import secrets
import socket
import time
from urllib.parse import urlsplit

from conformance.client import Client, Login
from conformance.exchange import NoAnswerError
from conformance.streams import rtsp
from conformance.streams.rtsp import Reply, RtspError

WITHIN_S = 10.0
REFUSED = 401


def describe(client: Client, url: str, login: Login | None = None) -> Reply:
    """Return how DESCRIBE is answered: without credentials, or with an account's.

    Raises NoAnswerError where nothing usable comes, SpentError, LoginRefusedError.
    """
    how = {"Accept": "application/sdp"}
    answer = _ask(client, url, 1, how)
    if login is None or answer.status != REFUSED:
        return answer
    challenge = answer.challenge
    if challenge is None:
        raise NoAnswerError(f"DESCRIBE {url}: no Digest is asked for")
    try:
        told = rtsp.authorization(challenge, "DESCRIBE", url, login, secrets.token_hex(8))
    except RtspError as error:
        raise NoAnswerError(f"DESCRIBE {url}: {error}") from None
    answer = _ask(client, url, 2, {**how, "Authorization": told})
    if login is client.login:
        client.note_login(answer.status == REFUSED)
    return answer


def _ask(client: Client, url: str, number: int, headers: dict[str, str]) -> Reply:
    sent = rtsp.request("DESCRIBE", url, number, headers)
    shown = re.sub(rb"(?m)^Authorization: .*?\r", b"Authorization: (removed)\r", sent)
    try:
        return rtsp.reply(client.recorded("DESCRIBE", url, shown, lambda: _said(url, sent)))
    except (OSError, RtspError) as error:
        raise NoAnswerError(f"DESCRIBE {url}: no answer ({error})") from None


def _said(url: str, sent: bytes) -> bytes:
    parts = urlsplit(url)
    until_s = time.monotonic() + WITHIN_S
    with socket.create_connection((parts.hostname or "", parts.port or 554), 5.0) as asked:
        asked.sendall(sent)
        came = b""
        while True:
            length = rtsp.needed(came)
            if length is not None and len(came) >= length:
                return came[:length]
            asked.settimeout(max(0.01, until_s - time.monotonic()))
            piece = asked.recv(4096)
            if not piece:
                raise RtspError("the connection was closed without a whole answer")
            if time.monotonic() > until_s:
                raise RtspError(f"no whole answer within {WITHIN_S:g} s")
            came += piece
