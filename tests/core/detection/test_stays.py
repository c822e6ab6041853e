"""Stays: presence walked by hand."""

import numpy as np
import pytest
from staying import EVERYWHERE, INSIDE, OUTSIDE, SIZE, Watch, expected_at, rules, seen, stay

from emulator.core.detection.stays import Ruled, Spell, Stay, undecided_since, without
from emulator.core.frame import Box, map_cells

# --- worked examples: what a stay is --------------------------------------------------------------


def test_a_stay_lasts_from_entering_to_leaving():
    watch = Watch(rules()).go(500, seen(OUTSIDE)).go(4000, seen()).go(2000, seen(OUTSIDE))
    assert watch.ended == [Ruled(500, 4500, "yes")]
    assert watch.spells == [Spell(0, map_cells(INSIDE, SIZE), 4000)]
    assert watch.stays == {}


def test_the_foot_decides_and_not_the_box():
    # Mostly left of column 100, but its middle is at 100: the first column that is outside.
    by = rules()
    assert Watch(by).go(4000, seen(Box(20, 10, 60, 190))).end().ended == []
    assert len(Watch(by).go(4000, seen(Box(20, 10, 60, 189))).end().ended) == 1
    # And below: only its foot is in the row that counts.
    row = np.zeros((13, 23), np.bool_)
    row[6] = True  # rows 60..69
    assert Watch(rules(region=row)).go(4000, seen(Box(0, 20, 60, 40))).end().ended == []
    assert len(Watch(rules(region=row)).go(4000, seen(Box(0, 20, 61, 40))).end().ended) == 1
    assert len(Watch(rules(region=row)).go(4000, seen(Box(0, 20, 70, 40))).end().ended) == 1
    assert Watch(rules(region=row)).go(4000, seen(Box(0, 20, 71, 40))).end().ended == []


def test_nobody_stays_where_nothing_counts():
    watch = stay(4000, by=rules(region=~EVERYWHERE))
    assert (watch.ended, watch.spells) == ([], [])


def test_each_object_has_its_own_stay():
    watch = Watch(rules()).go(1000, seen(number=1), seen(number=2)).go(500, seen(number=1)).end(2)
    assert watch.ended == [Ruled(0, 1000, "yes")]
    assert watch.end(1).ended == [Ruled(0, 1000, "yes"), Ruled(0, 1500, "yes")]
    assert watch.presence_ms == 2500


def test_ending_a_stay_that_is_none_does_nothing():
    watch = Watch(rules()).go(1000, seen()).end(7)
    assert (watch.ended, list(watch.stays)) == ([], [1])


# --- worked examples: under a second --------------------------------------------------------------


@pytest.mark.parametrize("away", [seen(OUTSIDE), expected_at(INSIDE), expected_at(OUTSIDE)])
def test_under_a_second_outside_or_unseen_does_not_end_a_stay(away):
    watch = Watch(rules()).go(2000, seen()).go(999, away).go(3000, seen()).end()
    assert watch.ended == [Ruled(0, 5999, "yes")]
    assert watch.presence_ms == 5999


def at(left):
    """Somebody inside, 20 wide, as INSIDE is."""
    return Box(20, left, 60, left + 20)


def test_who_was_unseen_for_less_than_a_second_went_straight_on_at_one_pace():
    # He was expected to stand; from column 20 to 70 in 500 ms, the middle of each tenth: 25, 35 ...
    watch = Watch(rules()).go(2000, seen(at(20)))
    for _ in range(5):
        watch.go(100, expected_at(at(20)))
    watch.go(1000, seen(at(70))).end()
    gap = [Spell(0, map_cells(at(left), SIZE), 100) for left in (25, 35, 45, 55, 65)]
    assert watch.spells == [
        Spell(0, map_cells(at(20), SIZE), 2000),
        *gap,
        Spell(0, map_cells(at(70), SIZE), 1000),
    ]


def test_on_his_way_unseen_he_is_as_large_as_he_was_expected_to_be():
    # 10 lower and 10 narrower than where he is seen: his foot, and its middle, go straight on.
    watch = Watch(rules()).go(2000, seen(at(20))).go(100, expected_at(Box(30, 25, 60, 35)))
    watch.go(1000, seen(Box(40, 40, 80, 60))).end()
    assert watch.spells[1].cells == map_cells(Box(40, 35, 70, 45), SIZE)


def test_who_does_not_come_back_heats_nothing_of_the_time_unseen():
    watch = Watch(rules()).go(2000, seen(at(20))).go(900, expected_at(at(30))).end()
    assert watch.spells == [Spell(0, map_cells(at(20), SIZE), 2000)]


def test_who_was_seen_outside_meanwhile_was_there_and_not_on_a_straight_line():
    watch = Watch(rules()).go(2000, seen(at(20))).go(300, seen(OUTSIDE))
    watch.go(300, expected_at(at(80))).go(1000, seen(at(60))).end()
    assert [spell.cells for spell in watch.spells] == [
        map_cells(box, SIZE) for box in (at(20), OUTSIDE, at(80), at(60))
    ]


def test_the_way_unseen_is_booked_in_its_own_minutes():
    watch = Watch(rules()).go(59_800, seen(at(20))).go(400, expected_at(at(20)))
    watch.go(1000, seen(at(60))).end()
    # Cut at the minute: the middles of its halves are a quarter and three of the way.
    assert watch.spells[1:3] == [
        Spell(0, map_cells(at(30), SIZE), 200),
        Spell(60_000, map_cells(at(50), SIZE), 200),
    ]


@pytest.mark.parametrize("away", [seen(OUTSIDE), expected_at(INSIDE), expected_at(OUTSIDE)])
def test_a_second_outside_or_unseen_ends_it_where_it_was_last_inside(away):
    watch = Watch(rules()).go(2000, seen()).go(1000, away)
    assert watch.ended == [Ruled(0, 2000, "yes")]
    watch.go(3000, seen()).end()
    assert watch.ended[1:] == [Ruled(3000, 6000, "yes")]
    assert watch.presence_ms == 5000


def test_a_second_in_many_short_pictures_ends_it_too():
    watch = Watch(rules()).go(2000, seen())
    for _ in range(24):
        watch.go(40, seen(OUTSIDE))
    assert watch.ended == []
    assert watch.go(40, seen(OUTSIDE)).ended == [Ruled(0, 2000, "yes")]


def test_without_a_picture_for_a_second_it_is_a_new_stay():
    watch = Watch(rules()).go(2000, seen())
    watch.now_ms += 1000  # a source that was silent
    watch.go(500, seen()).end()
    assert watch.ended == [Ruled(0, 2000, "yes"), Ruled(3000, 3500, "yes")]


def test_the_moment_away_heats_where_the_object_was_then():
    elsewhere = Box(70, 120, 110, 140)
    watch = Watch(rules()).go(2000, seen()).go(400, seen(elsewhere)).go(1000, seen()).end()
    here, there = map_cells(INSIDE, SIZE), map_cells(elsewhere, SIZE)
    assert watch.spells == [Spell(0, here, 2000), Spell(0, there, 400), Spell(0, here, 1000)]


def test_a_moment_away_at_the_end_counts_for_nothing():
    watch = Watch(rules()).go(2000, seen()).go(999, seen(OUTSIDE)).end()
    assert watch.ended == [Ruled(0, 2000, "yes")]
    assert watch.presence_ms == 2000


# --- worked examples: the dwell limit (CONTRACT 3, BEH-03) ----------------------------------------


@pytest.mark.parametrize(
    ("semantics", "lasts_ms", "recorded"),
    [
        ("documented", 29_999, "yes"),
        ("documented", 30_000, "yes"),
        ("documented", 30_001, "longer"),
        ("as-named", 29_999, "shorter"),
        ("as-named", 30_000, "yes"),
        ("as-named", 30_001, "yes"),
    ],
)
def test_the_dwell_limit_is_exact_to_the_millisecond(semantics, lasts_ms, recorded):
    watch = stay(lasts_ms, by=rules(30, semantics))
    assert watch.ended == [Ruled(0, lasts_ms, recorded)]
    assert watch.presence_ms == (lasts_ms if recorded == "yes" else 0)


@pytest.mark.parametrize("away_ms", [0, 999])
def test_time_away_at_the_end_does_not_make_a_stay_too_long(away_ms):
    assert stay(30_000, away_ms, by=rules(30)).ended == [Ruled(0, 30_000, "yes")]
    assert stay(29_500, away_ms, by=rules(30, "as-named")).ended == [Ruled(0, 29_500, "shorter")]


def test_a_moment_away_in_between_counts_towards_the_limit():
    assert stay(20_000, 900, 9_101, by=rules(30)).ended == [Ruled(0, 30_001, "longer")]
    assert stay(20_000, 900, 9_100, by=rules(30, "as-named")).ended == [Ruled(0, 30_000, "yes")]


def test_documented_heat_is_held_back_until_the_stay_ends():
    watch = Watch(rules(30)).go(29_000, seen())
    assert watch.spells == []
    assert watch.end().presence_ms == 29_000


def test_what_is_too_long_already_is_not_kept_in_memory():
    watch = Watch(rules(30)).go(30_001, seen())
    assert watch.stays[1].spells == ()
    assert watch.go(500, seen()).end().spells == []


def test_as_named_heat_is_written_in_full_at_the_limit_and_at_once_from_then_on():
    watch = Watch(rules(30, "as-named")).go(29_999, seen())
    assert watch.presence_ms == 0
    assert watch.go(1, seen()).presence_ms == 30_000
    assert watch.go(700, seen()).presence_ms == 30_700
    assert watch.go(300, seen(OUTSIDE)).presence_ms == 30_700
    assert watch.go(200, seen()).presence_ms == 31_200
    assert watch.end().presence_ms == 31_200
    assert watch.ended == [Ruled(0, 31_200, "yes")]


# --- worked examples: belief ----------------------------------------------------------------------


def test_who_is_never_believed_leaves_nothing():
    for semantics in ("documented", "as-named"):
        watch = stay(5000, by=rules(1, semantics), confirmed=False)
        assert (watch.ended, watch.spells) == ([], [])


def test_who_is_believed_later_counts_from_the_first_sighting():
    for limit_s, semantics in ((300, "documented"), (1, "as-named")):
        watch = Watch(rules(limit_s, semantics)).go(1500, seen(confirmed=False))
        assert watch.go(500, seen()).end().ended == [Ruled(0, 2000, "yes")]
        assert watch.presence_ms == 2000


def test_who_is_believed_only_after_leaving_counts_too():
    watch = Watch(rules()).go(500, seen(confirmed=False)).go(300, seen(OUTSIDE, confirmed=False))
    assert watch.go(700, seen(OUTSIDE)).ended == [Ruled(0, 500, "yes")]


def test_once_believed_is_believed():
    watch = Watch(rules()).go(500, seen()).go(500, seen(confirmed=False)).end()
    assert watch.ended == [Ruled(0, 1000, "yes")]


# --- worked examples: minutes ---------------------------------------------------------------------


def test_heat_is_booked_in_the_minutes_it_was_made_in():
    watch = Watch(rules())
    watch.now_ms = 59_000
    watch.go(63_000, seen()).end()
    here = map_cells(INSIDE, SIZE)
    assert watch.spells == [
        Spell(0, here, 1000),
        Spell(60_000, here, 60_000),
        Spell(120_000, here, 2000),
    ]
    assert watch.ended == [Ruled(59_000, 122_000, "yes")]


def test_a_second_away_over_the_full_minute_ends_a_stay():
    watch = Watch(rules())
    watch.now_ms = 59_000
    watch.go(400, seen()).go(1000, seen(OUTSIDE))
    assert watch.ended == [Ruled(59_000, 59_400, "yes")]


def test_standing_at_one_place_takes_one_spell_a_minute_however_many_pictures_show_it():
    watch = Watch(rules())
    for _ in range(100):
        watch.go(40, seen())
    assert len(watch.stays[1].spells) == 1


# --- worked examples: what is undecided -----------------------------------------------------------


def test_a_documented_stay_is_undecided_until_it_is_too_long():
    watch = Watch(rules(30))
    watch.now_ms = 5000
    watch.go(30_000, seen())
    assert undecided_since(watch.stays[1], watch.rules) == 5000
    watch.go(1, seen())
    assert undecided_since(watch.stays[1], watch.rules) is None


def test_an_as_named_stay_is_undecided_until_it_is_long_enough():
    watch = Watch(rules(30, "as-named"))
    watch.now_ms = 5000
    watch.go(29_999, seen())
    assert undecided_since(watch.stays[1], watch.rules) == 5000
    watch.go(1, seen())
    assert undecided_since(watch.stays[1], watch.rules) == 35_000


def test_a_moment_away_is_undecided_even_then():
    watch = Watch(rules(30, "as-named")).go(59_500, seen()).go(800, seen(OUTSIDE))
    assert undecided_since(watch.stays[1], watch.rules) == 59_500
    before = len(watch.spells)
    watch.go(100, seen())  # and is written to the minute that is over
    assert [spell.minute_ms for spell in watch.spells[before:]] == [0, 60_000, 60_000]


def test_who_is_not_believed_is_undecided_however_long():
    long = Stay(5000, 90_000, confirmed=False)
    assert undecided_since(long, rules(30, "as-named")) == 5000


# --- worked examples: who never was anybody -------------------------------------------------------


def test_what_was_nobody_leaves_nothing():
    watch = Watch(rules()).go(1000, seen(number=1), seen(number=2))
    watch.stays = without(watch.stays, [1, 7])
    assert list(watch.stays) == [2]
    watch.end()
    assert watch.ended == [Ruled(0, 1000, "yes")]
    assert watch.presence_ms == 1000
