"""Stays sorted by dwell limits of 5, 10 and 15 s, on the drawn scenes with truth.

`documented`: what lasted longer is dropped. Which stay of ours is which true one, and what is
sorted right, is said in scores.py. The share is over the stays of all scenes together. The
rivals have no stays, so there is nothing to sort.
"""

from concurrent.futures import ProcessPoolExecutor

import cv2

from bench import scene_list
from bench.engine import BEGINS_MS, Watch, usual
from bench.scores import Span, sorted_right
from bench.table import Bound, Detail, Outcome, Row
from emulator.core.scenes.scene import read_scene
from emulator.core.scenes.truth import truth
from emulator.edge.sources import drawn

LIMITS_S = (5, 10, 15)
BOUND = Bound("at least", 95.0)


def judge(name):
    """Return for each limit how many stays of a scene are right, judged, and were found."""
    cv2.setNumThreads(1)
    document = scene_list.documents()[name]
    true = truth(read_scene(document), usual())
    stays = [Span(BEGINS_MS + stay.start_ms, BEGINS_MS + stay.end_ms) for stay in true.stays]
    watches = {limit_s: Watch(usual(min_dwell=limit_s)) for limit_s in LIMITS_S}
    for frame in drawn(name, document).frames(BEGINS_MS):
        for watch in watches.values():
            watch.take(frame)
    found = {limit_s: watch.close().stays for limit_s, watch in watches.items()}
    return (
        name,
        len(stays),
        {
            limit_s: (*sorted_right(found[limit_s], stays, limit_s * 1000), len(found[limit_s]))
            for limit_s in LIMITS_S
        },
    )


def run(options) -> Outcome:
    """Return a row for each limit."""
    names = [
        name
        for name in scene_list.documents()
        if options.wants(name) and not scene_list.is_faint(name)
    ]
    right = dict.fromkeys(LIMITS_S, 0)
    judged = dict.fromkeys(LIMITS_S, 0)
    lines = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for name, true_count, by_limit in pool.map(judge, names):
            options.say(f"dwell: {name}: {by_limit} of {true_count}")
            for limit_s, (good, counted, found) in by_limit.items():
                right[limit_s] += good
                judged[limit_s] += counted
                lines.append([name, limit_s, true_count, found, counted, good])
    rows = [
        Row(
            "dwell",
            f"stays sorted right by {limit_s} s",
            "%",
            {"ours": 100 * right[limit_s] / judged[limit_s]} if judged[limit_s] else {},
            BOUND,
            f"{right[limit_s]} of {judged[limit_s]}",
        )
        for limit_s in LIMITS_S
    ]
    header = ("scene", "limit s", "true stays", "found", "judged", "right")
    return Outcome(rows, [Detail("dwell", "Stays sorted by dwell limits", header, lines)])
