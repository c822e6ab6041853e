"""Durations and instants as XML Schema writes them, read with bounds.

A duration is returned in milliseconds; years and months, which have no length of their own, count
365 and 30 days. An instant without a zone is taken for UTC, which is what ONVIF asks clients to
send (Core specification, "Basic Notification Interface").
"""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from emulator.core.localtime import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER = r"[0-9]{1,18}"  # more than any time that is meant
_DURATION = re.compile(
    rf"(-?)P(?=.)(?:({_NUMBER})Y)?(?:({_NUMBER})M)?(?:({_NUMBER})D)?"
    rf"(?:T(?=.)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER}(?:\.[0-9]{{1,12}})?)S)?)?",
    re.ASCII,
)
_UNITS_MS = (365 * DAY_MS, 30 * DAY_MS, DAY_MS, HOUR_MS, MINUTE_MS)
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


class TimeError(ValueError):
    """A text that is no time; the message names it."""


def duration_ms(text: str) -> int:
    """Return an xs:duration in ms. Raises TimeError.

    >>> duration_ms("PT1M0.5S")
    60500
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise TimeError(f"{_short(text)} is no duration, such as PT60S")
    sign, *counts, seconds = match.groups()
    total = sum(int(n or 0) * unit for n, unit in zip(counts, _UNITS_MS, strict=True))
    total += round(float(seconds or 0) * SECOND_MS)
    return -total if sign else total


def instant_ms(text: str) -> int:
    """Return an xs:dateTime as ms since 1970 UTC. Raises TimeError."""
    text = text.strip()
    match = _INSTANT.fullmatch(text)
    with suppress(ValueError, OverflowError):  # no such day or minute
        if match is not None:
            at = datetime.fromisoformat(text)
            return ((at if match[1] else at.replace(tzinfo=UTC)) - _EPOCH) // timedelta(
                milliseconds=1
            )
    raise TimeError(f"{_short(text)} is no date and time, such as 2026-01-01T00:00:00Z")


def duration_text(ms: int) -> str:
    """Return whole milliseconds as xs:duration, in seconds."""
    seconds = f"{ms / SECOND_MS:.3f}".rstrip("0").rstrip(".")
    return f"PT{seconds}S"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:40] + "...")
