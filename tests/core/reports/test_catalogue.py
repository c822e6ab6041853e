"""The catalogue: unions, what is missing, what may go, and sums by blocks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.localtime import Stretch
from emulator.core.reports import catalogue
from emulator.core.reports.parts import Part

HOUR, DAY = 3_600_000, 86_400_000


def part(hour, presence_ms=10, *, era="0000000a", sequence=1, day="2026-05-31"):
    start_ms = hour * HOUR
    mark = f"{(hour * 0x9E3779B97F4A7C15 + int(era, 16) * 7919 + sequence) % 2**64:016x}"
    return Part(start_ms, start_ms + HOUR, day, era, sequence, presence_ms, False, mark)


def hours(first, after):
    return Stretch(first * HOUR, after * HOUR)


# --- worked examples ---------------------------------------------------------------------


def test_what_lies_in_two_places_counts_once():
    one, two = part(1, 10), part(2, 300)
    index = catalogue.index([{one, two}, {two}, set()])
    assert index.parts == (one, two)
    assert index.presence_of(hours(0, 24)) == 310


def test_two_parts_of_one_hour_both_count():
    early, late = part(1, 10), part(1, 300, sequence=2)
    assert catalogue.index([{early}, {late}]).presence_of(hours(1, 2)) == 310


def test_an_hour_belongs_to_where_it_begins():
    index = catalogue.index([{part(1, 10), part(2, 300)}])
    assert index.presence_of(Stretch(HOUR, 2 * HOUR)) == 10
    assert index.presence_of(Stretch(HOUR + 1, 2 * HOUR + 1)) == 300
    assert index.presence_of(Stretch(2 * HOUR, HOUR)) == 0


def test_hidden_eras_are_not_seen():
    shown, hidden = part(1), part(2, era="0000000b")
    assert catalogue.index([{shown, hidden}], {"0000000b"}).parts == (shown,)
    assert catalogue.missing(set(), [{shown, hidden}], {"0000000b"}) == [shown]


def test_the_digest_tells_which_parts_there_are():
    one, two, three = part(1), part(2), part(3)
    day = hours(0, 24)
    digest = catalogue.index([{one, two}]).digest_of(day)
    assert digest == catalogue.index([{two}, {one, two}]).digest_of(day) == one.mark ^ two.mark
    assert digest != catalogue.index([{one, three}]).digest_of(day)
    assert catalogue.index([]).digest_of(day) == 0


def test_what_is_missing_comes_oldest_first():
    one, two, three = part(1), part(2), part(3)
    assert catalogue.missing({two}, [{three}, {two, one}]) == [one, three]


@pytest.mark.parametrize(
    ("is_awaited", "elsewhere", "goes"),
    [(False, set(), [1, 2]), (True, set(), []), (True, {2}, [2]), (True, {1, 2, 3}, [1, 2])],
)
def test_a_ring_gives_up_what_is_old_unless_a_volume_is_yet_to_be_given_it(
    is_awaited, elsewhere, goes
):
    flash = [part(hour) for hour in (1, 2, 3)]
    held = {part(hour) for hour in elsewhere}
    gone = catalogue.droppable(flash, 3 * HOUR, [held], is_awaited=is_awaited)
    assert gone == [part(hour) for hour in goes]


def test_the_oldest_day_is_a_local_day():
    assert catalogue.oldest_day([part(9, day="2026-06-02"), part(8, day="2026-06-10")]) == (
        "2026-06-02"
    )
    assert catalogue.oldest_day([]) is None


def test_a_year_is_cut_into_blocks_of_32_days_and_of_days_and_what_sticks_out():
    cut = list(catalogue.pieces(Stretch(31 * DAY - HOUR, 97 * DAY + 5)))
    assert cut == [
        Stretch(31 * DAY - HOUR, 31 * DAY),
        Stretch(31 * DAY, 32 * DAY),
        Stretch(32 * DAY, 64 * DAY),
        Stretch(64 * DAY, 96 * DAY),
        Stretch(96 * DAY, 97 * DAY),
        Stretch(97 * DAY, 97 * DAY + 5),
    ]
    assert [catalogue.is_block(piece) for piece in cut] == [False, True, True, True, True, False]


def test_a_block_is_made_of_smaller_ones_and_the_smallest_of_itself():
    assert list(catalogue.within(Stretch(0, 32 * DAY)))[:2] == [
        Stretch(0, DAY),
        Stretch(DAY, 2 * DAY),
    ]
    assert list(catalogue.within(Stretch(DAY, 2 * DAY))) == [Stretch(DAY, 2 * DAY)]


def test_the_blocks_of_parts_come_smallest_first():
    assert catalogue.blocks_of([part(1), part(2), part(30)]) == [
        Stretch(0, DAY),
        Stretch(DAY, 2 * DAY),
        Stretch(0, 32 * DAY),
    ]


# --- laws --------------------------------------------------------------------------------

some_parts = st.sets(st.builds(part, st.integers(-50, 3000), st.integers(0, 10**9)), max_size=30)


@given(st.lists(some_parts, max_size=4), st.lists(st.integers(-60, 3010), min_size=2, max_size=6))
def test_pieces_of_time_add_up_to_the_whole(held, cuts):
    index, cuts = catalogue.index(held), sorted(cuts)
    whole = hours(cuts[0], cuts[-1])
    parts = [hours(*ends) for ends in pairwise(cuts)]
    assert sum(map(index.presence_of, parts)) == index.presence_of(whole)
    assert [p for when in parts for p in index.inside(when)] == list(index.inside(whole))
    union = set().union(*held)
    inside = {p for p in union if whole.start_ms <= p.start_ms < whole.end_ms}
    assert set(index.inside(whole)) == inside
    assert index.presence_of(whole) == sum(p.presence_ms for p in inside)


@given(st.integers(-(10**11), 10**11), st.integers(0, 10**11))
def test_the_pieces_of_a_stretch_meet_and_are_few(start_ms, lasts_ms):
    when = Stretch(start_ms, start_ms + lasts_ms)
    cut = list(catalogue.pieces(when))
    assert all(piece.start_ms < piece.end_ms for piece in cut)
    if cut:
        assert (cut[0].start_ms, cut[-1].end_ms) == when
    assert all(before.end_ms == after.start_ms for before, after in pairwise(cut))
    assert len(cut) <= lasts_ms // (32 * DAY) + 2 * 32 + 2


@given(some_parts, some_parts)
def test_whoever_is_given_what_is_missing_holds_the_union(target, other):
    assert target | set(catalogue.missing(target, [other])) == target | other
    assert catalogue.missing(target | other, [other]) == []
