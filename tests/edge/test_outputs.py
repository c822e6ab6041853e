"""A folder of results: what is in it afterwards, and what is refused."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.edge.outputs import OutputError, prepared, write


def names(folder):
    return sorted(file.name for file in folder.iterdir())


# --- worked examples ---------------------------------------------------------------------


def test_a_folder_is_made_with_those_above_it_and_is_empty(tmp_path):
    with prepared(tmp_path / "a" / "b") as folder:
        assert folder == tmp_path / "a" / "b"
        assert names(folder) == []


def test_a_folder_that_is_there_keeps_what_is_in_it(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with prepared(tmp_path):
        assert names(tmp_path) == ["notes.txt"]
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_folder_made_for_work_that_failed_is_taken_away_again(tmp_path):
    with pytest.raises(KeyboardInterrupt), prepared(tmp_path / "out"):
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_folder_that_was_there_stays_though_the_work_failed(tmp_path):
    (tmp_path / "out").mkdir()
    with pytest.raises(KeyboardInterrupt), prepared(tmp_path / "out"):
        raise KeyboardInterrupt
    assert names(tmp_path) == ["out"]


def test_a_folder_with_results_stays(tmp_path):
    with prepared(tmp_path / "out") as folder:
        write(folder, {"time.csv": b"a"})
    assert names(tmp_path / "out") == ["time.csv"]


def test_each_file_is_written_as_given_and_nothing_else(tmp_path):
    write(tmp_path, {"time.csv": b"a,b\r\n", "space.png": b"\x89PNG"})
    assert names(tmp_path) == ["space.png", "time.csv"]
    assert (tmp_path / "time.csv").read_bytes() == b"a,b\r\n"


def test_whoever_reads_the_old_file_reads_it_to_its_end(tmp_path):
    write(tmp_path, {"time.csv": b"old and long"})
    with (tmp_path / "time.csv").open("rb", buffering=0) as reader:
        assert reader.read(3) == b"old"
        write(tmp_path, {"time.csv": b"new"})
        assert reader.read() == b" and long"
    assert (tmp_path / "time.csv").read_bytes() == b"new"


# --- law ---------------------------------------------------------------------------------


@given(st.dictionaries(st.text("abc.", min_size=1).filter(lambda n: n.strip(".")), st.binary()))
def test_what_is_written_is_what_is_there(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("out")
    write(folder, files)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == files


# --- refusals ----------------------------------------------------------------------------


def refused(folder, why):
    with pytest.raises(OutputError, match=f"^{folder} can't be written: {why}"), prepared(folder):
        raise AssertionError("no work is to begin")


def test_a_file_in_the_folders_place_is_refused_and_kept(tmp_path):
    (tmp_path / "report").write_text("mine")
    refused(tmp_path / "report", "File exists$")
    assert (tmp_path / "report").read_text() == "mine"


@pytest.mark.parametrize("folder", ["/proc/stuntcam", "/proc/self/fd"])
def test_a_folder_that_takes_no_files_is_refused(folder):
    refused(Path(folder), "[A-Z]")


def test_a_name_that_a_folder_has_already_is_refused_and_the_folder_kept(tmp_path):
    (tmp_path / "time.csv").mkdir()
    why = f"^{tmp_path}/time.csv can't be written: Is a directory$"
    with pytest.raises(OutputError, match=why):
        write(tmp_path, {"time.csv": b"new"})
    assert names(tmp_path) == ["time.csv"]
    assert (tmp_path / "time.csv").is_dir()


def test_a_folder_that_went_away_is_refused(tmp_path):
    with prepared(tmp_path / "out") as folder:
        os.rmdir(folder)
        with pytest.raises(OutputError, match=r"time\.csv can't be written: No such file or dir"):
            write(folder, {"time.csv": b"new"})
