"""A camera's time as seen from outside: set, stepped, paced and frozen while somebody is there."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from cameras import BEGINS_MS, Fed, Played, camera
from clips import walk

from emulator.core.cgi import ReportQuery
from emulator.core.wallclock import WallclockError
from emulator.edge.clock import ZoneError
from emulator.playing import Programme
from emulator.timekeeping import Timekeeper

BLANK = np.full((36, 64), 128, np.uint8)
# Of 250 pictures, 40 ms each, the first 180 show a dark block that walks through: 7.2 s.
WALK = list(walk(250))
HOUR_MS = 3_600_000
TODAY = ReportQuery("daily", datetime(2026, 3, 4))
CLOCK = "set.system.datetime"


@pytest.fixture
def fed():
    """A source that has one picture to begin with."""
    source = Fed()
    source.hand(BLANK, lasts_ms=1000)
    return source


@pytest.fixture
def make():
    """Makes cameras that run; all are stopped at the end."""
    made = []

    def make(source, **changes):
        one = camera(source, **changes)
        made.append((one, source))
        one.start()
        return one

    yield make
    for one, source in made:
        if isinstance(source, Fed):
            source.end()
        one.stop()


def keeper(one):
    return Timekeeper(one, lambda: None)


def rows(one, query=TODAY):
    table = csv.DictReader(io.StringIO(one.time_csv(query)))
    return {
        row["StartTime"][-8:-6]: int(row["Value(s)"]) for row in table if row["Value(s)"] != "0"
    }


def reads(one):
    told = one.fields("get.system.datetime")
    return datetime(*(told[part] for part in ("year", "month", "day", "hour", "minute", "second")))


# --- a clock that is set ends no stay (CONTRACT 4) --------------------------------------------


def test_a_stay_is_one_stay_over_a_clock_that_is_put_forward(make, fed):
    one = make(fed)
    fed.feed(*WALK[:100])
    keeper(one).step(3 * HOUR_MS)
    fed.feed(*WALK[100:220])
    # Under 7.2 s in all, and no part of it lost: some in the hour before, the rest after.
    counted = rows(one)
    assert set(counted) == {"05", "08"}
    assert 6 <= sum(counted.values()) <= 8
    assert 2 <= counted["05"] <= 4


def test_both_passes_of_a_clock_that_is_put_back_add_up(make, fed):
    one = make(fed)
    fed.feed(*WALK)
    once = rows(one)["05"]
    keeper(one).step(-10_000)
    fed.feed(*WALK)
    assert 2 * once - 2 <= rows(one)["05"] <= 2 * once + 2


def test_dwell_is_measured_by_what_really_passed(make, fed):
    one = make(fed)
    one.act("set.heatmap.configuration", [("mintime", 300)])
    fed.feed(*WALK[:100])
    keeper(one).step(24 * HOUR_MS)  # no stay of a day, which would be dropped as longer
    fed.feed(*WALK[100:220])
    assert sum(rows(one).values()) >= 2
    tomorrow = rows(one, ReportQuery("daily", datetime(2026, 3, 5)))
    assert sum(tomorrow.values()) >= 2


def test_the_schedule_goes_by_the_clocks_reading(make, fed):
    closed = "06:00:07:00;" + 9 * "00:00:00:00;"
    one = make(fed)
    wednesday = [{"scheduleIndex": 2, "schedule": closed}]
    one.act("set.heatmap.configuration", [("scheduleList", wednesday)])
    fed.feed(*WALK)
    assert rows(one) == {}
    keeper(one).step(HOUR_MS)
    fed.feed(*WALK)
    assert list(rows(one)) == ["06"]


# --- set over the camera's own interface ------------------------------------------------------


def test_the_camera_sets_its_clock_as_a_client_says(make, fed):
    one = make(fed)
    one.act(CLOCK, [("year", 2027), ("hour", 23), ("minute", 59), ("second", 58)])
    assert reads(one) == datetime(2027, 3, 4, 23, 59, 58)
    fed.feed(BLANK, lasts_ms=3000)
    assert reads(one) == datetime(2027, 3, 5, 0, 0, 1)


def test_a_reading_is_one_of_the_zone_that_is_set_with_it(make, fed):
    one = make(fed)
    one.act(CLOCK, [("zoneNameTz", "Asia/Kolkata"), ("hour", 12), ("minute", 0), ("second", 0)])
    told = one.fields("get.system.datetime")
    assert (told["zoneNameTz"], told["timeZoneTz"], told["hour"]) == (
        "Asia/Kolkata",
        "UTC-05:30",
        12,
    )
    assert one.now_ms() == BEGINS_MS + 90 * 60_000  # 06:30 UTC


def test_another_zone_alone_moves_no_instant(make, fed):
    one = make(fed)
    before_ms = one.now_ms()
    one.act(CLOCK, [("zoneNameTz", "Europe/Berlin")])
    assert one.now_ms() == before_ms
    assert reads(one) == datetime(2026, 3, 4, 6, 0, 1)
    fed.feed(*WALK)
    assert list(rows(one)) == ["06"]


def test_what_a_client_sets_is_kept(make, tmp_path):
    kept = [("timeType", 1), ("ntpServer", "10.0.0.9"), ("zoneNameTz", "Europe/Berlin")]
    first = camera(Played([BLANK]), tmp_path / "store")
    first.start()
    first.act(CLOCK, kept)
    first.stop()
    again = camera(Played([BLANK]), tmp_path / "store", zone=ZoneInfo("Europe/Berlin"))
    told = again.fields("get.system.datetime")
    again.storage.close()
    assert (told["timeType"], told["ntpServer"]) == (1, "10.0.0.9")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([("month", 2), ("day", 31)], "day=31 is not in the calendar"),
        ([("zoneNameTz", "Mars/X"), ("hour", 1)], "zoneNameTz='Mars/X' is not an IANA"),
        ([("hour", 1), ("minute", 60)], "minute=60 is outside"),
    ],
)
def test_a_refused_time_changes_nothing(make, fed, fields, message):
    one = make(fed)
    before = one.fields("get.system.datetime")
    with pytest.raises(WallclockError, match=message):
        one.act(CLOCK, fields)
    assert one.fields("get.system.datetime") == before


# --- frozen, and how time goes ----------------------------------------------------------------


def test_nothing_moves_while_time_stands_still(make):
    source = Played(WALK)
    one = make(source, loop=True)
    time = keeper(one)
    time.freeze()
    seen = one.frames, one.now_ms(), one.player.position_ms
    for _ in range(50):
        one.time_csv(TODAY)
    assert (one.frames, one.now_ms(), one.player.position_ms) == seen
    time.thaw()
    while one.frames == seen[0]:
        assert not one.wait_for_end(0.001)


def test_a_frozen_clock_can_be_set_and_goes_on_from_there(make):
    one = make(Played(WALK), loop=True)
    time = keeper(one)
    time.freeze()
    time.set("Europe/Berlin", datetime(2026, 10, 25, 1, 59, 59), None)
    assert reads(one) == datetime(2026, 10, 25, 1, 59, 59)
    time.set(None, None, BEGINS_MS)
    assert one.now_ms() == BEGINS_MS
    time.thaw()
    while one.now_ms() == BEGINS_MS:
        assert not one.wait_for_end(0.001)


def test_an_unknown_zone_leaves_the_clock_as_it_was(make, fed):
    one = make(fed)
    with pytest.raises(ZoneError):
        keeper(one).set("Mars/X", datetime(2026, 1, 1), None)
    assert reads(one) == datetime(2026, 3, 4, 5, 0, 1)


def test_a_pause_that_is_over_plays_faster_if_told(make):
    one = make(Played([BLANK] * 250), speed=1.0)
    time = keeper(one)
    assert time.speed == 1.0
    time.go(None)
    assert time.speed is None
    assert one.wait_for_end(60)
    assert time.speed == 1.0  # what has ended is no measure of time
    time.go(3600.0)
    began_ms = one.now_ms()
    while one.now_ms() < began_ms + 60_000:
        assert one.has_ended


# --- what is looked at ------------------------------------------------------------------------


def test_another_source_is_another_scene(make):
    one = make(Played(WALK), loop=True)
    dark = Played([np.full((36, 64), 20, np.uint8)])
    keeper(one).show(dark, None, False)
    assert one.wait_for_end(60)
    assert len(dark.begun_ms) == 1
    assert one.player.source is dark


def test_a_position_is_where_the_source_goes_on(make):
    source = Played([BLANK] * 100)
    one = make(source)
    assert one.wait_for_end(60)
    time = keeper(one)
    time.freeze()
    time.show(None, 2_000, None)
    assert one.player.position_ms in {2_000, 2_040}
    time.thaw()
    assert one.wait_for_end(60)
    assert one.player.position_ms == 4_000
    assert one.frames == 100 + 49  # the one that was shown while time stood still is not recorded


def test_a_loop_that_is_switched_on_begins_again_what_has_ended(make):
    source = Played([BLANK] * 10)
    one = make(source)
    assert one.wait_for_end(60)
    keeper(one).show(None, None, True)
    while len(source.begun_ms) < 3:
        assert not one.wait_for_end(0.001)
    keeper(one).show(None, None, False)
    assert one.wait_for_end(60)


def test_the_film_never_goes_back_whatever_is_shown(make):
    source = Played([BLANK] * 10)
    one = make(source)
    assert one.wait_for_end(60)
    time = keeper(one)
    for position_ms in (200, 0, 360):
        before_ms = one.film_ms()
        time.show(None, position_ms, None)
        assert source.begun_ms[-1] >= before_ms
        assert one.wait_for_end(60)


def test_a_step_forward_stops_at_each_day_on_its_way_if_reports_are_exported(make, fed):
    one = make(fed)
    stops = []
    time = Timekeeper(one, lambda: stops.append(one.now_ms()))
    time.step(60 * HOUR_MS)
    began_ms = BEGINS_MS + 1000
    assert [stop - began_ms for stop in stops] == [60 * HOUR_MS]
    stops.clear()
    one.act("set.heatmap.export", [("exportTime", 1)])
    time.step(60 * HOUR_MS)
    hours = [(stop - began_ms) // HOUR_MS - 60 for stop in stops]
    assert hours == [24, 48, 60]


def test_what_plays_can_be_left_at_any_time(make):
    one = make(Played(WALK), loop=True)
    for _ in range(20):
        one.play(Programme(Played(WALK[:20]), True))
        assert one.player.wait_shown(30)
