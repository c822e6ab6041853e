"""The Imaging service: the picture's settings, read, written, told apart (core/onvif/imaging.py).

Source: ONVIF Imaging; operations, access classes, faults. Focus does not move: there are no move
options.
"""

from typing import Any

from emulator.core.onvif import imaging, paths, tokens
from emulator.core.onvif.imaging import Imaging, Scale
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.facts import Facts
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, Service, needed

KEPT = "imaging"
STABLE = "IDLE"


def imaging_service(facts: Facts) -> Service:
    """Return the Imaging service of a camera."""
    room = _Imaging(facts)
    return Service(
        name="imaging",
        namespace="http://www.onvif.org/ver20/imaging/wsdl",
        path=paths.IMAGING,
        version=(2, 42),
        category="Imaging",
        operations={
            "GetImagingSettings": Operation("READ_MEDIA", room.get_settings),
            "SetImagingSettings": Operation("ACTUATE", room.set_settings),
            "GetOptions": Operation("READ_MEDIA", room.get_options),
            "GetMoveOptions": Operation("READ_MEDIA", room.get_move_options),
            "GetStatus": Operation("READ_MEDIA", room.get_status),
            "Stop": Operation("ACTUATE", room.stop),
        },
        capabilities=lambda: {"ImageStabilization": False},
    )


def settings1(kept: object | None) -> Fields:
    """Return the settings as the first Media service tells them: levels and modes are musts."""
    values = imaging.read(kept)
    return {
        **{name: values[name] for name in imaging.SCALES},
        **{name: _with_level(values, name) for name in imaging.LEVELS},
        "IrCutFilter": values["IrCutFilter.Mode"],
    }


class _Imaging:
    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def get_settings(self, request: Request, caller: Caller) -> Fields:
        _check_source(request)
        values = imaging.read(self._facts.kept(KEPT))
        return {
            "ImagingSettings": {
                **settings1(values),
                "Exposure": {"Mode": values["Exposure.Mode"]},
                "Focus": {"AutoFocusMode": values["Focus.Mode"]},
                "WhiteBalance": {"Mode": values["WhiteBalance.Mode"]},
            }
        }

    def set_settings(self, request: Request, caller: Caller) -> Fields:
        _check_source(request)
        wanted = needed(request.ImagingSettings, "ImagingSettings")
        given: list[tuple[str, Any]] = [(name, wanted[name]) for name in imaging.SCALES]
        given.append(("IrCutFilter.Mode", wanted.IrCutFilter))
        for name in imaging.MODES.keys() - {"IrCutFilter"}:
            part = wanted[name]
            if part is not None:
                given.append((f"{name}.Mode", part["AutoFocusMode" if name == "Focus" else "Mode"]))
                if name in imaging.LEVELS:
                    given.append((f"{name}.Level", part.Level))
        self._facts.change(KEPT, lambda kept: imaging.change(imaging.read(kept), given))
        return {}

    def get_options(self, request: Request, caller: Caller) -> Fields:
        _check_source(request)
        modes = imaging.MODES
        return {
            "ImagingOptions": {
                **{name: _range(scale) for name, scale in imaging.SCALES.items()},
                **{
                    name: {"Mode": list(modes[name]), "Level": _range(scale)}
                    for name, scale in imaging.LEVELS.items()
                },
                "Exposure": {"Mode": list(modes["Exposure"])},
                "Focus": {"AutoFocusModes": list(modes["Focus"])},
                "IrCutFilterModes": list(modes["IrCutFilter"]),
                "WhiteBalance": {"Mode": list(modes["WhiteBalance"])},
            }
        }

    def get_move_options(self, request: Request, caller: Caller) -> Fields:
        _check_source(request)
        return {"MoveOptions": {}}

    def get_status(self, request: Request, caller: Caller) -> Fields:
        _check_source(request)
        return {"Status": {"FocusStatus20": {"Position": 0.0, "MoveStatus": STABLE}}}

    def stop(self, request: Request, caller: Caller) -> Fields:
        _check_source(request)  # nothing moves: it is stopped
        return {}


def _check_source(request: Request) -> None:
    token = request.VideoSourceToken
    if token != tokens.VIDEO_SOURCE:
        raise Fault("InvalidArgVal/NoSource", f"there is no video source {str(token)[:64]!r}")


def _with_level(values: Imaging, name: str) -> Fields:
    return {"Mode": values[f"{name}.Mode"], "Level": values[f"{name}.Level"]}


def _range(scale: Scale) -> Fields:
    return {"Min": scale.low, "Max": scale.high}
