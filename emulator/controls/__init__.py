"""What stands behind the control interface: each of its requests, done to one camera.

  time     clock, scene, and the truth of what plays
  storage  volumes, and history that is filled in
  trouble  faults, and the journal of requests
  mains    reboots, resets, and the state as a file
  defects  what it does wrong on purpose
  words    what of it they share

Each has one method for each of its rows in `edge/control/routes.py`, of its name. They run one
at a time but for those that only look; what they get has been checked against its model.
"""

from collections.abc import Callable
from typing import Any

from emulator.controls.defects import DefectControls
from emulator.controls.mains import MainsControls
from emulator.controls.storage import StorageControls
from emulator.controls.time import TimeControls
from emulator.controls.trouble import FaultControls
from emulator.edge.control import ROUTES
from emulator.making import era
from emulator.served import Served

__all__ = ["controls"]


def controls(served: Served) -> dict[str, Callable[..., Any]]:
    """Return what does each row of ROUTES, by its name, to a camera."""
    desks = (
        TimeControls(served.camera, served.power, served.time, served.camera.setup.source_of),
        StorageControls(served.camera, served.duties, era),
        FaultControls(served.camera, served.desk, served.duties, served.journal),
        MainsControls(served),
        DefectControls(served.camera),
    )
    return {
        route.name: next(getattr(one, route.name) for one in desks if hasattr(one, route.name))
        for route in ROUTES
    }
