"""Shows a camera a scene under given settings, and reads what it made of it.

For checks of what is counted. Every showing begins without heat, with every setting said, so
that nothing depends on what was before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from conformance import forms, scenes
from conformance.camera import Camera
from conformance.control import Control
from conformance.expect import Expectations, not_checked
from conformance.habits import TRIED, Habits, share
from conformance.run import Run
from conformance.scenes import Block, Cell
from conformance.weeks import ALWAYS

BEGINS = datetime(2026, 3, 4, 5)  # noqa: DTZ001  # a wall clock's reading; a Wednesday

PLAIN: dict[str, Any] = {
    "enable": 1,
    "sensitivity": 5,
    "min_object_size": 1,
    "adaptability": 5,
    "region": scenes.ALL,
    "schedule": ALWAYS,
}
"""What a scene is shown under where a check says nothing else, besides Min. Dwell Time."""

DECIDES_NOTHING = (300, 1)
"""The Min. Dwell Time under which every stay of a scene of ours is recorded: by the article's
words, and on a device that goes by the setting's name (BEH-03). Only BEH-03 blames it for that."""

LEAVES_OUT_LEAST = (1, 100)
"""Likewise the Min. Object Size, by the article's words and by a scale that goes the other way."""

TRIAL = scenes.source([TRIED])
LATER_S = 3600


@dataclass(frozen=True, slots=True)
class Heat:
    """The two reports of a scene's day.

    hours  seconds by the hour of the camera's clock; hours without heat are left out
    cells  seconds by (row, column) of the map; cells without heat are left out
    """

    hours: dict[int, int]
    cells: dict[Cell, int]

    @property
    def seconds(self) -> int:
        """The day's summed presence."""
        return sum(self.hours.values())

    def at(self, block: Block) -> int:
        """Return the seconds in the middle of where a block is shown; 0: it left no heat."""
        row = (block.box.top + block.box.bottom) * scenes.MAP_SIDE // (2 * scenes.ROWS)
        column = int(block.box.middle * scenes.MAP_SIDE / scenes.COLUMNS)
        return self.cells.get((row, column), 0)

    def seen(self, blocks: Iterable[Block]) -> list[Block]:
        """Return those that left heat where they were."""
        return [block for block in blocks if self.at(block)]


class Screen:
    """What a camera is shown scenes on: one camera, its control interface, and a check."""

    def __init__(self, run: Run, camera: Camera, control: Control, expect: Expectations) -> None:
        self._run, self._camera, self._control, self._expect = run, camera, control, expect

    def show(
        self, source: str, *, begins: datetime = BEGINS, zone: str = "UTC", **settings: Any
    ) -> Heat:
        """Play a scene from the first picture to the last; returns the heat of its day.

        begins    what the camera's clock reads at the first picture, in `zone`
        settings  by our names; PLAIN has the others, and no stay is too long or too short
        """
        settings = self.habits.settings | settings
        heat = self._shown(source, begins, zone, settings)
        self._expect.looked_at(f"{_titled(settings)}: {heat.seconds} s", heat.cells)
        return heat

    @property
    def habits(self) -> Habits:
        """How the device counts, tried once in a run."""
        if self._run.habits is None:
            self._run.habits = self._tried()
        return self._run.habits

    def wants_place(self) -> None:
        """End the check where the map does not show heat where it was made."""
        if not self.habits.is_in_place:
            not_checked("the map does not show heat where it was made: BEH-05")

    def _tried(self) -> Habits:
        for is_late, size, limit in product((False, True), LEAVES_OUT_LEAST, DECIDES_NOTHING):
            settings = {"min_dwell": limit, "min_object_size": size}
            heat = self._shown(TRIAL, BEGINS, "UTC", settings, is_late=is_late)
            if heat.seconds or heat.cells:
                return Habits(
                    settings,
                    share(heat.seconds),
                    share(max(heat.cells.values(), default=0)),
                    heat.at(TRIED) > 0,
                    is_late,
                )
        return Habits({"min_dwell": DECIDES_NOTHING[0]})

    def _shown(
        self,
        source: str,
        begins: datetime,
        zone: str,
        settings: dict[str, Any],
        *,
        is_late: bool | None = None,
    ) -> Heat:
        self._control.post("reset")
        saved = self._camera.save(**PLAIN | settings)
        if not saved.accepted:
            not_checked(f"{_titled(settings)} can't be set (SET): {saved.answer.shown}")
        self._control.put("clock", mode="frozen", now=begins.isoformat(), zone=zone)
        if self._hours(begins):
            not_checked(f"heat of {begins:%Y-%m-%d} that was taken out is there again: REP-10")
        self._control.play(source)
        if self.habits.is_late if is_late is None else is_late:
            self._control.post("clock/step", by_s=LATER_S)
        return self.heat(begins)

    def heat(self, of: datetime = BEGINS) -> Heat:
        """Return the heat of a day as the camera reports it."""
        cells = forms.readable_cells(self._camera.space_report("daily", _midnight(of)).text)
        return Heat(self._hours(of), cells)

    def _hours(self, of: datetime) -> dict[int, int]:
        rows = forms.readable_rows(self._camera.time_report("daily", _midnight(of)).text)
        return {row.start.hour: row.value for row in rows if row.value}


def _midnight(of: datetime) -> datetime:
    return of.replace(hour=0, minute=0, second=0)


def _titled(settings: Mapping[str, Any]) -> str:
    # Regions and schedules are too long to be read.
    told = [
        f"{name} {value}" if isinstance(value, int) else f"a {name} of its own"
        for name, value in settings.items()
        if name != "min_dwell" or value not in DECIDES_NOTHING
    ]
    return ", ".join(told) or "plain settings"
