"""Stays: laws against stays made by joining intervals."""

from fractions import Fraction
from math import floor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from staying import MINUTE_MS, Watch, begun_earlier, rules

from emulator.core.detection.stays import Ruled, Spell, Stay, split, undecided_since
from emulator.core.detection.tracks import Sighting, Split
from emulator.core.frame import Box
from emulator.core.localtime import Stretch
from emulator.core.reports.heat import tiles

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


def places(life, starts_ms):
    """Where he is in a life, cut at minutes: (at_ms, lasts_ms, left) each.

    Unseen since he was inside, and inside again: between both, at one pace.
    """
    cut, now_ms = [], starts_ms
    for lasts_ms, where, across in life:
        until_ms = now_ms + lasts_ms
        while now_ms < until_ms:
            end_ms = min(until_ms, (now_ms // MINUTE_MS + 1) * MINUTE_MS)
            cut.append((now_ms, end_ms, where, across + (110 if where == "outside" else 0)))
            now_ms = end_ms
    for index, (start_ms, end_ms, where, own) in enumerate(cut):
        left = own
        before = [piece for piece in cut[:index] if piece[2] != "unseen"]
        after = [piece for piece in cut[index + 1 :] if piece[2] != "unseen"]
        if where == "unseen" and before and after:
            _, was_ms, was, first = before[-1]
            again_ms, _, then, last = after[0]
            if was == then == "inside":
                middle = Fraction(start_ms + end_ms, 2)
                left = first + floor((last - first) * (middle - was_ms) / (again_ms - was_ms))
        yield start_ms, end_ms - start_ms, left


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
    expected = np.zeros((192, 192), np.int64)
    for now_ms, lasts_ms, left in places(life, starts_ms):
        if any(start <= now_ms < end for start, end in kept):
            # Centres lie at (k + 1/2) 130 / 192 and (k + 1/2) 230 / 192.
            rows = [k for k in range(192) if 20 * 384 <= (2 * k + 1) * 130 < 60 * 384]
            columns = [k for k in range(192) if left * 384 <= (2 * k + 1) * 230 < (left + 20) * 384]
            expected[np.ix_(rows, columns)] += lasts_ms
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
