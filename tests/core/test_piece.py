"""How pieces become one whole."""

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.piece import dense, scene_after, sparse
from emulator.core.reports.heat import Tile


def scene(value, known, shape=(1, 3)):
    return SimpleNamespace(scene=np.full((*shape, 3), value, np.uint8), known=np.array([known]))


def test_of_the_scene_only_what_was_seen_free_is_renewed():
    before = np.full((1, 3, 3), 9, np.uint8)
    after = scene_after(before, scene(4, [True, False, True]))
    assert after[0, :, 0].tolist() == [4, 9, 4]


def test_a_scene_of_another_size_is_a_new_one():
    other = scene(4, [False], shape=(1, 1))
    assert scene_after(np.full((1, 3, 3), 9, np.uint8), other).tolist() == [[[4, 4, 4]]]
    assert scene_after(None, other).tolist() == [[[4, 4, 4]]]


@given(st.dictionaries(st.tuples(st.integers(0, 191), st.integers(0, 191)), st.integers(1, 60_000)))
def test_a_tile_is_the_same_after_its_cold_cells_were_left_out(heat):
    cells = np.zeros((192, 192), np.uint64)
    for at, ms in heat.items():
        cells[at] = ms
    kept = sparse(Tile(cells, 1234))
    assert len(kept.where) == len(heat)
    assert dense(kept).presence_ms == 1234
    assert (dense(kept).cells == cells).all()
