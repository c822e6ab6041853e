"""An archive on two workers: the bytes of one process, whoever dies meanwhile."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from clips import walk, write_clip

pytest.importorskip("distributed", reason="analyze --workers needs the extra `cluster`")
from worker_preload import Ear

STUNTCAM = (sys.executable, "-P", "-m", "stuntcam")
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


def stuntcam_with(ear, command, *arguments):
    return subprocess.run(
        [*STUNTCAM, command, *map(str, arguments), *AS],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=ear.env,
    )


def contents(folder):
    """Every output's bytes, the three timings taken out."""
    found = {file.name: file.read_bytes() for file in folder.iterdir()}
    told = json.loads(found["summary.json"])
    return found | {"summary.json": {key: told[key] for key in told if key not in TIMINGS}}


def none_left(pids):
    return not [pid for pid in pids if Path("/proc", pid).exists()]


def test_workers_that_die_cost_their_pieces_and_a_video_that_ends_three_is_left_out(
    footage, alone, clip, tmp_path
):
    archive = Path(shutil.copytree(footage, tmp_path / "archive"))
    shutil.copy(clip, archive / "b" / "a-deadly.mp4")  # what comes after is foreseen too late
    with Ear(tmp_path, STUNTCAM_ENDS="a-deadly.mp4", STUNTCAM_BUSY="d.mp4") as ear:
        done = stuntcam_with(ear, "analyze", archive, "--out", tmp_path / "out", "--workers", "2")
    assert done.returncode == 6
    deadly = archive / "b" / "a-deadly.mp4"
    assert f"skipped: {deadly} ended its worker again and again" in done.stderr
    assert contents(tmp_path / "out") == alone
    assert len(set(ear.told_of("dies at a-deadly.mp4"))) == 3
    (died,) = ear.told_of("dies at d.mp4")
    assert set(ear.told_of("begins d.mp4")) - {died}  # another did it
    assert none_left(ear.pids())


def test_ctrl_c_ends_all_processes_and_what_was_finished_is_not_done_again(
    stuntcam, footage, alone, tmp_path
):
    out, pieces = tmp_path / "out", tmp_path / "out.pieces"
    command = [*STUNTCAM, "analyze", footage, *AS, "--out", out, "--workers", "2", "--resume"]
    with Ear(tmp_path) as ear:
        process = subprocess.Popen(
            [*map(str, command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=ear.env,
            start_new_session=True,
        )
        while not ear.told_of("begins c.avi"):  # the third: one of the first two is finished
            ear.hear()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: the workers get it too
        said, errors = process.communicate(timeout=120)
        assert none_left(ear.pids())
    assert (process.returncode, said) == (130, "")
    assert errors.strip() == "stuntcam analyze: interrupted"
    assert not out.exists()
    before = {file: file.stat().st_mtime_ns for file in pieces.iterdir()}
    assert 1 <= len(before) < 4
    assert stuntcam("analyze", footage, "--out", out, *AS, "--resume").returncode == 0
    assert contents(out) == alone
    assert {file: file.stat().st_mtime_ns for file in before} == before


def test_a_cluster_of_its_own_gives_the_same_bytes_and_is_told_when_it_goes(
    footage, alone, tmp_path
):
    with Ear(tmp_path) as ear, ExitStack() as end:

        def started(kind, *arguments, until):
            process = end.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments],
                    stderr=subprocess.PIPE,
                    text=True,
                    env=ear.env,
                    cwd=tmp_path,
                )
            )
            end.callback(process.kill)
            said = next(line for line in process.stderr if until in line)
            return process, said.split()[-1]

        local = ("--host", "127.0.0.1", "--no-dashboard")
        scheduler, where = started("scheduler", *local, "--port", "0", until="Scheduler at:")
        for _ in range(2):
            started("worker", where, *local, "--nthreads", "1", "--no-nanny", until="Registered")
        analyze = ["analyze", footage, "--workers", where, "--out"]
        done = stuntcam_with(ear, *analyze, tmp_path / "out")
        assert done.returncode == 0, done.stderr
        assert contents(tmp_path / "out") == alone
        assert len(ear.pids()) == 2  # both had their share
        again = end.enter_context(
            subprocess.Popen(
                [*STUNTCAM, *map(str, [*analyze, tmp_path / "again"])],
                stderr=subprocess.PIPE,
                text=True,
                env=ear.env,
            )
        )
        ear.hear()  # a worker has begun
        scheduler.kill()
        _, errors = again.communicate(timeout=120)
    assert again.returncode == 2
    assert errors == f"stuntcam analyze: the scheduler at {where} is gone\n"
    assert not (tmp_path / "again").exists()


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
