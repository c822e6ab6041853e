"""The control interface's mains and memory: reboots, resets, and the state as a file."""

import threading

import emulator.edge.control.models as m
from emulator.controls.words import if_it_can, local, must_be_up
from emulator.core.snapshot import SnapshotError
from emulator.edge.control import ConflictError, ImpossibleError
from emulator.power import DownError
from emulator.served import Served


class MainsControls:
    """Starts one camera again, and keeps what it is."""

    def __init__(self, served: Served) -> None:
        self._served, self._camera, self._power = served, served.camera, served.power

    # --- mains and memory ----------------------------------------------------------------

    def power(self) -> m.Power:
        """Tell whether the camera is up."""
        power = self._power
        booted = local(self._camera, self._camera.booted_ms)
        return m.Power(up=power.is_up, booted=booted, boots=power.boots)

    def reboot(self, body: m.Reboot) -> m.Power:
        """Start the camera again."""
        try:
            on_again = self._power.reboot(body.kind == "hard", body.down_s)
        except DownError as error:
            raise ConflictError(str(error)) from None
        if body.wait:
            on_again()
        else:
            threading.Thread(target=on_again, name="power", daemon=True).start()
        return self.power()

    def reset(self) -> None:
        """Go back to how this process started; even a camera that is down is up then."""
        with if_it_can():
            self._served.reset()

    def factory_reset(self) -> None:
        """Go back to as delivered."""
        must_be_up(self._power)
        with if_it_can():
            self._power.factory_reset()

    def state(self) -> bytes:
        """Return the camera's state as one file."""
        with if_it_can():
            return self._power.state()

    def restore(self, body: bytes) -> m.Restored:
        """Restore a state."""
        must_be_up(self._power)
        try:
            self._power.restore(body)
        except SnapshotError as error:
            raise ImpossibleError("the body", None, f"can't be restored: {error}") from None
        clock, source = local(self._camera, self._camera.now_ms()), self._camera.player.source.name
        return m.Restored(clock=clock, source=source)
