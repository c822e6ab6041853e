"""What a camera keeps by name besides its heat: how each is written, and read again.

Heat-map settings lie by their wire keys, with what the wire never carries; the clock by its
time zone and what a client wrote of it.
"""

from typing import Any, Protocol, cast

from emulator.core import cgi
from emulator.core.settings import HeatSettings, SettingError, change_by_key

SETTINGS = "settings"
ZONE = "zone"
DATETIME = "datetime"
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


def zone_name_of(store: Kept) -> str | None:
    """Return the name of the time zone kept in `store`; None: in a new one."""
    kept = store.state(ZONE)
    return kept if isinstance(kept, str) else None


def datetime_of(store: Kept) -> dict[str, object]:
    """Return what a client wrote of the clock (core/wallclock.py)."""
    kept = store.state(DATETIME)
    return dict(kept) if isinstance(kept, dict) else {}
