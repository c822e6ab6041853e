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
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import Any, cast

from emulator.core import accounts, cgi, device, picture
from emulator.core.accounts import Account
from emulator.core.cgi import ReportQuery
from emulator.core.device import Identity
from emulator.core.frame import Frame, Picture, region_on_map
from emulator.core.heat import CellHeat, no_heat
from emulator.core.localtime import SECOND_MS, to_local
from emulator.core.period import Period, PeriodError, hour_of, period
from emulator.core.report import space_report, time_report, visible_from
from emulator.core.settings import HeatSettings, SettingError, change_by_key
from emulator.core.table import space_json, time_csv
from emulator.edge.clock import SourceClock
from emulator.edge.sources import Source, SourceError
from emulator.edge.storage import Storage, StorageError
from emulator.recording import CLOCK, Recorder

SETTINGS = "settings"

log = logging.getLogger("stuntcam")


@dataclass(frozen=True, slots=True)
class Setup:
    """What a camera is made of.

    offered    the personality has the function (GATE)
    speed      seconds of the source a second of real time; None: as fast as it can
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
        # What a power cut left open is ruled by the settings it began under.
        saved = saved_settings(storage)
        self._recorder = Recorder(storage, saved, setup.zone, setup.begins_ms)
        wanted = saved if settings is None else settings
        if wanted != saved or storage.state(SETTINGS) is None:
            self._recorder.change(wanted, {SETTINGS: _spelled(wanted)})
        self._know_accounts()
        self._latest: Frame | None = None
        self._has_picture, self._has_ended = threading.Event(), threading.Event()
        self._stopping = threading.Event()
        self._queue, self._turn = threading.Lock(), threading.Lock()
        self._player = threading.Thread(target=self._play, name="source", daemon=True)

    # --- start and stop ------------------------------------------------------------------

    def start(self) -> None:
        """Begin to play the source; returns once there is a picture to show.

        Raises SourceError if the source gives none.
        """
        self._player.start()
        self._has_picture.wait()
        if self._latest is None:
            raise SourceError(f"{self._setup.source.name} gave no picture")

    def wait_for_end(self, timeout_s: float) -> bool:
        """Wait until the source has ended and all is committed; False if it takes longer."""
        return self._has_ended.wait(timeout_s)

    def stop(self) -> None:
        """End open stays, commit everything, and let go of the store."""
        self._stopping.set()
        self._player.join()
        with self._taking_turns():
            self._recorder.forget()
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

    def fields(self, action: str) -> dict[str, object]:
        """Return the answer fields of a `get.` action."""
        now_ms, zone = self._clock.now_ms(), self._setup.zone
        match action:
            case "get.heatmap.configuration":
                return cgi.settings_fields(self._recorder.settings)
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
        """Change settings or accounts; returns when it is committed."""
        admin = self._setup.admin.name
        with self._taking_turns():
            match action:
                case "set.heatmap.configuration":
                    settings = change_by_key(self._recorder.settings, values)
                    self._recorder.change(settings, {SETTINGS: _spelled(settings)})
                case "add.system.user":
                    self._storage.put_account(accounts.added(self._accounts, values, admin))
                case "del.system.user":
                    self._storage.drop_account(accounts.removed(self._accounts, values, admin))
                case _:
                    raise AssertionError(action)
            self._know_accounts()

    def time_csv(self, query: ReportQuery | None) -> str:
        """Return the time report; without a readable query, one of no rows."""
        covered = self._period(query)
        with self._reading() as seen_from_ms:
            return time_csv(
                time_report(covered, self._storage.presence_ms, seen_from_ms) if covered else ()
            )

    def space_json(self, query: ReportQuery | None) -> str:
        """Return the space report; without a readable query, one of no points."""
        return space_json(self._heat(query))

    def report_png(self, query: ReportQuery | None) -> bytes:
        """Return the space report over what the camera sees."""
        counted = region_on_map(self._recorder.settings.region_mask())
        return picture.png(picture.heat_picture(self._seen(), self._heat(query), counted))

    def snapshot(self) -> bytes:
        """Return what the camera sees, as JPEG."""
        return picture.jpeg(self._seen())

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name. Never blocks."""
        return self._accounts

    # --- how it works ----------------------------------------------------------------------

    def _play(self) -> None:
        source = self._setup.source
        while not self._stopping.is_set():
            try:
                for frame in self._paced(source.frames(self._recorder.now_ms)):
                    self._look_at(frame)
            except SourceError as error:
                log.error("%s; the last picture stays", error)
                break
            with self._taking_turns():
                self._recorder.forget()
                self._flush()
            if not self._setup.loop:
                break
        self._clock.run_on()
        if not self._stopping.is_set():
            ended_at = to_local(self._recorder.now_ms, self._setup.zone)
            log.info("%s ended at camera time %s; %d frames", source.name, ended_at, self.frames)
        self._has_picture.set()
        self._has_ended.set()

    def _paced(self, frames: Iterator[Frame]) -> Iterator[Frame]:
        speed = self._setup.speed
        began_s, begins_ms = time.monotonic(), self._recorder.now_ms
        for frame in frames:
            if speed is not None:
                due_s = began_s + (frame.at_ms - begins_ms) / SECOND_MS / speed
                self._stopping.wait(max(0.0, due_s - time.monotonic()))
            if self._stopping.is_set():
                return
            yield frame

    def _look_at(self, frame: Frame) -> None:
        with self._taking_turns():
            try:
                self._recorder.take(frame)
            except StorageError as error:
                log.error("%s; heat is kept in memory until it can", error)
            self._latest = frame
            self._clock.set_by_source(frame.until_ms)
        self._has_picture.set()

    def _seen(self) -> Picture:
        assert self._latest is not None  # start() waits for it
        return self._latest.picture()

    def _period(self, query: ReportQuery | None) -> Period | None:
        """Return the buckets that `query` asks for, or None if they can't be."""
        if query is None:
            return None
        start = query.start
        if start is None:
            now = to_local(self._clock.now_ms(), self._setup.zone)
            # [INV] for "hour": the last full one; else today from the start (CONTRACT 5).
            start = now - timedelta(hours=1) if query.kind == "hour" else now.replace(hour=0)
        try:
            return period(query.kind, start, self._setup.zone)
        except PeriodError:
            return None

    def _heat(self, query: ReportQuery | None) -> CellHeat:
        covered = self._period(query)
        with self._reading() as seen_from_ms:
            if covered is None:
                return no_heat().cells
            return space_report(covered, self._storage.heat, seen_from_ms)

    @contextmanager
    def _reading(self) -> Iterator[int]:
        """Take the store for a report; gives the first instant that may be seen."""
        with self._taking_turns():
            if not self._recorder.is_clean:
                self._flush()
            zone = self._setup.zone
            yield visible_from(self._clock.now_ms(), lambda at_ms: hour_of(at_ms, zone).start_ms)

    def _flush(self) -> None:
        try:
            self._recorder.flush()
        except StorageError as error:
            log.error("%s; heat is kept in memory until it can", error)

    @contextmanager
    def _taking_turns(self) -> Iterator[None]:
        # Two locks, because one alone would go back to the thread that has just let go of
        # it: the player would starve every request.
        with self._queue:
            self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    def _know_accounts(self) -> None:
        admin = self._setup.admin
        others = {account.name: account for account in self._storage.accounts()}
        self._accounts: Mapping[str, Account] = others | {admin.name: admin}


def saved_settings(storage: Storage) -> HeatSettings:
    """Return the settings kept in `storage`; in a new one, those that stuntcam begins with.

    Raises StorageError if they can't be read.
    """
    saved = storage.state(SETTINGS)
    if saved is None:
        return HeatSettings(enable=1)  # CONTRACT 2; as delivered it would be off (SET-01)
    try:
        fields = dict(cast("dict[str, Any]", saved))
        semantics = str(fields.pop("dwell_semantics"))
        settings = change_by_key(HeatSettings(), fields.items())
        return replace(settings, dwell_semantics=semantics)
    except (SettingError, KeyError, TypeError, ValueError) as error:
        raise StorageError(f"the saved settings can't be read: {error}") from error


def _spelled(settings: HeatSettings) -> dict[str, object]:
    return cgi.settings_fields(settings) | {"dwell_semantics": settings.dwell_semantics}
