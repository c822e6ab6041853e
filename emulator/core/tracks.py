"""Which box is whose over time: boxes in, tracks and sightings out.

A track is one object's identity. It is believed (confirmed) once it was seen often enough
and has either moved along or been there for a second; it dies when unseen for a second,
and ends as furniture when it has lain still for the time that adaptability allows
(CONTRACT 3, "still objects"). Knows nothing of regions, schedules or dwell.

Positions are pixels of the reduced picture; speeds are pixels a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from emulator.core.frame import Box, Size
from emulator.core.localtime import SECOND_MS
from emulator.core.tuning import Tuning

UNSEEN_MS = 1 * SECOND_MS
"""Under this, an unseen object keeps its identity (CONTRACT 3)."""

STILL_SHARE = 1 / 96
"""Of the picture's height: an edge that moved further than this has moved (CONTRACT 3)."""

CONFIRM_WIDTHS = 1.5
"""An object that went this many times its own width is no flicker; nor is one that has
stayed for CONFIRM_MS."""

CONFIRM_MS = 1 * SECOND_MS

SMOOTHING_S = 0.2
"""Half-life of the average that stillness is judged on: boxes of a mask tremble."""


@dataclass(frozen=True, slots=True)
class Track:
    """One object over time.

    number     its identity, never reused
    box        where it was last seen
    seen_ms    until when it was seen; first_ms: since when
    hits       pictures in which it was seen
    confirmed  believed to be an object
    speed      (rows, columns) a second
    origin     (row, column) of its centre when first seen
    edges      its box's edges, averaged over SMOOTHING_S
    rest       those edges where the present rest began; rest_ms: when that was
    """

    number: int
    box: Box
    first_ms: int
    seen_ms: int
    hits: int
    confirmed: bool
    speed: tuple[float, float]
    origin: tuple[float, float]
    edges: tuple[float, ...]
    rest: tuple[float, ...]
    rest_ms: int


@dataclass(frozen=True, slots=True)
class Tracks:
    """All living tracks, oldest first, and the next free number."""

    living: tuple[Track, ...] = ()
    next_number: int = 1


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where an object is in one picture: seen there, or only expected."""

    number: int
    box: Box
    seen: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What one picture brought.

    sightings  one for each living track
    gone       numbers of tracks that died unseen
    believed   how many tracks were confirmed by this picture
    absorbed   boxes of still things that are background from now on, by track number
    """

    sightings: tuple[Sighting, ...]
    gone: tuple[int, ...]
    believed: int
    absorbed: dict[int, Box]


def follow(
    tracks: Tracks, boxes: Sequence[Box], at_ms: int, until_ms: int, size: Size, tuned: Tuning
) -> tuple[Tracks, Step]:
    """Return the tracks after a picture that stands for [at_ms, until_ms), and what it brought."""
    expected = {track.number: _expected(track, at_ms) for track in tracks.living}
    whose = _matched(expected, boxes)
    living: list[Track] = []
    sightings: list[Sighting] = []
    gone: list[int] = []
    absorbed: dict[int, Box] = {}
    believed = 0
    for track in tracks.living:
        index = whose.get(track.number)
        if index is None:
            if until_ms - track.seen_ms >= UNSEEN_MS:
                gone.append(track.number)
                continue
            sightings.append(Sighting(track.number, expected[track.number], False, track.confirmed))
        else:
            was_confirmed = track.confirmed
            track = _seen(track, boxes[index], at_ms, until_ms, size, tuned)  # noqa: PLW2901
            believed += track.confirmed and not was_confirmed
            sightings.append(Sighting(track.number, track.box, True, track.confirmed))
            if until_ms - track.rest_ms >= tuned.absorb_after_s * SECOND_MS:
                absorbed[track.number] = track.box
                continue
        living.append(track)
    taken = set(whose.values())
    number = tracks.next_number
    for index, box in enumerate(boxes):
        if index not in taken:
            living.append(_begun(number, box, at_ms, until_ms))
            sightings.append(Sighting(number, box, True, False))
            number += 1
    return Tracks(tuple(living), number), Step(tuple(sightings), tuple(gone), believed, absorbed)


def _begun(number: int, box: Box, at_ms: int, until_ms: int) -> Track:
    edges = tuple(float(edge) for edge in box)
    return Track(
        number,
        box,
        first_ms=at_ms,
        seen_ms=until_ms,
        hits=1,
        confirmed=False,
        speed=(0.0, 0.0),
        origin=_centre(box),
        edges=edges,
        rest=edges,
        rest_ms=at_ms,
    )


def _seen(track: Track, box: Box, at_ms: int, until_ms: int, size: Size, tuned: Tuning) -> Track:
    since_s = max(until_ms - track.seen_ms, 1) / SECOND_MS
    keep = 0.5 ** (since_s / SMOOTHING_S)
    (row, column), (row_was, column_was) = _centre(box), _centre(track.box)
    speed = (
        keep * track.speed[0] + (1 - keep) * (row - row_was) / since_s,
        keep * track.speed[1] + (1 - keep) * (column - column_was) / since_s,
    )
    edges = tuple(keep * was + (1 - keep) * now for was, now in zip(track.edges, box, strict=True))
    moved = max(abs(now - was) for now, was in zip(edges, track.rest, strict=True))
    rests = moved <= STILL_SHARE * size.rows
    hits = track.hits + 1
    path = abs(row - track.origin[0]) + abs(column - track.origin[1])
    believed = hits >= tuned.hits_to_confirm and (
        path >= CONFIRM_WIDTHS * (box.right - box.left) or until_ms - track.first_ms >= CONFIRM_MS
    )
    return replace(
        track,
        box=box,
        seen_ms=until_ms,
        hits=hits,
        confirmed=track.confirmed or believed,
        speed=speed,
        edges=edges,
        rest=track.rest if rests else edges,
        rest_ms=track.rest_ms if rests else at_ms,
    )


def _expected(track: Track, at_ms: int) -> Box:
    ahead_s = max(0, at_ms - track.seen_ms) / SECOND_MS
    down, right = round(track.speed[0] * ahead_s), round(track.speed[1] * ahead_s)
    box = track.box
    return Box(box.top + down, box.left + right, box.bottom + down, box.right + right)


def _matched(expected: dict[int, Box], boxes: Sequence[Box]) -> dict[int, int]:
    # Greedy, best pair first; ties go to the older track and the upper box, so that the
    # same footage gives the same numbers everywhere.
    pairs = sorted(
        (-closeness, number, index)
        for number, box in expected.items()
        for index, other in enumerate(boxes)
        if (closeness := _closeness(box, other)) > 0
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
    reach = max(a.bottom - a.top, a.right - a.left, b.bottom - b.top, b.right - b.left)
    (row, column), (row_b, column_b) = _centre(a), _centre(b)
    near = 1 - max(abs(row - row_b), abs(column - column_b)) / reach
    common = Box(
        max(a.top, b.top), max(a.left, b.left), min(a.bottom, b.bottom), min(a.right, b.right)
    )
    return near + common.area / (a.area + b.area - common.area)


def _centre(box: Box) -> tuple[float, float]:
    return (box.top + box.bottom) / 2, (box.left + box.right) / 2
