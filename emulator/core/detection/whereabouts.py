"""Where everybody known is in one picture, and who is new: tracks and boxes in, places out.

A box that is just one object's is taken as it is. In a box of several each is looked for;
what is too large for one, and was one from the first, is parted by the usual size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from emulator.core.detection import expected, groups, parties
from emulator.core.detection.claims import (
    INSIDE_SHARE,
    Claim,
    Known,
    Piece,
    claims,
    common,
    is_all,
    union,
)
from emulator.core.detection.expected import COVERED_MS
from emulator.core.detection.foreground import Mask
from emulator.core.detection.groups import Found, Member, area, is_alone, is_cut, upper_area
from emulator.core.detection.leavers import is_on
from emulator.core.detection.objects import JOIN_GAP_SHARE, Seen, stacked
from emulator.core.detection.perspective import Perspective
from emulator.core.detection.track import Picture, Track
from emulator.core.detection.tuning import Tuning
from emulator.core.frame import Box, clip
from emulator.core.localtime import SECOND_MS

TOGETHER_MS = 5 * SECOND_MS
"""Who are seen to be several within this time of coming in were so all along; later, somebody
may have joined."""

STANDS_COVERED_MS = 1 * SECOND_MS
"""Who stood still in a group should be seen again where he stood: he is given up sooner than
after COVERED_MS."""

GUEST_HEIGHT = 0.75
"""Of the usual height: who joins a group is believed if so much of him is seen; limbs are not."""


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
    known = {track.number: expected.known(track, picture, sizes) for track in living}
    bodies, crumbs = (
        [Piece(box, area(picture.mask, box), upper_area(picture.mask, box)) for box in boxes]
        for boxes in (seen.bodies, seen.crumbs)
    )
    found: dict[int, Found] = {}
    new: list[Newcomer] = []
    # Who walked out does not turn round within a second: who comes in there is somebody else.
    left = {
        track.number
        for track in living
        if track.seen_ms < picture.at_ms and track.goes_out(picture.size)
    }
    may_be_seen = {number: one for number, one in known.items() if number not in left}
    for claim in claims(may_be_seen, bodies, crumbs):
        members = _members(claim, tracks, known, picture)
        party = _party(claim, len(members), picture.mask, sizes)
        if not members:
            new += _strangers(claim, party, known, picture)
        elif party and parties.is_party(expected.usual_box(members[0]), sizes):
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
            and is_alone(members[0], claim, picture.mask)
        ):
            found[members[0].number] = Found(claim.box, told=True, alone=True)
        else:
            least = tuned.least_box(picture.mask.size)
            parted = groups.part(members, claim.box, picture.luma, picture.mask, least)
            found |= parted.found
            places = [where.box for where in parted.found.values()]
            others = [box for box in party if not any(is_on(place, box) for place in places)]
            strangers = parted.strangers or others
            lowest = min(member.usual[0] for member in members)
            guests = [tracks[number] for number in claim.members if number not in parted.found]
            again = _seen_again(guests, [box for box in strangers if _is_high(box, sizes, lowest)])
            found |= {number: Found(box, told=True, alone=False) for number, box in again.items()}
            new += [Newcomer(box) for box in strangers if box not in again.values()]
    found = {n: where for n, where in found.items() if not _is_lost(where, tracks[n], picture)}
    missing = {
        number: _small(one, crumbs) or clip(expected.whole(one), picture.size)
        for number, one in known.items()
        if number not in found
    }
    return Whereabouts(found, _joined(new, sizes, picture), missing)


def _is_high(box: Box, sizes: Perspective, lowest: float) -> bool:
    return box.bottom - box.top >= GUEST_HEIGHT * (sizes.height_at(box.bottom) or lowest)


def _seen_again(guests: Sequence[Track], strangers: Sequence[Box]) -> dict[int, Box]:
    """Return where those are who joined a group and are not believed yet, by number."""
    again: dict[int, Box] = {}
    for guest in guests:
        free = [box for box in strangers if box not in again.values() and is_on(guest.box, box)]
        if free:
            again[guest.number] = max(free, key=lambda box: common(guest.box, box))
    return again


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
        if common(piece.box, one.box) >= INSIDE_SHARE * piece.box.area and is_all([piece], one)
    ]
    return there[0].box if there else None


def _is_lost(where: Found, track: Track, picture: Picture) -> bool:
    stands = where.rests and track.rests(track.told_ms)
    most_ms = STANDS_COVERED_MS if stands else COVERED_MS
    return not where.told and picture.until_ms - track.told_ms >= most_ms


def _members(
    claim: Claim, tracks: dict[int, Track], known: dict[int, Known], picture: Picture
) -> list[Member]:
    numbers = claim.members
    if len(numbers) > 1:
        # What was not believed yet was a part of those who are.
        numbers = [number for number in numbers if tracks[number].confirmed] or numbers[:1]
    return [expected.member(tracks[number], known[number], picture) for number in numbers]


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


def _nearest_first(party: list[Box], member: Member) -> list[Box]:
    return sorted(party, key=lambda box: -common(box, member.expected) / max(1, box.area))
