"""Automatic export at work: asks what is due, has it made and sent, and remembers it (EXP-01).

Knows the camera as a function that makes a report, the network as one function for each
destination, and time as what it is told. It waits for nothing: what fails is tried again by
a later call, once its pause is over.

An export is remembered when it has arrived. A power cut between the two sends it once more,
under the same names: the files on a server or volume are replaced, a mail has the same id.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Any, NamedTuple

from emulator import saved
from emulator.core.cgi import ReportQuery
from emulator.core.policy import RIGHT, Policy
from emulator.core.reports import export
from emulator.core.reports.export import DeliveryError, Due, File
from emulator.core.reports.export_settings import DESTINATIONS, ExportSettings, change_export
from emulator.core.reports.table import reading_text

log = logging.getLogger("stuntcam")

Make = Callable[[str, ReportQuery], bytes]
"""Makes a report's file: `space` a PNG, `time` a CSV."""

Send = Callable[[ExportSettings, list[File], int], None]
"""Delivers files, sent at an instant of the camera's clock; all of them, or DeliveryError."""

Keep = Callable[[Mapping[str, object]], None]
"""Puts values in the store by name, and returns when that is safe; else a ValueError."""


class _Packed(NamedTuple):
    settings: ExportSettings
    due: Due
    files: list[File]


class Exporter:
    """The automatic export of one camera.

    zone       tells the camera's time zone, which may be set
    kept       where settings and progress lay when the camera started
    senders    by destination: FTP, MAIL, STORAGE of core.export_settings
    monotonic  seconds of real time, for the pauses between attempts
    policy     gives the rules: what is due, and what is exported then

    `run_due` is for one thread, and may block as long as a server does; the rest may be used
    meanwhile, from any thread. Raises SavedError when made, if what was kept can't be read.
    """

    def __init__(
        self,
        serial: str,
        zone: Callable[[], tzinfo],
        kept: saved.Kept,
        keep: Keep,
        make: Make,
        senders: Mapping[int, Send],
        monotonic: Callable[[], float],
        policy: Callable[[], Policy] = lambda: RIGHT,
    ) -> None:
        self._serial, self._zone = serial, zone
        self._keep, self._make, self._senders = keep, make, senders
        self._monotonic = monotonic
        self._policy = policy
        self._settings = saved.export_settings_of(kept)
        self._progress = saved.export_progress_of(kept)
        self._packed: _Packed | None = None  # run_due's alone
        self._failures, self._next_try_s = 0, 0.0
        self._changing = threading.Lock()  # guards settings, progress, failures, and their keeping

    @property
    def settings(self) -> ExportSettings:
        """What is exported when, and where to."""
        return self._settings

    def change(self, values: Iterable[tuple[str, Any]], now_ms: int) -> None:
        """Change settings by their wire keys, from `now_ms` on; returns when they are kept.

        What was due before and has not arrived is given up. Raises SettingError, or what
        `keep` raises; nothing has changed then.
        """
        with self._changing:
            settings = change_export(self._settings, values)
            progress = self._progress.at(now_ms)
            self._keep(saved.exports_as_kept(settings, progress))
            self._settings, self._progress = settings, progress
            self._failures, self._next_try_s = 0, 0.0

    def run_due(self, now_ms: int) -> None:
        """Export all that is due by `now_ms`, in order; stop where something fails."""
        with self._changing:
            settings = self._settings
            pending = self._policy().pending
            waiting = pending(settings, self._progress, now_ms, self._zone())
            if not waiting:  # also where the clock was set back: it goes on from there
                self._progress = self._progress.at(now_ms)
            if self._monotonic() < self._next_try_s:
                return
        for due in waiting:
            if not self._deliver(settings, due, now_ms):
                return

    def _deliver(self, settings: ExportSettings, due: Due, now_ms: int) -> bool:
        files = self._files(settings, due)
        failure = None
        try:
            self._senders[settings.destination](settings, files, now_ms)
        except DeliveryError as error:
            failure = error
        with self._changing:
            is_current = settings is self._settings  # else changed meanwhile: the rest is given up
            if failure is None:
                self._done(settings, due)
            elif is_current:
                self._failed(settings, due, failure)
            return is_current and failure is None

    def _files(self, settings: ExportSettings, due: Due) -> list[File]:
        # Made once: after a long outage of the server, what they tell may be out of sight.
        packed = self._packed
        if packed is None or packed.due != due or packed.settings is not settings:
            exported = self._policy().exported
            wanted = exported(settings, due.reading, self._serial, self._zone())
            files = [File(one.name, self._make(one.what, one.query)) for one in wanted]
            self._packed = packed = _Packed(settings, due, files)
        return packed.files

    def _failed(self, settings: ExportSettings, due: Due, error: DeliveryError) -> None:
        self._failures += 1
        pause_s = export.pause_s(self._failures)
        self._next_try_s = self._monotonic() + pause_s
        log.error("%s failed: %s; again in %s s", _named(settings, due), error, pause_s)

    def _done(self, settings: ExportSettings, due: Due) -> None:
        if self._failures:
            log.info("%s has arrived", _named(settings, due))
        self._packed = None
        self._failures, self._next_try_s = 0, 0.0
        self._progress = self._progress.plus(due)
        try:
            self._keep(saved.exports_as_kept(self._settings, self._progress))
        except ValueError as error:
            log.error("%s; %s may be sent again after a restart", error, _named(settings, due))


def _named(settings: ExportSettings, due: Due) -> str:
    to = DESTINATIONS[settings.destination]
    return f"the {settings.kind} export of {reading_text(due.reading)} to {to}"
