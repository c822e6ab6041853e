"""One object over time: how its place, size, speed and rest follow what is seen of it.

Positions are pixels of the reduced picture; speeds are pixels a second. Which pixels are
whose is worked out elsewhere (`whereabouts`); what a track means to heat, in `stays`.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from emulator.core.detection.claims import LEAST_UPPER, centre
from emulator.core.detection.foreground import Mask
from emulator.core.detection.groups import Found, area, is_cut, upper_area
from emulator.core.detection.looks import Looks, looks
from emulator.core.detection.tuning import Tuning
from emulator.core.frame import Box, Luma, Size
from emulator.core.localtime import SECOND_MS

STILL_SHARE = 1 / 96
"""Of the picture's height: an edge that moved further than this has moved (CONTRACT 3)."""

CONFIRM_WIDTHS = 1.5
"""An object that went this many times its own width is no flicker; nor is one that has
stayed for CONFIRM_MS."""

CONFIRM_MS = 1 * SECOND_MS

SMOOTHING_S = 0.2
"""Half-life of the average that stillness is judged on: boxes of a mask tremble."""

SPEED_S = 0.3
"""Half-life of an object's speed."""

USUAL_S = 0.5
"""Half-life of an object's usual size; a step takes as long."""

WALKS = 0.2
"""Of its height a second: what moves faster is no thing that lies about."""

RESTING_MS = 2 * SECOND_MS
"""Who has been still for so long is taken to stay so while others hide him."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is looked at, uint8 (rows, columns) all, and the stretch it stands for, ms.

    off   by how many grey levels each pixel differs from the empty scene
    left  boxes of what had been there since the scene began, and has gone
    """

    luma: Luma
    mask: Mask
    off: Luma
    at_ms: int
    until_ms: int
    left: tuple[Box, ...] = ()

    size: Size = field(init=False)
    """Its height and width in pixels."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", Size(*self.luma.shape))


class Track(NamedTuple):
    """One object over time; each picture makes a new one, so it is a tuple, which is made fast.

    number     its identity, never reused
    box        where it was last seen
    at_ms      when that was; seen_ms: until when it was seen; first_ms: since when
    told_ms    until when it was told from others; in a group it may be hidden
    hits       pictures in which it was seen
    confirmed  believed to be an object
    speed      (rows, columns) a second
    born       where it was first seen
    usual      (rows, columns): its size
    area       its pixels in the mask; upper: those of its upper half
    foot       the row of its foot, where it had that size
    alone_ms   until when it was seen alone and whole; time unseen since is not counted
    looks      what it looked like when last alone
    edges      its box's edges, averaged over SMOOTHING_S
    rest       those edges where the present rest began; rest_ms: when that was
    """

    number: int
    box: Box
    at_ms: int
    seen_ms: int
    first_ms: int
    told_ms: int
    hits: int
    confirmed: bool
    speed: tuple[float, float]
    born: Box
    usual: tuple[float, float]
    area: float
    upper: float
    foot: float
    alone_ms: int
    looks: Looks | None
    edges: tuple[float, ...]
    rest: tuple[float, ...]
    rest_ms: int

    def rests(self, at_ms: int) -> bool:
        """Tell whether it has been still for long enough to count on it."""
        return at_ms - self.rest_ms >= RESTING_MS

    @property
    def walks(self) -> bool:
        """Tell whether it is on its way."""
        return bool(max(abs(self.speed[0]), abs(self.speed[1])) > WALKS * self.usual[0])

    def goes_out(self, size: Size) -> bool:
        """Tell whether it was last seen at the edge of a picture of `size`, on its way out."""
        top, left, bottom, right = self.box
        down, across = self.speed
        least = WALKS * self.usual[0]
        return (
            (top <= 0 and down < -least)
            or (left <= 0 and across < -least)
            or (bottom >= size.rows and down > least)
            or (right >= size.columns and across > least)
        )

    def expected(self, at_ms: int) -> Box:
        """Return where it should be; maybe outside the picture."""
        if self.rests(at_ms):
            return self.box
        ahead_s = max(0, at_ms - self.at_ms) / SECOND_MS
        down, right = round(self.speed[0] * ahead_s), round(self.speed[1] * ahead_s)
        top, left, bottom, last = self.box
        return Box(top + down, left + right, bottom + down, last + right)


def begun(number: int, box: Box, picture: Picture) -> Track:
    """Return the track of what is seen in `box` for the first time."""
    edges = tuple(float(edge) for edge in box)
    return Track(
        number,
        box,
        at_ms=picture.at_ms,
        seen_ms=picture.until_ms,
        first_ms=picture.at_ms,
        told_ms=picture.until_ms,
        hits=1,
        confirmed=False,
        speed=(0.0, 0.0),
        born=box,
        usual=(float(box.bottom - box.top), float(box.right - box.left)),
        area=float(area(picture.mask, box)),
        upper=float(upper_area(picture.mask, box)),
        foot=float(box.bottom),
        alone_ms=picture.until_ms,
        looks=looks(picture.luma, picture.mask, box),
        edges=edges,
        rest=edges,
        rest_ms=picture.at_ms,
    )


def followed(track: Track, found: Found, picture: Picture, tuned: Tuning) -> Track:
    """Return the track after its object was found in `picture`."""
    box, at_ms, until_ms = found.box, picture.at_ms, picture.until_ms
    since_s = max(at_ms - track.at_ms, 1) / SECOND_MS
    (row, column), (row_was, column_was) = centre(box), centre(track.box)
    keep = 0.5 ** (since_s / SPEED_S)
    speed = (
        keep * track.speed[0] + (1 - keep) * (row - row_was) / since_s,
        keep * track.speed[1] + (1 - keep) * (column - column_was) / since_s,
    )
    hits = track.hits + 1
    row_born, column_born = centre(track.born)
    path = abs(row - row_born) + abs(column - column_born)
    believed = hits >= tuned.hits_to_confirm and (
        path >= CONFIRM_WIDTHS * (box.right - box.left) or until_ms - track.first_ms >= CONFIRM_MS
    )
    # All at once: to replace some fields takes as long as to replace all.
    return track._replace(
        **_body(track, found, picture, since_s),
        **_rest(track, found, picture, since_s),
        box=box,
        at_ms=at_ms,
        seen_ms=until_ms,
        told_ms=until_ms if found.told else track.told_ms,
        hits=hits,
        confirmed=track.confirmed or believed,
        speed=speed,
    )


def _rest(track: Track, found: Found, picture: Picture, since_s: float) -> dict[str, Any]:
    """Return what changes of where it rests."""
    at_ms = picture.at_ms
    keep = 0.5 ** (since_s / SMOOTHING_S)
    if found.rests:
        keep = 1.0  # hidden by others; nothing was seen of a movement
    edges = tuple(
        [keep * was + (1 - keep) * now for was, now in zip(track.edges, found.box, strict=True)]
    )
    moved = max([abs(now - was) for now, was in zip(edges, track.rest, strict=True)])
    if moved <= STILL_SHARE * picture.size.rows:
        return {"edges": edges}
    return {"edges": edges, "rest": edges, "rest_ms": at_ms}


def _body(track: Track, found: Found, picture: Picture, since_s: float) -> dict[str, Any]:
    """Return what changes of its size and looks."""
    if not found.alone:
        # Only while he is seen he can look smaller.
        return {"alone_ms": track.alone_ms + max(0, picture.at_ms - track.seen_ms)}
    box = found.box
    # At the picture's edge size is what can be seen; one of a party has a new size, and so has
    # who left something or somebody: it is that which is followed now.
    upper = upper_area(picture.mask, box)
    is_less = upper < LEAST_UPPER * track.upper
    at_once = is_cut(box, picture.size) or found.whole is not None or is_less
    keep = 0.0 if at_once else 0.5 ** (since_s / USUAL_S)
    height, width = track.usual
    return {
        "usual": (
            keep * height + (1 - keep) * (box.bottom - box.top),
            keep * width + (1 - keep) * (box.right - box.left),
        ),
        "area": keep * track.area + (1 - keep) * area(picture.mask, box),
        "upper": keep * track.upper + (1 - keep) * upper,
        "foot": keep * track.foot + (1 - keep) * box.bottom,
        "alone_ms": picture.until_ms,
        "looks": looks(picture.luma, picture.mask, box) or track.looks,
    }
