"""Takes exchanges while a run goes on, and writes them as a folder when it is over.

Meanwhile they lie in a file without a name, gone with the process: which texts are secret is
known only at the end, when everything has been logged in to. Nothing unclean gets a name.
"""

import base64
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance import har
from conformance.exchange import Answer, Exchange
from conformance.recorded import questions
from conformance.recorded.folder import EXCHANGES, HEADER, SCHEMA, RecordingError

MOST_BYTES = 1024**3
"""Of all exchanges together; what comes later is counted, and not kept."""


class Recorder:
    """Keeps exchanges, whole, until they are written. Close it after use."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115  # close() closes it
        self._most = most_bytes
        self.count = self.left_out = 0

    def close(self) -> None:
        """Forget what was kept."""
        self._kept.close()

    def keep(self, exchange: Exchange) -> None:
        """Take an exchange."""
        line = json.dumps(_plain(exchange)).encode() + b"\n"
        if self.left_out or self._kept.tell() + len(line) > self._most:
            self.left_out += 1
        else:
            self._kept.write(line)
            self.count += 1

    def write(
        self,
        folder: Path,
        about: Mapping[str, Any],
        secrets: Iterable[str],
        session: Iterable[str],
    ) -> None:
        """Write the folder, which is there and empty.

        about    of the device and the run; secrets: texts that may stand nowhere
        session  names of headers that show a log-in

        Raises RecordingError where it can't be written.
        """
        hidden = [secret for secret in secrets if secret]
        names = sorted(name.lower() for name in session)
        try:
            with (folder / EXCHANGES).open("w", encoding="utf-8") as file:
                for exchange in self._read():
                    file.write(json.dumps(_row(exchange, hidden, names)) + "\n")
            header = {
                "schema": SCHEMA,
                **about,
                "session": names,
                "exchanges": self.count,
                "left_out": self.left_out,
            }
            text = har.clean(json.dumps(header, indent=1), hidden)
            (folder / HEADER).write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise RecordingError(f"{folder}: {error.strerror}") from None

    def _read(self) -> Iterator[Exchange]:
        self._kept.seek(0)
        for line in self._kept:
            yield _exchange(json.loads(line))
        self._kept.seek(0, 2)


def _row(exchange: Exchange, secrets: list[str], session: list[str]) -> dict[str, Any]:
    """Return a line of the folder: a HAR's entry, and who asked."""
    row = har.entry(exchange, secrets)
    who = questions.asker(exchange.request_headers, exchange.request_body, session)
    if exchange.answer is not None:
        for told, (name, value) in zip(
            row["response"]["headers"], exchange.answer.headers, strict=True
        ):
            if name.lower() == "set-cookie":
                told["value"] = har.clean(cookie(value), secrets)
    return row | {"_asker": asdict(who)}


def cookie(text: str) -> str:
    """Return a Set-Cookie without its value, and without what ties it to host and TLS.

    A page must get some cookie, or it would not know that it is logged in.
    """
    pair, *attributes = text.split(";")
    kept = [
        one
        for one in attributes
        if one.strip().partition("=")[0].lower() not in {"domain", "secure"}
    ]
    return ";".join([f"{pair.partition('=')[0]}={har.REMOVED}", *kept])


# --- the file without a name ---------------------------------------------------------------------


def _plain(exchange: Exchange) -> dict[str, Any]:
    row = asdict(exchange)
    row["began"] = exchange.began.isoformat()
    row["request_body"] = base64.b64encode(exchange.request_body).decode()
    if exchange.answer is not None:
        row["answer"]["body"] = base64.b64encode(exchange.answer.body).decode()
    return row


def _exchange(row: dict[str, Any]) -> Exchange:
    answer = row["answer"]
    if answer is not None:
        headers = _headers(answer["headers"])
        body = base64.b64decode(answer["body"])
        answer = Answer(answer["request"], answer["status"], headers, body)
    return Exchange(
        datetime.fromisoformat(row["began"]),
        row["seconds"],
        row["method"],
        row["url"],
        _headers(row["request_headers"]),
        base64.b64decode(row["request_body"]),
        answer,
        row["answer_size"],
        row["failure"],
    )


def _headers(pairs: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in pairs)
