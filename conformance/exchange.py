"""What was sent to the device and what came back, as values.

An Answer is what a check looks at. An Exchange is the record of one request on the wire, with
its answer or why none came; har.py writes it down without its secrets.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Headers = tuple[tuple[str, str], ...]

SHOWN = 300
"""Characters of a body that a reader is shown; all of it is in the evidence."""

MOST_KEPT = 256 * 1024
"""Bytes of a body that are kept for the record of a run, however much a device talks."""


class NoAnswerError(ValueError):
    """The device gave no usable answer; the message says what was asked and what came instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer, its body read to the end.

    request  the request's method and URL, for whoever reads a failure
    """

    request: str
    status: int
    headers: Headers
    body: bytes

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are shown as U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """Return the first header of this name, or an empty text."""
        return next(iter(self.all_of(name)), "")

    def all_of(self, name: str) -> list[str]:
        """Return the values of all headers of this name, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self) -> Any:
        """Return what the body says as JSON. Raises NoAnswerError, as such a body tells nothing."""
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            raise NoAnswerError(f"{self.request}: the answer is not JSON: {self.shown}") from None
        if rb"\ud" in self.body.lower():  # halves of surrogate pairs are no text
            whole = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
            document = json.loads(whole)
        return document

    @property
    def shown(self) -> str:
        """The status and the beginning of the body, for a message."""
        text = " ".join(self.text[: SHOWN + 1].split())
        return f"{self.status} {text[:SHOWN]}{'...' if len(text) > SHOWN else ''}".rstrip()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it went over the wire, and its answer; or `failure`: why there is none.

    answer       its body only as far as it is kept for a record (MOST_KEPT)
    answer_size  bytes of the body as it came
    """

    began: datetime
    seconds: float
    method: str
    url: str
    request_headers: Headers
    request_body: bytes
    answer: Answer | None
    answer_size: int = 0
    failure: str = ""
