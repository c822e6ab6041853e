"""What a camera does besides looking: hours that close by themselves, copies, faults that end.

Each duty has a thread of its own (in a fleet, one with those of its kind: duty.py), so that a
share that does not answer keeps nobody else waiting; each may also be done at once, by who can't
wait for its turn.
"""

import logging
import threading
import time
from collections.abc import Callable

from emulator.app import Camera
from emulator.core.faults import Fault
from emulator.core.localtime import SECOND_MS
from emulator.duty import Duty
from emulator.edge.storage import FlashFull, StorageError
from emulator.faulting import Desk

log = logging.getLogger("stuntcam")

TIDY_S = 0.1
"""So often faults take hold and end, and the clock is looked at."""

COPY_S = 1.0
"""So often it is looked whether there is something to copy."""

EXPORT_S = 1.0
"""So often it is looked whether a report is due."""


class Duties:
    """The duties of one camera.

    refuse  shuts the camera's port, or opens it again
    """

    def __init__(self, camera: Camera, desk: Desk, refuse: Callable[[bool], None]) -> None:
        self._camera, self._desk, self._refuse = camera, desk, refuse
        rota = camera.setup.rota
        self.faults = Duty("faults", self._faults, TIDY_S, rota)
        self.time = Duty("time", self._run_on, TIDY_S, rota)
        self.copying = Duty("copying", self._copy, COPY_S, rota)
        self.exporting = Duty("exporting", self._export, EXPORT_S, rota)
        self._all: tuple[Duty[object], ...] = (
            self.faults,
            self.time,
            self.copying,
            self.exporting,
        )  # type: ignore[assignment]
        self._is_stopping = threading.Event()

    def start(self) -> None:
        """Begin all."""
        for duty in self._all:
            duty.start()

    def stop(self) -> None:
        """End all."""
        self._is_stopping.set()
        for duty in self._all:
            duty.stop()

    def catch_up(self) -> None:
        """Do what is due at the clock's reading: close hours, drop old heat, export."""
        camera = self._camera
        self._pass_time(camera.film_ms() if camera.has_ended else None)
        self.exporting.now()

    # --- how it works ------------------------------------------------------------------------

    def _copy(self) -> int:
        """Give the volumes all that they lack and can take now; return how much that was."""
        done = 0
        while not self._is_stopping.is_set():
            some = self._camera.storage.copy_some(time.monotonic())
            done += some
            if not some:
                break
        return done

    def _run_on(self) -> None:
        # A source that plays tells the time by its pictures.
        if self._camera.has_ended:
            self._pass_time(self._camera.film_ms())

    def _pass_time(self, film_ms: int | None) -> None:
        """Let time pass up to an instant of the film; None: up to the latest picture's end."""
        camera = self._camera
        with camera.turns.turn():
            recorder = camera.recorder
            seen_ms = recorder.now_ms if film_ms is None else film_ms
            try:
                recorder.pass_time(seen_ms, camera.clock.offset_ms)
            except FlashFull:
                pass  # the store has said so
            except StorageError as error:
                log.error("%s; heat is kept in memory until it can", error)

    def _export(self) -> None:
        if self._camera.offered:
            self._camera.exporter.run_due(self._camera.now_ms())

    def _faults(self) -> None:
        storage = self._camera.storage
        for fault in self._desk.minutes():
            self._camera.clock.step(_jump_ms(fault))
        lasting = self._desk.lasting()
        kinds = {fault.kind for fault in lasting}
        storage.fault = "full" if "flash-full" in kinds else None
        wanted = {
            _volume(fault): str(fault.parameters["state"]) for fault in lasting if _volume(fault)
        }
        for volume in storage.volumes:
            if volume.fault != (state := wanted.get(volume.name)):
                volume.fault = state
        self._refuse("refuse" in kinds)


def _jump_ms(fault: Fault) -> int:
    if fault.kind == "clock-jump":
        return int(SECOND_MS * fault.value("by_s"))
    return int(fault.value("by_ms"))


def _volume(fault: Fault) -> str | None:
    """Return the name of the volume that a fault is about."""
    match fault.kind:
        case "sd":
            return "sd"
        case "nas":
            return f"nas{int(fault.value('number'))}"
    return None
