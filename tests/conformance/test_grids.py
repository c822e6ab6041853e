"""The region as devices spell it, worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import grids
from conformance.grids import Grid, GridError

FIRST_ROW = "1" * 23 + "0" * 276
FIRST_COLUMN = ("1" + "0" * 22) * 13
CORNER = "0" * 298 + "1"


@pytest.mark.parametrize(
    ("region", "grid", "text"),
    [
        (FIRST_ROW, Grid(), FIRST_ROW),
        (FIRST_ROW, Grid(marked="0"), "0" * 23 + "1" * 276),
        (FIRST_COLUMN, Grid("columns"), "1" * 13 + "0" * 286),
        (FIRST_ROW, Grid(by="line", between=","), "1" * 23 + ("," + "0" * 23) * 12),
        # 13 cells of a column and three bits more: ffff without its last three is fff8.
        (FIRST_COLUMN, Grid("columns", "hex", "line", 16), "fff8" + "0000" * 22),
        (FIRST_COLUMN, Grid("columns", "hex", "line", 16, "start"), "1fff" + "0000" * 22),
        (FIRST_ROW, Grid("rows", "hex", "line", 8, between="-"), "fffffe" + "-000000" * 12),
        # 299 cells fill 74 digits and three bits; the last cell is the third of them.
        (CORNER, Grid("rows", "hex", "all", 4), "0" * 74 + "2"),
        (CORNER, Grid("rows", "hex", "all", 8), "0" * 74 + "20"),
        (CORNER, Grid("rows", "hex", "all", 4, "start"), "0" * 74 + "1"),
        (CORNER, Grid("rows", "hex", "all", 4, "end", "low"), "0" * 74 + "4"),
        (FIRST_ROW, Grid("rows", "hex", "all", 8, "end", "low-of-byte"), "ffff7f" + "0" * 70),
    ],
)
def test_a_region_is_spelled_and_read(region, grid, text):
    assert grids.spelled(region, grid) == text
    assert grids.read(text, grid) == region


@given(st.text("01", min_size=299, max_size=299), st.sampled_from(list(grids.spellings())))
def test_every_spelling_is_read_back(region, grid):
    assert grids.read(grids.spelled(region, grid), grid) == region


@given(st.text("01fx,", max_size=400), st.sampled_from(list(grids.spellings())))
def test_any_text_is_a_region_or_refused(text, grid):
    try:
        region = grids.read(text, grid)
    except GridError:
        return
    assert len(region) == 299


@pytest.mark.parametrize("region", ["", "1" * 298, "1" * 300, "2" * 299, "x" * 299])
def test_what_is_no_region_is_refused(region):
    with pytest.raises(GridError, match="no region of 299 cells"):
        grids.spelled(region, Grid())


def test_cells_beyond_the_grid_are_no_region():
    grid = Grid("columns", "hex", "line", 16)
    with pytest.raises(GridError, match="no 13 cells"):
        grids.read("ffff" + "0000" * 22, grid)
