"""What of everybody and everything in a drawn scene's frame is not covered: boxes of pixels.

A frame is drawn once more with numbers for colours: the polygons of `figures.py` in the
order of `drawing.py`, the nearest last, and nothing where the front hides them. What is left
of a number is what can be seen of its figure. Light, noise and likeness of colours don't
matter here.
"""

from collections.abc import Collection, Mapping
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import Box
from emulator.core.scenes.drawing import stage
from emulator.core.scenes.figures import figures, people, shift_at, things
from emulator.core.scenes.scene import Scene
from emulator.core.scenes.sensor import Bytes

_Labels = NDArray[np.uint16]


def front_of(scene: Scene) -> Bytes | None:
    """Return where `scene` hides people, as `drawing.Stage.front`; dear, so ask once a scene."""
    return stage(scene).front if scene.front else None


def drawn_boxes(scene: Scene, at_ms: int, *, shaken: bool = True) -> dict[str, Box]:
    """Return the whole boxes in the picture, hidden or not, by "thing 0" or "visit 3".

    shaken  as for `figures.people`
    Raises SceneError if the scene does not last so long.
    """
    lying = {f"thing {number}": box for number, box in things(scene, at_ms, shaken=shaken)}
    return lying | {f"visit {number}": box for number, box in people(scene, at_ms, shaken=shaken)}


def visible_boxes(
    scene: Scene, front: Bytes | None, at_ms: int, drawn: Mapping[str, Box]
) -> dict[str, Box]:
    """Return the boxes around the uncovered pixels; of area 0 for who is wholly hidden.

    front  `front_of(scene)`
    drawn  `drawn_boxes(scene, at_ms)`; the answer has the same keys
    """
    window = None if front is None else _window(scene, front, at_ms)
    if not _may_hide(drawn.values(), window):
        return dict(drawn)
    labels, label_of = _labels(scene, at_ms)
    if window is not None:
        labels[window > 0] = 0
    return {who: _left(labels, label_of[who], box) for who, box in drawn.items()}


def _window(scene: Scene, front: Bytes, at_ms: int) -> Bytes:
    # The front reaches beyond the picture by the shake on all sides.
    down, right = shift_at(scene, at_ms)
    top, left = scene.shake - down, scene.shake - right
    return front[top : top + scene.size.rows, left : left + scene.size.columns]


def _may_hide(boxes: Collection[Box], front: Bytes | None) -> bool:
    # Most frames are spared the drawing.
    if front is not None and any(front[b.top : b.bottom, b.left : b.right].any() for b in boxes):
        return True
    return any(
        a.top < b.bottom and b.top < a.bottom and a.left < b.right and b.left < a.right
        for a, b in combinations(boxes, 2)
    )


def _labels(scene: Scene, at_ms: int) -> tuple[_Labels, dict[str, int]]:
    labels = np.zeros(scene.size, np.uint16)
    label_of = {}
    lying = sum(thing.at_ms <= at_ms < thing.until_ms for thing in scene.things)
    there = list(enumerate(figures(scene, at_ms), start=1))  # all things first
    for label, figure in sorted(there, key=lambda item: item[1].foot_row):  # the nearest last
        kind = "thing" if label <= lying else "visit"
        label_of[f"{kind} {figure.number}"] = label
        for part in figure.parts:
            cv2.fillPoly(labels, [part.corners], label)
    return labels, label_of


def _left(labels: _Labels, label: int, box: Box) -> Box:
    mask = labels[box.top : box.bottom, box.left : box.right] == label
    left, top, columns, rows = cv2.boundingRect(mask.view(np.uint8))
    return Box(box.top + top, box.left + left, box.top + top + rows, box.left + left + columns)
