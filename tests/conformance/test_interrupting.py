"""Being told to end takes hold once, and not in the midst of a request."""

import os
import signal
import sys
import time
from datetime import UTC, datetime

import nasty
import pytest

from conformance import address, interrupting
from conformance.client import Client
from conformance.pace import Pace

ENDING = [signal.SIGINT, signal.SIGTERM]


@pytest.fixture(autouse=True)
def as_they_were():
    """A test that fails leaves no handler behind."""
    kept = {number: signal.getsignal(number) for number in ENDING}
    yield
    assert {number: signal.getsignal(number) for number in ENDING} == kept
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING)
def test_the_first_ends_what_is_done_and_the_next_are_not_heard(number):
    heard = []
    with interrupting.once():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(number)
        heard += [signal.raise_signal(other) for other in ENDING]
    assert heard == [None, None]


@pytest.mark.parametrize("number", ENDING)
def test_a_request_that_is_sent_gets_its_answer_first(number):
    def ending(connection, _):
        if connection.recv(65536):  # the server's own last connection says nothing
            os.kill(os.getpid(), number)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsaved")

    pace = Pace(time.monotonic, time.sleep)
    with (
        nasty.Server(ending) as server,
        interrupting.once(),
        Client(address.read(server.url), pace, lambda: datetime.now(UTC)) as client,
    ):
        with pytest.raises(KeyboardInterrupt):
            client.get("/save")
        [one] = client.exchanges
    assert (one.answer.body, one.failure) == (b"saved", "")


def test_what_is_put_off_comes_after_what_went_wrong_as_well():
    @interrupting.answered()
    def ask():
        signal.raise_signal(signal.SIGINT)
        raise ValueError("no answer")

    with interrupting.once(), pytest.raises(KeyboardInterrupt):
        ask()


def test_what_is_not_heard_outside_is_not_heard_afterwards():
    with interrupting.undisturbed(), interrupting.answered():
        signal.raise_signal(signal.SIGTERM)


def test_what_was_lost_in_a_finaliser_is_raised_by_the_next_request(monkeypatch):
    lost = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: lost.append(told.exc_type))

    class Dropped:
        def __del__(self):
            signal.raise_signal(signal.SIGTERM)

    with interrupting.once():
        one = Dropped()
        del one
        assert lost == [KeyboardInterrupt]
        with interrupting.undisturbed(), interrupting.answered():
            lost.append("given back")
        with pytest.raises(KeyboardInterrupt), interrupting.answered():
            lost.append("asked")
    assert lost == [KeyboardInterrupt, "given back"]
