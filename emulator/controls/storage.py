"""The control interface's volumes, and the history that is filled in."""

import dataclasses
from collections.abc import Callable
from datetime import date

import emulator.edge.control.models as m
from emulator.app import Camera
from emulator.controls.words import if_it_can
from emulator.core.localtime import to_local
from emulator.core.reports import history
from emulator.core.reports.history import HistoryError
from emulator.core.reports.table import reading_text
from emulator.core.volumes import VolumeError
from emulator.duties import Duties
from emulator.edge.control import ConflictError, ImpossibleError, UnknownError
from emulator.edge.storage import Volume


class StorageControls:
    """Handles one camera's volumes.

    era  gives 8 hex digits that nothing else has
    """

    def __init__(self, camera: Camera, duties: Duties, era: Callable[[], str]) -> None:
        self._camera, self._duties, self._era = camera, duties, era

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

    # --- history -------------------------------------------------------------------------

    def history(self) -> m.History:
        """Tell how much history is filled."""
        filled = self._camera.storage.filled
        if not filled:
            return m.History(hours=0, from_=None)
        first, last = (
            to_local(hour.start_ms, self._camera.zone).date().isoformat()
            for hour in (filled[0], filled[-1])
        )
        return m.History(hours=len(filled), from_=first, to=last)

    def fill_history(self, body: m.HistoryOrder) -> m.History:
        """Fill days with shop life; an hour that is filled already stays as it is."""
        camera = self._camera
        there = set(camera.storage.filled)
        first, last = _day("from", body.from_), _day("to", body.to)
        try:
            hours = history.filled(first, last, camera.zone, camera.now_ms(), body.percent)
        except HistoryError as error:
            raise ImpossibleError("from", body.from_, f"can't be filled: {error}") from None
        with if_it_can():
            missing = (pair for pair in hours if pair[0] not in there)
            camera.storage.plant(missing, camera.zone, self._era())
        return self.history()

    def empty_history(self) -> m.History:
        """Take all filled history out again."""
        before = self.history()
        with if_it_can():
            self._camera.storage.unplant()
        return before

    # --- how it works ----------------------------------------------------------------------

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


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ImpossibleError(field, text, "is not in the calendar") from None
