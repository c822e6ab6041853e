"""A camera's time as seen from outside it: how it goes, what it is set to, what it looks at.

While a source plays it drives the clock, so to freeze the clock is to pause the source, and to
hurry it is to play faster. A step far forward stops at each day on its way if reports are to be
exported, so that each is made of what could be seen then, as it would be if those days had
passed; hours close and old heat goes the same way whether it stops or not.
"""

from collections.abc import Callable
from datetime import datetime

from emulator.app import Camera
from emulator.core.localtime import DAY_MS, to_instant
from emulator.edge.clock import zone_of
from emulator.edge.sources import LiveSource, Source
from emulator.playing import Programme

SHOWN_S = 5.0
"""So long may a new scene take to show its first picture before whoever asked is answered."""


class LiveError(ValueError):
    """What a live source can't do; the message says what."""


class Timekeeper:
    """Sets one camera's clock and scene. From one thread at a time.

    catch_up  does what is due up to the clock's reading, in order
    """

    def __init__(self, camera: Camera, catch_up: Callable[[], None]) -> None:
        self._camera, self._catch_up = camera, catch_up

    # --- how time goes -------------------------------------------------------------------

    @property
    def speed(self) -> float | None:
        """Seconds of the camera's time a second of real time; None: as its source is looked at."""
        camera = self._camera
        runs_on = camera.has_ended or isinstance(camera.player.source, LiveSource)
        return camera.clock.pace if runs_on else camera.player.speed

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still."""
        return self._camera.clock.is_frozen

    def go(self, speed: float | None) -> None:
        """Let time go at `speed`; None: as fast as the source can be looked at.

        Raises LiveError where the source is live and the speed another than 1.
        """
        camera = self._camera
        if isinstance(camera.player.source, LiveSource) and speed != 1:
            raise LiveError(f"{camera.player.source.name} is live and goes at real only")
        camera.player.pace(speed)
        camera.clock.keep_pace(speed or 1.0)

    def freeze(self) -> None:
        """Let time stand still; not even the picture in hand moves it when this returns."""
        self._camera.player.pause()
        self._camera.clock.freeze()

    def thaw(self) -> None:
        """Let time go on."""
        self._camera.clock.thaw()
        self._camera.player.resume()

    # --- what the clock reads ------------------------------------------------------------

    def set(self, zone_name: str | None, reading: datetime | None, utc_ms: int | None) -> None:
        """Set the clock: to a reading in its zone (a new one, if given), or to an instant.

        Raises clock.ZoneError or StorageError; then nothing has changed.
        """
        camera = self._camera
        with camera.turns.turn():
            if reading is not None:
                zone = camera.zone if zone_name is None else zone_of(zone_name)
                utc_ms = to_instant(reading, zone)
            camera.set_clock(zone_name, None, {})
        if utc_ms is not None:
            self.step(utc_ms - camera.now_ms())

    def step(self, by_ms: int) -> None:
        """Let the clock jump, by way of each day that lies between if anything is due there."""
        clock, camera = self._camera.clock, self._camera
        is_exporting = camera.offered and camera.exporter.settings.is_on
        while by_ms > 0:
            hop_ms = min(by_ms, DAY_MS) if is_exporting else by_ms
            clock.step(hop_ms)
            by_ms -= hop_ms
            self._catch_up()
        if by_ms < 0:
            clock.step(by_ms)
            self._catch_up()

    # --- what is looked at ---------------------------------------------------------------

    def check_show(self, source: Source | None, position_ms: int | None, loop: bool | None) -> None:
        """Refuse what `show` can't do. Raises LiveError."""
        there = self._camera.player.source if source is None else source
        if isinstance(there, LiveSource):
            if position_ms is not None or loop:
                raise LiveError(f"{there.name} is live: it has no positions, and does not end")
            if source is not None and self.speed != 1:
                raise LiveError(f"{there.name} is live and goes at real only")

    def show(self, source: Source | None, position_ms: int | None, loop: bool | None) -> None:
        """Show another source from its start, or another position; and whether in a loop.

        Returns when the first picture has been shown. Raises LiveError.
        """
        self.check_show(source, position_ms, loop)
        camera, player = self._camera, self._camera.player
        there = player.source if source is None else source
        loop = player.loop if loop is None else loop
        begins = source is not None or position_ms is not None
        if begins or (loop and camera.has_ended):
            camera.play(Programme(there, loop, position_ms or 0))
            player.wait_shown(SHOWN_S)
        player.loop = loop
