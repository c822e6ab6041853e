"""A fleet on a Dask cluster: a real scheduler and two workers, on loopback."""

import os
import select
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from running import PASSWORD, RunningFleet, children, run_stuntcam, wait_for_end

pytest.importorskip("distributed", reason="fleet --workers tcp:// needs the extra `cluster`")
SETTINGS = "/cgi-bin/operator/operator.cgi?action={}.heatmap.configuration"
COUNT = 5
TOKEN = "a-token-of-the-test"
BEARS = {"Authorization": f"Bearer {TOKEN}"}


class RunningCluster:
    """A scheduler on a free port and two workers, as an operator starts them."""

    def __init__(self, folder):
        self._folder, self._begun = folder, []
        self.address = self._start(
            "scheduler", "--no-dashboard", "--port", "0", says="Scheduler at"
        )
        self.workers = [self._worker() for _ in range(2)]

    def _worker(self):
        self._start(
            *("worker", self.address, "--no-dashboard", "--no-nanny", "--nthreads", "1"),
            *("--local-directory", self._folder),
            says="Registered to",
        )
        return self._begun[-1]

    def _start(self, *arguments, says):
        command = [sys.executable, "-P", "-m", "dask", *arguments]
        process = subprocess.Popen(
            [*map(str, command), "--host", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._begun.append(process)
        for line in process.stderr:
            if says in line:
                return line.split()[-1]
        raise AssertionError(f"no {arguments[0]}")

    def stop(self):
        for process in self._begun[::-1]:
            process.kill()
            process.communicate(timeout=60)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    running = RunningCluster(tmp_path_factory.mktemp("cluster"))
    yield running
    running.stop()


@pytest.fixture
def client():
    with httpx.Client(auth=httpx.DigestAuth("admin", PASSWORD), timeout=60) as one:
        yield one


def fleet_on(cluster, folder, *arguments):
    return RunningFleet(
        *(folder, "--cameras", str(COUNT), "--http-port", "0", "--workers", cluster.address),
        *("--control-token-env", "A_TOKEN", *arguments),
        env={"A_TOKEN": TOKEN},
    )


def hosted(cluster):
    """A handle of each process that the cluster's workers have started, by worker."""
    return [[os.pidfd_open(pid) for pid in children(worker.pid)] for worker in cluster.workers]


def states(fleet):
    answer = httpx.get(fleet.control + "/v1/cameras", headers=BEARS, timeout=60)
    return [one["state"] for one in answer.json()]


def test_cameras_are_beside_the_workers_and_end_with_them_or_with_the_fleet(
    cluster, tmp_path, client
):
    fleet = fleet_on(cluster, tmp_path)
    first, second = hosted(cluster)
    assert len(first) == len(second) == 1
    assert len({one["url"] for one in fleet.cameras}) == COUNT
    assert states(fleet) == ["asleep"] * COUNT
    for camera in fleet.cameras:
        action = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
        assert client.get(camera["url"] + action).json()["snCode"] == camera["serial"]
    one = fleet.cameras[1]
    assert client.post(one["url"] + SETTINGS.format("set"), json={"mintime": 77}).json() == {
        "setState": "succeed"
    }
    assert (fleet.state / "cluster" / "cameras" / one["serial"]).is_dir()
    clock = f"{fleet.control}/v1/cameras/{one['serial']}/v1/clock"
    assert httpx.put(clock, json={"mode": "frozen"}, headers=BEARS).json()["mode"] == "frozen"
    assert httpx.put(clock, json={"mode": "real"}).status_code == 401

    # Those of the other have every second camera, whichever of the two it is.
    cluster.workers[0].kill()
    wait_for_end(first)
    select.select([fleet.process.stderr], [], [], 60)
    told = states(fleet)
    lost = told[0] == "lost"
    assert told == (["lost", "awake"] * 3 if lost else ["awake", "lost"] * 3)[:COUNT]
    alive = next(
        camera for camera, state in zip(fleet.cameras, told, strict=True) if state != "lost"
    )
    assert client.get(alive["url"] + SETTINGS.format("get")).status_code == 200
    assert fleet.stop(signal.SIGINT) == 0
    wait_for_end(second)
    assert b"a process of the fleet has died" in fleet.errors
    assert b"Traceback" not in fleet.errors


def test_a_fleet_that_is_killed_leaves_nothing_on_the_cluster(cluster, tmp_path):
    fleet = fleet_on(cluster, tmp_path)
    left = [one for some in hosted(cluster) for one in some]
    assert left
    fleet.process.kill()
    fleet.process.communicate(timeout=60)
    wait_for_end(left)


def test_what_a_worker_refuses_is_one_line_and_leaves_nothing(cluster, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_stuntcam(
            *("fleet", "--cameras", "1", "--http-port", port, "--control-port", "0"),
            *("--state", tmp_path / "state", "--workers", cluster.address),
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        f"stuntcam fleet: 127.0.0.1: can't listen on 127.0.0.1 port {port}: "
        "Address already in use\n"
    )


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens
        where = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        done = run_stuntcam(
            *("fleet", "--cameras", "1", "--state", tmp_path / "state", "--workers", where)
        )
    assert done.returncode == 2
    assert done.stderr == f"stuntcam fleet: no scheduler answers at {where}\n"
    assert not (tmp_path / "state").exists()
