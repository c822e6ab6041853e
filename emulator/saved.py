"""What a camera keeps by name besides its heat: how each is written, and read again.

Settings lie by their wire keys, with what the wire never carries; the clock by its time zone
and what a client wrote of it; exports by the wall clock's readings they were set to.
"""

from datetime import datetime
from typing import Any, Protocol, cast

from emulator.core import cgi, network
from emulator.core.network import Network
from emulator.core.reports.export import Progress
from emulator.core.reports.export_settings import ExportSettings, change_export, export_fields
from emulator.core.settings import HeatSettings, SettingError, change_by_key
from emulator.core.streams import encoders
from emulator.core.streams.encoders import EncoderError, Encoders

SETTINGS = "settings"
EXPORT, EXPORTED = "export", "exported"
ZONE = "zone"
DATETIME = "datetime"
ACTIVATED = "activated"
"""The administrator's password, where it was set at the first use; None: it is yet to be."""
ENCODERS = "encoders"
NETWORK, SCOPES, DISCOVERY = "network", "scopes", "discovery"
IMAGING, PROFILES, METADATA = "imaging", "profiles", "metadata"
GONE = (
    *(DATETIME, EXPORT, EXPORTED, ACTIVATED, ENCODERS),
    *(NETWORK, SCOPES, DISCOVERY, IMAGING, PROFILES, METADATA),
)
"""What a camera as delivered has nothing of."""
_SEMANTICS = "dwell_semantics"


class SavedError(ValueError):
    """Kept settings that can't be read; the message says what is wrong with them."""


class Kept(Protocol):
    """Where values lie by name."""

    def state(self, name: str) -> object | None:
        """Return what was put under a name, or None."""


def settings_of(store: Kept) -> HeatSettings:
    """Return the settings kept in `store`; in a new one, those that stuntcam begins with.

    Raises SavedError if they can't be read.
    """
    kept = store.state(SETTINGS)
    if kept is None:
        return HeatSettings(enable=1)  # CONTRACT 2; as delivered it would be off (SET-01)
    try:
        fields = dict(cast("dict[str, Any]", kept))
        semantics = fields.pop(_SEMANTICS)
        return change_by_key(HeatSettings(dwell_semantics=semantics), fields.items())
    except (SettingError, KeyError, TypeError, ValueError) as error:
        raise SavedError(f"the saved settings can't be read: {error}") from error


def as_kept(settings: HeatSettings) -> dict[str, object]:
    """Return `settings` as they are put under SETTINGS."""
    return cgi.settings_fields(settings) | {_SEMANTICS: settings.dwell_semantics}


def export_settings_of(store: Kept) -> ExportSettings:
    """Return what `store` has of automatic export; in a new one, nothing is exported.

    Raises SavedError if it can't be read.
    """
    kept = store.state(EXPORT)
    try:
        fields = cast("dict[str, Any]", kept or {})
        return change_export(ExportSettings(), fields.items())
    except (SettingError, AttributeError) as error:
        raise SavedError(f"the saved export settings can't be read: {error}") from error


def export_progress_of(store: Kept) -> Progress:
    """Return how far `store` says exports have come. Raises SavedError if it can't be read."""
    kept = store.state(EXPORTED)
    try:
        fields = cast("dict[str, Any]", kept or {"through_ms": 0, "done": []})
        done = tuple(datetime.fromisoformat(text) for text in fields["done"])
        return Progress(int(fields["through_ms"]), done)
    except (KeyError, TypeError, ValueError) as error:
        raise SavedError(f"the saved exports can't be read: {error}") from error


def exports_as_kept(settings: ExportSettings, progress: Progress) -> dict[str, object]:
    """Return both as they are put in the store: by name."""
    done = [reading.isoformat() for reading in progress.done]
    return {
        EXPORT: export_fields(settings, secrets=True),
        EXPORTED: {"through_ms": progress.through_ms, "done": done},
    }


def encoders_of(store: Kept) -> Encoders:
    """Return how `store` says streams are coded; in a new one, as delivered.

    Raises SavedError if it can't be read.
    """
    try:
        return encoders.from_fields(cast("dict[str, Any]", store.state(ENCODERS) or {}))
    except (EncoderError, AttributeError, TypeError, ValueError) as error:
        raise SavedError(f"the saved streams can't be read: {error}") from error


def network_of(store: Kept) -> Network:
    """Return what `store` has of the camera's network; in a new one, as delivered.

    Raises SavedError if it can't be read.
    """
    try:
        return network.read(store.state(NETWORK))
    except (TypeError, ValueError) as error:
        raise SavedError(f"the saved network can't be read: {error}") from error


def zone_name_of(store: Kept) -> str | None:
    """Return the name of the time zone kept in `store`; None: in a new one."""
    kept = store.state(ZONE)
    return kept if isinstance(kept, str) else None


def activation_of(store: Kept) -> str | None:
    """Return the administrator's password that was set at the first use; None: none was."""
    kept = store.state(ACTIVATED)
    return kept if isinstance(kept, str) else None


def datetime_of(store: Kept) -> dict[str, object]:
    """Return what a client wrote of the clock (core/wallclock.py)."""
    kept = store.state(DATETIME)
    return dict(kept) if isinstance(kept, dict) else {}
