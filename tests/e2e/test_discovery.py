"""A camera is found by PyPI's WSDiscovery, in a network of its own that has no other cameras."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LOOKING = Path(__file__).parents[1] / "looking.py"
# That client passes loopback over, so there is an interface more: one end of a cable (veth).
NETWORK = (
    "ip link set lo up && ip link add door type veth peer name wall && "
    "ip addr add 192.0.2.7/24 dev door && ip link set door up && ip link set wall up && "
    'exec "$@"'
)


def alone(*command, within_s=60, env=None):
    """Run a command in a network of its own."""
    whole = ["unshare", "-n", "sh", "-c", NETWORK, "sh", *map(str, command)]
    return subprocess.run(
        whole, capture_output=True, text=True, check=False, timeout=within_s, env=env
    )


def test_a_client_finds_who_wants_to_be_found_once_and_nobody_else(tmp_path, clip):
    if shutil.which("ip") is None or shutil.which("unshare") is None:
        pytest.skip("ip or unshare is not installed: apt-get install iproute2 util-linux")
    if (tried := alone("true")).returncode:
        pytest.skip(f"no network of one's own is permitted here: {tried.stderr.strip()[:80]}")
    done = alone(
        *(sys.executable, "-P", LOOKING, tmp_path, clip),
        within_s=240,
        env={"PYTHONPATH": str(LOOKING.parent), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    # One is on loopback, one was told not to be found; the third is there once.
    ((endpoint, addresses, scopes),) = told["found"]["cameras"]
    port = told["http"].rpartition(":")[2]
    assert endpoint.startswith("urn:uuid:")
    assert addresses == [f"http://192.0.2.7:{port}/onvif/device_service"]
    assert "onvif://www.onvif.org/hardware/MS-C8165-PE" in scopes
    assert [one[0] for one in told["found"]["named"]] == [endpoint]
    assert told["found"]["elsewhere"] == []
    for code, errors in told["ends"]:
        assert code == 0
        assert "Traceback" not in errors
        assert "can't be discovered" not in errors
