"""Who stands where in a box that holds several, or a part of one: looks decide.

The mask shows a group as one patch. Its members are placed one after the other, the nearest
(whose foot is lowest) first; what he covers is no sign of those behind. What no member
explains is somebody else, if it is large enough.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from emulator.core.detection.claims import LEAST_UPPER, Claim, centre, union
from emulator.core.detection.foreground import Mask
from emulator.core.detection.looks import (
    SEEN_SHARE,
    Looks,
    Plane,
    Where,
    cover,
    place,
    scaled,
    window,
)
from emulator.core.detection.settled import settled
from emulator.core.frame import Box, Luma, Size, clip

MOST_AREA = 1.4
"""Of somebody's usual area in the mask: alone, he has no more."""

MOST_HEIGHT = 1.2
"""Of his usual height: alone, he is no higher, with an arm raised; a head that comes up behind
his has little area."""

GOES_SHARE = 0.2
"""Of his width: who rested and is found further away than this has gone."""

GOES_SEEN = 0.6
"""Of his looks: what must be in view for that."""

STRANGER_HEIGHT = 0.6
"""Of a member's height: what nobody explains is somebody else if it is so high,"""

STRANGER_AREA = 0.35
"""or if it has this part of a member's area: limbs have less."""

TAKEN_HEIGHT, TAKEN_NEAR = 0.75, 1.0
"""Of a member's height: who is told nowhere is taken to be the one whom nobody explains, if that
one is at least so high and no further from where the member should be."""


class Member(NamedTuple):
    """Somebody who claims a box.

    expected  where he should be; usual: his (rows, columns)
    area      of him in the mask; upper: of his upper half
    shrinks   being smaller is what he may be by now, and nothing hides him
    grows     being larger is what he may be by now, and nobody joined him
    rests     he stood still when last alone
    is_due    where he stands is to be looked at anew
    """

    number: int
    expected: Box
    usual: tuple[float, float]
    area: float
    upper: float
    looks: Looks | None
    shrinks: bool
    grows: bool
    rests: bool
    is_due: bool = True


class Found(NamedTuple):
    """Where somebody is.

    told   he was told from others; alone: the box is just his
    rests  he stood still, and is where he was
    whole  the box that he was one of several in, unknown until now
    """

    box: Box
    told: bool
    alone: bool
    rests: bool = False
    whole: Box | None = None


@dataclass(frozen=True, slots=True)
class Parted:
    """Where each member is, by number, and the boxes of what no member explains."""

    found: dict[int, Found]
    strangers: list[Box]


def is_alone(member: Member, claim: Claim, mask: Mask) -> bool:
    """Tell whether the claimed box holds just its only member, all of him.

    At the picture's edge, somebody's size is whatever can be seen of him.
    """
    cut = is_cut(claim.box, Size(*mask.shape))
    most = MOST_AREA**2 if cut else MOST_AREA
    is_less = upper_area(mask, claim.box) < LEAST_UPPER * member.upper and not cut
    height = claim.box.bottom - claim.box.top
    is_more = claim.area > most * member.area
    is_higher = height > MOST_HEIGHT * member.usual[0] and not cut
    return (member.shrinks or not is_less) and (member.grows or not (is_more or is_higher))


def is_cut(box: Box, size: Size) -> bool:
    """Tell whether `box` touches the picture's edge."""
    return box.top <= 0 or box.left <= 0 or box.bottom >= size.rows or box.right >= size.columns


def area(mask: Mask, box: Box) -> int:
    """Return how many pixels of `mask` in `box` differ."""
    return cv2.countNonZero(mask[box.top : box.bottom, box.left : box.right])


def upper_area(mask: Mask, box: Box) -> int:
    """Return how many pixels of `mask` in the upper half of `box` differ."""
    return area(mask, box._replace(bottom=(box.top + box.bottom + 1) // 2))


def part(members: Sequence[Member], box: Box, luma: Luma, mask: Mask, least_box: int) -> Parted:
    """Return who is where in `box`.

    luma, mask  uint8 (rows, columns), whole pictures
    least_box   pixels: of a box that may be somebody
    """
    size = Size(*mask.shape)
    nearest_first = sorted(members, key=lambda m: (-m.expected.bottom, m.number))
    expected = [
        m.expected if m.rests else _pulled_in(_sized(m, box, size), box, size)
        for m in nearest_first
    ]
    known = [None if m.looks is None else scaled(m.looks, m.usual[0]) for m in nearest_first]
    region = clip(_looked_at(box, zip(known, expected, strict=True)), size)
    where = _where(mask, box, region)
    luma_there = luma[region.top : region.bottom, region.left : region.right].astype(np.float32)
    found = {}
    for member, looks, should_be in zip(nearest_first, known, expected, strict=True):
        at, told = should_be, False
        if looks is not None:
            there = _moved(should_be, -region.top, -region.left)
            found_there, share = place(looks, luma_there, where, there)
            found_at = _moved(found_there, region.top, region.left)
            told = share >= SEEN_SHARE
            if not member.rests or (share >= GOES_SEEN and _goes(at, found_at)):
                at = _pulled_in(found_at, box, size)
            if member is not nearest_first[-1]:  # behind whom nobody is looked for
                cover(where, looks, _moved(at, -region.top, -region.left))
        rests = member.rests and at == member.expected
        found[member.number] = Found(at, told, alone=False, rests=rests)
    _settle(members, found, mask)
    strangers = _strangers(members, found, box, mask, least_box)
    for member in members:
        looked_for = member.looks is not None and not member.rests
        if strangers and looked_for and not found[member.number].told:
            near = min(strangers, key=lambda at: _away(member.expected, at))
            if _is_taken_for(member, near):
                found[member.number] = Found(near, told=True, alone=False)
                strangers.remove(near)
    return Parted(found, strangers)


def _settle(members: Sequence[Member], found: dict[int, Found], mask: Mask) -> None:
    """Correct how wide those are who rest, in place."""
    if len(members) < 2:
        return  # what is missing of one by himself is hidden by a thing, and not ground
    for member in members:
        here = found[member.number]
        if here.rests and member.is_due:
            others = [other.box for number, other in found.items() if number != member.number]
            at = settled(here.box, member.usual[1], others, mask)
            found[member.number] = here._replace(box=at)


def _looked_at(box: Box, expected: Iterable[tuple[Looks | None, Box]]) -> Box:
    """Return the box around a group's and around wherever its members are looked for."""
    for looks, at in expected:
        if looks is not None:
            box = union(box, window(looks, at))
    return box


def _where(mask: Mask, box: Box, region: Box) -> Where:
    """Return what is known of the pixels of a region: of `mask` only what is in `box` is seen."""
    top, left, bottom, right = _moved(box, -region.top, -region.left)
    shape = region.bottom - region.top, region.right - region.left
    free: Plane = np.zeros(shape, np.float32)
    free[top:bottom, left:right] = mask[box.top : box.bottom, box.left : box.right] > 0
    return Where(free, np.ones(shape, np.float32))


def _moved(box: Box, down: int, right: int) -> Box:
    top, left, bottom, last = box
    return Box(top + down, left + right, bottom + down, last + right)


def _is_taken_for(member: Member, stranger: Box) -> bool:
    height = member.usual[0]
    is_tall = stranger.bottom - stranger.top >= TAKEN_HEIGHT * height
    return is_tall and _away(member.expected, stranger) < TAKEN_NEAR * height


def _away(a: Box, b: Box) -> float:
    (row, column), (row_b, column_b) = centre(a), centre(b)
    return max(abs(row - row_b), abs(column - column_b))


def _goes(was: Box, now: Box) -> bool:
    # Boxes of looks tremble; one who rests must be found well away to have gone.
    away = max(abs(now.top - was.top), abs(now.left - was.left))
    return away > GOES_SHARE * (was.right - was.left)


def _sized(member: Member, box: Box, size: Size) -> Box:
    """Return the expected box, as large as he usually is, about the same foot."""
    height, width = (round(side) for side in member.usual)
    bottom = member.expected.bottom
    left = (member.expected.left + member.expected.right - width) // 2
    return Box(bottom - height, left, bottom, left + width)


def _pulled_in(at: Box, box: Box, size: Size) -> Box:
    """Return `at` moved so that it lies in the group's box, or that box in it."""
    down = _pull(at.top, at.bottom, box.top, box.bottom, size.rows)
    right = _pull(at.left, at.right, box.left, box.right, size.columns)
    return Box(at.top + down, at.left + right, at.bottom + down, at.right + right)


def _pull(low: int, high: int, least: int, most: int, length: int) -> int:
    # Beyond the picture's edge there is room.
    least = min(low, least) if least <= 0 else least
    most = max(high, most) if most >= length else most
    if high - low > most - least:
        least, most = most - (high - low), least + (high - low)
    return max(least - low, 0) or min(most - high, 0)


def _strangers(
    members: Sequence[Member], found: dict[int, Found], box: Box, mask: Mask, least_box: int
) -> list[Box]:
    left = mask[box.top : box.bottom, box.left : box.right].copy()
    for at in (where.box for where in found.values()):
        margin = 2 + (at.right - at.left) // 8
        rows = (at.top - margin - box.top, at.bottom + margin - box.top)
        columns = (at.left - margin - box.left, at.right + margin - box.left)
        top, bottom, first, last = (max(0, edge) for edge in (*rows, *columns))
        left[top:bottom, first:last] = 0
    outlines, _ = cv2.findContours(left, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    least_height = STRANGER_HEIGHT * min(member.usual[0] for member in members)
    least_area = STRANGER_AREA * min(member.area for member in members)
    boxes = []
    for x, y, width, height in map(cv2.boundingRect, outlines):
        at = Box(y, x, y + height, x + width)
        if at.area >= least_box and (height >= least_height or area(left, at) >= least_area):
            top, start = box.top + y, box.left + x
            boxes.append(Box(top, start, top + height, start + width))
    return sorted(boxes)
