"""The state folder: one process at a time, and a password that is made once."""

import stat
import string
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.edge.statefolder import StateError, StateFolder

HOLDING = """
import sys
from pathlib import Path
from emulator.edge.statefolder import StateFolder
folder = StateFolder(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
folder.close()
"""


@contextmanager
def held_by_another_process(path):
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", HOLDING, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout.readline() == b"held\n"
        yield process


def never():
    raise AssertionError("there is a password already")


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


# --- worked examples ---------------------------------------------------------------------


def test_a_folder_is_made_with_those_above_it_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "a" / "MS-C8165-PE"
    with closing(StateFolder(path)) as folder:
        assert folder.store == path / "stuntcam.sqlite"
        assert not folder.store.exists()
    assert mode(path) == 0o700


def test_a_folder_can_be_opened_again_once_it_is_closed(tmp_path):
    for _ in range(2):
        StateFolder(tmp_path).close()


def test_a_password_is_made_once_and_kept_for_its_owner_alone(tmp_path):
    with closing(StateFolder(tmp_path)) as folder:
        assert folder.password(lambda: "stunt-double-1") == ("stunt-double-1", True)
        assert folder.password(never) == ("stunt-double-1", False)
    with closing(StateFolder(tmp_path)) as folder:
        assert folder.password(never) == ("stunt-double-1", False)
    assert mode(tmp_path / "password") == 0o600
    assert sorted(file.name for file in tmp_path.iterdir()) == ["lock", "password"]


def test_a_password_that_a_kill_cut_short_is_made_anew(tmp_path):
    (tmp_path / "password.partial").write_text("stun")
    with closing(StateFolder(tmp_path)) as folder:
        assert folder.password(lambda: "stunt-double-1") == ("stunt-double-1", True)
        assert folder.password(never) == ("stunt-double-1", False)


# --- law ---------------------------------------------------------------------------------


printable = st.text(string.ascii_letters + string.digits + string.punctuation + " é", max_size=30)


@given(printable.map(lambda rest: f"a1{rest}").filter(lambda word: 8 <= len(word) <= 32))
def test_any_password_that_may_be_is_read_back(tmp_path_factory, password):
    with closing(StateFolder(tmp_path_factory.mktemp("state"))) as folder:
        folder.password(lambda: password)
        assert folder.password(never) == (password, False)


# --- refusals ----------------------------------------------------------------------------


def test_a_folder_that_another_process_uses_is_refused_until_that_one_ends(tmp_path):
    with held_by_another_process(tmp_path) as process:
        with pytest.raises(StateError, match=f"^state folder {tmp_path} is in use by another "):
            StateFolder(tmp_path)
        process.stdin.close()
        assert process.wait() == 0
        StateFolder(tmp_path).close()


def test_a_folder_whose_process_was_killed_is_free(tmp_path):
    with held_by_another_process(tmp_path) as process:
        process.kill()
        process.wait()
        StateFolder(tmp_path).close()


def test_a_folder_that_is_open_in_this_process_is_refused_too(tmp_path):
    with (
        closing(StateFolder(tmp_path)),
        pytest.raises(StateError, match=r"is in use by another stuntcam$"),
    ):
        StateFolder(tmp_path)


def test_a_file_in_the_folders_place_is_refused_and_kept(tmp_path):
    (tmp_path / "state").write_text("mine")
    with pytest.raises(StateError, match=f"^state folder {tmp_path}/state can't be written: "):
        StateFolder(tmp_path / "state")
    assert (tmp_path / "state").read_text() == "mine"


@pytest.mark.parametrize("path", ["/proc/stuntcam", "/proc/self/fd"])
def test_a_folder_that_takes_no_files_is_refused(path):
    with pytest.raises(StateError, match=f"^state folder {path} can't be written: [A-Z]"):
        StateFolder(Path(path))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "password has 0 characters, not 8..32"),
        (b"short-1\n", "password has 7 characters, not 8..32"),
        (b"only-letters\n", "password lacks a letter or a digit"),
        (b"\xff\xfe-stunt-1\n", "codec can't decode"),
    ],
)
def test_a_kept_password_that_can_not_be_one_is_refused_and_kept(tmp_path, content, why):
    (tmp_path / "password").write_bytes(content)
    with (
        closing(StateFolder(tmp_path)) as folder,
        pytest.raises(StateError, match=f"^{tmp_path}/password can't be used: .*{why}"),
    ):
        folder.password(never)
    assert (tmp_path / "password").read_bytes() == content


def test_a_folder_in_the_passwords_place_is_refused(tmp_path):
    (tmp_path / "password").mkdir()
    with (
        closing(StateFolder(tmp_path)) as folder,
        pytest.raises(StateError, match=r"password can't be used: .*Is a directory"),
    ):
        folder.password(never)
