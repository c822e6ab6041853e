"""What is seen where there is nothing: an empty scene, a dark noisy one, a wall under clouds.

Told is the share of pixels that the mask calls foreground, over all frames from the first.
"""

from dataclasses import replace

import cv2
import numpy as np

from bench import footage, scene_list
from bench.baselines import rivals
from bench.engine import BEGINS_MS, Watch, usual
from bench.table import METHODS, Bound, Outcome, Row
from emulator.edge import fixtures
from emulator.edge.sources import VideoFile, drawn

BOUND = Bound("at most", 0.3)
WALL = (25, 115, 150, 320)
"""Rows and columns of the cloud clip's wall, which nobody passes."""
EMPTY_S = 120
NIGHT = {"brightness": [{"at_s": 0, "gain": 0.4}], "noise_sigma": 6}
GROWING = [{"at_s": 0, "sigma": 2}, {"at_s": EMPTY_S, "sigma": 8}]


def run(options) -> Outcome:
    """Return a row for each quiet place."""
    outcome = Outcome()
    for name, document in _documents().items():
        if options.wants(name):
            options.say(f"quiet: {name}")
            shares = _shares(drawn(name, document).frames(BEGINS_MS), options.ours)
            outcome.rows.append(_row(name, shares))
    clip = footage.RESEARCH / "pets2001_d3c1_320x240.mp4"
    if not clip.exists():
        outcome.skipped.append("the cloud clip, as ../shared/footage is not beside the checkout")
        return outcome
    options.say("quiet: the cloud clip's wall")
    shares = _shares(VideoFile(clip, fps=None).frames(BEGINS_MS), options.ours, WALL)
    outcome.rows.append(_row("cloud clip's wall", shares))
    return outcome


def _documents():
    bare = fixtures.scene("shop") | {"visit": [], "length_s": EMPTY_S}
    bare |= {"rows": 432, "columns": 768}
    found = {
        "empty shop": bare,
        "empty shop at night": bare | NIGHT,
        "empty shop, noise growing from 2 to 8": bare | {"noise": GROWING},
    }
    for name, document in scene_list.documents().items():
        if not document["visit"] and not document.get("thing"):
            found[f"scene {name}"] = document
    return found


def _shares(frames, ours_only, part=None):
    watch, others = Watch(usual()), {} if ours_only else rivals()
    seen, frame_count = dict.fromkeys(("ours", *others), 0.0), 0
    for frame in frames:
        frame_count += 1
        masks = {"ours": watch.take(replace(frame, picture=lambda: None))}
        if others:
            picture = frame.picture()
            masks |= {name: rival.mask(picture) for name, rival in others.items()}
        for name, mask in masks.items():
            seen[name] += _share(mask, part, frame.luma.shape)
    return {name: 100 * total / frame_count for name, total in seen.items()}


def _share(mask, part, shape):
    if part is not None:
        top, bottom, left, right = part
        assert mask.shape == shape, "the wall is told in the clip's own pixels"
        mask = mask[top:bottom, left:right]
    return cv2.countNonZero(np.ascontiguousarray(mask)) / mask.size


def _row(name, shares):
    values = {method: shares[method] for method in METHODS if method in shares}
    return Row("quiet", f"{name}: foreground", "% of pixels", values, BOUND)
