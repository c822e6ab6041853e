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
