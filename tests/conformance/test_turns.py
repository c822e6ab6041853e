"""Turns: one after the other, and over with whoever had one."""

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from conformance import turns
from conformance.cli.many_command import turns_shared
from conformance.many.worker import Job
from conformance.run import Options
from conformance.single import Wanted

HAS_IT = """
import sys
from pathlib import Path
from conformance import turns
file = Path(sys.argv[1])
print("waits", flush=True)
with turns.taken(file):
    print("let go:", (file.parent / "let-go").exists(), flush=True)
    sys.stdin.read()
"""


def have(file):
    return subprocess.Popen(
        [sys.executable, "-c", HAS_IT, file],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_turn_is_had_by_one_at_a_time_and_ends_with_a_killed_process(tmp_path):
    file = tmp_path / "turn"
    with have(file) as first:
        assert [first.stdout.readline() for _ in range(2)] == ["waits\n", "let go: False\n"]
        with have(file) as second:
            first.kill()
            first.wait()
            assert [second.stdout.readline() for _ in range(2)] == ["waits\n", "let go: False\n"]
            second.communicate("")
    with turns.taken(file):
        pass


def test_while_one_has_the_turn_another_does_not_get_it(tmp_path):
    file, let_go = tmp_path / "turn", tmp_path / "let-go"
    with turns.taken(file):
        other = have(file)
        assert other.stdout.readline() == "waits\n"
        let_go.touch()
    with other:
        assert other.stdout.readline() == "let go: True\n"
        other.communicate("")


def test_a_turn_is_not_shared(tmp_path):
    file = tmp_path / "turn"
    with turns.taken(file), file.open() as asked, pytest.raises(BlockingIOError):
        fcntl.flock(asked, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_without_a_turn_nobody_waits():
    with turns.taken(None), turns.taken(None):
        pass


def test_as_many_turns_as_browsers_are_shared_out_evenly():
    def job(name):
        return Job(
            name,
            Wanted(options=Options(url="http://x", login=None, journals=Path("j"))),
            "",
            Path("f"),
        )

    shared = turns_shared([job(name) for name in "abcde"], Path("t"), browsers=2)
    told = [str(one.wanted.options.turn) for one in shared]
    assert told == ["t/browser-0", "t/browser-1", "t/browser-0", "t/browser-1", "t/browser-0"]
    assert [one.name for one in shared] == list("abcde")
