"""The camera's clock, turned by hand: no test waits for time to pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.edge.clock import Clock


class RealTime:
    """Seconds of real time, as many as a test says."""

    def __init__(self):
        self.seconds = 5_000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def real_time():
    return RealTime()


# --- worked examples ---------------------------------------------------------------------


def test_while_a_source_plays_real_time_does_not_move_the_clock(real_time):
    clock = Clock(1_000, real_time)
    real_time.seconds += 60
    assert clock.now_ms() == 1_000
    clock.set_by_source(1_080)
    real_time.seconds += 60
    assert clock.now_ms() == 1_080


def test_when_the_source_has_ended_the_clock_runs_on_at_the_pace_of_real_time(real_time):
    clock = Clock(1_000, real_time)
    clock.set_by_source(2_000)
    clock.run_on()
    assert clock.now_ms() == 2_000
    real_time.seconds += 1.5
    assert clock.now_ms() == 3_500


def test_running_on_twice_loses_no_time(real_time):
    clock = Clock(0, real_time)
    clock.run_on()
    real_time.seconds += 2
    clock.run_on()
    real_time.seconds += 3
    assert clock.now_ms() == 5_000


def test_a_source_that_comes_back_drives_the_clock_again(real_time):
    clock = Clock(0, real_time)
    clock.run_on()
    real_time.seconds += 2
    clock.set_by_source(7_000)
    real_time.seconds += 2
    assert clock.now_ms() == 7_000
    clock.run_on()
    real_time.seconds += 0.25
    assert clock.now_ms() == 7_250


def test_a_source_may_set_the_clock_back(real_time):
    clock = Clock(9_000, real_time)
    clock.set_by_source(4_000)
    assert clock.now_ms() == 4_000


def test_a_reader_sees_the_clock_before_or_after_the_source_set_it_never_between():
    # The reader is in the middle of now_ms() when the source comes back.
    class SourceComesBack(RealTime):
        def __call__(self):
            if self.seconds > 5_000:
                clock.set_by_source(50_000)
            return self.seconds

    real_time = SourceComesBack()
    clock = Clock(1_000, real_time)
    clock.run_on()
    real_time.seconds += 1
    assert clock.now_ms() == 2_000
    assert clock.now_ms() == 50_000


# --- law ---------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 10_000_000)))
def test_a_clock_that_runs_on_never_goes_back_and_drifts_by_less_than_a_millisecond(gaps_us):
    real_time = RealTime()
    clock = Clock(0, real_time)
    clock.run_on()
    passed_us, before_ms = 0, 0
    for gap_us in gaps_us:
        passed_us += gap_us
        real_time.seconds = 5_000 + passed_us / 1_000_000
        now_ms = clock.now_ms()
        assert now_ms >= before_ms
        assert abs(1000 * now_ms - passed_us) <= 1001
        before_ms = now_ms
