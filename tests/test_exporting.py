"""The export at work: what is made and sent, tried again, and remembered over restarts."""

import json
import logging
from contextlib import closing
from datetime import UTC, datetime

import numpy as np
import pytest
from cameras import Played, camera
from delivery_servers import PASSWORD, USER, FtpServer, MailServer

from emulator.core.reports.export import DeliveryError
from emulator.core.reports.export_settings import FTP, MAIL, STORAGE
from emulator.core.settings import SettingError
from emulator.edge.export import senders
from emulator.edge.storage import sd_card
from emulator.exporting import Exporter
from emulator.saved import SavedError

MINUTE_MS = 60_000
DAILY = [("exportTime", 1), ("exportHour", 8)]
NAME = "SN1_time_daily_202603{:02}080000.csv"  # by the day before


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


class Store:
    """What is kept by name, as JSON would."""

    def __init__(self):
        self.values = {}
        self.is_full = False

    def state(self, name):
        return json.loads(self.values[name]) if name in self.values else None

    def keep(self, values):
        if self.is_full:
            raise ValueError("the store is full")
        self.values |= {name: json.dumps(value) for name, value in values.items()}


class Bench:
    """An exporter with all that it knows, turned by hand.

    sent   lists of file names that arrived
    down   while set, nothing arrives
    """

    def __init__(self, store=None):
        self.store = store or Store()
        self.seconds, self.down, self.sent, self.tries, self.made = 0.0, "", [], 0, []
        self.exporter = self.built(dict.fromkeys((FTP, MAIL, STORAGE), self.send))

    def built(self, to):
        return Exporter(
            "SN1", lambda: UTC, self.store, self.store.keep, self.make, to, lambda: self.seconds
        )

    def make(self, what, query):
        self.made.append((what, query.kind, query.start))
        return f"{what} {query.start}".encode()

    def send(self, _settings, files, _sent_ms):
        self.tries += 1
        if self.down:
            raise DeliveryError(self.down)
        self.sent.append([file.name for file in files])


@pytest.fixture
def bench():
    bench = Bench()
    bench.exporter.change(DAILY, at("2026-03-04 07:00"))
    return bench


@pytest.fixture
def quiet_servers():
    logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)


# --- what is sent -----------------------------------------------------------------------------


def test_at_its_time_the_report_of_the_day_before_is_sent_once(bench):
    bench.exporter.run_due(at("2026-03-04 07:59"))
    assert bench.sent == []
    for minute in range(5):
        bench.exporter.run_due(at("2026-03-04 08:00") + minute * MINUTE_MS)
    assert bench.sent == [[NAME.format(3)]]
    assert bench.made == [("time", "daily", datetime(2026, 3, 3, 8))]


def test_what_was_due_before_it_was_set_is_not_sent():
    bench = Bench()
    bench.exporter.change(DAILY, at("2026-03-04 08:30"))
    bench.exporter.run_due(at("2026-03-04 09:00"))
    assert bench.sent == []


def test_a_clock_that_jumps_runs_everything_between_in_order(bench):
    bench.exporter.run_due(at("2026-03-07 12:00"))
    assert bench.sent == [[NAME.format(day)] for day in (3, 4, 5, 6)]


def test_a_clock_set_back_sends_nothing_twice_and_goes_on_as_it_reads(bench):
    bench.exporter.run_due(at("2026-03-06 12:00"))
    bench.sent.clear()
    bench.exporter.run_due(at("2026-03-03 07:00"))
    bench.exporter.run_due(at("2026-03-06 13:00"))
    assert bench.sent == [[NAME.format(2)]]  # 3 March, 08:00, was not there before


def test_a_clock_once_far_ahead_does_not_silence_the_export(bench):
    bench.exporter.run_due(at("2036-01-01 00:00"))
    bench.sent.clear()
    bench.exporter.run_due(at("2026-03-04 07:30"))
    bench.exporter.run_due(at("2026-03-04 08:30"))
    assert bench.sent == [[NAME.format(3)]]


def test_both_reports_go_together(bench):
    bench.exporter.change([("exportSpace", 1)], at("2026-03-04 07:30"))
    bench.exporter.run_due(at("2026-03-04 08:00"))
    assert bench.sent == [["SN1_space_daily_20260303080000.png", NAME.format(3)]]


def test_switched_off_nothing_is_sent(bench):
    bench.exporter.change([("exportTime", 0)], at("2026-03-04 07:30"))
    bench.exporter.run_due(at("2026-03-05 08:00"))
    assert bench.sent == []


# --- what fails -------------------------------------------------------------------------------


def test_what_fails_is_tried_again_after_growing_pauses(bench):
    bench.down, now_ms = "gone", at("2026-03-04 08:00")
    tried_s = []
    for _ in range(4 * 60):
        before = bench.tries
        bench.exporter.run_due(now_ms)
        if bench.tries > before:
            tried_s.append(bench.seconds)
        bench.seconds += 60
    assert tried_s == [0, 60, 180, 420, 900, 1860, 3780, 7380, 10980]


def test_when_the_server_is_back_what_is_late_comes_first_each_once(bench):
    bench.down = "gone"
    bench.exporter.run_due(at("2026-03-04 08:00"))
    bench.exporter.run_due(at("2026-03-06 08:00"))
    bench.down, bench.seconds = "", 60.0
    bench.exporter.run_due(at("2026-03-06 08:01"))
    assert bench.sent == [[NAME.format(day)] for day in (3, 4, 5)]


def test_a_late_report_is_what_it_was_when_it_was_due(bench):
    bench.down = "gone"
    for _ in range(3):
        bench.exporter.run_due(at("2026-03-04 08:00"))
        bench.seconds += 3600
    bench.down = ""
    bench.exporter.run_due(at("2026-03-14 07:59"))  # by then it can't be seen any more
    assert [start.day for _, _, start in bench.made][:1] == [3]
    assert len(bench.made) == len(bench.sent) == 10


def test_a_clock_set_back_while_the_server_is_gone_brings_the_earlier_report_first(bench):
    bench.down = "gone"
    bench.exporter.run_due(at("2026-03-04 08:00"))
    bench.exporter.run_due(at("2026-03-03 07:00"))
    bench.down, bench.seconds = "", 60.0
    bench.exporter.run_due(at("2026-03-03 08:00"))
    bench.exporter.run_due(at("2026-03-04 08:00"))
    assert bench.sent == [[NAME.format(2)], [NAME.format(3)]]


def test_after_a_success_pauses_begin_short_again(bench):
    bench.down = "gone"
    bench.exporter.run_due(at("2026-03-04 08:00"))
    bench.down, bench.seconds = "", 60.0
    bench.exporter.run_due(at("2026-03-04 08:01"))
    bench.down = "gone"
    bench.exporter.run_due(at("2026-03-05 08:00"))
    bench.down, bench.seconds = "", 119.0
    bench.exporter.run_due(at("2026-03-05 08:01"))
    assert len(bench.sent) == 1
    bench.seconds = 120.0
    bench.exporter.run_due(at("2026-03-05 08:01"))
    assert len(bench.sent) == 2


def test_each_failure_is_one_line_and_so_is_the_success(bench, caplog):
    caplog.set_level(logging.INFO, "stuntcam")
    bench.down = "FTP server nas port 21: 530 no"
    bench.exporter.run_due(at("2026-03-04 08:00"))
    bench.exporter.run_due(at("2026-03-04 08:00"))
    bench.down, bench.seconds = "", 60.0
    bench.exporter.run_due(at("2026-03-04 08:01"))
    named = "the daily export of 2026-03-04 08:00:00 to storage"
    assert caplog.messages == [
        f"{named} failed: FTP server nas port 21: 530 no; again in 60 s",
        f"{named} has arrived",
    ]


def test_new_settings_begin_anew(bench):
    bench.down = "gone"
    bench.exporter.run_due(at("2026-03-04 08:00"))
    bench.down = ""
    bench.exporter.change([("exportMin", 5)], at("2026-03-04 08:01"))
    bench.exporter.run_due(at("2026-03-04 08:04"))
    assert bench.sent == []  # given up with the old ones
    bench.exporter.run_due(at("2026-03-04 08:05"))
    assert bench.sent == [[NAME.format(3)]]


def test_settings_changed_while_it_sends_hold_from_then_on(bench):
    def change_meanwhile(_settings, files, _sent_ms):
        bench.sent.append([file.name for file in files])
        if len(bench.sent) == 1:
            exporter.change([("exportSpace", 1)], at("2026-03-06 08:00"))

    exporter = bench.built({STORAGE: change_meanwhile})
    exporter.run_due(at("2026-03-06 08:00"))
    exporter.run_due(at("2026-03-06 08:01"))
    assert bench.sent == [[NAME.format(3)]]
    assert Bench(bench.store).exporter.settings.export_space == 1
    exporter.run_due(at("2026-03-07 08:00"))
    assert [len(names) for names in bench.sent] == [1, 2]
    again = Bench(bench.store)
    again.exporter.run_due(at("2026-03-04 07:00"))
    again.exporter.run_due(at("2026-03-04 08:00"))  # what arrived under the old ones has arrived
    assert again.sent == []


def test_a_failure_of_old_settings_does_not_hold_up_new_ones(bench, caplog):
    def change_meanwhile(_settings, _files, _sent_ms):
        exporter.change([("exportMin", 5)], at("2026-03-04 08:01"))
        raise DeliveryError("gone")

    exporter = bench.built({STORAGE: change_meanwhile})
    exporter.run_due(at("2026-03-04 08:00"))
    again = Bench(bench.store)
    again.exporter.run_due(at("2026-03-04 08:05"))
    assert again.sent == [[NAME.format(3)]]
    assert caplog.messages == []


# --- what is remembered -----------------------------------------------------------------------


def test_a_restart_forgets_neither_settings_nor_what_was_sent(bench):
    bench.exporter.run_due(at("2026-03-04 09:00"))
    again = Bench(bench.store)
    assert again.exporter.settings == bench.exporter.settings
    again.exporter.run_due(at("2026-03-04 10:00"))
    again.exporter.run_due(at("2026-03-03 00:00"))
    again.exporter.run_due(at("2026-03-04 10:00"))
    assert again.sent == [[NAME.format(2)]]


def test_what_came_due_without_power_is_sent_after_it(bench):
    bench.exporter.run_due(at("2026-03-04 09:00"))
    again = Bench(bench.store)
    again.exporter.run_due(at("2026-03-06 09:00"))
    assert again.sent == [[NAME.format(4)], [NAME.format(5)]]


def test_a_store_that_is_full_does_not_make_it_send_twice(bench, caplog):
    bench.store.is_full = True
    bench.exporter.run_due(at("2026-03-04 08:00"))
    bench.exporter.run_due(at("2026-03-04 08:01"))
    assert bench.sent == [[NAME.format(3)]]
    assert "the store is full" in caplog.text


def test_settings_that_cannot_be_kept_are_not_in_force(bench):
    bench.store.is_full = True
    with pytest.raises(ValueError, match="full"):
        bench.exporter.change([("exportTime", 0)], at("2026-03-04 07:30"))
    assert bench.exporter.settings.export_time == 1


def test_refused_settings_change_nothing(bench):
    with pytest.raises(SettingError):
        bench.exporter.change([("exportHour", 24)], at("2026-03-04 07:30"))
    bench.exporter.run_due(at("2026-03-04 08:00"))
    assert bench.sent == [[NAME.format(3)]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("export", {"exportHour": 99}),
        ("export", [1]),
        ("exported", {"through_ms": 1}),
        ("exported", {"through_ms": 1, "done": ["yesterday"]}),
        ("exported", {"through_ms": 1, "done": [5]}),
    ],
)
def test_a_store_with_nonsense_in_it_is_refused(name, value):
    store = Store()
    store.keep({name: value})
    with pytest.raises(SavedError, match="export"):
        Bench(store)


# --- real servers -----------------------------------------------------------------------------


def to_ftp(port):
    where = [("exportTo", 0), ("ftpServer", "127.0.0.1"), ("ftpPort", port)]
    return [*DAILY, *where, ("ftpUser", USER), ("ftpPassword", PASSWORD)]


@pytest.mark.usefixtures("quiet_servers")
def test_an_ftp_server_gone_and_back_gets_every_file_exactly_once(tmp_path):
    bench = Bench()
    exporter = bench.built(senders(lambda: ()))
    with closing(FtpServer(tmp_path)) as server:
        exporter.change(to_ftp(server.port), at("2026-03-04 07:00"))
        exporter.run_due(at("2026-03-04 08:00"))
    exporter.run_due(at("2026-03-05 08:00"))
    exporter.run_due(at("2026-03-06 08:00"))
    bench.seconds = 60.0
    with closing(FtpServer(tmp_path, server.port)) as back:
        for minute in range(3):
            exporter.run_due(at("2026-03-06 08:01") + minute * MINUTE_MS)
        assert back.verbs.count("STOR") == 2
        assert back.files() == {
            NAME.format(day): f"time 2026-03-0{day} 08:00:00".encode() for day in (3, 4, 5)
        }


@pytest.mark.usefixtures("quiet_servers")
def test_a_disk_that_was_full_gets_the_file_when_there_is_room(tmp_path):
    bench = Bench()
    exporter = bench.built(senders(lambda: ()))
    with closing(FtpServer(tmp_path, room=10)) as full:
        exporter.change(to_ftp(full.port), at("2026-03-04 07:00"))
        exporter.run_due(at("2026-03-04 08:00"))
        assert full.files() == {}
    bench.seconds = 60.0
    with closing(FtpServer(tmp_path, full.port)) as roomy:
        exporter.run_due(at("2026-03-04 08:01"))
        assert list(roomy.files()) == [NAME.format(3)]


def test_a_mail_server_gone_and_back_gets_every_mail_exactly_once():
    bench = Bench()
    exporter = bench.built(senders(lambda: ()))
    with closing(MailServer()) as server:
        where = [("exportTo", 1), ("smtpServer", "127.0.0.1"), ("smtpPort", server.port)]
        where += [("smtpSender", "cam@shop.example"), ("smtpReceiver", "boss@shop.example")]
        exporter.change([*DAILY, *where], at("2026-03-04 07:00"))
    exporter.run_due(at("2026-03-04 08:00"))
    bench.seconds = 60.0
    with closing(MailServer(server.port)) as back:
        for minute in range(3):
            exporter.run_due(at("2026-03-05 08:00") + minute * MINUTE_MS)
        names = [[part.get_filename() for part in mail.iter_attachments()] for mail in back.mails]
        assert names == [[NAME.format(3)], [NAME.format(4)]]


# --- in the camera ----------------------------------------------------------------------------


def started(path=None):
    """A camera that has seen one picture."""
    made = camera(Played([np.zeros((36, 64), np.uint8)]), path)
    made.start()
    assert made.wait_for_end(30)
    return made


def test_a_camera_sets_keeps_and_tells_its_export(tmp_path):
    path = tmp_path / "heat.db"
    first = started(path)
    first.act("set.heatmap.export", to_ftp(2121))
    first.stop()
    second = started(path)
    told = second.fields("get.heatmap.export")
    assert (told["exportTo"], told["ftpServer"], told["ftpPort"]) == (0, "127.0.0.1", 2121)
    assert PASSWORD not in str(told)
    assert second.exporter.settings.ftp_password == PASSWORD
    second.stop()


@pytest.mark.usefixtures("quiet_servers")
def test_a_camera_delivers_its_own_reports(tmp_path):
    with closing(FtpServer(tmp_path)) as server:
        cam = started()
        cam.act("set.heatmap.export", [*to_ftp(server.port), ("exportSpace", 1)])
        cam.exporter.run_due(at("2026-03-04 08:00"))
        name = f"{'S' * 17}_{{}}_daily_20260303080000"
        files = server.files()
        assert sorted(files) == [name.format("space") + ".png", name.format("time") + ".csv"]
        assert files[name.format("space") + ".png"].startswith(b"\x89PNG\r\n\x1a\n")
        lines = files[name.format("time") + ".csv"].decode().splitlines()
        assert lines[1] == "2026-03-03 08:00:00,2026-03-03 08:59:59,0"
        assert len(lines) == 25
        cam.stop()


def test_a_camera_exports_to_its_card_and_waits_for_one_that_is_pulled(tmp_path):
    cam = started()
    cam.storage.attach("S" * 17, [sd_card(f"{tmp_path / 'card'}:1G")])
    card = cam.storage.volume("sd")
    cam.act("set.heatmap.export", DAILY)
    card.pull()
    cam.exporter.run_due(at("2026-03-04 08:00"))
    assert list(tmp_path.rglob("*.csv")) == []
    card.insert()
    cam.act("set.heatmap.export", [("exportMin", 5)])  # else it is tried again in a minute
    cam.exporter.run_due(at("2026-03-04 08:05"))
    (file,) = tmp_path.rglob("*.csv")
    assert file.name == f"{'S' * 17}_time_daily_20260303080000.csv"
    assert file.parent.name == "export"
    assert len(file.read_bytes().splitlines()) == 25
    cam.stop()
