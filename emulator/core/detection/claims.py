"""Which box of a mask is which object's: objects that are expected, boxes that are seen.

Most pictures are plain: one box for each object. Where objects touch, one box holds several;
where something hides a part of one, it is seen as several boxes. Knows boxes and areas only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from emulator.core.frame import Box

INSIDE_SHARE = 0.5
"""Of a box: what must lie in another for it to belong there."""

LOW_SHARE = 0.5
"""Of an object's height: a lower piece is a part of it, a higher one may be somebody."""

SLICE_SHARE = 0.5
"""Of an object's height: a piece as high is a slice of it; limbs are not."""

HIDDEN_SHARE = 0.85
"""Of an object's area: with less than this in view, something hides a part of it. Pieces that
have more were never one object."""

LEAST_UPPER = 0.75
"""Of the usual area of an object's upper half: with less than this in view, something hides a
part of it. Legs that pass one another take a quarter of all, and don't tell."""

ALIKE_SHARE = 0.6
"""Of the higher of two pieces: what the other must have for both to have been alike."""

ROOM = 1.3
"""Pieces of one object take this many times its usual size at most."""


class Known(NamedTuple):
    """What is known of an object.

    box       where it should be, in the picture
    usual     (rows, columns): its size
    area      its pixels in the mask; upper: those of its upper half
    hideable  it was seen whole a moment ago, so what is missing is hidden
    """

    box: Box
    usual: tuple[float, float]
    area: float
    upper: float
    hideable: bool


class Piece(NamedTuple):
    """A box of the mask, and how many pixels differ in it and in its upper half."""

    box: Box
    area: int
    upper: int


@dataclass(slots=True)
class Claim:
    """One box of the mask: who is in it, and which other pieces belong to it.

    members  the objects' numbers, the best fitting first; none: it is new
    whole    False: a part of its member is hidden
    parent   the object that this one was taken for a part of, until now
    """

    box: Box
    area: int
    members: list[int] = field(default_factory=list)
    whole: bool = True
    parent: int | None = None


def claims(
    known: Mapping[int, Known], bodies: Sequence[Piece], crumbs: Sequence[Piece]
) -> list[Claim]:
    """Return a claim for each of `bodies` that is no piece of another's object.

    known   by number, older objects first
    crumbs  pieces that are too small to be objects, but may be parts of known ones
    """
    whose = _paired({number: one.box for number, one in known.items()}, bodies)
    made = [Claim(piece.box, piece.area) for piece in bodies]
    for number, index in whose.items():
        made[index].members.append(number)
    lost = [number for number in known if number not in whose]
    for number in list(lost):
        # Who found no box of his own may be in the one that covers him.
        box = known[number].box
        shares = [common(box, piece.box) for piece in bodies]
        if shares and max(shares) >= INSIDE_SHARE * max(box.area, 1):
            made[shares.index(max(shares))].members.append(number)
            lost.remove(number)
    kept = [claim for claim in made if claim.members]
    for claim in made:
        if not claim.members and not any(_joins(owner, claim, known) for owner in kept):
            kept.append(claim)
    return kept + _peeping(lost, known, crumbs)


def common(a: Box, b: Box) -> int:
    """Return how many pixels are in both boxes."""
    top, left, bottom, right = a
    top_b, left_b, bottom_b, right_b = b
    rows = min(bottom, bottom_b) - max(top, top_b)
    columns = min(right, right_b) - max(left, left_b)
    return rows * columns if rows > 0 and columns > 0 else 0


def is_all(pieces: Sequence[Piece], one: Known) -> bool:
    """Tell whether `pieces` of an object are all of it, so that nothing hides a part."""
    if sum(piece.area for piece in pieces) >= HIDDEN_SHARE * one.area:
        return True
    return len(pieces) == 1 and pieces[0].upper >= LEAST_UPPER * one.upper


def union(a: Box, b: Box) -> Box:
    """Return the smallest box that holds both."""
    return Box(
        min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right)
    )


def centre(box: Box) -> tuple[float, float]:
    """Return the (row, column) in the middle of `box`."""
    return (box.top + box.bottom) / 2, (box.left + box.right) / 2


def _joins(owner: Claim, claim: Claim, known: Mapping[int, Known]) -> bool:
    """Join `claim` to `owner` if it is a piece of who is in there."""
    for number in owner.members:
        one = known[number]
        if not _holds(one.box, claim.box):
            continue
        height, width = one.usual
        low = claim.box.bottom - claim.box.top < LOW_SHARE * height
        if not low:
            both = union(owner.box, claim.box)
            if (
                not one.hideable
                or len(owner.members) > 1
                or owner.area + claim.area >= HIDDEN_SHARE * one.area
                or both.bottom - both.top > ROOM * height
                or both.right - both.left > ROOM * width
            ):
                together = owner.area + claim.area
                fits = together <= one.area / HIDDEN_SHARE
                if len(owner.members) == 1 and fits and _alike(owner.box, claim.box):
                    claim.parent = number
                continue
        owner.box = union(owner.box, claim.box)
        owner.area += claim.area
        owner.whole = owner.whole and low
        return True
    return False


def _alike(a: Box, b: Box) -> bool:
    heights = a.bottom - a.top, b.bottom - b.top
    return min(heights) >= ALIKE_SHARE * max(heights)


def _peeping(
    lost: Sequence[int], known: Mapping[int, Known], crumbs: Sequence[Piece]
) -> list[Claim]:
    found = []
    for number in lost:
        one = known[number]
        others = [other for key, other in known.items() if key != number]
        pieces = [piece for piece in crumbs if _shows(one, piece.box, others)]
        area = sum(piece.area for piece in pieces)
        if not one.hideable or not pieces or is_all(pieces, one):
            continue  # nothing of him is hidden: he is just too small
        box = pieces[0].box
        for piece in pieces[1:]:
            box = union(box, piece.box)
        found.append(Claim(box, area, [number], whole=False))
    return found


def _shows(one: Known, box: Box, others: Sequence[Known]) -> bool:
    """Tell whether a piece may be of somebody who is not seen where he should be."""
    if _holds(one.box, box):
        return True
    # Who stops behind something is beside that place. Among others what shows there is theirs,
    # unless it is a slice of a body; limbs are not so high.
    height, width = one.usual
    aside = round(width / 2)
    about = one.box._replace(left=one.box.left - aside, right=one.box.right + aside)
    is_slice = box.bottom - box.top >= SLICE_SHARE * height
    is_among = any(common(about, other.box) for other in others)
    return (is_slice or not is_among) and _holds(about, box)


def _holds(outer: Box, box: Box) -> bool:
    return common(outer, box) >= INSIDE_SHARE * box.area


def _paired(expected: Mapping[int, Box], bodies: Sequence[Piece]) -> dict[int, int]:
    # Greedy, best pair first; ties go to the older object and the upper box, so that the
    # same footage gives the same numbers everywhere.
    pairs = sorted(
        (-closeness, number, index)
        for number, box in expected.items()
        for index, other in enumerate(bodies)
        if (closeness := _closeness(box, other.box)) > 0
    )
    whose: dict[int, int] = {}
    taken: set[int] = set()
    for _, number, index in pairs:
        if number not in whose and index not in taken:
            whose[number] = index
            taken.add(index)
    return whose


def _closeness(a: Box, b: Box) -> float:
    # Overlap counts 0..1; centres further apart than the larger box is long are strangers,
    # and come out below 0.
    top, left, bottom, right = a
    top_b, left_b, bottom_b, right_b = b
    reach = max(bottom - top, right - left, bottom_b - top_b, right_b - left_b)
    down, across = top + bottom - top_b - bottom_b, left + right - left_b - right_b
    near = 1 - max(abs(down), abs(across)) / 2 / reach
    if near <= 0:
        return 0.0
    shared = common(a, b)
    return near + shared / (a.area + b.area - shared)
