"""Whether something moves, judged by what the detector follows; held, so that it does not flicker.

An object that is seen moves when it is new to the view, or when an edge of its box has gone
further from where it rested than what CONTRACT 3 calls still. So who stands about is no motion,
and neither are shadows, a shaking pole or a lamp that is switched on, which the detector does not
take for objects. There is motion until nothing has moved for HOLD_MS [INV: real cameras have such
a time, of unknown length].
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from emulator.core.detection.track import STILL_SHARE
from emulator.core.detection.tracks import Sighting
from emulator.core.frame import Box

HOLD_MS = 2_000
"""So long nothing may move before motion is over: the rule's AlarmOffDelay."""


@dataclass(frozen=True, slots=True)
class Motion:
    """What is known between pictures.

    is_on     whether there is motion
    moved_ms  until when something moved; None: nothing has yet
    rests     where each object in view came to rest, by its number
    """

    is_on: bool = False
    moved_ms: int | None = None
    rests: Mapping[int, Box] = field(default_factory=lambda: MappingProxyType({}))


def looked(motion: Motion, sightings: Iterable[Sighting], rows: int, until_ms: int) -> Motion:
    """Return what is known after a picture.

    sightings  who is where in it; rows: its height, in the same units
    until_ms   the picture's end, on the film's axis
    """
    rests: dict[int, Box] = {}
    moved_ms = motion.moved_ms
    for one in sightings:
        if not one.confirmed:
            continue
        rest = motion.rests.get(one.number)
        if one.seen and (rest is None or _has_moved(rest, one.box, rows)):
            rest, moved_ms = one.box, until_ms
        if rest is not None:
            rests[one.number] = rest
    return passed(Motion(motion.is_on, moved_ms, MappingProxyType(rests)), until_ms)


def passed(motion: Motion, now_ms: int) -> Motion:
    """Return what is known at an instant, without a picture."""
    is_on = motion.moved_ms is not None and now_ms - motion.moved_ms < HOLD_MS
    return Motion(is_on, motion.moved_ms, motion.rests)


def anew(motion: Motion) -> Motion:
    """Return what is known for another detector, which numbers objects by itself."""
    return Motion(motion.is_on, motion.moved_ms)


def _has_moved(rest: Box, box: Box, rows: int) -> bool:
    furthest = max(abs(now - then) for now, then in zip(box, rest, strict=True))
    return furthest > STILL_SHARE * rows
