"""The faults in force: begun, asked from any thread, and ended."""

import threading

import pytest

from emulator.core.faults import FaultError
from emulator.faulting import Desk


class Hands:
    """Real time and a film, both turned by the test."""

    def __init__(self):
        self.now_s, self.film = 1000.0, 0
        self.desk = Desk(lambda: self.film, lambda: self.now_s)


@pytest.fixture
def hands():
    return Hands()


def kinds(struck):
    return [fault.kind for fault in struck]


def test_faults_are_numbered_and_listed_in_the_order_of_their_beginning(hands):
    hands.desk.begin("latency", {}, None)
    hands.desk.begin("status", {"status": 500}, 5.0, count=2)
    told = [(fault.number, fault.kind, ends_in_s) for fault, ends_in_s in hands.desk.active()]
    assert told == [(1, "latency", None), (2, "status", 5.0)]
    hands.now_s += 2
    assert hands.desk.active()[1][1] == 3.0


def test_a_fault_ends_by_itself_or_by_hand(hands):
    hands.desk.begin("latency", {}, 5.0)
    hands.desk.begin("status", {}, None, count=1)
    hands.desk.begin("reset", {}, None)
    assert kinds(hands.desk.strikes("request")) == ["latency", "status", "reset"]
    assert kinds(hands.desk.strikes("request")) == ["latency", "reset"]
    hands.now_s += 5
    assert kinds(hands.desk.strikes("request")) == ["reset"]
    assert hands.desk.end(3)
    assert not hands.desk.end(3)
    assert hands.desk.strikes("request") == ()
    assert hands.desk.active() == []


def test_what_lasts_holds_for_its_seconds(hands):
    hands.desk.begin("refuse", {}, None, count=2)
    assert kinds(hands.desk.lasting()) == ["refuse"]
    hands.now_s += 1.9
    assert kinds(hands.desk.lasting()) == ["refuse"]
    hands.now_s += 0.2
    assert hands.desk.lasting() == []
    assert hands.desk.active() == []


def test_what_lasts_ends_with_its_duration(hands):
    hands.desk.begin("sd", {"state": "full"}, 3.0)
    hands.now_s += 2.99
    assert kinds(hands.desk.lasting()) == ["sd"]
    hands.now_s += 0.01
    assert hands.desk.lasting() == []


def test_minutes_are_the_films(hands):
    hands.desk.begin("clock-jump", {"by_s": 60}, None)
    assert len(hands.desk.minutes()) == 1
    assert hands.desk.minutes() == []
    hands.film += 180_000
    assert len(hands.desk.minutes()) == 3


def test_all_can_be_ended_at_once(hands):
    hands.desk.begin("refuse", {}, None)
    hands.desk.begin("latency", {}, None)
    assert hands.desk.end()
    assert hands.desk.lasting() == []
    assert not hands.desk.end()


def test_a_number_is_never_given_twice(hands):
    hands.desk.begin("refuse", {}, None)
    hands.desk.end()
    assert hands.desk.begin("refuse", {}, None).number == 2


def test_many_threads_share_the_count_of_one_fault(hands):
    hands.desk.begin("status", {}, None, count=100)
    struck = []

    def ask():
        for _ in range(100):
            struck.extend(hands.desk.strikes("request"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(struck) == 100


def test_a_fault_that_can_not_be_is_not_begun(hands):
    with pytest.raises(FaultError, match="is unknown"):
        hands.desk.begin("lag", {}, None)
    assert hands.desk.active() == []
