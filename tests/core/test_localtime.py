"""The wall clock: days whose clocks are known, then laws in all sorts of zones, then limits."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from calendars import (
    APIA,
    BERLIN,
    DAY,
    HAVANA,
    HOUR,
    KOLKATA,
    LORD_HOWE,
    MINUTE,
    ST_JOHNS,
    ZONES,
    utc,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.localtime import (
    ahead_ms,
    is_summer,
    offsets,
    reading_ms,
    stretches,
    to_instant,
    to_local,
)

CHANGES = [  # when clocks were put forward or back, in UTC
    (BERLIN, "2026-03-29T01:00"),
    (BERLIN, "2026-10-25T01:00"),
    (LORD_HOWE, "2026-04-04T15:00"),
    (LORD_HOWE, "2026-10-03T15:30"),
    (HAVANA, "2026-03-08T05:00"),
    (HAVANA, "2026-11-01T05:00"),
    (ST_JOHNS, "1999-04-04T03:31"),
    (ST_JOHNS, "1999-10-31T02:31"),
    (APIA, "2011-12-30T10:00"),
]


def reads(at, zone):
    """What a clock in `zone` reads, by the standard library."""
    moment = datetime.fromtimestamp(at // 1000, UTC).replace(microsecond=at % 1000 * 1000)
    return moment.astimezone(zone).replace(tzinfo=None)


def when(start, end, zone):
    """The stretches in which the clock read from `start` up to `end`, both texts."""
    start, end = datetime.fromisoformat(start), datetime.fromisoformat(end)
    around = reading_ms(start)
    return stretches(start, end, offsets(around - 3 * DAY, around + 3 * DAY, zone))


def near(change):
    """Instants within three hours of a clock change, each with its zone."""
    zone, text = change
    return st.tuples(st.just(zone), st.integers(-3 * HOUR, 3 * HOUR).map(lambda ms: utc(text) + ms))


near_changes = st.sampled_from(CHANGES).flatmap(near)
anywhere = st.tuples(st.sampled_from(ZONES), st.integers(0, utc("2100-01-01")))


# --- worked examples: clock changes as they were proclaimed ------------------------------------


@pytest.mark.parametrize(
    ("zone", "text", "reading"),
    [
        (UTC, "2026-01-01T00:00:00.000", "2026-01-01T00:00:00.000"),
        (UTC, "1970-01-01T00:00:00.001", "1970-01-01T00:00:00.001"),
        (BERLIN, "2026-01-31T23:00:00.000", "2026-02-01T00:00:00.000"),
        (BERLIN, "2026-03-29T00:59:59.999", "2026-03-29T01:59:59.999"),
        (BERLIN, "2026-03-29T01:00:00.000", "2026-03-29T03:00:00.000"),
        (BERLIN, "2026-10-25T00:59:59.999", "2026-10-25T02:59:59.999"),
        (BERLIN, "2026-10-25T01:00:00.000", "2026-10-25T02:00:00.000"),
        (KOLKATA, "2026-01-01T18:30:00.000", "2026-01-02T00:00:00.000"),
        (LORD_HOWE, "2026-04-04T14:59:59.999", "2026-04-05T01:59:59.999"),
        (LORD_HOWE, "2026-04-04T15:00:00.000", "2026-04-05T01:30:00.000"),
        (LORD_HOWE, "2026-10-03T15:30:00.000", "2026-10-04T02:30:00.000"),
        (HAVANA, "2026-03-08T05:00:00.000", "2026-03-08T01:00:00.000"),
    ],
)
def test_an_instant_reads_as_the_clock_on_the_wall_did(zone, text, reading):
    assert to_local(utc(text), zone) == datetime.fromisoformat(reading)


@pytest.mark.parametrize(
    ("zone", "month", "minutes"),
    [
        (UTC, 7, 0),
        (BERLIN, 1, 60),
        (BERLIN, 7, 120),
        (KOLKATA, 7, 330),
        (LORD_HOWE, 1, 660),
        (LORD_HOWE, 7, 630),
        (HAVANA, 1, -300),
        (ST_JOHNS, 7, -150),
    ],
)
def test_how_far_a_clock_is_ahead_of_utc(zone, month, minutes):
    assert ahead_ms(utc(f"2026-{month:02}-15T12:00"), zone) == minutes * MINUTE


@pytest.mark.parametrize(
    ("zone", "text", "instant"),
    [
        (BERLIN, "2026-07-01T12:00", "2026-07-01T10:00"),
        (BERLIN, "2026-10-25T02:30", "2026-10-25T00:30"),  # the first of the two
        (BERLIN, "2026-03-29T02:30", "2026-03-29T01:30"),  # skipped: as if not put forward
        (HAVANA, "2026-03-08T00:00", "2026-03-08T05:00"),  # skipped
        (KOLKATA, "2026-07-01T00:00", "2026-06-30T18:30"),
    ],
)
def test_a_reading_is_the_instant_at_which_it_was_first_read(zone, text, instant):
    assert to_instant(datetime.fromisoformat(text), zone) == utc(instant)


def test_summer_time_is_told_from_winter_time():
    assert [is_summer(utc(f"2026-{month}-15T12:00"), BERLIN) for month in ("01", "07")] == [
        False,
        True,
    ]
    assert [is_summer(utc(f"2026-{month}-15T12:00"), LORD_HOWE) for month in ("01", "07")] == [
        True,
        False,
    ]
    assert not is_summer(utc("2026-01-15T12:00"), ZoneInfo("Europe/Dublin"))
    assert not is_summer(utc("2026-07-15T12:00"), KOLKATA)
    assert not is_summer(utc("2026-07-15T12:00"), UTC)


def test_a_reading_counts_milliseconds_from_the_reading_of_1970():
    assert reading_ms(datetime(1970, 1, 2, 0, 0, 1, 5000)) == DAY + 1005
    assert reading_ms(datetime(1969, 12, 31)) == -DAY


def test_a_year_in_berlin_has_three_offsets_and_one_in_kolkata_has_one():
    start, end = utc("2026-01-01T00:00"), utc("2027-01-01T00:00")
    forward, back = utc("2026-03-29T01:00"), utc("2026-10-25T01:00")
    assert offsets(start, end, BERLIN) == [
        (start, forward, HOUR),
        (forward, back, 2 * HOUR),
        (back, end, HOUR),
    ]
    assert offsets(start, end, KOLKATA) == [(start, end, 330 * MINUTE)]


def test_a_change_at_either_end_of_what_is_asked_belongs_to_the_later_offset():
    forward = utc("2026-03-29T01:00")
    assert offsets(forward - DAY, forward, BERLIN) == [(forward - DAY, forward, HOUR)]
    assert offsets(forward, forward + DAY, BERLIN) == [(forward, forward + DAY, 2 * HOUR)]
    assert offsets(forward - 1, forward + 1, BERLIN) == [
        (forward - 1, forward, HOUR),
        (forward, forward + 1, 2 * HOUR),
    ]
    assert offsets(forward, forward, BERLIN) == []


def test_an_ordinary_hour_is_one_stretch():
    assert when("2026-07-01T12:00", "2026-07-01T13:00", BERLIN) == [
        (utc("2026-07-01T10:00"), utc("2026-07-01T11:00"))
    ]


def test_the_hour_that_autumn_repeats_lasts_two():
    assert when("2026-10-25T02:00", "2026-10-25T03:00", BERLIN) == [
        (utc("2026-10-25T00:00"), utc("2026-10-25T02:00"))
    ]


def test_the_hour_that_spring_skips_was_never():
    assert when("2026-03-29T02:00", "2026-03-29T03:00", BERLIN) == []


def test_on_lord_howe_autumn_repeats_and_spring_skips_half_an_hour():
    assert when("2026-04-05T01:00", "2026-04-05T02:00", LORD_HOWE) == [
        (utc("2026-04-04T14:00"), utc("2026-04-04T15:30"))
    ]
    assert when("2026-10-04T02:00", "2026-10-04T03:00", LORD_HOWE) == [
        (utc("2026-10-03T15:30"), utc("2026-10-03T16:00"))
    ]


def test_a_clock_put_back_over_midnight_cuts_the_day_in_two():
    assert when("1999-10-30T00:00", "1999-10-31T00:00", ST_JOHNS) == [
        (utc("1999-10-30T02:30"), utc("1999-10-31T02:30")),
        (utc("1999-10-31T02:31"), utc("1999-10-31T03:30")),
    ]


def test_apia_had_no_30_december_in_2011():
    assert when("2011-12-30T00:00", "2011-12-31T00:00", APIA) == []


# --- laws --------------------------------------------------------------------------------------


@given(anywhere | near_changes)
def test_every_instant_reads_as_the_standard_library_says(place):
    zone, at = place
    assert to_local(at, zone) == reads(at, zone)
    assert reading_ms(to_local(at, zone)) == at + ahead_ms(at, zone)


@given(anywhere | near_changes)
def test_the_instant_of_a_reading_reads_so_and_is_not_later_than_any_other(place):
    zone, at = place
    first = to_instant(to_local(at, zone), zone)
    assert first <= at
    assert reads(first, zone) == reads(at, zone)


@settings(deadline=None)
@given(anywhere | near_changes, st.integers(1, 200 * DAY), st.integers(0, DAY))
def test_offsets_make_up_exactly_what_was_asked_and_each_holds_throughout(place, lasts, before):
    zone, at = place
    found = offsets(at - before, at - before + lasts, zone)
    assert [found[0].start_ms, found[-1].end_ms] == [at - before, at - before + lasts]
    assert all(a.end_ms == b.start_ms and a.ahead_ms != b.ahead_ms for a, b in pairwise(found))
    for start, end, ahead in found:
        for moment in {start, (start + end) // 2, end - 1}:
            assert reading_ms(reads(moment, zone)) == moment + ahead


@settings(deadline=None)
@given(anywhere | near_changes, st.integers(-6 * HOUR, 6 * HOUR), st.integers(0, 2 * DAY))
def test_an_instant_is_in_a_reading_s_stretches_exactly_if_it_reads_so(place, before, lasts):
    zone, at = place
    start = to_local(at + before, zone)
    end = start + timedelta(milliseconds=lasts)
    found = stretches(start, end, offsets(at - 5 * DAY, at + 5 * DAY, zone))
    edges = {moment for stretch in found for moment in stretch}
    for moment in {at, at + before} | edges | {edge - 1 for edge in edges}:
        inside = any(part.start_ms <= moment < part.end_ms for part in found)
        assert inside == (start <= reads(moment, zone) < end)


@given(near_changes, st.integers(0, DAY))
def test_stretches_come_in_order_not_empty_and_do_not_touch(place, lasts):
    zone, at = place
    start = to_local(at, zone)
    known = offsets(at - 3 * DAY, at + 3 * DAY, zone)
    found = stretches(start, start + timedelta(milliseconds=lasts), known)
    edges = [moment for stretch in found for moment in stretch]
    assert all(a < b for a, b in pairwise(edges))


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [-62_135_596_800_001, 253_402_300_800_000, 10**18, -(10**18)])
def test_an_instant_outside_the_years_1_to_9999_overflows(at):
    with pytest.raises(OverflowError):
        to_local(at, UTC)


def test_a_reading_that_utc_cannot_express_overflows():
    with pytest.raises(OverflowError):
        to_instant(datetime(1, 1, 1), KOLKATA)
    with pytest.raises(OverflowError):
        to_instant(datetime(9999, 12, 31, 23), HAVANA)
