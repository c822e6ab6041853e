"""Which films the checks of BEH want of a screen, in their order, and how long that takes.

Pure. Everything here is for a screen of layout.py; levels that depend on how large the screen is
seen are worked out by the checks. Things that are shown together are of different heights: a
camera that has learned how tall people are would take a larger one for several.
"""

from collections.abc import Container, Mapping
from typing import NamedTuple

from conformance.stimulus import films
from conformance.stimulus.films import FIRST_S, LAST_S, Film, Thing
from conformance.stimulus.layout import FLOOR, Rect

# --- besides -------------------------------------------------------------------------------------

TRIAL = films.of("trial", Thing(Rect(560, 250, 720, 500)))
"""Is anything recorded at all, and how soon is it told?"""

# --- BEH-01 ---------------------------------------------------------------------------------------

SENSITIVITIES = (10, 7, 4, 1)
FAINT = films.of(
    "faint",
    *(
        Thing(Rect(left, 560 - height, left + 95, 560), grey=FLOOR - contrast)
        for contrast, left, height in zip(
            *((8, 14, 22, 32, 48, 90), range(170, 1100, 160), (300, 130, 300, 130, 300, 130)),
            strict=True,
        )
    ),
)

# --- BEH-02 ---------------------------------------------------------------------------------------

SQUARES = films.of(
    "sizes",
    *(
        Thing(Rect(left, 570 - side, left + side, 570))
        for side, left in ((280, 170), (140, 580), (70, 880))
    ),
)
"""From the largest down."""
SMALLER, LARGER = 0.82, 1.2
"""Levels of Min. Object Size, as parts of a square's own, that must keep it and leave it out."""

# --- BEH-03 ---------------------------------------------------------------------------------------

LEAST_LIMIT_S, MOST_LIMIT_S = 6, 110
"""Of the device's own Min. Dwell Time; above, a still thing would be taken for the background
before twice of it is over, whatever the adaptability (T(1) = 300 s)."""
WALK_LIMITS_S, WALK_S = (5, 12), 8.0
WALK = films.of(
    "walk",
    Thing(Rect(170, 300, 280, 560), until_s=FIRST_S + WALK_S, to=Rect(980, 300, 1090, 560)),
)
UNSEEN_LIMITS_S, UNSEEN_S = (10, 6), 0.6
_HERE = Rect(560, 260, 690, 540)
UNSEEN = films.of(
    "unseen",
    Thing(_HERE, until_s=FIRST_S + 4),
    Thing(_HERE, FIRST_S + 4 + UNSEEN_S, FIRST_S + 8 + UNSEEN_S),
)


def dwelling(limit_s: int) -> Film:
    """Return a film of two stays: half of a limit, and twice of it."""
    boxes = Rect(250, 400, 380, 560), Rect(760, 280, 890, 560)
    stays = (0.5 * limit_s, 2.0 * limit_s)
    return films.of(
        "dwell",
        *(Thing(box, until_s=FIRST_S + seconds) for box, seconds in zip(boxes, stays, strict=True)),
    )


def own_limit(told: int) -> int:
    """Return the device's own limit, or the nearest that can be played."""
    return min(max(told, LEAST_LIMIT_S), MOST_LIMIT_S)


# --- BEH-04 ---------------------------------------------------------------------------------------

ABSORBED = 0.1
ABSORBED_S = {5: 87.5, 8: 34.7, 10: 18.8}
"""T(a) = 300 s x 2^(-(a - 1) / 2.25), and how much of it may be missing (CONTRACT 3)."""
LASTING_BOXES = {"furniture": Rect(200, 300, 380, 560), "light": Rect(700, 300, 980, 440)}


def lasting(level: int) -> Film:
    """Return a film of what is put down and stays, long enough to see it stay for too long."""
    wanted_s = (1 + 2 * ABSORBED) * ABSORBED_S[level]
    length_s = FIRST_S + wanted_s + LAST_S
    greys = {"furniture": 40, "light": FLOOR + 50}
    things = [
        Thing(box, until_s=length_s + 1, grey=greys[name]) for name, box in LASTING_BOXES.items()
    ]
    return Film(f"lasting {level}", length_s, tuple(things))


# --- BEH-05 ---------------------------------------------------------------------------------------

PARTED_AT = (640.0, 390.0)
"""Where the screen is parted into left and right, upper and lower; to the nearest cell's edge."""
LOWER_LEFT = Thing(Rect(180, 470, 290, 575))
QUARTERS = (
    LOWER_LEFT,
    Thing(Rect(970, 470, 1080, 575)),
    Thing(Rect(180, 190, 290, 290)),
    Thing(Rect(970, 190, 1080, 290)),
)
LEANS_OUT = Thing(Rect(390, 400, 700, 575))
"""Of the left part, where its foot still is."""
SPREAD = films.of("spread", *QUARTERS, LEANS_OUT)
STANDS_IN = Thing(Rect(180, 290, 290, 575))
"""Of the lower part; its head is above."""
FEET = films.of("feet", STANDS_IN, Thing(Rect(970, 180, 1080, 330)), LEANS_OUT)

# --- BEH-06 ---------------------------------------------------------------------------------------

MOMENT = films.of("moment", Thing(Rect(540, 280, 670, 560)))
EDGE_S = (8.0, 12.0)
"""Of a stay over the schedule's edge: before it and after it."""
OVER_EDGE = films.of("edge", Thing(Rect(540, 280, 670, 560), until_s=FIRST_S + sum(EDGE_S)))

# --- BEH-07 ---------------------------------------------------------------------------------------

NOTHING_S = 30.0
NOTHING = {
    "empty": Film("empty", NOTHING_S),
    "noise": Film("noise", NOTHING_S, noise=((5, 2), (22, 10), (26, 10), (NOTHING_S, 2))),
    "slow light": Film("slow light", 40.0, light=((3, 1.0), (11, 0.85), (27, 1.15), (35, 1.0))),
}
STILL_SENSITIVITIES = (5, 10)

# --- all of it ------------------------------------------------------------------------------------


class Item(NamedTuple):
    """A film, for which requirement (empty: for all), and how often."""

    requirement: str
    film: Film
    times: int


def items(limit_s: int) -> list[Item]:
    """Return all films in the order in which the checks want them."""
    return [
        Item("", TRIAL, 2),
        Item("BEH-01", FAINT, len(SENSITIVITIES)),
        Item("BEH-02", SQUARES, 2 + 2 * len(SQUARES.things)),
        Item("BEH-03", dwelling(limit_s), 1),
        Item("BEH-03", WALK, len(WALK_LIMITS_S)),
        Item("BEH-03", UNSEEN, len(UNSEEN_LIMITS_S)),
        *(Item("BEH-04", lasting(level), 1) for level in ABSORBED_S),
        Item("BEH-05", SPREAD, 3),
        Item("BEH-05", FEET, 1),
        Item("BEH-06", MOMENT, 4),
        Item("BEH-06", OVER_EDGE, 2),
        *(Item("BEH-07", film, len(STILL_SENSITIVITIES)) for film in NOTHING.values()),
    ]


BETWEEN_S = 5.0
"""Between two films: settings are saved and reports are read."""
FORGETS_S = 25.0
"""After the screen has come into view, and after each of BEH-04's films: a camera of the highest
adaptability learns what is then the background (T(10) = 18.8 s)."""
WAITS_S = 30.0
"""For the schedule's edge: on an average, as edges are whole minutes."""


def seconds(limit_s: int, selected: Container[str]) -> float:
    """Return how long the films of the selected requirements take, real time; 0: there are none."""
    wanted = [one for one in items(limit_s) if one.requirement in selected]
    if not wanted:
        return 0.0
    total = FORGETS_S + TRIAL.length_s + BETWEEN_S
    for one in wanted:
        each = one.film.length_s + BETWEEN_S
        each += FORGETS_S * (one.requirement == "BEH-04") + WAITS_S * (one.film is OVER_EDGE)
        total += one.times * each
    return total


def numbers(limit_s: int) -> Mapping[str, range]:
    """Return the numbers that each film has in the video, by its name, from 1 on."""
    found, number = {}, 1
    for one in items(limit_s):
        found[one.film.name] = range(number, number + one.times)
        number += one.times
    return found


PAUSE_S = 15.0
"""A video shows each film's number for so long before it begins: settings are saved meanwhile."""
TIME_S = 75.0
"""A video begins with the time: meanwhile the screen is found, and its background learned."""


class Scene(NamedTuple):
    """A part of the video: so long an empty stage, then a film, with a number above both.

    number  None: the time
    """

    number: int | None
    pause_s: float
    film: Film | None


def scenes_of_video(limit_s: int) -> list[Scene]:
    """Return the parts of the video."""
    found, number, pause_s = [Scene(None, TIME_S, None)], 0, PAUSE_S
    for one in items(limit_s):
        for _ in range(one.times):
            number += 1
            found.append(Scene(number, pause_s, one.film))
            pause_s = PAUSE_S + FORGETS_S * one.film.lasts
    return [*found, Scene(None, pause_s, None)]


def video_s(limit_s: int) -> float:
    """Return how long the video is."""
    return sum(
        scene.pause_s + (scene.film.length_s if scene.film else 0)
        for scene in scenes_of_video(limit_s)
    )


def in_words(total_s: float) -> str:
    """Return a length of time as one reads it.

    >>> in_words(1100), in_words(95)
    ('19 minutes', '95 s')
    """
    return f"{total_s:.0f} s" if total_s < 120 else f"{-(-total_s // 60):.0f} minutes"
