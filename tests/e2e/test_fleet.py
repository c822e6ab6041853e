"""A fleet as its user sees it: forty cameras in processes of their own, by real clients."""

import os
import select
import signal
import socket
from pathlib import Path

import httpx
import pytest
from running import PASSWORD, RunningFleet, wait_for_end

from emulator import cli

COUNT, MOVED = 40, 3
SETTINGS = "/cgi-bin/operator/operator.cgi?action={}.heatmap.configuration"
# Those who cross it are gone again within the limit of 30 s.
SCENE = "scene:crossing-2"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    running = RunningFleet(
        tmp_path_factory.mktemp("fleet"), "--cameras", str(COUNT), "--http-port", "0"
    )
    yield running
    assert running.stop() == 0
    assert b"Traceback" not in running.errors
    assert not running.ready_file.exists()
    assert not any(Path(f"/proc/{pid}").exists() for pid in running.children)


@pytest.fixture
def client():
    with httpx.Client(auth=httpx.DigestAuth("admin", PASSWORD), timeout=60) as one:
        yield one


def settings(client, camera):
    return client.get(camera["url"] + SETTINGS.format("get") + "&format=json").json()


def states(client, fleet):
    return {one["serial"]: one["state"] for one in client.get(fleet.control + "/v1/cameras").json()}


def test_each_is_another_and_none_has_a_state_until_it_is_changed(fleet, client):
    assert len({one["serial"] for one in fleet.cameras}) == COUNT
    assert len({one["url"] for one in fleet.cameras}) == COUNT
    one, other = fleet.cameras[:2]  # of two processes
    assert len(fleet.children) == min(os.cpu_count(), COUNT)
    stores = fleet.state / "cameras"
    assert settings(client, one)["mintime"] == settings(client, other)["mintime"] == 30
    assert not stores.exists()
    done = client.post(one["url"] + SETTINGS.format("set"), json={"mintime": 77})
    assert done.json() == {"setState": "succeed"}
    assert settings(client, one)["mintime"] == 77
    assert settings(client, other)["mintime"] == 30
    assert [folder.name for folder in stores.iterdir()] == [one["serial"]]
    action = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
    for camera in (one, other):
        assert client.get(camera["url"] + action).json()["snCode"] == camera["serial"]
    told = states(client, fleet)
    assert told[one["serial"]] == told[other["serial"]] == "awake"
    assert told[fleet.cameras[-1]["serial"]] == "asleep"


def heat(client, camera):
    rows = client.get(camera["url"] + "/dataloader.cgi?dw=heatmapcsv").text.splitlines()[1:]
    return sum(int(row.rpartition(",")[2]) for row in rows)


def test_who_is_shown_people_records_them_and_nobody_else_does(fleet, client):
    moved = fleet.cameras[5 : 5 + MOVED]
    for camera in moved:
        base = f"{fleet.control}/v1/cameras/{camera['serial']}/v1"
        assert client.put(base + "/clock", json={"mode": "source"}).status_code == 200
        assert client.put(base + "/scene", json={"source": SCENE}).status_code == 200
    for camera in moved:
        while not heat(client, camera):  # the suite's own limit ends it
            pass
    assert heat(client, fleet.cameras[20]) == 0


def test_control_refuses_who_is_not_there_and_passes_refusals_on(fleet, client):
    answer = client.get(fleet.control + "/v1/cameras/NOBODY/v1/clock")
    assert answer.status_code == 404
    assert "no camera 'NOBODY'" in answer.json()["message"]
    one = fleet.cameras[30]["serial"]
    answer = client.put(f"{fleet.control}/v1/cameras/{one}/v1/scene", json={"source": "scene:no"})
    assert answer.status_code == 422
    assert "scene 'no'" in answer.json()["message"]


def test_all_are_found_on_loopback_each_once(fleet):
    probe = (Path(__file__).parents[1] / "clients" / "fleet_probe.xml").read_bytes()
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        asking.bind(("127.0.0.1", 0))
        asking.settimeout(1.5)  # none waits longer than half a second
        asking.sendto(probe, ("239.255.255.250", 3702))
        try:
            while True:
                found.append(asking.recv(65536).decode())
        except TimeoutError:
            pass
    for camera in fleet.cameras:
        here = [one for one in found if f"{camera['url']}/onvif/device_service" in one]
        assert len(here) == 1


def test_a_process_that_dies_is_told_and_takes_its_cameras_alone(tmp_path, client):
    fleet = RunningFleet(
        *(tmp_path, "--cameras", "4", "--http-port", "0", "--no-discovery"),
        *("--control-token-env", "A_TOKEN"),
        env={"A_TOKEN": "a-token"},
    )
    os.kill(fleet.children[0], signal.SIGKILL)
    select.select([fleet.process.stderr], [], [], 60)
    with httpx.Client(headers={"Authorization": "Bearer a-token"}, timeout=60) as bearer:
        assert list(states(bearer, fleet).values()) == ["lost", "asleep"] * 2
        base = f"{fleet.control}/v1/cameras/"
        clocks = [f"{base}{one['serial']}/v1/clock" for one in fleet.cameras]
        assert bearer.get(clocks[0]).status_code == 409
        assert bearer.get(clocks[1]).status_code == 200
    for path in (base, clocks[1], clocks[0]):
        answer = httpx.get(path)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (
            401,
            'Bearer realm="stuntcam"',
        )
        assert answer.json()["errors"] == []
    assert settings(client, fleet.cameras[1])["enable"] == 1
    assert fleet.stop(signal.SIGINT) == 0
    assert b"(exit code -9), and 2 cameras with it" in fleet.errors


def test_children_end_with_a_parent_that_is_killed(tmp_path):
    fleet = RunningFleet(tmp_path, "--cameras", "2", "--http-port", "0", "--no-discovery")
    watched = [os.pidfd_open(pid) for pid in fleet.children]
    fleet.process.kill()
    fleet.process.communicate(timeout=60)
    wait_for_end(watched)


@pytest.fixture
def refused(capsys, monkeypatch):
    monkeypatch.setenv("STUNTCAM_PASSWORD", PASSWORD)
    before = signal.getsignal(signal.SIGTERM)

    def run(*arguments):
        assert cli.fleet(["--control-port", "0", *map(str, arguments)]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        (line,) = told.err.splitlines()
        return line

    yield run
    signal.signal(signal.SIGTERM, before)


def test_what_cannot_be_is_refused_in_one_line(tmp_path, refused):
    twins = tmp_path / "twins.toml"
    twins.write_text('[[group]]\ncount = 1\nserial = "ABCDEFGHIJKLMNOPQ"\n' * 2)
    assert "cameras 1 and 2 have one serial" in refused("--cameras", twins)
    token = ("--control-port", "off", "--control-token-env", "A_TOKEN")
    assert "the control interface is off" in refused("--cameras", "1", *token)
    afar = ("--address", "loopback", "--workers", "tcp://scheduler:8786")
    assert "ports tell them apart" in refused("--cameras", "1", *afar)
    assert "'0' is neither 1..256 nor tcp://host:port" in refused(
        "--cameras", "1", "--workers", "0"
    )
    assert "absent.toml: can't be read: No such file" in refused(
        "--cameras", tmp_path / "absent.toml"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = refused("--cameras", "1", "--http-port", port, "--state", tmp_path / "state")
        assert f"127.0.0.1 port {port}" in told
    assert not (tmp_path / "state").exists()
