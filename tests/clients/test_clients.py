"""Other people's ONVIF clients, each in an environment of its own, since they share a name.

A run of its own (tox -e clients): it installs them, which takes a network. Environments are kept
in the tox environment's folder, and made once.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from running import PASSWORD

HERE = Path(__file__).parent
ASYNC, NPM = "onvif-zeep-async==4.3.0", "onvif@0.8.3"


def made(command, cwd):
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        pytest.skip(f"{' '.join(map(str, command))[:80]} failed: {done.stderr[-200:]}")


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    kept = os.environ.get("TOX_ENV_DIR")
    folder = Path(kept) / "clients" if kept else tmp_path_factory.mktemp("clients")
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def python_of_its_own(folder):
    python = folder / "async" / "bin" / "python"
    if not (folder / "async.made").exists():
        made([sys.executable, "-m", "venv", folder / "async"], folder)
        made([python, "-m", "pip", "install", "-q", ASYNC], folder)
        (folder / "async.made").touch()
    return python


@pytest.fixture(scope="session")
def modules(folder):
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed: apt-get install npm")
    if not (folder / "npm.made").exists():
        made(["npm", "install", "--silent", "--no-audit", "--prefix", folder, NPM], folder)
        (folder / "npm.made").touch()
    return folder / "node_modules"


@pytest.fixture(scope="session")
def running(start_camera):
    return start_camera("--source", "scene:shop", "--loop")


def round_of(running, command, **env):
    host, port = running.url.removeprefix("http://").split(":")
    done = subprocess.run(
        [str(part).format(host=host, port=port) for part in command],
        env={**os.environ, "CAMERA_PASSWORD": PASSWORD, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def is_right(uri, running):
    return uri is None if running.ready["rtsp"] is None else uri.startswith("rtsp://127.0.0.1:")


def test_onvif_zeep_async(running, python_of_its_own):
    said = round_of(running, [python_of_its_own, HERE / "round_async.py", "{host}", "{port}"])
    assert said["model"] == "MS-C8165-PE"
    assert said["profiles"] == ["Profile_main", "Profile_sub", "Profile_third"]
    assert (said["brightness"], said["picture"]) == (5, "ffd8")
    assert is_right(said["stream"], running)


@pytest.mark.parametrize("how", ["wsse", "digest"])
def test_npm_onvif(running, modules, how):
    command = ["node", HERE / "round_npm.js", "{host}", "{port}", how]
    said = round_of(running, command, NODE_PATH=str(modules))
    assert said["model"] == "MS-C8165-PE"
    assert said["profiles"] == ["Profile_main", "Profile_sub", "Profile_third"]
    assert said["media2"] is True
    assert said["snapshot"].endswith("/snapshot.cgi")
    assert (said["encoders"], said["network"], said["users"]) == (3, True, ["admin"])
    assert is_right(said["stream"], running)
