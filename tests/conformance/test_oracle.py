"""The harness's arithmetic: examples of the documents, and laws against the calendar itself."""

import calendar
import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import oracle, shoplife
from conformance.oracle import KINDS, Presence, Row

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BERLIN, LORD_HOWE, KOLKATA = map(ZoneInfo, ("Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"))

starts = st.datetimes(datetime(1971, 1, 1), datetime(2098, 12, 31)).map(
    lambda one: one.replace(microsecond=0)
)
zones = st.sampled_from([UTC, BERLIN, LORD_HOWE, KOLKATA, ZoneInfo("America/New_York")])


def at(text):
    return datetime.fromisoformat(text)


def labels(kind, start):
    return [(str(row.start), str(row.end)) for row in oracle.rows(kind, at(start))]


# --- rows ----------------------------------------------------------------------------------------


def test_a_day_is_24_hours_from_the_hour_of_its_start():
    # The recorded answer of facts 5.3: asked for from 16:46.
    found = labels("daily", "2025-07-21T16:46:00")
    assert found[0] == ("2025-07-21 16:00:00", "2025-07-21 16:59:59")
    assert found[10] == ("2025-07-22 02:00:00", "2025-07-22 02:59:59")
    assert found[-1] == ("2025-07-22 15:00:00", "2025-07-22 15:59:59")
    assert len(found) == 24


def test_a_week_is_seven_days_from_the_day_of_its_start():
    found = labels("weekly", "2026-03-04T12:34:56")  # a Wednesday
    assert found[0] == ("2026-03-04 00:00:00", "2026-03-04 23:59:59")
    assert found[-1] == ("2026-03-10 00:00:00", "2026-03-10 23:59:59")
    assert len(found) == 7


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2026-01-31T10:00:00", 31, "2026-03-02 23:59:59"),  # CONTRACT 5
        ("2026-02-01T00:00:00", 28, "2026-02-28 23:59:59"),
        ("2028-02-29T00:00:00", 29, "2028-03-28 23:59:59"),
        ("2026-04-15T23:59:59", 30, "2026-05-14 23:59:59"),
        ("2026-12-02T00:00:00", 31, "2027-01-01 23:59:59"),
    ],
)
def test_a_month_is_as_many_days_as_the_starts_month_has(start, days, last):
    found = labels("monthly", start)
    assert (len(found), found[-1][1]) == (days, last)
    assert found[0][0] == start[:10] + " 00:00:00"


def test_a_year_is_the_rest_of_the_month_and_eleven_more():
    found = labels("annual", "2027-03-10T09:00:00")
    assert found[0] == ("2027-03-10 00:00:00", "2027-03-31 23:59:59")
    assert found[1] == ("2027-04-01 00:00:00", "2027-04-30 23:59:59")
    assert found[11] == ("2028-02-01 00:00:00", "2028-02-29 23:59:59")
    assert len(found) == 12


@given(st.sampled_from(KINDS), starts)
def test_rows_meet_and_hold_the_start(kind, start):
    rows = oracle.rows(kind, start)
    assert rows[0].start <= start <= rows[0].end
    assert all(b.start - a.end == SECOND for a, b in itertools.pairwise(rows))


@given(starts)
def test_rows_are_the_calendars_own(start):
    day = start.date()
    ordinal = day.toordinal()
    for kind, length in (("weekly", 7), ("monthly", len(days_by_calendar(day)))):
        found = [row.start.date() for row in oracle.rows(kind, start)]
        assert found == [date.fromordinal(ordinal + n) for n in range(length)]
    months = []
    while len(months) < 12:  # day by day
        if (day.year, day.month) not in months:
            months.append((day.year, day.month))
        day += DAY
    rows = oracle.rows("annual", start)
    assert [(row.start.year, row.start.month) for row in rows] == months
    for row in rows:
        assert row.end.day == max(days_by_calendar(row.start.date()))
    hours = [row.start for row in oracle.rows("daily", start)]
    assert [hour.hour for hour in hours] == [(start.hour + n) % 24 for n in range(24)]


def days_by_calendar(day):
    return [n for n in calendar.Calendar().itermonthdays(day.year, day.month) if n]


def test_no_other_kind_is_known():
    with pytest.raises(ValueError, match="hourly"):
        oracle.rows("hourly", at("2026-01-01"))


# --- values --------------------------------------------------------------------------------------


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def by_hour(present, day, zone):
    rows = oracle.rows("daily", at(day))
    values = oracle.time_values(rows, present, zone)
    return {row.start.hour: value for row, value in zip(rows, values, strict=True) if value}


def test_a_stay_is_cut_at_the_edges_of_rows_and_each_object_counts():
    one = Presence(utc("2026-03-04T05:59:50"), utc("2026-03-04T06:00:20"))
    assert by_hour([one, one], "2026-03-04", UTC) == {5: 20, 6: 40}
    assert by_hour([one], "2026-03-04", KOLKATA) == {11: 30}


def test_the_repeated_hour_is_one_row_and_the_skipped_one_is_empty():
    autumn = Presence(utc("2026-10-25T00:59:50"), utc("2026-10-25T01:00:20"))
    assert by_hour([autumn], "2026-10-25", BERLIN) == {2: 30}
    spring = Presence(utc("2026-03-29T00:59:50"), utc("2026-03-29T01:00:20"))
    assert by_hour([spring], "2026-03-29", BERLIN) == {1: 10, 3: 20}
    half = Presence(utc("2026-04-04T14:59:50"), utc("2026-04-04T15:00:20"))
    assert by_hour([half], "2026-04-05", LORD_HOWE) == {1: 30}


@given(
    zones,
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)),
    st.integers(0, 200),
    st.sampled_from([*KINDS, "hour"]),
)
def test_nobodys_second_is_lost_or_counted_twice(zone, since, seconds, kind):
    since = since.replace(microsecond=0, tzinfo=UTC)
    one = Presence(since, since + seconds * SECOND)
    reading = since.astimezone(zone).replace(tzinfo=None)
    around = [
        row for n in (-1, 0, 1) for row in oracle.rows("weekly", reading + n * 7 * DAY)
    ]  # fmt: skip
    assert sum(oracle.time_values(around, [one], zone)) == seconds
    assert sum(oracle.time_values(oracle.rows(kind, reading), [one], zone)) <= seconds


# --- retention -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "zone", "oldest"),
    [
        ("2026-03-12T12:00:00", UTC, "2026-03-05 12:00:00"),
        ("2026-03-12T12:59:59", UTC, "2026-03-05 12:00:00"),
        ("2026-03-12T13:00:00", UTC, "2026-03-05 13:00:00"),
        ("2026-04-01T12:30:00", BERLIN, "2026-03-25 11:00:00"),  # clocks went forward
        ("2026-10-28T12:30:00", BERLIN, "2026-10-21 13:00:00"),  # and back
        ("2026-04-08T12:15:00", LORD_HOWE, "2026-04-01 12:00:00"),  # by half an hour
        ("2026-04-08T12:45:00", LORD_HOWE, "2026-04-01 13:00:00"),
        ("2026-03-12T12:10:00", KOLKATA, "2026-03-05 12:00:00"),
    ],
)
def test_the_oldest_hour_is_168_hours_ago(now, zone, oldest):
    assert str(oracle.oldest_hour(at(now).replace(tzinfo=zone), zone)) == oldest


@given(zones, st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_the_oldest_hour_holds_what_the_clock_read_168_hours_ago(zone, now):
    now = now.replace(tzinfo=UTC)
    stamp = now.timestamp() - 168 * 3600
    ago = datetime.fromtimestamp(stamp, zone).replace(tzinfo=None)
    oldest = oracle.oldest_hour(now, zone)
    assert oldest <= ago < oldest + HOUR
    assert (oldest.minute, oldest.second, oldest.microsecond) == (0, 0, 0)


# --- exported reports ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "kind", "name"),
    [
        ("time", "daily", "SN1_time_daily_20260303080000.csv"),
        ("space", "weekly", "SN1_space_weekly_20260303000000.png"),
        ("space", "monthly", "SN1_space_monthly_20260303000000.png"),
        ("time", "annual", "SN1_time_annual_20260303000000.csv"),
    ],
)
def test_a_file_is_named_by_its_floored_start(what, kind, name):
    assert oracle.file_name("SN1", what, kind, at("2026-03-03T08:15:30")) == name


@pytest.mark.parametrize(
    ("kind", "due", "start"),
    [
        ("daily", "2026-03-04T08:00:00", "2026-03-03 08:00:00"),
        ("weekly", "2026-03-04T08:00:00", "2026-02-25 08:00:00"),
        ("monthly", "2026-03-31T08:00:00", "2026-02-28 08:00:00"),
        ("monthly", "2026-03-15T08:00:00", "2026-02-15 08:00:00"),
        ("annual", "2028-02-29T08:00:00", "2027-02-01 08:00:00"),
    ],
)
def test_what_is_exported_is_the_latest_report_that_is_over(kind, due, start):
    assert str(oracle.exported_start(kind, at(due))) == start


@given(st.sampled_from(KINDS), starts)
def test_an_exported_report_is_over_and_the_next_one_is_not(kind, due):
    rows = oracle.rows(kind, oracle.exported_start(kind, due))
    assert rows[-1].end < due
    # One row later it would not be.
    if kind != "monthly":  # whose next start has another number of days
        later = oracle.rows(kind, rows[1].start)
        assert later[-1].end >= due.replace(minute=0, second=0) - SECOND


# --- filled history ------------------------------------------------------------------------------


def test_the_hour_that_the_page_works_out_by_hand():
    noon = at("2026-03-04T12:00:00")
    assert shoplife.visitors(noon) == 105
    assert shoplife.presence_s([noon]) == 10_190
    assert shoplife.cells_s([noon])[120, 100] == 1_415
    assert shoplife.presence_s([at("2026-03-04T21:00:00")]) == 2_160


def test_the_busiest_hour_and_the_average_day_are_the_pages():
    assert shoplife.presence_s([at("2026-12-05T18:00:00")]) == 37_440
    year = shoplife.hours_of(Row(at("2026-01-01"), at("2026-12-31T23:59:59")))
    assert round(shoplife.presence_s(year) / 365, -3) == 116_000


def test_the_shop_is_shut_at_night_and_on_sundays_but_from_11_to_16():
    sunday = shoplife.hours_of(Row(at("2026-03-08"), at("2026-03-08T23:59:59")))
    assert [hour.hour for hour in sunday if shoplife.visitors(hour)] == [11, 12, 13, 14, 15, 16]
    monday = shoplife.hours_of(Row(at("2026-03-09"), at("2026-03-09T23:59:59")))
    assert [hour.hour for hour in monday if shoplife.visitors(hour)] == list(range(8, 22))


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_an_hours_cells_hold_its_stops_and_nothing_else(reading):
    hour = reading.replace(minute=0, second=0, microsecond=0)
    stops, cells = shoplife.stops_s(hour), shoplife.cells_s([hour])
    areas = {
        name: (bottom - top) * (right - left)
        for name, (top, left, bottom, right) in shoplife.BOXES.items()
    }
    assert sum(cells.values()) == sum(seconds * areas[name] for name, seconds in stops.items())
    assert all(0 <= row < 192 and 0 <= column < 192 for row, column in cells)
