"""What the settings do to the heat of films on a screen: test_behaviour.py, in real time.

For `check --stimulus`: the same rules, judged on the films of stimulus/plan.py. A screen is seen
late, noisy and at any angle, so stays are told to SLACK_STAY_S and places to EDGE; levels of
size go by how large things are seen.
"""

import math
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

import pytest

from conformance.expect import Expectations, NotCheckedError
from conformance.relations import expect_about, expect_documented, expect_never_rising
from conformance.stimulus import plan, truth
from conformance.stimulus.films import FIRST_S, Film, Thing
from conformance.stimulus.projecting import Projector
from conformance.stimulus.truth import Heat
from conformance.weeks import WHOLE_DAY, day, on_one_day

pytestmark = pytest.mark.needs("reversible")

SLACK_STAY_S, SLACK_S = 0.8, 2.0
"""By how much a stay may be off, at both ends together; and a sum, whose two readings are each
rounded."""
EDGE = 0.012
"""Of the picture: how far off its true place an edge may be seen."""


def slack_s(things: Iterable[Thing]) -> float:
    return SLACK_S + SLACK_STAY_S * len(list(things))


def seen(projector: Projector, heat: Heat, things: Iterable[Thing]) -> list[Thing]:
    """Those that left heat where they were."""
    return [thing for thing in things if heat.at(projector.place(thing.box)) > 0]


def expect_seconds(expect: Expectations, what: str, seconds: float, things: list[Thing]) -> None:
    """The presence of all these things, no more and no less."""
    wanted = sum(thing.seconds for thing in things)
    expect_about(expect, what, seconds, wanted, slack_s(things))


def looked(expect: Expectations, what: str, heat: Heat) -> Heat:
    """Keep a heat map for the report."""
    expect.looked_at(f"{what}: {heat.seconds} s", heat.cells)
    return heat


# --- sensitivity -------------------------------------------------------------------------------


@pytest.mark.requirement("BEH-01")
def test_raising_sensitivity_never_lowers_the_heat_and_raises_it_in_the_end(
    projector: Projector, expect: Expectations
) -> None:
    found: dict[int, float] = {}
    for level in plan.SENSITIVITIES:
        heat = looked(expect, f"sensitivity {level}", projector.show(plan.FAINT, sensitivity=level))
        found[level] = heat.seconds
    slack = slack_s(plan.FAINT.things)
    expect_never_rising(expect, "heat at sensitivity", found, slack)
    more = found[10] - found[1]
    expect.that(f"heat at 10 less that at 1, {found[1]:g} s", more, "> 0", more > slack)


# --- size --------------------------------------------------------------------------------------


def kept_at(
    projector: Projector, expect: Expectations, level: int
) -> tuple[list[Thing], list[Thing], Heat]:
    """All squares, those recorded at a level, and the heat."""
    squares = list(plan.SQUARES.things)
    heat = projector.show(plan.SQUARES, min_object_size=level)
    looked(expect, f"the least size {level}", heat)
    return squares, seen(projector, heat, squares), heat


def around(projector: Projector, square: Thing) -> tuple[int, int]:
    """A level that keeps a square, and one that leaves it out, by our measure."""
    own = projector.place(square.box).level
    if not own * plan.SMALLER >= 2 or own * plan.LARGER > 99:
        raise NotCheckedError(f"a square is seen at level {own:.1f} of Min. Object Size")
    return math.floor(own * plan.SMALLER), math.ceil(own * plan.LARGER)


@pytest.mark.requirement("BEH-02")
def test_the_smaller_the_sooner_left_out_and_then_without_any_heat(
    projector: Projector, expect: Expectations
) -> None:
    levels = {level for square in plan.SQUARES.things for level in around(projector, square)}
    found: dict[int, float] = {}
    for level in sorted(levels | {1, 100}):
        squares, kept, heat = kept_at(projector, expect, level)
        what = f"the least size {level}"
        expect(f"squares recorded at {what}, from the largest", kept, squares[: len(kept)])
        expect_seconds(expect, f"heat at {what}", heat.seconds, kept)
        found[level] = heat.seconds
    expect_never_rising(expect, "heat at the least size", found, slack_s(squares))
    expect_seconds(expect, "heat at the least size 1", found[1], squares)
    less = found[1] - found[100]
    expect.that("heat at 1 less that at 100", less, "> 0", less > slack_s(squares))


@pytest.mark.requirement("BEH-02", level="SHOULD")
@pytest.mark.parametrize("number", range(len(plan.SQUARES.things)))
def test_a_level_leaves_out_what_is_smaller_than_its_200th_squared(
    projector: Projector, expect: Expectations, number: int
) -> None:
    keeps, leaves_out = around(projector, plan.SQUARES.things[number])
    for level, count in ((keeps, number + 1), (leaves_out, number)):
        _, kept, _ = kept_at(projector, expect, level)
        expect(f"squares recorded at the least size {level}", len(kept), count)


# --- dwell -------------------------------------------------------------------------------------


@pytest.mark.requirement("BEH-03")
def test_stays_longer_than_the_limit_are_not_recorded_and_others_in_full(
    projector: Projector, expect: Expectations
) -> None:
    limit = projector.limit_s
    film = plan.dwelling(limit)
    heat = looked(
        expect, f"min_dwell {limit}", projector.show(film, min_dwell=limit, adaptability=1)
    )
    recorded = seen(projector, heat, film.things)
    stays = {thing.seconds: thing in recorded for thing in film.things}
    expect_documented(expect, limit, stays)
    expect_seconds(expect, "heat of the stays recorded", heat.seconds, recorded)


@pytest.mark.requirement("BEH-03")
@pytest.mark.parametrize("limit", plan.WALK_LIMITS_S)
def test_a_stay_is_as_long_for_who_moves(
    projector: Projector, expect: Expectations, limit: int
) -> None:
    heat = looked(expect, f"min_dwell {limit}", projector.show(plan.WALK, min_dwell=limit))
    expect_documented(expect, limit, {plan.WALK_S: heat.seconds > 0}, "a walk")


@pytest.mark.requirement("BEH-03", level="SHOULD")
def test_less_than_a_second_unseen_does_not_end_a_stay(
    projector: Projector, expect: Expectations
) -> None:
    limits = plan.UNSEEN_LIMITS_S
    found = [projector.show(plan.UNSEEN, min_dwell=limit).seconds for limit in limits]
    things = plan.UNSEEN.things
    wanted = sum(thing.seconds for thing in things)
    # Seen as two stays of 4 s it would be all or nothing under both limits, by either reading.
    is_one = 0 in found and abs(sum(found) - wanted) <= slack_s(things)
    what = "heat of 4 s and 4 s, 0.6 s apart, under limits of 10 and 6 s"
    expect.that(what, found, "8 s under one of them, 0 under the other", is_one)


# --- adaptability ------------------------------------------------------------------------------


def absorbed(projector: Projector, expect: Expectations, level: int) -> dict[str, int]:
    """How long each lasting change makes heat, in seconds."""
    heat = projector.show(plan.lasting(level), adaptability=level)
    looked(expect, f"adaptability {level}", heat)
    return {name: heat.at(projector.place(box)) for name, box in plan.LASTING_BOXES.items()}


@pytest.mark.requirement("BEH-04")
def test_the_higher_the_adaptability_the_sooner_a_lasting_change_is_absorbed(
    projector: Projector, expect: Expectations
) -> None:
    found = {level: absorbed(projector, expect, level) for level in plan.ABSORBED_S}
    for before, level in pairwise(found):
        for name, later in found[level].items():
            earlier = found[before][name]
            expect.that(
                f"heat of new {name} at adaptability {level}",
                f"{later} s",
                f"less than the {earlier} s of {before}",
                0 < later < earlier - SLACK_S - SLACK_STAY_S,
            )


@pytest.mark.requirement("BEH-04", level="SHOULD")
@pytest.mark.parametrize("level", plan.ABSORBED_S)
def test_a_lasting_change_is_absorbed_after_its_time(
    projector: Projector, expect: Expectations, level: int
) -> None:
    wanted = plan.ABSORBED_S[level]
    slack = plan.ABSORBED * wanted + SLACK_STAY_S
    for name, seconds in absorbed(projector, expect, level).items():
        expect_about(expect, f"heat of new {name} at {level}", seconds, wanted, slack)


# --- region ------------------------------------------------------------------------------------


def expect_none_outside(expect: Expectations, heat: Heat, region: str) -> None:
    """No map cell whose centre is outside the region has heat."""
    outside = truth.outside(heat.cells, region)
    expect("map cells (row, column) with heat outside the region", outside[:10], [])


def inside(projector: Projector, region: str, things: Iterable[Thing]) -> list[Thing]:
    """Those whose feet are in a region."""
    text = projector.region(region)
    return [one for one in things if truth.is_in(text, projector.place(one.box).foot)]


@pytest.mark.requirement("BEH-05")
@pytest.mark.parametrize("region", ["left", "lower"])
def test_outside_the_region_there_is_no_heat(
    projector: Projector, expect: Expectations, region: str
) -> None:
    things = list(plan.SPREAD.things)
    everywhere = looked(expect, "the whole screen", projector.show(plan.SPREAD))
    expect_seconds(expect, "heat of the whole screen", everywhere.seconds, things)
    heat = looked(expect, f"its {region} part", projector.show(plan.SPREAD, region))
    expect_none_outside(expect, heat, projector.region(region))
    wanted = inside(projector, region, plan.QUARTERS)
    expect("things recorded", seen(projector, heat, plan.QUARTERS), wanted)


@pytest.mark.requirement("BEH-05")
def test_who_is_wholly_inside_two_regions_gives_the_same_heat_in_both(
    projector: Projector, expect: Expectations
) -> None:
    where = projector.place(plan.LOWER_LEFT.box)
    first, second = (projector.show(plan.SPREAD, region) for region in ("left", "lower"))
    slack = SLACK_S + SLACK_STAY_S
    wanted = plan.LOWER_LEFT.seconds
    expect_about(expect, "heat of who is in both, in the left part", first.at(where), wanted, slack)
    expect_about(expect, "in the lower part", second.at(where), first.at(where), slack)
    sure = truth.cells(where, EDGE)
    gone = [cell for cell in sorted(sure) if not (first.cells.get(cell) and second.cells.get(cell))]
    expect("map cells of his without heat in one of them", gone[:10], [])


@pytest.mark.requirement("BEH-05", level="SHOULD")
def test_the_foot_tells_who_is_inside_and_the_map_holds_the_part_within(
    projector: Projector, expect: Expectations
) -> None:
    heat = looked(expect, "the lower left part", projector.show(plan.FEET, "lower_left"))
    region = projector.region("lower_left")
    expect_none_outside(expect, heat, region)
    stand_in = inside(projector, "lower_left", plan.FEET.things)
    expect_seconds(expect, "heat of those who stand in it", heat.seconds, stand_in)
    sure = {cell for one in stand_in for cell in truth.cells(projector.place(one.box), EDGE)}
    missing = sorted(cell for cell in sure if truth.holds(region, cell) and cell not in heat.cells)
    expect("map cells of theirs within the region without heat", missing[:10], [])


# --- schedule ----------------------------------------------------------------------------------


def hour(start: int) -> str:
    """A period of an hour."""
    return f"{start:02}:00:{start + 1:02}:00;"


@pytest.mark.requirement("BEH-06")
@pytest.mark.parametrize("name", ["this hour", "another hour", "the day before", "the day after"])
def test_outside_the_schedule_there_is_no_heat(
    projector: Projector, expect: Expectations, name: str
) -> None:
    soon = timedelta(seconds=plan.MOMENT.length_s + 30)
    now = projector.now()
    if (now + soon).hour != now.hour:  # its next hour is to be the one
        now = (now + soon).replace(minute=0, second=0)
        projector.wait_until(now)
    today = now.weekday()
    schedule = {
        "this hour": on_one_day(today, day(hour(now.hour))),
        "another hour": on_one_day(today, day(hour((now.hour + 12) % 24))),
        "the day before": on_one_day((today - 1) % 7, day(WHOLE_DAY)),
        "the day after": on_one_day((today + 1) % 7, day(WHOLE_DAY)),
    }[name]
    heat = looked(expect, name, projector.show(plan.MOMENT, schedule=schedule))
    wanted = list(plan.MOMENT.things) if name == "this hour" else []
    if wanted:
        expect_seconds(expect, "heat with this hour in the schedule", heat.seconds, wanted)
    else:
        expect(f"seconds of heat with {name} alone in the schedule", heat.seconds, 0)


@pytest.mark.requirement("BEH-06", level="SHOULD")
@pytest.mark.parametrize("name", ["until", "from"])
def test_a_stay_is_cut_at_the_schedules_edge(
    projector: Projector, expect: Expectations, name: str
) -> None:
    before_s, after_s = plan.EDGE_S
    leads_s = FIRST_S + before_s
    # A schedule has whole minutes: the edge is the first that the film can still be begun before.
    edge = (projector.now() + timedelta(seconds=leads_s + 75)).replace(second=0)
    if edge.hour == edge.minute == 0:  # at midnight a day's report ends
        edge += timedelta(minutes=5)
    text = f"{edge:%H:%M};"
    period = f"00:00:{text}" if name == "until" else f"{text[:-1]}:24:00;"
    heat = projector.show(
        plan.OVER_EDGE,
        at=edge - timedelta(seconds=leads_s),
        schedule=on_one_day(edge.weekday(), day(period)),
    )
    looked(expect, f"{name} {text[:-1]}", heat)
    wanted = before_s if name == "until" else after_s
    expect_about(expect, "heat of the part within", heat.seconds, wanted, SLACK_S + SLACK_STAY_S)


# --- nothing there -----------------------------------------------------------------------------

ALMOST_NONE_S = 2
"""CHOICE: of half a minute; two readings may each be rounded."""


@pytest.mark.requirement("BEH-07")
@pytest.mark.parametrize("sensitivity", plan.STILL_SENSITIVITIES)
@pytest.mark.parametrize("what", plan.NOTHING)  # film by film, as a video has them
def test_where_nothing_is_there_is_almost_no_heat(
    projector: Projector, expect: Expectations, what: str, sensitivity: int
) -> None:
    film: Film = plan.NOTHING[what]
    heat = looked(expect, what, projector.show(film, sensitivity=sensitivity))
    expect.that(
        f"heat of {film.length_s:g} s of nothing ({what})",
        f"{heat.seconds} s",
        f"at most {ALMOST_NONE_S} s",
        heat.seconds <= ALMOST_NONE_S,
    )
