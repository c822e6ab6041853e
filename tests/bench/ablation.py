"""What each step of the detector is good for: without it, which figure falls.

Each step is taken out by putting something that does nothing in its place, and the detector
looks at the scene that the step was made for.
"""

from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from unittest.mock import patch

import cv2
import numpy as np

from bench import scene_list
from bench.engine import BEGINS_MS, usual, watched
from bench.scores import pearson
from bench.table import Detail, Outcome
from emulator.core.detection import (
    claims,
    differences,
    expected,
    foreground,
    groups,
    light,
    parties,
    pipeline,
    startup,
    stays,
    track,
    tracks,
    whereabouts,
)
from emulator.core.detection.looks import Place
from emulator.core.detection.outline import FINE
from emulator.core.detection.perspective import Perspective
from emulator.core.detection.track import Track
from emulator.core.frame import Box
from emulator.core.scenes.scene import read_scene
from emulator.core.scenes.truth import truth
from emulator.edge.sources import drawn

HEADER = ("without", "scene", "r", "without", "seconds / true", "without")


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name, where it is, what takes its place, and the scene (and light) to see."""

    name: str
    owner: object
    attribute: str
    instead: object
    scene: str
    kind: str = ""


def _whole_fine(box, mask, off):
    return Box(*(FINE * edge for edge in box))


_MEMBERS = whereabouts._members


def _first(claim, *rest):
    # As trackers do that know one box, one object: the best fitting member has it.
    claim.members = claim.members[:1]
    return _MEMBERS(claim, *rest)


def _doubtful(stay, *_):
    # Where he was expected, by his pace when last seen.
    return stay.doubtful


def _after(before, after, objects):
    # What is hidden stays as it was when it was last seen.
    return after


STEPS = (
    Step("first seconds watched", startup, "is_enough", lambda waiting: True, "from-the-start"),
    Step("leavers' due", tracks, "leavers", lambda *_: (frozenset(), {}), "from-the-start"),
    Step("ghosts taken away", foreground.ghosts, "find", lambda *_: [], "from-the-start"),
    Step("light followed", light, "follow", lambda *_: None, "light"),
    Step(
        "what is hidden is lit too",
        light,
        "carried",
        _after,
        "2:bag-platform",
        "slow light 1.3 to 0.7",
    ),
    Step(
        "dark counts for less",
        differences,
        "_floor",
        lambda level, floor: np.full_like(level, round(floor)),
        "contrast-25",
        "slow light 1.3 to 0.7",
    ),
    Step(
        "outline at half of what is inside",
        differences,
        "_outlined",
        lambda mask, off, quiet: mask,
        "contrast-12",
    ),
    Step("edges to half a pixel", tracks, "refined", _whole_fine, "dwell"),
    Step(
        "shake taken out",
        pipeline.steady,
        "steadied",
        lambda known, luma, *_: (known, luma),
        "shake",
    ),
    Step(
        "found by looks",
        groups,
        "place",
        lambda known, luma, where, expected: Place(expected, 1.0),
        "crowd",
    ),
    Step("size by perspective", Perspective, "height_at", lambda *_: None, "crossing-4"),
    Step("parties parted", parties, "parted", lambda *_: [], "crossing-4"),
    Step("groups parted", whereabouts, "_members", _first, "crossing-8"),
    Step("pieces beside a pole", claims, "_peeping", lambda *_: [], "pole"),
    Step("who joins a group is believed", whereabouts, "_seen_again", lambda *_: {}, "crowd"),
    Step("taken for whom nobody explains", groups, "_is_taken_for", lambda *_: False, "crowd"),
    Step("who rests is as wide as seen", groups, "_settle", lambda *_: None, "2:crowd-market"),
    Step("whole behind uprights", expected, "with_hidden", lambda box, *_: box, "2:pole-arcade"),
    Step("straight on while unseen", stays, "_on_the_way", _doubtful, "2:pole-arcade"),
    Step("smaller at once", track, "LEAST_UPPER", 0.0, "2:bag-platform"),
    Step("who rests stays", Track, "rests", lambda *_: False, "bag"),
)


def run(options) -> Outcome:
    """Return a line for each step."""
    lines = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for index, line in enumerate(pool.map(_judge, range(len(STEPS)))):
            options.say(f"ablation: {STEPS[index].name}: {line}")
            lines.append(line)
    return Outcome(details=[Detail("ablation", "What each step is good for", HEADER, lines)])


def _judge(index):
    cv2.setNumThreads(1)
    step = STEPS[index]
    document = scene_list.documents()[step.scene]
    if step.kind:
        document = scene_list.CONDITIONS[step.kind](document)
    settings = usual(**({"sensitivity": 10} if scene_list.is_faint(step.scene) else {}))
    true = truth(read_scene(document), settings)
    with ExitStack() as stack:
        whole = _score(step.scene, document, settings, true)
        stack.enter_context(patch.object(step.owner, step.attribute, step.instead))
        without = _score(step.scene, document, settings, true)
    shown = f"{step.scene}, {step.kind}" if step.kind else step.scene
    return (step.name, shown, whole[0], without[0], whole[1], without[1])


def _score(name, document, settings, true):
    watch = watched(drawn(name, document).frames(BEGINS_MS), settings)
    return pearson(watch.cells, true.heat), watch.presence_ms / true.presence_ms
