"""The weekly schedule: texts from the facts, then laws minute by minute, then refusals."""

import contextlib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.schedule import (
    ALWAYS,
    NEVER,
    Schedule,
    ScheduleError,
    day_text,
    entries,
    read_day,
    with_days,
)

FULL = "00:00:24:00;"
EMPTY = "00:00:00:00;"
SHOP = "08:00:12:30;" + EMPTY + "13:15:24:00;" + EMPTY * 7


def one_day(*slots):
    """A day's text of these slots and unused ones after them."""
    return "".join(slots) + EMPTY * (10 - len(slots))


def monday(text):
    """A week whose Monday is `text` and whose other days are empty."""
    return with_days(NEVER, [{"scheduleIndex": 0, "schedule": text}])


def at(text, zone):
    """The instant of a wall clock reading in `zone`, by way of the standard library."""
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def is_open(schedule, text):
    return schedule.is_open(at(text, UTC), UTC)


def spelled(slots):
    clock = [f"{minute // 60:02}:{minute % 60:02}" for slot in slots for minute in slot]
    return "".join(f"{start}:{end};" for start, end in zip(clock[::2], clock[1::2], strict=True))


minutes = st.integers(0, 1440)
periods = st.tuples(minutes, minutes).filter(lambda period: period[0] < period[1])


@st.composite
def day_slots(draw):
    """Ten slots in any order, of which up to ten hold periods; some of these touch."""
    edges = sorted(draw(st.sets(minutes, max_size=11)))
    chosen = [pair for pair in pairwise(edges) if draw(st.booleans())]
    return draw(st.permutations(chosen + [(0, 0)] * (10 - len(chosen))))


# --- worked examples: texts as facts 3.3 has them ----------------------------------------------


def test_a_day_s_text_is_ten_slots_of_start_and_end():
    assert read_day(SHOP) == ((480, 750), (0, 0), (795, 1440), *((0, 0),) * 7)
    assert day_text(read_day(SHOP)) == SHOP
    assert len(SHOP) == 120


def test_the_factory_s_default_is_every_day_all_day():
    week = [{"scheduleIndex": n, "schedule": one_day(FULL)} for n in range(7)]
    assert entries(ALWAYS) == week
    assert with_days(NEVER, week) == ALWAYS


def test_an_empty_week_is_ten_unused_slots_a_day():
    assert entries(NEVER) == [{"scheduleIndex": n, "schedule": EMPTY * 10} for n in range(7)]


def test_a_period_holds_its_first_minute_and_not_its_last():
    shop = monday(SHOP)
    assert not is_open(shop, "2026-06-01T07:59:59.999")
    assert is_open(shop, "2026-06-01T08:00:00")
    assert is_open(shop, "2026-06-01T12:29:59.999")
    assert not is_open(shop, "2026-06-01T12:30:00")


def test_24_00_is_the_end_of_the_day_and_touches_the_next():
    shop = monday(SHOP)
    assert is_open(shop, "2026-06-01T23:59:59.999")
    assert not is_open(shop, "2026-06-02T00:00:00")


@pytest.mark.parametrize("index", range(7))
def test_day_0_is_monday_and_day_6_sunday(index):
    one = with_days(NEVER, [{"scheduleIndex": index, "schedule": one_day(FULL)}])
    # 1 June 2026 is a Monday.
    assert [is_open(one, f"2026-06-0{day}T12:00") for day in range(1, 8)] == [
        day - 1 == index for day in range(1, 8)
    ]


def test_the_wall_clock_decides_not_utc():
    kolkata = ZoneInfo("Asia/Kolkata")
    shop = monday(one_day("00:00:00:30;"))
    assert shop.is_open(at("2026-05-31T18:45", UTC), kolkata)  # Monday 00:15 there
    assert not shop.is_open(at("2026-06-01T00:15", UTC), kolkata)


def test_the_hour_that_autumn_repeats_is_open_both_times():
    berlin = ZoneInfo("Europe/Berlin")
    night = with_days(NEVER, [{"scheduleIndex": 6, "schedule": one_day("02:00:03:00;")}])
    first = at("2026-10-25T00:00", UTC)  # reads 02:00 in summer time; an hour later again
    opened = [night.is_open(first + step * 1_800_000, berlin) for step in range(-1, 5)]
    assert opened == [False, True, True, True, True, False]


def test_ten_periods_fill_a_day_s_slots():
    text = "".join(f"{hour:02}:00:{hour:02}:30;" for hour in range(10))
    assert [is_open(monday(text), f"2026-06-01T09:{m}") for m in ("29", "30")] == [True, False]


def test_periods_may_touch():
    both = monday(one_day("09:00:10:00;", "08:00:09:00;"))
    assert is_open(both, "2026-06-01T08:59:59.999")
    assert is_open(both, "2026-06-01T09:00")


# --- laws --------------------------------------------------------------------------------------


@settings(max_examples=40)  # a week is large
@given(st.lists(day_slots(), min_size=7, max_size=7))
def test_what_was_accepted_is_read_back_exactly_slot_by_slot(week):
    sent = [{"scheduleIndex": n, "schedule": spelled(day)} for n, day in enumerate(week)]
    kept = with_days(ALWAYS, sent)
    assert entries(kept) == sent
    assert [list(day) for day in kept.days] == week


@given(day_slots(), st.integers(0, 6))
def test_days_that_are_not_sent_stay(day, index):
    after = with_days(ALWAYS, [{"scheduleIndex": index, "schedule": spelled(day)}])
    others = [n for n in range(7) if n != index]
    assert [entries(after)[n] for n in others] == [entries(ALWAYS)[n] for n in others]


@given(day_slots())
def test_a_minute_is_open_exactly_if_some_period_holds_it(slots):
    # As texts, "08:00" <= "08:30" < "24:00" compare like the times they spell.
    pieces = [spelled([slot])[:-1] for slot in slots]
    monday_slots = monday(spelled(slots))
    first = datetime(2026, 6, 1, tzinfo=UTC)
    for minute in {0, 719, 1439} | {
        m for slot in slots for m in (*slot, slot[1] - 1) if 0 <= m < 1440
    }:
        moment = first + timedelta(minutes=minute)
        clock = moment.strftime("%H:%M")
        expected = any(piece[:5] <= clock < piece[6:] for piece in pieces)
        assert monday_slots.is_open(round(moment.timestamp() * 1000), UTC) == expected


@given(periods, periods)
def test_two_periods_are_refused_exactly_if_they_share_a_minute(one, other):
    shared = set(range(*one)) & set(range(*other))
    try:
        monday(spelled([one, other]) + EMPTY * 8)
        refused = False
    except ScheduleError:
        refused = True
    assert refused == bool(shared)


@given(minutes, minutes)
def test_a_period_is_accepted_exactly_if_it_runs_forward_or_is_unused(start, end):
    try:
        monday(spelled([(start, end)]) + EMPTY * 9)
        refused = False
    except ScheduleError:
        refused = True
    assert refused == (start >= end and (start, end) != (0, 0))


clocks = st.text("0123456789:;", min_size=12, max_size=12)
day_texts = st.text() | st.lists(clocks | st.just(EMPTY), min_size=10, max_size=10).map("".join)


@given(day_texts)
def test_any_text_at_all_gives_a_day_or_a_refusal(text):
    with contextlib.suppress(ScheduleError):
        assert day_text(read_day(text)) == text


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slots", "what"),
    [
        (["09:00:08:00;"], "Monday 09:00-08:00 does not run forward within the day"),
        (["09:00:09:00;"], "Monday 09:00-09:00 does not run forward within the day"),
        (["24:00:24:00;"], "Monday 24:00-24:00 does not run forward within the day"),
        (["00:00:24:01;"], "Monday 00:00-24:01 does not run forward within the day"),
        (["25:00:26:00;"], "Monday 25:00-26:00 does not run forward within the day"),
        (["22:00:06:00;"], "Monday 22:00-06:00 does not run forward within the day"),
        (["08:00:10:00;", "09:59:11:00;"], "Monday 08:00-10:00 and 09:59-11:00 overlap"),
        (["09:00:10:00;", EMPTY, "08:00:24:00;"], "Monday 08:00-24:00 and 09:00-10:00 overlap"),
        (["08:00:09:00;", "08:00:09:00;"], "Monday 08:00-09:00 and 08:00-09:00 overlap"),
        ([FULL, "12:00:12:01;"], "Monday 00:00-24:00 and 12:00-12:01 overlap"),
    ],
)
def test_a_period_that_is_reversed_overlaps_or_leaves_the_day_is_refused(slots, what):
    with pytest.raises(ScheduleError) as refusal:
        monday(one_day(*slots))
    assert str(refusal.value) == what


@pytest.mark.parametrize(
    "slot",
    [
        "8:00:12:30;0",
        "08:00-12:30;",
        "08:00:12:30,",
        "08:60:12:30;",
        "08:00:12:99;",
        "\u0660\u0668:00:12:30;",
    ],
)
def test_a_slot_of_another_form_is_refused_with_its_text_and_day(slot):
    with pytest.raises(
        ScheduleError, match=r"^Monday: '.*' (is not of the form|has a minute)"
    ) as e:
        monday(one_day(slot))
    assert repr(slot) in str(e.value)


@pytest.mark.parametrize(
    "text", ["", one_day(FULL)[:-1], one_day(FULL) + ";", EMPTY * 11, EMPTY * 3]
)
def test_a_day_of_another_length_is_refused(text):
    with pytest.raises(ScheduleError, match=rf"^{len(text)} characters are not the 120 of a day$"):
        read_day(text)


@pytest.mark.parametrize("index", [-1, 7, "0", 1.0, True, None, [0]])
def test_a_day_s_number_is_an_integer_of_0_to_6(index):
    with pytest.raises(ScheduleError, match=r"^scheduleIndex=.* is outside 0\.\.6$"):
        with_days(ALWAYS, [{"scheduleIndex": index, "schedule": SHOP}])


@pytest.mark.parametrize("text", [None, 0, ["08:00"], {}])
def test_a_day_s_schedule_is_a_text(text):
    with pytest.raises(ScheduleError, match=r"^the schedule of Sunday is not a text$"):
        with_days(ALWAYS, [{"scheduleIndex": 6, "schedule": text}])


def test_a_day_given_twice_is_refused():
    twice = [{"scheduleIndex": 3, "schedule": SHOP}] * 2
    with pytest.raises(ScheduleError, match=r"^scheduleIndex=3 is given twice$"):
        with_days(ALWAYS, twice)


@pytest.mark.parametrize(
    "entry",
    [None, 5, "x", [], {}, {"schedule": SHOP}, {"scheduleIndex": 0, "schedule": SHOP, "more": 1}],
)
def test_an_entry_has_its_two_fields_and_no_other(entry):
    with pytest.raises(ScheduleError, match=r"^an entry is not \{scheduleIndex, schedule\}$"):
        with_days(ALWAYS, [entry])


def test_a_week_of_another_shape_cannot_be_made():
    with pytest.raises(ScheduleError, match="6 days"):
        Schedule(ALWAYS.days[:6])
    with pytest.raises(ScheduleError, match="Tuesday has 9 slots, not 10"):
        Schedule((ALWAYS.days[0], ALWAYS.days[1][:9], *ALWAYS.days[2:]))


def test_a_refusal_names_the_day():
    for index, name in enumerate(["Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun"]):
        with pytest.raises(ScheduleError, match=rf"^{name}day 02:00-01:00 "):
            with_days(NEVER, [{"scheduleIndex": index, "schedule": one_day("02:00:01:00;")}])
