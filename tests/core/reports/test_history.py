"""Shop life by formula: hours worked out by hand, and every hour against the page that tells it."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told_history import told_cells, told_presence, told_visitors

from emulator.core.localtime import to_local
from emulator.core.reports.history import HistoryError, filled, hour_tile
from emulator.core.reports.period import hour_of

FAR_MS = 10**14  # long after everything here
HOUR_MS = 3_600_000


# --- worked examples --------------------------------------------------------------------------


def test_a_wednesday_noon_is_as_the_page_works_it_out_by_hand():
    noon = hour_tile(date(2026, 3, 4), 12)
    assert noon.presence_ms == 10_190_000
    assert noon.cells[120, 100] == 1_415_000
    assert noon.cells.shape == (192, 192)
    assert noon.cells.dtype == np.uint64


def test_late_that_day_nobody_walks_round_the_left():
    late = hour_tile(date(2026, 3, 4), 21)
    assert late.presence_ms == 2_160_000
    assert late.cells[60, 20] == 0  # in the left corner
    assert late.cells[60, 170] == 8 * 15 * 1000  # in the right one


def test_the_busiest_hour_is_a_saturday_evening_in_december():
    assert hour_tile(date(2025, 12, 6), 18).presence_ms == 37_440_000
    year = filled(date(2025, 1, 1), date(2025, 12, 31), UTC, FAR_MS)
    assert max(tile.presence_ms for _, tile in year) == 37_440_000


def test_a_shop_twice_as_busy_has_visitors_rounded_down_once():
    # 40 x 80 x 70 x 200 / 1,000,000 = 44.8
    assert hour_tile(date(2026, 8, 3), 8, 200).presence_ms == (44 * 20 + 22 * 45) * 1000


def test_a_box_ends_before_its_last_row_and_column():
    # The door's box is 24..72 x 91..101; 40 x 100 x 100 / 10,000 = 40 visitors, 4 s each.
    cells = hour_tile(date(2026, 10, 1), 8).cells
    assert cells[24, 91] == cells[24, 100] == 160_000
    assert cells[23, 91] == cells[24, 90] == cells[24, 101] == 0
    assert cells[71, 91] == 160_000
    assert cells[72, 91] == 0


def test_a_week_has_14_open_hours_a_day_and_6_on_sunday():
    week = list(filled(date(2026, 3, 2), date(2026, 3, 8), UTC, FAR_MS))
    assert len(week) == 6 * 14 + 6
    hours = [datetime.fromtimestamp(part.start_ms / 1000, UTC).hour for part, _ in week]
    assert hours == [*range(8, 22)] * 6 + [*range(11, 17)]
    assert all(end_ms - start_ms == HOUR_MS for (start_ms, end_ms), _ in week)


def test_hours_are_the_local_days():
    kolkata = list(filled(date(2026, 3, 4), date(2026, 3, 4), ZoneInfo("Asia/Kolkata"), FAR_MS))
    opens = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)  # 08:00 there
    assert kolkata[0][0].start_ms == int(opens.timestamp() * 1000)


def test_the_running_hour_is_left_out():
    ten = int(datetime(2026, 3, 4, 10, tzinfo=UTC).timestamp() * 1000)
    whole = list(filled(date(2026, 3, 4), date(2026, 3, 4), UTC, ten))
    assert [part.end_ms for part, _ in whole] == [ten - HOUR_MS, ten]
    assert len(list(filled(date(2026, 3, 4), date(2026, 3, 4), UTC, ten - 1))) == 1


def test_a_day_that_the_zone_skipped_is_not_filled():
    apia = ZoneInfo("Pacific/Apia")  # had no 30 December 2011
    days = filled(date(2011, 12, 29), date(2011, 12, 31), apia, FAR_MS)
    assert [to_local(part.start_ms, apia).day for part, _ in days] == [29] * 14 + [31] * 14


def test_an_hour_that_the_clock_showed_twice_is_filled_once_in_its_first_pass():
    # Sold to America, Juneau put its clocks back by a day: of 18 October 1867 it saw the hours
    # from 15:33 on twice.
    juneau = ZoneInfo("America/Juneau")
    day = date(1867, 10, 18)
    parts = [part for part, _ in filled(day, day, juneau, FAR_MS)]
    readings = [to_local(part.start_ms, juneau) for part in parts]
    assert {reading.date() for reading in readings} == {day}
    assert len({reading.hour for reading in readings}) == len(readings) == 14
    assert parts == sorted(parts)
    assert parts[-1].start_ms - parts[0].start_ms == 13 * HOUR_MS  # not a day later


def test_a_part_of_an_hour_that_comes_twice_is_not_joined_with_its_second_pass():
    # The day of two noons: 12:03:58 was followed by 12:00:00, for railway time.
    day = date(1883, 11, 18)
    parts = [part for part, _ in filled(day, day, ZoneInfo("America/New_York"), FAR_MS)]
    assert [part.end_ms - part.start_ms for part in parts] == [HOUR_MS, 238_000, *[HOUR_MS] * 4]


# --- laws -------------------------------------------------------------------------------------

days = st.dates(date(1971, 1, 1), date(2037, 12, 31))
zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns"]
).map(ZoneInfo)


@settings(deadline=None)
@given(days, st.integers(0, 23), st.integers(1, 1000))
def test_any_hour_is_as_the_page_tells(day, hour, percent):
    tile = hour_tile(day, hour, percent)
    assert tile.presence_ms == told_presence(day, hour, percent) * 1000
    expected = np.array(told_cells(day, hour, percent), np.uint64) * np.uint64(1000)
    assert (tile.cells == expected).all()


@settings(deadline=None)
@given(days, st.integers(0, 20), zones)
def test_hours_come_in_order_are_whole_and_are_those_of_the_store(day, more, zone):
    parts = [part for part, _ in filled(day, day + timedelta(more), zone, FAR_MS)]
    assert all(before.end_ms <= after.start_ms for before, after in pairwise(parts))
    assert all(part == hour_of(part.start_ms, zone) for part in parts)


@settings(deadline=None)
@given(days, st.integers(0, 10), zones)
def test_every_open_hour_of_the_days_is_there_with_its_own_tile(day, more, zone):
    expected = [
        (day + timedelta(number), hour)
        for number in range(more + 1)
        for hour in range(24)
        if told_visitors(day + timedelta(number), hour)
    ]
    found = []
    for part, tile in filled(day, day + timedelta(more), zone, FAR_MS):
        reading = to_local(part.start_ms, zone)
        found.append((reading.date(), reading.hour))
        assert tile.presence_ms == told_presence(reading.date(), reading.hour) * 1000
    assert found == expected


@settings(deadline=None)
@given(days, st.integers(1, 9), zones)
def test_days_filled_in_two_parts_are_the_days_filled_at_once(day, more, zone):
    end = day + timedelta(more)
    at_once = [part for part, _ in filled(day, end, zone, FAR_MS)]
    first = [part for part, _ in filled(day, day, zone, FAR_MS)]
    rest = [part for part, _ in filled(day + timedelta(1), end, zone, FAR_MS)]
    assert first + rest == at_once


# --- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "percent", "message"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), 100, "last=2026-01-01 is before first=2026-01-02"),
        (date(2000, 1, 1), date(2010, 1, 8), 100, "are 3661 days, more than 3660"),
        (date(1, 12, 31), date(1, 12, 31), 100, "too near the calendar's ends"),
        (date(9998, 12, 31), date(9999, 1, 1), 100, "too near the calendar's ends"),
        (date(2026, 1, 1), date(2026, 1, 1), 0, r"percent=0 is outside 1\.\.1000"),
        (date(2026, 1, 1), date(2026, 1, 1), 1001, r"percent=1001 is outside 1\.\.1000"),
    ],
)
def test_what_cannot_be_filled_is_refused_at_the_call(first, last, percent, message):
    with pytest.raises(HistoryError, match=message):
        filled(first, last, UTC, FAR_MS, percent)


def test_the_longest_and_the_outermost_histories_can_be_filled():
    assert next(filled(date(2000, 1, 1), date(2010, 1, 7), UTC, FAR_MS))
    assert next(filled(date(2, 1, 1), date(2, 1, 2), ZoneInfo("Asia/Kolkata"), FAR_MS))
    assert next(filled(date(9998, 12, 31), date(9998, 12, 31), ZoneInfo("Asia/Kolkata"), 10**15))
