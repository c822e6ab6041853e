"""Pace: budgets, pauses and backing off, with a clock that the test drives."""

import pytest

from conformance.pace import Pace, SpentError


class Clock:
    def __init__(self):
        self.now_s, self.slept = 100.0, []

    def monotonic(self):
        return self.now_s

    def sleep(self, seconds):
        self.slept.append(round(seconds, 6))
        self.now_s += seconds


def paced(**how):
    clock = Clock()
    return clock, Pace(clock.monotonic, clock.sleep, **how)


def test_a_budget_allows_exactly_so_many_requests():
    _, pace = paced(budget=2)
    pace.before()
    pace.before()
    with pytest.raises(SpentError, match="budget of 2 requests"):
        pace.before()
    assert pace.requests == 2


def test_seconds_are_counted_from_the_first_request():
    clock, pace = paced(max_seconds=10)
    pace.before()
    clock.now_s += 9.9
    pace.before()
    clock.now_s += 0.2
    with pytest.raises(SpentError, match="10 s are over"):
        pace.before()


def test_putting_back_is_never_refused():
    clock, pace = paced(budget=1, max_seconds=1)
    pace.before()
    clock.now_s += 100
    pace.exempt = True
    pace.before()


def test_the_pause_counts_from_the_answer():
    clock, pace = paced(gap_s=0.5)
    pace.before()
    clock.now_s += 3
    pace.after()
    clock.now_s += 0.2
    pace.before()
    assert clock.slept == [0.3]


def test_it_backs_off_longer_each_time_and_then_takes_the_no():
    clock, pace = paced()
    assert [pace.back_off(attempt, "") for attempt in range(5)] == [True] * 4 + [False]
    assert clock.slept == [1, 2, 4, 8]


@pytest.mark.parametrize(("asked", "slept"), [("3", 3), ("999", 30), ("tomorrow", 1), ("-1", 1)])
def test_the_device_may_say_how_long_within_reason(asked, slept):
    clock, pace = paced()
    pace.back_off(0, asked)
    assert clock.slept == [slept]
