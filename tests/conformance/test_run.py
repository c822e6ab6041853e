"""When a run stops by itself."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from conformance.exchange import Exchange
from conformance.run import IN_VAIN_S, Options, Run

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def run_after(*exchanges):
    """A run with a device that took so many seconds for each answer, and said why none came."""
    asked = [
        Exchange(NOW, seconds, "GET", "http://127.0.0.1/", (), b"", None, failure=failure)
        for seconds, failure in exchanges
    ]
    client = SimpleNamespace(exchanges=asked)
    options = Options(url="http://127.0.0.1", login=None, journals=None)
    return Run(options, client, None, {}, "read-only", 1, None, None, NOW)


@pytest.mark.parametrize(
    ("exchanges", "stopped"),
    [
        ([], ""),
        ([(IN_VAIN_S + 1, "")], ""),
        ([(IN_VAIN_S / 2, "no answer")] * 2, ""),
        (
            [(30.0, "no answer")] * 11,
            "330 s were spent on waiting for answers that did not come",
        ),
    ],
)
def test_a_run_stops_after_waiting_too_long_in_vain(exchanges, stopped):
    run = run_after(*exchanges)
    run.stop_if_silent()
    assert run.stopped == stopped


def test_why_it_was_stopped_first_is_kept():
    run = run_after(*[(30.0, "no answer")] * 11)
    run.stopped = "interrupted"
    run.stop_if_silent()
    assert run.stopped == "interrupted"


def test_a_note_is_told_once():
    run = run_after()
    run.tell_once(["one", "two"])
    run.tell_once(["two", "three"])
    assert run.notes == ["one", "two", "three"]
