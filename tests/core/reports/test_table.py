"""Reports as text: the bytes that recorders match, then laws on rounding, then odd values."""

import csv
import doctest
import io
import json
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.stays import Ruled
from emulator.core.reports import table
from emulator.core.reports.report import TimeRow
from emulator.core.reports.table import space_json, stays_csv, time_csv

HOUR = timedelta(hours=1)


def utc(text):
    """The instant of a UTC reading."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def hours(start, *presence_ms):
    """A row for each of `presence_ms`, an hour each from the text `start` on."""
    first = datetime.fromisoformat(start)
    return [
        TimeRow(first + n * HOUR, first + (n + 1) * HOUR, ms) for n, ms in enumerate(presence_ms)
    ]


def heat(points):
    """A map of 0 but for `points`: ms by (row, column)."""
    cells = np.zeros((192, 192), np.uint64)
    for where, ms in points.items():
        cells[where] = ms
    return cells


presences = st.integers(0, 10**15)
places = st.tuples(st.integers(0, 191), st.integers(0, 191))
maps = st.dictionaries(places, presences, max_size=12)
stays = st.builds(
    lambda start, lasts, recorded: Ruled(start, start + lasts, recorded),
    st.integers(0, 10**13),
    st.integers(0, 10**9),
    st.sampled_from(["yes", "longer", "shorter"]),
)


# --- worked examples: to the byte --------------------------------------------------------------


def test_the_csv_is_the_recorded_sample_s_form_to_the_byte():
    rows = hours("2025-07-22T02:00", 0, 11_750_000)
    assert time_csv(rows).encode() == (
        b"StartTime,EndTime,Value(s)\r\n"
        b"2025-07-22 02:00:00,2025-07-22 02:59:59,0\r\n"
        b"2025-07-22 03:00:00,2025-07-22 03:59:59,11750\r\n"
    )


def test_a_csv_without_rows_is_the_header_line_alone():
    assert time_csv([]) == "StartTime,EndTime,Value(s)\r\n"


def test_a_day_s_and_a_month_s_row_end_on_their_last_second():
    day = TimeRow(datetime(2026, 2, 28), datetime(2026, 3, 1), 1_000)
    month = TimeRow(datetime(2024, 2, 1), datetime(2024, 3, 1), 2_000)
    assert time_csv([day, month]).splitlines()[1:] == [
        "2026-02-28 00:00:00,2026-02-28 23:59:59,1",
        "2024-02-01 00:00:00,2024-02-29 23:59:59,2",
    ]


def test_an_hour_before_midnight_ends_on_its_own_day():
    assert time_csv(hours("2026-12-31T23:00", 0)).splitlines()[1] == (
        "2026-12-31 23:00:00,2026-12-31 23:59:59,0"
    )


@pytest.mark.parametrize(
    ("ms", "seconds"),
    [
        (0, 0),
        (1, 0),
        (499, 0),
        (500, 1),
        (999, 1),
        (1_499, 1),
        (1_500, 2),
        (2_500, 3),
        (10**15 + 500, 10**12 + 1),
    ],
)
def test_milliseconds_are_rounded_to_seconds_half_up_in_both_reports(ms, seconds):
    assert time_csv(hours("2026-01-01", ms)).splitlines()[1].endswith(f",{seconds}")
    points = [{"x": 0, "y": 0, "value": seconds}] if seconds else []
    assert json.loads(space_json(heat({(0, 0): ms})))["data"] == points


def test_the_json_is_compact_with_its_keys_in_the_order_that_recorders_match():
    cells = heat({(2, 1): 3_000, (0, 191): 9_538_000, (191, 0): 1_500})
    assert space_json(cells) == (
        '{"max":9538,"min":0,"map_w":192,"map_h":192,"data":['
        '{"x":191,"y":0,"value":9538},{"x":1,"y":2,"value":3},{"x":0,"y":191,"value":2}]}'
    )


def test_an_empty_map_is_no_points_and_max_and_min_0():
    assert space_json(heat({})) == '{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}'
    assert space_json(heat({(5, 5): 499})) == '{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}'


def test_a_map_of_one_value_everywhere_still_has_a_min_below_its_max():
    shown = json.loads(space_json(np.full((192, 192), 6_000_000, np.uint64)))
    assert (shown["max"], shown["min"], len(shown["data"])) == (6000, 0, 192 * 192)


def test_x_is_the_column_and_y_the_row_from_the_top_left():
    assert json.loads(space_json(heat({(7, 100): 1_000})))["data"] == [
        {"x": 100, "y": 7, "value": 1}
    ]


def test_stays_are_numbered_by_when_they_began_with_local_milliseconds():
    berlin = ZoneInfo("Europe/Berlin")
    told = [
        Ruled(utc("2026-07-01T10:00:05.250"), utc("2026-07-01T10:00:45.251"), "longer"),
        Ruled(utc("2026-07-01T09:59:59.999"), utc("2026-07-01T10:00:00"), "yes"),
        Ruled(utc("2026-07-01T21:59:59.999"), utc("2026-07-01T22:00:00.001"), "shorter"),
    ]
    assert stays_csv(told, berlin).encode() == (
        b"id,start,end,recorded\r\n"
        b"1,2026-07-01 11:59:59.999,2026-07-01 12:00:00.000,yes\r\n"
        b"2,2026-07-01 12:00:05.250,2026-07-01 12:00:45.251,longer\r\n"
        b"3,2026-07-01 23:59:59.999,2026-07-02 00:00:00.001,shorter\r\n"
    )
    assert stays_csv([], berlin) == "id,start,end,recorded\r\n"


# --- laws --------------------------------------------------------------------------------------


@given(st.lists(presences, max_size=31), st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1)))
def test_a_csv_has_a_line_for_each_row_and_seconds_within_a_half(values, start):
    rows = hours(start.replace(minute=0, second=0, microsecond=0).isoformat(), *values)
    text = time_csv(rows)
    assert text.count("\r\n") == text.count("\n") == len(rows) + 1
    read = list(csv.DictReader(io.StringIO(text)))
    for row, shown in zip(rows, read, strict=True):
        assert datetime.fromisoformat(shown["StartTime"]) == row.start
        assert datetime.fromisoformat(shown["EndTime"]) == row.end - timedelta(seconds=1)
        off = Fraction(row.presence_ms, 1000) - int(shown["Value(s)"])
        assert -Fraction(1, 2) <= off < Fraction(1, 2)


@given(st.lists(presences, min_size=1))
def test_the_rounded_rows_add_up_to_the_rounded_whole_within_a_second_a_row(values):
    def shown(ms):
        return int(time_csv(hours("2026-01-01", ms)).splitlines()[1].rsplit(",", 1)[1])

    assert abs(sum(map(shown, values)) - shown(sum(values))) <= len(values)


@settings(deadline=None)
@given(maps)
def test_a_json_map_has_a_point_for_each_cell_of_a_second_or_more_and_no_other(points):
    text = space_json(heat(points))
    shown = json.loads(text)
    assert list(shown) == ["max", "min", "map_w", "map_h", "data"]
    assert not re.search(r"\s", text)
    seconds = {where: (ms + 500) // 1000 for where, ms in points.items()}
    assert {(p["y"], p["x"]): p["value"] for p in shown["data"]} == {
        w: s for w, s in seconds.items() if s
    }
    assert shown["max"] == max([0, *seconds.values()])


@settings(deadline=None)
@given(maps)
def test_making_text_of_a_map_leaves_it_as_it_was(points):
    cells = heat(points)
    space_json(cells)
    assert (cells == heat(points)).all()


@given(st.lists(stays).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))))
def test_stays_told_in_any_order_are_the_same_text(orders):
    told, otherwise = orders
    text = stays_csv(told, UTC)
    assert text == stays_csv(otherwise, UTC)
    assert [row["id"] for row in csv.DictReader(io.StringIO(text))] == [
        str(number) for number in range(1, len(told) + 1)
    ]
    assert text.count("\r\n") == text.count("\n") == len(told) + 1


# --- nothing is refused here: odd values have a text too ---------------------------------------


def test_a_year_of_few_digits_is_padded():
    early = TimeRow(datetime(987, 6, 5, 4), datetime(987, 6, 5, 5), 0)
    assert time_csv([early]).splitlines()[1] == "0987-06-05 04:00:00,0987-06-05 04:59:59,0"


def test_a_cell_of_centuries_is_exact():
    assert json.loads(space_json(heat({(0, 0): 2**53 * 1000 + 1000})))["max"] == 2**53 + 1


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(table).failed == 0
