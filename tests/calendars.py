"""Zones whose clocks change in ways of their own, and reports begun and measured in them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from emulator.core.reports.period import period

BERLIN = ZoneInfo("Europe/Berlin")  # in 2026 forward on 29 March, back on 25 October
KOLKATA = ZoneInfo("Asia/Kolkata")  # half an hour off the full hours, always
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # changes by half an hour, 5 April and 4 October 2026
HAVANA = ZoneInfo("America/Havana")  # forward at midnight, 8 March 2026
ST_JOHNS = ZoneInfo("America/St_Johns")  # until 2010 put back at 00:01, to the day before
APIA = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
OTHERS = ["Africa/Casablanca", "Asia/Kathmandu", "Asia/Beirut", "America/Nuuk", "Europe/Dublin"]
ZONES = [UTC, BERLIN, KOLKATA, LORD_HOWE, HAVANA, ST_JOHNS, APIA, *map(ZoneInfo, OTHERS)]
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def utc(text):
    """The instant of a UTC reading."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def of(kind, start, zone=UTC):
    return period(kind, datetime.fromisoformat(start), zone)


def lengths(report):
    """How long each row's real time is, in hours."""
    return [sum(end - start for start, end in row.stretches) / HOUR for row in report.buckets]
