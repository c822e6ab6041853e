"""How a page's requests come to the session's thread, and nobody is left waiting for an answer."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from conformance import interrupting
from conformance.browsing import Line
from conformance.carrying import Asked
from conformance.exchange import Answer

WITHIN_S = 30
ASKED = [Asked("GET", f"http://10.0.0.5/{number}", (), None, False) for number in range(3)]


def carried(asked):
    return Answer(asked.url, 200, (), b"")


@pytest.fixture
def page():
    """The browser's thread."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


def test_each_request_has_its_answer_until_the_end(page):
    line = Line()
    visit = page.submit(lambda: [line.ask(one) for one in ASKED])
    visit.add_done_callback(lambda _: line.end())
    line.answer(carried)
    assert visit.result(WITHIN_S) == [carried(one) for one in ASKED]


def test_a_request_that_is_broken_off_has_none_and_so_have_the_next(page):
    line = Line()
    visit = page.submit(lambda: [line.ask(one) for one in ASKED])

    def carry(asked):
        if asked != ASKED[0]:
            raise KeyboardInterrupt
        return carried(asked)

    with pytest.raises(KeyboardInterrupt):
        line.answer(carry)
    assert visit.result(WITHIN_S) == [carried(ASKED[0]), None, None]


def test_broken_off_between_two_requests_the_next_has_no_answer(page):
    line = Line()
    first = page.submit(line.ask, ASKED[0])
    first.add_done_callback(lambda _: os.kill(os.getpid(), signal.SIGINT))
    with interrupting.once(), pytest.raises(KeyboardInterrupt):
        line.answer(carried)
    assert first.result(WITHIN_S) == carried(ASKED[0])
    assert page.submit(line.ask, ASKED[1]).result(WITHIN_S) is None
