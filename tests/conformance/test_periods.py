"""A day of the schedule as devices spell it, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import periods
from conformance.periods import Day, PeriodsError

MORNING, EVENING = (510, 720), (1080, 1440)  # 08:30-12:00, 18:00-24:00


@pytest.mark.parametrize(
    ("found", "day", "text"),
    [
        ([MORNING, EVENING], Day(after=";"), "08:30:12:00;18:00:24:00;"),
        ([MORNING], Day(after=";", unused=True, count=3), "08:30:12:00;00:00:00:00;00:00:00:00;"),
        ([MORNING], Day("HHMM", "", "", True, 2), "0830120000000000"),
        ([MORNING], Day("HH:MM:SS", "-", ","), "08:30:00-12:00:00,"),
        ([], Day(between="-"), ""),
        # 18:00 to 24:00 are the last quarter of the day.
        ([EVENING], Day("hex", minutes=30), "000000000fff"),
        ([EVENING], Day("bits", minutes=60), "0" * 18 + "1" * 6),
        ([MORNING], Day("hex", minutes=30), "00007f000000"),
    ],
)
def test_a_day_is_spelled_and_read(found, day, text):
    assert periods.spelled(found, day) == text
    assert periods.read(text, day) == found


@given(st.lists(st.integers(0, 47), unique=True, max_size=20).map(sorted))
def test_every_spelling_of_half_hours_is_read_back(halves):
    found = [(b * 30, e * 30) for b, e in zip(halves[::2], halves[1::2], strict=False)]
    for day in (Day(after=";"), Day("HHMM", "", "", True), Day("hex"), Day("bits", minutes=10)):
        assert periods.read(periods.spelled(found, day), day) == found


@pytest.mark.parametrize(
    ("text", "empty", "wanted"),
    [
        ("08:30-17:30,", "", [Day(between="-", after=",")]),
        ("08:30:17:30;00:00:00:00;", "00:00:00:00;" * 2, [Day(after=";", unused=True, count=2)]),
        ("0830173000000000", "0" * 16, [Day("HHMM", "", "", True, 2)]),
        ("00007FFFE000", "0" * 12, [Day("hex")]),
        ("08:30-17:31,", "", []),
        ("08:30-17:30,", "none", []),
    ],
)
def test_a_spelling_is_found_by_one_period_and_an_empty_day(text, empty, wanted):
    assert list(periods.spellings(text, empty, 510, 1050)) == wanted


def test_between_and_after_are_told_apart():
    assert [
        (day.between, day.after) for day in periods.spellings("08:30 - 17:30; ", "", 510, 1050)
    ] == [(" - ", "; ")]


@pytest.mark.parametrize(
    ("found", "day", "why"),
    [
        ([MORNING, EVENING], Day(between="-"), "how two periods are joined"),
        ([MORNING, EVENING], Day(unused=True, count=1), "room for 1"),
        ([(5, 30)], Day("hex"), "steps of 30 minutes"),
        ([(600, 510)], Day("hex"), "from minute 600 to 510"),
        ([(600, 1500)], Day("bits"), "from minute 600 to 1500"),
    ],
)
def test_what_a_spelling_can_not_say_is_refused(found, day, why):
    with pytest.raises(PeriodsError, match=why):
        periods.spelled(found, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("08:30-17:30", Day()),
        ("08:60:09:00", Day()),
        ("0", Day("hex")),
        ("x" * 12, Day("hex")),
        ("012", Day("bits")),
    ],
)
def test_what_is_no_day_is_refused(text, day):
    with pytest.raises(PeriodsError):
        periods.read(text, day)
