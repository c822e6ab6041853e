"""Films for the stage: things that come, stay or walk, and go; noise, and light that changes.

Pure. A film is a small document, as a player is told it and a video is made of it; a picture of
it depends on nothing but the film, the instant and the code above it.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.stimulus import code, layout
from conformance.stimulus.code import Code
from conformance.stimulus.layout import STAGE, Grey, Rect

FIRST_S = 5.0
"""A camera whose settings have just been saved is left alone for so long."""
LAST_S = 2.0
"""After the last thing has gone."""
LONGEST_S, MOST_THINGS, MOST_STEPS = 3600.0, 100, 100

_NOISE_FPS = 10.0
_NOISES = 16


class FilmError(ValueError):
    """A document that is no film; the message names what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A grey box that is there from one instant up to another.

    box  where; to: where it is at its end, if it walks there evenly
    """

    box: Rect
    from_s: float = FIRST_S
    until_s: float = FIRST_S + 5
    grey: int = 40
    to: Rect | None = None

    @property
    def seconds(self) -> float:
        """How long it is there."""
        return self.until_s - self.from_s

    def at(self, at_s: float) -> Rect:
        """Return where it is."""
        if self.to is None:
            return self.box
        part = (at_s - self.from_s) / self.seconds
        return Rect(*(a + part * (b - a) for a, b in zip(self.box, self.to, strict=True)))


Steps = tuple[tuple[float, float], ...]
"""Values by instant: evenly from one to the next, and as at the ends before and after."""


@dataclass(frozen=True, slots=True)
class Film:
    """One film.

    light  what the floor's grey level is multiplied with; noise: sigma in grey levels
    """

    name: str
    length_s: float
    things: tuple[Thing, ...] = ()
    light: Steps = ()
    noise: Steps = ()

    @property
    def lasts(self) -> bool:
        """Whether something is there at its end, and so vanishes only with it."""
        return any(thing.until_s > self.length_s for thing in self.things)


def of(name: str, *things: Thing) -> Film:
    """Return a film of things, LAST_S longer than they are there."""
    return Film(name, max(thing.until_s for thing in things) + LAST_S, things)


# --- as a document -------------------------------------------------------------------------------


def document(film: Film) -> dict[str, Any]:
    """Return a film as JSON has it."""
    return asdict(film)


def read(written: Mapping[str, Any]) -> Film:
    """Return the film of a document. Raises FilmError."""
    try:
        things = tuple(_thing(one) for one in _list(written, "things", MOST_THINGS))
        light, noise = (
            tuple((float(at_s), float(value)) for at_s, value in _list(written, name, MOST_STEPS))
            for name in ("light", "noise")
        )
        film = Film(str(written["name"])[:80], float(written["length_s"]), things, light, noise)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FilmError(f"no film: {error}") from None
    numbers = [film.length_s, *(n for step in (*light, *noise) for n in step)]
    numbers += [n for one in things for n in (*one.box, *(one.to or ()), one.from_s, one.until_s)]
    if not all(math.isfinite(number) and abs(number) < 1e5 for number in numbers):
        raise FilmError("no film: a number is out of bounds")
    if not 0 < film.length_s <= LONGEST_S:
        raise FilmError(f"no film: length_s {film.length_s:g} is outside 0..{LONGEST_S:g}")
    return film


def _list(written: Mapping[str, Any], name: str, most: int) -> list[Any]:
    found = written.get(name, [])
    if not isinstance(found, list) or len(found) > most:
        raise FilmError(f"no film: {name} is no list of at most {most}")
    return found


def _thing(written: Mapping[str, Any]) -> Thing:
    to = written.get("to")
    return Thing(
        Rect(*map(float, written["box"])),
        float(written["from_s"]),
        float(written["until_s"]),
        min(max(int(written["grey"]), 0), 255),
        None if to is None else Rect(*map(float, to)),
    )


# --- as pictures ---------------------------------------------------------------------------------


def stands(film: Film | None, at_s: float) -> tuple[Any, ...]:
    """Return what a picture of a film depends on besides its code: equal, and it is the same."""
    if film is None:
        return ()
    there = tuple((one.at(at_s), one.grey) for one in film.things if _is_there(one, at_s))
    sigma = round(_value(film.noise, at_s, 0.0), 2)
    grain = int(at_s * _NOISE_FPS) % _NOISES if sigma else 0
    return (there, round(_value(film.light, at_s, 1.0), 3), sigma, grain)


def picture(film: Film | None, at_s: float, told: Code) -> Grey:
    """Return the screen at an instant of a film: uint8 (HEIGHT, WIDTH); None: an empty stage."""
    screen = layout.frame()
    code.draw(screen, told)
    if film is None:
        return screen
    there, light, sigma, grain = stands(film, at_s)
    if light != 1.0 or sigma:
        left, top, right, bottom = (int(edge) for edge in STAGE)
        floor = np.full((bottom - top, right - left), layout.FLOOR * light, np.float32)
        if sigma:
            floor += sigma * _grain(grain)
        screen[top:bottom, left:right] = np.clip(np.rint(floor), 0, 255).astype(np.uint8)
    for box, grey in there:
        left, top, right, bottom = (max(round(edge), 0) for edge in box)
        screen[top:bottom, left:right] = grey
    return screen


def _is_there(thing: Thing, at_s: float) -> bool:
    return thing.from_s <= at_s < thing.until_s


def _value(steps: Steps, at_s: float, usual: float) -> float:
    if not steps:
        return usual
    return float(np.interp(at_s, [at for at, _ in steps], [value for _, value in steps]))


@cache
def _grain(number: int) -> NDArray[np.float32]:
    """Return one of some pictures of noise, of sigma 1; the same each time."""
    rows, columns = int(STAGE.bottom - STAGE.top), int(STAGE.right - STAGE.left)
    # Coarse grain: of a finer one nothing would be left in the camera's picture.
    shape = ((rows + 1) // 2, (columns + 1) // 2)
    small = np.random.default_rng(number).standard_normal(shape, np.float32)
    return np.repeat(np.repeat(small, 2, 0), 2, 1)[:rows, :columns]
