"""The camera's own picture of the screen: snapshots, and what they say."""

from dataclasses import replace
from statistics import median

import cv2
import numpy as np

from conformance.camera import Camera
from conformance.stimulus import code, sight, watching
from conformance.stimulus.code import Code
from conformance.stimulus.driving import Screen
from conformance.stimulus.layout import Grey
from conformance.stimulus.sight import LostError, Sight
from conformance.streams import pictures
from conformance.streams.pictures import PictureError

OK = 200
KEPT = 2048
"""Bytes of a snapshot on the record where it told nothing new: a long run takes hundreds."""
AGAIN_S, BETWEEN_S = 1.0, 0.37
DELAYS = 7


class Looker:
    """Looks at the screen through one camera."""

    def __init__(self, camera: Camera) -> None:
        self._camera, self._pace = camera, camera.client.pace

    def picture(self) -> Grey:
        """Return a snapshot in its full size. Raises LostError where none can be seen."""
        answer = self._camera.ask("snapshot")
        if answer.status != OK:
            raise LostError(f"no snapshot: {answer.request}: {answer.shown}")
        try:
            width, height = pictures.jpeg_size(answer.body)
        except PictureError as error:
            raise LostError(f"no snapshot: {answer.request}: {error}") from None
        if width * height > pictures.MOST_PIXELS:
            raise LostError(f"no snapshot: {width} x {height} pixels are too many")
        found = cv2.imdecode(np.frombuffer(answer.body, np.uint8), cv2.IMREAD_GRAYSCALE)
        if found is None:
            raise LostError(f"no snapshot: {answer.request}: a JPEG that can't be decoded")
        return found.astype(np.uint8)

    def find(self, patience_s: float) -> Sight:
        """Return where the screen is seen, once it is. Raises LostError after so long."""
        until_s = self._pace.monotonic() + patience_s
        while True:
            try:
                return sight.sighted(self.picture())
            except LostError:
                if self._pace.monotonic() > until_s:
                    raise
            self._pace.sleep(AGAIN_S)

    def refuse_lost(self, before: Sight, number: int | None) -> None:
        """Look whether all is as it was, and again if it is not. Raises LostError."""
        for is_last in (False, True):
            try:
                watching.refuse_lost(self.picture(), before, number)
            except LostError:
                if is_last:
                    raise
                self._pace.sleep(AGAIN_S)
            else:
                self._forget()
                return

    def code(self, seen: Sight) -> Code | None:
        """Return what the strip says; None: it can't be read."""
        try:
            told = watching.read_code(self.picture(), seen)
        except LostError:
            return None
        self._forget()
        return told

    def late_s(self, screen: Screen, seen: Sight) -> float:
        """Return how late the camera's pictures are. Raises LostError where no time is read."""
        found = []
        for _ in range(DELAYS):
            asked_s = self._pace.monotonic()
            picture = self.picture()
            taken_s = (asked_s + self._pace.monotonic()) / 2
            told = watching.read_code(picture, seen)
            if told is not None and not told.is_film:
                late_s = screen.late_s(told, taken_s)
                # A little less than nothing is what a tick and a snapshot leave open.
                found.append(0.0 if late_s > code.ROUND_S - 1 else late_s)
            self._pace.sleep(BETWEEN_S)  # no multiple of a tick
        if not found:
            raise LostError("the screen's strip of code can't be read")
        return median(found)

    def _forget(self) -> None:
        kept = self._camera.client.exchanges
        if kept and kept[-1].answer is not None:
            last, answer = kept[-1], kept[-1].answer
            kept[-1] = replace(last, answer=replace(answer, body=answer.body[:KEPT]))
