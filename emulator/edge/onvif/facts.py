"""What the ONVIF services need of a camera: Protocols, one for each service.

Calls may block; they are made in threads. What is changed is committed when a call returns;
what is refused has changed nothing.
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Protocol

from emulator.core.accounts import Account
from emulator.core.device import Identity


class DeviceFacts(Protocol):
    """What the device service needs."""

    @property
    def identity(self) -> Identity:
        """Who the device is."""

    @property
    def zone(self) -> tzinfo:
        """The zone its clock shows."""

    def now_ms(self) -> int:
        """Return what its clock reads, ms since 1970 UTC."""

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name."""


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
