"""Files that the store refuses: not its own, or not whole. None is written over."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from minutes import MINUTE, at, outcome_of, record

from emulator.core.accounts import Account
from emulator.edge.storage import Storage, StorageError

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A store with something of everything, closed."""
    path = tmp_path_factory.mktemp("whole") / "whole.sqlite"
    with closing(Storage(path)) as store:
        minutes = {at("2026-05-31T01:00") + k * 7 * MINUTE: 100 + k for k in range(40)}
        record(store, minutes, BERLIN, at("2026-05-31T04:00"), settings={"sensitivity": 5})
        store.put_account(Account("ann", "viewer", "secret-123"))
    return path, outcome_of(path)


def refused(path, why="(can't be used|is damaged|is not|is of version)"):
    """Expect the file to be refused in one line that names it, and to stay as it is."""
    before = path.read_bytes()
    with pytest.raises(StorageError, match=rf"^{path} [^\n]*{why}[^\n]*$"):
        Storage(path)
    assert path.read_bytes() == before


def is_accepted(path):
    try:
        Storage(path).close()
    except StorageError:
        return False
    return True


def copied(whole, tmp_path_factory):
    path = tmp_path_factory.mktemp("damaged") / "a.sqlite"
    shutil.copyfile(whole, path)
    return path


damage = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=8
)


@given(damage)
@settings(deadline=None, max_examples=150)
def test_bytes_changed_anywhere_are_refused_or_change_no_answer(tmp_path_factory, whole, changes):
    path, answers = whole
    path = copied(path, tmp_path_factory)
    content = bytearray(path.read_bytes())
    for where, by in changes:
        content[int(where * len(content))] ^= by
    path.write_bytes(content)
    if is_accepted(path):
        with closing(Storage(path)) as store:
            damaged = store.status().damaged
        # A part that is damaged is set aside and reported; what was summed up before stays.
        assert damaged or outcome_of(path) == answers
    else:
        refused(path)
        assert path.read_bytes() == content


@given(st.floats(0, 1, exclude_max=True))
@settings(deadline=None, max_examples=30)
def test_a_file_cut_short_anywhere_is_refused(tmp_path_factory, whole, where):
    path = copied(whole[0], tmp_path_factory)
    with path.open("r+b") as file:
        file.truncate(int(where * path.stat().st_size))
    refused(path)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("minute", "UPDATE minute SET presence_ms = presence_ms + 1"),
        ("minute", "UPDATE minute SET hour_end_ms = hour_end_ms + 1"),
        ("hour", "UPDATE hour SET cells = x'00'"),
        ("hour", "UPDATE hour SET day = '2026-01-01'"),
        ("state", """UPDATE state SET value = '{"sensitivity": 6}'"""),
        ("account", "UPDATE account SET role = 'admin'"),
    ],
)
def test_a_row_that_the_store_did_not_write_is_refused(tmp_path_factory, whole, table, change):
    # SQLite itself finds nothing wrong with these.
    path = copied(whole[0], tmp_path_factory)
    with closing(sqlite3.connect(path)) as db, db:
        assert db.execute(change).rowcount > 0
    refused(path, f"is damaged: a row of {table} was changed")


@pytest.mark.parametrize(
    "change", ["DROP TABLE block", "DROP TABLE account", "CREATE TABLE theirs (a)"]
)
def test_a_store_of_other_tables_is_refused(tmp_path_factory, whole, change):
    path = copied(whole[0], tmp_path_factory)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(change)
    refused(path, "is damaged: its tables are not of version 2")


def test_a_name_in_its_schema_that_is_no_text_is_refused(tmp_path_factory, whole):
    # SQLite hands such a name out, and Python stumbles over it.
    path = copied(whole[0], tmp_path_factory)
    path.write_bytes(
        path.read_bytes().replace(b"KEY (start_ms, end_ms)", b"KEY (start_ms, \xffnd_ms)")
    )
    refused(path, "is damaged: a text in it can't be read")


def test_a_damaged_file_is_not_written_over_with_the_commits_of_a_killed_process(tmp_path):
    path = tmp_path / "a.sqlite"
    with closing(Storage(path)) as store:
        record(store, {at("2026-05-31T01:00") + k * MINUTE: 5 for k in range(60)})
    killed_while_open = """
        import os, sys; from pathlib import Path; from emulator.edge.storage import Storage
        from datetime import UTC
        Storage(Path(sys.argv[1])).commit({}, {"clock_ms": 7}, UTC, 0)
        os.kill(os.getpid(), 9)
    """
    lines = [line.strip() for line in killed_while_open.strip().splitlines()]
    subprocess.run([sys.executable, "-P", "-c", "\n".join(lines), str(path)], check=False)
    log = tmp_path / "a.sqlite-wal"
    last_commits = log.read_bytes()
    assert last_commits
    content = bytearray(path.read_bytes())
    content[-3000:] = bytes(3000)
    path.write_bytes(content)
    refused(path, "(damaged|malformed)")
    assert log.read_bytes() == last_commits


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_store_of_another_version_is_refused(tmp_path_factory, whole, version):
    path = copied(whole[0], tmp_path_factory)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {version}")
    refused(path, f"is of version {version}; this stuntcam reads 2")


@pytest.mark.parametrize("statement", ["CREATE TABLE theirs (a)", "PRAGMA application_id = 77"])
def test_another_programs_database_is_refused(tmp_path, statement):
    path = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
    refused(path, "is not a stuntcam store")


@pytest.mark.parametrize("content", [b"", b"Dear diary\n", b"SQLite format 3\0", b"\0" * 5000])
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    refused(path, r"(is not a stuntcam store|file is not a database)")


def test_a_store_whose_file_is_gone_but_not_its_last_commits_is_refused(tmp_path):
    (tmp_path / "a.sqlite-wal").write_bytes(b"commits")
    with pytest.raises(StorageError, match=r"a\.sqlite is gone, but .* in a\.sqlite-wal$"):
        Storage(tmp_path / "a.sqlite")
    assert [file.name for file in tmp_path.iterdir()] == ["a.sqlite-wal"]


def test_a_folder_in_the_files_place_is_refused(tmp_path):
    with pytest.raises(StorageError, match=f"^{tmp_path} can't be used: "):
        Storage(tmp_path)


@pytest.mark.parametrize("parent", ["/proc/stuntcam", "absent"])
def test_a_store_that_can_not_be_made_is_refused(tmp_path, parent):
    path = tmp_path / parent / "a.sqlite"
    with pytest.raises(StorageError, match=f"^{path} can't be used: .*No such file"):
        Storage(path)
