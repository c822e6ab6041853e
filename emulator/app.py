"""One camera: wires core to edges, and owns the order in which they start and stop.

A thread plays the source through the recorder; requests come from other threads. All of
them take turns at the recorder and its store, so that settings change between two frames
and a report never sees half a minute. What a camera can be told from outside its own
interface, its clock, its scene or its mains, is in `timekeeping.py` and `power.py`.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from emulator import saved, storing
from emulator.answers import answered
from emulator.core import wallclock
from emulator.core.accounts import Account
from emulator.core.cgi import ReportQuery
from emulator.core.frame import Frame
from emulator.core.localtime import HOUR_MS, to_instant, to_local
from emulator.core.policy import RIGHT, Policy
from emulator.core.reports.table import reading_text
from emulator.core.settings import HeatSettings, SettingError
from emulator.core.streams.overlay import NOTHING, Over
from emulator.core.volumes import VolumeError
from emulator.core.wallclock import WallclockError
from emulator.edge import export
from emulator.edge.clock import Clock, ZoneError, zone_of
from emulator.edge.http import DeviceError
from emulator.edge.sources import LiveSource, SourceError, Still
from emulator.edge.storage import FlashFull, Storage, StorageError
from emulator.exporting import Exporter
from emulator.playing import Player, Programme
from emulator.recording import CLOCK, Recorder
from emulator.reports import Reports
from emulator.setup import Setup
from emulator.sight import Sight
from emulator.turns import Turns
from emulator.users import Users
from emulator.viewing import View

log = logging.getLogger("stuntcam")

FIRST_PICTURE_S = 5.0
"""How long a camera waits at its start for a live source to show something."""


class Camera:
    """An emulated camera; `http.Device` is what its interface sees of it.

    policy       the rules that it goes by; offered: by these it has the heat map
    sight        what it sees now, and who watches it
    loses_video  is asked before each picture whether the camera doesn't get to see it
    Raises StorageError when made if the store refuses.
    """

    def __init__(
        self,
        setup: Setup,
        storage: Storage,
        settings: HeatSettings | None = None,
    ) -> None:
        """Make a camera over `storage`; `settings`, if given, replace the saved ones."""
        self.setup, self.storage, self.policy = setup, storage, RIGHT
        self.clock = Clock(setup.begins_ms)
        self.zone, self.zone_name = setup.zone, setup.zone_name
        self.turns = Turns()
        self.loses_video: Callable[[], bool] = lambda: False
        self._is_stopping = self._is_blind = False
        self.sight = Sight()
        self._has_begun, self._has_ended = threading.Event(), threading.Event()
        self.player = Player(Programme(setup.source, setup.loop), setup.speed, self)
        # What a power cut left open is ruled by the settings it began under.
        self.boot()
        kept = self.recorder.settings
        wanted = kept if settings is None else settings
        if wanted != kept or storage.state(saved.SETTINGS) is None:
            self._save(wanted)

    # --- start and stop ------------------------------------------------------------------

    def boot(self) -> None:
        """Begin anew from what is kept; whoever else may be running has a turn in hand."""
        self.recorder = Recorder(
            self.storage,
            self.policy.remembered(saved.settings_of(self.storage)),
            self.zone,
            self.clock.film_ms(),
            offset_ms=self.clock.offset_ms,
            policy=self.policy,
        )
        self._know_rules()
        self.exporter = Exporter(
            self.setup.identity.serial,
            lambda: self.zone,
            self.storage,
            self._put,
            self._report_file,
            export.senders(lambda: self.storage.volumes),
            time.monotonic,
            lambda: self.policy,
        )
        self.booted_ms = self.clock.now_ms()
        self.boot_mark = object()  # another after each start: memory, with its log-ins, is gone
        self.users = Users(self.storage, self.setup.admin, self.setup.activates)

    def start(self) -> None:
        """Begin to play the source; returns once there is a picture to show.

        A live source that shows none at once is waited for no longer: it may come back.
        Raises SourceError if any other source gives none.
        """
        is_live = self._is_live
        if is_live:
            self.clock.run_on()
        self.player.start()
        self._has_begun.wait(FIRST_PICTURE_S if is_live else None)
        if self.sight.is_blank and not is_live:
            raise SourceError(f"{self.player.source.name} gave no picture")

    def go_by(self, policy: Policy) -> None:
        """Go by other rules, once open stays have ended by the old ones. Raises StorageError."""
        with self.turns.turn():
            self.recorder.go_by(policy)
            self.policy = policy
            self._know_rules()

    def wait_for_end(self, timeout_s: float) -> bool:
        """Wait until the source has ended and all is committed; False if it takes longer."""
        return self._has_ended.wait(timeout_s)

    def play(self, programme: Programme) -> None:
        """Leave what is playing for another programme."""
        self._has_ended.clear()
        if isinstance(programme.source, LiveSource):
            self.clock.run_on(1.0)
        self.player.play(programme)

    def stop(self) -> None:
        """End open stays, commit everything, and let go of the store."""
        self._is_stopping = True
        self.player.stop()
        with self.turns.turn():
            try:
                self.recorder.flush({CLOCK: self.clock.now_ms()})
            except StorageError as error:
                log.error("%s; what was ruled since the last minute is lost", error)
            self.storage.close()

    @property
    def frames(self) -> int:
        """How many frames were looked at since it booted."""
        return self.recorder.frames

    @property
    def has_ended(self) -> bool:
        """Whether its source shows nothing any more."""
        return self._has_ended.is_set()

    # --- what the interface asks (http.Device) --------------------------------------------

    def fields(self, action: str) -> dict[str, object]:
        """Return the answer fields of a `get.` action."""
        return answered(self, action)

    def act(self, action: str, values: list[tuple[str, object]]) -> None:
        """Change settings, accounts or the clock; returns when it is committed.

        Raises SettingError, AccountError, WallclockError, or DeviceError if the store refuses.
        """
        with self.committing(action):
            if action.startswith("set.storage."):  # takes no turn: a share may be slow
                now = reading_text(to_local(self.now_ms(), self.zone))
                storing.act(self.storage, action, values, now)
            elif action == "set.heatmap.export":
                self.exporter.change(values, self.now_ms())  # takes its own turn
            else:
                with self.turns.turn():
                    self._act(action, values)

    def time_csv(self, query: ReportQuery | None) -> str:
        """Return the time report; one of no rows if the query or the store can't be read."""
        return self.policy.time_csv(self.reports.time(query))

    def space_json(self, query: ReportQuery | None) -> str:
        """Return the space report; one of no points if the query or the store can't be read."""
        return self.policy.space_json(self.reports.space(query))

    def report_png(self, query: ReportQuery | None) -> bytes:
        """Return the space report over what the camera sees."""
        return View(self).report_png(query)

    def snapshot(self, over: Over = NOTHING) -> bytes:
        """Return what the camera sees, as JPEG, with what is asked for over it."""
        return View(self).snapshot(over)

    def picture_size(self) -> tuple[int, int]:
        """Return the height and width of what the camera sees."""
        rows, columns, _ = self.sight.picture().shape
        return rows, columns

    @property
    def is_activated(self) -> bool:
        """Whether the administrator has a password."""
        return self.users.is_activated

    def activate(self, password: str) -> None:
        """Give the administrator his password. Raises AccountError or DeviceError."""
        with self.committing("activation"), self.turns.turn():
            self.users.activate(password, self.recorder.flush)

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name. Never blocks."""
        return self.users.by_name

    # --- the clock's hands ---------------------------------------------------------------------

    def now_ms(self) -> int:
        """Return what the camera's clock reads."""
        return self.clock.now_ms()

    def set_clock(
        self, zone_name: str | None, reading: datetime | None, state: Mapping[str, object]
    ) -> None:
        """Go by another zone, or read something else there, once `state` is committed.

        To be called with a turn in hand. Raises ZoneError or StorageError.
        """
        zone = self.zone if zone_name is None else zone_of(zone_name)
        name = self.zone_name if zone_name is None else zone_name
        self.recorder.move(zone, dict(state) | {saved.ZONE: name})
        self.zone, self.zone_name = zone, name
        self._know_rules()
        if reading is not None:
            self.clock.set(to_instant(reading, zone))

    # --- what the player tells (playing.Watcher) -----------------------------------------------

    def film_ms(self) -> int:
        """Return the instant on the film axis at which the next picture begins."""
        return self.clock.film_ms()

    def look_at(self, frame: Frame) -> None:
        """See one picture, and record it if this device has the function."""
        with self.turns.turn():
            if self.loses_video():
                self._lose_sight()
            else:
                self.sight.see(frame)
                if not (self.clock.is_frozen or self._is_still):
                    self._record(replace(frame, cut=True) if self._is_blind else frame)
                    self._is_blind = False
                self.sight.tell()
            if not self._is_live:  # or its pictures are stamped by this very clock
                self.clock.set_by_source(frame.until_ms)
        self._has_begun.set()

    def round_over(self) -> None:
        """End all stays: the source is not what it was."""
        with self.turns.turn():
            self.recorder.forget()
            self._flush()

    def fell_silent(self) -> None:
        """End all stays: the source shows nothing. The last picture stays, the clock runs on."""
        with self.turns.turn():
            self.recorder.look_away()
            self._flush()
        self._has_begun.set()

    def all_over(self) -> None:
        """Let the clock run on by itself."""
        if not (self._is_stopping or self._is_still):
            reading = reading_text(to_local(self.now_ms(), self.zone))
            log.info("%.80s has ended at camera time %s", self.player.source.name, reading)
        self.clock.run_on()
        self._has_begun.set()
        self._has_ended.set()

    # --- how it works ----------------------------------------------------------------------------

    @property
    def _is_live(self) -> bool:
        return isinstance(self.player.source, LiveSource)

    @property
    def _is_still(self) -> bool:  # nothing to detect, nor a detector to keep in memory for it
        return isinstance(self.player.source, Still)

    def _lose_sight(self) -> None:
        if not self._is_blind:
            self.recorder.look_away()
            self._flush()
        self._is_blind = True

    def _record(self, frame: Frame) -> None:
        if not self.offered:
            return
        try:
            if self.storage.paused is None:
                self.recorder.take(frame, self.clock.offset_ms)
            else:  # flash is full: nothing is recorded until there is room again
                self.recorder.look_away()
                self.recorder.pass_time(frame.until_ms, self.clock.offset_ms)
        except FlashFull:
            return  # the store has said so, once
        except StorageError as error:
            log.error("%s; heat is kept in memory until it can", error)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Read the store with everything in it that was ruled so far.

        No turn is held meanwhile: a share may be slow, and pictures don't wait. A store that
        can't be read is logged, and the block left.
        """
        with self.turns.turn():
            if not self.recorder.is_clean:
                self._flush()
        try:
            yield
        except StorageError as error:
            log.error("%s; the report is empty", error)

    @contextmanager
    def committing(self, what: str) -> Iterator[None]:
        """Tell what can't be committed as a DeviceError."""
        try:
            yield
        except VolumeError as error:
            raise DeviceError(str(error)) from error
        except StorageError as error:
            log.error("%s; %s is not done", error, what)
            # The store's own words name a path of this machine.
            raise DeviceError(f"{what} is not done: the store can't be written") from error

    def _act(self, action: str, values: list[tuple[str, object]]) -> None:
        match action:
            case "set.heatmap.configuration":
                self._set_heat_map(values)
            case "set.system.datetime":
                self._set_datetime(wallclock.read_change(values))
            case "add.system.user":
                self.users.add(values)
            case "del.system.user":
                self.users.remove(values)
            case _:
                raise AssertionError(action)

    def _set_heat_map(self, values: list[tuple[str, object]]) -> None:
        before = self.recorder.settings
        try:
            self._save(self.policy.change(before, values))
        except SettingError:
            if (left := self.policy.after_refusal(before, values)) != before:
                self._save(left)
            raise

    def _save(self, settings: HeatSettings) -> None:
        self.recorder.change(settings, {saved.SETTINGS: saved.as_kept(settings)})

    def _set_datetime(self, change: wallclock.Change) -> None:
        try:
            zone = self.zone if change.zone is None else zone_of(change.zone)
        except ZoneError as error:
            raise WallclockError(f"{wallclock.ZONE}={error}") from None
        reading = change.reading_from(to_local(self.now_ms(), zone))
        kept = saved.datetime_of(self.storage) | dict(change.kept)
        self.set_clock(change.zone, reading, {saved.DATETIME: kept})

    def _put(self, state: Mapping[str, object]) -> None:
        with self.turns.turn():
            self.recorder.flush(state)

    def _report_file(self, what: str, query: ReportQuery) -> bytes:
        return self.report_png(query) if what == "space" else self.time_csv(query).encode()

    def _flush(self) -> None:
        try:
            self.recorder.flush()
        except StorageError as error:
            log.error("%s; heat is kept in memory until it can", error)

    def _know_rules(self) -> None:
        identity, policy = self.setup.identity, self.policy
        found = policy.decide(identity.model, identity.firmware, self.setup.families)
        self.offered = found.offered
        self.storage.go_by(policy.retention_hours * HOUR_MS, policy.union)
        self.reports = Reports(self.storage, self.zone, self.now_ms, self._reading, policy)
