"""A conversation over RTSP that asks for a description, within bounds, and written down."""

import re
import secrets
import socket
import time
from typing import Self
from urllib.parse import urlsplit

from conformance.client import Client, Login
from conformance.exchange import NoAnswerError
from conformance.expect import NotCheckedError
from conformance.streams import rtsp
from conformance.streams.rtsp import Reply, RtspError

CONNECTS_S, WITHIN_S = 5.0, 10.0
REFUSED = 401


def describe(client: Client, url: str, login: Login | None = None) -> Reply:
    """Return how DESCRIBE is answered: without credentials, or with an account's.

    Raises NoAnswerError where nothing usable comes, SpentError, LoginRefusedError; NotCheckedError
    where an account could be shown by Basic alone, which anybody on the way can read.
    """
    try:
        with _Conversation(client, url) as talk:
            answer = talk.describe({})
            if login is None or answer.status != REFUSED:
                return answer
            challenge = answer.challenge
            if challenge is None:
                asked = answer.all_of("www-authenticate")
                raise NotCheckedError(f"DESCRIBE {url}: no Digest is asked for, but {asked}")
            said = rtsp.authorization(challenge, "DESCRIBE", url, login, secrets.token_hex(8))
            answer = talk.describe({"Authorization": said})
    except (OSError, RtspError) as error:
        raise NoAnswerError(f"DESCRIBE {url}: no answer ({error})") from None
    if login is client.login:
        client.note_login("RTSP", answer.status == REFUSED)
    return answer


class _Conversation:
    """One connection: a nonce may be good for the one that it was given on."""

    def __init__(self, client: Client, url: str) -> None:
        self._client, self._url, self._number = client, url, 0
        self._until_s = time.monotonic() + WITHIN_S
        self._asked: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._asked is not None:
            self._asked.close()

    def describe(self, more: dict[str, str]) -> Reply:
        """Ask for a description. Raises OSError, RtspError, SpentError."""
        self._number += 1
        headers = {"Accept": "application/sdp", **more}
        sent = rtsp.request("DESCRIBE", self._url, self._number, headers)
        shown = re.sub(rb"(?m)^Authorization: .*?\r", b"Authorization: (removed)\r", sent)
        came = self._client.recorded("DESCRIBE", self._url, shown, lambda: self._said(sent))
        return rtsp.reply(came)

    def _said(self, sent: bytes) -> bytes:
        if self._asked is None:
            parts = urlsplit(self._url)
            where = parts.hostname or "", parts.port or 554
            self._asked = socket.create_connection(where, CONNECTS_S)
        self._asked.sendall(sent)
        came = b""
        while True:
            length = rtsp.needed(came)
            if length is not None and len(came) >= length:
                return came[:length]
            left_s = self._until_s - time.monotonic()
            if left_s <= 0:
                raise RtspError(f"no whole answer within {WITHIN_S:g} s")
            self._asked.settimeout(left_s)
            piece = self._asked.recv(4096)
            if not piece:
                raise RtspError("the connection was closed without a whole answer")
            came += piece
