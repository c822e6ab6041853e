"""pytest fixtures: an emulated camera for each test that asks for one.

    camera          a running camera, as it comes
    camera_factory  cameras of another make: camera_factory(model="MS-C2972-RFPE", storage="sd")

Loaded by every pytest of the environment that stuntcam is installed in, so nothing heavy is
imported until a camera is asked for. A camera stays for the whole run and is reset between
tests; while no test uses it, it rests. docs/for-developers.md shows the fixtures at work.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from emulator.kit.camera import Camera

Cameras = dict[tuple[str, int], "Camera"]


@pytest.fixture(scope="session")
def stuntcam_cameras() -> Iterator[Cameras]:
    """The cameras of this run, by what they are made of and a number."""
    cameras: Cameras = {}
    yield cameras
    for camera in cameras.values():
        camera.stop()


@pytest.fixture
def camera_factory(stuntcam_cameras: Cameras) -> Iterator[Callable[..., "Camera"]]:
    """Gives running cameras; each call in a test another one, as new."""
    from emulator import Camera  # noqa: PLC0415  # a second
    from emulator.kit.camera import QUIET  # noqa: PLC0415

    used: list[tuple[str, int]] = []

    def camera(
        *,
        model: str | None = None,
        firmware: str | None = None,
        settings: Mapping[str, Any] | None = None,
        scene: str | None = None,
        storage: str | None = None,
    ) -> "Camera":
        # Without people, so that a test has the heat that it makes, and no other.
        scene = QUIET if scene is None else scene
        source = scene if ":" in scene else f"scene:{scene}"
        made_of = {
            "model": model,
            "firmware": firmware,
            "settings": None if settings is None else dict(sorted(settings.items())),
            "source": source,
            "storage": storage,
        }
        given: dict[str, Any] = {
            name: value for name, value in made_of.items() if value is not None
        }
        kind = repr(given)
        key = kind, sum(one == kind for one, _ in used)
        if key in stuntcam_cameras:
            stuntcam_cameras[key].reset()
        else:
            loop = source.startswith("scene:")
            stuntcam_cameras[key] = Camera(**given, loop=loop).start()
        used.append(key)
        return stuntcam_cameras[key]

    yield camera
    for key in used:
        stuntcam_cameras[key].rest()


@pytest.fixture
def camera(camera_factory: Callable[..., "Camera"]) -> "Camera":
    """A running camera, as new."""
    return camera_factory()
