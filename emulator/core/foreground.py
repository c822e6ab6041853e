"""Which pixels show something that was not there: frame in, mask out.

The background model is a value: it goes in, and a new one comes out. A pixel is described
by its mean and its mean deviation, learnt only while it shows background, so that a person
who stands still stays visible. Such a model needs exits, or one mistake would last:

  light   the whole scene grew brighter or darker: the model is scaled along
  relearn half of the picture differs: nothing is known any more, begin again
  ghost   a patch that does not move and has no edge of its own in the picture, only in
          the model, is something that LEFT; it is copied into the model at once
  absorb  somebody else decides that a still thing is now furniture (tracks, CONTRACT 3)

Works on brightness alone and at reduced size: the decoder gives luma for nothing, and
halving takes the sensor's noise with it. Takes only `Tuning`, never settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.frame import Box, Luma
from emulator.core.tuning import Tuning

Mask = NDArray[np.uint8]
"""uint8 (rows, columns): 255 where something is, else 0."""

Plane = NDArray[np.float32]
"""float32 (rows, columns), grey levels."""

SMALLEST_ROWS = 180
"""Pictures are halved as long as at least this many rows remain."""

WEAK_SHARE = 0.8
"""A pixel beside a strong one needs only this share of the threshold; looser values were
measured to merge neighbours."""

RELEARN_SHARE = 0.5
"""More foreground than this share of the picture is no foreground."""

SLIGHT_LIGHT = 0.02
"""A change of the scene's brightness below this share is left to the pixels."""

GHOST_EVERY_MS = 320
"""Ghosts are looked for this often; a patch must have been there at the last look too."""

GHOST_EDGE_RATIO = 1.3
"""A patch whose outline is less than this times as sharp in the picture as in the model
has no edge of its own."""

SAME_SURFACE = 0.8
"""A patch whose texture correlates this well with the model's is the same in another light."""

START_DEVIATION = 4.0
"""Grey levels; the mean deviation assumed before any was seen."""

_CLOSE = cv2.getStructuringElement(cv2.MORPH_RECT, (5, 5))
_GROW = cv2.getStructuringElement(cv2.MORPH_RECT, (7, 7))
_RIM = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of the empty scene.

    mean, deviation  float32 (rows, columns), grey levels
    seen_ms          for how long it has been learnt; young models learn faster
    looked_ms        the instant of the last look for ghosts
    looked           the mask at that look
    """

    mean: Plane
    deviation: Plane
    seen_ms: int
    looked_ms: int
    looked: Mask


def reduce(luma: Luma) -> Luma:
    """Return `luma` halved until less than twice SMALLEST_ROWS rows remain; not changed."""
    while luma.shape[0] >= 2 * SMALLEST_ROWS:
        rows, columns = luma.shape
        luma = cv2.resize(  # type: ignore[assignment]  # cv2 types any dtype
            luma, ((columns + 1) // 2, (rows + 1) // 2), interpolation=cv2.INTER_AREA
        )
    return luma


def first(luma: Luma, at_ms: int) -> Background:
    """Return the model of a scene of which one picture was seen."""
    mean = luma.astype(np.float32)
    return Background(
        mean, np.full_like(mean, START_DEVIATION), 0, at_ms, np.zeros(luma.shape, np.uint8)
    )


def find(
    model: Background, luma: Luma, at_ms: int, lasts_ms: int, tuned: Tuning
) -> tuple[Background, Mask]:
    """Return the model with one more picture learnt, and where it differed from it.

    luma      uint8 (rows, columns), of the model's shape; not changed
    at_ms     the picture's instant; lasts_ms: how long it stands
    """
    grey = luma.astype(np.float32)
    mean = _relit(model, grey, tuned.relight_share)
    off: Plane = cv2.absdiff(grey, mean)  # type: ignore[assignment]
    mask = _differing(off, model.deviation, tuned)
    if cv2.countNonZero(mask) > RELEARN_SHARE * mask.size:
        return first(luma, at_ms), np.zeros_like(mask)
    model = replace(model, mean=mean)
    if at_ms - model.looked_ms >= GHOST_EVERY_MS:
        ghosts = _ghosts(mask, model, grey)
        if ghosts.any():
            model = replace(model, mean=np.where(ghosts, grey, mean))
            mask = np.where(ghosts, np.uint8(0), mask)
        model = replace(model, looked_ms=at_ms, looked=mask)
    return _learnt(model, grey, off, mask, lasts_ms, tuned), mask


def absorbed(model: Background, luma: Luma, boxes: Iterable[Box]) -> Background:
    """Return `model` with what `luma` shows in `boxes` taken for background."""
    mean = model.mean.copy()
    for top, left, bottom, right in boxes:
        mean[top:bottom, left:right] = luma[top:bottom, left:right]
    return replace(model, mean=mean)


def _differing(off: Plane, deviation: Plane, tuned: Tuning) -> Mask:
    limit = np.maximum(deviation * tuned.threshold_deviations, tuned.threshold_floor)
    strong = _mostly(off > limit)
    near = cv2.bitwise_and(cv2.dilate(strong, _GROW), _mostly(off > limit * WEAK_SHARE))
    closed = cv2.morphologyEx(cv2.bitwise_or(strong, near), cv2.MORPH_CLOSE, _CLOSE)
    return closed.astype(np.uint8, copy=False)


def _mostly(differs: NDArray[np.bool_]) -> Mask:
    # The median of 5 x 5, at a fifth of its price: of two values it is the majority.
    votes = cv2.boxFilter(
        differs.view(np.uint8), -1, (5, 5), normalize=False, borderType=cv2.BORDER_REPLICATE
    )
    return (votes > 12).view(np.uint8) * np.uint8(255)


def _learnt(
    model: Background, grey: Plane, off: Plane, mask: Mask, lasts_ms: int, tuned: Tuning
) -> Background:
    seen_ms = model.seen_ms + lasts_ms
    settled = 1.0 - 0.5 ** (lasts_ms / 1000 / tuned.half_life_s)
    rate = max(settled, lasts_ms / max(seen_ms, 1)) if model.seen_ms else 0.5
    mean, deviation = model.mean.copy(), model.deviation.copy()
    # The rim of an object is half object; learning it would leave a halo behind.
    empty = cv2.bitwise_not(cv2.dilate(mask, _RIM))
    cv2.accumulateWeighted(grey, mean, min(rate, 0.5), mask=empty)
    cv2.accumulateWeighted(off, deviation, min(settled, 0.05), mask=empty)
    return replace(model, mean=mean, deviation=deviation, seen_ms=seen_ms)


def _relit(model: Background, grey: Plane, relight_share: float) -> Plane:
    gain = _gain(model.mean, grey)
    if abs(gain - 1) <= SLIGHT_LIGHT:
        return model.mean
    # Kept unclipped above 255: what was clipped is known again when the light goes back.
    mean: Plane = model.mean * np.float32(gain)
    if abs(gain - 1) <= relight_share:
        return mean
    # A step of the light reaches no two surfaces alike: learn the picture as it is now,
    # but not the objects that were seen in it a moment ago.
    objects = cv2.dilate(model.looked, _GROW, iterations=2) > 0
    return np.where(objects, mean, grey)


def _gain(known: Plane, now: Plane) -> float:
    # Every 5th row and column is enough for a median; dark and clipped points say nothing.
    known, now = known[2::5, 2::5], now[2::5, 2::5]
    useful = (known > 16) & (known < 240) & (now > 2) & (now < 250)
    if np.count_nonzero(useful) <= useful.size // 20:
        return 1.0
    return float(np.median(now[useful] / known[useful]))


def _ghosts(mask: Mask, model: Background, grey: Plane) -> NDArray[np.bool_]:
    found = np.zeros(mask.shape, np.bool_)
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for outline in outlines:
        left, top, width, height = cv2.boundingRect(outline)
        rows = slice(max(top - 4, 0), top + height + 4)
        columns = slice(max(left - 4, 0), left + width + 4)
        patch = np.zeros_like(mask[rows, columns])
        cv2.drawContours(
            patch, [outline], 0, 1, cv2.FILLED, offset=(-columns.start, -rows.start)
        )
        stayed = cv2.countNonZero(cv2.bitwise_and(model.looked[rows, columns], model.looked[rows, columns], mask=patch))
        if stayed < 0.8 * cv2.countNonZero(patch):
            continue
        now, known = grey[rows, columns], model.mean[rows, columns]
        left_over = _step_across(patch, now) < GHOST_EDGE_RATIO * _step_across(patch, known)
        if left_over or _likeness(patch, now, known) > SAME_SURFACE:
            found[rows, columns] |= cv2.dilate(patch, _CLOSE) > 0
    return found


def _step_across(patch: Mask, grey: Plane) -> float:
    # What is just inside against what is just outside, on average along the patch's rim.
    rim = cv2.dilate(patch, _RIM) != cv2.erode(patch, _RIM)
    inside = patch.astype(np.float32)
    step = np.abs(_mean_near(inside, grey) - _mean_near(1 - inside, grey))
    return float(step[rim].mean())


def _mean_near(where: Plane, grey: Plane) -> Plane:
    count = cv2.boxFilter(where, -1, (7, 7), normalize=False)
    total = cv2.boxFilter(where * grey, -1, (7, 7), normalize=False)
    mean: Plane = total / np.maximum(count, 1)
    return mean


def _likeness(patch: Mask, grey: Plane, known: Plane) -> float:
    # The correlation of the fine texture of both inside the patch.
    inside = cv2.erode(patch, _RIM) > 0
    fine, fine_known = (
        (plane - cv2.boxFilter(plane, -1, (7, 7)))[inside] for plane in (grey, known)
    )
    both = float(np.sqrt((fine @ fine) * (fine_known @ fine_known)))
    return float(fine @ fine_known) / both if both else 0.0
