"""Two axes of time: the film's, on which lengths are measured, and the camera clock's readings.

Frames run on the film axis, which only ever goes forward: tracks, stays and dwell are
measured on it. The clock reads film time plus an offset, and the offset changes when the
clock is set. So a clock that is set ends no stay: heat is booked in the minute that the clock
read, both passes of one that was set back add, and only lengths are what really passed
(CONTRACT 4). Both are ms since 1970 UTC, and the same while nobody sets the clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from emulator.core.localtime import MINUTE_MS, Stretch


class Setting(NamedTuple):
    """From the film instant `since_ms` on, the clock reads `offset_ms` more."""

    since_ms: int
    offset_ms: int


@dataclass(frozen=True, slots=True)
class Readings:
    """What the clock read while a film ran.

    settings  in the film's order; the first holds for all that was before it as well
    """

    settings: tuple[Setting, ...] = (Setting(0, 0),)

    def at(self, film_ms: int) -> int:
        """Return what the clock read at an instant of the film."""
        offset_ms = self.settings[0].offset_ms
        for setting in self.settings:
            if setting.since_ms > film_ms:
                break
            offset_ms = setting.offset_ms
        return film_ms + offset_ms

    def minute_at(self, film_ms: int) -> int:
        """Return the first instant of the clock's minute in which heat is booked then."""
        reading_ms = self.at(film_ms)
        return reading_ms - reading_ms % MINUTE_MS

    def set(self, film_ms: int, offset_ms: int) -> "Readings":
        """Return the readings with a clock that is `offset_ms` ahead of the film from then on.

        film_ms  not before the last setting
        """
        if self.settings[-1].offset_ms == offset_ms:
            return self
        before = tuple(setting for setting in self.settings if setting.since_ms < film_ms)
        return Readings((*before, Setting(film_ms, offset_ms)))

    def since(self, film_ms: int) -> "Readings":
        """Return the readings without what nobody asks for who asks from `film_ms` on."""
        over = sum(setting.since_ms <= film_ms for setting in self.settings[1:])
        return replace(self, settings=self.settings[over:]) if over else self

    def minutes(self, start_ms: int, end_ms: int) -> Iterator[Stretch]:
        """Yield a film's stretch in parts that each lie within one minute of the clock."""
        set_ms = [setting.since_ms for setting in self.settings[1:]]
        while start_ms < end_ms:
            until_ms = min(end_ms, start_ms + MINUTE_MS - self.at(start_ms) % MINUTE_MS)
            until_ms = min([until_ms, *(at_ms for at_ms in set_ms if at_ms > start_ms)])
            yield Stretch(start_ms, until_ms)
            start_ms = until_ms

    def earliest(self, since_ms: int) -> int:
        """Return the least that the clock has read from a film's instant on."""
        later = (setting for setting in self.settings[1:] if setting.since_ms > since_ms)
        return min([self.at(since_ms), *(sum(setting) for setting in later)])


AS_FILMED = Readings()
"""Nobody has set the clock."""
