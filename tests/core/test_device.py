"""What the camera says of itself: the recorded fields, then laws on its clock, then secrets."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.accounts import Account
from emulator.core.device import (
    Identity,
    alarm_status,
    date_and_time,
    system_information,
    users,
)

BERLIN = ZoneInfo("Europe/Berlin")
CAMERA = Identity("MS-C8165-PE", "61.8.0.3-r8", "1234567890ABCDEFG", "02:00:5E:10:00:01")


def utc(text):
    """The instant of a UTC reading."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


# --- worked examples: keys in the order of facts 2.3 -------------------------------------------


def test_system_information_has_the_recorded_fields_in_their_order():
    told = system_information(CAMERA, utc("2026-07-01T06:05:04"), BERLIN)
    assert list(told) == [
        *("deviceName", "model", "snCode", "firmwareVersion", "mac", "hardwareVersion"),
        *("kernelVersion", "systemBootTime", "dhcpEnable", "ipaddress", "netmask", "gateway"),
        *("dns0", "dns1", "ddnsEnable", "ddnsHostName", "deviceLocation"),
    ]
    assert (told["model"], told["firmwareVersion"]) == ("MS-C8165-PE", "61.8.0.3-r8")
    assert (told["snCode"], told["mac"]) == ("1234567890ABCDEFG", "02:00:5E:10:00:01")
    assert told["hardwareVersion"] == "V1.0"
    assert told["systemBootTime"] == "2026-07-01 08:05:04"


def test_date_and_time_has_the_recorded_fields_in_their_order():
    assert date_and_time(utc("2026-07-01T06:05:04.999"), BERLIN, "Europe/Berlin") == {
        "year": 2026,
        "month": 7,
        "day": 1,
        "hour": 8,
        "minute": 5,
        "second": 4,
        "timeZoneTz": "UTC-02:00",
        "zoneNameTz": "Europe/Berlin",
        "dayLight": 1,
        "timeType": 0,
        "ntpServer": "",
        "ntpSyncEnable": 0,
        "ntpInterval": 1440,
        "timeFormat": 0,
    }
    assert list(date_and_time(0, UTC, "UTC")) == [
        *("year", "month", "day", "hour", "minute", "second", "timeZoneTz", "zoneNameTz"),
        *("dayLight", "timeType", "ntpServer", "ntpSyncEnable", "ntpInterval", "timeFormat"),
    ]


@pytest.mark.parametrize(
    ("zone", "posix", "daylight"),
    [
        ("UTC", "UTC+00:00", 0),
        ("Europe/Berlin", "UTC-01:00", 0),  # POSIX counts westward
        ("Asia/Kolkata", "UTC-05:30", 0),
        ("Australia/Lord_Howe", "UTC-11:00", 1),
        ("America/New_York", "UTC+05:00", 0),
        ("America/St_Johns", "UTC+03:30", 0),
    ],
)
def test_the_zone_is_told_the_posix_way_for_the_day(zone, posix, daylight):
    told = date_and_time(utc("2026-01-15T12:00"), ZoneInfo(zone), zone)
    assert (told["timeZoneTz"], told["zoneNameTz"], told["dayLight"]) == (posix, zone, daylight)


def test_the_heat_map_raises_no_alarm():
    assert alarm_status() == {
        "current_in_count": 0,
        "current_out_count": 0,
        "current_sum_count": 0,
        "current_capacity_count": 0,
        "current_counter_alarm": 0,
    }


def test_users_are_told_by_name_and_level():
    accounts = [
        Account("admin", "admin", "stunt5cam"),
        Account("anna", "operator", "pass1word"),
        Account("bob", "viewer", "word1pass"),
    ]
    assert users(accounts) == {
        "userList": [
            {"username": "admin", "userLevel": 0},
            {"username": "anna", "userLevel": 1},
            {"username": "bob", "userLevel": 2},
        ]
    }


# --- laws --------------------------------------------------------------------------------------

zones = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"]).map(ZoneInfo)


@given(st.integers(0, utc("2100-01-01")), zones)
def test_the_clock_reads_as_the_standard_library_s_and_the_zone_leads_back_to_utc(now, zone):
    told = date_and_time(now, zone, zone.key)
    fields = [told[key] for key in ("year", "month", "day", "hour", "minute", "second")]
    moment = datetime.fromtimestamp(now // 1000, UTC)
    assert tuple(fields) == moment.astimezone(zone).timetuple()[:6]
    assert told["dayLight"] == moment.astimezone(zone).timetuple().tm_isdst
    west = 1 if told["timeZoneTz"][3] == "+" else -1
    hours, minutes = map(int, told["timeZoneTz"][4:].split(":"))
    back = datetime(*fields, tzinfo=UTC).timestamp() + west * (60 * hours + minutes) * 60
    assert back == now // 1000


# --- what is never told ------------------------------------------------------------------------


def test_a_password_is_never_told():
    assert "stunt5cam" not in str(users([Account("admin", "admin", "stunt5cam")]))
