"""What a camera's ONVIF services know of it, and which services it has."""

from collections.abc import Mapping
from datetime import tzinfo

from emulator.app import Camera
from emulator.core.accounts import Account
from emulator.core.device import Identity
from emulator.core.limits import Limits
from emulator.core.soapfault import Fault
from emulator.edge.http import DeviceError
from emulator.edge.onvif.analytics import analytics_service
from emulator.edge.onvif.device import device_service
from emulator.edge.onvif.events import events_service
from emulator.edge.onvif.service import Service
from emulator.edge.onvif.subscriptions import Subscriptions


def services(facts: "OnvifFacts", subscriptions: Subscriptions) -> list[Service]:
    """Return all services of a camera, Device first."""
    return [
        device_service(facts),
        analytics_service(facts),
        events_service(facts, subscriptions, facts.limits),
    ]


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

    @property
    def limits(self) -> Limits:
        """What it has room for."""
        return self._camera.setup.limits

    @property
    def offered(self) -> bool:
        """Whether this model and firmware have the heat map."""
        return self._camera.offered

    def heat_map(self) -> Mapping[str, object]:
        """Return its settings by their wire keys."""
        return self._camera.fields("get.heatmap.configuration")

    def change_heat_map(self, values: list[tuple[str, object]]) -> None:
        """Change settings by their wire keys. Raises SettingError or Fault."""
        try:
            self._camera.act("set.heatmap.configuration", values)
        except DeviceError as error:
            raise Fault("Action", str(error), "Receiver") from None
