"""What a camera has to tell of itself: motion, and whether its storage works.

Motion is judged by who the detector follows, in the player's thread with each picture
(core/detection/motion.py). A camera without the heat map has no detector at work; here one runs
for it, and records nothing, but only while somebody wants to be told of motion.

  tell  is called with a topic, values of its source and data items, and what the clock read
"""

from collections.abc import Callable

from emulator.app import Camera
from emulator.core.detection import motion, pipeline
from emulator.core.detection.motion import Motion
from emulator.core.detection.outline import FINE
from emulator.core.detection.tracks import Sighting
from emulator.core.frame import Frame, Size
from emulator.core.onvif import tokens
from emulator.core.onvif.analytics import MOTION_RULE
from emulator.core.onvif.events import MOTION, MOTION_ALARM, STORAGE_FAILURE, Topic, truth
from emulator.core.settings import HeatSettings
from emulator.core.volumes import FULL, MOUNTED, UNMOUNTED
from emulator.duty import Duty

Tell = Callable[[Topic, tuple[str, ...], tuple[str, ...], int], object]

LOOK_S = 0.2
"""So often it is looked whether motion is over and storage works."""

FLASH = "flash"
WORKS = {MOUNTED, FULL, UNMOUNTED}
"""States of a volume that has not failed; one that was unmounted is out of use by intention."""


class Happenings:
    """Tells what happens to one camera, from `start` to `stop`."""

    def __init__(self, camera: Camera, tell: Tell) -> None:
        self._camera, self._tell = camera, tell
        self._motion = Motion()
        self._onlooker: _Onlooker | None = None
        self._told: dict[tuple[Topic, tuple[str, ...]], tuple[str, ...]] = {}
        self._is_wanted = False
        self._boot_mark: object = camera.boot_mark
        self._duty = Duty("happenings", self.look, LOOK_S, camera.setup.rota)
        self._leave: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Tell what holds now, and from now on what changes."""
        self.look()
        self._leave = self._camera.sight.watch(self._seen)
        self._duty.start()

    def stop(self) -> None:
        """Tell nothing more."""
        self._leave()
        self._duty.stop()

    def want_motion(self, is_wanted: bool) -> None:
        """Know whether somebody wants to be told of motion. Never blocks."""
        self._is_wanted = is_wanted

    def look(self) -> None:
        """Tell what has changed without a picture."""
        camera = self._camera
        with camera.turns.turn():
            self._begin_anew_after_boot()
            self._tell_motion(motion.passed(self._motion, camera.film_ms()), camera.now_ms())
        now_ms = camera.now_ms()
        self._tell_failure(FLASH, camera.storage.paused is not None, now_ms)
        for volume in camera.storage.volumes:
            self._tell_failure(volume.name, volume.state not in WORKS, now_ms)

    # --- how it works ------------------------------------------------------------------------

    def _seen(self, frame: Frame) -> None:
        """Judge a picture; called with a turn in hand, once it was looked at."""
        camera = self._camera
        self._begin_anew_after_boot()
        if camera.clock.is_frozen:
            return
        if camera.offered or not self._is_wanted:
            self._have_onlooker(None)
        elif self._onlooker is None:
            self._have_onlooker(_Onlooker(camera))
        if camera.offered:
            size, sightings = camera.recorder.sightings
        elif self._onlooker is not None:
            size, sightings = self._onlooker.looked(frame)
        else:
            return
        judged = motion.looked(self._motion, sightings, size.rows, frame.until_ms)
        self._tell_motion(judged, frame.at_ms + camera.clock.offset_ms)

    def _have_onlooker(self, onlooker: "_Onlooker | None") -> None:
        """Have another detector look, or none: its numbers mean others than the last one's."""
        if onlooker is not self._onlooker:
            self._onlooker = onlooker
            self._motion = motion.anew(self._motion)

    def _begin_anew_after_boot(self) -> None:
        """Know of nothing that has moved, once the camera was off: memory is gone."""
        if self._camera.boot_mark is not self._boot_mark:
            self._boot_mark = self._camera.boot_mark
            self._onlooker, self._motion = None, Motion()

    def _tell_motion(self, judged: Motion, at_ms: int) -> None:
        self._motion = judged
        told = (truth(judged.is_on),)
        where = (tokens.SOURCE_CONFIGURATION, tokens.ANALYTICS, MOTION_RULE)
        self._tell_news(MOTION, where, told, at_ms)
        self._tell_news(MOTION_ALARM, (tokens.VIDEO_SOURCE,), told, at_ms)

    def _tell_failure(self, volume: str, has_failed: bool, at_ms: int) -> None:
        self._tell_news(STORAGE_FAILURE, (volume,), (truth(has_failed),), at_ms)

    def _tell_news(
        self, topic: Topic, where: tuple[str, ...], what: tuple[str, ...], at_ms: int
    ) -> None:
        before = self._told.get((topic, where))
        if before != what:  # hundreds of pictures a second are no news
            self._told[topic, where] = what
            if before is None or self._camera.policy.tells(topic.text):
                self._tell(topic, where, what, at_ms)


class _Onlooker:
    """The detector alone: it follows who is in view, and no heat comes of it."""

    def __init__(self, camera: Camera) -> None:
        self._plan = pipeline.plan(HeatSettings(), camera.zone)  # switched off: nothing counts
        self._state = pipeline.State()

    def looked(self, frame: Frame) -> tuple[Size, tuple[Sighting, ...]]:
        """Return who is where in a picture, and the size of what their boxes lie in."""
        self._state, results = pipeline.step(self._state, frame, self._plan)
        rows, columns = results.mask.shape
        return Size(FINE * rows, FINE * columns), results.sightings
