"""What a drawn scene's heat map, stays and objects really are: CONTRACT 3 from its true boxes.

This judges the engine, so it shares none of its arithmetic, but for which cells a box is
over (`frame.py`). It takes the camera to be switched on at all hours: switch and schedule
are left out. Time runs in the scene's frames; an event lies where its frame begins.

Somebody is seen in a frame if the box around their visible pixels, which nobody nearer and
nothing in front covers (`visibility.py`), is not smaller than the size limit. While they are
seen, their box is the whole figure's, clipped to the picture. "Under a second unseen or
outside does not end a stay": from a second on it ends where they were last seen inside.

CHOICE, where the contract is silent:
  in a gap     of under a second the time counts and heats what of the box is in the region;
               the box is the hidden figure's; who is out of the picture is taken to be where
               they were last
  at rest      is who lies still in the scene, though a camera that shakes sees them move;
               nobody has rested before they were first seen. Rest goes on while they are
               hidden, however long: only "a larger move starts T anew", and to be covered is
               no move. So what would have been absorbed behind somebody is background when it
               is uncovered, and the heat of a thing put down lasts T(a) at most
  furniture    a thing that was there before the scene began belongs to the background
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import (
    MAP_COLUMNS,
    MAP_ROWS,
    REGION_COLUMNS,
    REGION_ROWS,
    Box,
    Size,
    map_cells,
    region_cell,
)
from emulator.core.scenes.scene import Scene
from emulator.core.scenes.sensor import Bytes
from emulator.core.scenes.visibility import drawn_boxes, front_of, visible_boxes
from emulator.core.settings import HeatSettings

GAP_MS = 1000  # so long unseen or outside ends a stay
STILL_SHARE = 96  # still: no edge has moved by more than a 96th of the picture's height


class TrueStay(NamedTuple):
    """Somebody's, or something's, presence in the region.

    start_ms, end_ms  ms since the scene began
    who       "visit 3" or "thing 0", numbered as in the scene's values
    recorded  "yes", or why not: "longer" or "shorter" than min_dwell
    """

    start_ms: int
    end_ms: int
    who: str
    recorded: str


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What a faultless camera would report of a scene, played once.

    heat         uint64 (192, 192): ms for each map cell, of recorded stays
    presence_ms  their time, each object's once
    stays        by start, recorded or not; those open at the end end there
    objects      people and things that were ever seen, wherever, furniture not
    """

    heat: NDArray[np.uint64]
    presence_ms: int
    stays: tuple[TrueStay, ...]
    objects: int


class _Figure(NamedTuple):
    """Somebody in one frame: the whole box, hidden or not, and the one without the shake."""

    box: Box
    steady: Box
    is_seen: bool


@dataclass(slots=True)
class _Stay:
    start_ms: int
    end_ms: int
    heated: list[tuple[Box, int]] = field(default_factory=list)
    in_gap: list[tuple[Box, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Object:
    """One person or thing so far; `rests` is the box in which the rest began, if in view."""

    last: Box
    rests: Box | None = None
    since_ms: int = 0
    absorbed: bool = False
    stay: _Stay | None = None
    over: list[_Stay] = field(default_factory=list)


def truth(scene: Scene, settings: HeatSettings) -> Truth:
    """Return the truth about `scene` under `settings`; takes about 0.15 ms a person and frame."""
    known: dict[str, _Object] = {}
    front = front_of(scene)
    for index in range(scene.frame_count):
        at_ms, until_ms = (moment * 1000 // scene.fps for moment in (index, index + 1))
        in_view = dict(_in_view(scene, front, at_ms, settings))
        for who, figure in in_view.items():
            if figure.is_seen and who not in known:
                known[who] = _Object(figure.box)
            if who in known:
                _rest(known[who], figure, at_ms, scene, settings)
        for who, thing in known.items():
            _count(thing, in_view.get(who), at_ms, until_ms, scene.size, settings)
    for thing in known.values():
        _end(thing)
    return _summed(known, settings)


def absorbed_after_ms(adaptability: int) -> int:
    """Return T(a) of CONTRACT 3: how long a thing lies still until it is background, in ms."""
    return round(300_000 * 2 ** (-(adaptability - 1) / 2.25))


def _in_view(
    scene: Scene, front: Bytes | None, at_ms: int, settings: HeatSettings
) -> Iterator[tuple[str, _Figure]]:
    drawn = drawn_boxes(scene, at_ms)
    visible = visible_boxes(scene, front, at_ms, drawn)
    steady = drawn_boxes(scene, at_ms, shaken=False) if scene.shake else drawn
    for who, box in drawn.items():
        if not _is_furniture(who, scene):
            is_seen = _is_large(visible[who], scene.size, settings)
            yield who, _Figure(box, steady.get(who, box), is_seen)


def _is_furniture(who: str, scene: Scene) -> bool:
    kind, number = who.split()
    return kind == "thing" and scene.things[int(number)].at_ms < 0


def _rest(
    thing: _Object, figure: _Figure, at_ms: int, scene: Scene, settings: HeatSettings
) -> None:
    thing.last = figure.box
    if thing.rests is None or _moved(thing.rests, figure.steady, scene.size):
        thing.rests, thing.since_ms, thing.absorbed = figure.steady, at_ms, False
    elif at_ms - thing.since_ms >= absorbed_after_ms(settings.adaptability):
        thing.absorbed = True


def _moved(before: Box, after: Box, size: Size) -> bool:
    farthest = max(abs(a - b) for a, b in zip(before, after, strict=True))
    return farthest * STILL_SHARE > size.rows


def _count(
    thing: _Object,
    figure: _Figure | None,
    at_ms: int,
    until_ms: int,
    size: Size,
    settings: HeatSettings,
) -> None:
    if figure is None:
        thing.rests = None  # who comes back begins anew
        thing.absorbed = False
    if thing.absorbed:
        _end(thing)
        return
    present = figure is not None and figure.is_seen and _is_inside(thing.last, size, settings)
    if thing.stay is None and not present:
        return
    stay = thing.stay = thing.stay or _Stay(at_ms, at_ms)
    heated = (map_cells(thing.last, size), until_ms - at_ms)
    if present:
        stay.end_ms = until_ms
        stay.heated += [*stay.in_gap, heated]
        stay.in_gap.clear()
    elif until_ms - stay.end_ms >= GAP_MS:
        _end(thing)
    else:
        stay.in_gap.append(heated)


def _is_large(box: Box, size: Size, settings: HeatSettings) -> bool:
    # (n / 200)² of the picture's area, in whole numbers.
    return box.area * 200**2 >= settings.min_object_size**2 * size.rows * size.columns


def _is_inside(box: Box, size: Size, settings: HeatSettings) -> bool:
    row, column = region_cell(box, size)
    return settings.region[row][column]


def _end(thing: _Object) -> None:
    if thing.stay is not None:
        thing.over.append(thing.stay)
    thing.stay = None


def _ruled(stay: _Stay, settings: HeatSettings) -> str:
    lasted_ms, limit_ms = stay.end_ms - stay.start_ms, settings.min_dwell * 1000
    if settings.dwell_semantics == "documented":
        return "longer" if lasted_ms > limit_ms else "yes"
    return "shorter" if lasted_ms < limit_ms else "yes"


def _summed(known: dict[str, _Object], settings: HeatSettings) -> Truth:
    heat = np.zeros((MAP_ROWS, MAP_COLUMNS), np.uint64)
    presence_ms = 0
    stays = []
    for who, thing in known.items():
        for stay in thing.over:
            recorded = _ruled(stay, settings)
            stays.append(TrueStay(stay.start_ms, stay.end_ms, who, recorded))
            if recorded == "yes":
                presence_ms += stay.end_ms - stay.start_ms
                for (top, left, bottom, right), lasted_ms in stay.heated:
                    heat[top:bottom, left:right] += np.uint64(lasted_ms)
    heat[~_counted(settings)] = 0
    return Truth(heat, presence_ms, tuple(sorted(stays)), len(known))


def _counted(settings: HeatSettings) -> NDArray[np.bool_]:
    # Each map cell, by the region cell under its centre.
    def under(cell: int, cells: int, region_cells: int) -> int:
        return (2 * cell + 1) * region_cells // (2 * cells)

    rows = [under(row, MAP_ROWS, REGION_ROWS) for row in range(MAP_ROWS)]
    columns = [under(column, MAP_COLUMNS, REGION_COLUMNS) for column in range(MAP_COLUMNS)]
    return settings.region_mask()[np.ix_(rows, columns)]
