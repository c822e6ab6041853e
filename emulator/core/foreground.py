"""Which pixels show something that was not there: frame in, mask out.

The background model is a value: it goes in, and a new one comes out. A pixel is described
by its mean and its mean deviation, learnt only while it shows background, so that a person
who stands still stays visible. Such a model needs exits, or one mistake would last:

  light   the whole scene grew brighter or darker: the model is scaled along
  relearn half of the picture differs: nothing is known any more, begin again
  ghost   a patch that lies still and is nobody (something that left, or light) is copied
          into the model at once; which those are, `ghosts` tells
  absorb  somebody else decides that a still thing is now furniture (tracks, CONTRACT 3)

Works on brightness alone and at reduced size: the decoder gives luma for nothing, and
halving takes the sensor's noise with it. Takes only `Tuning`, never settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core import ghosts
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
        nobody = ghosts.find(mask, model.looked, grey, mean)
        if nobody.any():
            model = replace(model, mean=np.where(nobody, grey, mean))
            mask = np.where(nobody, np.uint8(0), mask)
            off = np.where(nobody, np.float32(0), off)
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
