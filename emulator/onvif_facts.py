"""What a camera's ONVIF services know of it, and which services it has."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import Any

from emulator import saved
from emulator.app import Camera
from emulator.core.accounts import Account
from emulator.core.device import Identity
from emulator.core.limits import Limits
from emulator.core.onvif.analytics import Parameter
from emulator.core.onvif.soapfault import Fault
from emulator.core.streams.encoders import Encoders, Size
from emulator.edge import zones
from emulator.edge.clock import ZoneError
from emulator.edge.http import DeviceError
from emulator.edge.onvif.analytics import analytics_service, modules, rules
from emulator.edge.onvif.device import device_service
from emulator.edge.onvif.deviceio import deviceio_service
from emulator.edge.onvif.events import events_service
from emulator.edge.onvif.imaging import imaging_service
from emulator.edge.onvif.media import media_service
from emulator.edge.onvif.media2 import media2_service
from emulator.edge.onvif.service import Service
from emulator.edge.onvif.subscriptions import Subscriptions
from emulator.edge.storage import StorageError
from emulator.power import Power
from emulator.streams import Streams


def services(facts: "OnvifFacts", subscriptions: Subscriptions) -> list[Service]:
    """Return all services of a camera, Device first."""
    return [
        device_service(facts),
        media_service(facts),
        media2_service(facts),
        imaging_service(facts),
        deviceio_service(facts),
        analytics_service(facts, lambda: facts.parameters),
        events_service(facts, subscriptions, facts.limits),
    ]


class OnvifFacts:
    """A camera as its ONVIF services see it (edge/onvif/facts.py).

    power  its mains, once they are there; streams: how it sends video
    ports  of its listeners, by ONVIF's name; None: one that is off
    """

    def __init__(
        self,
        camera: Camera,
        power: Callable[[], Power],
        streams: Streams,
        ports: Mapping[str, int | None],
    ) -> None:
        self._camera, self._power, self._streams = camera, power, streams
        self.ports = ports

    @property
    def identity(self) -> Identity:
        """Who the device is."""
        return self._camera.setup.identity

    @property
    def parameters(self) -> Sequence[Parameter]:
        """What is told of the heat map's parameters."""
        return self._camera.policy.parameters

    @property
    def limits(self) -> Limits:
        """How many of something it serves at once."""
        return self._camera.setup.limits

    # --- what is kept --------------------------------------------------------------------

    def kept(self, name: str) -> object | None:
        """Return what is kept under a name of saved.GONE, or None."""
        return self._camera.storage.state(name)

    def change(self, name: str, changed: Callable[[object | None], object]) -> None:
        """Keep what `changed` makes of what is kept under `name`; nothing if that raises."""
        with self._committing(name), self._camera.turns.turn():
            self._camera.recorder.flush({name: changed(self.kept(name))})

    # --- its clock -----------------------------------------------------------------------

    @property
    def zone(self) -> tzinfo:
        """The zone its clock shows."""
        return self._camera.zone

    @property
    def posix_zone(self) -> str:
        """That zone as POSIX spells it."""
        return zones.posix_of(self._camera.zone_name)

    @property
    def clock_values(self) -> Mapping[str, object]:
        """What clients wrote of the clock."""
        return saved.datetime_of(self._camera.storage)

    def now_ms(self) -> int:
        """Return what its clock reads."""
        return self._camera.now_ms()

    def set_clock(self, zone: str | None, utc_ms: int | None, kept: Mapping[str, object]) -> None:
        """Set the clock: its zone, and what it reads."""
        camera = self._camera
        try:
            name = None if zone is None else zones.name_of(zone, camera.zone_name)
        except ZoneError as error:
            raise Fault("InvalidArgVal/InvalidTimeZone", f"TZ={error}") from None
        with self._committing("the clock"), camera.turns.turn():
            values = saved.datetime_of(camera.storage) | dict(kept)
            camera.set_clock(name, None, {saved.DATETIME: values})
            if utc_ms is not None:
                camera.clock.set(utc_ms)

    # --- who may log in ------------------------------------------------------------------

    def information(self) -> Mapping[str, object]:
        """Return `get.system.information`, as the CGI tells it."""
        return self._camera.fields("get.system.information")

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name."""
        return self._camera.accounts()

    def add_accounts(self, wanted: Sequence[Account]) -> None:
        """Add accounts; all or none."""
        with self._committing("accounts"), self._camera.turns.turn():
            self._camera.users.add_all(wanted)

    def remove_accounts(self, names: Sequence[str]) -> None:
        """Take accounts out; all or none."""
        with self._committing("accounts"), self._camera.turns.turn():
            self._camera.users.remove_all(names)

    def change_accounts(self, wanted: Sequence[tuple[str, str, str | None]]) -> None:
        """Give accounts other roles and passwords; all or none."""
        with self._committing("accounts"), self._camera.turns.turn():
            self._camera.users.change_all(wanted)

    # --- its mains -----------------------------------------------------------------------

    def reboot(self) -> None:
        """Start again, once the answer is out."""
        self._power().reboot_soon()

    def factory_reset(self, keep_network: bool) -> None:
        """Be as delivered and start again, once the answer is out."""
        power, network = self._power(), self.kept(saved.NETWORK)

        def reset() -> None:
            power.factory_reset()
            if keep_network:
                self.change(saved.NETWORK, lambda _: network)

        power.reboot_soon(reset)

    # --- its video -----------------------------------------------------------------------

    @property
    def encoders(self) -> Encoders:
        """How the streams are coded."""
        return self._streams.encoders

    @property
    def seen(self) -> Size:
        """Width and height of what the camera sees."""
        return self._streams.seen

    def change_encoder(self, stream: str, values: Iterable[tuple[str, Any]]) -> None:
        """Change how a stream is coded. Raises EncoderError."""
        with self._committing(stream):
            self._streams.change(stream, values)

    def refresh(self, stream: str) -> None:
        """Have the next picture of a stream stand alone."""
        self._streams.refresh(stream)

    def stream_uri(self, host: str, stream: str, is_tunnelled: bool) -> str | None:
        """Return where a stream is played; None: it is not sent."""
        port = self.ports.get("HTTP" if is_tunnelled else "RTSP")
        if port is None or self.ports.get("RTSP") is None:
            return None
        return f"rtsp://{host}:{port}/{stream}"

    # --- its analysis --------------------------------------------------------------------

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

    def analytics(self) -> tuple[Sequence[Any], Sequence[Any]]:
        """Return the analysis' modules and rules, as values of tt:Config."""
        return modules(self), rules()

    @contextmanager
    def _committing(self, what: str) -> Iterator[None]:
        try:
            with self._camera.committing(what):
                yield
        except (DeviceError, StorageError) as error:
            raise Fault("Action", str(error), "Receiver") from None
