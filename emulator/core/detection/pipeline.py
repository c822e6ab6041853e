"""The detector as one fold: (state, frame) -> (state, results), and again for the next.

Joins the stages, and knows no more of each than its types: steady -> foreground -> objects
-> tracks -> stays. The first seconds of a scene wait until its ground is known. Frames that
span minutes of the clock are cut at them, so that heat is booked in its own minute and the
schedule, which has minute resolution, holds to the instant. Instants are the film's, but where
it says reading (`readings`).
"""

from dataclasses import dataclass, field, replace
from datetime import tzinfo

import cv2
import numpy as np
from numpy.typing import NDArray

from emulator.core.detection import foreground, objects, startup, stays, steady, tracks
from emulator.core.detection.foreground import Background, Mask
from emulator.core.detection.outline import FINE
from emulator.core.detection.startup import Waiting
from emulator.core.detection.stays import Outcome, Ruled, Rules, Spell, Stay
from emulator.core.detection.steady import Mount
from emulator.core.detection.tracks import Picture, Sighting, Tracks
from emulator.core.detection.tuning import Tuning, tuning
from emulator.core.frame import Frame, Size, region_on_map
from emulator.core.localtime import SECOND_MS, Stretch
from emulator.core.readings import AS_FILMED, Readings
from emulator.core.schedule import Schedule
from emulator.core.settings import HeatSettings


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

    def counts(self, reading_ms: int) -> bool:
        """Tell whether heat is recorded when the clock reads so (BEH-06)."""
        return self.enabled and self.schedule.is_open(reading_ms, self.zone)


@dataclass(frozen=True, slots=True)
class State:
    """Everything the detector remembers between frames.

    waiting   the scene's first pictures, while model is None
    readings  what the clock read, since the earliest instant that may still get heat
    """

    model: Background | None = None
    mount: Mount | None = None
    waiting: tuple[Waiting, ...] = ()
    following: Tracks = field(default_factory=Tracks)
    open_stays: dict[int, Stay] = field(default_factory=dict)
    readings: Readings = AS_FILMED


@dataclass(frozen=True, slots=True)
class Results:
    """What was brought.

    ended      stays that were ruled
    spells     heat that was let go
    believed   how many objects were confirmed
    mask       where something was: uint8 (rows, columns) of the reduced picture, of the
               last picture judged; empty where nothing is known yet
    sightings  where objects are in that picture, in FINE parts of its pixels
    """

    ended: tuple[Ruled, ...]
    spells: tuple[Spell, ...]
    believed: int
    mask: Mask
    sightings: tuple[Sighting, ...] = ()


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


def step(state: State, frame: Frame, plan: Plan, offset_ms: int = 0) -> tuple[State, Results]:
    """Return the state after `frame`, and what it brought.

    offset_ms  how far the clock reads ahead of the film's time while this frame stands
    """
    luma = foreground.reduce(frame.luma)
    readings = state.readings.set(frame.at_ms, offset_ms)
    state = replace(state, readings=readings.since(_asked_since(state, frame.at_ms, plan)))
    before: tuple[Results, ...] = ()
    if frame.cut or _shape(state) not in {None, luma.shape}:
        state, ended = close(state, plan)
        before = (ended,)
        following = replace(state.following, living=())
        if _shape(state) != luma.shape:
            state = State(following=following, readings=state.readings)
        else:
            state = _resumed(replace(state, following=following), frame.at_ms)
    here = Waiting(luma, frame.at_ms, frame.until_ms)
    if state.model is None:
        # A view into the decoder's memory would not stay.
        kept = luma.copy() if luma is frame.luma else luma
        waiting = (*state.waiting, here._replace(luma=kept))
        state = replace(state, waiting=waiting)
        if not startup.is_enough(waiting):
            return state, _together(*before, _nothing(luma))
        state, results = _begun(state, plan)
    else:
        state, results = _seen(state, here, plan)
    return state, _together(*before, results)


def close(state: State, plan: Plan) -> tuple[State, Results]:
    """Return the state with every open stay ended and ruled, and what that brought."""
    begun: tuple[Results, ...] = ()
    if state.waiting:
        state, results = _begun(state, plan)
        begun = (results,)
    open_stays, outcome = stays.ended(state.open_stays, state.open_stays, plan.rules)
    ended = Results(outcome.ended, outcome.spells, 0, np.zeros((0, 0), np.uint8))
    return replace(state, open_stays=open_stays), _together(*begun, ended)


def undecided_since(state: State, plan: Plan) -> int | None:
    """Return the first reading that heat may still be booked at; None: there is none."""
    since = [stays.undecided_since(stay, plan.rules) for stay in state.open_stays.values()]
    since.append(_unjudged_since(state, plan))
    return min(
        (state.readings.earliest(at_ms) for at_ms in since if at_ms is not None), default=None
    )


def _asked_since(state: State, at_ms: int, plan: Plan) -> int:
    """Return the first instant whose reading is still asked for."""
    since = [stay.start_ms for stay in state.open_stays.values()]
    since += [at_ms if (begun := _unjudged_since(state, plan)) is None else begun]
    return min(since)


def _unjudged_since(state: State, plan: Plan) -> int | None:
    if state.waiting:
        return state.waiting[0].at_ms
    if state.model is not None:
        # Somebody may still turn out to have been there from the beginning.
        known_ms = state.model.learnt_ms - state.model.since_ms
        if known_ms <= plan.tuned.absorb_after_s * SECOND_MS:
            return state.model.since_ms
    return None


def _shape(state: State) -> tuple[int, ...] | None:
    if state.model is not None:
        return state.model.mean.shape
    return state.waiting[0].luma.shape if state.waiting else None


def _resumed(state: State, at_ms: int) -> State:
    # The clock may have jumped: nothing is known of the time between.
    if state.model is None or state.mount is None:
        return state
    return replace(
        state,
        model=foreground.resumed(state.model, at_ms),
        mount=steady.resumed(state.mount, at_ms),
    )


def _nothing(luma: Mask) -> Results:
    return Results((), (), 0, np.zeros_like(luma))


def _begun(state: State, plan: Plan) -> tuple[State, Results]:
    """Judge the first pictures, now that their ground is known."""
    waiting = state.waiting
    ground = startup.ground(waiting)
    mount = steady.mount(_bytes(ground), waiting[0].at_ms)
    samples = startup.samples(waiting)
    still = [picture._replace(luma=_stilled(mount, picture)) for picture in samples]
    if any(a.luma is not b.luma for a, b in zip(still, samples, strict=True)):
        # The camera shook, so that the ground was blurred.
        ground = startup.ground(still)
        mount = steady.mount(_bytes(ground), waiting[0].at_ms)
    model = foreground.first(ground, waiting[0].at_ms, plan.tuned)
    state = replace(state, waiting=(), model=model, mount=mount)
    all_results = []
    for picture in waiting:
        state, results = _seen(state, picture, plan)
        all_results.append(results)
    return state, _together(*all_results)


def _bytes(ground: NDArray[np.float32]) -> Mask:
    return np.asarray(cv2.convertScaleAbs(ground), np.uint8)


def _stilled(mount: Mount, picture: Waiting) -> Mask:
    return steady.steadied(mount, picture.luma, None, picture.at_ms)[1]


def _seen(state: State, here: Waiting, plan: Plan) -> tuple[State, Results]:
    assert state.model is not None
    assert state.mount is not None
    readings = state.readings
    mount, luma = steady.steadied(state.mount, here.luma, state.model.looked, here.at_ms)
    size = Size(FINE * luma.shape[0], FINE * luma.shape[1])
    model, mask, off, left = foreground.find(state.model, luma, here.until_ms, plan.tuned)
    # What was taken into the model, or out of it, is no fixed point any more.
    if mount.is_due(here.until_ms) or model.renewed is not state.model.renewed:
        mount = mount.renewed(model.level, here.until_ms)
    picture = Picture(luma, mask, off, here.at_ms, here.until_ms, left)
    following, seen = tracks.follow(
        state.following, objects.find(mask, plan.tuned), picture, plan.tuned
    )
    open_stays = stays.without(state.open_stays, seen.ghosts)
    for number, box in seen.left.items():  # boxes of the model, whole pixels
        known_for = _while_known(model.since_ms, here.at_ms, plan, readings)
        open_stays = stays.since_the_start(
            open_stays, number, box, known_for, Size(*luma.shape), plan.rules, readings
        )
    open_stays = stays.split(open_stays, seen.split)
    outcomes: list[Outcome] = []
    for during in readings.minutes(here.at_ms, here.until_ms):
        if plan.counts(readings.at(during.start_ms)):
            open_stays, outcome = stays.present(
                open_stays, seen.sightings, during, size, plan.rules, readings
            )
        else:
            open_stays, outcome = stays.ended(open_stays, open_stays, plan.rules)
        outcomes.append(outcome)
    open_stays, outcome = stays.ended(open_stays, (*seen.gone, *seen.absorbed), plan.rules)
    outcomes.append(outcome)
    if seen.absorbed:
        model = foreground.absorbed(model, luma, seen.absorbed.values(), plan.tuned)
    results = Results(
        tuple(ruled for outcome in outcomes for ruled in outcome.ended),
        tuple(spell for outcome in outcomes for spell in outcome.spells),
        seen.believed,
        mask,
        seen.sightings,
    )
    return replace(
        state, model=model, mount=mount, following=following, open_stays=open_stays
    ), results


def _while_known(since_ms: int, at_ms: int, plan: Plan, readings: Readings) -> list[Stretch]:
    """Return since when somebody who was there at the beginning may be counted, until now."""
    if at_ms - since_ms > plan.tuned.absorb_after_s * SECOND_MS:
        return []  # so long at rest makes furniture (CONTRACT 3)
    counted: list[Stretch] = []
    for during in readings.minutes(since_ms, at_ms):
        if plan.counts(readings.at(during.start_ms)):
            counted.append(during)
        else:
            counted.clear()  # the schedule ends a stay
    return counted


def _together(*parts: Results) -> Results:
    last = parts[-1]
    return Results(
        tuple(ruled for part in parts for ruled in part.ended),
        tuple(spell for part in parts for spell in part.spells),
        sum(part.believed for part in parts),
        last.mask,
        last.sightings,
    )
