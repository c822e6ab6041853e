"""Giving the device back: what will be changed is read and journalled first, and put back.

A Keeper stands behind a Camera in one run. The first change of anything makes it read all that
can be put back, and write that to the journal before the change goes out. After each check the
settings are as they were; at the end of the run everything is, and is read again and compared.
`stuntcam restore JOURNAL` does the same for a run that was killed.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance import journal
from conformance.camera import Camera
from conformance.control import Control
from conformance.dialect import path_and_query
from conformance.exchange import NoAnswerError
from conformance.expect import NotCheckedError
from conformance.journal import Entry, Journal
from conformance.restoring import put_back, put_back_control, tried
from conformance.safety import READ_ONLY, REVERSIBLE, allows

OK = 200


class Keeper:
    """Allows a run's changes to one device, and takes them back. Close it, or restore.

    entry  what the journal would begin with; nothing is written until something changes
    spans  [from, to) in UTC: when the device's heat map may have recorded something of ours
    """

    def __init__(
        self,
        camera: Camera,
        control: Control | None,
        safety: str,
        folder: Path,
        entry: Entry,
        now: Callable[[], datetime],
    ) -> None:
        self._camera, self._control, self._safety = camera, control, safety
        self._folder, self._entry, self._now = folder, entry, now
        self._journal: Journal | None = None
        self._state: bytes | None = None
        self._began: datetime | None = None
        self._is_putting_back = False
        if control is not None:
            control.before_change = self.before_control

    @property
    def open_journal(self) -> Journal | None:
        """The journal, once something has been about to change."""
        return self._journal

    @property
    def began(self) -> datetime | None:
        """Since when the device has been changed by this run; None: it never was."""
        return self._began

    def check_free(self) -> None:
        """Refuse to begin while another run's journal is open, if anything may be changed.

        Raises JournalError.
        """
        if allows(self._safety, REVERSIBLE):
            journal.refuse_open(self._folder, self._entry)

    # --- before ----------------------------------------------------------------------------------

    def before_settings(self) -> None:
        """Allow a change of settings; see the class."""
        self._begin()

    def before_user(self, name: str) -> None:
        """Allow an invented account."""
        begun = self._begin()
        if name not in begun.entry.users:
            begun.entry.users.append(name)
            begun.write()

    def before_control(self) -> None:
        """Allow a change by the control interface."""
        self._begin()

    def _begin(self) -> Journal:
        if self._journal is None:
            if not allows(self._safety, REVERSIBLE):
                raise NotCheckedError(f"needs --safety {REVERSIBLE}; this run is {READ_ONLY}")
            try:
                settings, beside = self._camera.kept(), self._read_beside()
            except NoAnswerError as error:
                why = f"what can't be read can't be put back, so nothing is changed: {error}"
                raise NotCheckedError(why) from None
            entry = replace(self._entry, settings=settings, beside=beside)
            if self._control is not None:
                entry.control = {
                    "url": self._control.url,
                    "clock": self._control.get("clock"),
                    "scene": self._control.get("scene"),
                    "volumes": self._control.volumes("mounted"),
                    "read": self._now().isoformat(),
                }
                self._state = self._control.state()
            self._journal = Journal.open(self._folder, entry)
            self._began = self._now()
        return self._journal

    def _read_beside(self) -> dict[str, dict[str, Any]]:
        found = {}
        for group in self._camera.dialect.beside:
            for path in group.paths:
                target = path_and_query(path, [("action", group.get), ("format", "json")])
                answer = self._camera.client.get(target)
                if answer.status == OK and not self._camera.has_failed(answer):
                    document = answer.json()
                    if isinstance(document, dict):
                        found[group.name] = document
                        break
        return found

    # --- after -----------------------------------------------------------------------------------

    def after_check(self) -> list[str]:
        """Put settings and accounts back; returns what could not be, an empty list if all was."""
        if self._journal is None:
            return []
        return put_back(self._camera, self._journal.entry, whole=False)

    def close(self) -> list[str]:
        """Put everything back, compare, and remove the journal if all is as it was.

        Returns what could not be put back; the journal then stays.
        """
        if self._journal is None:
            return []
        troubles: list[str] = []
        if self._control is not None:
            self._control.before_change = lambda: None
            troubles += tried("cards and shares", self._control.clear_volumes)
            if self._state is not None:
                troubles += tried("state", self._put_state)
            troubles += put_back_control(self._control, self._journal.entry, self._now())
        troubles += put_back(self._camera, self._journal.entry, whole=True)
        if not troubles:
            self._journal.close()
        return troubles

    def _put_state(self) -> None:
        assert self._control is not None
        assert self._state is not None
        self._control.put_state(self._state)
