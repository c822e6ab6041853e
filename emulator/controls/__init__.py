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

from collections.abc import Callable, Iterable
from typing import Any

from emulator.controls.defects import DefectControls
from emulator.controls.mains import MainsControls
from emulator.controls.storage import StorageControls
from emulator.controls.time import TimeControls
from emulator.controls.trouble import FaultControls
from emulator.edge.control import ROUTES

__all__ = [
    "DefectControls",
    "FaultControls",
    "MainsControls",
    "StorageControls",
    "TimeControls",
    "handlers",
]


def handlers(desks: Iterable[object]) -> dict[str, Callable[..., Any]]:
    """Return for each row of ROUTES the method of its name; one of the desks has it."""
    desks = tuple(desks)
    return {
        route.name: next(getattr(one, route.name) for one in desks if hasattr(one, route.name))
        for route in ROUTES
    }
