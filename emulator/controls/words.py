"""What the control interface's rooms share: its words for time, and for what can't be now."""

from collections.abc import Iterator
from contextlib import contextmanager

from emulator.app import Camera
from emulator.core.localtime import to_local
from emulator.edge.control import ConflictError
from emulator.edge.storage import StorageError
from emulator.power import Power
from emulator.timekeeping import LiveError


def local(camera: Camera, at_ms: int) -> str:
    """Return what the camera's wall clock reads at an instant of its clock."""
    return to_local(at_ms, camera.zone).replace(microsecond=0).isoformat()


def must_be_up(power: Power) -> None:
    """Refuse what can't be done to a camera that is down. Raises ConflictError."""
    if not power.is_up:
        raise ConflictError("the camera is down; GET /v1/reboot tells when it is up")


@contextmanager
def if_it_can() -> Iterator[None]:
    """Turn what can't be now into a ConflictError."""
    try:
        yield
    except LiveError as error:
        raise ConflictError(str(error)) from None
    except StorageError as error:
        raise ConflictError(f"the store can't be used: {error}") from None
