"""Heat maps as pictures: decoded by another hand, cell by cell."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.report.heatmap import GROUND, SIDE, STOPS, png


def decoded(cells):
    """The picture: uint8 (192, 192, 3), red, green, blue."""
    picture = cv2.imdecode(np.frombuffer(png(cells), np.uint8), cv2.IMREAD_COLOR)
    return picture[..., ::-1]


def test_the_most_heat_is_red_where_it_is_and_none_is_the_ground():
    picture = decoded({(1, 190): 9538, (100, 7): 1})
    assert picture.shape == (SIDE, SIDE, 3)
    assert tuple(picture[1, 190]) == STOPS[-1][1]
    blue, green, red = picture[100, 7][::-1]
    assert blue > green > red
    rest = np.delete(picture.reshape(-1, 3), [SIDE * 1 + 190, SIDE * 100 + 7], axis=0)
    assert (rest == GROUND).all()


def test_without_heat_all_is_ground():
    assert (decoded({}) == GROUND).all()


@pytest.mark.parametrize("cell", [(192, 0), (0, 192), (-1, 5)])
def test_what_a_device_puts_off_the_map_is_left_out(cell):
    assert (decoded({cell: 5}) == GROUND).all()


@given(st.dictionaries(st.tuples(st.integers(0, 191), st.integers(0, 191)), st.integers(1, 10**9)))
def test_exactly_the_cells_with_heat_are_coloured(cells):
    coloured = (decoded(cells) != GROUND).any(axis=2)
    assert {tuple(cell) for cell in np.argwhere(coloured).tolist()} == set(cells)
