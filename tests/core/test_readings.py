"""Two axes of time: what the clock read while a film ran, and where heat is booked then."""

from hypothesis import given
from hypothesis import strategies as st

from emulator.core.readings import AS_FILMED, Readings, Setting

MINUTE_MS, HOUR_MS = 60_000, 3_600_000

# --- worked examples ---------------------------------------------------------------------


def test_a_clock_that_nobody_sets_reads_the_film():
    assert AS_FILMED.at(1_234_567) == 1_234_567
    assert AS_FILMED.minute_at(119_999) == 60_000
    assert list(AS_FILMED.minutes(59_000, 121_000)) == [
        (59_000, 60_000),
        (60_000, 120_000),
        (120_000, 121_000),
    ]
    assert AS_FILMED.earliest(77) == 77


def test_from_the_instant_that_it_is_set_it_reads_so_much_more():
    set_once = AS_FILMED.set(100_000, HOUR_MS)
    assert [set_once.at(at_ms) for at_ms in (99_999, 100_000, 100_001)] == [
        99_999,
        3_700_000,
        3_700_001,
    ]
    assert set_once.minute_at(100_000) == 3_660_000


def test_a_stretch_is_cut_where_the_clock_is_set_and_at_the_clocks_minutes():
    # At 70 s the clock is put back by 15 s, to 55 s: it reads 60 s once more at 75 s.
    back = AS_FILMED.set(70_000, -15_000)
    assert list(back.minutes(50_000, 80_000)) == [
        (50_000, 60_000),
        (60_000, 70_000),
        (70_000, 75_000),
        (75_000, 80_000),
    ]
    assert [back.minute_at(start) for start in (50_000, 60_000, 70_000, 75_000)] == [
        0,
        60_000,
        0,
        60_000,
    ]


def test_the_earliest_reading_is_that_of_a_clock_put_back_since():
    twice = AS_FILMED.set(100_000, HOUR_MS).set(200_000, -50_000)
    assert twice.earliest(0) == 0
    assert twice.earliest(100_000) == 150_000
    assert twice.earliest(300_000) == 250_000


def test_what_nobody_asks_for_is_forgotten():
    thrice = AS_FILMED.set(10, 1).set(20, 2).set(30, 3)
    assert thrice.since(25).settings == (Setting(20, 2), Setting(30, 3))
    assert thrice.since(5) == thrice
    assert thrice.since(1000).settings == (Setting(30, 3),)


def test_the_last_of_several_settings_at_one_instant_holds():
    assert AS_FILMED.set(10, 5).set(10, 7).at(10) == 17
    assert AS_FILMED.set(10, 5).set(20, 5).settings == (Setting(0, 0), Setting(10, 5))


# --- laws --------------------------------------------------------------------------------

settings = st.lists(
    st.tuples(st.integers(0, 500_000), st.integers(-2 * HOUR_MS, 2 * HOUR_MS)), max_size=5
).map(sorted)


def after(all_settings):
    readings = AS_FILMED
    for film_ms, offset_ms in all_settings:
        readings = readings.set(film_ms, offset_ms)
    return readings


@given(settings, st.integers(0, 400_000), st.integers(0, 400_000))
def test_the_parts_of_a_stretch_meet_and_each_lies_in_one_minute(all_settings, start_ms, lasts_ms):
    readings = after(all_settings)
    parts = list(readings.minutes(start_ms, start_ms + lasts_ms))
    edges = [start_ms, *(end for _, end in parts)]
    assert [start for start, _ in parts] == edges[:-1]
    assert edges[-1] == start_ms + lasts_ms
    for start, end in parts:
        assert start < end
        assert readings.at(end - 1) - readings.at(start) == end - 1 - start
        assert readings.minute_at(start) == readings.minute_at(end - 1)


@given(settings, st.integers(0, 400_000), st.integers(0, 400_000))
def test_forgetting_changes_no_reading_that_is_still_asked_for(all_settings, since_ms, later_ms):
    readings = after(all_settings)
    kept = readings.since(since_ms)
    assert kept.at(since_ms + later_ms) == readings.at(since_ms + later_ms)
    assert kept.earliest(since_ms) == readings.earliest(since_ms)


@given(settings, st.integers(0, 400_000), st.integers(0, 400_000))
def test_no_later_reading_is_before_the_earliest(all_settings, since_ms, later_ms):
    readings = after(all_settings)
    assert readings.earliest(since_ms) <= readings.at(since_ms + later_ms)


def test_readings_are_values():
    assert Readings() == AS_FILMED
    assert AS_FILMED.set(5, 0) is AS_FILMED
