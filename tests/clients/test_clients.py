"""Real clients, each in an environment of its own, go a whole round with a camera.

They connect, read what it is, set something and read it back, get a picture, and are told of
somebody who walks by. onvif-zeep, which the project depends on, is tried in tests/e2e.
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from running import PASSWORD

HERE = Path(__file__).parent
ZEEP_ASYNC, NPM = "onvif-zeep-async==4.3.0", "onvif@0.8.3"
TOPICS = [
    "tns1:Device/HardwareFailure/StorageFailure",
    "tns1:Monitoring/OperatingTime/LastReboot",
    "tns1:RuleEngine/CellMotionDetector/Motion",
    "tns1:VideoSource/MotionAlarm",
]


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """Where environments are made; kept between runs if STUNTCAM_CLIENTS names a folder."""
    kept = os.environ.get("STUNTCAM_CLIENTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("clients")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def run(*command, **options):
    """Run a command to its end; what went wrong is told by the failure."""
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def zeep_async(home):
    """A Python that has onvif-zeep-async."""
    folder = home / ZEEP_ASYNC
    python = folder / "bin/python"
    if not (folder / "done").exists():
        run(sys.executable, "-m", "venv", "--clear", folder)
        run(python, "-m", "pip", "install", "--quiet", ZEEP_ASYNC)
        (folder / "done").touch()
    return python


@pytest.fixture(scope="session")
def npm(home):
    """A folder from which Node finds npm's onvif."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no Node here")
    folder = home / NPM
    if not (folder / "done").exists():
        folder.mkdir(exist_ok=True)
        run("npm", "install", "--silent", "--no-audit", "--no-fund", NPM, cwd=folder)
        (folder / "done").touch()
    return folder


@pytest.fixture
def camera(start_camera, clip):
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S}"  # npm's onvif does not ask for ours
    return start_camera("--source", clip, "--speed", "max", "--clock", now)


def given(camera, clip):
    host, _, port = camera.url.removeprefix("http://").partition(":")
    return host, port, PASSWORD, camera.control, clip


def test_onvif_zeep_async(zeep_async, camera, clip):
    told = json.loads(run(zeep_async, HERE / "zeep_async_client.py", *given(camera, clip)))
    assert told == {
        "model": "MS-C8165-PE",
        "profile": "Profile_main",
        "brightness": 61.0,
        "jpeg": "ffd8",
        "states": ["false", "true", "false"],
        "topics": TOPICS,
    }
    assert camera.stop() == 0


@pytest.mark.parametrize("login", ["wsse", "digest"])
def test_npm_onvif(npm, camera, clip, login):
    script = npm / "client.js"
    shutil.copy(HERE / "npm_client.js", script)
    told = json.loads(run("node", script, *given(camera, clip), login, cwd=npm))
    assert told.pop("snapshot").startswith(camera.url)
    assert told == {
        "model": "MS-C8165-PE",
        "profile": "Profile_main",
        "brightness": 61,
        "states": ["false", "true", "false"],
        "topics": TOPICS,
    }
    assert camera.stop() == 0
