"""The control interface's clock and scene."""

import json
from collections.abc import Callable
from datetime import datetime, tzinfo

import emulator.edge.control.models as m
from emulator.app import Camera
from emulator.controls.words import if_it_can, local, must_be_up
from emulator.core.localtime import SECOND_MS, to_instant
from emulator.core.reports.table import space_json
from emulator.core.scenes import truth as truths
from emulator.core.settings import change_by_name
from emulator.edge.clock import ZoneError, zone_of
from emulator.edge.control import ConflictError, ImpossibleError
from emulator.edge.sources import DrawnScene, LiveSource, Source
from emulator.power import Power
from emulator.timekeeping import Timekeeper

EARLIEST_MS, LATEST_MS = 0, m.LATEST_MS


class TimeControls:
    """Sets one camera's clock and scene.

    source_of  gives the source that somebody named, as on the command line; raises a
               ValueError that says why it can't
    """

    def __init__(
        self,
        camera: Camera,
        power: Power,
        time: Timekeeper,
        source_of: Callable[[str], Source],
    ) -> None:
        self._camera, self._power, self._time = camera, power, time
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
            now=local(self._camera, now_ms),
            utc_ms=now_ms,
            zone=camera.zone_name,
            mode=mode,
            speed=speed,
        )

    def set_clock(self, body: m.ClockChange) -> m.ClockReading:
        """Set the clock, its zone, or how time goes."""
        must_be_up(self._power)
        zone = self._zone(body.zone)
        reading = self._reading(body, zone)
        speed, is_frozen = self._pace(body)
        with if_it_can():
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
        must_be_up(self._power)
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
        must_be_up(self._power)
        source = None if body.source is None else self._source(body.source)
        position_ms = None if body.position_s is None else int(SECOND_MS * body.position_s)
        length_s = (source or self._camera.player.source).duration_s
        if position_ms is not None and length_s and position_ms >= SECOND_MS * length_s:
            raise ImpossibleError(
                "position_s", body.position_s, f"is not within its {length_s:g} s"
            )
        with if_it_can():
            self._time.check_show(source, position_ms, body.loop)
            if body.paused:
                self._time.freeze()
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

    # --- how it works ----------------------------------------------------------------------

    def _zone(self, name: str | None) -> tzinfo:
        if name is None:
            return self._camera.zone
        try:
            return zone_of(name)
        except ZoneError:
            limit = "is not an IANA time zone such as Europe/Berlin"
            raise ImpossibleError("zone", name, limit) from None

    def _reading(self, body: m.ClockChange, zone: tzinfo) -> datetime | None:
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
