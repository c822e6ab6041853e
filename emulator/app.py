"""One camera: wires core to edges, and owns the order in which they start and stop.

A thread plays the source through the recorder; requests come from other threads. All of
them take turns at the recorder and its store, so that settings change between two frames
and a report never sees half a minute.
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo

from emulator import saved
from emulator.core import accounts, cgi, device, picture
from emulator.core.accounts import Account
from emulator.core.cgi import ReportQuery
from emulator.core.device import Identity
from emulator.core.export_settings import export_fields
from emulator.core.frame import Frame, Picture, region_on_map
from emulator.core.localtime import to_local
from emulator.core.settings import HeatSettings, change_by_key
from emulator.core.table import reading_text, space_json, time_csv
from emulator.edge import export
from emulator.edge.clock import SourceClock
from emulator.edge.http import DeviceError
from emulator.edge.sources import LiveSource, Source, SourceError
from emulator.edge.storage import Storage, StorageError
from emulator.exporting import Exporter
from emulator.playing import Player
from emulator.recording import CLOCK, Recorder
from emulator.reports import Reports
from emulator.turns import Turns

log = logging.getLogger("stuntcam")

FIRST_PICTURE_S = 5.0
"""How long a camera waits at its start for a live source to show something."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a camera is made of.

    offered    the personality has the function (GATE)
    speed      seconds of the source a second of real time; None: as fast as it can; live
               sources know only 1
    loop       begin the source again when it ends
    begins_ms  what the clock reads at the start
    """

    identity: Identity
    offered: bool
    admin: Account
    source: Source
    speed: float | None
    loop: bool
    begins_ms: int
    zone: tzinfo
    zone_name: str


class Camera:
    """An emulated camera; `http.Device` is what its interface sees of it.

    Raises StorageError when made if the store refuses.
    """

    def __init__(
        self,
        setup: Setup,
        storage: Storage,
        settings: HeatSettings | None = None,
    ) -> None:
        """Make a camera over `storage`; `settings`, if given, replace the saved ones."""
        self._setup = setup
        self._storage = storage
        self._clock = SourceClock(setup.begins_ms)
        self._turns = Turns()
        # What a power cut left open is ruled by the settings it began under.
        kept = saved.settings_of(storage)
        self._recorder = Recorder(storage, kept, setup.zone, setup.begins_ms)
        wanted = kept if settings is None else settings
        if wanted != kept or storage.state(saved.SETTINGS) is None:
            self._recorder.change(wanted, {saved.SETTINGS: saved.as_kept(wanted)})
        self._reports = Reports(storage, setup.zone, self.now_ms, self._reading)
        self.exporter = Exporter(
            setup.identity.serial,
            lambda: setup.zone,
            storage,
            self._put,
            self._report_file,
            export.senders(lambda: ()),
            time.monotonic,
        )
        self._know_accounts()
        self._is_live = isinstance(setup.source, LiveSource)
        self._is_stopping = False
        self._latest: Frame | None = None
        self._shown: tuple[Frame, Picture] | None = None
        self._showing = threading.Lock()
        self._has_begun, self._has_ended = threading.Event(), threading.Event()
        self._player = Player(setup.source, setup.speed, setup.loop, self)

    # --- start and stop ------------------------------------------------------------------

    def start(self) -> None:
        """Begin to play the source; returns once there is a picture to show.

        A live source that shows none at once is waited for no longer: it may come back.
        Raises SourceError if any other source gives none.
        """
        if self._is_live:
            self._clock.run_on()
        self._player.start()
        self._has_begun.wait(FIRST_PICTURE_S if self._is_live else None)
        if self._latest is None and not self._is_live:
            raise SourceError(f"{self._setup.source.name} gave no picture")

    def wait_for_end(self, timeout_s: float) -> bool:
        """Wait until the source has ended and all is committed; False if it takes longer."""
        return self._has_ended.wait(timeout_s)

    def stop(self) -> None:
        """End open stays, commit everything, and let go of the store."""
        self._is_stopping = True
        self._player.stop()
        with self._turns.turn():
            try:
                self._recorder.flush({CLOCK: self._clock.now_ms()})
            except StorageError as error:
                log.error("%s; what was ruled since the last minute is lost", error)
            self._storage.close()

    @property
    def frames(self) -> int:
        """How many frames were looked at."""
        return self._recorder.frames

    # --- what the interface asks (http.Device) --------------------------------------------

    @property
    def offered(self) -> bool:
        """Whether this model and firmware have the heat map."""
        return self._setup.offered

    def fields(self, action: str) -> dict[str, object]:  # noqa: PLR0911  # one for each action
        """Return the answer fields of a `get.` action."""
        now_ms, zone = self._clock.now_ms(), self._setup.zone
        match action:
            case "get.heatmap.configuration":
                return cgi.settings_fields(self._recorder.settings)
            case "get.heatmap.export":
                return export_fields(self.exporter.settings)
            case "get.system.information":
                return device.system_information(self._setup.identity, self._setup.begins_ms, zone)
            case "get.system.datetime":
                return device.date_and_time(now_ms, zone, self._setup.zone_name)
            case "get.storage.settings":
                return device.storage_settings()
            case "get.vca.alarmstatus":
                return device.alarm_status()
            case "get.system.user":
                return device.users(self._accounts.values())
        raise AssertionError(action)

    def act(self, action: str, values: list[tuple[str, object]]) -> None:
        """Change settings or accounts; returns when it is committed.

        Raises SettingError, AccountError, or DeviceError if the store refuses.
        """
        try:
            if action == "set.heatmap.export":
                self.exporter.change(values, self.now_ms())  # takes its own turn
                return
            with self._turns.turn():
                self._act(action, values)
        except StorageError as error:
            log.error("%s; %s is not done", error, action)
            # The store's own words name a path of this machine.
            raise DeviceError(f"{action} is not done: the store can't be written") from error

    def time_csv(self, query: ReportQuery | None) -> str:
        """Return the time report; one of no rows if the query or the store can't be read."""
        return time_csv(self._reports.time(query))

    def space_json(self, query: ReportQuery | None) -> str:
        """Return the space report; one of no points if the query or the store can't be read."""
        return space_json(self._reports.space(query))

    def report_png(self, query: ReportQuery | None) -> bytes:
        """Return the space report over what the camera sees."""
        counted = region_on_map(self._recorder.settings.region_mask())
        return picture.png(picture.heat_picture(self._seen(), self._reports.space(query), counted))

    def snapshot(self) -> bytes:
        """Return what the camera sees, as JPEG."""
        return picture.jpeg(self._seen())

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name. Never blocks."""
        return self._accounts

    # --- what the player tells (playing.Watcher) -----------------------------------------------

    def now_ms(self) -> int:
        """Return the camera's time."""
        return self._clock.now_ms()

    def look_at(self, frame: Frame) -> None:
        """See one picture, and record it if this device has the function."""
        with self._turns.turn():
            if self.offered:
                try:
                    self._recorder.take(frame)
                except StorageError as error:
                    log.error("%s; heat is kept in memory until it can", error)
            self._latest = frame
            if not self._is_live:  # or its pictures are stamped by this very clock
                self._clock.set_by_source(frame.until_ms)
        self._has_begun.set()

    def round_over(self) -> None:
        """End all stays: the source is not what it was."""
        with self._turns.turn():
            self._recorder.forget()
            self._flush()

    def fell_silent(self) -> None:
        """End all stays: the source shows nothing. The last picture stays, the clock runs on."""
        with self._turns.turn():
            self._recorder.look_away()
            self._flush()
        self._has_begun.set()

    def all_over(self) -> None:
        """Let the clock run on by itself."""
        if not self._is_stopping:
            reading = reading_text(to_local(self.now_ms(), self._setup.zone))
            log.info("%s has ended at camera time %s", self._setup.source.name, reading)
        self._clock.run_on()
        self._has_begun.set()
        self._has_ended.set()

    # --- how it works ----------------------------------------------------------------------------

    def _seen(self) -> Picture:
        # One at a time, and once a picture: colour is dear, and a decoder's memory is not
        # made for many hands.
        with self._showing:
            frame = self._latest
            if frame is None:  # of a live source that showed nothing yet
                return picture.no_picture()
            if self._shown is None or self._shown[0] is not frame:
                self._shown = frame, frame.picture()
            return self._shown[1]

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Take a turn at the store, with everything in it that was ruled so far.

        A store that can't be read is logged, and the block left.
        """
        with self._turns.turn():
            if not self._recorder.is_clean:
                self._flush()
            try:
                yield
            except StorageError as error:
                log.error("%s; the report is empty", error)

    def _act(self, action: str, values: list[tuple[str, object]]) -> None:
        admin = self._setup.admin.name
        match action:
            case "set.heatmap.configuration":
                settings = change_by_key(self._recorder.settings, values)
                self._recorder.change(settings, {saved.SETTINGS: saved.as_kept(settings)})
            case "add.system.user":
                self._storage.put_account(accounts.added(self._accounts, values))
            case "del.system.user":
                self._storage.drop_account(accounts.removed(self._accounts, values, admin))
            case _:
                raise AssertionError(action)
        self._know_accounts()

    def _put(self, state: Mapping[str, object]) -> None:
        with self._turns.turn():
            self._recorder.flush(state)

    def _report_file(self, what: str, query: ReportQuery) -> bytes:
        return self.report_png(query) if what == "space" else self.time_csv(query).encode()

    def _flush(self) -> None:
        try:
            self._recorder.flush()
        except StorageError as error:
            log.error("%s; heat is kept in memory until it can", error)

    def _know_accounts(self) -> None:
        admin = self._setup.admin
        others = {account.name: account for account in self._storage.accounts()}
        self._accounts: Mapping[str, Account] = others | {admin.name: admin}
