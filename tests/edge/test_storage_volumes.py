"""A card and shares beside flash: what is seen, copied, overwritten, mended, and told."""

import contextlib
import errno
import json
import subprocess
from contextlib import closing
from datetime import UTC, datetime

import pytest
from minutes import ALL, HOUR, MINUTE, at, cell_of, hours, record, tile

from emulator.core.cgi import ReportQuery
from emulator.core.localtime import Stretch
from emulator.core.volumes import VolumeError
from emulator.edge.storage import FlashFull, Storage, StorageError, Volume, nas, sd_card
from emulator.edge.storage.places import Folder, Through
from emulator.reports import Reports

SERIAL = "S" * 17
BEGINS = at("2026-05-01T00:00")


class Camera:
    """A store with a card and a share, and where they lie."""

    def __init__(self, folder, size="32G"):
        self.folder = folder
        (folder / "nas").mkdir(exist_ok=True)
        self.card, self.share = sd_card(f"{folder}/sd:{size}"), nas(1, str(folder / "nas"), None)
        self.store = Storage(folder / "a.sqlite", era="0000000a", is_ring=True)
        self.store.attach(SERIAL, [self.card, self.share])
        self.real_s = 0.0

    def copy(self):
        self.real_s += 100
        for _ in range(10_000):
            if not self.store.copy_some(self.real_s):
                return
        raise AssertionError("copying does not come to an end")

    def hour(self, text, lasted_ms=1000):
        """Record in an hour, and close it."""
        record(self.store, {at(text): lasted_ms}, over_ms=at(text) - at(text) % HOUR + HOUR)

    def files(self, name, kind="heat"):
        return sorted((self.folder / name / "stuntcam" / SERIAL).glob(f"*/*.{kind}"))


@pytest.fixture
def camera(tmp_path):
    one = Camera(tmp_path)
    with closing(one.store):
        yield one


def seen(camera, text):
    """The presence that the daily report of a day shows, to the hour's retention."""
    now_ms = at(text)
    reports = Reports(camera.store, UTC, lambda: now_ms, contextlib.nullcontext)
    start = datetime.fromisoformat("2026-05-01T00:00")
    return sum(row.presence_ms for row in reports.time(ReportQuery("monthly", start)))


# --- retention (REP-06, CONTRACT 5) ------------------------------------------------------


def test_old_heat_is_seen_with_a_card_goes_with_it_and_is_back_with_it(camera):
    camera.share.pull()
    camera.hour("2026-05-02T10:30")
    camera.copy()
    camera.hour("2026-05-20T10:30", 50)
    camera.copy()
    assert seen(camera, "2026-05-20T12:00") == 1050
    camera.card.pull()
    assert seen(camera, "2026-05-20T12:00") == 50
    camera.card.insert()
    assert seen(camera, "2026-05-20T12:00") == 1050


def test_when_the_last_volume_goes_nothing_younger_than_7_days_is_lost(camera):
    for day in range(1, 21):
        camera.hour(f"2026-05-{day:02}T{'10' if day < 20 else '09'}:30", day)
        camera.copy()
    camera.card.pull()
    assert seen(camera, "2026-05-20T12:00") == sum(range(1, 21))  # the share has all
    camera.share.pull()
    assert seen(camera, "2026-05-20T10:59") == sum(range(13, 21))  # 10:00 began 168 h ago
    assert seen(camera, "2026-05-20T11:00") == sum(range(14, 21))
    assert not camera.store.has_volume


def test_a_clock_put_forward_by_a_year_loses_nothing_that_was_not_copied_yet(camera):
    camera.hour("2026-05-02T10:30")
    for _ in range(3):
        record(camera.store, {}, over_ms=at("2027-05-02T11:00"))
    camera.copy()
    record(camera.store, {}, over_ms=at("2027-05-02T11:01"))
    assert camera.store.status().parts == 0  # no more in flash
    assert camera.store.heat(ALL).sum() == 1000


def test_without_a_volume_flash_is_a_ring_that_waits_for_nobody(camera):
    camera.card.pull()
    camera.share.pull()
    camera.hour("2026-05-02T10:30")
    record(camera.store, {}, over_ms=at("2026-05-09T10:59"))
    assert camera.store.presence_ms(ALL) == 1000
    record(camera.store, {}, over_ms=at("2026-05-09T11:00"))
    assert camera.store.presence_ms(ALL) == 0


def test_a_report_of_a_year_shows_what_is_there_whatever_was_summed_up_before(camera):
    for day in range(1, 4):
        for hour in range(8, 12):
            camera.hour(f"2026-05-{day:02}T{hour:02}:30", 10)
    camera.copy()
    record(camera.store, {}, over_ms=at("2026-06-01T00:00"))
    camera.share.pull()
    assert camera.store.heat(ALL).sum() == 120
    camera.files("sd")[0].unlink()  # somebody took a file away
    camera.card.insert()
    assert camera.store.heat(ALL).sum() == 110
    camera.share.insert()
    assert camera.store.heat(ALL).sum() == 120
    camera.copy()
    camera.share.pull()
    assert camera.store.heat(ALL).sum() == 120


def test_heat_that_comes_late_to_a_closed_hour_is_added_once_on_every_volume(camera):
    camera.hour("2026-05-02T10:30", 400)
    camera.copy()
    record(camera.store, {at("2026-05-02T10:31"): 7}, over_ms=at("2026-05-02T09:00"))  # set back
    camera.hour("2026-05-02T10:31", 20)
    camera.copy()
    record(camera.store, {}, over_ms=at("2027-05-02T11:00"))
    assert len(camera.files("sd")) == len(camera.files("nas")) == 2
    assert camera.store.presence_ms(hours("2026-05-02T10:00")) == 427
    assert camera.store.heat(hours("2026-05-02T10:00")).sum() == 427


# --- cards -------------------------------------------------------------------------------


def test_a_full_card_gives_up_its_oldest_day_and_does_not_want_it_back(tmp_path):
    camera = Camera(tmp_path, "1M")
    with closing(camera.store):
        size = 300 * 1024  # files of this size are put beside, so that few parts fill it
        for day in ("2026-05-01", "2026-05-02", "2026-05-03"):
            camera.hour(f"{day}T10:30")
            camera.copy()
            (tmp_path / f"sd/stuntcam/{SERIAL}/{day}/ballast").write_bytes(b"x" * size)
        camera.card.insert()
        camera.hour("2026-05-04T10:30")
        camera.copy()
        (tmp_path / f"sd/stuntcam/{SERIAL}/2026-05-04/ballast").write_bytes(b"x" * size)
        camera.card.insert()
        camera.hour("2026-05-05T10:30")
        camera.copy()
        days = [file.parent.name for file in camera.files("sd")]
        assert days == ["2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05"]
        assert len(camera.files("nas")) == 5
        assert (camera.card.state, camera.card.status(0).parts) == ("mounted", 4)
        assert not (tmp_path / f"sd/stuntcam/{SERIAL}/2026-05-01").exists()
        camera.card.pull()
        camera.share.pull()
        camera.card.insert()
        assert camera.store.presence_ms(ALL) == 5000  # flash has the first day still


def test_a_full_card_that_may_not_overwrite_is_full_until_it_may(camera):
    camera.card._contents.capacity = 500
    camera.card.recycle = False
    for day in range(1, 10):
        camera.hour(f"2026-05-0{day}T10:30")
        camera.copy()
    assert (camera.card.state, camera.card.status(0).reason) == ("full", "No space left on device")
    held = camera.card.status().parts
    assert 0 < held < 9
    assert camera.card.is_readable
    camera.card.recycle = True
    camera.copy()
    assert camera.card.state == "mounted"
    days = [file.parent.name for file in camera.files("sd")]
    assert days[-1] == "2026-05-09"
    assert sum(file.stat().st_size for file in camera.files("sd")) <= 500


def test_somebody_elses_card_shows_nothing_and_keeps_everything(camera):
    theirs = camera.folder / "sd/stuntcam" / ("T" * 17) / "2026-05-01"
    camera.hour("2026-05-01T10:30")
    camera.copy()
    camera.card.pull()
    theirs.mkdir(parents=True)
    (theirs / camera.files("sd")[0].name.replace("-1000-", "-9000-")).write_bytes(b"theirs")
    camera.card.insert()
    camera.copy()
    assert camera.store.presence_ms(ALL) == 1000
    assert [file.read_bytes() for file in theirs.iterdir()] == [b"theirs"]


def test_a_card_with_other_files_is_not_formatted_and_a_format_leaves_them(camera):
    camera.card.pull()
    for file in camera.files("sd"):
        file.unlink()
    (camera.folder / "sd/stuntcam/card.json").unlink()
    (camera.folder / "sd/holiday.jpg").write_bytes(b"sun")
    camera.card.insert()
    assert (camera.card.state, camera.card.is_readable) == ("unformatted", False)
    camera.hour("2026-05-01T10:30")
    camera.copy()
    assert camera.files("sd") == []
    camera.card.format("2026-05-01 11:00:00")
    assert (camera.card.state, camera.card.status().formatted) == ("mounted", "2026-05-01 11:00:00")
    camera.copy()
    assert len(camera.files("sd")) == 1
    assert (camera.folder / "sd/holiday.jpg").read_bytes() == b"sun"


def test_a_format_takes_all_cameras_heat_away_and_copying_brings_back_what_others_hold(camera):
    other = camera.folder / "sd/stuntcam" / ("T" * 17)
    other.mkdir(parents=True)
    (other / "x").write_bytes(b"x")
    camera.hour("2026-05-01T10:30")
    camera.copy()
    camera.share.pull()
    record(camera.store, {}, over_ms=at("2026-06-01T00:00"))
    assert camera.store.presence_ms(ALL) == 1000
    camera.card.format("2026-06-01 00:00:00")
    assert camera.store.presence_ms(ALL) == 0
    assert [entry.name for entry in (camera.folder / "sd/stuntcam").iterdir()] == ["card.json"]
    camera.share.insert()
    camera.copy()
    assert len(camera.files("sd")) == 1


def test_what_a_power_cut_left_half_written_is_cleaned_at_the_next_mount(camera):
    camera.hour("2026-05-01T10:30")
    camera.copy()
    (whole,) = camera.files("sd")
    half = whole.with_name(whole.name + ".partial")
    half.write_bytes(b"half")
    camera.card.unmount()
    assert (camera.card.state, camera.card.is_readable) == ("unmounted", False)
    camera.card.mount()
    assert not half.exists()
    assert whole.exists()


@pytest.mark.parametrize("act", ["mount", "unmount", "format"])
def test_a_card_that_is_not_there_can_not_be_used(camera, act):
    camera.card.pull()
    with pytest.raises(VolumeError, match=r"^sd .*absent"):
        getattr(camera.card, act)(*["now"] * (act == "format"))


def test_a_share_is_not_formatted(camera):
    with pytest.raises(VolumeError, match="nas1 is a share; only an SD card can be formatted"):
        camera.share.format("now")


def test_a_share_whose_folder_goes_is_never_written_beside(camera):
    camera.hour("2026-05-01T10:30")
    camera.copy()
    (camera.folder / "nas").rename(camera.folder / "away")
    camera.hour("2026-05-01T11:30")
    camera.copy()
    assert (camera.share.state, camera.share.is_readable) == ("absent", False)
    assert not (camera.folder / "nas").exists()
    (camera.folder / "away").rename(camera.folder / "nas")
    camera.copy()
    assert (camera.share.state, len(camera.files("nas"))) == ("mounted", 2)


# --- faults and trouble ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "state", "is_seen"),
    [
        ("gone", "absent", False),
        ("failing", "failing", False),
        ("unformatted", "unformatted", False),
        ("read-only", "read-only", True),
        ("full", "full", True),
        ("slow", "mounted", True),
    ],
)
def test_a_fault_is_a_state_until_it_ends(tmp_path, fault, state, is_seen):
    waited = []
    (tmp_path / "sd").mkdir()
    card = Volume("sd", "sd", "sd", Folder(tmp_path / "sd"), pause=waited.append)
    with closing(Storage(None, is_ring=True)) as store:
        store.attach(SERIAL, [card])
        record(store, {at("2026-05-01T10:30"): 5}, over_ms=at("2026-05-01T11:00"))
        store.copy_some(0.0)
        record(store, {}, over_ms=at("2026-06-01T11:00"))
        card.fault = fault
        assert (card.state, store.presence_ms(ALL)) == (state, 5 * is_seen)
        record(store, {at("2026-06-01T11:30"): 70}, over_ms=at("2026-06-01T12:00"))
        store.copy_some(1.0)
        assert card.status().parts == {"slow": 2}.get(fault, int(is_seen))
        assert bool(waited) == (fault == "slow")
        card.fault = None
        store.copy_some(2.0)
        assert (card.state, store.presence_ms(ALL), card.status().parts) == ("mounted", 75, 2)


def test_an_unknown_fault_is_refused(camera):
    with pytest.raises(VolumeError, match="fault 'melted' is not one of gone, slow, read-only"):
        camera.card.fault = "melted"
    with pytest.raises(VolumeError, match="fault 'gone' of flash is not 'full'"):
        camera.store.fault = "gone"
    with pytest.raises(VolumeError, match="no volume 'usb'; there are: sd, nas1"):
        camera.store.volume("usb")


class Refusing:
    """A place that refuses every writing with an error, and counts how often it is asked."""

    def __init__(self, number):
        self.number, self.asked = number, 0

    def __call__(self, name, operation):
        if name == "write" and self.number:
            self.asked += 1
            raise OSError(self.number, "as the disk says")
        return operation()


@pytest.mark.parametrize(
    ("number", "state"),
    [
        (errno.EROFS, "read-only"),
        (errno.ENOSPC, "full"),
        (errno.EIO, "failing"),
        (99999, "failing"),
    ],
)
def test_what_refuses_is_asked_again_after_pauses_that_double_and_logged_once(
    tmp_path, caplog, number, state
):
    refusing = Refusing(number)
    share = Volume("nas1", "nas", "the share", Through(Folder(tmp_path), refusing))
    with closing(Storage(None, is_ring=True)) as store:
        store.attach(SERIAL, [share])
        record(store, {at("2026-05-01T10:30"): 5}, over_ms=at("2026-05-01T11:00"))
        for second in range(100):
            store.copy_some(float(second))
        assert refusing.asked == 7  # at 0, 1, 3, 7, 15, 31, 63 s
        assert share.state == state
        assert [r.message for r in caplog.records if r.levelname == "WARNING"] == [
            f"nas1 at the share is {state}: as the disk says"
        ]
        refusing.number = None
        store.copy_some(200.0)
        assert (share.state, share.status().parts) == ("mounted", 1)


# --- checksums ---------------------------------------------------------------------------


def test_a_damaged_copy_is_set_aside_fetched_again_and_reported(camera):
    camera.hour("2026-05-01T10:30")
    camera.copy()
    (file,) = camera.files("sd")
    content = file.read_bytes()
    file.write_bytes(content[:-3] + b"???")
    camera.copy()  # reads one file over, at its leisure
    camera.copy()
    assert file.read_bytes() == content
    (damaged,) = camera.card.status().damaged
    assert damaged == f"2026-05-01/{file.name}"
    assert file.with_name(file.name + ".damaged").read_bytes() == content[:-3] + b"???"
    assert camera.store.heat(ALL).sum() == 1000


def test_a_damaged_copy_that_nobody_else_has_is_out_of_sight_and_reported(camera):
    camera.share.pull()
    camera.hour("2026-05-01T10:30")
    camera.hour("2026-05-03T10:30", 30)
    camera.copy()
    record(camera.store, {}, over_ms=at("2026-06-01T00:00"))
    camera.files("sd")[0].write_bytes(b"")
    assert camera.store.heat(ALL).sum() == 30
    assert camera.store.presence_ms(ALL) == 30
    assert len(camera.card.status().damaged) == 1


def test_a_file_under_another_ones_name_is_not_taken_for_it(camera):
    camera.hour("2026-05-01T10:30", 1000)
    camera.hour("2026-05-01T11:30", 30)
    camera.copy()
    first, second = camera.files("sd")
    first.write_bytes(second.read_bytes())
    assert camera.card.status().parts == 2
    with pytest.raises(VolumeError, match="holds something else"):
        camera.card.read(min(camera.card.parts))


def test_a_part_damaged_in_flash_is_fetched_back_from_a_volume(tmp_path):
    import sqlite3

    camera = Camera(tmp_path)
    camera.hour("2026-05-01T10:30")
    camera.copy()
    camera.store.close()
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as db, db:
        db.execute("UPDATE part SET content = x'00'")
    camera = Camera(tmp_path)
    with closing(camera.store):
        assert len(camera.store.status().damaged) == 1
        camera.copy()
        assert camera.store.status().damaged == ()
        camera.card.pull()
        camera.share.pull()
        assert camera.store.heat(ALL).sum() == 1000


# --- made-up history, snapshots, a full flash --------------------------------------------


def planted(count, begins="2026-05-01T08:00"):
    starts = range(at(begins), at(begins) + count * HOUR, HOUR)
    return [(Stretch(s, s + HOUR), tile(60_000, cell_of(s))) for s in starts]


def test_made_up_history_is_seen_marked_and_taken_out_again_also_from_a_card_that_is_away(camera):
    camera.hour("2026-05-01T10:30", 7)
    assert camera.store.plant(planted(4), UTC, "f0000001") == 4
    camera.copy()
    assert camera.store.presence_ms(ALL) == 240_007
    assert camera.store.filled == tuple(hour for hour, _ in planted(4))
    assert camera.store.status().filled == 4
    assert len(camera.files("sd", "filled")) == 4
    camera.card.pull()
    assert camera.store.unplant() == 4
    camera.copy()
    assert camera.files("nas", "filled") == []
    camera.card.insert()
    assert camera.store.presence_ms(ALL) == 7
    camera.copy()
    assert camera.files("sd", "filled") == []
    assert (camera.store.filled, len(camera.files("sd"))) == ((), 1)


def test_a_snapshot_brings_everything_of_flash_back_and_a_life_of_its_own(camera):
    camera.share.pull()
    camera.card.pull()
    record(camera.store, {at("2026-05-01T10:30"): 7}, over_ms=at("2026-05-01T11:00"), a=1)
    kept = camera.store.snapshot()
    camera.hour("2026-05-01T11:30", 30)
    record(camera.store, {}, a=2)
    camera.store.restore(kept, "0000000b")
    assert (camera.store.presence_ms(ALL), camera.store.state("a")) == (7, 1)
    camera.hour("2026-05-01T11:30", 30)
    camera.card.insert()
    camera.copy()
    assert [file.name.split("-")[2] for file in camera.files("sd")] == ["0000000a", "0000000b"]


@pytest.mark.parametrize("spoilt", [b"", b"x" * 5000, "short", "changed"])
def test_a_snapshot_that_is_damaged_or_something_else_is_refused_and_changes_nothing(
    camera, spoilt
):
    camera.hour("2026-05-01T10:30", 7)
    kept = camera.store.snapshot()
    if spoilt == "short":
        spoilt = kept[:9000]
    elif spoilt == "changed":
        spoilt = kept[:5000] + b"\x5a" * 4000 + kept[9000:]
    with pytest.raises(StorageError, match=r"^the snapshot "):
        camera.store.restore(spoilt, "0000000b")
    assert camera.store.presence_ms(ALL) == 7
    camera.hour("2026-05-01T11:30", 30)
    assert camera.store.presence_ms(ALL) == 37


def test_a_cleared_store_shows_nothing_whatever_is_put_in_again(camera):
    camera.hour("2026-05-01T10:30", 7)
    camera.copy()
    camera.card.pull()
    record(camera.store, {}, a=1)
    camera.store.clear("0000000b")
    camera.card.insert()
    assert camera.store.presence_ms(ALL) == 0
    assert camera.store.state("a") == 1
    camera.copy()
    assert camera.files("sd") == camera.files("nas") == []
    camera.hour("2026-05-01T10:30", 30)
    camera.copy()
    assert (camera.store.presence_ms(ALL), len(camera.files("nas"))) == (30, 1)


def test_a_full_flash_pauses_with_one_line_and_goes_on_when_there_is_room(camera, caplog):
    caplog.set_level("INFO")
    camera.hour("2026-05-01T10:30", 7)
    camera.store.fault = "full"
    for _ in range(3):
        with pytest.raises(FlashFull, match="database or disk is full"):
            record(camera.store, {at("2026-05-01T11:30"): 30}, over_ms=at("2026-05-01T12:00"))
    assert camera.store.status().recording == "paused"
    assert "disk is full" in camera.store.paused
    assert camera.store.presence_ms(ALL) == 7
    camera.store.fault = None
    record(camera.store, {at("2026-05-01T11:30"): 30}, over_ms=at("2026-05-01T12:00"))
    assert (camera.store.paused, camera.store.status().recording) == (None, "recording")
    assert camera.store.presence_ms(ALL) == 37
    lines = [r.message for r in caplog.records if "recording" in r.message]
    assert len(lines) == 2
    assert lines[0].startswith("recording pauses: ")
    assert lines[1] == "there is room again; recording goes on"


@pytest.fixture
def tiny(tmp_path):
    """A file system of 1 MB."""
    there = tmp_path / "tiny"
    there.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(there)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here; it takes root")
    yield there
    subprocess.run(["umount", str(there)], check=True)


def test_a_disk_that_is_really_full_pauses_recording_and_damages_nothing(tiny):
    path, ballast = tiny / "a.sqlite", tiny / "ballast"
    ballast.write_bytes(bytes(300_000))
    minutes = (BEGINS + k * MINUTE for k in range(100_000))
    committed = []
    with closing(Storage(path, is_ring=True)) as store:
        while store.paused is None:
            minute_ms = next(minutes)
            try:
                record(store, {minute_ms: 5}, over_ms=minute_ms + MINUTE, clock_ms=minute_ms)
            except FlashFull:
                break
            committed.append(minute_ms)
        assert len(committed) > 10
        for _ in range(3):
            with pytest.raises(FlashFull):
                record(store, {minute_ms: 5}, over_ms=minute_ms + MINUTE, clock_ms=minute_ms)
        assert store.status().recording == "paused"
        assert store.presence_ms(ALL) == 5 * len(committed)
        ballast.unlink()
        record(store, {minute_ms: 5}, over_ms=minute_ms + MINUTE, clock_ms=minute_ms)
        assert store.paused is None
    with closing(Storage(path, is_ring=True)) as store:
        assert store.presence_ms(ALL) == 5 * len(committed) + 5
        assert store.state("clock_ms") == minute_ms


def test_a_card_that_is_really_full_gives_up_its_oldest_day(tiny):
    card = sd_card(f"{tiny}:1G")  # larger than it is
    with closing(Storage(None, is_ring=True)) as store:
        store.attach(SERIAL, [card])
        (tiny / "stuntcam/ballast").write_bytes(bytes(1_000_000))
        for day in range(1, 25):
            minute_ms = BEGINS + day * 24 * HOUR
            record(store, {minute_ms: 5}, over_ms=minute_ms + HOUR)
            while store.copy_some(0.0):
                pass
        days = sorted(file.parent.name for file in tiny.glob(f"stuntcam/{SERIAL}/*/*.heat"))
        assert card.state == "mounted"
        assert 2 <= len(days) < 24
        assert days[-1] == "2026-05-25"


def test_a_file_of_somebody_elses_is_put_on_a_volume_whole(camera):
    camera.share.write_file("export/a.csv", b"a,b\r\n")
    assert (camera.folder / "nas/stuntcam" / SERIAL / "export/a.csv").read_bytes() == b"a,b\r\n"
    camera.share.pull()
    with pytest.raises(VolumeError, match="nas1 is absent"):
        camera.share.write_file("export/b.csv", b"")


def test_no_heat_makes_room_for_a_file_of_somebody_elses(tmp_path):
    camera = Camera(tmp_path, "1M")
    with closing(camera.store):
        for day in (1, 2, 3):
            camera.hour(f"2026-05-0{day}T10:30")
        camera.copy()
        before = camera.files("sd")
        with pytest.raises(VolumeError, match="sd is full: No space left on device"):
            camera.card.write_file("export/space.png", bytes(2**20))
        assert camera.files("sd") == before
        camera.hour("2026-05-04T10:30")  # and heat goes on
        camera.copy()
        assert len(camera.files("sd")) == len(before) + 1 == 4
        assert camera.card.state == "mounted"


def test_a_card_remembers_when_it_was_formatted(camera):
    camera.card.format("2026-05-01 11:00:00")
    camera.card.insert()
    assert camera.card.status().formatted == "2026-05-01 11:00:00"
    kept = json.loads((camera.folder / "sd/stuntcam/card.json").read_text())
    assert kept == {"formatted": "2026-05-01 11:00:00"}


@pytest.mark.parametrize(
    ("text", "why"),
    [("0G", "below 1M"), ("32", "not like 32G"), ("1.5G", "not like 32G"), ("512K", "below 1M")],
)
def test_a_card_of_no_size_is_refused(tmp_path, text, why):
    with pytest.raises(VolumeError, match=why):
        sd_card(f"{tmp_path}/sd:{text}")


def test_a_card_without_a_size_has_32_gb_and_its_folder_is_made(tmp_path):
    assert sd_card(str(tmp_path / "new/sd")).status().total == 32 * 2**30
    assert (tmp_path / "new/sd").is_dir()
    assert sd_card(f"{tmp_path}/sd:512m").status().total == 512 * 2**20


# --- how long a ring keeps ---------------------------------------------------------------------


def test_a_ring_that_is_told_to_keeps_an_hour_longer():
    with closing(Storage(None, is_ring=True)) as store:
        record(store, {at("2026-05-01T10:30"): 5}, over_ms=at("2026-05-01T11:00"))
        store.go_by(8 * 24 * HOUR)
        record(store, {}, over_ms=at("2026-05-09T10:59"))
        assert store.presence_ms(ALL) == 5
        record(store, {}, over_ms=at("2026-05-09T11:00"))
        assert store.presence_ms(ALL) == 0
