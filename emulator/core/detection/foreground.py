"""Which pixels show something that was not there: picture in, mask out.

The background model is a value: it goes in, and a new one comes out. A pixel is described
by its mean and its mean deviation, learnt only while it shows background, so that a person
who stands still stays visible. Such a model needs exits, or one mistake would last:

  light   the whole scene grew brighter or darker: the model is scaled along (`light`)
  relearn half of the picture differs: nothing is known any more, begin again
  ghost   a patch that lies still and is nobody (something that left, or light) is copied
          into the model at once; which those are, `ghosts` tells
  absorb  somebody else decides that a still thing is now furniture (tracks, CONTRACT 3)

Works on brightness alone and at reduced size: the decoder gives luma for nothing, and
halving takes the sensor's noise with it. Every picture is compared (`differences`), and
learnt from a few times a second, since a background changes slowly.
Takes only `Tuning`, never settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import cv2
import numpy as np

from emulator.core.detection import differences, ghosts, light
from emulator.core.detection.differences import Limits, Plane
from emulator.core.detection.ghosts import Patch
from emulator.core.detection.tuning import Tuning
from emulator.core.frame import Box, Luma
from emulator.core.localtime import SECOND_MS

Mask = differences.Mask
"""uint8 (rows, columns): 255 where something is, else 0."""

SMALLEST_ROWS = 180
"""Pictures are halved as long as at least this many rows remain."""

RELEARN_SHARE = 0.5
"""More foreground than this share of the picture is no foreground."""

SUDDEN_SHARE = 0.05
"""Foreground that grew by more than this share of the picture since the last look for ghosts
may be light, and then nobody should see it: the light is followed at once."""

LEARN_EVERY_MS = 200
"""The model is learnt this often."""

GHOST_EVERY_MS = 320
"""Ghosts are looked for this often; a patch must have been there at the last look too."""

START_DEVIATION = 4.0
"""Grey levels; the mean deviation assumed before any was seen."""

FASTEST, FASTEST_DEVIATION = 0.5, 0.1
"""The largest weights of a single picture in the mean and in the deviation."""

_RIM = cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))


@dataclass(frozen=True, slots=True)
class Background:
    """What is known of the empty scene.

    mean, deviation  float32 (rows, columns), grey levels; the mean may exceed 255 where
                     the picture is clipped
    limits           the same, rounded for comparing
    since_ms         the instant when it began
    learnt_ms        the instant up to which it was learnt
    seen_ms          for how long it has been learnt; young models learn faster
    looked_ms        the instant of the last look for ghosts
    looked           the mask at that look
    renewed          uint8 (rows, columns): 255 where it is not known to show what was there
                     when it began
    """

    mean: Plane
    deviation: Plane
    limits: Limits
    since_ms: int
    learnt_ms: int
    seen_ms: int
    looked_ms: int
    looked: Mask
    renewed: Mask

    @property
    def level(self) -> Luma:
        """The mean, rounded: uint8 (rows, columns)."""
        return self.limits.level


class Found(NamedTuple):
    """The model with one more picture learnt, and what was found in that.

    mask  where something is
    off   uint8 (rows, columns): by how many grey levels each pixel differs from the model
    left  boxes of what had been there since the model began, and has gone
    """

    model: Background
    mask: Mask
    off: Luma
    left: tuple[Box, ...]


def reduce(luma: Luma) -> Luma:
    """Return `luma` halved until less than twice SMALLEST_ROWS rows remain; not changed.

    An odd last row or column is halved too: 361 x 641 becomes 181 x 321.
    """
    while luma.shape[0] >= 2 * SMALLEST_ROWS:
        rows, columns = luma.shape
        luma = cv2.resize(  # type: ignore[assignment]  # cv2 types any dtype
            luma, ((columns + 1) // 2, (rows + 1) // 2), interpolation=cv2.INTER_AREA
        )
    return luma


def first(mean: Plane | Luma, at_ms: int, tuned: Tuning) -> Background:
    """Return the model of an empty scene that looks like `mean`: (rows, columns), grey levels."""
    known = mean.astype(np.float32)
    deviation = np.full_like(known, START_DEVIATION)
    nothing = np.zeros(known.shape, np.uint8)
    return Background(
        mean=known,
        deviation=deviation,
        limits=differences.limits(known, deviation, tuned),
        since_ms=at_ms,
        learnt_ms=at_ms,
        seen_ms=0,
        looked_ms=at_ms,
        looked=nothing,
        renewed=nothing,
    )


def resumed(model: Background, at_ms: int) -> Background:
    """Return `model` for a picture at `at_ms` that does not follow the one before (CONTRACT 4).

    The clock may have jumped by hours, also backwards: no time passed that was seen, so none
    is learnt; and since when anything has been there is not known any more.
    """
    renewed = np.full_like(model.renewed, 255)
    return replace(model, since_ms=at_ms, learnt_ms=at_ms, looked_ms=at_ms, renewed=renewed)


def find(model: Background, luma: Luma, until_ms: int, tuned: Tuning) -> Found:
    """Return the model with one more picture learnt, and where it differed from it.

    luma      uint8 (rows, columns), of the model's shape; not changed
    until_ms  the instant up to which the picture stands
    """
    before = model
    since_ms = until_ms - model.learnt_ms
    due = since_ms >= LEARN_EVERY_MS
    if due:
        # The light comes first, so that a picture is compared once. What is not far off cannot
        # mislead about it.
        model = _relit(model, luma, differences.rough(model.limits, luma), since_ms, tuned)
    mask, off = differences.find(model.limits, luma)
    area = cv2.countNonZero(mask)
    if area - cv2.countNonZero(model.looked) > SUDDEN_SHARE * mask.size:
        # What came all at once may be an object, and no part's own light may follow it.
        relit = _relit(before, luma, model.looked, 0, tuned)
        if relit is not model:
            model = relit
            mask, off = differences.find(model.limits, luma)
            area = cv2.countNonZero(mask)
    if model.seen_ms == 0:  # a step, which what is hidden was given at once
        before = model
    if area > RELEARN_SHARE * mask.size:
        nothing = np.zeros_like(mask)
        return Found(first(luma, until_ms, tuned), nothing, nothing, ())
    left: tuple[Box, ...] = ()
    if until_ms - model.looked_ms >= GHOST_EVERY_MS:
        patches = ghosts.find(mask, model.looked, luma, model.mean)
        if patches:
            gone = (Box(*patch.box) for patch in patches if patch.left)
            left = tuple(box for box in gone if _is_original(model, box))
            model, mask = _without(model, mask, luma, patches, tuned)
            due = True
        model = replace(model, looked_ms=until_ms, looked=mask)
    if due:
        model = _learnt(model, before, luma, mask, until_ms, tuned)
    return Found(model, mask, off, left)


def absorbed(model: Background, luma: Luma, boxes: Iterable[Box], tuned: Tuning) -> Background:
    """Return `model` with what `luma` shows in `boxes` taken for background."""
    mean, renewed = model.mean.copy(), model.renewed.copy()
    for top, left, bottom, right in boxes:
        mean[top:bottom, left:right] = luma[top:bottom, left:right]
        renewed[top:bottom, left:right] = 255
    return _relimited(replace(model, mean=mean, renewed=renewed), tuned)


def _relit(
    model: Background, luma: Luma, objects: Mask, since_ms: int, tuned: Tuning
) -> Background:
    """Return `model` under the light of `luma`; `model` itself if that is the same."""
    since_s = since_ms / SECOND_MS
    relit = light.follow(model.mean, luma, objects, tuned.relight_share, since_s)
    if relit is None:
        return model
    if not relit.stepped:
        limits = differences.levelled(model.limits, relit.mean)
        return replace(model, mean=relit.mean, limits=limits)
    model = _relimited(replace(model, mean=relit.mean), tuned)
    # What is copied is one noisy picture, so it is learnt as fast as a new model. What still
    # differs, though the light is allowed for, is not known to be what was there at first.
    differs, _ = differences.find(model.limits, luma)
    mean = light.copied(relit.mean, luma, differs, model.looked)
    renewed = np.bitwise_or(model.renewed, differs)
    return _relimited(replace(model, mean=mean, seen_ms=0, renewed=renewed), tuned)


def _is_original(model: Background, box: Box) -> bool:
    # Of what was copied into the model later, it is known since when it was there.
    renewed = model.renewed[box.top : box.bottom, box.left : box.right]
    return cv2.countNonZero(renewed) < box.area / 2


def _without(
    model: Background, mask: Mask, luma: Luma, patches: Iterable[Patch], tuned: Tuning
) -> tuple[Background, Mask]:
    # The limits follow at once, or the ghost's contrast would be learnt as noise.
    mean, renewed, mask = model.mean.copy(), model.renewed.copy(), mask.copy()
    for patch in patches:
        there = patch.rows, patch.columns
        mean[there][patch.shape] = luma[there][patch.shape]
        renewed[there][patch.shape] = 255
        mask[there][patch.shape] = 0
    return _relimited(replace(model, mean=mean, renewed=renewed), tuned), mask


def _learnt(
    model: Background, before: Background, luma: Luma, mask: Mask, until_ms: int, tuned: Tuning
) -> Background:
    lasts_ms = until_ms - model.learnt_ms
    seen_ms = model.seen_ms + lasts_ms
    settled = 1.0 - 0.5 ** (lasts_ms / SECOND_MS / tuned.half_life_s)
    rate = min(max(settled, lasts_ms / max(seen_ms, 1)), FASTEST)
    mean, deviation = model.mean.copy(), model.deviation.copy()
    # The rim of an object is half object; learning it would leave a halo behind.
    objects = np.asarray(cv2.dilate(mask, _RIM), np.uint8)
    empty = cv2.bitwise_not(objects)
    cv2.accumulateWeighted(luma, mean, rate, mask=empty)
    off = cv2.absdiff(luma, model.level)
    cv2.accumulateWeighted(off, deviation, min(rate, FASTEST_DEVIATION), mask=empty)
    mean = light.carried(before.mean, mean, objects)
    return replace(
        model,
        mean=mean,
        deviation=deviation,
        limits=differences.limits(mean, deviation, tuned),
        seen_ms=seen_ms,
        learnt_ms=until_ms,
    )


def _relimited(model: Background, tuned: Tuning) -> Background:
    """Return `model` with limits that fit its mean; its deviation is the same."""
    return replace(model, limits=differences.relit(model.limits, model.mean, tuned))
