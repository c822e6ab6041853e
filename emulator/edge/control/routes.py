"""The control interface as a table: which requests there are, and what each takes and gives.

The server and the OpenAPI document are made from it; a handler has the row's name.
"""

from dataclasses import dataclass

from pydantic import BaseModel

import emulator.edge.control.models as m


@dataclass(frozen=True, slots=True)
class Route:
    """One request.

    name      the handler's, and the OpenAPI operation's
    takes     the body's model; bytes: any octets; None: no body
    gives     the answer's model; bytes: octets; None: nothing
    refuses   statuses besides those for a wrong body, credentials and method
    """

    method: str
    path: str
    name: str
    about: str
    takes: type[BaseModel] | type[bytes] | None = None
    gives: type[BaseModel] | type[bytes] | None = None
    status: int = 200
    refuses: tuple[int, ...] = ()


VOLUME_ACTIONS = {
    "insert": "Put the card in, or connect the share.",
    "pull": "Pull the card, or cut the share off, in the middle of whatever is going on.",
    "mount": "Use a volume that is there.",
    "unmount": "Stop using a volume, in good order.",
    "format": "Erase a volume.",
}

ROUTES = (
    Route("GET", "/v1/clock", "clock", "Tell the camera's time.", gives=m.ClockReading),
    Route(
        "PUT",
        "/v1/clock",
        "set_clock",
        "Set the clock, its zone, or how time goes. No stay ends by it.",
        takes=m.ClockChange,
        gives=m.ClockReading,
        refuses=(409, 422),
    ),
    Route(
        "POST",
        "/v1/clock/step",
        "step_clock",
        "Let the clock jump. What is due in between (hours, retention, exports) is done in order.",
        takes=m.Step,
        gives=m.ClockReading,
        refuses=(409, 422),
    ),
    Route("GET", "/v1/scene", "scene", "Tell what the camera looks at.", gives=m.Scene),
    Route(
        "PUT",
        "/v1/scene",
        "set_scene",
        "Show the camera another scene or file, another part of it, or pause it.",
        takes=m.SceneChange,
        gives=m.Scene,
        refuses=(409, 422),
    ),
    Route(
        "GET",
        "/v1/storage",
        "storage",
        "Tell what is known of the flash, the SD card and the shares.",
        gives=m.StorageState,
    ),
    Route(
        "PUT",
        "/v1/storage/{volume}",
        "set_volume",
        "Change how a volume is used.",
        takes=m.VolumeChange,
        gives=m.VolumeState,
        refuses=(404,),
    ),
    *(
        Route(
            "POST",
            f"/v1/storage/{{volume}}/{name}",
            f"{name}_volume",
            about,
            gives=m.VolumeState,
            refuses=(404, 409),
        )
        for name, about in VOLUME_ACTIONS.items()
    ),
    Route(
        "POST",
        "/v1/storage/copy",
        "copy",
        "Give the volumes all that they lack and can take, at once.",
        gives=m.Copied,
    ),
    Route("GET", "/v1/history", "history", "Tell how much history is filled.", gives=m.History),
    Route(
        "POST",
        "/v1/history",
        "fill_history",
        "Fill days with shop life by the formula of docs/history.md, up to the clock's hour.",
        takes=m.HistoryOrder,
        gives=m.History,
        refuses=(409, 422),
    ),
    Route(
        "DELETE",
        "/v1/history",
        "empty_history",
        "Take all filled history out again.",
        gives=m.History,
        refuses=(409,),
    ),
    Route("GET", "/v1/faults", "faults", "List the faults in force.", gives=m.Faults),
    Route(
        "POST",
        "/v1/faults",
        "begin_fault",
        "Begin a fault; it is in force when this is answered.",
        takes=m.FaultOrder,
        gives=m.FaultState,
        status=201,
        refuses=(409,),
    ),
    Route("DELETE", "/v1/faults", "end_faults", "End all faults.", status=204),
    Route("DELETE", "/v1/faults/{id}", "end_fault", "End one fault.", status=204, refuses=(404,)),
    Route("GET", "/v1/defects", "defects", "List all defects, and which are on.", gives=m.Defects),
    Route(
        "PUT",
        "/v1/defects",
        "set_defects",
        "Have the camera do these things wrong, and no others.",
        takes=m.DefectsChange,
        gives=m.Defects,
        refuses=(409,),
    ),
    Route(
        "POST",
        "/v1/truth",
        "truth",
        "Tell what a faultless camera would report of the drawn scene that plays.",
        takes=m.TruthQuery,
        gives=m.Truth,
        refuses=(409,),
    ),
    Route("GET", "/v1/reboot", "power", "Tell whether the camera is up.", gives=m.Power),
    Route(
        "POST",
        "/v1/reboot",
        "reboot",
        "Start the camera again, softly or by a power cut. Answers before it is down.",
        takes=m.Reboot,
        gives=m.Power,
        status=202,
        refuses=(409,),
    ),
    Route(
        "POST",
        "/v1/reset",
        "reset",
        "Back to how this process started: scene, clock, settings, accounts; no heat, no faults.",
        status=204,
        refuses=(409,),
    ),
    Route(
        "POST",
        "/v1/factory-reset",
        "factory_reset",
        "Back to as delivered: switched off, no accounts, no heat; the clock and scene go on.",
        status=204,
        refuses=(409,),
    ),
    Route(
        "GET",
        "/v1/state",
        "state",
        "The camera's state as one file.",
        gives=bytes,
        refuses=(409,),
    ),
    Route(
        "PUT",
        "/v1/state",
        "restore",
        "Restore a state; a damaged or foreign one is refused, and nothing is changed.",
        takes=bytes,
        gives=m.Restored,
        refuses=(409, 422),
    ),
    Route(
        "GET", "/v1/requests", "requests", "List the camera's latest requests.", gives=m.Requests
    ),
    Route("DELETE", "/v1/requests", "forget_requests", "Forget the requests.", status=204),
)


def table() -> str:
    """Return the rows of docs/control.md's table of requests."""
    return "".join(f"| `{route.method} {route.path}` | {route.about} |\n" for route in ROUTES)
