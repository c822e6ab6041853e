"""Where everybody known is in one picture, and who is new: tracks and boxes in, places out.

A box that is just one object's is taken as it is. In a box of several each is looked for;
what is too large for one, and was one from the first, is parted by the usual size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from emulator.core import groups, parties
from emulator.core.claims import (
    HIDDEN_SHARE,
    INSIDE_SHARE,
    Claim,
    Known,
    Piece,
    claims,
    common,
    union,
)
from emulator.core.foreground import Mask
from emulator.core.frame import Box, clip
from emulator.core.groups import Found, Member, area, is_alone, is_cut
from emulator.core.leavers import is_on
from emulator.core.localtime import SECOND_MS
from emulator.core.objects import JOIN_GAP_SHARE, Seen, stacked
from emulator.core.perspective import Perspective
from emulator.core.track import CONFIRM_MS, Picture, Track
from emulator.core.tuning import Tuning

PART_MS = 1 * SECOND_MS
"""An object that looks smaller for so long has become smaller, and is not half hidden."""

TOGETHER_MS = 5 * SECOND_MS
"""Who are seen to be several within this time of coming in were so all along; later, somebody
may have joined."""

COVERED_MS = 3 * SECOND_MS
"""Somebody who is in a group is taken to be there for this long without being told apart."""


class Newcomer(NamedTuple):
    """A box that no track explains; `parent`: it was a part of that track, in `whole`."""

    box: Box
    parent: int | None = None
    whole: Box = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where tracks were found, by number; who is new; where those should be that were not."""

    found: dict[int, Found]
    newcomers: list[Newcomer]
    missing: dict[int, Box]


def whereabouts(
    living: Sequence[Track], sizes: Perspective, seen: Seen, picture: Picture, tuned: Tuning
) -> Whereabouts:
    """Return where everybody is, and who is new.

    living  older tracks first; sizes: how large objects are where
    """
    tracks = {track.number: track for track in living}
    known = {track.number: _known(track, picture, sizes) for track in living}
    bodies = [Piece(box, area(picture.mask, box)) for box in seen.bodies]
    crumbs = [Piece(box, area(picture.mask, box)) for box in seen.crumbs]
    found: dict[int, Found] = {}
    new: list[Newcomer] = []
    for claim in claims(known, bodies, crumbs):
        members = _members(claim, tracks, known, picture)
        party = _party(claim, len(members), picture.mask, sizes)
        if not members:
            new += _strangers(claim, party, known, picture)
        elif party and parties.is_party(_usual_box(members[0]), sizes):
            number = members[0].number
            own, *others = _nearest_first(party, members[0])
            if picture.at_ms - tracks[number].first_ms < TOGETHER_MS:
                # It was several all along.
                found[number] = Found(own, told=True, alone=True, whole=claim.box)
                new += [Newcomer(box, number, claim.box) for box in others]
            else:
                found[number] = Found(own, told=True, alone=True)
                new += [Newcomer(box) for box in others]
        elif (
            claim.whole
            and len(members) == 1
            and not party
            and is_alone(members[0], claim, picture.size)
        ):
            found[members[0].number] = Found(claim.box, told=True, alone=True)
        else:
            parted = groups.part(
                members, claim.box, picture.luma, picture.mask, tuned.min_box_share
            )
            found |= parted.found
            places = [where.box for where in parted.found.values()]
            others = [box for box in party if not any(is_on(place, box) for place in places)]
            new += [Newcomer(box) for box in parted.strangers or others]
    found = {n: where for n, where in found.items() if not _is_lost(where, tracks[n], picture)}
    missing = {
        number: _small(one, crumbs) or clip(_whole(one), picture.size)
        for number, one in known.items()
        if number not in found
    }
    return Whereabouts(found, _joined(new, sizes, picture), missing)


def _joined(new: list[Newcomer], sizes: Perspective, picture: Picture) -> list[Newcomer]:
    """Return the newcomers with those joined who are pieces of one, one above the other."""
    gap = round(JOIN_GAP_SHARE * picture.size.rows)
    joined: list[Newcomer] = []
    for one in new:
        whole = one
        for other in [other for other in joined if other.parent is None]:
            box = union(whole.box, other.box)
            if (
                whole.parent is None
                and stacked(whole.box, other.box, gap)
                and not parties.is_party(box, sizes)
            ):
                joined.remove(other)
                whole = Newcomer(box)
        joined.append(whole)
    return joined


def _small(one: Known, crumbs: Sequence[Piece]) -> Box | None:
    """Return where an object is that is all in view, but below the size limit."""
    there = [
        piece
        for piece in crumbs
        if common(piece.box, one.box).area >= INSIDE_SHARE * piece.box.area
        and piece.area >= HIDDEN_SHARE * one.area
    ]
    return there[0].box if there else None


def _is_lost(where: Found, track: Track, picture: Picture) -> bool:
    return not where.told and picture.until_ms - track.told_ms >= COVERED_MS


def _known(track: Track, picture: Picture, sizes: Perspective) -> Known:
    box = track.expected(picture.at_ms)
    here, there = sizes.height_at(box.bottom), sizes.height_at(track.foot)
    scale = here / there if here and there else 1.0
    return Known(
        clip(box, picture.size),
        (track.usual[0] * scale, track.usual[1] * scale),
        track.area * scale * scale,
        hideable=picture.at_ms < track.alone_ms + PART_MS,
    )


def _members(
    claim: Claim, tracks: dict[int, Track], known: dict[int, Known], picture: Picture
) -> list[Member]:
    numbers = claim.members
    if len(numbers) > 1:
        # What was not believed yet was a part of those who are.
        numbers = [number for number in numbers if tracks[number].confirmed] or numbers[:1]
    return [_member(tracks[number], known[number], picture) for number in numbers]


def _member(track: Track, one: Known, picture: Picture) -> Member:
    unknown = picture.at_ms - track.first_ms < CONFIRM_MS
    return Member(
        track.number,
        track.expected(picture.at_ms),
        one.usual,
        one.area,
        track.looks,
        shrinks=unknown or not one.hideable,
        grows=unknown or picture.at_ms >= track.alone_ms + COVERED_MS,
        rests=track.rests(picture.at_ms),
    )


def _party(claim: Claim, members: int, mask: Mask, sizes: Perspective) -> list[Box]:
    """Return who is in the claimed box, if they may be more than its members."""
    cut = claim.box.top <= 0 or claim.box.bottom >= mask.shape[0]  # heads or feet are not seen
    if not claim.whole or cut or members > 1 or not parties.is_party(claim.box, sizes):
        return []
    return parties.parted(mask, claim.box, sizes)


def _strangers(
    claim: Claim, party: list[Box], known: dict[int, Known], picture: Picture
) -> list[Newcomer]:
    if party:
        return [Newcomer(box) for box in party]
    if claim.parent is not None and not is_cut(claim.box, picture.size):
        return [Newcomer(claim.box, claim.parent, known[claim.parent].box)]
    return [Newcomer(claim.box)]


def _usual_box(member: Member) -> Box:
    height, width = member.usual
    bottom, left = member.expected.bottom, member.expected.left
    return Box(round(bottom - height), left, bottom, round(left + width))


def _whole(one: Known) -> Box:
    """Return where an unseen object should be, in its usual size."""
    height, width = (round(side) for side in one.usual)
    left = (one.box.left + one.box.right - width) // 2
    return Box(one.box.bottom - height, left, one.box.bottom, left + width)


def _nearest_first(party: list[Box], member: Member) -> list[Box]:
    return sorted(party, key=lambda box: -common(box, member.expected).area / max(1, box.area))
