"""Which object is which over time: boxes in, tracks and sightings out.

A track is one object's identity. It is believed (confirmed) once it was seen often enough
and has either moved along or been there for a second; it dies when unseen for a second,
and ends as furniture when it has lain still for the time that adaptability allows
(CONTRACT 3, "still objects"). Objects that touch are one box in the mask; each keeps its
identity and its own size in there. Knows nothing of regions, schedules or dwell.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from emulator.core.detection import expected, parties
from emulator.core.detection.groups import Found, area, is_cut
from emulator.core.detection.leavers import leavers
from emulator.core.detection.objects import Seen
from emulator.core.detection.outline import FINE, refined
from emulator.core.detection.perspective import Perspective
from emulator.core.detection.track import Picture, Track, begun, followed
from emulator.core.detection.tuning import Tuning
from emulator.core.detection.veils import Passer, Veils, passed
from emulator.core.detection.whereabouts import Newcomer, Whereabouts, whereabouts
from emulator.core.frame import Box, clip
from emulator.core.localtime import SECOND_MS

__all__ = ["UNSEEN_MS", "Picture", "Sighting", "Split", "Step", "Track", "Tracks", "follow"]

UNSEEN_MS = 1 * SECOND_MS
"""Under this, an unseen object keeps its identity (CONTRACT 3)."""

PASSES_MS = SECOND_MS // 8
"""So often is looked at what hides who walks by."""

FLICKER_HITS = 1
"""What was seen no more often than this, and then not, was nobody: limbs in a group."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """All living tracks, oldest first, and the next free number; how large objects are where,
    and where they are hidden."""

    living: tuple[Track, ...] = ()
    next_number: int = 1
    sizes: Perspective = field(default_factory=Perspective)
    veils: Veils = field(default_factory=Veils)


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where an object is in one picture, in FINE parts of a pixel: seen there, or expected."""

    number: int
    box: Box
    seen: bool
    confirmed: bool


class Split(NamedTuple):
    """Somebody who was a part of a track: its number, his box and the whole one, FINE."""

    parent: int
    box: Box
    whole: Box


@dataclass(frozen=True, slots=True)
class Step:
    """What one picture brought.

    sightings  one for each living track
    gone       numbers of tracks that died unseen
    believed   how many tracks were confirmed by this picture
    absorbed   boxes of still things that are background from now on, by track number
    ghosts     numbers of tracks that never were anybody
    left       who had been there since the scene began, and where, by track number
    split      who was one of several that were taken for one, by track number
    """

    sightings: tuple[Sighting, ...]
    gone: tuple[int, ...]
    believed: int
    absorbed: dict[int, Box]
    ghosts: frozenset[int]
    left: dict[int, Box]
    split: dict[int, Split]


def follow(tracks: Tracks, seen: Seen, picture: Picture, tuned: Tuning) -> tuple[Tracks, Step]:
    """Return the tracks after a picture in which `seen` was seen, and what it brought."""
    ghosts, left = leavers(tracks.living, picture.left, picture.at_ms)
    known = tuple(track for track in tracks.living if track.number not in ghosts)
    places = whereabouts(known, tracks.sizes, seen, picture, tuned)
    living: list[Track] = []
    sightings: list[Sighting] = []
    gone: list[int] = []
    absorbed: dict[int, Box] = {}
    sizes, believed = tracks.sizes, 0
    for before in known:
        found = places.found.get(before.number)
        if found is None:
            is_flicker = not before.confirmed and before.hits <= FLICKER_HITS
            if is_flicker or picture.until_ms - before.seen_ms >= UNSEEN_MS:
                gone.append(before.number)
                continue
            box = places.missing[before.number]
            box = expected.with_hidden(box, before, picture, tracks.sizes, tracks.veils)
            sightings.append(Sighting(before.number, _fine(box), False, before.confirmed))
            living.append(before)
            continue
        sizes = _sizes(sizes, before, found, picture)
        after = followed(before, found, picture, tuned)
        believed += after.confirmed and not before.confirmed
        sightings.append(_sighting(after, found.alone, picture, tracks))
        if picture.until_ms - after.rest_ms >= tuned.absorb_after_s * SECOND_MS:
            absorbed[after.number] = clip(after.box, picture.size)
        else:
            living.append(after)
    for number, newcomer in enumerate(places.newcomers, tracks.next_number):
        track = _newcomer(number, newcomer, known, picture)
        believed += track.confirmed
        living.append(track)
        sightings.append(_sighting(track, True, picture, tracks))
    brought = Step(
        tuple(sightings),
        tuple(gone),
        believed,
        absorbed,
        ghosts,
        left,
        _splits(places.found, places.newcomers, tracks.next_number),
    )
    then = Tracks(
        tuple(living),
        tracks.next_number + len(places.newcomers),
        sizes,
        _veils(tracks.veils, known, places, picture),
    )
    return then, brought


def _veils(veils: Veils, known: tuple[Track, ...], places: Whereabouts, picture: Picture) -> Veils:
    passers = [
        Passer(one.number, found.box if found else places.missing[one.number])
        for one in known
        if one.confirmed and one.at_ms // PASSES_MS != picture.at_ms // PASSES_MS and one.walks
        for found in [places.found.get(one.number)]
    ]
    return passed(veils, passers, picture.mask) if passers else veils


def _sighting(track: Track, alone: bool, picture: Picture, tracks: Tracks) -> Sighting:
    box = clip(track.box, picture.size)
    fine = refined(box, picture.mask, picture.off) if alone else _fine(box)
    whole = expected.with_hidden(box, track, picture, tracks.sizes, tracks.veils)
    if whole is not box:
        edges = zip(fine, box, whole, strict=True)
        fine = Box(*(edge if was == now else FINE * now for edge, was, now in edges))
    return Sighting(track.number, fine, True, track.confirmed)


def _sizes(sizes: Perspective, track: Track, found: Found, picture: Picture) -> Perspective:
    # Only who is alone, whole and on his way tells how large somebody is there.
    tells = found.alone and track.confirmed and track.walks
    if not tells or is_cut(found.box, picture.size) or parties.is_party(found.box, sizes):
        return sizes
    return sizes.plus(found.box, area(picture.mask, found.box))


def _newcomer(number: int, newcomer: Newcomer, known: tuple[Track, ...], picture: Picture) -> Track:
    track = begun(number, newcomer.box, picture)
    elder = next((one for one in known if one.number == newcomer.parent), None)
    if elder is None:
        return track
    # He was there as long as those he was taken for a part of.
    return track._replace(first_ms=elder.first_ms, hits=elder.hits, confirmed=elder.confirmed)


def _splits(
    found: dict[int, Found], newcomers: list[Newcomer], next_number: int
) -> dict[int, Split]:
    split = {
        number: Split(one.parent, _fine(one.box), _fine(one.whole))
        for number, one in enumerate(newcomers, next_number)
        if one.parent is not None
    }
    for number, where in found.items():
        if where.whole is not None:
            split[number] = Split(number, _fine(where.box), _fine(where.whole))
    return split


def _fine(box: Box) -> Box:
    top, left, bottom, right = box
    return Box(FINE * top, FINE * left, FINE * bottom, FINE * right)
