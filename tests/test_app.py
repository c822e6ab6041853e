"""A camera in this process: its clock, its turns, its store, and how it ends.

The pictures are handed in by the test, so that nothing here waits for time to pass but where
real time itself is the subject.
"""

import csv
import io
import logging
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from cameras import ADMIN, BEGINS_MS, Fed, Played, camera, identity
from clips import walk, write_clip

from emulator import saved
from emulator.core.accounts import AccountError
from emulator.core.cgi import ReportQuery
from emulator.core.localtime import Stretch
from emulator.core.reports.heat import Tile
from emulator.core.settings import HeatSettings, SettingError
from emulator.edge.http import DeviceError
from emulator.edge.sources import SourceError, VideoFile
from emulator.edge.storage import Storage, Volume
from emulator.edge.storage.places import Folder
from emulator.recording import CLOCK

BLANK = np.full((36, 64), 128, np.uint8)
# Of 250 pictures, 40 ms each, the first 180 show a dark block that walks through: 7.2 s.
WALK = list(walk(250))
TODAY = ReportQuery("daily", datetime(2026, 3, 4))
DAY_MS = 24 * 60 * 60 * 1000
SET = "set.heatmap.configuration"
ADD = [("username", "olga"), ("password", "olga-secret-1"), ("userLevel", 1)]


@pytest.fixture
def make():
    """Makes cameras; all of them are stopped at the end, and the sources ended."""
    made = []

    def make(source, *where, **changes):
        one = camera(source, *where, **changes)
        made.append((one, source))
        one.start()
        return one

    yield make
    for one, source in made:
        if isinstance(source, Fed):
            source.end()
        one.stop()


@pytest.fixture
def fed():
    """A source that has one picture to begin with."""
    source = Fed()
    source.hand(BLANK, lasts_ms=1000)
    return source


@pytest.fixture
def said(caplog):
    """What the camera has logged, line by line."""
    caplog.set_level(logging.INFO, "stuntcam")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "stuntcam"]


def rows(text):
    return {row["StartTime"]: int(row["Value(s)"]) for row in csv.DictReader(io.StringIO(text))}


def heat(one, query=TODAY):
    """The seconds of a time report in all."""
    return sum(rows(one.time_csv(query)).values())


def reads_s(one):
    """What the camera's clock reads, in seconds since BEGINS_MS."""
    now = one.fields("get.system.datetime")
    date = (now[part] for part in ("year", "month", "day", "hour", "minute", "second"))
    return (datetime(*date) - datetime(2026, 3, 4, 5)).total_seconds()


def spoil(path, statement):
    """Do something to a store behind the camera's back."""
    with sqlite3.connect(path) as other:
        other.execute(statement)
    other.close()


FULL = "CREATE TRIGGER full BEFORE INSERT ON {0} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"


# --- the clock (CONTRACT 4) ---------------------------------------------------------------------


def test_each_picture_moves_the_clock_by_what_it_stands_for(make, fed):
    one = make(fed)
    assert reads_s(one) == 1
    fed.feed(BLANK, BLANK, lasts_ms=60_000)
    assert reads_s(one) == 121
    assert one.frames == 3


def test_the_clock_stands_at_the_end_of_a_file_and_then_runs_on_with_real_time(
    make, clip, tmp_path
):
    began_s = time.monotonic()
    one = make(VideoFile(clip), tmp_path / "store")
    assert one.wait_for_end(60)
    ended_s = time.monotonic()
    assert one.frames == 125  # of 250 at 25 a second, no more than 12.5
    assert 10 <= reads_s(one) <= 10 + time.monotonic() - began_s
    while reads_s(one) < 11:
        time.sleep(0.01)
        assert time.monotonic() - ended_s < 30
    assert time.monotonic() - began_s >= 1
    one.stop()
    kept = Storage(tmp_path / "store")
    # Where it stopped, and where the next camera begins.
    assert 11_000 <= kept.state(CLOCK) - BEGINS_MS <= 10_000 + 1000 * (time.monotonic() - began_s)
    kept.close()


def test_after_its_end_the_last_picture_stays_and_nothing_is_counted(make):
    one = make(Played(WALK[:100]))
    assert one.wait_for_end(60)
    before, picture = heat(one), one.snapshot()
    assert 3 <= before <= 4  # up to the last picture, in which somebody still stands
    one.act(SET, [("sensitivity", 9)])
    assert (heat(one), one.snapshot()) == (before, picture)


def test_a_loop_begins_where_the_time_before_ended(make):
    source = Played(WALK[:50])
    one = make(source, loop=True)
    while len(source.begun_ms) < 4:
        assert not one.wait_for_end(0.001)
    one.stop()
    assert source.begun_ms[:4] == [BEGINS_MS + turn * 2000 for turn in range(4)]


@pytest.mark.parametrize("speed", [20.0, 50.0])
def test_speed_is_how_many_seconds_pass_in_one(make, speed):
    began_s = time.monotonic()
    one = make(Played([BLANK] * 250), speed=speed)
    assert one.wait_for_end(60)
    # It may be late on a busy machine, but not early.
    assert time.monotonic() - began_s >= 10 / speed


def test_a_single_picture_in_a_loop_does_not_hurry(make):
    source = Played([BLANK], lasts_ms=500)
    began_s = time.monotonic()
    one = make(source, speed=10.0, loop=True)
    while len(source.begun_ms) < 6:
        assert not one.wait_for_end(0.001)
    assert time.monotonic() - began_s >= 5 * 0.05


def test_today_and_the_last_full_hour_are_those_of_the_cameras_clock(make, fed):
    one = make(fed)
    fed.feed(BLANK, lasts_ms=30 * 60_000)
    for kind in ("daily", "weekly", "monthly", "annual"):
        assert min(rows(one.time_csv(ReportQuery(kind, None)))) == "2026-03-04 00:00:00"
    assert list(rows(one.time_csv(ReportQuery("hour", None)))) == ["2026-03-04 04:00:00"]


@pytest.mark.parametrize(
    ("utc", "hour"),
    [
        ("2026-03-29T00:59:00", "2026-03-29 00:00:00"),
        ("2026-03-29T01:10:00", "2026-03-29 01:00:00"),  # 03:10: there was no 02:00
        ("2026-10-25T00:10:00", "2026-10-25 01:00:00"),  # 02:10, and
        ("2026-10-25T01:10:00", "2026-10-25 01:00:00"),  # 02:10 again: still the same row
        ("2026-10-25T02:10:00", "2026-10-25 02:00:00"),
    ],
)
def test_the_last_full_hour_minds_that_clocks_are_put_forward_and_back(make, fed, utc, hour):
    begins_ms = int(datetime.fromisoformat(utc + "+00:00").timestamp() * 1000)
    one = make(fed, begins_ms=begins_ms, zone=ZoneInfo("Europe/Berlin"))
    assert list(rows(one.time_csv(ReportQuery("hour", None)))) == [hour]


# --- reports ------------------------------------------------------------------------------------


def test_a_report_sees_every_stay_that_was_ruled_up_to_the_last_picture(make, fed):
    one = make(fed)
    fed.feed(*WALK[:150])
    assert heat(one) == 0  # he is still there
    fed.feed(*WALK[150:220])
    assert 6 <= heat(one) <= 8
    assert '"value":1' in one.space_json(TODAY)


def test_a_report_without_a_readable_query_is_empty(make, fed):
    one = make(fed)
    assert one.time_csv(None) == "StartTime,EndTime,Value(s)\r\n"
    assert one.space_json(None) == '{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}'
    assert one.report_png(None).startswith(b"\x89PNG")


def test_hours_older_than_168_are_hidden_not_lost(make, tmp_path):
    # Recorded from 05:00 on: visible until 06:00 seven days later.
    def at(begins_ms):
        source = Played(WALK if begins_ms == BEGINS_MS else [BLANK])
        one = make(source, tmp_path / "store", begins_ms=begins_ms)
        assert one.wait_for_end(60)
        found = heat(one), heat(one, ReportQuery("weekly", datetime(2026, 3, 3)))
        empty = one.space_json(TODAY).endswith('"data":[]}')
        one.stop()
        return found, empty

    (now, week), empty = at(BEGINS_MS)
    assert 6 <= now <= 8
    assert (week, empty) == (now, False)
    assert at(BEGINS_MS + 8 * DAY_MS) == ((0, 0), True)
    assert at(BEGINS_MS + 7 * DAY_MS + 59 * 60_000) == ((now, now), False)
    assert at(BEGINS_MS + 7 * DAY_MS + 60 * 60_000) == ((0, 0), True)
    assert at(BEGINS_MS + DAY_MS) == ((now, now), False)
    assert at(BEGINS_MS - DAY_MS) == ((now, now), False)


def test_many_requests_at_once_are_all_answered(make):
    one = make(Played(WALK[:100]), loop=True)
    asks = [lambda: one.time_csv(TODAY), lambda: one.space_json(TODAY), one.snapshot]
    asks += [lambda: one.act(SET, [("enable", 1)]), lambda: one.fields("get.system.datetime")]
    threads = [threading.Thread(target=ask) for ask in asks * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)


# --- settings and accounts ----------------------------------------------------------------------


def test_a_change_ends_open_stays_by_the_old_settings(make, fed):
    one = make(fed, settings=HeatSettings(enable=1, min_dwell=300))
    fed.feed(*WALK[:100])
    one.act(SET, [("mintime", 1)])
    before = heat(one)
    assert 3 <= before <= 4  # by the new ones it would be dropped, as longer than 1 s
    fed.feed(*WALK[100:])
    assert heat(one) == before  # and what came after is


def test_a_change_is_in_force_from_the_next_picture_on(make, fed):
    one = make(fed)
    fed.feed(*WALK[:50])
    one.act(SET, [("map_mask", "0" * 299)])
    fed.feed(*WALK[50:100])
    one.act(SET, [("map_mask", "1" * 299)])
    fed.feed(*WALK[100:220])
    # Pictures 50 to 99 showed somebody for 2 s that do not count.
    assert 4 <= heat(one) <= 5.2


def test_a_refused_change_changes_nothing(make, fed):
    one = make(fed)
    before = one.fields("get.heatmap.configuration")
    with pytest.raises(SettingError, match="mintime"):
        one.act(SET, [("sensitivity", 9), ("mintime", 301)])
    assert one.fields("get.heatmap.configuration") == before
    fed.feed(*WALK[:220])
    assert 6 <= heat(one) <= 8  # not even the stay that was open was ended


def test_settings_and_accounts_are_kept(make, tmp_path):
    store = tmp_path / "store"
    one = make(Played([BLANK]), store, settings=HeatSettings(enable=1, dwell_semantics="as-named"))
    one.act(SET, [("mintime", 77)])
    one.act("add.system.user", ADD)
    one.stop()
    two = make(Played([BLANK]), store)
    assert two.fields("get.heatmap.configuration")["mintime"] == 77
    assert two.accounts()["olga"].role == "operator"
    two.act("del.system.user", [("username", "olga")])
    two.stop()
    kept = Storage(store)
    assert saved.settings_of(kept) == HeatSettings(
        enable=1, min_dwell=77, dwell_semantics="as-named"
    )
    assert kept.accounts() == []
    kept.close()


@pytest.fixture
def store():
    store = Storage(None)
    yield store
    store.close()


def test_a_new_store_begins_switched_on_with_the_documents_defaults(store):
    settings = saved.settings_of(store)
    assert (settings.enable, settings.sensitivity, settings.min_object_size) == (1, 5, 10)
    assert (settings.min_dwell, settings.adaptability) == (30, 5)
    assert settings.dwell_semantics == "documented"


def test_the_administrator_is_who_the_command_says(make, fed):
    one = make(fed, admin=ADMIN._replace(name="olga"))
    with pytest.raises(AccountError, match="'olga' is taken"):
        one.act("add.system.user", ADD)
    with pytest.raises(AccountError, match="can't be deleted"):
        one.act("del.system.user", [("username", "olga")])
    assert dict(one.accounts()) == {"olga": ADMIN._replace(name="olga")}


def test_the_administrator_stands_before_an_account_of_the_same_name(make, tmp_path):
    one = make(Played([BLANK]), tmp_path / "store")
    one.act("add.system.user", ADD)
    one.stop()
    olga = ADMIN._replace(name="olga")
    assert make(Played([BLANK]), tmp_path / "store", admin=olga).accounts()["olga"] == olga


# --- a store that refuses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "action", "values"),
    [("state", SET, [("mintime", 5)]), ("account", "add.system.user", ADD)],
)
def test_what_can_not_be_written_is_not_done_and_said_so(
    make, fed, said, tmp_path, table, action, values
):
    one = make(fed, tmp_path / "store")
    before = one.fields("get.heatmap.configuration"), dict(one.accounts())
    spoil(tmp_path / "store", FULL.format(table))
    with pytest.raises(DeviceError, match=f"^{action} is not done: the store can't be written$"):
        one.act(action, values)
    assert (one.fields("get.heatmap.configuration"), dict(one.accounts())) == before
    assert "the disk is full" in said()[-1]
    spoil(tmp_path / "store", "DROP TRIGGER full")
    one.act(action, values)
    assert (one.fields("get.heatmap.configuration"), dict(one.accounts())) != before


def test_heat_that_can_not_be_written_is_kept_until_it_can(make, fed, said, tmp_path):
    one = make(fed, tmp_path / "store")
    spoil(tmp_path / "store", FULL.format("state"))
    fed.feed(*WALK)
    assert heat(one) == 0
    assert "heat is kept in memory until it can" in said()[-1]
    spoil(tmp_path / "store", "DROP TRIGGER full")
    assert 6 <= heat(one) <= 8


def test_a_report_from_a_damaged_store_is_empty_and_the_damage_is_logged(make, fed, said, tmp_path):
    one = make(fed, tmp_path / "store")
    fed.feed(*WALK)
    assert heat(one) > 0
    spoil(tmp_path / "store", "UPDATE hour SET cells = x'00'")
    assert one.space_json(TODAY) == '{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}'
    assert "damaged" in said()[-1]
    assert one.report_png(TODAY).startswith(b"\x89PNG")
    spoil(tmp_path / "store", "DROP TABLE hour")
    assert one.time_csv(TODAY) == "StartTime,EndTime,Value(s)\r\n"
    assert "no such table" in said()[-1]
    assert one.snapshot().startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "kept", [{"mintime": 0, "dwell_semantics": "documented"}, {"mintime": 5}, [1], 7, "x"]
)
def test_saved_settings_that_can_not_be_read_are_refused(store, kept):
    store.commit({}, {saved.SETTINGS: kept}, UTC, 0)
    with pytest.raises(saved.SavedError, match="the saved settings can't be read"):
        saved.settings_of(store)


# --- sources that fail --------------------------------------------------------------------------


def test_a_source_without_a_picture_is_refused_by_name(make):
    with pytest.raises(SourceError, match=r"^pictures gave no picture$"):
        make(Played([]))


def test_a_source_that_breaks_off_leaves_its_last_picture(make, fed, said):
    one = make(fed)
    fed.feed(*WALK[:60])
    fed.fail(SourceError("the file is gone"))
    assert one.wait_for_end(60)
    assert 1.5 <= heat(one) <= 3  # who was there until then has left
    assert "the file is gone; the last picture stays" in said()
    assert one.snapshot().startswith(b"\xff\xd8")
    assert reads_s(one) >= 3


def test_a_file_that_is_cut_short_says_so_once(make, clip, said, tmp_path):
    path = tmp_path / "cut.mkv"
    write_clip(path, WALK)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    one = make(VideoFile(path))
    assert one.wait_for_end(60)
    short = [line for line in said() if "is cut short by" in line]
    assert len(short) == 1
    assert short[0].startswith(f"{path} is cut short by ")
    assert one.snapshot().startswith(b"\xff\xd8")
    assert 3 <= reads_s(one) <= 9


def test_a_file_that_is_stopped_is_not_cut_short(make, clip, said):
    one = make(VideoFile(clip), speed=1.0)
    one.stop()
    assert not [line for line in said() if "cut short" in line]


def test_a_fault_in_a_source_keeps_nobody_waiting(make, monkeypatch):
    faults = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    source, refused = Fed(), []
    source.fail(ZeroDivisionError("ours"))

    def begin():
        with pytest.raises(SourceError, match="gave no picture") as error:
            make(source)
        refused.append(error)

    beginning = threading.Thread(target=begin, daemon=True)
    beginning.start()
    beginning.join(30)
    assert refused
    assert [fault.exc_type for fault in faults] == [ZeroDivisionError]


def test_a_camera_that_is_stopped_has_counted_who_was_still_there(make, fed, tmp_path):
    one = make(fed, tmp_path / "store")
    fed.feed(*WALK[:100])
    fed.end()
    one.stop()
    two = make(Played([BLANK]), tmp_path / "store", begins_ms=BEGINS_MS + 60_000)
    assert 3 <= heat(two) <= 4


@pytest.mark.parametrize(("firmware", "offered"), [("61.8.0.2", True), ("61.8.0.1-r9", False)])
def test_only_a_device_with_the_function_records(tmp_path, firmware, offered):
    pictures = list(walk(200))
    settings = HeatSettings(enable=1)
    one = camera(Played(pictures), tmp_path / "store", settings, identity=identity(firmware))
    one.start()
    assert one.wait_for_end(60)
    one.stop()
    kept = Storage(tmp_path / "store")
    recorded_ms = kept.presence_ms(Stretch(0, 2 * BEGINS_MS))
    kept.close()
    assert (recorded_ms > 6000) is offered
    assert offered or recorded_ms == 0


def test_pictures_do_not_wait_for_a_report_that_a_slow_card_holds_up(make, fed, tmp_path):
    began_ms = BEGINS_MS - 10 * DAY_MS
    hour = Stretch(began_ms, began_ms + 60 * 60 * 1000), Tile(np.full((192, 192), 7000), 7000)
    with closing(Storage(None)) as other:
        other.attach("S" * 17, [Volume("sd", "sd", "card", Folder(tmp_path))])
        other.plant([hour], UTC, "f0000001")
        while other.copy_some(0.0):
            pass
    # While the card takes its time, another picture comes and is looked at.
    frames = []
    card = Volume(
        "sd", "sd", "card", Folder(tmp_path), pause=lambda _: frames.append(fed.feed(BLANK))
    )
    one = make(fed)
    one.storage.attach("S" * 17, [card])
    card.fault = "slow"
    before, seen = len(frames), one.frames
    report = one.space_json(ReportQuery("daily", datetime(2026, 2, 22)))
    assert '"max":7,' in report
    assert len(frames) > before
    assert one.frames == seen + len(frames) - before
