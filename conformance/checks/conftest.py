"""What a check is given: the device, its control, a place to say what it expects."""

from collections.abc import Iterator

import pytest

from conformance import judge
from conformance.camera import Camera
from conformance.control import Control
from conformance.expect import Expectations, does_not_apply, not_checked
from conformance.onvif.device import Device, of
from conformance.run import Run
from conformance.showing import Screen
from conformance.stimulus.projecting import Projector


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Run:
    """The run: its target, its claim, its options."""
    return judge.run_of(request)


@pytest.fixture
def expect(request: pytest.FixtureRequest) -> Expectations:
    """Where the check says what it expects (conformance/expect.py)."""
    return judge.expectations_of(request)


@pytest.fixture
def camera(run: Run) -> Iterator[Camera]:
    """The device. What the check changes through it is put back after the check."""
    camera = run.target.camera
    if camera is None:  # checks for any ONVIF camera are run all the same
        does_not_apply("it is of another make")
    yield camera
    if run.keeper is not None and not run.unreachable:
        run.tell_once(run.keeper.after_check())  # what counts is how the device is at the end


@pytest.fixture
def control(request: pytest.FixtureRequest, camera: Camera) -> Control:
    """The control interface of the device; without one the check is not checked."""
    control: Control = judge.control_of(request)
    return control


@pytest.fixture
def screen(run: Run, camera: Camera, control: Control, expect: Expectations) -> Screen:
    """Shows the camera scenes, and reads what it made of them."""
    return Screen(run, camera, control, expect)


@pytest.fixture
def projector(request: pytest.FixtureRequest, camera: Camera) -> Projector:
    """Shows the camera films on a screen before its lens, and reads what it made of them."""
    projector: Projector = judge.projector_of(request)
    return projector


@pytest.fixture
def device(run: Run) -> Device:
    """The device's ONVIF services; where no device service answers: not checked."""
    device = of(run)
    if not device.is_there():
        why = f"no ONVIF device service answers at {device.path}"
        (not_checked if run.target.camera else does_not_apply)(why)
    return device
