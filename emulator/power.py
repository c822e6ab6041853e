"""A camera's mains and memory: reboots, resets, and its whole state as one file.

While it is down its port refuses; its clock goes on, as one with a battery does, and so does
its film afterwards, from where it was.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import tzinfo
from typing import Any

from emulator import saved
from emulator.app import Camera
from emulator.core import snapshot
from emulator.core.localtime import to_local
from emulator.core.snapshot import Header, SnapshotError
from emulator.edge.clock import ZoneError, zone_of
from emulator.edge.sources import LiveSource, Source, SourceError
from emulator.edge.storage import StorageError
from emulator.playing import Programme
from emulator.recording import CLOCK, OPEN_STAYS

log = logging.getLogger("stuntcam")

KEPT = (saved.SETTINGS, saved.ZONE, *saved.GONE)
"""What a reset puts back, by name; whoever was in view is forgotten."""


SOON_S, DOWN_S = 0.5, 1.0
"""A reboot that a client asks for begins so much later, when he has his answer; and lasts so
long."""


class DownError(ValueError):
    """What can't be done while the camera is down; or that it can't be switched off."""


class Power:
    """Starts one camera again, in one way or another.

    refuse     has the camera's port refuse all connections, or answer again
    quiet      holds what sends the camera's reports, so that none is sent twice
    era        gives 8 hex digits that nothing else has
    source_of  gives the source of a name, for a live one can't be followed twice
    """

    def __init__(
        self,
        camera: Camera,
        refuse: Callable[[bool], None],
        quiet: Callable[[], AbstractContextManager[None]],
        era: Callable[[], str],
        source_of: Callable[[str], Source],
    ) -> None:
        self._camera, self._refuse, self._quiet = camera, refuse, quiet
        self._era, self._source_of = era, source_of
        self._began = {name: camera.storage.state(name) for name in KEPT} | {OPEN_STAYS: None}
        self._accounts = camera.storage.accounts()
        self._switching, self._hurrying = threading.Lock(), threading.Event()
        self._leaving = threading.Event()
        self.boots = 1

    @property
    def is_up(self) -> bool:
        """Whether the camera is up."""
        return not self._switching.locked()

    def reboot(self, is_hard: bool, down_s: float) -> Callable[[], None]:
        """Switch the camera off; return what waits, and switches it on again.

        is_hard  a power cut: what was not committed is lost
        Raises DownError if it is down already, or if that fails; then it is up as it was.
        """
        if not self._switching.acquire(blocking=False):
            raise DownError("the camera is down already")
        try:
            self._refuse(True)
            self._off(commit=not is_hard)
        except Exception as error:
            log.exception("the camera can't be switched off")
            self._answer_again()
            raise DownError(f"the camera can't be switched off: {error}") from error

        def on_again() -> None:
            self._hurrying.wait(down_s)
            try:
                with nullcontext() if is_hard else self._quiet():
                    self._on()
            except Exception:
                log.exception("the camera is up again, but not as it should be")
            else:
                log.info("the camera is up again")
            finally:
                self._answer_again()

        return on_again

    def settle(self) -> None:
        """Have the camera up at once if it is down; returns when it is."""
        self._hurrying.set()
        with self._switching:
            self._hurrying.clear()

    def cut(self, down_s: float) -> None:
        """Cut the power in the middle of something, and give it back by itself."""
        threading.Thread(target=self._cut, args=(down_s,), name="power", daemon=True).start()

    def reboot_soon(self, first: Callable[[], None] = lambda: None) -> None:
        """Start the camera again by itself, once whoever asked was answered.

        first  is called before it is switched off
        """
        threading.Thread(target=self._soon, args=(first,), name="power", daemon=True).start()

    def leave(self) -> None:
        """Have the camera up for the last time; returns when it is, and nothing is to come."""
        self._leaving.set()
        self.settle()

    def reset(self, speed: float | None) -> None:
        """Go back to how this process started, without heat; `speed` as it was then.

        Raises StorageError.
        """
        camera = self._camera
        camera.player.pause()
        with self._quiet(), camera.turns.turn():
            camera.storage.clear(self._era())
            self._only(self._accounts)
            self._put(self._began)
            camera.zone, camera.zone_name = camera.setup.zone, camera.setup.zone_name
            camera.clock.keep_pace(1.0)
            camera.clock.set(camera.setup.begins_ms)
            camera.boot()
        camera.player.pace(speed)
        self._begin_again()

    def factory_reset(self) -> None:
        """Go back to as delivered, without heat; the clock and the scene go on.

        Raises StorageError.
        """
        camera = self._camera
        with self._quiet(), camera.turns.turn():
            camera.storage.clear(self._era())
            self._only([])
            delivered = saved.as_kept(camera.policy.delivered)  # SET-01: off
            self._put(dict.fromkeys((*saved.GONE, OPEN_STAYS)) | {saved.SETTINGS: delivered})
            camera.boot()

    # --- the state as a file -----------------------------------------------------------------

    def state(self) -> bytes:
        """Return the state as a file. Raises StorageError."""
        camera = self._camera
        with camera.turns.turn():
            camera.recorder.flush({CLOCK: camera.now_ms()})
            header = Header(
                model=camera.setup.identity.model,
                firmware=camera.setup.identity.firmware,
                clock_ms=camera.now_ms(),
                zone=camera.zone_name,
                source=camera.player.source.name,
                position_ms=camera.player.position_ms,
                loop=camera.player.loop,
            )
            return snapshot.packed(header, camera.storage.snapshot())

    def restore(self, file: bytes) -> None:
        """Have the camera be in the state that `state` returned.

        Raises SnapshotError, or SourceError if what it looked at is not there any more;
        nothing has changed then.
        """
        camera = self._camera
        header, content = snapshot.unpacked(file)
        identity = camera.setup.identity
        if (header.model, header.firmware) != (identity.model, identity.firmware):
            whose = f"{header.model} {header.firmware}"
            ours = f"{identity.model} {identity.firmware}"
            raise SnapshotError(f"it is the state of a {whose}; this is a {ours}")
        source = self._source(header.source)
        zone = self._zone(header)
        numbers = camera.storage.state("numbers")
        camera.player.pause()
        try:
            with self._quiet(), camera.turns.turn():
                camera.storage.restore(content, self._era())
                self._put({"numbers": numbers})  # whoever's state it is in, a camera stays itself
                camera.zone, camera.zone_name = zone, header.zone
                camera.clock.set(header.clock_ms)
                camera.boot()
        except StorageError as error:
            raise SnapshotError(f"its store can't be used: {error}") from error
        finally:
            if not camera.clock.is_frozen:
                camera.player.resume()
        if not isinstance(source, LiveSource):
            camera.play(Programme(source, header.loop, header.position_ms))

    # --- how it works ------------------------------------------------------------------------

    def _cut(self, down_s: float) -> None:
        with suppress(DownError):  # then there is no power to be cut
            self.reboot(True, down_s)()

    def _soon(self, first: Callable[[], None]) -> None:
        if self._leaving.wait(SOON_S):
            return
        try:
            first()
        except StorageError as error:
            log.error("%s; the reset is not done", error)
        with suppress(DownError):  # it starts again already
            self.reboot(False, DOWN_S)()

    def _off(self, *, commit: bool) -> None:
        camera = self._camera
        camera.player.pause()
        with camera.turns.turn():
            if commit:
                try:
                    camera.recorder.flush({CLOCK: camera.now_ms()})
                except StorageError as error:
                    log.error("%s; what was ruled since the last minute is lost", error)
        camera.clock.run_on()

    def _on(self) -> None:
        camera = self._camera
        with camera.turns.turn():
            camera.boot()
        self.boots += 1
        player = camera.player
        if not camera.has_ended and not isinstance(player.source, LiveSource):
            camera.play(Programme(player.source, player.loop, player.position_ms))

    def _answer_again(self) -> None:
        """Be up: whatever has failed before, a camera that refuses for ever helps nobody."""
        try:
            if not self._camera.clock.is_frozen:
                self._camera.player.resume()
            self._refuse(False)
        finally:
            self._switching.release()

    def _begin_again(self) -> None:
        camera = self._camera
        camera.clock.thaw()
        first = camera.setup.source
        if isinstance(first, LiveSource) and camera.player.source is not first:
            first = self._source_of(first.name)
        if not isinstance(first, LiveSource) or camera.player.source is not first:
            camera.play(Programme(first, camera.setup.loop))
        camera.player.resume()
        camera.player.wait_shown(5.0)

    def _source(self, name: str) -> Source:
        for known in (self._camera.player.source, self._camera.setup.source):
            if known.name == name:
                return known
        try:
            return self._source_of(name)
        except SourceError as error:
            raise SnapshotError(f"what it looked at is not there: {error}") from error

    @staticmethod
    def _zone(header: Header) -> tzinfo:
        try:
            zone = zone_of(header.zone)
            to_local(header.clock_ms, zone)
        except (ZoneError, OverflowError) as error:
            raise SnapshotError(f"its clock can't be set: {error}") from error
        return zone

    def _only(self, accounts: list[Any]) -> None:
        storage = self._camera.storage
        wanted = {account.name for account in accounts}
        for account in storage.accounts():
            if account.name not in wanted:
                storage.drop_account(account.name)
        for account in accounts:
            storage.put_account(account)

    def _put(self, state: Mapping[str, object]) -> None:
        self._camera.storage.commit({}, state, self._camera.zone, 0)
