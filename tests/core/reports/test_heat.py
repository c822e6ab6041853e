"""Minute tiles: worked spells, then laws against a slow count cell by cell."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core.detection.stays import Spell
from emulator.core.frame import Box
from emulator.core.reports.heat import Tile, no_heat, tiles

MINUTE_MS = 60_000
EVERYWHERE = np.ones((192, 192), np.bool_)


def warm(tile):
    """The cells that hold heat, by (row, column)."""
    return {(int(r), int(c)): int(tile.cells[r, c]) for r, c in np.argwhere(tile.cells)}


# --- worked examples -----------------------------------------------------------------------------


def test_no_spells_make_no_tiles():
    assert tiles([], EVERYWHERE) == {}


def test_a_spell_heats_each_of_its_cells_for_as_long_as_it_lasted():
    made = tiles([Spell(120_000, Box(3, 5, 5, 6), 80)], EVERYWHERE)
    assert list(made) == [120_000]
    assert warm(made[120_000]) == {(3, 5): 80, (4, 5): 80}
    assert made[120_000].presence_ms == 80


def test_two_people_at_one_place_count_twice():
    spells = [Spell(0, Box(3, 5, 5, 6), 80), Spell(0, Box(4, 5, 6, 6), 40)]
    tile = tiles(spells, EVERYWHERE)[0]
    assert warm(tile) == {(3, 5): 80, (4, 5): 120, (5, 5): 40}
    assert tile.presence_ms == 120


def test_heat_is_booked_in_its_own_minute():
    spells = [Spell(60_000, Box(0, 0, 1, 1), 30), Spell(0, Box(0, 0, 1, 1), 50)]
    made = tiles(spells, EVERYWHERE)
    assert {minute: warm(tile) for minute, tile in made.items()} == {
        0: {(0, 0): 50},
        60_000: {(0, 0): 30},
    }


def test_the_last_row_and_column_are_heated_too():
    tile = tiles([Spell(0, Box(190, 191, 192, 192), 7)], EVERYWHERE)[0]
    assert warm(tile) == {(190, 191): 7, (191, 191): 7}


def test_cells_that_do_not_count_stay_cold_and_presence_is_whole():
    counted = EVERYWHERE.copy()
    counted[3, :] = False
    tile = tiles([Spell(0, Box(3, 5, 5, 6), 80)], counted)[0]
    assert warm(tile) == {(4, 5): 80}
    assert tile.presence_ms == 80


def test_a_spell_wholly_outside_what_counts_is_presence_without_a_place():
    tile = tiles([Spell(0, Box(3, 5, 5, 6), 80)], ~EVERYWHERE)[0]
    assert warm(tile) == {}
    assert tile.presence_ms == 80


def test_a_crowded_year_fits_into_a_cell():
    year_ms, people = 366 * 86_400_000, 1000
    spell = Spell(0, Box(0, 0, 1, 1), year_ms)
    tile = tiles([spell] * people, EVERYWHERE)[0]
    assert int(tile.cells[0, 0]) == tile.presence_ms == year_ms * people
    assert tile.cells.dtype == np.uint64


def test_an_empty_stretch_has_no_heat():
    assert no_heat().cells.shape == (192, 192)
    assert no_heat().cells.dtype == np.uint64
    assert (warm(no_heat()), no_heat().presence_ms) == ({}, 0)


def test_two_stretches_hold_the_heat_of_both():
    one = Tile(np.full((192, 192), 3, np.uint64), 30)
    other = Tile(np.full((192, 192), 5, np.uint64), 50)
    both = one.plus(other)
    assert (both.cells == 8).all()
    assert both.presence_ms == 80
    assert (one.cells == 3).all()


# --- laws ----------------------------------------------------------------------------------------

spans = st.tuples(st.integers(0, 191), st.integers(1, 60)).map(
    lambda s: (s[0], min(s[0] + s[1], 192))
)
cells = st.tuples(spans, spans).map(lambda s: Box(s[0][0], s[1][0], s[0][1], s[1][1]))
spells = st.lists(
    st.builds(Spell, st.integers(0, 3).map(lambda n: n * MINUTE_MS), cells, st.integers(0, 60_000)),
    max_size=12,
)
regions = st.tuples(spans, spans).map(lambda s: (slice(*s[0]), slice(*s[1])))


def slowly(given_spells, counted):
    """The tiles, cell by cell in whole Python numbers."""
    made = {}
    for minute_ms, box, lasted_ms in given_spells:
        heat = made.setdefault(minute_ms, {})
        for row in range(box.top, box.bottom):
            for column in range(box.left, box.right):
                if counted[row][column] and lasted_ms:
                    heat[row, column] = heat.get((row, column), 0) + lasted_ms
    return made


@settings(deadline=None, max_examples=40)
@given(spells, regions)
def test_tiles_are_the_sum_of_their_spells_cell_by_cell(given_spells, region):
    counted = np.zeros((192, 192), np.bool_)
    counted[region] = True
    made = tiles(given_spells, counted)
    assert {minute: warm(tile) for minute, tile in made.items()} == slowly(
        given_spells, counted.tolist()
    )


@settings(deadline=None, max_examples=40)
@given(spells)
def test_nothing_is_lost_over_the_minutes_and_nothing_made(given_spells):
    made = tiles(given_spells, EVERYWHERE)
    heat = sum(int(tile.cells.sum()) for tile in made.values())
    assert heat == sum(spell.cells.area * spell.lasted_ms for spell in given_spells)
    presence = sum(tile.presence_ms for tile in made.values())
    assert presence == sum(spell.lasted_ms for spell in given_spells)


@settings(deadline=None, max_examples=40)
@given(spells, spells)
def test_tiles_of_two_parts_add_up_to_the_whole(one, other):
    whole = tiles([*one, *other], EVERYWHERE)
    parts = tiles(one, EVERYWHERE), tiles(other, EVERYWHERE)
    for minute_ms, tile in whole.items():
        sum_ = parts[0].get(minute_ms, no_heat()).plus(parts[1].get(minute_ms, no_heat()))
        assert np.array_equal(tile.cells, sum_.cells)
        assert tile.presence_ms == sum_.presence_ms
