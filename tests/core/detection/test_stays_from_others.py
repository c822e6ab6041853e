"""Stays that begin as another's, or before the first sighting: parted, or there from the start."""

import pytest
from staying import (
    FIRST,
    INSIDE,
    OUTSIDE,
    PLACE,
    SIZE,
    SPELL,
    Watch,
    begun_earlier,
    rules,
    seen,
)

from emulator.core.detection.stays import Ruled, Spell, Stay, since_the_start, split
from emulator.core.detection.tracks import Split
from emulator.core.frame import Box, map_cells

# --- worked examples: several who were taken for one ----------------------------------------------

PAIR = Box(0, 0, 80, 40)


def parted(**whose):
    """The stay of track 1, split; whose: boxes by track, of PAIR."""
    one = Stay(500, 4500, confirmed=True, spells=(SPELL,), doubtful=(SPELL,))
    numbers = {int(name[1:]): Split(1, box, PAIR) for name, box in whose.items()}
    return split({1: one, 9: Stay(0, 100, confirmed=True)}, numbers)


def test_two_who_part_have_the_whole_stay_each_and_their_own_cells():
    after = parted(_1=Box(0, 0, 80, 20), _2=Box(0, 20, 80, 40))
    assert sorted(after) == [1, 2, 9]
    for number, cells in ((1, Box(40, 20, 60, 25)), (2, Box(40, 25, 60, 30))):
        own = Spell(0, cells, 4000)
        assert after[number] == Stay(500, 4500, True, (own,), (own,))
    assert after[9] == Stay(0, 100, confirmed=True)


def test_presence_doubles_and_heat_does_not():
    watch = Watch(rules()).go(4000, seen())
    cells = watch.stays[1].spells[0].cells.area
    left, right = Box(20, 20, 60, 30), Box(20, 30, 60, 40)
    watch.stays = split(watch.stays, {1: Split(1, left, INSIDE), 2: Split(1, right, INSIDE)})
    watch.end()
    assert watch.ended == [Ruled(0, 4000, "yes")] * 2
    assert watch.presence_ms == 8000
    assert sum(spell.cells.area for spell in watch.spells) == cells


@pytest.mark.parametrize(
    ("box", "cells"),
    [
        (PAIR, Box(40, 20, 60, 30)),
        (Box(40, 0, 80, 40), Box(50, 20, 60, 30)),  # the lower half
        (Box(0, 10, 80, 20), Box(40, 22, 60, 25)),  # 2.5 .. 5 of ten columns: outwards
        (Box(0, 0, 80, 10), Box(40, 20, 60, 23)),  # 0 .. 2.5
        (Box(-20, -20, 80, 20), Box(40, 20, 60, 25)),  # beyond it there is nothing
        (Box(0, 60, 80, 80), Box(40, 29, 60, 30)),  # wholly beyond it: a cell at least
        (Box(0, 1, 1, 2), Box(40, 20, 41, 21)),
    ],
)
def test_his_part_of_the_cells_is_his_part_of_the_box(box, cells):
    assert parted(_2=box)[2].spells[0].cells == cells


def test_who_was_a_part_of_one_without_a_stay_has_none():
    assert split({}, {2: Split(1, PAIR, PAIR)}) == {}


def test_he_who_only_joined_keeps_the_stay_and_the_elder_keeps_his():
    after = parted(_2=Box(0, 0, 80, 20))
    assert after[1] == Stay(500, 4500, True, (SPELL,), (SPELL,))
    assert after[2].start_ms == 500


# --- worked examples: who was there since the scene began -----------------------------------------


def test_he_has_been_there_since_the_first_picture_and_heated_his_place():
    stay = Stay(65_000, 66_000, True, (SPELL,))
    here = map_cells(PLACE, SIZE)
    assert begun_earlier(stay) == Stay(
        0, 66_000, True, (Spell(0, here, 60_000), Spell(60_000, here, 5_000), SPELL)
    )


def test_time_that_does_not_count_does_not_make_his_stay_longer():
    # The schedule opened at the full minute.
    stay = Stay(65_000, 66_000, True, (SPELL,))
    here = map_cells(PLACE, SIZE)
    assert begun_earlier(stay, during=FIRST[1:]) == Stay(
        60_000, 66_000, True, (Spell(60_000, here, 5_000), SPELL)
    )
    assert begun_earlier(stay, during=()) == stay


def test_a_stay_that_is_older_is_not_counted_twice():
    stay = Stay(0, 66_000, True, (SPELL,))
    assert begun_earlier(stay) == stay


def test_whose_place_is_outside_the_region_has_no_more_than_he_had():
    stay = Stay(65_000, 66_000, True, (SPELL,))
    assert begun_earlier(stay, box=OUTSIDE) == stay


def test_who_has_no_stay_gets_none():
    assert since_the_start({}, 1, PLACE, FIRST, SIZE, rules()) == {}


def test_the_limit_rules_over_the_whole_stay():
    watch = Watch(rules(30))
    watch.now_ms = 29_000
    watch.go(1_001, seen())
    watch.stays = since_the_start(watch.stays, 1, PLACE, FIRST, SIZE, watch.rules)
    assert watch.end().ended == [Ruled(0, 30_001, "longer")]
    assert watch.spells == []
