"""Setting the clock over the camera's interface: what is read, and what is refused."""

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core import device, wallclock
from emulator.core.wallclock import WallclockError, read_change

NOW = datetime(2026, 3, 4, 5, 6, 7, 890_000)

# --- worked examples ---------------------------------------------------------------------


def test_a_whole_reading_is_what_was_written():
    parts = [
        ("year", 2027),
        ("month", 12),
        ("day", 31),
        ("hour", 23),
        ("minute", 59),
        ("second", 58),
    ]
    change = read_change(parts)
    assert change.reading_from(NOW) == datetime(2027, 12, 31, 23, 59, 58)
    assert (change.zone, dict(change.kept)) == (None, {})


def test_parts_that_are_left_out_are_the_clocks_own():
    assert read_change([("hour", 18)]).reading_from(NOW) == datetime(2026, 3, 4, 18, 6, 7)
    assert read_change([("timeFormat", 1)]).reading_from(NOW) is None


def test_what_is_read_can_be_sent_back():
    told = device.date_and_time(1_772_600_400_000, UTC, "UTC", {"ntpServer": "pool.example"})
    change = read_change(told.items())
    assert change.reading_from(NOW) == datetime(2026, 3, 4, 5, 0, 0)
    assert change.zone == "UTC"
    assert change.kept["ntpServer"] == "pool.example"


def test_a_fixed_zone_is_taken_where_no_name_is_given():
    assert read_change([("timeZoneTz", "UTC-05:30")]).zone == "UTC-05:30"
    both = [("timeZoneTz", "UTC-05:30"), ("zoneNameTz", "Asia/Kolkata")]
    assert read_change(both).zone == "Asia/Kolkata"


def test_the_fields_of_network_time_are_kept():
    fields = {"timeType": 1, "ntpServer": "10.0.0.1", "ntpSyncEnable": 1, "ntpInterval": 60}
    assert dict(read_change(fields.items()).kept) == fields
    assert wallclock.defaults() == {
        "ntpServer": "",
        "timeType": 0,
        "ntpSyncEnable": 0,
        "ntpInterval": 1440,
        "timeFormat": 0,
    }


def test_text_is_typed_as_in_json_where_a_number_is_due():
    assert wallclock.from_text("year", "2026") == 2026
    assert wallclock.from_text("year", "2026x") == "2026x"
    assert wallclock.from_text("ntpServer", "2026") == "2026"


# --- laws --------------------------------------------------------------------------------


@given(st.datetimes(datetime(1970, 1, 1), datetime(9000, 12, 31)))
def test_any_reading_can_be_written(reading):
    parts = {name: getattr(reading, name) for name in wallclock.READING}
    assert read_change(parts.items()).reading_from(NOW) == reading.replace(microsecond=0)


names = st.sampled_from([*wallclock.NUMBERS, "ntpServer", "zoneNameTz"]) | st.text()
values = st.integers() | st.text() | st.booleans() | st.none() | st.floats() | st.lists(st.none())


@given(st.lists(st.tuples(names, values)))
def test_any_fields_at_all_give_a_change_or_a_refusal(fields):
    with contextlib.suppress(WallclockError):
        change = read_change(fields)
        assert change.reading_from(NOW) is None or change.reading


# --- refusals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([("month", 13)], r"month=13 is outside 1\.\.12"),
        ([("year", 1969)], r"year=1969 is outside 1970\.\.9000"),
        ([("hour", "5")], r"hour='5' is not a whole number, 0\.\.23"),
        ([("second", True)], r"second='True' is not a whole number"),
        ([("second", 10**40)], "second=a number of more than 12 digits is outside"),
        ([("ntpInterval", 0)], r"ntpInterval=0 is outside 1\.\.10080"),
        ([("ntpServer", "x" * 129)], r"ntpServer='x+' is not 0\.\.128 printable"),
        ([("ntpServer", "a\nb")], "ntpServer="),
        ([("century", 21)], "'century' is no field of the clock"),
        ([("hour", 5), ("hour", 5)], "hour is given twice"),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields, message):
    with pytest.raises(WallclockError, match=message):
        read_change(fields)


def test_a_day_that_the_month_does_not_have_is_refused():
    with pytest.raises(WallclockError, match="day=30 is not in the calendar: 2026-2-30"):
        read_change([("month", 2), ("day", 30)]).reading_from(NOW)
