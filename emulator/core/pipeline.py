"""The detector as one fold: (state, frame) -> (state, results), and again for the next.

Joins the stages, and knows no more of each than its types: foreground -> objects ->
tracks -> stays. Frames that span minutes are cut at them, so that heat is booked in its
own minute and the schedule, which has minute resolution, holds to the instant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import tzinfo

import numpy as np
from numpy.typing import NDArray

from emulator.core import foreground, objects, stays, tracks
from emulator.core.foreground import Background, Mask
from emulator.core.frame import Frame, Size, region_on_map
from emulator.core.localtime import MINUTE_MS, Stretch
from emulator.core.schedule import Schedule
from emulator.core.settings import HeatSettings
from emulator.core.stays import Outcome, Ruled, Rules, Spell, Stay
from emulator.core.tracks import Tracks
from emulator.core.tuning import Tuning, tuning


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings, made ready for the stages.

    counted  bool (192, 192): the region on the map grid
    """

    enabled: bool
    tuned: Tuning
    rules: Rules
    schedule: Schedule
    counted: NDArray[np.bool_]
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class State:
    """Everything the detector remembers between frames."""

    model: Background | None = None
    following: Tracks = field(default_factory=Tracks)
    open_stays: dict[int, Stay] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """What one frame brought.

    ended     stays that were ruled
    spells    heat that was let go
    believed  how many objects were confirmed
    mask      where something was: uint8 (rows, columns) of the reduced picture
    """

    ended: tuple[Ruled, ...]
    spells: tuple[Spell, ...]
    believed: int
    mask: Mask


def plan(settings: HeatSettings, zone: tzinfo) -> Plan:
    """Return what `settings` mean to the stages in the time zone `zone`."""
    region = settings.region_mask()
    return Plan(
        enabled=bool(settings.enable),
        tuned=tuning(settings),
        rules=Rules(region, settings.min_dwell, settings.dwell_semantics),
        schedule=settings.schedule,
        counted=region_on_map(region),
        zone=zone,
    )


def step(state: State, frame: Frame, plan: Plan) -> tuple[State, Results]:
    """Return the state after `frame`, and what it brought."""
    luma = foreground.reduce(frame.luma)
    size = Size(*luma.shape)
    outcomes: list[Outcome] = []
    model = state.model
    if frame.cut or model is None or model.mean.shape != luma.shape:
        state, outcome = close(state, plan)
        state = replace(state, following=Tracks(next_number=state.following.next_number))
        outcomes.append(outcome)
    if model is None or model.mean.shape != luma.shape:
        model = foreground.first(luma, frame.at_ms)
    model, mask = foreground.find(
        model, luma, frame.at_ms, frame.until_ms - frame.at_ms, plan.tuned
    )
    boxes = objects.find(mask, plan.tuned)
    following, seen = tracks.follow(
        state.following, boxes, frame.at_ms, frame.until_ms, size, plan.tuned
    )
    open_stays = state.open_stays
    for during in _within_minutes(frame):
        if plan.enabled and plan.schedule.is_open(during.start_ms, plan.zone):
            open_stays, outcome = stays.present(
                open_stays, seen.sightings, during, size, plan.rules
            )
        else:
            open_stays, outcome = stays.ended(open_stays, open_stays, plan.rules)
        outcomes.append(outcome)
    open_stays, outcome = stays.ended(open_stays, (*seen.gone, *seen.absorbed), plan.rules)
    outcomes.append(outcome)
    if seen.absorbed:
        model = foreground.absorbed(model, luma, seen.absorbed.values())
    whole = _together(outcomes)
    return State(model, following, open_stays), Results(
        whole.ended, whole.spells, seen.believed, mask
    )


def close(state: State, plan: Plan) -> tuple[State, Outcome]:
    """Return the state with every open stay ended and ruled, and the outcome."""
    open_stays, outcome = stays.ended(state.open_stays, state.open_stays, plan.rules)
    return replace(state, open_stays=open_stays), outcome


def undecided_since(state: State, plan: Plan) -> int | None:
    """Return the first instant that open stays may still write heat to; None: there is none."""
    since = (stays.undecided_since(stay, plan.rules) for stay in state.open_stays.values())
    return min((at_ms for at_ms in since if at_ms is not None), default=None)


def _within_minutes(frame: Frame) -> Iterator[Stretch]:
    start_ms = frame.at_ms
    while start_ms < frame.until_ms:
        end_ms = min(frame.until_ms, start_ms - start_ms % MINUTE_MS + MINUTE_MS)
        yield Stretch(start_ms, end_ms)
        start_ms = end_ms


def _together(outcomes: list[Outcome]) -> Outcome:
    return Outcome(
        tuple(ruled for outcome in outcomes for ruled in outcome.ended),
        tuple(spell for outcome in outcomes for spell in outcome.spells),
    )
