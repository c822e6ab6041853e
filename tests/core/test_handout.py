"""Which video is next, and from when: followed by hand, and for all archives there may be."""

from hypothesis import given
from hypothesis import strategies as st

from emulator.core.handout import Handout

# --- worked examples ---


def test_videos_begin_where_those_before_them_are_foreseen_to_end():
    handout = Handout(100, 3, [10, 20, 30].__getitem__)
    assert [handout.next() for _ in range(4)] == [(0, 100), (1, 110), (2, 130), None]


def test_what_is_known_counts_and_not_what_was_foreseen():
    handout = Handout(100, 3, [10, 20, 30].__getitem__)
    assert handout.next() == (0, 100)
    handout.done(0, 100, 7)
    assert handout.next() == (1, 107)
    assert handout.next() == (2, 127)


def test_what_is_known_counts_also_where_what_is_before_is_not():
    handout = Handout(100, 3, [10, 20, 30].__getitem__)
    assert [handout.next(), handout.next()] == [(0, 100), (1, 110)]
    handout.done(1, 110, 25)
    assert handout.next() == (2, 135)


def test_a_piece_of_a_wrong_begin_is_examined_again_before_anything_new():
    handout = Handout(0, 4, [10, 10, 10, 10].__getitem__)
    assert [handout.next() for _ in range(3)] == [(0, 0), (1, 10), (2, 20)]
    handout.done(1, 10, 10)
    assert list(handout.gathered()) == []
    handout.done(0, 0, 9)
    assert list(handout.gathered()) == [0]
    assert handout.next() == (1, 9)
    handout.done(2, 20, 10)
    assert handout.next() == (2, 19)
    assert handout.next() == (3, 29)
    handout.done(2, 19, 10)
    assert list(handout.gathered()) == []
    handout.done(1, 9, 10)
    assert list(handout.gathered()) == [1, 2]


def test_a_video_that_is_lost_takes_no_time_and_is_not_gathered():
    handout = Handout(0, 3, [10, 10, 10].__getitem__)
    assert [handout.next() for _ in range(3)] == [(0, 0), (1, 10), (2, 20)]
    handout.done(2, 20, 10)
    handout.lose(1)
    handout.done(0, 0, 10)
    assert list(handout.gathered()) == [0]
    assert handout.next() == (2, 10)
    handout.done(2, 10, 10)
    assert list(handout.gathered()) == [2]
    assert handout.next() is None


def test_one_that_is_lost_the_second_time_moves_what_comes_after():
    handout = Handout(0, 3, [10, 10, 10].__getitem__)
    assert [handout.next() for _ in range(3)] == [(0, 0), (1, 10), (2, 20)]
    handout.done(0, 0, 5)
    handout.done(1, 10, 10)
    assert handout.next() == (1, 5)
    handout.done(2, 20, 10)
    assert handout.next() == (2, 15)
    handout.lose(1)
    handout.done(2, 15, 10)
    assert list(handout.gathered()) == [0]
    assert handout.next() == (2, 5)
    handout.done(2, 5, 10)
    assert list(handout.gathered()) == [2]


def test_of_no_videos_none_is_next():
    assert Handout(0, 0, [].__getitem__).next() is None


# --- laws ---

VIDEO = st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans())


@given(st.lists(VIDEO, max_size=12), st.integers(1, 5), st.data())
def test_whoever_finishes_first_all_are_gathered_in_order_from_where_they_begin(
    videos, workers, data
):
    handout = Handout(50, len(videos), lambda number: videos[number][0])
    under_way, examined, latest, gathered = [], [0] * len(videos), {}, []
    while True:
        while len(under_way) < workers and (turn := handout.next()) is not None:
            under_way.append(turn)
        if not under_way:
            break
        number, begins_ms = under_way.pop(data.draw(st.integers(0, len(under_way) - 1)))
        _, length_ms, is_lost = videos[number]
        examined[number] += 1
        if is_lost:
            handout.lose(number)
        else:
            latest[number] = begins_ms
            handout.done(number, begins_ms, length_ms)
        gathered += [(number, latest[number]) for number in handout.gathered()]
    expected, now_ms = [], 50
    for number, (_, length_ms, is_lost) in enumerate(videos):
        if not is_lost:
            expected.append((number, now_ms))
            now_ms += length_ms
    assert gathered == expected
    assert all(1 <= times <= 2 for times in examined)
