"""Ever new attempts: how long the pauses are, and what is said."""

import pytest

from emulator.edge.sources.attempts import Attempts


class Hand:
    """A clock turned by hand, and attempts that go by it."""

    def __init__(self):
        self.seconds = 1000.0
        self.attempts = Attempts("the source", lambda: self.seconds)

    def shows(self, seconds):
        self.attempts.succeeded()
        self.seconds += seconds

    def fails(self, why="refused"):
        return self.attempts.failed(why)


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def said(caplog):
    caplog.set_level("INFO", "stuntcam")
    return lambda: [record.getMessage() for record in caplog.records]


def test_the_pauses_grow_to_a_minute(hand):
    assert [hand.fails() for _ in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_after_pictures_came_for_a_while_the_pause_is_the_first_again(hand):
    assert [hand.fails() for _ in range(4)] == [1, 2, 4, 8]
    hand.shows(10)
    assert [hand.fails(), hand.fails()] == [1, 2]


def test_a_few_pictures_do_not_make_it_hurry(hand):
    assert [hand.fails() for _ in range(3)] == [1, 2, 4]
    hand.shows(9.9)
    assert hand.fails() == 8
    hand.seconds += 3600  # a pause, however long, is no time with pictures
    assert hand.fails() == 16


def test_an_outage_is_told_when_it_begins_when_the_reason_changes_and_when_it_is_over(hand, said):
    for why in ("it ended", "refused", "refused", "refused", "no answer"):
        hand.fails(why)
        hand.seconds += 10
    hand.shows(60)
    assert said() == [
        "the source: it ended; trying again until it shows pictures",
        "the source: refused; trying again until it shows pictures",
        "the source: no answer; trying again until it shows pictures",
        "the source shows pictures, after 50 s without",
    ]
    hand.fails("refused")
    hand.seconds += 5
    hand.shows(60)
    assert said()[4:] == [
        "the source: refused; trying again until it shows pictures",
        "the source shows pictures, after 5 s without",
    ]
    hand.shows(60)
    assert len(said()) == 6


def test_a_source_that_answers_at_once_is_no_news(hand, said):
    hand.shows(60)
    assert said() == []
