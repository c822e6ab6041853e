"""Stays: presence walked by hand, then laws against stays made by joining intervals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.stays import (
    Ruled,
    Rules,
    Spell,
    Stay,
    ended,
    present,
    since_the_start,
    split,
    undecided_since,
    without,
)
from emulator.core.detection.tracks import Sighting, Split
from emulator.core.frame import Box, Size, map_cells
from emulator.core.localtime import Stretch
from emulator.core.reports.heat import tiles

SIZE = Size(130, 230)  # region cells are 10 x 10 pixels
EVERYWHERE = np.ones((13, 23), np.bool_)
LEFT = np.zeros((13, 23), np.bool_)
LEFT[:, :10] = True  # columns 0..99

INSIDE = Box(20, 20, 60, 40)  # foot (59.5, 30)
OUTSIDE = Box(20, 120, 60, 140)  # foot (59.5, 130)
MINUTE_MS = 60_000


def rules(limit_s=300, semantics="documented", region=LEFT):
    return Rules(region, limit_s, semantics)


def seen(box=INSIDE, number=1, confirmed=True):
    return Sighting(number, box, seen=True, confirmed=confirmed)


def expected_at(box=INSIDE, number=1, confirmed=True):
    return Sighting(number, box, seen=False, confirmed=confirmed)


class Watch:
    """Walks stays through stretches; collects what ends and what is let go."""

    def __init__(self, by):
        self.rules = by
        self.stays = {}
        self.now_ms = 0
        self.ended = []
        self.spells = []

    def go(self, lasts_ms, *sightings):
        """Let the sightings hold for a while, cut at minutes as the pipeline does."""
        until_ms = self.now_ms + lasts_ms
        while self.now_ms < until_ms:
            end_ms = min(until_ms, (self.now_ms // MINUTE_MS + 1) * MINUTE_MS)
            self._keep(
                present(self.stays, sightings, Stretch(self.now_ms, end_ms), SIZE, self.rules)
            )
            self.now_ms = end_ms
        return self

    def end(self, *numbers):
        """End the stays of these tracks, or all of them."""
        self._keep(ended(self.stays, numbers or tuple(self.stays), self.rules))
        return self

    def _keep(self, result):
        self.stays, outcome = result
        self.ended += outcome.ended
        self.spells += outcome.spells

    @property
    def presence_ms(self):
        return sum(spell.lasted_ms for spell in self.spells)


def stay(*stretches, by=None, **sighting):
    """One object inside for a while, then away for a while, and so on, and at last gone."""
    watch = Watch(by or rules())
    for index, lasts_ms in enumerate(stretches):
        watch.go(lasts_ms, seen(OUTSIDE if index % 2 else INSIDE, **sighting))
    return watch.end()


# --- worked examples: what a stay is -------------------------------------------------------------


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


# --- worked examples: under a second ------------------------------------------------------------


@pytest.mark.parametrize("away", [seen(OUTSIDE), expected_at(INSIDE), expected_at(OUTSIDE)])
def test_under_a_second_outside_or_unseen_does_not_end_a_stay(away):
    watch = Watch(rules()).go(2000, seen()).go(999, away).go(3000, seen()).end()
    assert watch.ended == [Ruled(0, 5999, "yes")]
    assert watch.presence_ms == 5999


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


# --- worked examples: the dwell limit (CONTRACT 3, BEH-03) ---------------------------------------


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


# --- worked examples: belief ---------------------------------------------------------------------


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


# --- worked examples: minutes --------------------------------------------------------------------


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


# --- worked examples: what is undecided ----------------------------------------------------------


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


# --- worked examples: who never was anybody ------------------------------------------------------


def test_what_was_nobody_leaves_nothing():
    watch = Watch(rules()).go(1000, seen(number=1), seen(number=2))
    watch.stays = without(watch.stays, [1, 7])
    assert list(watch.stays) == [2]
    watch.end()
    assert watch.ended == [Ruled(0, 1000, "yes")]
    assert watch.presence_ms == 1000


# --- worked examples: several who were taken for one ---------------------------------------------

SPELL = Spell(0, Box(40, 20, 60, 30), 4000)  # 20 rows of 10 cells
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


# --- worked examples: who was there since the scene began ----------------------------------------

PLACE = Box(30, 30, 70, 50)  # foot (69.5, 40): inside
FIRST = Stretch(0, 60_000), Stretch(60_000, 70_000)


def begun_earlier(stay, box=PLACE, during=FIRST, by=None):
    return since_the_start({1: stay}, 1, box, during, SIZE, by or rules())[1]


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


# --- laws ----------------------------------------------------------------------------------------

moments = st.tuples(
    st.integers(1, 1500) | st.sampled_from([40, 80, 499, 500, 999, 1000, 1001, 30_000]),
    st.sampled_from(["inside", "inside", "outside", "unseen"]),
    st.integers(0, 60),
)
lives = st.lists(moments, max_size=30)


def joined(life, starts_ms):
    """The stays of a life as [start, end), by joining what is less than a second apart."""
    stretches, now_ms = [], starts_ms
    for lasts_ms, where, _ in life:
        if where == "inside":
            if stretches and now_ms - stretches[-1][1] < 1000:
                stretches[-1][1] = now_ms + lasts_ms
            else:
                stretches.append([now_ms, now_ms + lasts_ms])
        now_ms += lasts_ms
    return stretches


def recorded(start_ms, end_ms, limit_s, semantics):
    lasted_ms = end_ms - start_ms
    if semantics == "documented":
        return "longer" if lasted_ms > limit_s * 1000 else "yes"
    return "shorter" if lasted_ms < limit_s * 1000 else "yes"


def sighting(where, across):
    left = across + (110 if where == "outside" else 0)
    return Sighting(1, Box(20, left, 60, left + 20), where != "unseen", confirmed=True)


def walked(life, by, starts_ms):
    watch = Watch(by)
    watch.now_ms = starts_ms
    for lasts_ms, where, across in life:
        watch.go(lasts_ms, sighting(where, across))
    return watch.end()


limits = st.sampled_from([1, 2, 5, 30, 300])
meanings = st.sampled_from(["documented", "as-named"])
beginnings = st.integers(0, 120_000)


@settings(deadline=None)
@given(lives, limits, meanings, beginnings)
def test_stays_are_what_lies_less_than_a_second_apart(life, limit_s, semantics, starts_ms):
    watch = walked(life, rules(limit_s, semantics), starts_ms)
    assert watch.ended == [
        Ruled(start, end, recorded(start, end, limit_s, semantics))
        for start, end in joined(life, starts_ms)
    ]


@settings(deadline=None)
@given(lives, limits, meanings, beginnings)
def test_each_minute_holds_the_recorded_stays_presence_in_it(life, limit_s, semantics, starts_ms):
    watch = walked(life, rules(limit_s, semantics), starts_ms)
    per_minute = {}
    for start, end in joined(life, starts_ms):
        if recorded(start, end, limit_s, semantics) == "yes":
            for minute in range(start // MINUTE_MS, (end - 1) // MINUTE_MS + 1):
                overlap = min(end, (minute + 1) * MINUTE_MS) - max(start, minute * MINUTE_MS)
                per_minute[minute] = per_minute.get(minute, 0) + overlap
    made = tiles(watch.spells, np.ones((192, 192), np.bool_))
    assert {at // MINUTE_MS: tile.presence_ms for at, tile in made.items()} == per_minute


@settings(deadline=None, max_examples=50)
@given(lives, limits, meanings, beginnings)
def test_the_heat_of_all_cells_is_boxes_times_time(life, limit_s, semantics, starts_ms):
    watch = walked(life, rules(limit_s, semantics), starts_ms)
    kept = [
        (start, end)
        for start, end in joined(life, starts_ms)
        if recorded(start, end, limit_s, semantics) == "yes"
    ]
    expected, now_ms = np.zeros((192, 192), np.int64), starts_ms
    for lasts_ms, where, across in life:
        if any(start <= now_ms < end for start, end in kept):
            left = across + (110 if where == "outside" else 0)
            # Centres lie at (k + 1/2) 130 / 192 and (k + 1/2) 230 / 192.
            rows = [k for k in range(192) if 20 * 384 <= (2 * k + 1) * 130 < 60 * 384]
            columns = [k for k in range(192) if left * 384 <= (2 * k + 1) * 230 < (left + 20) * 384]
            expected[np.ix_(rows, columns)] += lasts_ms
        now_ms += lasts_ms
    made = tiles(watch.spells, np.ones((192, 192), np.bool_))
    heat = sum((tile.cells.astype(np.int64) for tile in made.values()), np.zeros_like(expected))
    assert np.array_equal(heat, expected)


@settings(deadline=None)
@given(lives, limits, meanings)
def test_nothing_is_written_before_the_instant_since_which_it_was_undecided(
    life, limit_s, semantics
):
    watch = Watch(rules(limit_s, semantics))
    for lasts_ms, where, across in life:
        since = [undecided_since(each, watch.rules) for each in watch.stays.values()]
        earliest_ms = min([at for at in since if at is not None], default=watch.now_ms)
        before = len(watch.spells)
        watch.go(lasts_ms, sighting(where, across))
        minutes = [spell.minute_ms for spell in watch.spells[before:]]
        assert all(minute >= earliest_ms // MINUTE_MS * MINUTE_MS for minute in minutes)


@settings(deadline=None)
@given(lives)
def test_what_went_in_is_not_changed(life):
    watch = Watch(rules(5))
    for lasts_ms, where, across in life:
        stays, copy = watch.stays, dict(watch.stays)
        watch.go(lasts_ms, sighting(where, across))
        assert stays == copy


parts = st.builds(
    lambda top, left, height, width: Box(top, left, top + height, left + width),
    *[st.integers(-50, 150)] * 2,
    *[st.integers(0, 150)] * 2,
)
wholes = parts.filter(lambda box: box.area > 0)


@settings(deadline=None)
@given(lives, parts, wholes)
def test_whoever_is_split_off_has_all_the_time_and_no_cells_but_his_elders(life, box, whole):
    watch = Watch(rules())
    for lasts_ms, where, across in life:
        watch.go(lasts_ms, sighting(where, across))
    before = dict(watch.stays)
    after = split(watch.stays, {2: Split(1, box, whole)})
    assert watch.stays == before
    if 1 not in before:
        assert after == before
        return
    elder, younger = after[1], after[2]
    assert elder == before[1]
    assert (younger.start_ms, younger.end_ms, younger.confirmed) == (
        elder.start_ms, elder.end_ms, elder.confirmed
    )  # fmt: skip
    for own, all_ in zip(
        younger.spells + younger.doubtful, elder.spells + elder.doubtful, strict=True
    ):
        assert (own.minute_ms, own.lasted_ms) == (all_.minute_ms, all_.lasted_ms)
        assert own.cells.area > 0
        assert all_.cells.top <= own.cells.top < own.cells.bottom <= all_.cells.bottom
        assert all_.cells.left <= own.cells.left < own.cells.right <= all_.cells.right


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 200))
def test_two_halves_are_all_cells_together(middle, width):
    # Wherever the line between two is drawn, no cell is left to nobody.
    whole = Box(0, 0, 10, max(2, width))
    middle = 1 + middle % max(1, whole.right - 1)
    spell = Spell(0, Box(0, 0, 10, 40), 1)
    both = split(
        {1: Stay(0, 1, True, (spell,))},
        {
            1: Split(1, Box(0, 0, 10, middle), whole),
            2: Split(1, Box(0, middle, 10, whole.right), whole),
        },
    )
    left, right = both[1].spells[0].cells, both[2].spells[0].cells
    assert (left.left, right.right) == (0, 40)
    assert right.left <= left.right <= right.left + 1


@settings(deadline=None)
@given(st.integers(0, 200_000), st.integers(0, 200_000), st.lists(st.integers(1, 90_000)))
def test_nothing_is_counted_twice_of_who_was_there_from_the_start(start_ms, lasted_ms, cuts):
    stay = Stay(start_ms, start_ms + lasted_ms, True, (Spell(0, Box(0, 0, 1, 1), lasted_ms),))
    during, now_ms = [], 0
    for cut in cuts:
        while cut:
            end_ms = min(now_ms + cut, (now_ms // MINUTE_MS + 1) * MINUTE_MS)
            during.append(Stretch(now_ms, end_ms))
            cut -= end_ms - now_ms  # noqa: PLW2901
            now_ms = end_ms
    after = begun_earlier(stay, during=during)
    assert after.end_ms == stay.end_ms
    assert 0 <= after.start_ms <= stay.start_ms
    counted = sum(spell.lasted_ms for spell in after.spells)
    assert counted <= after.end_ms - after.start_ms
    assert counted == min(now_ms, start_ms) + lasted_ms
