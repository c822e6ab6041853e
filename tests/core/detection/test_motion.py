"""Motion, by what is followed. In a picture of 960 rows an edge rests while it moves 10 or less."""

from hypothesis import given
from hypothesis import strategies as st

from emulator.core.detection.motion import HOLD_MS, Motion, anew, looked, passed
from emulator.core.detection.tracks import Sighting
from emulator.core.frame import Box

ROWS = 960


def somebody(left=100, number=1, seen=True, confirmed=True):
    return Sighting(number, Box(100, left, 300, left + 80), seen, confirmed)


def after(*pictures):
    """Motion after pictures, each (who is seen, when it ends)."""
    motion = Motion()
    for sightings, until_ms in pictures:
        motion = looked(motion, sightings, ROWS, until_ms)
    return motion


def test_nothing_moves_in_an_empty_view():
    assert not after(([], 40), ([], 80)).is_on


def test_who_comes_into_view_moves():
    assert after(([somebody()], 40)).is_on


def test_who_is_not_believed_yet_or_only_expected_does_not_move():
    assert not after(([somebody(confirmed=False)], 40)).is_on
    assert not after(([somebody(seen=False)], 40)).is_on


def test_motion_is_over_two_seconds_after_the_last_move():
    here = ([somebody(100)], 1_000), ([somebody(111)], 2_000)
    assert after(*here, ([somebody(111)], 3_999)).is_on
    assert not after(*here, ([somebody(111)], 4_000)).is_on


def test_who_sways_by_a_96th_of_the_height_rests():
    swaying = [([somebody(100 + 10 * (n % 2))], 1_000 + 100 * n) for n in range(40)]
    assert not after(*swaying).is_on


def test_who_creeps_moves_each_time_he_has_gone_further_than_that():
    creeping = [([somebody(100 + n)], 1_000 + 100 * n) for n in range(40)]
    assert after(*creeping).is_on


def test_who_leaves_leaves_motion_behind_for_as_long_as_it_is_held():
    gone = after(([somebody()], 1_000), ([], 1_040))
    assert gone.is_on
    assert passed(gone, 2_999).is_on
    assert not passed(gone, 3_000).is_on


def test_a_moment_unseen_is_no_new_arrival():
    still = [([somebody()], 1_000), ([somebody()], 3_100)]
    assert not after(*still, ([somebody(seen=False)], 3_200), ([somebody()], 3_300)).is_on


def test_another_one_who_moves_is_enough():
    still = [([somebody()], 1_000), ([somebody()], 5_000)]
    assert after(*still, ([somebody(), somebody(500, number=2)], 5_040)).is_on


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 3_000)), max_size=30))
def test_there_is_motion_just_while_something_moved_within_the_hold(steps):
    motion, now_ms, moved_ms, rest = Motion(), 0, None, None
    for left, lasts_ms in steps:
        now_ms += lasts_ms
        if rest is None or abs(left - rest) > 10:
            rest, moved_ms = left, now_ms
        motion = looked(motion, [somebody(left)], ROWS, now_ms)
        assert motion.is_on == (now_ms - moved_ms < HOLD_MS)


def test_another_detector_numbers_strangers_as_the_last_one_numbered_who_stood():
    stood = after(([somebody()], 1_000), ([somebody()], 5_000))
    assert not looked(stood, [somebody()], ROWS, 5_040).is_on
    assert looked(anew(stood), [somebody()], ROWS, 5_040).is_on
    assert anew(after(([somebody()], 1_000))).is_on
