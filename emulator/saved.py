"""Heat-map settings as they are kept: by their wire keys, and what the wire never carries."""

from typing import Any, Protocol, cast

from emulator.core import cgi
from emulator.core.settings import HeatSettings, SettingError, change_by_key

SETTINGS = "settings"
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
