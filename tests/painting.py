"""Pictures painted by hand, one after the other, and who is followed in them."""

from dataclasses import replace

import numpy as np

from emulator.core.detection import objects
from emulator.core.detection.outline import FINE
from emulator.core.detection.tracks import Picture, Tracks, follow
from emulator.core.detection.tuning import tuning
from emulator.core.frame import Box, Size, clip
from emulator.core.settings import HeatSettings

SIZE = Size(192, 320)  # a 96th of its height is 2 pixels
GROUND, GREY = 120, 30
# In numbers of our own: absorbed after 10 s, believed from the third picture on.
TUNED = replace(tuning(HeatSettings()), absorb_after_s=10.0, hits_to_confirm=3)
PICTURE_MS = 100


def at(top, left, height=40, width=16):
    return Box(top, left, top + height, left + width)


def painted(bodies, start_ms, until_ms, left=(), poles=()):
    """A picture of bodies, each a box or a box and its grey, the last one nearest.

    poles  boxes before all of them: there the ground is seen, as if it were the pole
    """
    luma = np.full(SIZE, GROUND, np.uint8)
    for body in bodies:
        box, grey = (body, GREY) if isinstance(body, Box) else body
        top, start, bottom, end = clip(box, SIZE)
        if not np.isscalar(grey):
            grey = grey[top - box.top : bottom - box.top, start - box.left : end - box.left]
        luma[top:bottom, start:end] = grey
    for top, start, bottom, end in poles:
        luma[top:bottom, start:end] = GROUND
    off = np.abs(luma.astype(np.int16) - GROUND).astype(np.uint8)
    mask = np.where(off > 0, 255, 0).astype(np.uint8)
    return Picture(luma, mask, off, start_ms, until_ms, left)


def look(tracks, picture, tuned=TUNED):
    return follow(tracks, objects.find(picture.mask, tuned), picture, tuned)


def fold(pictures, tuned=TUNED, picture_ms=PICTURE_MS, poles=(), lefts=None):
    """Follow the bodies of each picture; gives the tracks at the end and the steps.

    lefts  what had been there since the scene began and has gone: boxes by picture
    """
    steps = []
    tracks = Tracks()
    for index, bodies in enumerate(pictures):
        start_ms = index * picture_ms
        gone = (lefts or {}).get(index, ())
        picture = painted(bodies, start_ms, start_ms + picture_ms, gone, poles)
        tracks, step = look(tracks, picture, tuned)
        steps.append(step)
    return tracks, steps


def run(pictures, **options):
    return fold(pictures, **options)[1]


def whole(box):
    """A box of FINE parts of a pixel in pixels, rounded."""
    return Box(*(round(edge / FINE) for edge in box))


def numbers(step):
    """Who was seen where: box by number."""
    return {s.number: whole(s.box) for s in step.sightings if s.seen}


def way(steps, number):
    """Where somebody was in each picture, seen or expected; None: he was not followed."""
    found = []
    for step in steps:
        here = [whole(s.box) for s in step.sightings if s.number == number]
        found.append(here[0] if here else None)
    return found


def ever_seen(steps):
    return sorted({number for step in steps for number in numbers(step)})


def confirmed_from(steps, number=1):
    """The first picture in which a track is confirmed, or None."""
    for index, step in enumerate(steps):
        if any(s.number == number and s.confirmed for s in step.sightings):
            return index
    return None


def absorbed_at(steps, number=1):
    found = [index for index, step in enumerate(steps) if number in step.absorbed]
    return found[0] if found else None


def stays_at(steps, number, places, within=3):
    """Tell whether somebody was followed at these places, each edge within so many pixels."""
    return all(
        here is not None and max(abs(a - b) for a, b in zip(here, there, strict=True)) <= within
        for here, there in zip(way(steps, number), places, strict=True)
    )
