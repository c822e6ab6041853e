"""The ready-file: one line of JSON that is there, whole, or not there at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.edge.ready import ReadyError, put, remove

KEYS = ["http", "https", "rtsp", "control", "pid", "model", "firmware"]  # CONTRACT 1

# --- worked examples ---------------------------------------------------------------------


def test_it_is_one_line_with_all_keys_and_null_for_what_is_off(tmp_path):
    put(tmp_path / "ready.json", {"http": "http://127.0.0.1:8080", "pid": 7, "model": "MS-C1-PE"})
    assert (tmp_path / "ready.json").read_text() == (
        '{"http": "http://127.0.0.1:8080", "https": null, "rtsp": null, "control": null, '
        '"pid": 7, "model": "MS-C1-PE", "firmware": null}\n'
    )


def test_putting_it_leaves_nothing_else_beside_it(tmp_path):
    put(tmp_path / "ready.json", {})
    assert [file.name for file in tmp_path.iterdir()] == ["ready.json"]


def test_whoever_reads_the_old_one_reads_it_to_its_end(tmp_path):
    file = tmp_path / "ready.json"
    put(file, {"pid": 1})
    old = file.read_bytes()
    with file.open("rb", buffering=0) as reader:
        begin = reader.read(5)
        put(file, {"pid": 2})
        assert begin + reader.read() == old
    assert json.loads(file.read_text())["pid"] == 2


def test_removing_takes_it_away_and_may_be_done_again(tmp_path):
    put(tmp_path / "ready.json", {})
    for _ in range(2):
        remove(tmp_path / "ready.json")
        assert list(tmp_path.iterdir()) == []


# --- law ---------------------------------------------------------------------------------


@given(st.dictionaries(st.sampled_from(KEYS), st.none() | st.integers() | st.text()))
def test_any_values_are_read_back_and_are_one_line(tmp_path_factory, values):
    file = tmp_path_factory.mktemp("ready") / "ready.json"
    put(file, values)
    assert file.read_bytes().count(b"\n") == 1
    assert json.loads(file.read_bytes()) == dict.fromkeys(KEYS) | values


# --- refusals ----------------------------------------------------------------------------


@pytest.mark.parametrize("act", [remove, lambda file: put(file, {})])
def test_a_folder_that_is_not_there_is_refused(tmp_path, act):
    file = tmp_path / "absent" / "ready.json"
    with pytest.raises(ReadyError, match=f"^ready-file {file} can't be written: [Nn]o such "):
        act(file)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("act", [remove, lambda file: put(file, {})])
def test_a_folder_in_its_place_is_refused_and_kept(tmp_path, act):
    (tmp_path / "ready.json").mkdir()
    with pytest.raises(ReadyError, match=r"ready\.json can't be written: Is a directory$"):
        act(tmp_path / "ready.json")
    assert (tmp_path / "ready.json").is_dir()


@pytest.mark.parametrize("act", [remove, lambda file: put(file, {})])
def test_a_file_in_the_folders_place_is_refused(tmp_path, act):
    (tmp_path / "a").write_text("mine")
    with pytest.raises(ReadyError, match=r"a/ready\.json can't be written: "):
        act(tmp_path / "a" / "ready.json")
    assert (tmp_path / "a").read_text() == "mine"
