"""Turns: so many at a time, whichever comes free, and over with whoever had one."""

import fcntl
import subprocess
import sys

import pytest

from conformance import turns
from conformance.cli.many_command import browsers_at_once
from conformance.turns import Turns

HAS_IT = """
import sys
from pathlib import Path
from conformance import turns
folder = Path(sys.argv[1])
print("waits", flush=True)
with turns.taken(turns.Turns(folder, int(sys.argv[2]))):
    print("let go:", (folder / "let-go").exists(), flush=True)
    sys.stdin.read()
"""


def have(folder, many=1):
    process = subprocess.Popen(
        [sys.executable, "-c", HAS_IT, folder, str(many)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "waits\n"
    return process


def test_a_turn_is_had_by_one_at_a_time_and_ends_with_a_killed_process(tmp_path):
    with have(tmp_path) as first:
        assert first.stdout.readline() == "let go: False\n"
        with have(tmp_path) as second:
            first.kill()
            first.wait()
            assert second.stdout.readline() == "let go: False\n"
            second.communicate("")
    with turns.taken(Turns(tmp_path, 1)):
        pass


def test_while_one_has_the_turn_another_does_not_get_it(tmp_path):
    with turns.taken(Turns(tmp_path, 1)):
        other = have(tmp_path)
        (tmp_path / "let-go").touch()
    with other:
        assert other.stdout.readline() == "let go: True\n"
        other.communicate("")


@pytest.mark.parametrize("ends", [0, 1])
def test_of_two_turns_whichever_comes_free_is_the_next_ones(tmp_path, ends):
    with have(tmp_path, 2) as first, have(tmp_path, 2) as second:
        both = first, second
        assert [one.stdout.readline() for one in both] == ["let go: False\n"] * 2
        with have(tmp_path, 2) as third:
            (tmp_path / "let-go").touch()
            both[ends].communicate("")
            assert third.stdout.readline() == "let go: True\n"
            third.communicate("")
        both[1 - ends].communicate("")


def test_a_turn_is_not_shared(tmp_path):
    with (
        turns.taken(Turns(tmp_path, 1)),
        (tmp_path / "turn-0").open() as asked,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(asked, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_without_turns_nobody_waits():
    with turns.taken(None), turns.taken(None):
        pass


def test_browsers_take_half_of_the_memory_at_most():
    assert browsers_at_once(2, 24 * 1024**3) == 16
    assert browsers_at_once(8, 8 * 1024**3) == 8
    assert browsers_at_once(1, 512 * 1024**2) == 1
