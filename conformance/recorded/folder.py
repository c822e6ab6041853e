"""A recording's folder: recording.json tells of what, exchanges.jsonl holds a HAR entry a line.

Read without trust: it may come from anybody. Only where each line begins is kept in memory.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from conformance import address, saved
from conformance.address import TargetError
from conformance.exchange import MOST_KEPT, Headers
from conformance.recorded import questions
from conformance.recorded.questions import Asker, Question

SCHEMA = 1
HEADER, EXCHANGES = "recording.json", "exchanges.jsonl"

LONGEST_LINE = 64 * 1024 * 1024
MOST_LINES = 1_000_000


class RecordingError(ValueError):
    """A folder that is no recording, or one that can't be read or written; the message names it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A recorded answer. status 0: of something that is no HTTP; failure: why none came."""

    status: int
    headers: Headers
    body: bytes
    is_text: bool
    failure: str
    uuids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A recorded question, who asked it, and where in the file its answer is."""

    question: Question
    asker: Asker
    status: int
    at: int


class Recording:
    """An open recording. Close it after use.

    about  what recording.json says; origin: the URL of the device as it was recorded
    """

    def __init__(self, folder: Path) -> None:
        self.about = saved.read(folder / HEADER, SCHEMA, "recording", RecordingError)
        self._name = folder / EXCHANGES
        try:
            self.origin = address.read(self.about["target"]["url"]).url
            self.session = [str(name) for name in self.about["session"]]
            self._count = int(self.about["exchanges"])
        except (KeyError, TypeError, ValueError, TargetError) as error:
            raise RecordingError(f"{folder / HEADER} is damaged ({error})") from None
        try:
            self._file: BinaryIO = self._name.open("rb")
        except OSError as error:
            raise RecordingError(f"{self._name}: {error.strerror}") from None

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def asked(self) -> Iterator[Asked]:
        """Yield every question, in its order. Raises RecordingError where the file is damaged."""
        self._file.seek(0)
        number = 0
        while True:
            at = self._file.tell()
            row = self._line(number + 1)
            if row is None:
                break
            number += 1
            try:
                question, asker = self._question(row)
                _reply(row)
            except (LookupError, TypeError, ValueError) as error:
                raise RecordingError(
                    f"{self._name} line {number} is damaged ({type(error).__name__}: {error})"
                ) from None
            yield Asked(question, asker, int(row["response"]["status"]), at)
        if number != self._count:
            raise RecordingError(
                f"{self._name} has {number} exchanges, and {HEADER} tells of {self._count}"
            )

    def reply(self, at: int) -> Reply:
        """Return the answer of a line."""
        self._file.seek(at)
        row = self._line(0)
        assert row is not None
        return _reply(row, self._question(row)[0].uuids)

    def _line(self, number: int) -> dict[str, Any] | None:
        line = self._file.readline(LONGEST_LINE)
        if not line:
            return None
        if number > MOST_LINES:
            raise RecordingError(f"{self._name} has more than {MOST_LINES} lines")
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or not line.endswith(b"\n"):
            raise RecordingError(f"{self._name} line {number} is damaged (no JSON object)")
        return row

    def _question(self, row: dict[str, Any]) -> tuple[Question, Asker]:
        request = row["request"]
        url, method = str(request["url"]), str(request["method"])
        sent = request.get("postData", {"text": "", "mimeType": ""})
        body, kind = str(sent["text"]).encode(), str(sent["mimeType"])
        # Where its end was not kept, its length counts.
        size = int(request["bodySize"]) if int(request["bodySize"]) > MOST_KEPT else 0
        asker = Asker(str(row["_asker"]["party"]), str(row["_asker"]["how"]))
        return questions.question(method, target(url), body, kind, self.origin, size), asker


def target(url: str) -> str:
    """Return path and query of a URL; of what is no HTTP all of it."""
    parts = urlsplit(url)
    if parts.scheme not in address.PORTS:
        return url
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _reply(row: dict[str, Any], uuids: tuple[str, ...] = ()) -> Reply:
    response = row["response"]
    content = response["content"]
    text, is_text = str(content.get("text", "")), content.get("encoding") != "base64"
    try:
        body = text.encode() if is_text else base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(f"content: {error}") from None
    headers = tuple((str(one["name"]), str(one["value"])) for one in response["headers"])
    status, failure = int(response["status"]), str(row.get("comment", ""))
    if status and not 100 <= status <= 999:
        raise ValueError(f"status {status}")
    return Reply(status, headers, body, is_text, failure, uuids)
