"""Turns among threads: one at a time, and nobody is passed by who has just had one."""

import threading
import time

import pytest

from emulator.turns import Turns


def test_only_one_has_a_turn_at_a_time():
    turns, inside, together = Turns(), [], []

    def take_some():
        for _ in range(50):
            with turns.turn():
                inside.append(1)
                time.sleep(0)  # let another thread run, if one can
                together.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=take_some) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert together == [1] * 400


def test_who_waits_is_not_passed_by_who_has_just_had_a_turn():
    turns, taken, over = Turns(), [], threading.Event()

    def take_one_after_the_other():  # as a player does that is as fast as it can be
        while not over.is_set():
            with turns.turn():
                taken.append(1)
                until_s = time.perf_counter() + 0.0005
                while time.perf_counter() < until_s:  # works, and so keeps the interpreter
                    pass

    greedy = threading.Thread(target=take_one_after_the_other)
    greedy.start()
    passed = []
    for _ in range(100):
        time.sleep(0.001)  # until the other is in the middle of a turn
        before = len(taken)
        with turns.turn():
            passed.append(len(taken) - before)
    over.set()
    greedy.join(30)
    # One may begin between the look and the wait. Few may be more: on a busy machine a thread
    # has to wait for its processor as well.
    assert sum(turns_had > 1 for turns_had in passed) <= 20


def test_a_turn_is_over_even_if_it_ends_badly():
    turns = Turns()

    def end_badly():
        with pytest.raises(ZeroDivisionError), turns.turn():
            raise ZeroDivisionError

    for _ in range(2):
        thread = threading.Thread(target=end_badly, daemon=True)
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
