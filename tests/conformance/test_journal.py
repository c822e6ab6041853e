"""The journal: whole or not there, one for a device, and told when it is in the way."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import journal
from conformance.journal import Entry, Journal, JournalError, file_name


def entry(serial="8TI7AB0TKRS0373N5", pid=None, **more):
    return Entry(
        serial=serial,
        model="MS-C8165-PE",
        firmware="61.8.0.3-r8",
        url="http://127.0.0.1",
        dialect="milesight-8",
        started="2026-03-04T05:00:00+00:00",
        pid=os.getpid() if pid is None else pid,
        **more,
    )


def dead_pid():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_is_written_is_read(tmp_path):
    opened = Journal.open(tmp_path, entry(settings={"mintime": 30}))
    opened.entry.users.append("stuntcam1")
    opened.write()
    found = journal.read(tmp_path / "8TI7AB0TKRS0373N5.json")
    assert (found.entry.settings, found.entry.users) == ({"mintime": 30}, ["stuntcam1"])
    assert found.entry == opened.entry


def test_closed_it_is_gone_and_leaves_nothing(tmp_path):
    Journal.open(tmp_path / "new" / "folder", entry()).close()
    assert list((tmp_path / "new" / "folder").iterdir()) == []


def test_nobody_else_can_read_it(tmp_path):
    path = Journal.open(tmp_path, entry()).path
    assert path.stat().st_mode & 0o077 == 0


def test_a_second_one_for_the_device_is_refused_and_the_first_is_untouched(tmp_path):
    first = Journal.open(tmp_path, entry(settings={"mintime": 30}))
    with pytest.raises(JournalError, match=rf"process {os.getpid()} is at work on this device"):
        Journal.open(tmp_path, entry(settings={"mintime": 300}))
    with pytest.raises(JournalError, match=r"8TI7AB0TKRS0373N5\.json is open"):
        journal.refuse_open(tmp_path, entry())
    assert journal.read(first.path).entry.settings == {"mintime": 30}
    Journal.open(tmp_path, entry(serial="OTHER"))


def test_after_a_run_that_was_killed_the_way_out_is_told(tmp_path):
    Journal.open(tmp_path, entry(pid=dead_pid()))
    with pytest.raises(JournalError, match=r"stuntcam restore .*8TI7AB0TKRS0373N5\.json"):
        Journal.open(tmp_path, entry())


def test_a_process_is_running_or_not():
    assert journal.is_running(os.getpid())
    assert not journal.is_running(dead_pid())
    assert not journal.is_running(2**70)


# --- names from a device -------------------------------------------------------------------------


@given(st.text())
def test_whatever_a_serial_number_holds_the_file_stays_in_its_folder(serial):
    name = file_name(serial)
    assert name
    assert "/" not in name
    assert not name.startswith(".")
    assert name.isascii()


@pytest.mark.parametrize("serial", ["../../etc/passwd", "", ".", "a/b", "a\x00b", "x" * 300])
def test_a_serial_number_that_is_no_file_name_gets_another(serial):
    assert file_name(serial).startswith("serial-")


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"schema": 1}',
        '{"schema": 2}',
        '{"schema": 1, "more": 1}',
        "[" * 10**5,
    ],
)
def test_another_file_is_no_journal(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(JournalError, match=r"x\.json"):
        journal.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(JournalError, match=r"none\.json: No such file"):
        journal.read(tmp_path / "none.json")


def test_a_broken_journal_is_in_the_way_too(tmp_path):
    (tmp_path / "S.json").write_text("{")
    with pytest.raises(JournalError, match=r"S\.json is open and can't be read"):
        Journal.open(tmp_path, entry(serial="S"))


def test_a_folder_that_can_not_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match="can't be written"):
        Journal.open(tmp_path / "file" / "journals", entry())


def test_it_holds_no_password_but_what_is_named_here(tmp_path):
    path = Journal.open(tmp_path, entry()).path
    assert set(json.loads(path.read_text())) == {
        *("serial", "model", "firmware", "url", "dialect", "started", "pid", "schema"),
        *("settings", "beside", "users", "control"),
    }
