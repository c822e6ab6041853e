"""How long a subscription lives and what it is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.onvif.events import MOTION, MOTION_ALARM, Board, Event
from emulator.core.onvif.subscriptions import (
    LifeError,
    begun,
    kept,
    life_ms,
    renewed,
    synchronized,
    taken,
    told,
)
from emulator.core.onvif.topicfilter import EVERYTHING, Filter

NOON_MS = 1_767_268_800_000  # 2026-01-01T12:00:00Z


def event(number=0, topic=MOTION_ALARM, operation="Changed"):
    return Event(topic, number, (), (), operation)


def holding():
    return Board().told(MOTION_ALARM, ("video",), ("true",), 5)[0].initialized()


@pytest.mark.parametrize(
    ("asked", "ms"),
    [
        (None, 60_000),
        ("PT10S", 10_000),
        ("PT10M", 600_000),
        ("P1D", 86_400_000),
        ("2026-01-01T12:00:30Z", 30_000),
        ("2026-01-01T13:00:30+01:00", 30_000),
    ],
)
def test_a_life_is_a_duration_or_an_instant_of_the_cameras_clock(asked, ms):
    assert life_ms(asked, NOON_MS) == ms


@pytest.mark.parametrize(
    "asked", ["PT0S", "-PT60S", "PT24H1S", "P1Y", "2026-01-01T12:00:00Z", "2020-01-01T00:00:00Z"]
)
def test_a_life_out_of_bounds_is_refused_with_the_bounds_as_readings_of_the_clock(asked):
    with pytest.raises(LifeError, match=r"outside 1\.\.86400 s from now") as refused:
        life_ms(asked, NOON_MS)
    assert refused.value.shortest_ms == NOON_MS + 1_000
    assert refused.value.longest_ms == NOON_MS + 86_400_000


def test_a_life_that_can_not_be_read_is_refused():
    with pytest.raises(LifeError, match="'soon' is no date and time"):
        life_ms("soon", NOON_MS)


def test_who_begins_to_listen_is_told_what_holds():
    _, events = taken(begun(EVERYTHING, 100, holding()), 10)
    assert [(one.operation, one.data) for one in events] == [("Initialized", (("State", "true"),))]


def test_who_wants_changes_only_is_told_changes_only():
    subscription = begun(EVERYTHING, 100, holding(), changed_only=True)
    assert subscription.waiting == ()
    assert synchronized(subscription, holding()).waiting == ()
    assert told(subscription, event()).waiting == (event(),)


def test_a_synchronization_point_tells_what_holds_once_more():
    subscription = synchronized(begun(EVERYTHING, 100, holding()), holding())
    assert [one.operation for one in subscription.waiting] == ["Initialized", "Initialized"]


def test_what_is_not_wanted_does_not_wait():
    only = begun(Filter(frozenset({MOTION})), 100, holding())
    assert only.waiting == ()
    assert told(told(only, event()), event(1, MOTION)).waiting == (event(1, MOTION),)


def test_a_pull_gets_no_more_than_it_asked_for_and_the_next_gets_the_rest():
    subscription = begun(EVERYTHING, 100, [event(1), event(2), event(3)])
    subscription, first = taken(subscription, 2)
    subscription, second = taken(subscription, 2**31)
    assert [[one.at_ms for one in events] for events in (first, second)] == [[1, 2], [3]]
    assert subscription.waiting == ()


def test_a_hundred_events_wait_and_the_oldest_make_room():
    subscription = begun(EVERYTHING, 100, [event(number) for number in range(103)])
    assert len(subscription.waiting) == 100
    assert subscription.waiting[0] == event(3)
    assert subscription.dropped == 3


def test_a_pull_keeps_a_subscription_and_never_shortens_it():
    subscription = begun(EVERYTHING, 100, [])
    assert not kept(subscription, 50).is_over(99)
    assert not kept(subscription, 200).is_over(199)
    assert kept(subscription, 200).is_over(200)


def test_a_renewal_may_shorten_it():
    assert renewed(begun(EVERYTHING, 100, []), 50).is_over(50)


@given(st.lists(st.one_of(st.none(), st.integers(1, 150)), max_size=60))
def test_events_come_once_and_in_order_whatever_the_pulls(steps):
    subscription, sent, got = begun(EVERYTHING, 100, []), 0, []
    for limit in steps:
        if limit is None:
            subscription, sent = told(subscription, event(sent)), sent + 1
        else:
            subscription, events = taken(subscription, limit)
            got += [one.at_ms for one in events]
    assert got + [one.at_ms for one in subscription.waiting] == list(range(sent))
