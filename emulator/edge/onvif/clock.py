"""The Device service's clock: read by anybody, set for real.

Source: ONVIF Device Management, Get and SetSystemDateAndTime. The zone is spelled as POSIX does;
summer time follows from it, so that `DaylightSavings` is told, and not believed.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from emulator.core import wallclock
from emulator.core.localtime import is_summer, to_instant, to_local
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.facts import DeviceFacts
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, needed

KINDS = {0: "Manual", 1: "NTP"}
"""By `timeType` (core/wallclock.py)."""


def clock_operations(facts: DeviceFacts) -> Mapping[str, Operation]:
    """Return the operations of the clock."""
    room = _Clock(facts)
    return {
        "GetSystemDateAndTime": Operation("PRE_AUTH", room.get_system_date_and_time),
        "SetSystemDateAndTime": Operation("WRITE_SYSTEM", room.set_system_date_and_time),
    }


class _Clock:
    def __init__(self, facts: DeviceFacts) -> None:
        self._facts = facts

    def get_system_date_and_time(self, request: Request, caller: Caller) -> Fields:
        facts = self._facts
        now_ms, kept = facts.now_ms(), wallclock.defaults() | dict(facts.clock_values)
        return {
            "SystemDateAndTime": {
                "DateTimeType": KINDS[int(str(kept["timeType"]))],
                "DaylightSavings": is_summer(now_ms, facts.zone),
                "TimeZone": {"TZ": facts.posix_zone},
                "UTCDateTime": _parts(to_local(now_ms, UTC)),
                "LocalDateTime": _parts(to_local(now_ms, facts.zone)),
            }
        }

    def set_system_date_and_time(self, request: Request, caller: Caller) -> Fields:
        kind = needed(request.DateTimeType, "DateTimeType")
        if kind not in KINDS.values():
            raise Fault("InvalidArgVal", f"DateTimeType={kind[:24]} is not Manual or NTP")
        kept = wallclock.defaults() | dict(self._facts.clock_values)
        if kind == "NTP" and not kept["ntpServer"]:
            raise Fault("InvalidArgVal/NtpServerUndefined", "there is no NTP server; SetNTP first")
        zone = None
        if request.TimeZone is not None:
            zone = needed(request.TimeZone.TZ, "TZ")
        utc_ms = None
        if kind == "Manual":
            utc_ms = _instant(needed(request.UTCDateTime, "UTCDateTime"))
        self._facts.set_clock(zone, utc_ms, {"timeType": list(KINDS.values()).index(kind)})
        return {}


def _parts(at: datetime) -> Fields:
    return {
        "Time": {"Hour": at.hour, "Minute": at.minute, "Second": at.second},
        "Date": {"Year": at.year, "Month": at.month, "Day": at.day},
    }


def _instant(given: Any) -> int:
    date, time = needed(given.Date, "Date"), needed(given.Time, "Time")
    parts = (date.Year, date.Month, date.Day, time.Hour, time.Minute, time.Second)
    limits = wallclock.READING["year"]
    try:
        reading = datetime(*parts)  # noqa: DTZ001  # the standard's UTC
        if not limits.low <= reading.year <= limits.high:
            raise ValueError(reading.year)  # noqa: TRY301
    except (TypeError, ValueError, OverflowError):
        told = "{}-{}-{}T{}:{}:{}".format(*parts)
        reason = f"UTCDateTime={told} is no date and time of {limits.low}..{limits.high}"
        raise Fault("InvalidArgVal/InvalidDateTime", reason) from None
    return to_instant(reading, UTC)
