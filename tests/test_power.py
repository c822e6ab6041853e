"""Reboots, resets and the whole state as a file, of a camera in this process."""

import csv
import dataclasses
import io
import itertools
import threading
from contextlib import nullcontext
from datetime import datetime

import numpy as np
import pytest
from cameras import BEGINS_MS, Fed, Played, camera
from clips import walk

from emulator import saved
from emulator.core.cgi import ReportQuery
from emulator.core.settings import HeatSettings
from emulator.core.snapshot import SnapshotError, packed, unpacked
from emulator.edge.sources import SourceError
from emulator.power import DownError, Power

BLANK = np.full((36, 64), 128, np.uint8)
WALK = list(walk(250))  # the first 180 pictures show somebody, 7.2 s
TODAY = ReportQuery("daily", datetime(2026, 3, 4))
SET = "set.heatmap.configuration"
OLGA = [("username", "olga"), ("password", "olga-secret-1"), ("userLevel", 1)]


def heat(one, query=TODAY):
    rows = csv.DictReader(io.StringIO(one.time_csv(query)))
    return sum(int(row["Value(s)"]) for row in rows)


def changed(file, **values):
    """A state that says something else, and is whole."""
    header, content = unpacked(file)
    return packed(dataclasses.replace(header, **values), content)


def no_source(name):
    raise SourceError(f"{name} is not there")


class Mains:
    """A camera, its power, and what became of its port."""

    def __init__(self, source, path=None, **changes):
        self.source = source
        self.one = camera(source, path, **changes)
        self.one.start()
        self.port = []
        eras = (f"{number:08x}" for number in itertools.count(7))
        self.power = Power(self.one, self.port.append, nullcontext, eras.__next__, no_source)

    def end(self):
        if isinstance(self.source, Fed):
            self.source.end()
        self.one.stop()


@pytest.fixture
def start():
    """Starts cameras; all are stopped at the end."""
    started = []

    def start(source, path=None, **changes):
        started.append(Mains(source, path, **changes))
        return started[-1]

    yield start
    for mains in started:
        mains.end()


@pytest.fixture
def fed():
    source = Fed()
    source.hand(BLANK, lasts_ms=1000)
    return source


# --- reboots ----------------------------------------------------------------------------------


def test_a_soft_reboot_loses_nothing(start, fed):
    mains = start(fed)
    fed.feed(*WALK[:220])
    mains.power.reboot(False, 0.0)()
    assert 6 <= heat(mains.one) <= 8
    assert mains.port == [True, False]
    assert mains.power.boots == 2


def test_a_power_cut_costs_what_was_not_committed(start, fed):
    mains = start(fed)
    fed.feed(*WALK[:220])  # ruled, but the minute is not over
    mains.power.reboot(True, 0.0)()
    assert heat(mains.one) == 0


def test_a_power_cut_costs_nothing_that_was_committed(start, fed):
    mains = start(fed)
    fed.feed(*WALK[:220])
    fed.feed(BLANK, lasts_ms=60_000)
    mains.power.reboot(True, 0.0)()
    assert 6 <= heat(mains.one) <= 8


def test_who_was_there_at_the_last_commit_is_ruled_after_a_power_cut(start, fed):
    mains = start(fed)
    fed.feed(*WALK[:100])
    mains.power.reboot(False, 0.0)()  # saved with the soft one
    assert 3 <= heat(mains.one) <= 4.5


def test_the_camera_looks_on_after_a_reboot(start):
    mains = start(Played([BLANK] * 50), loop=True)
    mains.power.reboot(True, 0.0)()
    while mains.one.frames < 10:
        assert not mains.one.wait_for_end(0.001)
    assert mains.one.fields("get.system.information")["systemBootTime"] >= "2026-03-04 05:00:00"


def test_while_it_is_down_it_can_not_be_switched_off_again(start, fed):
    mains = start(fed)
    on_again = mains.power.reboot(False, 0.0)
    assert not mains.power.is_up
    with pytest.raises(DownError, match="the camera is down already"):
        mains.power.reboot(True, 0.0)
    on_again()
    assert mains.power.is_up


def test_nothing_is_seen_while_it_is_down(start):
    mains = start(Played(WALK), loop=True)
    on_again = mains.power.reboot(False, 0.0)
    frames, position_ms = mains.one.frames, mains.one.player.position_ms
    for _ in range(20):
        heat(mains.one)
    assert (mains.one.frames, mains.one.player.position_ms) == (frames, position_ms)
    on_again()


def test_settings_and_accounts_outlast_a_power_cut(start, fed):
    mains = start(fed)
    mains.one.act(SET, [("mintime", 77)])
    mains.one.act("add.system.user", OLGA)
    mains.power.reboot(True, 0.0)()
    assert mains.one.fields("get.heatmap.configuration")["mintime"] == 77
    assert "olga" in mains.one.accounts()


def test_a_camera_that_stops_does_not_wait_for_one_that_is_down(start, fed):
    mains = start(fed)
    on_again = mains.power.reboot(False, 600.0)
    waiting = threading.Thread(target=on_again)
    waiting.start()
    mains.power.settle()
    waiting.join(30)
    assert mains.power.is_up


def test_a_camera_that_can_not_be_switched_off_stays_up(start, fed, caplog):
    mains = start(fed)

    def refuse(is_down):
        mains.port.append(is_down)
        if is_down:
            raise OSError("no more sockets")

    power = Power(mains.one, refuse, nullcontext, str, no_source)
    for _ in range(2):
        with pytest.raises(DownError, match="can't be switched off: no more sockets"):
            power.reboot(False, 0.0)
        assert power.is_up
    assert mains.port == [True, False] * 2
    assert caplog.text.count("the camera can't be switched off") == 2
    fed.feed(BLANK)  # is looked at


def test_a_camera_whose_store_can_not_be_read_is_up_again_nonetheless(start, fed, caplog):
    mains = start(fed)
    mains.one.storage.commit({}, {saved.SETTINGS: {"mintime": "nonsense"}}, mains.one.zone, 0)
    mains.power.reboot(True, 0.0)()
    assert mains.power.is_up
    assert mains.port == [True, False]
    assert "the camera is up again, but not as it should be" in caplog.text
    fed.feed(BLANK)  # is looked at


# --- resets -----------------------------------------------------------------------------------


def test_a_reset_goes_back_to_how_it_started(start):
    source = Played(WALK)
    mains = start(source, settings=HeatSettings(enable=1, min_dwell=60))
    assert mains.one.wait_for_end(60)
    assert heat(mains.one) > 0
    mains.one.act(SET, [("mintime", 5), ("enable", 0)])
    mains.one.act("add.system.user", OLGA)
    mains.one.act("set.system.datetime", [("year", 2030), ("zoneNameTz", "Asia/Kolkata")])
    mains.power.reset(None)
    told = mains.one.fields("get.heatmap.configuration")
    assert (told["mintime"], told["enable"]) == (60, 1)
    assert list(mains.one.accounts()) == ["admin"]
    assert mains.one.fields("get.system.datetime")["zoneNameTz"] == "UTC"
    assert mains.one.wait_for_end(60)
    assert 10_000 <= mains.one.now_ms() - BEGINS_MS < 60_000
    assert 6 <= heat(mains.one) <= 8  # of the second round alone
    assert len(source.begun_ms) == 2


def test_a_reset_comes_to_the_same_however_often(start):
    mains = start(Played(WALK))
    assert mains.one.wait_for_end(60)
    first = mains.one.space_json(TODAY)
    for _ in range(3):
        mains.power.reset(None)
        assert mains.one.wait_for_end(60)
        assert mains.one.space_json(TODAY) == first


def test_who_was_in_view_is_forgotten_by_a_reset(start, fed):
    mains = start(fed, settings=HeatSettings(enable=1, min_dwell=300))
    fed.feed(*WALK[:100])
    fed.feed(WALK[100], lasts_ms=60_000)  # so that the open stay is saved
    fed.hand(BLANK)  # for the scene that begins then
    mains.power.reset(None)
    assert heat(mains.one) == 0


def test_a_factory_reset_leaves_it_switched_off_and_empty(start):
    mains = start(Played(WALK))
    assert mains.one.wait_for_end(60)
    mains.one.act("add.system.user", OLGA)
    mains.power.factory_reset()
    told = mains.one.fields("get.heatmap.configuration")
    assert (told["enable"], told["mintime"], told["sensitivity"]) == (0, 30, 5)
    assert list(mains.one.accounts()) == ["admin"]
    assert heat(mains.one) == 0


# --- the state as a file ----------------------------------------------------------------------


def test_a_state_comes_back_in_another_process_of_the_same_model(start, tmp_path):
    first = start(Played(WALK), tmp_path / "first")
    assert first.one.wait_for_end(60)
    first.one.act(SET, [("mintime", 77)])
    first.one.act("add.system.user", OLGA)
    file = first.power.state()
    counted, told = heat(first.one), first.one.space_json(TODAY)
    other = start(Played(WALK, lasts_ms=20), tmp_path / "other")
    assert other.one.wait_for_end(60)
    other.power.restore(file)
    assert (heat(other.one), other.one.space_json(TODAY)) == (counted, told)
    assert other.one.fields("get.heatmap.configuration")["mintime"] == 77
    assert "olga" in other.one.accounts()
    assert 0 <= other.one.now_ms() - BEGINS_MS - 10_000 < 60_000


def test_heat_goes_on_after_a_state_came_back(start, fed):
    mains = start(fed)
    fed.feed(*WALK)
    file, once = mains.power.state(), heat(mains.one)
    fed.feed(*WALK)
    mains.power.restore(file)
    assert heat(mains.one) == once
    fed.feed(*WALK)
    assert 2 * once - 2 <= heat(mains.one) <= 2 * once + 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file[:-1],
        lambda file: file[:200] + b"x" + file[201:],
        lambda file: b"PK\x03\x04",
        lambda file: changed(file, model="MS-C2964-PB"),
        lambda file: changed(file, firmware="61.8.0.4"),
        lambda file: packed(unpacked(file)[0], b"not a store"),
        lambda file: changed(file, source="/gone.mp4"),
        lambda file: changed(file, zone="Mars/X"),
        lambda file: changed(file, clock_ms=10**17),
    ],
)
def test_a_damaged_or_foreign_state_changes_nothing(start, spoil):
    mains = start(Played(WALK))
    assert mains.one.wait_for_end(60)
    file = mains.power.state()
    mains.one.act(SET, [("mintime", 77)])
    counted = heat(mains.one)
    with pytest.raises(SnapshotError):
        mains.power.restore(spoil(file))
    assert mains.one.fields("get.heatmap.configuration")["mintime"] == 77
    assert heat(mains.one) == counted
    assert mains.one.has_ended
