"""Frames in, committed heat out: with a store that can be told to refuse, and a real one."""

import json
import random
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import numpy as np
import pytest
import street
from hypothesis import given, settings
from hypothesis import strategies as st
from street import Thing, frames

from emulator.core.localtime import Stretch
from emulator.core.reports.heat import Tile
from emulator.core.settings import HeatSettings
from emulator.edge.storage import Storage
from emulator.recording import CLOCK, Recorder

MINUTE = 60_000
ALL = Stretch(0, 10**12)
ON = HeatSettings(enable=1, min_dwell=30)


class RefusedError(ValueError):
    """What the ledger says when it won't."""


class Ledger:
    """A store that remembers each commit, and refuses those it is told to, by their number."""

    def __init__(self, refuses=()):
        self.refuses = refuses
        self.asked = 0
        self.minutes = {}
        self.presence = []
        self.over_ms = []
        self.values = {}

    def commit(self, minutes, state, zone, closes_before_ms):
        self.asked += 1
        if self.asked in self.refuses:
            raise RefusedError
        for minute_ms, tile in minutes.items():
            nothing = Tile(np.zeros_like(tile.cells), 0)
            self.minutes[minute_ms] = self.minutes.get(minute_ms, nothing).plus(tile)
        self.presence.append({minute_ms: tile.presence_ms for minute_ms, tile in minutes.items()})
        self.over_ms.append(closes_before_ms)
        self.values |= json.loads(json.dumps(state))

    def state(self, name):
        return self.values.get(name)

    def total(self):
        return {minute_ms: tile.presence_ms for minute_ms, tile in self.minutes.items()}


def recorder(ledger, settings=ON, now_ms=0, on_ruled=lambda ruled: None):
    return Recorder(ledger, settings, UTC, now_ms, on_ruled)


def show(camera, given):
    """Show frames; a refused commit is nothing to a camera."""
    for frame in given:
        with suppress(RefusedError):
            camera.take(frame)


# --- worked examples ---------------------------------------------------------------------


def test_each_minute_is_committed_as_it_ends_with_the_clock():
    ledger = Ledger()
    camera = recorder(ledger)
    clocks = []
    for frame in frames([], 3 * MINUTE):
        camera.take(frame)
        clocks.append((frame.until_ms, ledger.values.get(CLOCK)))
    assert [clock for clock in clocks if clock[0] == clock[1]] == [
        (1 * MINUTE, 1 * MINUTE),
        (2 * MINUTE, 2 * MINUTE),
        (3 * MINUTE, 3 * MINUTE),
    ]
    assert (ledger.asked, camera.frames, camera.objects) == (3, 360, 0)


def test_a_minute_that_ends_within_a_frame_is_committed_with_that_frame():
    ledger = Ledger()
    camera = recorder(ledger)
    for frame in frames([], MINUTE):
        camera.take(replace(frame, at_ms=frame.at_ms + 200, until_ms=frame.until_ms + 200))
    assert ledger.values[CLOCK] == MINUTE + 200


def test_heat_is_held_back_until_its_stay_is_ruled_and_booked_where_it_was():
    ledger, ruled = Ledger(), []
    show(recorder(ledger, on_ruled=ruled.append), frames([Thing(50_000, 75_000)], 2 * MINUTE))
    assert ledger.presence == [{}, {0: 10_000, MINUTE: 15_000}]
    assert [(r.start_ms, r.end_ms, r.recorded) for r in ruled] == [(50_000, 75_000, "yes")]


def set_at(given, settings):
    """The frames, each with the clock's offset; `settings` are (film instant, offset)."""
    offset_ms, later = 0, sorted(settings)
    for frame in given:
        while later and later[0][0] <= frame.at_ms:
            offset_ms = later.pop(0)[1]
        yield frame, offset_ms


@pytest.mark.parametrize(
    ("offset_ms", "booked"),
    [
        (60 * MINUTE, {0: 10_000, 61 * MINUTE: 15_000}),  # put forward by an hour
        (-30_000, {0: 25_000}),  # put back by half a minute, all of it still in the first one
        (-MINUTE, {-MINUTE: 0, 0: 25_000}),  # put back by one: both passes of it add
    ],
)
def test_a_clock_that_is_set_books_one_stay_at_its_readings(offset_ms, booked):
    ledger, ruled = Ledger(), []
    camera = recorder(ledger, on_ruled=ruled.append)
    given = set_at(frames([Thing(50_000, 75_000)], 4 * MINUTE), [(MINUTE, offset_ms)])
    for frame, ahead_ms in given:
        camera.take(frame, ahead_ms)
    assert ledger.total() == {minute: ms for minute, ms in booked.items() if ms}
    assert [(r.start_ms, r.end_ms, r.recorded) for r in ruled] == [(50_000, 75_000, "yes")]


def test_an_hour_that_an_open_stay_touched_is_not_over_though_the_clock_has_left_it():
    ledger = Ledger()
    camera = recorder(ledger)
    there = frames([Thing(100_000, 120_000)], 3 * MINUTE)
    for frame, ahead_ms in set_at(there, [(110_000, 60 * MINUTE)]):
        camera.take(frame, ahead_ms)
        if frame.until_ms == 110_500:
            assert ledger.values[CLOCK] == 60 * MINUTE + 110_500
            assert ledger.over_ms[-1] == 100_000
    assert ledger.over_ms[-1] == 63 * MINUTE


def test_time_that_passes_without_a_picture_closes_hours_by_the_clock():
    ledger = Ledger()
    camera = recorder(ledger)
    camera.pass_time(1000, 0)
    assert ledger.asked == 0
    camera.pass_time(1000, 5 * MINUTE)
    assert (ledger.values[CLOCK], ledger.over_ms) == (5 * MINUTE + 1000, [5 * MINUTE + 1000])


def test_a_stay_longer_than_the_limit_leaves_no_heat():
    ledger, ruled = Ledger(), []
    show(recorder(ledger, on_ruled=ruled.append), frames([Thing(20_000, 75_000)], 2 * MINUTE))
    assert ledger.total() == {}
    assert [(r.start_ms, r.end_ms, r.recorded) for r in ruled] == [(20_000, 75_000, "longer")]


def test_hours_are_over_up_to_now_or_to_the_oldest_stay_that_is_undecided():
    # CONTRACT 3: an hour is closed when no undecided stay touches it. Until 1:27.5, T(5),
    # somebody may leave who was there from the first picture on, so nothing is over at 1:00.
    # The second thing has been there for longer than the limit at 5:00: it can't write any more.
    ledger = Ledger()
    show(recorder(ledger), frames([Thing(170_000, 195_000), Thing(250_000, 360_000)], 6 * MINUTE))
    assert ledger.over_ms == [0, 2 * MINUTE, 170_000, 4 * MINUTE, 5 * MINUTE, 6 * MINUTE]


def test_what_waits_in_a_cameras_first_seconds_is_undecided():
    # Its first picture is 2 s before the full minute, at which nothing is judged yet.
    ledger = Ledger()
    camera = recorder(ledger, now_ms=MINUTE - 2000)
    things = [Thing(MINUTE + 1000, MINUTE + 11_000)]
    show(camera, frames(things, 2 * MINUTE, MINUTE - 2000))
    assert ledger.over_ms == [MINUTE - 2000, MINUTE - 2000]
    assert ledger.presence == [{}, {MINUTE: 10_000}]


def test_new_settings_end_open_stays_by_the_old_ones():
    ledger, ruled = Ledger(), []
    camera = recorder(ledger, on_ruled=ruled.append)
    things = [Thing(50_000, 95_000)]
    show(camera, frames(things, 70_000))
    camera.change(replace(ON, min_dwell=1), {"settings": "new"})
    assert ledger.values["settings"] == "new"
    show(camera, frames(things, 2 * MINUTE, 70_000))
    assert ledger.total() == {0: 10_000, MINUTE: 10_000}
    assert [r.recorded for r in ruled] == ["yes", "longer"]
    assert [r.end_ms for r in ruled] == [70_000, 95_000]


def test_new_settings_that_can_not_be_committed_are_not_in_force_and_cost_no_heat():
    ledger = Ledger(refuses={2})
    camera = recorder(ledger)
    things = [Thing(50_000, 95_000)]
    show(camera, frames(things, 70_000))
    with pytest.raises(RefusedError):
        camera.change(replace(ON, enable=0), {"settings": "new"})
    assert camera.settings == ON
    assert "settings" not in ledger.values
    show(camera, frames(things, 2 * MINUTE, 70_000))
    assert ledger.total() == {0: 10_000, MINUTE: 35_000}


def test_a_commit_that_is_refused_is_made_with_the_next_minute():
    ledger = Ledger(refuses={1, 2})
    camera = recorder(ledger)
    show(camera, frames([Thing(10_000, 20_000), Thing(70_000, 75_000, 30, 40)], 3 * MINUTE))
    assert ledger.presence == [{0: 10_000, MINUTE: 5_000}]
    assert camera.is_clean


def test_it_is_clean_while_nothing_that_was_ruled_waits():
    camera = recorder(Ledger())
    show(camera, frames([Thing(10_000, 20_000)], 15_000))
    assert camera.is_clean
    show(camera, frames([], 25_000, 15_000))
    assert not camera.is_clean
    camera.flush()
    assert camera.is_clean


def test_forgetting_ends_open_stays_and_the_next_frame_shows_another_scene():
    ledger = Ledger()
    camera = recorder(ledger)
    show(camera, frames([Thing(10_000, 99_000)], 20_000))
    camera.forget()
    # The thing is there from the first frame of what comes, so it is background.
    show(camera, frames([Thing(10_000, 99_000, 4, 4)], MINUTE, 20_000))
    assert ledger.total() == {0: 10_000}
    assert camera.objects == 1


def test_looking_away_ends_open_stays_and_remembers_the_scene():
    ledger, ruled = Ledger(), []
    camera = recorder(ledger, on_ruled=ruled.append)
    show(camera, frames([Thing(10_000, 99_000)], 20_000))
    camera.look_away()
    camera.flush()
    # Nothing that comes is needed for it to count.
    assert ledger.total() == {0: 10_000}
    back, *on = frames([Thing(10_000, 40_000)], MINUTE, 30_000)
    show(camera, [replace(back, cut=True), *on])
    assert [(r.start_ms, r.end_ms) for r in ruled] == [(10_000, 20_000), (30_000, 40_000)]


def test_while_it_is_switched_off_nothing_is_recorded():
    ledger = Ledger()
    show(recorder(ledger, replace(ON, enable=0)), frames([Thing(10_000, 20_000)], MINUTE))
    assert ledger.total() == {}


def test_after_a_power_cut_open_stays_are_ruled_by_what_was_saved_and_only_once():
    ledger = Ledger()
    show(recorder(ledger), frames([Thing(50_000, 99_000)], MINUTE + 20_000))
    ruled = []
    for _ in range(2):
        restarted = recorder(ledger, now_ms=ledger.values[CLOCK], on_ruled=ruled.append)
    assert ledger.total() == {0: 10_000}
    assert [(r.start_ms, r.end_ms, r.recorded) for r in ruled] == [(50_000, MINUTE, "yes")]
    assert restarted.is_clean


def test_after_a_power_cut_a_stay_is_ruled_by_the_limit_it_began_under():
    ledger, ruled = Ledger(), []
    show(recorder(ledger, replace(ON, min_dwell=5)), frames([Thing(50_000, 99_000)], MINUTE))
    recorder(ledger, replace(ON, min_dwell=300), MINUTE, ruled.append)
    assert ledger.total() == {}
    assert [r.recorded for r in ruled] == ["longer"]


def test_after_a_power_cut_heat_that_was_let_go_before_is_not_let_go_again():
    ledger = Ledger()
    as_named = replace(ON, min_dwell=5, dwell_semantics="as-named")
    show(recorder(ledger, as_named), frames([Thing(50_000, 99_000)], MINUTE))
    assert ledger.total() == {0: 10_000}
    recorder(ledger, as_named, MINUTE)
    assert ledger.total() == {0: 10_000}


def test_a_left_over_stay_whose_commit_is_refused_is_still_there_for_the_next_start():
    ledger = Ledger(refuses={2})
    show(recorder(ledger), frames([Thing(50_000, 99_000)], MINUTE))
    with pytest.raises(RefusedError):
        recorder(ledger, now_ms=MINUTE)
    recorder(ledger, now_ms=MINUTE)
    assert ledger.total() == {0: 10_000}


# --- laws --------------------------------------------------------------------------------

BUSY = [
    Thing(5_000, 20_000),
    Thing(50_000, 75_000, 30, 40),
    Thing(58_000, 61_500, 4, 30),
    Thing(110_000, 139_000, 4, 4),
    Thing(150_000, 175_000, 30, 20),
]
BUSY_PRESENCE = {0: 15_000 + 10_000 + 2_000, MINUTE: 15_000 + 1_500 + 10_000, 2 * MINUTE: 44_000}


@given(st.sets(st.integers(1, 8)))
@settings(deadline=None, max_examples=8)
def test_however_often_the_store_refuses_nothing_is_lost_and_nothing_comes_twice(refuses):
    ledger = Ledger(refuses)
    camera = recorder(ledger)
    show(camera, frames(BUSY, 3 * MINUTE))
    ledger.refuses = ()
    camera.flush()
    assert ledger.total() == BUSY_PRESENCE
    never = Ledger()
    unhindered = recorder(never)
    show(unhindered, frames(BUSY, 3 * MINUTE))
    unhindered.flush()
    for minute_ms, tile in ledger.minutes.items():
        assert np.array_equal(tile.cells, never.minutes[minute_ms].cells)
        # A thing is 12 of 48 rows and 8 of 64 columns: 48 x 24 cells. In the very picture in
        # which another appears it may seem half a pixel larger: the view is steadied.
        heat_ms = 48 * 24 * BUSY_PRESENCE[minute_ms]
        assert int(tile.cells.sum()) == pytest.approx(heat_ms, rel=0.005)


@given(st.sets(st.integers(1, 360), max_size=20))
@settings(deadline=None, max_examples=8)
def test_commits_in_between_change_nothing(at_frames):
    ledger = Ledger()
    camera = recorder(ledger)
    for number, frame in enumerate(frames(BUSY, 3 * MINUTE), 1):
        camera.take(frame)
        if number in at_frames:
            camera.flush()
    assert ledger.total() == BUSY_PRESENCE


# --- kill -9 -----------------------------------------------------------------------------


def killed(path, lines, statements):
    """Record in another process, kill it, and return how far it said it had come.

    It is killed once it has said so many lines, or kills itself at an SQL statement.
    """
    process = subprocess.Popen(
        [sys.executable, Path(street.__file__), path, str(statements)],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        said = [process.stdout.readline() for _ in range(lines)]
        if not statements:
            process.kill()
        said += process.stdout.readlines()
    assert process.returncode == -9
    return max((int(line) for line in said if line.endswith("\n")), default=0)


def presence_by_minute(store, until_ms):
    return [store.presence_ms(Stretch(m, m + MINUTE)) for m in range(0, until_ms, MINUTE)]


def test_a_hard_kill_costs_the_minute_in_the_making_and_counts_no_second_twice(tmp_path):
    path, moments = tmp_path / "a.sqlite", random.Random(20261122)
    ruled = []
    with closing(Storage(None)) as never_killed:
        truth = Recorder(never_killed, street.SETTINGS, UTC, 0, ruled.append)
        for number in range(15):
            inside_a_commit = number % 2
            said_ms = killed(
                path,
                lines=0 if inside_a_commit else moments.randint(1, 400),
                statements=moments.randint(1, 60) * inside_a_commit,
            )
            with closing(Storage(path)) as store:
                clock_ms = store.state(CLOCK) or 0
                assert clock_ms >= said_ms - said_ms % MINUTE
                Recorder(store, street.SETTINGS, UTC, clock_ms)
                # What the camera would hold had it been switched off at that minute's end.
                for frame in street.rounds(truth.now_ms):
                    if frame.until_ms > clock_ms:
                        break
                    truth.take(frame)
                truth.forget()
                truth.flush()
                assert presence_by_minute(store, clock_ms) == presence_by_minute(
                    never_killed, clock_ms
                )
                assert np.array_equal(store.heat(ALL), never_killed.heat(ALL))
        assert never_killed.presence_ms(ALL) == sum(
            stay.end_ms - stay.start_ms for stay in ruled if stay.recorded == "yes"
        )
        assert truth.now_ms > 10 * MINUTE


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 260).map(lambda n: 500 * n), st.integers(-(10**7), 10**7)),
        max_size=5,
    )
)
def test_a_clock_that_is_set_however_often_makes_and_loses_no_heat(set_times):
    ledger = Ledger()
    camera = recorder(ledger)
    there = frames([Thing(50_000, 75_000), Thing(100_000, 118_000)], 130_000)
    for frame, ahead_ms in set_at(there, set_times):
        camera.take(frame, ahead_ms)
    camera.flush()
    assert sum(ledger.total().values()) == 43_000
