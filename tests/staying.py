"""Presence walked by hand: sightings that hold for a while, and the stays they make."""

import numpy as np

from emulator.core.detection.stays import Rules, Spell, ended, present, since_the_start
from emulator.core.detection.tracks import Sighting
from emulator.core.frame import Box, Size
from emulator.core.localtime import Stretch

SIZE = Size(130, 230)  # region cells are 10 x 10 pixels
EVERYWHERE = np.ones((13, 23), np.bool_)
LEFT = np.zeros((13, 23), np.bool_)
LEFT[:, :10] = True  # columns 0..99
INSIDE = Box(20, 20, 60, 40)  # foot (59.5, 30)
OUTSIDE = Box(20, 120, 60, 140)  # foot (59.5, 130)
MINUTE_MS = 60_000


def rules(limit_s=300, semantics="documented", region=LEFT):
    return Rules(region, limit_s, semantics)


def seen(box=INSIDE, number=1, confirmed=True):
    return Sighting(number, box, seen=True, confirmed=confirmed)


def expected_at(box=INSIDE, number=1, confirmed=True):
    return Sighting(number, box, seen=False, confirmed=confirmed)


class Watch:
    """Walks stays through stretches; collects what ends and what is let go."""

    def __init__(self, by):
        self.rules = by
        self.stays = {}
        self.now_ms = 0
        self.ended = []
        self.spells = []

    def go(self, lasts_ms, *sightings):
        """Let the sightings hold for a while, cut at minutes as the pipeline does."""
        until_ms = self.now_ms + lasts_ms
        while self.now_ms < until_ms:
            end_ms = min(until_ms, (self.now_ms // MINUTE_MS + 1) * MINUTE_MS)
            self._keep(
                present(self.stays, sightings, Stretch(self.now_ms, end_ms), SIZE, self.rules)
            )
            self.now_ms = end_ms
        return self

    def end(self, *numbers):
        """End the stays of these tracks, or all of them."""
        self._keep(ended(self.stays, numbers or tuple(self.stays), self.rules))
        return self

    def _keep(self, result):
        self.stays, outcome = result
        self.ended += outcome.ended
        self.spells += outcome.spells

    @property
    def presence_ms(self):
        return sum(spell.lasted_ms for spell in self.spells)


def stay(*stretches, by=None, **sighting):
    """One object inside for a while, then away for a while, and so on, and at last gone."""
    watch = Watch(by or rules())
    for index, lasts_ms in enumerate(stretches):
        watch.go(lasts_ms, seen(OUTSIDE if index % 2 else INSIDE, **sighting))
    return watch.end()


SPELL = Spell(0, Box(40, 20, 60, 30), 4000)  # 20 rows of 10 cells
PLACE = Box(30, 30, 70, 50)  # foot (69.5, 40): inside
FIRST = Stretch(0, 60_000), Stretch(60_000, 70_000)


def begun_earlier(stay, box=PLACE, during=FIRST, by=None):
    return since_the_start({1: stay}, 1, box, during, SIZE, by or rules())[1]
