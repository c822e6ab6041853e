"""A camera that is served, and what of it can be handled from outside its own interface."""

from dataclasses import dataclass

from emulator.app import Camera
from emulator.duties import Duties
from emulator.edge.journal import Journal
from emulator.faulting import Desk
from emulator.power import Power
from emulator.timekeeping import Timekeeper


@dataclass(frozen=True, slots=True)
class Served:
    """A running camera, with what holds its faults, duties, mains, time and requests."""

    camera: Camera
    desk: Desk
    duties: Duties
    power: Power
    time: Timekeeper
    journal: Journal

    def reset(self) -> None:
        """Go back to how it started; even a camera that is down is up then. Raises StorageError."""
        self.power.settle()
        self.desk.end()
        self.duties.faults.now()
        self.power.reset(self.camera.setup.speed)
        self.journal.clear()
