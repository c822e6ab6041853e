"""Cameras in network namespaces of their own, on a network of the test's own."""

import os
import shutil
import signal
import socket
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from running import PASSWORD, RunningFleet, run_stuntcam, wait_for_end

from emulator import netns

COUNT = 3
ACTION = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
NO_CAPABILITIES = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")


@pytest.fixture
def network():
    """A handle of an empty network."""
    if shutil.which("ip") is None:
        pytest.skip("--address namespace needs `ip`")
    try:
        handle = netns.new()
    except OSError as error:
        pytest.skip(f"--address namespace needs root: {error.strerror}")
    yield handle
    os.close(handle)


def fleet_in(network, folder):
    where = f"--net=/proc/{os.getpid()}/fd/{network}"
    return RunningFleet(
        *(folder, "--cameras", str(COUNT), "--address", "namespace", "--http-port", "80"),
        before=("nsenter", where, "sh", "-c", 'ip link set lo up && exec "$@"', "sh"),
    )


@contextmanager
def client_in(network):
    with (
        netns.within(network),
        httpx.Client(auth=httpx.DigestAuth("admin", PASSWORD), timeout=60) as client,
    ):
        yield client


def has_bridge():
    return "stuntcam0:" in Path("/proc/thread-self/net/dev").read_text()


def probed():
    """What answers on the bridge to a question for all."""
    probe = (Path(__file__).parents[1] / "clients" / "fleet_probe.xml").read_bytes()
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.bind(("198.18.0.1", 0))
        asking.settimeout(1.5)  # none waits longer than half a second
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("198.18.0.1"))
        asking.sendto(probe, ("239.255.255.250", 3702))
        try:
            while len(found) < COUNT:
                found.append(asking.recv(65536).decode())
        except TimeoutError:
            pass
    return found


def test_each_has_an_address_a_mac_and_a_port_80_and_keeps_them_over_a_power_cut(network, tmp_path):
    fleet = fleet_in(network, tmp_path)
    hosts = ["198.18.0.2", "198.18.0.3", "198.18.0.4"]
    assert [one["url"] for one in fleet.cameras] == [f"http://{host}:80" for host in hosts]
    with client_in(network) as client:
        for camera in fleet.cameras:
            assert client.get(camera["url"] + ACTION).json()["snCode"] == camera["serial"]
        rows = Path("/proc/thread-self/net/arp").read_text().splitlines()[1:]
        seen = {row.split()[0]: row.split()[3] for row in rows}
        assert seen == {
            host: one["mac"].lower() for host, one in zip(hosts, fleet.cameras, strict=True)
        }
        found = "".join(probed())
        for host in hosts:
            assert f"http://{host}:80/onvif/device_service" in found
        one = fleet.cameras[1]
        power = f"{fleet.control}/v1/cameras/{one['serial']}/v1/reboot"
        order = {"kind": "hard", "down_s": 0, "wait": True}
        assert client.post(power, json=order).status_code == 202
        assert client.get(one["url"] + ACTION).json()["snCode"] == one["serial"]
        assert has_bridge()
        assert fleet.stop() == 0
        assert not has_bridge()


def test_what_a_killed_fleet_leaves_is_taken_away_and_what_another_has_is_not(network, tmp_path):
    fleet = fleet_in(network, tmp_path)
    watched = [os.pidfd_open(pid) for pid in fleet.children]
    fleet.process.kill()
    fleet.process.communicate(timeout=60)
    wait_for_end(watched)
    fleet.ready_file.unlink()
    (tmp_path / "other").mkdir()
    with netns.within(network):
        assert has_bridge()
    fleet = fleet_in(network, tmp_path)
    with netns.within(network):
        done = run_stuntcam(
            *("fleet", "--cameras", "1", "--address", "namespace", "--control-port", "0"),
            *("--state", tmp_path / "other"),
        )
    assert (done.returncode, done.stderr) == (
        2,
        "stuntcam fleet: --address namespace: another fleet has stuntcam0\n",
    )
    with client_in(network) as client:
        camera = fleet.cameras[-1]
        assert client.get(camera["url"] + ACTION).json()["snCode"] == camera["serial"]
    assert fleet.stop(signal.SIGINT) == 0


@pytest.mark.skipif(shutil.which("ip") is None, reason="it is told before")
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="takes the right away")
def test_without_the_right_to_it_is_one_line(tmp_path):
    done = run_stuntcam(
        *("fleet", "--cameras", "1", "--address", "namespace", "--control-port", "0"),
        *("--state", tmp_path / "state"),
        before=NO_CAPABILITIES if os.geteuid() == 0 else (),
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "stuntcam fleet: --address namespace needs Linux and root (CAP_SYS_ADMIN, CAP_NET_ADMIN): "
        "Operation not permitted; --address loopback does not\n"
    )
    assert not (tmp_path / "state").exists()
