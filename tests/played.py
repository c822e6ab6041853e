"""Drawn scenes, played once to detectors of several settings at a time, for the laws BEH-01..07.

The scenes are 360 rows by 640 columns, on a grey floor without things on it. Each picture is
drawn once and shown to every detector, since drawing is as dear as looking.
"""

from dataclasses import dataclass, field
from datetime import UTC

import numpy as np

from emulator.core.detection import pipeline
from emulator.core.frame import Frame
from emulator.core.reports import heat
from emulator.core.scenes.drawing import draw_luma, stage
from emulator.core.scenes.scene import read_scene
from emulator.core.settings import HeatSettings

MONDAY_MS = 1_767_571_200_000  # 2026-01-05T00:00:00Z, a Monday

FLOOR = "#787878"
PLAIN = {
    "name": "behaviour",
    "length_s": 30,
    "fps": 10,
    "rows": 360,
    "columns": 640,
    "noise_sigma": 2.0,
    "seed": 5001,
    "backdrop": FLOOR,
    "back_y": 0.3,
    "back_height": 0.2,
    "front_y": 1.0,
    "front_height": 0.36,
    "ground": [
        {
            "points": [[-0.05, -0.05], [1.05, -0.05], [1.05, 1.05], [-0.05, 1.05]],
            "colours": [FLOOR],
            "grain": 1,
        }
    ],
    "route": [
        {"name": "east", "points": [[0, -0.08, 0.7], [1, 1.08, 0.74]]},
        {"name": "west", "points": [[0, 1.08, 0.55], [1, -0.08, 0.58]]},
        {"name": "nearer", "points": [[0, 0.6, 0.35], [1, 0.4, 1.45]]},
        {"name": "inside", "points": [[0, 0.3, 0.8], [1, 0.7, 0.8]]},
    ],
    "clothes": [],
    "visit": [],
}


def grey(level):
    """A colour of one grey level, 16..239, as documents spell it."""
    return f"#{level:02x}" + 2 * f"{level:02x}"


def flat(name, level):
    """Clothes of one grey level from head to foot."""
    worn = dict.fromkeys(("top", "legs", "hair", "skin", "shoes"), grey(level))
    return {"name": name, "flat": True} | worn


def scene(**changes):
    """The plain floor, empty, with other values at some keys."""
    return read_scene(PLAIN | changes)


@dataclass
class Played:
    """What one detector made of a scene.

    cells        uint64 (192, 192), ms
    presence_ms  summed over recorded stays
    minutes      presence_ms of each minute that got heat, by the minute's number
    stays        (start, end, recorded) of each stay that ended, ms of the scene
    foreground   share of pixels called foreground, by picture
    """

    cells: np.ndarray
    presence_ms: int = 0
    minutes: dict = field(default_factory=dict)
    stays: list = field(default_factory=list)
    foreground: list = field(default_factory=list)

    @property
    def recorded_s(self):
        """The lengths of the stays that were recorded, in seconds."""
        return [(end - start) / 1000 for start, end, recorded in self.stays if recorded == "yes"]


def settings(**changes):
    """Settings of a camera that is on, where the dwell limit decides nothing unless told."""
    return HeatSettings(**{"enable": 1, "min_dwell": 300} | changes)


def play(drawn, every_settings, starts_ms=MONDAY_MS):
    """What a detector of each of the settings makes of the scene, all stays ended."""
    plans = [pipeline.plan(one, UTC) for one in every_settings]
    states = [pipeline.State() for _ in plans]
    found = [Played(heat.no_heat().cells) for _ in plans]
    shown = stage(drawn)
    for index in range(drawn.frame_count):
        at_ms, until_ms = (starts_ms + 1000 * i // drawn.fps for i in (index, index + 1))
        frame = Frame(at_ms, until_ms, draw_luma(shown, index), lambda: None)
        for place, plan in enumerate(plans):
            states[place], results = pipeline.step(states[place], frame, plan)
            found[place].foreground.append(np.count_nonzero(results.mask) / results.mask.size)
            _add(found[place], results, plan, starts_ms)
    for place, plan in enumerate(plans):
        _, results = pipeline.close(states[place], plan)
        _add(found[place], results, plan, starts_ms)
    return found


def _add(played, results, plan, starts_ms):
    for ruled in results.ended:
        stretch = ruled.start_ms - starts_ms, ruled.end_ms - starts_ms
        played.stays.append((*stretch, ruled.recorded))
    for minute_ms, tile in heat.tiles(results.spells, plan.counted).items():
        minute = (minute_ms - MONDAY_MS) // 60_000
        played.minutes[minute] = played.minutes.get(minute, 0) + tile.presence_ms
        played.cells += tile.cells
        played.presence_ms += tile.presence_ms
