"""Wire text <-> values: report queries, settings requests, and the three answer forms.

The camera's zoneless local text is read here. Nothing here knows HTTP's statuses: what is
wrong is told by CgiError, and the edge decides how that looks.

Sources: facts 2.1 (forms, set requests), 2.4 (dataloader's times and parameters), 11.
"""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.core import wallclock
from emulator.core.reports import export_settings
from emulator.core.reports.period import KINDS
from emulator.core.schedule import entries
from emulator.core.settings import KEYED, NAMED, ROWS, HeatSettings, Row, region_text

Pairs = Iterable[tuple[str, str]]
"""A query's names and values as sent: decoded, in order, repeated ones repeated."""

FORMS = {None: "text/javascript", "inf": "text/html", "json": "application/json"}
"""The answer forms by the `format` parameter, and their content types. [OBS] for inf;
[INV] for the other two."""

SUCCEEDED = '{"setState":"succeed"}'

_IN_QUOTES = str.maketrans(
    {"\\": r"\\", "'": r"\'", "\n": r"\n", "\r": r"\r", "\u2028": r"\u2028", "\u2029": r"\u2029"}
)
"""What a JavaScript text in single quotes can't hold as it is."""

_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})-([0-9]{2}):([0-9]{2}):([0-9]{2})")


class CgiError(ValueError):
    """A request that can't be read; the message names the parameter or the body."""


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """What dataloader.cgi was asked: the kind of period, and its start where one was given."""

    kind: str
    start: datetime | None


def only_reads(method: str, action: str) -> bool:
    """Tell whether a request of this HTTP method and `action` ("": none) changes nothing.

    Actions that set may come as GET, too (facts 2.1).
    """
    return method in {"GET", "HEAD"} and (not action or action.startswith("get."))


def read_report_query(pairs: Pairs) -> ReportQuery:
    """Return what a report is asked for. `time_end` is accepted and ignored (facts 11.3).

    Raises CgiError for a time_start or sub_type that can't be read or is given twice.
    """
    asked = _once(pairs, {"time_start", "sub_type"})
    sub_type = asked.get("sub_type", "0")
    if sub_type not in {str(number) for number in range(len(KINDS))}:
        raise CgiError(f"sub_type={sub_type[:20]!r} is not 0..{len(KINDS) - 1}")
    text = asked.get("time_start")
    return ReportQuery(KINDS[int(sub_type)], None if text is None else read_time(text))


def read_time(text: str) -> datetime:
    """Return the wall clock reading that `YYYY-MM-DD-HH:MM:SS` spells. Raises CgiError."""
    if match := _TIME.fullmatch(text):
        year, month, day, hour, minute, second = (int(part) for part in match.groups())
        with suppress(ValueError):  # no such day or minute
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  # a reading
    raise CgiError(f"time_start={text[:40]!r} is not YYYY-MM-DD-HH:MM:SS")


def read_settings_query(pairs: Pairs) -> list[tuple[str, Any]]:
    """Return the (wire key, value) pairs of a GET that sets, typed as a POST's are.

    A number is decimal text there and a list JSON text. Raises CgiError for other JSON.
    """
    return [(key, _typed(key, text)) for key, text in pairs if key not in {"action", "format"}]


def read_settings_body(body: bytes) -> list[tuple[str, Any]]:
    """Return the (wire key, value) pairs of a POST that sets. Raises CgiError."""
    try:
        document = read_json(body.decode(), "the body")
    except UnicodeDecodeError:
        raise CgiError("the body is not UTF-8") from None
    if not isinstance(document, dict):
        raise CgiError("the body is not a JSON object")
    return list(document.items())


def settings_fields(settings: HeatSettings) -> dict[str, object]:
    """Return the settings by their wire keys, in the table's order."""
    spelled: dict[str, object] = {
        "region": region_text(settings.region),
        "schedule": entries(settings.schedule),
    }
    return {
        row.key: spelled.get(row.name, getattr(settings, row.name))
        for row in ROWS
        if row.key is not None
    }


def answer(fields: Mapping[str, object], form: str | None) -> str:
    """Return `fields` in the answer form asked for: None, "inf" or "json" (facts 2.1)."""
    if form == "json":
        return compact(fields)
    if form == "inf":
        # CHOICE: this form has no escapes, so a line break in a text becomes a blank.
        plain = {key: " ".join(_plain(value).splitlines()) for key, value in fields.items()}
        return "".join(f"{key}={text}\n" for key, text in plain.items())
    return "".join(f"var {key}={_script(value)};\n" for key, value in fields.items())


def failed(message: str | None = None) -> str:
    """Return the camera's answer to what it can't or won't do (facts 2.1)."""
    fields = {"setState": "failed"}
    return compact(fields if message is None else fields | {"message": message})


def compact(document: object) -> str:
    """Return JSON without blanks, the way the camera writes it."""
    return json.dumps(document, separators=(",", ":"))


def _typed(key: str, text: str) -> Any:
    row = KEYED.get(key) or export_settings.KEYED.get(key)
    if row is None:
        return wallclock.from_text(key, text)
    if not isinstance(row, Row):
        return text
    return read_json(text, key) if row is NAMED["schedule"] else row.from_text(text)


def _once(pairs: Pairs, names: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in names:
            if name in found:
                raise CgiError(f"{name} is given twice")
            found[name] = value
    return found


def read_json(text: str, what: str) -> Any:
    """Return what the JSON `text` says; `what` names it in the CgiError of one that can't be."""
    try:
        document = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        json.dumps(document, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except CgiError:
        raise
    except (ValueError, RecursionError):
        # Besides broken text: too many digits, too deep a nesting, no Unicode.
        raise CgiError(f"{what} is not readable JSON") from None
    return document


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise CgiError(f"{name[:40]!r} is given twice")
        found[name] = value
    return found


def _no_constant(name: str) -> Any:
    raise CgiError(f"{name} is not a number")


def _plain(value: object) -> str:
    return value if isinstance(value, str) else compact(value)


def _script(value: object) -> str:
    return compact(value) if isinstance(value, int) else f"'{_plain(value).translate(_IN_QUOTES)}'"
