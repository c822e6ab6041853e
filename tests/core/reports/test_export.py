"""When an export is due, which report it means, and what its files are called."""

import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.localtime import to_local
from emulator.core.reports.export import Due, Progress, due, pause_s, pending, reports
from emulator.core.reports.export_settings import EVERY_DAY, ExportSettings
from emulator.core.reports.period import period

BERLIN = ZoneInfo("Europe/Berlin")
DAY_MS = 24 * 3_600_000


def at(text, zone=UTC):
    """The instant of a local reading that is there once."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def utc_texts(found):
    return [datetime.fromtimestamp(one.at_ms / 1000, UTC).isoformat()[:16] for one in found]


def every_day(hour, minute=0, **more):
    return ExportSettings(export_time=1, hour=hour, minute=minute, **more)


def weekly(weekday, range_=1):
    return ExportSettings(export_time=1, weekday=weekday, range=range_, hour=8)


# --- when -------------------------------------------------------------------------------------


def test_every_day_means_once_a_day_at_its_time():
    found = due(every_day(8, 30), at("2026-03-04 08:29"), at("2026-03-06 08:30"), UTC)
    assert utc_texts(found) == ["2026-03-04T08:30", "2026-03-05T08:30", "2026-03-06T08:30"]


def test_the_end_of_the_stretch_is_in_it_and_its_begin_is_not():
    moment = at("2026-03-04 08:00")
    assert len(due(every_day(8), moment - 1, moment, UTC)) == 1
    assert due(every_day(8), moment, moment + 1000, UTC) == []
    assert due(every_day(8), moment - 1000, moment - 1, UTC) == []


def test_a_weekday_counts_from_sunday():
    # 1 March 2026 is a Sunday.
    for weekday in range(7):
        found = due(weekly(weekday), at("2026-03-01 00:00"), at("2026-03-08 00:00"), UTC)
        assert utc_texts(found) == [f"2026-03-0{1 + weekday}T08:00"]


def test_nothing_is_due_when_nothing_is_to_be_exported():
    off = ExportSettings(hour=8)
    assert due(off, at("2026-03-01 00:00"), at("2026-03-08 00:00"), UTC) == []


def test_the_time_of_day_is_the_camera_s():
    found = due(
        every_day(8), at("2026-03-04 00:00"), at("2026-03-05 00:00"), ZoneInfo("Asia/Kolkata")
    )
    assert utc_texts(found) == ["2026-03-04T02:30"]


def test_a_time_that_spring_skips_comes_with_the_next_one_that_exists():
    # Berlin: 29 March 2026, 02:00 is followed by 03:00, at 01:00 UTC.
    found = due(every_day(2, 30), at("2026-03-28 12:00"), at("2026-03-30 12:00"), BERLIN)
    assert utc_texts(found) == ["2026-03-29T01:00", "2026-03-30T00:30"]
    assert [one.reading.isoformat() for one in found] == [
        "2026-03-29T02:30:00",
        "2026-03-30T02:30:00",
    ]


def test_a_time_that_autumn_repeats_comes_once_the_first_time():
    # Berlin: 25 October 2026, 02:00..03:00 is read at 00:00 and again at 01:00 UTC.
    found = due(every_day(2, 30), at("2026-10-24 12:00"), at("2026-10-26 12:00"), BERLIN)
    assert utc_texts(found) == ["2026-10-25T00:30", "2026-10-26T01:30"]


def test_a_day_that_the_zone_skipped_comes_as_the_next_one_begins():
    apia = ZoneInfo("Pacific/Apia")  # 30 December 2011 was none; 31 began 10:00 UTC on the 30th
    found = due(every_day(8), at("2011-12-30 00:00"), at("2011-12-31 00:00"), apia)
    assert utc_texts(found) == ["2011-12-30T10:00", "2011-12-30T18:00"]
    assert [one.reading.day for one in found] == [30, 31]


def test_a_clock_put_back_over_midnight_has_shown_the_next_day_s_start_already():
    # St John's, 7 November 2010: 00:01 was followed by 23:01 of the 6th, at 02:31 UTC.
    johns = ZoneInfo("America/St_Johns")
    late = at("2010-11-07 03:00")  # 23:30 of the 6th
    found = due(every_day(0, 0, second=30), at("2010-11-07 02:00"), late, johns)
    assert utc_texts(found) == ["2010-11-07T02:30"]


def test_of_a_decade_only_the_latest_366_are_due():
    found = due(every_day(8), at("2016-01-01 00:00"), at("2026-01-01 00:00"), UTC)
    assert len(found) == 366
    assert utc_texts(found)[0] == "2024-12-31T08:00"
    assert utc_texts(found)[-1] == "2025-12-31T08:00"


@pytest.mark.parametrize("year", [1, 9999])
def test_at_the_ends_of_the_calendar_nothing_is_due_and_nothing_fails(year):
    first = datetime(year, 1, 5, tzinfo=UTC).timestamp() * 1000
    assert due(every_day(8), int(first), int(first) + 300 * DAY_MS, UTC) == []


# --- what -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("range_", "reading", "name", "first", "last"),
    [
        (0, "2026-03-04 08:30", "20260303080000", "03-03 08:00", "03-04 08:00"),
        (0, "2026-01-01 00:00", "20251231000000", "12-31 00:00", "01-01 00:00"),
        (1, "2026-03-04 08:30", "20260225000000", "02-25 00:00", "03-04 00:00"),
        (2, "2026-03-04 08:30", "20260204000000", "02-04 00:00", "03-04 00:00"),
        (2, "2026-03-31 08:30", "20260228000000", "02-28 00:00", "03-28 00:00"),
        (2, "2026-05-31 08:30", "20260430000000", "04-30 00:00", "05-30 00:00"),
        (2, "2026-08-30 08:30", "20260730000000", "07-30 00:00", "08-30 00:00"),
        (2, "2026-01-15 08:30", "20251215000000", "12-15 00:00", "01-15 00:00"),
        (3, "2026-03-04 08:30", "20250301000000", "03-01 00:00", "03-01 00:00"),
        (3, "2024-02-29 08:30", "20230201000000", "02-01 00:00", "02-01 00:00"),
    ],
)
def test_the_latest_report_that_is_over_is_exported(range_, reading, name, first, last):
    kinds = ["daily", "weekly", "monthly", "annual"]
    chosen = weekly(3, range_) if range_ else every_day(8, 30)
    (report,) = reports(chosen, datetime.fromisoformat(reading), "SN1", UTC)
    assert report.name == f"SN1_time_{kinds[range_]}_{name}.csv"
    covered = period(report.query.kind, report.query.start, UTC)
    assert f"{covered.buckets[0].start:%m-%d %H:%M}" == first
    assert f"{covered.buckets[-1].end:%m-%d %H:%M}" == last


def test_both_reports_are_a_picture_and_a_table_of_the_same_period():
    both = ExportSettings(export_space=1, export_time=1, hour=8)
    space, time = reports(both, datetime(2026, 3, 4, 8), "S" * 17, UTC)
    assert (space.what, space.name) == ("space", "S" * 17 + "_space_daily_20260303080000.png")
    assert (time.what, time.name) == ("time", "S" * 17 + "_time_daily_20260303080000.csv")
    assert space.query == time.query


def test_space_alone_is_one_picture():
    alone = reports(ExportSettings(export_space=1), datetime(2026, 3, 4, 8), "SN1", UTC)
    assert [report.what for report in alone] == ["space"]


def test_pauses_grow_from_a_minute_to_an_hour():
    assert [pause_s(failures) for failures in (1, 2, 3, 4, 5, 6, 7, 8, 10**6)] == [
        60, 120, 240, 480, 960, 1920, 3600, 3600, 3600
    ]  # fmt: skip


# --- progress ---------------------------------------------------------------------------------


def test_what_was_done_is_not_done_again_when_the_clock_is_set_back():
    begun = Progress(at("2026-03-04 00:00"))
    (first,) = pending(every_day(8), begun, at("2026-03-04 12:00"), UTC)
    back = begun.plus(first).at(at("2026-03-03 07:00"))
    found = pending(every_day(8), back, at("2026-03-05 12:00"), UTC)
    assert utc_texts(found) == ["2026-03-03T08:00", "2026-03-05T08:00"]


def test_a_camera_moved_to_another_zone_does_not_export_a_day_twice():
    (first,) = pending(
        every_day(8), Progress(at("2026-03-04 00:00")), at("2026-03-04 09:00"), BERLIN
    )
    done = Progress(at("2026-03-04 00:00")).plus(first)
    assert pending(every_day(8), done, at("2026-03-04 23:00"), ZoneInfo("America/New_York")) == []


def test_the_latest_thousand_are_remembered():
    progress = Progress(0)
    for number in range(1001):
        progress = progress.plus(Due(datetime(2020, 1, 1) + timedelta(number), number))
    assert len(progress.done) == 1000
    assert progress.done[0] == datetime(2020, 1, 2)
    assert progress.through_ms == 1000


# --- laws -------------------------------------------------------------------------------------

instants = st.integers(at("2010-01-01"), at("2037-01-01"))
zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns",
     "Pacific/Apia", "America/Santiago"]
).map(ZoneInfo)  # fmt: skip
chosen = st.one_of(
    st.builds(
        ExportSettings,
        export_time=st.just(1),
        weekday=st.just(EVERY_DAY),
        hour=st.integers(0, 23),
        minute=st.integers(0, 59),
        second=st.integers(0, 59),
    ),
    st.builds(
        ExportSettings,
        export_space=st.just(1),
        weekday=st.integers(0, 6),
        range=st.integers(1, 3),
        hour=st.integers(0, 23),
        minute=st.integers(0, 59),
    ),
)


@settings(deadline=None)
@given(chosen, zones, st.lists(instants, min_size=1), instants, st.integers(1, 60))
def test_looked_at_piece_by_piece_it_is_the_same_as_at_once(chosen, zone, cuts, start, days):
    end = start + days * DAY_MS
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    pieces = [due(chosen, a, b, zone) for a, b in itertools.pairwise(edges)]
    assert list(itertools.chain(*pieces)) == due(chosen, start, end, zone)


@settings(deadline=None)
@given(chosen, zones, instants, st.integers(1, 100))
def test_every_matching_day_is_due_once_when_the_clock_first_reads_its_time(
    chosen, zone, start, days
):
    end = start + days * DAY_MS
    found = due(chosen, start, end, zone)
    assert all(start < one.at_ms <= end for one in found)
    assert len({one.reading for one in found}) == len(found)
    assert sorted(found, key=lambda one: one.at_ms) == found
    for one in found:
        assert to_local(one.at_ms, zone) >= one.reading
        before = to_local(one.at_ms - 1, zone)
        assert before < one.reading
    if chosen.weekday == EVERY_DAY:
        assert abs(len(found) - days) <= 1
    else:
        assert {one.reading.isoweekday() % 7 for one in found} <= {chosen.weekday}
        assert abs(len(found) - days / 7) <= 1


@settings(deadline=None)
@given(chosen, zones, instants)
def test_an_exported_report_is_over_and_the_next_one_is_not(chosen, zone, start):
    found = due(chosen, start, start + 8 * DAY_MS, zone)
    for one in found:
        for report in reports(chosen, one.reading, "SN", zone):
            end = period(report.query.kind, report.query.start, zone).buckets[-1].end
            assert end <= one.reading
            day = timedelta(hours=1) if report.query.kind == "daily" else timedelta(days=1)
            if report.query.kind in {"daily", "weekly"}:
                later = period(report.query.kind, report.query.start + day, zone)
                assert later.buckets[-1].end > one.reading


@given(st.lists(instants, max_size=30), chosen, zones)
def test_however_the_clock_is_set_nothing_is_exported_twice(times, chosen, zone):
    progress, made = Progress(at("2020-06-01")), []
    for number in times:
        now_ms = at("2020-06-01") + number % (30 * DAY_MS)
        if now_ms < progress.through_ms:
            progress = progress.at(now_ms)
        for one in pending(chosen, progress, now_ms, zone):
            made.append(one.reading)
            progress = progress.plus(one)
        progress = progress.at(now_ms)
    assert len(set(made)) == len(made)
