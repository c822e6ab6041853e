"""How a camera's picture is made up: what ONVIF's Imaging service reads and writes.

One table. Values are kept and read back; a drawn or recorded scene is shown as it is, whatever
they say (docs/onvif.md), so that what the detector sees never depends on them.

Source: ONVIF Imaging. Ranges and defaults are [INV].
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from emulator.core.onvif.soapfault import Fault


class Scale(NamedTuple):
    """A number's least and most value, and the default."""

    low: float
    high: float
    default: float


SCALES = {  # by ONVIF's name
    "Brightness": Scale(0, 100, 50),
    "ColorSaturation": Scale(0, 100, 50),
    "Contrast": Scale(0, 100, 50),
    "Sharpness": Scale(0, 100, 50),
}
LEVELS = {"BacklightCompensation": Scale(0, 100, 50), "WideDynamicRange": Scale(0, 100, 50)}
"""The strength of what is switched on, by the name of what is."""

MODES = {  # the first is the default
    "BacklightCompensation": ("OFF", "ON"),
    "Exposure": ("AUTO",),
    "Focus": ("MANUAL",),
    "IrCutFilter": ("AUTO", "ON", "OFF"),
    "WideDynamicRange": ("OFF", "ON"),
    "WhiteBalance": ("AUTO",),
}

Imaging = Mapping[str, float | str]
"""Every scale by its name, every level as `NAME.Level`, every mode as `NAME.Mode`."""


def delivered() -> dict[str, float | str]:
    """Return the values of a new camera."""
    values: dict[str, float | str] = {name: scale.default for name, scale in SCALES.items()}
    values |= {f"{name}.Level": scale.default for name, scale in LEVELS.items()}
    return values | {f"{name}.Mode": modes[0] for name, modes in MODES.items()}


def read(kept: object) -> Imaging:
    """Return what was kept, None: nothing was."""
    return delivered() | (dict(kept) if isinstance(kept, Mapping) else {})


def change(values: Imaging, given: Iterable[tuple[str, Any]]) -> Imaging:
    """Return `values` with those that are `given`, or refuse them all. Raises Fault.

    given  named as in Imaging; None: left out
    """
    changed = dict(values)
    for name, value in given:
        if value is None:
            continue
        stem, _, kind = name.partition(".")
        if kind == "Mode":
            _check_mode(stem, value)
            changed[name] = value
        else:
            changed[name] = _on_scale(name, value, (LEVELS if kind else SCALES)[stem])
    return changed


def _check_mode(name: str, value: Any) -> None:
    if value not in MODES[name]:
        known = ", ".join(MODES[name])
        raise _refused(f"{name}={str(value)[:24]} is not one of {known}")


def _on_scale(name: str, value: Any, scale: Scale) -> float:
    number = float(value)
    if not scale.low <= number <= scale.high:  # nor where it is no number
        raise _refused(f"{name}={number:g} is outside {scale.low:g}..{scale.high:g}")
    return number


def _refused(reason: str) -> Fault:
    return Fault("InvalidArgVal/SettingsInvalid", reason)
