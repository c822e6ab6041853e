"""The control interface's faults, and its journal of requests."""

import dataclasses
import secrets
from typing import Any

import emulator.edge.control.models as m
from emulator.app import Camera
from emulator.controls.words import local
from emulator.core.faults import LARGEST_SEED, Fault, FaultError
from emulator.core.volumes import VolumeError
from emulator.duties import Duties
from emulator.edge.control import ConflictError, UnknownError
from emulator.edge.journal import Journal
from emulator.faulting import Desk


class FaultControls:
    """Begins and ends one camera's faults."""

    def __init__(self, camera: Camera, desk: Desk, duties: Duties, journal: Journal) -> None:
        self._camera, self._desk, self._duties = camera, desk, duties
        self._journal = journal

    # --- faults --------------------------------------------------------------------------

    def faults(self) -> m.Faults:
        """List the faults in force."""
        return m.Faults(faults=[_fault(*one) for one in self._desk.active()])

    def begin_fault(self, body: Any) -> m.FaultState:
        """Begin a fault."""
        asked = body.root.model_dump()
        when = {name: asked.pop(name) for name in ("count", "probability")}
        if "path" in asked:
            when["path"] = asked.pop("path")
        seed, duration_s, kind = asked.pop("seed"), asked.pop("duration_s"), asked.pop("name")
        when["seed"] = secrets.randbelow(LARGEST_SEED + 1) if seed is None else seed
        if kind in {"sd", "nas"}:
            name = "sd" if kind == "sd" else f"nas{asked['number']}"
            try:
                self._camera.storage.volume(name)
            except VolumeError as error:
                raise ConflictError(str(error)) from None
        try:
            fault = self._desk.begin(kind, asked, duration_s, **when)
        except FaultError as error:  # its model and the registry are one table
            raise AssertionError from error
        self._duties.faults.now()
        return _fault(fault, duration_s)

    def end_faults(self) -> None:
        """End all faults."""
        self._desk.end()
        self._duties.faults.now()

    def end_fault(self, id: str) -> None:  # noqa: A002  # the path's word
        """End one fault."""
        if not (id.isdecimal() and len(id) < 10 and self._desk.end(int(id))):
            numbers = ", ".join(str(fault.number) for fault, _ in self._desk.active()) or "none"
            raise UnknownError(f"no fault {id[:20]}; in force: {numbers}")
        self._duties.faults.now()

    # --- requests ------------------------------------------------------------------------

    def requests(self) -> m.Requests:
        """List the camera's latest requests."""
        entries, dropped = self._journal.entries()
        told = [
            m.Request.model_validate(
                dataclasses.asdict(entry) | {"at": local(self._camera, entry.utc_ms)}, strict=False
            )
            for entry in entries
        ]
        return m.Requests(requests=told, dropped=dropped)

    def forget_requests(self) -> None:
        """Forget the requests."""
        self._journal.clear()


def _fault(fault: Fault, ends_in_s: float | None) -> m.FaultState:
    return m.FaultState(
        id=fault.number,
        name=fault.kind,
        parameters=dict(fault.parameters),
        path=fault.path,
        count=fault.count,
        struck=fault.struck,
        ends_in_s=ends_in_s,
        probability=fault.probability,
        seed=fault.seed,
    )
