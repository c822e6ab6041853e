"""What a camera sees, and who watches it: everybody, of each picture, until he leaves."""

import numpy as np

from emulator.core.frame import Frame
from emulator.sight import Sight


def frame(number):
    luma = np.full((4, 6), number, np.uint8)
    return Frame(number, number + 1, luma, lambda: np.dstack([luma] * 3))


def see(sight, number):
    sight.see(frame(number))
    sight.tell()


def test_each_watcher_is_told_of_each_picture_from_when_he_comes_to_when_he_leaves():
    sight, first, second = Sight(), [], []
    see(sight, 1)
    leave = sight.watch(lambda seen: first.append(seen.at_ms))
    see(sight, 2)
    sight.watch(lambda seen: second.append(seen.at_ms))
    see(sight, 3)
    leave()
    see(sight, 4)
    assert (first, second) == ([2, 3], [3, 4])


def test_leaving_twice_or_while_told_disturbs_nobody():
    sight, told = Sight(), []
    leave = sight.watch(lambda seen: leave())
    sight.watch(lambda seen: told.append(seen.at_ms))
    see(sight, 1)
    leave()
    see(sight, 2)
    assert told == [1, 2]


def test_before_anything_was_seen_there_is_nothing_to_tell():
    sight, told = Sight(), []
    sight.watch(told.append)
    sight.tell()
    assert told == []
