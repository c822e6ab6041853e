"""The storage's part of the action CGIs: status, format, mount (facts 2.3, 7)."""

from typing import Protocol

from emulator.core import volumes
from emulator.core.volumes import StorageStatus, VolumeError


class Medium(Protocol):
    """A card or a share, as far as it can be told what to do."""

    recycle: bool

    def mount(self) -> None:
        """Be in use."""

    def unmount(self) -> None:
        """Be out of use."""

    def format(self, now: str) -> None:
        """Be empty."""


class Storing(Protocol):
    """Whoever knows the volumes."""

    def status(self) -> StorageStatus:
        """Return what is known of all volumes."""

    def volume(self, name: str) -> Medium:
        """Return a volume. Raises VolumeError if there is none."""


def fields(storage: Storing, action: str) -> dict[str, object]:
    """Return the answer fields of `get.storage.settings` or `get.storage.nas`."""
    known = storage.status().volumes
    if action == "get.storage.nas":
        return volumes.share_fields(volume for volume in known if volume.kind == "nas")
    return volumes.card_fields(next((volume for volume in known if volume.kind == "sd"), None))


def act(storage: Storing, action: str, values: list[tuple[str, object]], now: str) -> None:
    """Do a `set.storage.` action at camera time `now`. Raises VolumeError."""
    takes = {"recycle"} if action == "set.storage.settings" else {"volume"}
    asked = volumes.request(values, takes)
    volume = storage.volume(str(asked.get("volume", "sd")))
    match action:
        case "set.storage.settings":
            if "recycle" in asked:
                volume.recycle = str(asked["recycle"]) == "1"
        case "set.storage.mount":
            volume.mount()
        case "set.storage.unmount":
            volume.unmount()
        case "set.storage.format":
            volume.format(now)
        case _:
            raise VolumeError(f"no action {action}")
