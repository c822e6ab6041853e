"""A camera that goes by other rules: what is open ends by the old ones, and all of it is mended."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import numpy as np
import pytest
from cameras import BEGINS_MS, Fed, Played, camera, identity
from clips import walk

from emulator.core.cgi import ReportQuery
from emulator.core.defects import policy
from emulator.core.localtime import HOUR_MS, Stretch
from emulator.core.policy import RIGHT
from emulator.core.reports.heat import Tile
from emulator.core.reports.table import seconds
from emulator.core.schedule import ALWAYS, NEVER
from emulator.core.settings import HeatSettings, SettingError
from emulator.edge.storage import StorageError

BLANK = np.full((36, 64), 128, np.uint8)
# Of 250 pictures, 40 ms each, the first 180 show a dark block that walks through: 7.2 s.
WALK = list(walk(250))
SET = "set.heatmap.configuration"
ON = HeatSettings(enable=1)
A_MONTH = ReportQuery("monthly", datetime(2026, 2, 1))


@pytest.fixture
def fed():
    source = Fed()
    source.hand(BLANK, lasts_ms=1000)
    return source


@pytest.fixture
def make(fed):
    """Makes a camera that sees what it is fed; it is stopped at the end."""
    made = []

    def make(settings=ON, path=None, **changes):
        one = camera(fed, path, settings, **changes)
        made.append(one)
        one.start()
        return one

    yield make
    fed.end()
    for one in made:
        one.stop()


def heat_s(one, kind="daily", start=datetime(2026, 3, 4)):
    report = one.reports.time(ReportQuery(kind, start))
    return sum(seconds(row.presence_ms) for row in report)


def boot(one):
    with one.turns.turn():
        one.boot()


def test_rules_hold_from_then_on_and_are_mended_again(make):
    one = make()
    one.go_by(policy(["range-off-by-one", "month-short", "gating-r6"]))
    with pytest.raises(SettingError):
        one.act(SET, [("mintime", 1)])
    assert len(one.reports.time(A_MONTH)) == 27
    one.go_by(RIGHT)
    one.act(SET, [("mintime", 1)])
    assert one.recorder.settings.min_dwell == 1
    assert len(one.reports.time(A_MONTH)) == 28


def test_who_is_in_view_when_the_rules_change_is_counted_by_the_old_ones(make, fed):
    one = make()
    fed.feed(*WALK[:100])
    before = one.frames
    one.go_by(policy(["schedule-in-utc"]))
    seen = heat_s(one)
    assert 3 <= seen <= 4
    fed.feed(*WALK[100:])
    assert one.frames == before + 150
    assert 6 <= heat_s(one) <= 8


def test_a_spoiled_plan_is_what_the_stages_get_and_settings_are_shown_as_saved(make, fed):
    one = make(HeatSettings(enable=1, region=((True,) + (False,) * 22,) * 13))  # the left column
    one.go_by(policy(["region-by-columns"]))
    fed.feed(*WALK)
    shown = one.fields("get.heatmap.configuration")["map_mask"]
    assert shown == ("1" + "0" * 22) * 13
    one.act(SET, [("minsize", 10)])  # planned anew, as spoiled as before
    assert one.recorder._plan.rules.region.sum() == 13
    assert not one.recorder._plan.rules.region[:, 0].all()


def test_a_setting_is_lost_at_each_start_and_is_there_again_once_mended(make, tmp_path):
    one = make(HeatSettings(enable=1, schedule=NEVER), tmp_path / "store")
    one.go_by(policy(["setting-lost"]))
    assert one.recorder.settings.schedule == NEVER
    boot(one)
    assert one.recorder.settings.schedule == ALWAYS
    one.go_by(RIGHT)
    boot(one)
    assert one.recorder.settings.schedule == NEVER


def test_heat_is_seen_and_kept_a_day_longer(make):
    one = make(is_ring=True)
    hours = [
        (Stretch(begins_ms, begins_ms + HOUR_MS), Tile(np.full((192, 192), 7000), 7000))
        for begins_ms in (BEGINS_MS - 193 * HOUR_MS, BEGINS_MS - 192 * HOUR_MS)
    ]
    start = datetime(2026, 2, 24)
    one.go_by(policy(["retention-8-days"]))
    one.storage.plant(hours, UTC, "f0000001")
    with one.turns.turn():
        one.recorder.flush()  # drops what is too old
    assert heat_s(one, "daily", start) == 7
    one.go_by(RIGHT)
    assert heat_s(one, "daily", start) == 0


def test_a_firmware_that_is_too_old_has_the_function_and_records(make, fed):
    one = make(identity=identity("43.7.0.72-r6", "MS-C9674-PB"))
    assert not one.offered
    one.go_by(policy(["gating-r6"]))
    assert one.offered
    fed.feed(*WALK)
    assert 6 <= heat_s(one) <= 8
    one.go_by(RIGHT)
    assert not one.offered


def test_of_a_request_that_is_refused_what_is_good_is_saved(make):
    one = make()
    one.go_by(policy(["half-saved"]))
    with pytest.raises(SettingError):
        one.act(SET, [("minsize", 50), ("mintime", 999)])
    assert (one.recorder.settings.min_object_size, one.recorder.settings.min_dwell) == (50, 30)
    assert one.fields("get.heatmap.configuration")["minsize"] == 50
    one.go_by(policy(["size-read-one-less"]))
    assert one.fields("get.heatmap.configuration")["minsize"] == 49


@pytest.mark.parametrize(
    ("name", "least", "most", "told"),
    [
        ("seconds-a-fifth-more", 8, 9, 1),
        ("running-hour-stale", 0, 0, 1),
        ("time-doubled", 6, 8, 2),
    ],
)
def test_heat_is_measured_otherwise(make, fed, name, least, most, told):
    one = make()
    one.go_by(policy([name]))
    fed.feed(*WALK)
    seconds_s = heat_s(one)
    assert least <= seconds_s <= most
    row = one.time_csv(ReportQuery("daily", datetime(2026, 3, 4))).splitlines()[6]
    assert abs(int(row.rsplit(",", 1)[1]) - told * seconds_s) <= 1


def test_whoever_is_in_view_as_the_clock_is_set_counts_twice(make, fed):
    one = make()
    one.go_by(policy(["step-doubles"]))
    fed.feed(*WALK[:100])
    one.clock.step(HOUR_MS)
    fed.feed(*WALK[100:])
    assert 9 <= heat_s(one) <= 12


def test_rules_stay_when_what_is_open_can_not_be_committed(make, tmp_path):
    one = make(path=tmp_path / "store")
    with closing(sqlite3.connect(tmp_path / "store")) as other:
        full = "BEFORE INSERT ON state BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        other.execute(f"CREATE TRIGGER full {full}")
        with pytest.raises(StorageError, match="full"):
            one.go_by(policy(["month-short"]))
        other.execute("DROP TRIGGER full")
    assert one.policy == RIGHT
    assert len(one.reports.time(A_MONTH)) == 28


def test_a_camera_that_is_made_goes_by_the_right_rules():
    assert camera(Played([BLANK])).policy == RIGHT
