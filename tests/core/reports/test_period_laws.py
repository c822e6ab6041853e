"""Report periods: laws against a slow clock, the standard library's, minute by minute."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from calendars import (
    APIA,
    BERLIN,
    DAY,
    HAVANA,
    KOLKATA,
    LORD_HOWE,
    MINUTE,
    ST_JOHNS,
    ZONES,
    lengths,
    utc,
)
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
)

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


def reads(at, zone):
    """What a clock in `zone` reads, by the standard library."""
    moment = datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    return moment.astimezone(zone).replace(tzinfo=None)


def near(change):
    """Instants within two days of a clock change, each with its zone."""
    zone, day = change
    return st.tuples(st.just(zone), st.integers(-2 * DAY, 2 * DAY).map(lambda ms: utc(day) + ms))


zones = st.sampled_from(ZONES)
kinds = st.sampled_from(KINDS)
anywhere = st.tuples(zones, st.integers(0, utc("2100-01-01")))
places = anywhere | st.sampled_from(CHANGES).flatmap(near)


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
