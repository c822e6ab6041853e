"""An archive on two workers: the bytes of one process, whoever dies meanwhile."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from clips import walk, write_clip
from running import children

pytest.importorskip("distributed", reason="analyze --workers needs the extra `cluster`")
TIMINGS = ("wall_s", "frames_per_s", "decode_s")
AS = ("--start", "2026-02-03T04:59:41", "--set", "min_dwell=300")


@pytest.fixture(scope="module")
def footage(clip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("footage")
    (folder / "b").mkdir()
    shutil.copy(clip, folder / "a.mp4")
    shutil.copy(clip, folder / "b" / "b.mp4")
    whole = write_clip(folder / "c.avi", walk(200, pace=3))
    whole.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])  # its header promises more
    shutil.copy(clip, folder / "d.mp4")
    return folder


@pytest.fixture(scope="module")
def alone(stuntcam, footage, tmp_path_factory):
    out = tmp_path_factory.mktemp("alone") / "out"
    done = stuntcam("analyze", footage, "--out", out, *AS)
    assert done.returncode == 0, done.stderr
    return contents(out)


def contents(folder):
    """Every output's bytes, the three timings taken out."""
    found = {file.name: file.read_bytes() for file in folder.iterdir()}
    told = json.loads(found["summary.json"])
    return found | {"summary.json": {key: told[key] for key in told if key not in TIMINGS}}


def test_two_workers_of_whom_one_is_killed_give_the_same_bytes(footage, alone, tmp_path):
    command = [sys.executable, "-P", "-m", "stuntcam", "analyze", footage, *AS]
    command += ["--out", tmp_path / "out", "--workers", "2", "--resume"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    pieces = tmp_path / "out.pieces"
    seen = []
    while process.poll() is None and not seen:
        # The first finished piece says that the workers are at work.
        seen = list(pieces.glob("*.piece")) if pieces.exists() else []
    workers = [
        one
        for one in children(process.pid)
        if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()
    ]
    assert workers
    os.kill(workers[-1], signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert contents(tmp_path / "out") == alone
    assert not [one for one in workers if Path(f"/proc/{one}").exists()]


def test_what_is_finished_is_not_done_again_and_what_is_damaged_is(
    stuntcam, footage, alone, tmp_path
):
    out, pieces = tmp_path / "out", tmp_path / "out.pieces"
    assert stuntcam("analyze", footage, "--out", out, *AS, "--resume").returncode == 0
    assert contents(out) == alone
    made = sorted(pieces.iterdir())
    assert len(made) == 4
    made[0].write_bytes(b"rubbish")
    made[1].write_bytes(made[1].read_bytes()[:-500])
    before = {file: file.stat().st_mtime_ns for file in made}
    assert stuntcam("analyze", footage, "--out", out, *AS, "--resume").returncode == 0
    assert contents(out) == alone
    renewed = [file for file in made if file.stat().st_mtime_ns != before[file]]
    assert renewed == made[:2]
    assert stuntcam("analyze", footage, "--out", out, "--resume").returncode == 0
    assert len(list(pieces.iterdir())) == 8  # other settings, another start


def test_a_scheduler_that_is_not_there_is_one_line(stuntcam, clip, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        where = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        done = stuntcam("analyze", clip, "--out", tmp_path / "out", "--workers", where)
    assert done.returncode == 2
    assert done.stderr == f"stuntcam analyze: no scheduler answers at {where}\n"
    assert not (tmp_path / "out").exists()


def test_a_run_that_could_not_begin_leaves_no_folder_of_pieces(stuntcam, clip, tmp_path):
    out = tmp_path / "out"
    done = stuntcam("analyze", clip, "--out", out, "--resume", "--workers", "tcp://127.0.0.1:9")
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []
