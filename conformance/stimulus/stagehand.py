"""What the screen shows at an instant: an empty stage with the time above it, or a film.

Knows no browser and no clock: a player asks it with the time. Told from one thread, asked from
others.
"""

import threading
from dataclasses import dataclass

import cv2
import numpy as np

from conformance.stimulus import code, films
from conformance.stimulus.code import Code
from conformance.stimulus.films import Film
from conformance.stimulus.layout import Grey

QUALITY = 92
"""Of JPEG: no patch of the code and no marker's edge suffers."""


@dataclass(frozen=True, slots=True)
class _On:
    film: Film | None = None
    number: int | None = None  # above the stage; None: the time
    since_s: float = 0.0


class Stagehand:
    """The screen's content, by the player's time in seconds."""

    def __init__(self) -> None:
        self._on = _On()
        self._kept: tuple[object, bytes] = (None, b"")
        self._coding = threading.Lock()

    def show_time(self) -> None:
        """Clear the stage; the strip tells the time."""
        self._on = _On()

    def show(self, film: Film, number: int, now_s: float) -> None:
        """Begin a film; at its end the stage is cleared, and its number stays."""
        self._on = _On(film, number, now_s)

    @property
    def film(self) -> str:
        """The name of the film that was begun last; empty: the time is told."""
        return self._on.film.name if self._on.film else ""

    def picture(self, now_s: float) -> Grey:
        """Return the screen."""
        film, at_s, told = self._at(now_s)
        return films.picture(film, at_s, told)

    def jpeg(self, now_s: float) -> bytes:
        """Return the screen as JPEG; coded once as long as nothing on it changes."""
        film, at_s, told = self._at(now_s)
        what = (films.stands(film, at_s), told)
        with self._coding:
            if self._kept[0] != what:
                self._kept = (what, coded(films.picture(film, at_s, told)))
            return self._kept[1]

    def _at(self, now_s: float) -> tuple[Film | None, float, Code]:
        on = self._on
        at_s = now_s - on.since_s
        told = code.time_of(now_s) if on.number is None else Code(True, on.number)
        is_over = on.film is None or at_s >= on.film.length_s
        return None if is_over else on.film, at_s, told


def coded(picture: Grey) -> bytes:
    """Return a picture as JPEG."""
    done, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert done
    return np.asarray(content).tobytes()
