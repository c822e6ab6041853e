"""The two reports: a shop's days by hand, then sums that must agree, then what is too old."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.reports.period import KINDS, hour_of, period
from emulator.core.reports.report import space_report, time_report, visible_from

BERLIN = ZoneInfo("Europe/Berlin")  # in 2026 back on 25 October, forward on 29 March
KOLKATA = ZoneInfo("Asia/Kolkata")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
MINUTE, HOUR = 60_000, 3_600_000


def utc(text):
    """The instant of a UTC reading."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def reads(at, zone):
    """What a clock in `zone` reads, by the standard library."""
    moment = datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    return moment.astimezone(zone).replace(tzinfo=None)


def of(kind, start, zone=UTC):
    return period(kind, datetime.fromisoformat(start), zone)


def presence(heat, part):
    """What the minutes of `heat`, ms by their first instant, hold within `part`."""
    return sum(ms for at, ms in heat.items() if part.start_ms <= at < part.end_ms)


def cells(heat, part):
    """The same as a map, each minute's presence in the cell that its instant names."""
    total = np.zeros((192, 192), np.uint64)
    for at, ms in heat.items():
        if part.start_ms <= at < part.end_ms:
            total[place(at)] += np.uint64(ms)
    return total


def place(at):
    return at // MINUTE % 192, at // MINUTE // 192 % 192


def values(heat, report, seen_from=None):
    return [row.presence_ms for row in time_report(report, partial(presence, heat), seen_from)]


def maps(heat, report, seen_from=None):
    return space_report(report, partial(cells, heat), seen_from)


def visible(now, zone=UTC):
    """From when heat is visible at `now`, a text in UTC."""
    return visible_from(utc(now), lambda at: hour_of(at, zone).start_ms)


zones = st.sampled_from([UTC, BERLIN, KOLKATA, LORD_HOWE])
whole_hours = st.sampled_from([UTC, BERLIN, KOLKATA])  # zones that change by nothing less
minutes = st.integers(utc("2026-10-17") // MINUTE, utc("2026-11-03") // MINUTE).map(MINUTE.__mul__)
heats = st.dictionaries(minutes, st.integers(0, 10**9), max_size=30)
starts = st.datetimes(datetime(2026, 10, 17), datetime(2026, 11, 3))


# --- worked examples ---------------------------------------------------------------------------


def test_each_row_holds_the_presence_of_its_own_hour():
    heat = {
        utc("2026-06-01T08:59"): 1_000,  # the minute before
        utc("2026-06-01T09:00"): 20_000,
        utc("2026-06-01T09:59"): 300_000,
        utc("2026-06-01T10:00"): 4_000_000,
        utc("2026-06-02T08:59"): 50_000_000,
        utc("2026-06-02T09:00"): 600_000_000,  # the minute after
    }
    report = time_report(of("daily", "2026-06-01T09:30"), partial(presence, heat))
    assert [row.presence_ms for row in report] == [320_000, 4_000_000, *[0] * 21, 50_000_000]
    assert (report[0].start, report[0].end) == (datetime(2026, 6, 1, 9), datetime(2026, 6, 1, 10))
    assert (report[-1].start, report[-1].end) == (datetime(2026, 6, 2, 8), datetime(2026, 6, 2, 9))


def test_presence_may_be_longer_than_its_row_since_many_are_there_at_once():
    heat = {utc("2026-06-01T09:00"): 26_390_000}  # seconds of a shop's busy hour (facts 5.4)
    assert values(heat, of("daily", "2026-06-01T09:00"))[0] == 26_390_000


@pytest.mark.parametrize("kind", KINDS)
def test_a_period_without_data_is_all_rows_of_0_and_an_empty_map(kind):
    report = of(kind, "2026-06-01")
    assert values({}, report) == [0] * len(report.buckets)
    assert not maps({}, report).any()


def test_the_hour_that_autumn_repeats_is_one_row_of_both():
    heat = {utc("2026-10-25T00:30"): 1_000, utc("2026-10-25T01:30"): 20_000}
    assert values(heat, of("daily", "2026-10-25", BERLIN)) == [0, 0, 21_000, *[0] * 21]


def test_the_hour_that_spring_skips_is_a_row_of_0():
    heat = {utc("2026-03-29T00:59"): 1_000, utc("2026-03-29T01:00"): 20_000}
    assert values(heat, of("daily", "2026-03-29", BERLIN))[1:4] == [1_000, 0, 20_000]


def test_a_map_covers_exactly_the_rows_and_is_in_milliseconds():
    first, last = utc("2026-06-01T09:00"), utc("2026-06-02T08:59")
    heat = {first - MINUTE: 1, first: 20, last: 300, last + MINUTE: 4_000}
    shown = maps(heat, of("daily", "2026-06-01T09:30"))
    assert (shown.dtype, shown.shape, shown.sum()) == (np.uint64, (192, 192), 320)
    assert (shown[place(first)], shown[place(last)]) == (20, 300)


def test_what_storage_gave_is_not_written_to():
    kept = np.full((192, 192), 7, np.uint64)
    twice = space_report(
        of("weekly", "1999-10-31", ZoneInfo("America/St_Johns")), lambda part: kept
    )
    assert (kept.max(), twice.max()) == (7, 14)  # a week in two stretches


# --- worked examples: what is too old (REP-06) -------------------------------------------------


@pytest.mark.parametrize(
    ("now", "zone", "first"),
    [
        ("2026-06-08T12:34:56", UTC, "2026-06-01T12:00"),
        ("2026-06-08T12:00:00", UTC, "2026-06-01T12:00"),
        ("2026-06-08T11:59:59", UTC, "2026-06-01T11:00"),
        ("2026-06-08T12:34:56", KOLKATA, "2026-06-01T12:30"),  # 18:04:56 there: from 18:00
        ("2026-06-08T12:20:00", KOLKATA, "2026-06-01T11:30"),  # 17:50:00 there: from 17:00
        ("2026-11-01T00:30:00", BERLIN, "2026-10-25T00:00"),  # 168 hours, not seven dates
        ("2026-11-01T01:30:00", BERLIN, "2026-10-25T01:00"),  # the second 02:00 of that day
        ("2026-04-11T14:45:00", LORD_HOWE, "2026-04-04T14:00"),  # 01:45, the first that day
        ("2026-04-11T15:10:00", LORD_HOWE, "2026-04-04T15:00"),  # 01:40, the second
    ],
)
def test_hours_are_visible_from_168_hours_ago_floored_to_the_hour(now, zone, first):
    assert visible(now, zone) == utc(first)


def test_rows_before_what_is_visible_are_there_and_0():
    hours = {utc("2026-06-01T00:00") + hour * HOUR: 1_000 + hour for hour in range(48)}
    seen_from = visible("2026-06-08T12:34:56")
    expected = [0] * 12 + [1_000 + hour for hour in range(12, 24)]
    assert values(hours, of("daily", "2026-06-01"), seen_from) == expected


def test_a_day_s_row_adds_up_its_visible_hours_alone():
    hours = {utc("2026-05-31T00:30") + hour * HOUR: 10**hour for hour in range(15)}
    hours |= {utc("2026-06-01T11:59"): 5, utc("2026-06-01T12:00"): 70, utc("2026-06-02T00:00"): 900}
    seen_from = visible("2026-06-08T12:34:56")
    week = of("weekly", "2026-05-31")
    assert values(hours, week, seen_from) == [0, 70, 900, 0, 0, 0, 0]
    assert maps(hours, week, seen_from).sum() == 970


def test_a_month_s_row_adds_up_its_visible_hours_alone():
    hours = {utc("2026-06-01T11:59"): 5, utc("2026-06-01T12:00"): 70, utc("2026-06-30T00:00"): 900}
    assert values(hours, of("annual", "2026-06-01"), visible("2026-06-08T12:34:56"))[0] == 970


def test_a_report_wholly_too_old_is_0_and_empty():
    hours = {utc("2026-05-01T08:00"): 1_000}
    day, seen_from = of("daily", "2026-05-01"), visible("2026-06-08T12:34:56")
    assert values(hours, day) != [0] * 24
    assert values(hours, day, seen_from) == [0] * 24
    assert not maps(hours, day, seen_from).any()


def test_storage_is_asked_for_nothing_but_what_is_visible():
    asked = []

    def nothing(part):
        asked.append(part)
        return 0

    noon = utc("2026-06-01T12:00")
    time_report(of("daily", "2026-06-01T10:00"), nothing, noon)
    assert asked == [(noon + n * HOUR, noon + (n + 1) * HOUR) for n in range(22)]


# --- laws --------------------------------------------------------------------------------------


@given(heats, starts, zones, st.sampled_from(KINDS))
def test_the_rows_add_up_to_what_was_recorded_between_the_first_and_the_last(
    heat, start, zone, kind
):
    report = period(kind, start, zone)
    first, last = report.buckets[0].start, report.buckets[-1].end
    recorded = sum(ms for at, ms in heat.items() if first <= reads(at, zone) < last)
    assert sum(values(heat, report)) == recorded


@settings(deadline=None)
@given(heats, starts, zones, st.none() | minutes)
def test_the_map_adds_up_to_the_rows(heat, start, zone, seen_from):
    report = period("daily", start, zone)
    assert maps(heat, report, seen_from).sum() == sum(values(heat, report, seen_from))


@given(heats, starts, zones)
def test_a_period_cut_in_parts_adds_up_to_the_whole(heat, start, zone):
    midnight = start.replace(hour=0)
    days = [period("daily", midnight + timedelta(days=n), zone) for n in range(7)]
    week = values(heat, period("weekly", start, zone))
    assert week == [sum(values(heat, day)) for day in days]


@given(heats, starts, whole_hours, st.integers(utc("2026-10-20"), utc("2026-11-10")))
def test_a_row_adds_up_its_visible_hours_and_nothing_else(heat, start, zone, now):
    def hour_began(at):
        past = reads(at, zone)
        return at - (past.minute * MINUTE + past.second * 1000 + past.microsecond // 1000)

    oldest = hour_began(now - 168 * HOUR)
    shown = {at: ms for at, ms in heat.items() if hour_began(at) >= oldest}
    seen_from = visible_from(now, lambda at: hour_of(at, zone).start_ms)
    for kind in ("daily", "weekly"):
        report = period(kind, start, zone)
        assert values(heat, report, seen_from) == values(shown, report)


@given(heats, starts, minutes, minutes)
def test_time_passing_only_ever_hides(heat, start, early, late):
    report = period("weekly", start, UTC)
    before = values(heat, report, min(early, late))
    after = values(heat, report, max(early, late))
    assert all(then >= now for then, now in zip(before, after, strict=True))
