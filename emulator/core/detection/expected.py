"""What is expected of a track in the next picture: where its object should be, and how large.

Whether something hides a part of it, or it has become smaller or larger, is told by for how
long it looked so; where people are alike (`perspective`), also by their usual size; and where
something upright is known to stand (`veils`), how much of it is behind that.
"""

from emulator.core.detection.claims import Known
from emulator.core.detection.groups import Member, is_cut
from emulator.core.detection.perspective import Perspective
from emulator.core.detection.track import CONFIRM_MS, Picture, Track
from emulator.core.detection.veils import Veils, beside, widened
from emulator.core.frame import Box, clip
from emulator.core.localtime import SECOND_MS

PART_MS = 1 * SECOND_MS
"""An object that is seen smaller for so long has become smaller, and is not half hidden."""

COVERED_MS = 3 * SECOND_MS
"""Somebody who is in a group is taken to be there for this long without being told apart."""

SETTLES_MS = SECOND_MS // 2
"""Where somebody stands in a group is looked at so often."""

HIGH, SLENDER = 0.8, 0.8
"""Of the usual size at that place: who is so high has so much of its width and area, or something
hides a side of him."""

SLICE = 0.5
"""Of the usual width: what is narrower is a slice of somebody."""


def known(track: Track, picture: Picture, sizes: Perspective) -> Known:
    """Return where a track should be in `picture`, and its size there."""
    box = track.expected(picture.at_ms)
    here, there = sizes.height_at(box.bottom), sizes.height_at(track.foot)
    scale = here / there if here and there else 1.0
    height, width = track.usual[0] * scale, track.usual[1] * scale
    area, upper = track.area * scale * scale, track.upper * scale * scale
    hideable = track.seen_ms < track.alone_ms + PART_MS
    if here and track.confirmed and height > HIGH * here:
        least = SLENDER * sizes.fill * height * height
        hideable = hideable or area < least
        width = max(width, SLENDER * sizes.widths * height)
        fuller = max(1.0, least / max(1.0, area))
        area, upper = area * fuller, upper * fuller
    return Known(clip(box, picture.size), (height, width), area, upper, hideable)


def member(track: Track, one: Known, picture: Picture) -> Member:
    """Return a track as one of those who claim a box; `one`: what is known of it."""
    unknown = picture.at_ms - track.first_ms < CONFIRM_MS
    return Member(
        track.number,
        track.expected(picture.at_ms),
        one.usual,
        one.area,
        one.upper,
        track.looks,
        shrinks=unknown or not one.hideable,
        grows=unknown or picture.at_ms >= track.alone_ms + COVERED_MS,
        rests=track.rests(picture.at_ms),
        is_due=picture.at_ms // SETTLES_MS != track.at_ms // SETTLES_MS,
    )


def usual_box(member: Member) -> Box:
    """Return where a member should be, in his usual size."""
    height, width = member.usual
    bottom, left = member.expected.bottom, member.expected.left
    return Box(round(bottom - height), left, bottom, round(left + width))


def whole(one: Known) -> Box:
    """Return where an unseen object should be, in its usual size."""
    height, width = (round(side) for side in one.usual)
    left = (one.box.left + one.box.right - width) // 2
    return Box(one.box.bottom - height, left, one.box.bottom, left + width)


def with_hidden(box: Box, track: Track, picture: Picture, sizes: Perspective, veils: Veils) -> Box:
    """Return `box` with what something upright hides beside it of a track that is seen there."""
    if beside(veils, box) is None:
        return box
    body = None if is_cut(box, picture.size) else _body(box, sizes)
    if body is None:
        wide = widened(veils, box, known(track, picture, sizes).usual[1])
    else:
        wide = widened(veils, box, body.right - body.left)
        wide = wide._replace(top=body.top, bottom=body.bottom)
    return clip(wide, picture.size)


def _body(box: Box, sizes: Perspective) -> Box | None:
    """Return where all of somebody is of whom `box` is a slice; None: it may be all of him.

    A body is widest in its middle, so that is what sticks out beside what hides him.
    """
    middle = (box.top + box.bottom) / 2
    there = sizes.height_at(middle)
    if there is None:
        return None
    # Where height at the foot is twice what is from the middle to there; it is linear in the row.
    height = there / (1 - min(sizes.slope, 0.9) / 2)
    width = sizes.widths * height
    if box.bottom - box.top > HIGH * height or box.right - box.left > SLICE * width:
        return None
    top = round(middle - height / 2)
    return Box(top, box.left, top + round(height), box.left + round(width))
