"""What the ONVIF services need of a camera: Protocols, one for each kind of service.

Calls may block; they are made in threads. What is changed is committed when a call returns;
what is refused, by a Fault, has changed nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Protocol

from emulator.core.accounts import Account
from emulator.core.device import Identity
from emulator.core.limits import Limits
from emulator.core.streams.encoders import Encoders, Size


class Facts(Protocol):
    """What every service may need."""

    @property
    def identity(self) -> Identity:
        """Who the device is."""

    @property
    def limits(self) -> Limits:
        """How many of something it serves at once."""

    def kept(self, name: str) -> object | None:
        """Return what is kept under a name of KEPT, or None."""

    def change(self, name: str, changed: Callable[[object | None], object]) -> None:
        """Keep what `changed` makes of what is kept under `name`; nothing if that raises."""


class DeviceFacts(Facts, Protocol):
    """What the Device service needs besides."""

    @property
    def zone(self) -> tzinfo:
        """The zone its clock shows."""

    @property
    def posix_zone(self) -> str:
        """That zone as POSIX spells it."""

    @property
    def clock_values(self) -> Mapping[str, object]:
        """What clients wrote of the clock (core/wallclock.py)."""

    @property
    def ports(self) -> Mapping[str, int | None]:
        """The ports of HTTP, HTTPS and RTSP; None: it is off."""

    def now_ms(self) -> int:
        """Return what its clock reads, ms since 1970 UTC."""

    def information(self) -> Mapping[str, object]:
        """Return `get.system.information`, as the CGI tells it."""

    def set_clock(self, zone: str | None, utc_ms: int | None, kept: Mapping[str, object]) -> None:
        """Set the clock: its zone as POSIX spells it, and what it reads; None: as they are.

        kept  more that is written of the clock
        """

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name."""

    def add_accounts(self, wanted: Sequence[Account]) -> None:
        """Add accounts; all or none. Raises AccountError."""

    def remove_accounts(self, names: Sequence[str]) -> None:
        """Take accounts out; all or none. Raises AccountError."""

    def change_accounts(self, wanted: Sequence[tuple[str, str, str | None]]) -> None:
        """Give (name, role, password) new roles and passwords (None: as it is); all or none.

        Raises AccountError.
        """

    def reboot(self) -> None:
        """Start again, once the answer is out."""

    def factory_reset(self, keep_network: bool) -> None:
        """Be as delivered and start again, once the answer is out."""


class MediaFacts(Facts, Protocol):
    """What the media and imaging services need besides."""

    @property
    def encoders(self) -> Encoders:
        """How the streams are coded."""

    @property
    def seen(self) -> Size:
        """Width and height of what the camera sees."""

    @property
    def ports(self) -> Mapping[str, int | None]:
        """The ports of HTTP, HTTPS and RTSP; None: it is off."""

    def change_encoder(self, stream: str, values: Iterable[tuple[str, Any]]) -> None:
        """Change how a stream is coded. Raises EncoderError."""

    def refresh(self, stream: str) -> None:
        """Have the next picture of a stream stand alone, for who can't wait for one."""

    def analytics(self) -> tuple[Sequence[Any], Sequence[Any]]:
        """Return the analysis' modules and rules, as values of tt:Config."""

    def stream_uri(self, host: str, stream: str, is_tunnelled: bool) -> str | None:
        """Return where a stream is played; None: it is not sent.

        host          this camera, as the client knows it
        is_tunnelled  RTSP over HTTP is asked for
        """


class ClockFacts(Protocol):
    """What the events service needs."""

    def now_ms(self) -> int:
        """Return what the camera's clock reads, ms since 1970 UTC."""


class AnalyticsFacts(Protocol):
    """What the analytics service needs."""

    @property
    def offered(self) -> bool:
        """Whether this model and firmware have the heat map."""

    def heat_map(self) -> Mapping[str, object]:
        """Return its settings by their wire keys."""

    def change_heat_map(self, values: list[tuple[str, object]]) -> None:
        """Change settings by their wire keys; returns when it is committed.

        Raises SettingError, or Fault if they can't be kept.
        """
