"""Heat maps of drawn scenes against their truth, in good light and in bad; the worst is told.

Judged are the map's shape (Pearson r over 192 x 192 cells) and its amount (summed presence over
the true one, told as the share that it is off). Rivals get the colour picture, no wider than
RIVAL_COLUMNS since they are slow; it is the same scene. They see the first set in good light.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

import cv2

from bench import scene_list
from bench.baselines import NaiveMap, rivals
from bench.engine import BEGINS_MS, usual, watched
from bench.scores import pearson
from bench.table import METHODS, Bound, Detail, Outcome, Row
from emulator.core.scenes.scene import read_scene
from emulator.core.scenes.truth import truth
from emulator.edge.sources import drawn

GOOD_LIGHT = "good light"
RIVAL_COLUMNS = 768
FAINT_SENSITIVITY = 10
R_BOUND = {True: Bound("at least", 0.98), False: Bound("at least", 0.95)}
APART_BOUND = Bound("at most", 0.02)
SHARE_BOUND = {True: Bound("at most", 5.0), False: Bound("at most", 10.0)}


@dataclass(frozen=True, slots=True)
class Job:
    """One scene under one disturbance; `methods`: who is to look at it."""

    name: str
    kind: str
    methods: tuple[str, ...]


@dataclass(slots=True)
class Score:
    """What came out of one job.

    r, seconds  by method; true_s: what seconds should be
    """

    job: Job
    true_s: float
    true_stays: int
    r: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    stays: int | None = None

    def off(self, method):
        """Return by how many per cent the summed seconds are off."""
        return 100 * abs(self.seconds[method] / self.true_s - 1)


def judge(job: Job) -> Score:
    """Draw one scene, let everybody look at it, and compare with its truth."""
    cv2.setNumThreads(1)
    disturbed = scene_list.CONDITIONS.get(job.kind, scene_list.in_good_light)
    document = disturbed(scene_list.documents()[job.name])
    changes = {"sensitivity": FAINT_SENSITIVITY} if scene_list.is_faint(job.name) else {}
    settings = usual(**changes)
    true = truth(read_scene(document), settings)
    score = Score(job, true.presence_ms / 1000, len(true.stays))
    if "ours" in job.methods:
        watch = watched(drawn(job.name, document).frames(BEGINS_MS), settings)
        score.r["ours"] = pearson(watch.cells, true.heat)
        score.seconds["ours"] = watch.presence_ms / 1000
        score.stays = len(watch.stays)
    if others := [method for method in job.methods if method != "ours"]:
        for method, naive in _naive_maps(job, document, others).items():
            score.r[method] = pearson(naive.cells, true.heat)
            score.seconds[method] = naive.presence_ms / 1000
    return score


def run(options) -> Outcome:
    """Return the rows of good light, and of each disturbance."""
    # Scenes in which nobody comes have no map; what is seen in them is told by quiet.py.
    names = [name for name in scene_list.documents() if options.wants(name) and _has_people(name)]
    kinds = [kind for kind in (GOOD_LIGHT, *scene_list.CONDITIONS) if options.wants_kind(kind)]
    jobs = [
        Job(name, kind, _methods(name, kind, options))
        for kind in kinds
        for name in names
        if kind == GOOD_LIGHT or not scene_list.is_faint(name)
    ]
    scores = []
    # The long ones first, so that no process is left alone with one at the end.
    jobs.sort(key=_work, reverse=True)
    with ProcessPoolExecutor(options.jobs) as pool:
        for score in pool.map(judge, jobs):
            options.say(_told(score))
            scores.append(score)
    outcome = Outcome()
    for kind in kinds:
        of_kind = [score for score in scores if score.job.kind == kind]
        outcome.rows += rows(kind, of_kind)
        outcome.details.append(_detail(kind, of_kind))
    return outcome


def rows(kind, scores) -> list[Row]:
    """Return the rows of one kind of light: the worst of each set, and how far they are apart."""
    first = [score for score in scores if not scene_list.is_second(score.job.name)]
    second = [score for score in scores if scene_list.is_second(score.job.name)]
    made = [*_worst(f"scenes, {kind}", kind, first), *_worst(f"second set, {kind}", kind, second)]
    if first and second:
        apart = min(score.r["ours"] for score in first) - min(score.r["ours"] for score in second)
        what = f"second set, {kind}: its worst map below the first set's"
        made.append(Row("scenes", what, "r", {"ours": apart}, APART_BOUND))
    return made


def _worst(what, kind, scores):
    if not scores:
        return []
    good = kind == GOOD_LIGHT
    by_r = sorted(scores, key=lambda score: score.r["ours"])
    by_off = sorted(scores, key=lambda score: -score.off("ours"))
    methods = [method for method in METHODS if method in scores[0].r]
    worst_r = {method: min(score.r[method] for score in scores) for method in methods}
    worst_off = {method: max(score.off(method) for score in scores) for method in methods}
    what = f"{what}, the worst of {len(scores)}"
    return [
        Row("scenes", f"{what}: map", "r", worst_r, R_BOUND[good], _named(by_r)),
        Row("scenes", f"{what}: seconds", "% off", worst_off, SHARE_BOUND[good], _named(by_off)),
    ]


def _named(scores):
    return "; ".join(score.job.name for score in scores[:3])


def _methods(name, kind, options):
    # The rivals take most of the time; the first set in good light tells enough of them.
    beside = kind == GOOD_LIGHT and not scene_list.is_second(name) and not options.ours
    return METHODS if beside else ("ours",)


def _detail(kind, scores):
    methods = [method for method in METHODS if any(method in score.r for score in scores)]
    header = ["scene", "true s", "true stays", "stays"]
    header += [f"{method}: {what}" for method in methods for what in ("r", "s / true")]
    lines = []
    for score in sorted(scores, key=lambda score: score.job.name):
        figures = [
            (score.r[m], score.seconds[m] / score.true_s) if m in score.r else (None, None)
            for m in methods
        ]
        lines.append(
            [
                score.job.name, score.true_s, score.true_stays, score.stays,
                *(figure for pair in figures for figure in pair),
            ]
        )  # fmt: skip
    return Detail("scenes", f"Scenes, {kind}", header, lines)


def _told(score):
    figures = " ".join(
        f"{method}: r {score.r[method]:.3f}, {score.seconds[method]:.1f} s;" for method in score.r
    )
    stays = f"{score.stays} stays of {score.true_stays}, {score.true_s:.1f} s true"
    return f"{score.job.kind}: {score.job.name}: {figures} {stays}"


def _naive_maps(job, document, methods):
    if document["columns"] > RIVAL_COLUMNS:
        rows = round(document["rows"] * RIVAL_COLUMNS / document["columns"])
        document = document | {"rows": rows, "columns": RIVAL_COLUMNS}
    lookers = {name: rival for name, rival in rivals().items() if name in methods}
    maps = {name: NaiveMap() for name in lookers}
    for frame in drawn(job.name, document).frames(BEGINS_MS):
        picture = frame.picture()
        for name, rival in lookers.items():
            maps[name].take(rival.mask(picture), frame.until_ms - frame.at_ms)
    return maps


def _has_people(name):
    document = scene_list.documents()[name]
    return bool(document["visit"] or document.get("thing"))


def _work(job):
    document = scene_list.documents()[job.name]
    pixels = document["rows"] * document["columns"]
    return document["length_s"] * document["fps"] * pixels * len(job.methods)
