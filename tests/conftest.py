"""What tests of the whole thing share: a clip to look at, and cameras to talk to."""

import os

import pytest
from clips import walk, write_clip
from hypothesis import HealthCheck, settings
from running import RunningCamera, run_stuntcam

# Machines are shared: how long an example takes says nothing about it. Every run tries the same
# examples, so that a failure can be met again; STUNTCAM_DEEP=1 draws others each time.
settings.register_profile(
    "any machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=not os.environ.get("STUNTCAM_DEEP"),
)
settings.load_profile("any machine")


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    """A file of 10 s in which one object walks through the picture, in 7.2 s."""
    path = tmp_path_factory.mktemp("clip") / "walk.mp4"
    pictures = list(walk(250))
    return write_clip(path, pictures)


@pytest.fixture(scope="session")
def stuntcam():
    return run_stuntcam


@pytest.fixture(scope="module")
def start_camera(tmp_path_factory):
    """Starts cameras; all of them are gone at the end of the module."""
    started = []

    def start(*arguments, folder=None, env=None):
        camera = RunningCamera(folder or tmp_path_factory.mktemp("camera"), *arguments, env=env)
        started.append(camera)
        return camera

    yield start
    for camera in started:
        camera.stop()
