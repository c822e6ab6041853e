"""Report periods: calendars worked out by hand, then refusals."""

from datetime import UTC, datetime, timedelta

import pytest
from calendars import APIA, BERLIN, HAVANA, HOUR, KOLKATA, LORD_HOWE, ST_JOHNS, lengths, of, utc

from emulator.core.reports.period import (
    KINDS,
    PeriodError,
    day_of,
    hour_of,
    month_of,
    period,
    smallest,
)


def rows(report):
    """The rows as texts, the end as the last second."""
    last = timedelta(seconds=1)
    return [f"{row.start} - {row.end - last}" for row in report.buckets]


# --- worked examples: daily -----------------------------------------------------------------------


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


# --- worked examples: weekly, monthly, annual -----------------------------------------------------


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


# --- worked examples: the smallest period, and what an instant lies in ----------------------------


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


# --- refusals -------------------------------------------------------------------------------------


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
