"""Report periods: calendars worked out by hand, then laws against a slow clock, then refusals.

The slow clock is the standard library's, looked at minute by minute.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.reports.period import (
    KINDS,
    Period,
    PeriodError,
    day_of,
    hour_of,
    month_of,
    period,
    smallest,
)

BERLIN = ZoneInfo("Europe/Berlin")  # in 2026 forward on 29 March, back on 25 October
KOLKATA = ZoneInfo("Asia/Kolkata")  # half an hour off the full hours, always
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # changes by half an hour, 5 April and 4 October 2026
HAVANA = ZoneInfo("America/Havana")  # forward at midnight, 8 March 2026
ST_JOHNS = ZoneInfo("America/St_Johns")  # until 2010 put back at 00:01, to the day before
APIA = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
OTHERS = ["Africa/Casablanca", "Asia/Kathmandu", "Asia/Beirut", "America/Nuuk"]
ZONES = [UTC, BERLIN, KOLKATA, LORD_HOWE, HAVANA, ST_JOHNS, APIA, *map(ZoneInfo, OTHERS)]

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

CHANGES = [  # the days around a clock change, as read on the wall
    (BERLIN, "2026-03-29"),
    (BERLIN, "2026-10-25"),
    (LORD_HOWE, "2026-04-05"),
    (LORD_HOWE, "2026-10-04"),
    (HAVANA, "2026-03-08"),
    (HAVANA, "2026-11-01"),
    (ST_JOHNS, "1999-04-04"),
    (ST_JOHNS, "1999-10-31"),
    (APIA, "2011-12-31"),
    (KOLKATA, "2026-06-15"),  # none
]
SAME = {"daily": "%Y-%m-%d %H", "weekly": "%Y-%m-%d"}
"""Readings that are alike in this form lie in the same row."""


def utc(text):
    """The instant of a UTC reading."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def reads(at, zone):
    """What a clock in `zone` reads, by the standard library."""
    moment = datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    return moment.astimezone(zone).replace(tzinfo=None)


def of(kind, start, zone=UTC):
    return period(kind, datetime.fromisoformat(start), zone)


def rows(report):
    """The rows as texts, the end as the last second."""
    last = timedelta(seconds=1)
    return [f"{row.start} - {row.end - last}" for row in report.buckets]


def lengths(report):
    """How long each row's real time is, in hours."""
    return [sum(end - start for start, end in row.stretches) / HOUR for row in report.buckets]


def near(change):
    """Instants within two days of a clock change, each with its zone."""
    zone, day = change
    return st.tuples(st.just(zone), st.integers(-2 * DAY, 2 * DAY).map(lambda ms: utc(day) + ms))


zones = st.sampled_from(ZONES)
kinds = st.sampled_from(KINDS)
anywhere = st.tuples(zones, st.integers(0, utc("2100-01-01")))
places = anywhere | st.sampled_from(CHANGES).flatmap(near)


# --- worked examples: daily --------------------------------------------------------------------


def test_a_daily_report_counts_24_hours_from_its_start_floored_to_the_hour():
    report = of("daily", "2025-07-22T16:46:12")
    assert len(report.buckets) == 24
    assert rows(report)[0] == "2025-07-22 16:00:00 - 2025-07-22 16:59:59"
    assert rows(report)[7:9] == [
        "2025-07-22 23:00:00 - 2025-07-22 23:59:59",
        "2025-07-23 00:00:00 - 2025-07-23 00:59:59",
    ]
    assert rows(report)[-1] == "2025-07-23 15:00:00 - 2025-07-23 15:59:59"
    assert report.start == datetime(2025, 7, 22, 16)
    assert report.stretches == ((utc("2025-07-22T16:00"), utc("2025-07-23T16:00")),)
    assert of("daily", "2026-01-01T05:59:59.999999").start == datetime(2026, 1, 1, 5)


def test_in_kolkata_hours_begin_at_half_past_in_utc():
    first = of("daily", "2026-06-01T00:10", KOLKATA).buckets[0]
    assert first.stretches == ((utc("2026-05-31T18:30"), utc("2026-05-31T19:30")),)


def test_the_hour_that_autumn_repeats_is_one_row_of_two_hours():
    report = of("daily", "2026-10-25T00:00", BERLIN)
    assert rows(report)[2] == "2026-10-25 02:00:00 - 2026-10-25 02:59:59"
    assert lengths(report) == [1, 1, 2, *[1] * 21]
    assert report.stretches == ((utc("2026-10-24T22:00"), utc("2026-10-25T23:00")),)


def test_the_hour_that_spring_skips_is_a_row_of_nothing():
    report = of("daily", "2026-03-29T00:00", BERLIN)
    assert rows(report)[2] == "2026-03-29 02:00:00 - 2026-03-29 02:59:59"
    assert lengths(report) == [1, 1, 0, *[1] * 21]
    assert report.stretches == ((utc("2026-03-28T23:00"), utc("2026-03-29T22:00")),)


def test_lord_howe_changes_by_half_an_hour():
    assert lengths(of("daily", "2026-04-05T00:00", LORD_HOWE)) == [1, 1.5, *[1] * 22]
    assert lengths(of("daily", "2026-10-04T00:00", LORD_HOWE)) == [1, 1, 0.5, *[1] * 21]


def test_in_havana_the_day_of_spring_begins_at_one():
    assert lengths(of("daily", "2026-03-08T00:00", HAVANA)) == [0, *[1] * 23]
    assert lengths(of("weekly", "2026-03-05T00:00", HAVANA)) == [24, 24, 24, 23, 24, 24, 24]
    sunday = of("weekly", "2026-03-08T00:00", HAVANA)
    assert sunday.stretches == ((utc("2026-03-08T05:00"), utc("2026-03-15T04:00")),)


def test_an_hour_report_is_one_row():
    assert rows(of("hour", "2026-06-01T12:34:56")) == ["2026-06-01 12:00:00 - 2026-06-01 12:59:59"]


# --- worked examples: weekly, monthly, annual --------------------------------------------------


def test_a_weekly_report_counts_seven_days_from_its_start_not_from_monday():
    days = ["02-25", "02-26", "02-27", "02-28", "03-01", "03-02", "03-03"]
    assert rows(of("weekly", "2026-02-25T18:30")) == [
        f"2026-{day} 00:00:00 - 2026-{day} 23:59:59" for day in days
    ]


@pytest.mark.parametrize(
    ("start", "count", "last"),
    [
        ("2026-01-31", 31, "2026-03-02"),  # CONTRACT 5's own example
        ("2024-01-31", 31, "2024-03-01"),  # a leap year
        ("2026-01-01", 31, "2026-01-31"),
        ("2026-02-01", 28, "2026-02-28"),
        ("2024-02-01", 29, "2024-02-29"),
        ("2024-02-29", 29, "2024-03-28"),
        ("2000-02-15", 29, "2000-03-14"),  # a leap year, being divisible by 400
        ("2100-02-15", 28, "2100-03-14"),  # none, being divisible by 100
        ("2026-04-30", 30, "2026-05-29"),
        ("2026-12-31", 31, "2027-01-30"),
    ],
)
def test_a_monthly_report_has_as_many_days_as_the_start_s_month(start, count, last):
    report = of("monthly", f"{start}T23:59:59")
    assert len(report.buckets) == count
    assert rows(report)[0] == f"{start} 00:00:00 - {start} 23:59:59"
    assert rows(report)[-1] == f"{last} 00:00:00 - {last} 23:59:59"


def test_an_annual_report_begins_with_the_rest_of_a_month_and_ends_eleven_months_later():
    ends = ["04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"]
    assert rows(of("annual", "2025-03-17T09:00")) == [
        "2025-03-17 00:00:00 - 2025-03-31 23:59:59",
        *(f"2025-{end[:2]}-01 00:00:00 - 2025-{end} 23:59:59" for end in ends),
        "2026-01-01 00:00:00 - 2026-01-31 23:59:59",
        "2026-02-01 00:00:00 - 2026-02-28 23:59:59",
    ]


@pytest.mark.parametrize(
    ("start", "first_ends", "last_begins", "last_ends"),
    [
        ("2026-01-31", "2026-01-31", "2026-12-01", "2026-12-31"),
        ("2024-02-29", "2024-02-29", "2025-01-01", "2025-01-31"),
        ("2023-03-01", "2023-03-31", "2024-02-01", "2024-02-29"),
        ("2026-12-31", "2026-12-31", "2027-11-01", "2027-11-30"),
    ],
)
def test_an_annual_report_s_first_and_last_row(start, first_ends, last_begins, last_ends):
    report = of("annual", f"{start}T12:00")
    assert rows(report)[0] == f"{start} 00:00:00 - {first_ends} 23:59:59"
    assert rows(report)[-1] == f"{last_begins} 00:00:00 - {last_ends} 23:59:59"


def test_a_year_in_berlin_is_an_hour_short_in_march_and_long_in_october():
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    hours = [24 * count for count in days]
    hours[2] -= 1
    hours[9] += 1
    report = of("annual", "2026-01-01", BERLIN)
    assert lengths(report) == hours
    assert report.stretches == ((utc("2025-12-31T23:00"), utc("2026-12-31T23:00")),)


def test_a_day_that_was_cut_in_two_is_one_row_with_two_stretches():
    report = of("weekly", "1999-10-30", ST_JOHNS)
    assert report.buckets[0].stretches == (
        (utc("1999-10-30T02:30"), utc("1999-10-31T02:30")),
        (utc("1999-10-31T02:31"), utc("1999-10-31T03:30")),
    )
    assert report.buckets[1].stretches == (
        (utc("1999-10-31T02:30"), utc("1999-10-31T02:31")),
        (utc("1999-10-31T03:30"), utc("1999-11-01T03:30")),
    )
    assert report.stretches == ((utc("1999-10-30T02:30"), utc("1999-11-06T03:30")),)


def test_a_period_s_last_day_may_come_back_after_the_next_has_begun():
    report = of("weekly", "1999-10-24", ST_JOHNS)
    assert lengths(report)[-1] == 24 + 59 / 60
    assert report.stretches == (
        (utc("1999-10-24T02:30"), utc("1999-10-31T02:30")),
        (utc("1999-10-31T02:31"), utc("1999-10-31T03:30")),
    )


def test_a_day_that_never_was_is_a_row_of_nothing():
    assert lengths(of("weekly", "2011-12-28", APIA)) == [24, 24, 0, 24, 24, 24, 24]
    assert lengths(of("daily", "2011-12-30", APIA)) == [0] * 24


# --- worked examples: the smallest period, and what an instant lies in -------------------------


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ("2026-01-31T10:30", "daily"),
        ("2026-02-01T10:00", "daily"),  # floored to the hour, it ends at 10:00
        ("2026-02-01T10:00:00.001", "weekly"),
        ("2026-02-07T00:00", "weekly"),
        ("2026-02-07T00:00:00.001", "monthly"),
        ("2026-03-03T00:00", "monthly"),
        ("2026-03-03T00:00:00.001", "annual"),
        ("2027-01-01T00:00", "annual"),
    ],
)
def test_the_smallest_period_is_the_first_that_holds_the_end(end, kind):
    assert smallest(datetime(2026, 1, 31, 10, 15), utc(end), UTC).kind == kind


def test_the_smallest_period_is_found_even_from_a_day_that_never_was():
    begins = utc("2011-12-30T10:00")  # what 30 December became: 31 December 00:00
    assert smallest(datetime(2011, 12, 30), begins + HOUR, APIA).kind == "weekly"


@pytest.mark.parametrize(
    ("of_what", "zone", "at", "start", "end"),
    [
        (hour_of, UTC, "2026-06-01T12:34:56", "2026-06-01T12:00", "2026-06-01T13:00"),
        (hour_of, KOLKATA, "2026-06-01T12:34:56", "2026-06-01T12:30", "2026-06-01T13:30"),
        (hour_of, BERLIN, "2026-10-25T00:30", "2026-10-25T00:00", "2026-10-25T01:00"),
        (hour_of, BERLIN, "2026-10-25T01:30", "2026-10-25T01:00", "2026-10-25T02:00"),
        (hour_of, LORD_HOWE, "2026-04-04T15:10", "2026-04-04T15:00", "2026-04-04T15:30"),
        (day_of, UTC, "2026-06-01T12:34:56", "2026-06-01", "2026-06-02"),
        (day_of, BERLIN, "2026-10-25T12:00", "2026-10-24T22:00", "2026-10-25T23:00"),
        (day_of, BERLIN, "2026-03-29T12:00", "2026-03-28T23:00", "2026-03-29T22:00"),
        (day_of, HAVANA, "2026-03-08T12:00", "2026-03-08T05:00", "2026-03-09T04:00"),
        (day_of, ST_JOHNS, "1999-10-31T03:00", "1999-10-31T02:31", "1999-10-31T03:30"),
        (month_of, UTC, "2026-02-28T23:59:59.999", "2026-02-01", "2026-03-01"),
        (month_of, UTC, "2026-12-01T00:00", "2026-12-01", "2027-01-01"),
        (month_of, BERLIN, "2026-03-29T12:00", "2026-02-28T23:00", "2026-03-31T22:00"),
    ],
)
def test_the_hour_day_and_month_of_an_instant(of_what, zone, at, start, end):
    assert of_what(utc(at), zone) == (utc(start), utc(end))


# --- laws --------------------------------------------------------------------------------------


def days_in_month(reading):
    """By way of the day before the next month's first."""
    following = (reading.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - timedelta(days=1)).day


starts = st.datetimes(datetime(1970, 1, 1), datetime(9000, 12, 31))


@settings(deadline=None)
@given(kinds, starts, zones)
def test_any_start_gives_the_right_number_of_rows(kind, start, zone):
    expected = {"daily": 24, "weekly": 7, "monthly": days_in_month(start), "annual": 12, "hour": 1}
    report = period(kind, start, zone)
    assert len(report.buckets) == expected[kind]
    assert all(row.end == after.start for row, after in pairwise(report.buckets))
    assert report.start <= start < report.buckets[0].end


@settings(deadline=None)
@given(kinds, places)
def test_a_row_holds_exactly_the_instants_that_read_so(kind, place):
    zone, at = place
    for row in period(kind, reads(at, zone), zone).buckets:
        assert all(a.end_ms < b.start_ms for a, b in pairwise(row.stretches))
        for start, end in row.stretches:
            within = [row.start <= reads(moment, zone) < row.end for moment in (start, end - 1)]
            beyond = [row.start <= reads(moment, zone) < row.end for moment in (start - 1, end)]
            assert (start < end, within, beyond) == (True, [True] * 2, [False] * 2)


@settings(deadline=None)
@given(kinds, places)
def test_rows_share_no_instant_and_leave_none_out(kind, place):
    zone, at = place
    report = period(kind, reads(at, zone), zone)
    parts = sorted(part for row in report.buckets for part in row.stretches)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(parts))
    whole = sum(part.end_ms - part.start_ms for part in report.stretches)
    assert whole == sum(part.end_ms - part.start_ms for part in parts)
    assert all(a.end_ms < b.start_ms for a, b in pairwise(report.stretches))
    for gap in (part.end_ms for part in report.stretches[:-1]):
        # Only a clock put back over one of the report's ends leaves a gap.
        assert not report.start <= reads(gap, zone) < report.buckets[-1].end
    assert any(part.start_ms <= at < part.end_ms for part in report.stretches)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
@pytest.mark.parametrize("kind", ["daily", "weekly"])
def test_a_clock_watched_minute_by_minute_agrees_with_the_rows(zone, day, kind):
    start = datetime.fromisoformat(day) - timedelta(hours=20 if kind == "daily" else 48)
    report = period(kind, start, zone)
    first, days = utc(day) - 4 * DAY, {"daily": 6, "weekly": 11}[kind]
    watched = range(first, first + days * DAY, MINUTE)
    seen = Counter(reads(at, zone).strftime(SAME[kind]) for at in watched)
    for row in report.buckets:
        minutes = sum(end - begin for begin, end in row.stretches) / MINUTE
        assert minutes == seen[row.start.strftime(SAME[kind])]


def test_a_year_watched_every_quarter_of_an_hour_agrees_with_the_rows():
    report = period("annual", datetime(2026, 2, 1), LORD_HOWE)
    watched = range(utc("2026-01-30"), utc("2027-02-04"), 15 * MINUTE)
    seen = Counter(reads(at, LORD_HOWE).strftime("%Y-%m") for at in watched)
    for row, hours in zip(report.buckets, lengths(report), strict=True):
        assert 4 * hours == seen[row.start.strftime("%Y-%m")]


@settings(deadline=None)
@given(places, st.sampled_from([hour_of, day_of, month_of]))
def test_hours_days_and_months_hold_their_instant_and_part_all_time_among_them(place, of_what):
    zone, at = place
    part = of_what(at, zone)
    assert part.start_ms <= at < part.end_ms
    for moment in (part.start_ms, (part.start_ms + at) // 2, part.end_ms - 1):
        assert of_what(moment, zone) == part
    assert of_what(part.end_ms, zone).start_ms == part.end_ms
    assert of_what(part.start_ms - 1, zone).end_ms == part.start_ms


@settings(deadline=None)
@given(places)
def test_an_hour_lies_in_one_day_and_a_day_in_one_month(place):
    zone, at = place
    parts = [of_what(at, zone) for of_what in (month_of, day_of, hour_of)]
    for outer, inner in pairwise(parts):
        assert outer.start_ms <= inner.start_ms < inner.end_ms <= outer.end_ms


@settings(deadline=None)
@given(places)
def test_all_instants_of_an_hour_a_day_or_a_month_read_so(place):
    zone, at = place
    for of_what, same in ((hour_of, "%Y-%m-%d %H"), (day_of, "%Y-%m-%d"), (month_of, "%Y-%m")):
        start, end = of_what(at, zone)
        seen = {reads(moment, zone).strftime(same) for moment in (start, at, end - 1)}
        assert len(seen) == 1


@settings(deadline=None)
@given(places, st.sampled_from(["weekly", "monthly"]))
def test_a_report_s_days_are_the_days_of_their_instants(place, kind):
    zone, at = place
    for row in period(kind, reads(at, zone), zone).buckets:
        assert all(day_of(part.start_ms, zone) == part for part in row.stretches)


@settings(deadline=None)
@given(kinds, st.datetimes(), zones)
def test_any_start_whatsoever_gives_a_period_or_a_refusal(kind, start, zone):
    try:
        report = period(kind, start, zone)
    except PeriodError:
        assert not datetime(1, 1, 5) < start < datetime(9998, 12, 1)
    else:
        assert isinstance(report, Period)


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start", [datetime.min, datetime(1, 1, 1, 23), datetime.max])
@pytest.mark.parametrize("zone", [UTC, BERLIN, HAVANA, KOLKATA])
def test_a_period_at_either_end_of_the_calendar_is_refused(kind, start, zone):
    with pytest.raises(PeriodError, match=rf"^{kind} from {start} leaves the calendar$"):
        period(kind, start, zone)


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("annual", "9999-01-01"),
        ("monthly", "9999-12-01"),
        ("weekly", "9999-12-25"),
        ("daily", "9999-12-31"),
    ],
)
def test_a_period_that_begins_in_the_calendar_and_ends_outside_is_refused(kind, start):
    with pytest.raises(PeriodError, match=rf"^{kind} from {start} 00:00:00 leaves the calendar$"):
        of(kind, start)


@pytest.mark.parametrize("kind", ["", "Daily", "yearly", "auto"])
def test_a_kind_that_is_not_known_is_refused(kind):
    with pytest.raises(
        PeriodError, match=rf"^report type '{kind}' is not one of daily, weekly, monthly, "
    ):
        of(kind, "2026-01-01")


def test_what_outlasts_the_annual_report_is_refused():
    start = datetime(2026, 1, 31, 10, 15)
    with pytest.raises(PeriodError, match=r"^what begins 2026-01-31 10:15:00 outlasts the annual"):
        smallest(start, utc("2027-01-01T00:00:00.001"), UTC)
