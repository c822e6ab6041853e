"""The camera's clock, turned by hand: no test waits for time to pass."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.edge.clock import Clock, ZoneError, zone_of


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


# --- set, stepped, paced, frozen ---------------------------------------------------------


def test_setting_the_clock_moves_its_reading_and_not_the_film(real_time):
    clock = Clock(1_000, real_time)
    clock.set(50_000)
    assert (clock.now_ms(), clock.film_ms(), clock.offset_ms) == (50_000, 1_000, 49_000)
    clock.set_by_source(3_000)
    assert (clock.now_ms(), clock.film_ms()) == (52_000, 3_000)
    clock.step(-60_000)
    assert (clock.now_ms(), clock.film_ms()) == (-8_000, 3_000)


def test_a_clock_that_runs_on_is_set_without_losing_time(real_time):
    clock = Clock(0, real_time)
    clock.run_on()
    real_time.seconds += 2
    clock.set(100_000)
    real_time.seconds += 1
    assert (clock.now_ms(), clock.film_ms()) == (101_000, 3_000)


def test_a_clock_runs_on_at_the_pace_it_is_told(real_time):
    clock = Clock(0, real_time)
    clock.run_on(60.0)
    real_time.seconds += 2
    assert clock.now_ms() == 120_000
    clock.keep_pace(0.5)
    real_time.seconds += 2
    assert (clock.now_ms(), clock.pace) == (121_000, 0.5)


def test_a_pace_does_not_make_a_resting_clock_run(real_time):
    clock = Clock(7, real_time)
    clock.keep_pace(60.0)
    real_time.seconds += 2
    assert clock.now_ms() == 7
    clock.run_on()
    real_time.seconds += 1
    assert clock.now_ms() == 60_007


def test_a_frozen_clock_stands_and_goes_on_where_it_stood(real_time):
    clock = Clock(0, real_time)
    clock.run_on()
    real_time.seconds += 1
    clock.freeze()
    real_time.seconds += 5
    assert (clock.now_ms(), clock.is_frozen) == (1_000, True)
    clock.run_on()  # which it will, but not yet
    real_time.seconds += 5
    assert clock.now_ms() == 1_000
    clock.thaw()
    real_time.seconds += 1
    assert (clock.now_ms(), clock.is_frozen) == (2_000, False)


def test_a_frozen_clock_can_be_set(real_time):
    clock = Clock(0, real_time)
    clock.freeze()
    clock.set(9_000)
    clock.step(500)
    real_time.seconds += 5
    assert clock.now_ms() == 9_500


def test_a_clock_that_a_source_drives_rests_after_it_is_thawed(real_time):
    clock = Clock(0, real_time)
    clock.set_by_source(40)
    clock.freeze()
    clock.thaw()
    real_time.seconds += 5
    assert clock.now_ms() == 40


# --- zones -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ahead_h"),
    [("Asia/Kolkata", 5.5), ("UTC-05:30", 5.5), ("UTC+03:00", -3), ("UTC", 0), ("Etc/GMT+3", -3)],
)
def test_a_zone_is_known_by_its_iana_name_or_as_posix_writes_a_fixed_one(name, ahead_h):
    reading = datetime(2026, 7, 1, tzinfo=zone_of(name))
    assert reading.utcoffset() == timedelta(hours=ahead_h)


@pytest.mark.parametrize(
    "name", ["Mars/Olympus", "", "UTC-25:00", "UTC-05:60", "../etc/passwd", "x\0"]
)
def test_an_unknown_zone_is_refused_by_name(name):
    with pytest.raises(ZoneError, match="is not an IANA time zone such as Europe/Berlin"):
        zone_of(name)
