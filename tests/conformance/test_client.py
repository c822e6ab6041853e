"""The client against servers that no camera is: an answer, or one line that says why not."""

import time
from datetime import UTC, datetime

import nasty
import pytest

from conformance import address
from conformance.client import Bounds, Client, Login, LoginRefusedError
from conformance.exchange import MOST_KEPT, NoAnswerError
from conformance.pace import Pace, SpentError
from conformance.trust import Trust

PASSWORD = "stunt-double-1"
QUICK = Bounds(connect_s=1, total_s=0.5, body_bytes=2**20)


def client(server, **how):
    pace = Pace(time.monotonic, lambda seconds: None, how.pop("budget", None))
    made = {"login": Login("admin", PASSWORD), "bounds": QUICK, **how}
    return Client(address.read(server.url), pace, lambda: datetime(2026, 3, 4, tzinfo=UTC), **made)


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [
        (nasty.hang, "no complete answer within 0.5 s"),
        (nasty.close, "no valid HTTP answer"),
        (nasty.garbage, "no valid HTTP answer"),
        (nasty.large, "larger than 1048576 bytes"),
        (nasty.large_refusal, "larger than 1048576 bytes"),
        (nasty.endless_head, "no complete answer within 0.5 s"),
        (nasty.dripping, "no complete answer within 0.5 s"),
        (nasty.odd_challenge, "a challenge that can't be answered"),
        (nasty.unknown_algorithm, "a challenge that can't be answered"),
    ],
)
def test_what_gives_no_answer_is_told_with_the_request_and_why(behaviour, why):
    with nasty.Server(behaviour) as server, client(server) as session:
        with pytest.raises(NoAnswerError) as told:
            session.get("/x?y=1")
        assert why in str(told.value)
        assert f"GET {server.url}/x?y=1" in str(told.value)
        assert session.exchanges


def test_nobody_there_is_told():
    with nasty.Server(nasty.hang) as gone:
        pass
    with client(gone) as session, pytest.raises(NoAnswerError, match="no connection"):
        session.get("/")


def test_a_redirect_is_an_answer_and_is_not_followed():
    with nasty.Server(nasty.redirect) as server, client(server) as session:
        answer = session.get("/")
        assert (answer.status, answer.header("Location")) == (302, "https://192.0.2.1/")
        assert len(server.requests) == 1


def test_a_body_is_whole_for_the_check_and_cut_for_the_record():
    roomy = Bounds(total_s=30, body_bytes=2 * nasty.LARGE)
    with nasty.Server(nasty.large) as server, client(server, bounds=roomy) as session:
        assert len(session.get("/").body) == nasty.LARGE
        (kept,) = session.exchanges
        assert (len(kept.answer.body), kept.answer_size) == (MOST_KEPT, nasty.LARGE)


def test_after_two_refusals_the_real_log_in_is_never_sent_again():
    with nasty.Server(nasty.refusing) as server, client(server) as session:
        assert session.get("/").status == 401
        for _ in range(3):
            with pytest.raises(LoginRefusedError, match="refused the log-in of 'admin' twice"):
                session.get("/")
        sent = [request for request in server.requests if "authorization:" in request.lower()]
        assert len(sent) == 2


def test_without_a_log_in_nothing_is_sent_in_anybodys_name():
    with nasty.Server(nasty.refusing) as server, client(server, login=None) as session:
        assert session.get("/").status == 401
        assert not [one for one in server.requests if "authorization:" in one.lower()]


def test_basic_is_never_sent_where_nobody_vouches_for_the_other_side():
    def only_basic(connection, _):
        nasty.said(connection, "401 No", 'WWW-Authenticate: Basic realm="x"\r\n' + nasty.EMPTY, b"")

    with nasty.Server(only_basic) as server:
        unverified = Trust(None, verified=False)
        with client(server, trust=unverified) as session:
            with pytest.raises(NoAnswerError, match="only Basic is offered"):
                session.get("/")
            assert not [one for one in server.requests if "authorization:" in one.lower()]
        with client(server) as session:
            assert session.get("/").status == 401
            assert [one for one in server.requests if "authorization: basic" in one.lower()]


def test_a_busy_device_is_asked_again_four_times_and_then_believed():
    with nasty.Server(nasty.busy) as server, client(server) as session:
        assert session.get("/").status == 503
        assert len(server.requests) == 5


def test_a_spent_budget_sends_nothing_more():
    with nasty.Server(nasty.no_camera) as server, client(server, budget=2) as session:
        session.get("/")
        session.get("/")
        with pytest.raises(SpentError, match="2 requests"):
            session.get("/")
        assert len(server.requests) == 2


@pytest.mark.parametrize("target", ["/\x00", "/" + "a" * 70000])
def test_a_target_that_no_request_can_have_is_told(target):
    with nasty.Server(nasty.no_camera) as server, client(server) as session:
        with pytest.raises(NoAnswerError):
            session.get(target)
        assert server.requests == []


def test_a_password_is_not_in_what_python_shows_of_a_log_in():
    assert PASSWORD not in repr(Login("admin", PASSWORD))
