"""What stands behind the control interface: each of its requests, done to one camera.

One method for each row of `edge/control/routes.py`, of its name. They run one at a time but
for those that only look; what they get has been checked against its model.
"""

import dataclasses
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from emulator.app import Camera
from emulator.core import truth as truths
from emulator.core.faults import LARGEST_SEED, Fault, FaultError
from emulator.core.localtime import SECOND_MS, to_instant, to_local
from emulator.core.settings import change_by_name
from emulator.core.snapshot import SnapshotError
from emulator.core.table import reading_text, space_json
from emulator.core.volumes import VolumeError
from emulator.duties import Duties
from emulator.edge.clock import ZoneError, zone_of
from emulator.edge.control import ConflictError, ImpossibleError, UnknownError
from emulator.edge.control import models as m
from emulator.edge.journal import Journal
from emulator.edge.sources import DrawnScene, LiveSource, Source
from emulator.edge.storage import StorageError, Volume
from emulator.faulting import Desk
from emulator.power import DownError, Power
from emulator.timekeeping import LiveError, Timekeeper

EARLIEST_MS, LATEST_MS = 0, m.LATEST_MS


class Controls:
    """The control interface of one camera.

    source_of  gives the source that somebody named, as on the command line; raises a
               ValueError that says why it can't
    """

    def __init__(
        self,
        camera: Camera,
        desk: Desk,
        duties: Duties,
        power: Power,
        time: Timekeeper,
        journal: Journal,
        source_of: Callable[[str], Source],
    ) -> None:
        self._camera, self._desk, self._duties, self._power = camera, desk, duties, power
        self._time, self._journal = time, journal
        self._source_of = source_of

    # --- clock ---------------------------------------------------------------------------

    def clock(self) -> m.ClockReading:
        """Tell the camera's time."""
        camera, speed = self._camera, self._time.speed
        now_ms = camera.now_ms()
        mode: m.Mode = "frozen"
        if not self._time.is_frozen:
            mode = "source" if speed is None else "real" if speed == 1 else "scaled"
        return m.ClockReading(
            now=self._local(now_ms), utc_ms=now_ms, zone=camera.zone_name, mode=mode, speed=speed
        )

    def set_clock(self, body: m.ClockChange) -> m.ClockReading:
        """Set the clock, its zone, or how time goes."""
        self._must_be_up()
        zone = self._zone(body.zone)
        reading = self._reading(body, zone)
        speed, is_frozen = self._pace(body)
        with _if_it_can():
            if speed != self._time.speed:
                self._time.go(speed)
        if is_frozen and not self._time.is_frozen:
            self._time.freeze()
        if reading is not None or body.zone is not None:
            self._time.set(body.zone, reading, None)
        elif body.utc_ms is not None:
            self._time.set(None, None, body.utc_ms)
        if not is_frozen and self._time.is_frozen:
            self._time.thaw()
        return self.clock()

    def step_clock(self, body: m.Step) -> m.ClockReading:
        """Let the clock jump."""
        self._must_be_up()
        by_ms = int(SECOND_MS * body.by_s)
        if not EARLIEST_MS <= self._camera.now_ms() + by_ms < LATEST_MS:
            raise ImpossibleError("by_s", body.by_s, "leads out of the years 1970..8999")
        self._time.step(by_ms)
        return self.clock()

    # --- scene ---------------------------------------------------------------------------

    def scene(self) -> m.Scene:
        """Tell what the camera looks at."""
        camera, player = self._camera, self._camera.player
        length_s = player.source.duration_s
        return m.Scene(
            source=player.source.name,
            position_s=player.position_ms / SECOND_MS,
            length_s=None if length_s is None else float(length_s),
            ended=camera.has_ended,
            paused=player.is_paused,
            loop=player.loop,
            live=isinstance(player.source, LiveSource),
            frames=camera.frames,
        )

    def set_scene(self, body: m.SceneChange) -> m.Scene:
        """Show the camera another scene or file, another part of it, or pause it."""
        self._must_be_up()
        source = None if body.source is None else self._source(body.source)
        position_ms = None if body.position_s is None else int(SECOND_MS * body.position_s)
        length_s = (source or self._camera.player.source).duration_s
        if position_ms is not None and length_s and position_ms >= SECOND_MS * length_s:
            raise ImpossibleError(
                "position_s", body.position_s, f"is not within its {length_s:g} s"
            )
        if body.paused:
            self._time.freeze()
        with _if_it_can():
            self._time.show(source, position_ms, body.loop)
        if body.paused is False:
            self._time.thaw()
        return self.scene()

    def truth(self, body: m.TruthQuery) -> m.Truth:
        """Tell what a faultless camera would report of the drawn scene that plays."""
        source = self._camera.player.source
        if not isinstance(source, DrawnScene):
            raise ConflictError(f"{source.name} is no drawn scene: nobody knows the truth of it")
        changes = body.model_dump(exclude_none=True)
        settings = change_by_name(self._camera.recorder.settings, changes.items())
        found = truths.truth(source.stage.scene, settings)
        stays = [
            m.TrueStay(
                start_s=stay.start_ms / SECOND_MS,
                end_s=stay.end_ms / SECOND_MS,
                who=stay.who,
                recorded=stay.recorded,  # type: ignore[arg-type]
            )
            for stay in found.stays
        ]
        return m.Truth(
            source=source.name,
            length_s=source.duration_s,
            presence_ms=found.presence_ms,
            objects=found.objects,
            stays=stays,
            space=json.loads(space_json(found.heat)),
        )

    # --- storage -------------------------------------------------------------------------

    def storage(self) -> m.StorageState:
        """Tell what is known of the flash, the SD card and the shares."""
        told = dataclasses.asdict(self._camera.storage.status())
        return m.StorageState.model_validate(told, strict=False)

    def set_volume(self, volume: str, body: m.VolumeChange) -> m.VolumeState:
        """Change how a volume is used."""
        found = self._volume(volume)
        if body.recycle is not None:
            found.recycle = body.recycle
        return self._volume_state(volume)

    def insert_volume(self, volume: str) -> m.VolumeState:
        """Put the card in, or connect the share."""
        return self._done(volume, Volume.insert)

    def pull_volume(self, volume: str) -> m.VolumeState:
        """Pull the card, or cut the share off."""
        return self._done(volume, Volume.pull)

    def mount_volume(self, volume: str) -> m.VolumeState:
        """Use a volume that is there."""
        return self._done(volume, Volume.mount)

    def unmount_volume(self, volume: str) -> m.VolumeState:
        """Stop using a volume, in good order."""
        return self._done(volume, Volume.unmount)

    def format_volume(self, volume: str) -> m.VolumeState:
        """Erase a volume."""
        now = reading_text(to_local(self._camera.now_ms(), self._camera.zone))
        return self._done(volume, lambda one: one.format(now))

    def copy(self) -> m.Copied:
        """Give the volumes all that they lack and can take."""
        return m.Copied(pieces=self._duties.copying.now())

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

    # --- mains and memory ----------------------------------------------------------------

    def power(self) -> m.Power:
        """Tell whether the camera is up."""
        power = self._power
        booted = self._local(self._camera.booted_ms)
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
        """Go back to how this process started."""
        self._must_be_up()
        self._desk.end()
        self._duties.faults.now()
        with _if_it_can():
            self._power.reset(self._camera.setup.speed)
        self._journal.clear()

    def factory_reset(self) -> None:
        """Go back to as delivered."""
        self._must_be_up()
        with _if_it_can():
            self._power.factory_reset()

    def state(self) -> bytes:
        """Return the camera's state as one file."""
        with _if_it_can():
            return self._power.state()

    def restore(self, body: bytes) -> m.Restored:
        """Restore a state."""
        self._must_be_up()
        try:
            self._power.restore(body)
        except SnapshotError as error:
            raise ImpossibleError("the body", None, f"can't be restored: {error}") from None
        clock, source = self._local(self._camera.now_ms()), self._camera.player.source.name
        return m.Restored(clock=clock, source=source)

    # --- requests ------------------------------------------------------------------------

    def requests(self) -> m.Requests:
        """List the camera's latest requests."""
        entries, dropped = self._journal.entries()
        told = [
            m.Request.model_validate(
                dataclasses.asdict(entry) | {"at": self._local(entry.utc_ms)}, strict=False
            )
            for entry in entries
        ]
        return m.Requests(requests=told, dropped=dropped)

    def forget_requests(self) -> None:
        """Forget the requests."""
        self._journal.clear()

    # --- how it works ----------------------------------------------------------------------

    def _local(self, at_ms: int) -> str:
        reading = to_local(at_ms, self._camera.zone)
        return reading.replace(microsecond=0).isoformat()

    def _must_be_up(self) -> None:
        if not self._power.is_up:
            raise ConflictError("the camera is down; GET /v1/reboot tells when it is up")

    def _zone(self, name: str | None) -> Any:
        if name is None:
            return self._camera.zone
        try:
            return zone_of(name)
        except ZoneError:
            limit = "is not an IANA time zone such as Europe/Berlin"
            raise ImpossibleError("zone", name, limit) from None

    def _reading(self, body: m.ClockChange, zone: Any) -> datetime | None:
        if body.now is None:
            return None
        if body.utc_ms is not None:
            raise ImpossibleError("utc_ms", body.utc_ms, "stands beside now; one of them will do")
        try:
            reading = datetime.fromisoformat(body.now)
            if EARLIEST_MS <= to_instant(reading, zone) < LATEST_MS:
                return reading
        except (ValueError, OverflowError):
            pass
        limit = "is not in the calendar of 1970..8999"
        raise ImpossibleError("now", body.now, limit)

    def _pace(self, body: m.ClockChange) -> tuple[float | None, bool]:
        """Return the speed that is asked for, and whether time is to stand still."""
        match body.mode, body.speed:
            case None, None:
                return self._time.speed, self._time.is_frozen
            case None, speed:
                return speed, False
            case "frozen", None:
                return self._time.speed, True
            case "real", None | 1:
                return 1.0, False
            case "source", None:
                return None, False
            case "scaled", float(speed):
                return speed, False
            case "scaled", None:
                raise ImpossibleError("speed", None, "is missing; mode scaled takes one")
        raise ImpossibleError("speed", body.speed, f"goes with mode scaled, not {body.mode}")

    def _source(self, name: str) -> Source:
        try:
            return self._source_of(name)
        except ValueError as error:
            raise ImpossibleError("source", name, f"can't be shown: {error}") from None

    def _volume(self, name: str) -> Volume:
        try:
            return self._camera.storage.volume(name)
        except VolumeError as error:
            raise UnknownError(str(error)) from None

    def _volume_state(self, name: str) -> m.VolumeState:
        return next(one for one in self.storage().volumes if one.name == name)

    def _done(self, name: str, act: Callable[[Volume], object]) -> m.VolumeState:
        volume = self._volume(name)
        try:
            act(volume)
        except VolumeError as error:
            raise ConflictError(str(error)) from None
        return self._volume_state(name)


@contextmanager
def _if_it_can() -> Iterator[None]:
    """Turn what can't be now into the interface's word for it."""
    try:
        yield
    except LiveError as error:
        raise ConflictError(str(error)) from None
    except StorageError as error:
        raise ConflictError(f"the store can't be written: {error}") from None


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
