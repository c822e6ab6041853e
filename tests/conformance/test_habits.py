"""How a device counts: what a trial's seconds make of each second of presence."""

import pytest

from conformance import scenes
from conformance.habits import TRIED, share


@pytest.mark.parametrize(
    ("told_s", "is_one"), [(20, True), (19, True), (21, True), (18, False), (22, False), (0, True)]
)
def test_a_right_devices_seconds_are_seconds_give_or_take_pictures(told_s, is_one):
    assert TRIED.seconds == 20
    assert (share(told_s) == 1.0) is is_one


def test_anothers_are_what_it_makes_of_them():
    assert share(24) == 1.2
    assert share(40) == 2.0


def test_where_it_is_shown_a_map_the_wrong_way_round_has_nothing():
    right = scenes.cells(TRIED.box)
    mirrored = {(row, 191 - column) for row, column in right}
    transposed = {(column, row) for row, column in right}
    assert not right & mirrored
    assert not right & transposed
