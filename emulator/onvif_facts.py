"""What a camera's ONVIF services know of it, and which services it has."""

from collections.abc import Mapping
from datetime import tzinfo

from emulator.app import Camera
from emulator.core.accounts import Account
from emulator.core.device import Identity
from emulator.edge.onvif.device import device_service
from emulator.edge.onvif.service import Service


def services(facts: "OnvifFacts") -> list[Service]:
    """Return all services of a camera, Device first."""
    return [device_service(facts)]


class OnvifFacts:
    """A camera as its ONVIF services see it (edge/onvif/facts.py)."""

    def __init__(self, camera: Camera) -> None:
        self._camera = camera

    @property
    def identity(self) -> Identity:
        """Who the device is."""
        return self._camera.setup.identity

    @property
    def zone(self) -> tzinfo:
        """The zone its clock shows."""
        return self._camera.zone

    def now_ms(self) -> int:
        """Return what its clock reads."""
        return self._camera.now_ms()

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name."""
        return self._camera.accounts()
