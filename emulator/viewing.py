"""What a camera shows: its picture, at a stream's size, with what was asked for over it.

A look holds together a picture, what the clock read then, and who was in it. Making a JPEG
of it is dear, and needs no turn.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np

from emulator import saved
from emulator.core.cgi import ReportQuery
from emulator.core.frame import Frame, Picture, Size, region_on_map
from emulator.core.localtime import to_local
from emulator.core.reports import picture
from emulator.core.reports.table import reading_text
from emulator.core.streams import overlay
from emulator.core.streams.encoders import DEFAULTS, Encoder
from emulator.core.streams.overlay import Over

if TYPE_CHECKING:
    from emulator.app import Camera


HEAT_S = 5.0
"""How long a stream's heat may be behind."""


_Layers = tuple[Picture, Picture]


class Look(NamedTuple):
    """One picture, the clock's reading, and who is in view."""

    frame: Frame
    reading: datetime
    in_view: Mapping[str, Any]


class View:
    """Shows what `camera` sees. Safe to use from any thread."""

    def __init__(self, camera: "Camera") -> None:
        self._camera = camera
        self._heats: dict[Size, tuple[float, _Layers]] = {}

    def look(self) -> Look:
        """Return what is seen now."""
        camera = self._camera
        with camera.turns.turn():
            return self._look(camera.sight.latest(), camera.now_ms())

    def watch(self, seen: Callable[[Look], None]) -> Callable[[], None]:
        """Have `seen` called with each new picture; returns what ends that (Sight.watch)."""
        clock = self._camera.clock
        return self._camera.sight.watch(
            lambda frame: seen(self._look(frame, frame.at_ms + clock.offset_ms))
        )

    def encoder(self, stream: str) -> Encoder:
        """Return how large a stream is, and how many pictures a second it has at most."""
        return saved.encoders_of(self._camera.storage)[stream]

    def snapshot(self, over: Over) -> bytes:
        """Return what is seen now, at its own size, as JPEG."""
        look, sight = self.look(), self._camera.sight
        shown = sight.snapped(sight.colours(look.frame), self._camera.policy.snapped)
        return self._jpeg(shown, look, DEFAULTS["main"], over)

    def report_png(self, query: ReportQuery | None) -> bytes:
        """Return the space report over what is seen, and over nothing else."""
        camera = self._camera
        counted = region_on_map(camera.recorder.settings.region_mask())
        heat = camera.reports.space(query)
        return picture.png(camera.policy.painted(camera.sight.picture(), heat, counted))

    def jpeg(self, look: Look, encoder: Encoder, over: Over) -> bytes:
        """Return a look as JPEG, at the size of a stream and with `over` over it."""
        return self._jpeg(self._camera.sight.colours(look.frame), look, encoder, over)

    def _jpeg(self, seen: Picture, look: Look, encoder: Encoder, over: Over) -> bytes:
        camera, shown = self._camera, _scaled(seen, encoder)
        if over.heat and camera.offered:
            size = Size(*shown.shape[:2])
            shown = picture.under_heat(shown, self._heat(size, look.reading))
        if over.boxes and camera.offered:
            shown = overlay.with_boxes(shown, *overlay.marked_of(look.in_view))
        if over.clock:
            shown = overlay.with_clock(shown, reading_text(look.reading))
        return picture.jpeg(shown)

    def _look(self, frame: Frame, utc_ms: int) -> Look:
        reading = to_local(utc_ms, self._camera.zone)
        return Look(frame, reading, self._camera.recorder.in_view())

    def _heat(self, size: Size, reading: datetime) -> _Layers:
        # Of the hour that runs, as the pages' live view shows it. It is dear, and each question
        # commits what was ruled so far, so there is not one for every picture of a stream.
        now_s = time.monotonic()
        self._heats = {k: known for k, known in self._heats.items() if now_s - known[0] < HEAT_S}
        if (known := self._heats.get(size)) is not None:
            return known[1]
        camera = self._camera
        counted = region_on_map(camera.recorder.settings.region_mask())
        cells = camera.reports.space(ReportQuery("hour", reading))
        layers = picture.heat_layers(size, cells, counted)
        self._heats[size] = now_s, layers
        return layers


def _scaled(seen: Picture, encoder: Encoder) -> Picture:
    if encoder.fraction == 1:
        return seen  # at its very own size, odd or even
    rows, columns, _ = seen.shape
    size = encoder.size((columns, rows))
    return np.asarray(cv2.resize(seen, size, interpolation=cv2.INTER_AREA), np.uint8)
