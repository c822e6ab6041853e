"""Streams of what is no camera: a word on what came, soon, whatever is sent."""

import time
from datetime import UTC, datetime

import nasty
import pytest
from rtsp_server import RtspServer

from conformance import address
from conformance.client import Client, Login
from conformance.exchange import NoAnswerError
from conformance.expect import NotCheckedError
from conformance.pace import Pace, SpentError
from conformance.streams import asking, playing

LOGIN = Login("anna", "secret-word-1")


def client(url, budget=None):
    pace = Pace(time.monotonic, time.sleep, budget)
    return Client(address.read(url), pace, lambda: datetime.now(UTC), LOGIN)


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(asking, "WITHIN_S", 0.3)
    monkeypatch.setattr(playing, "OPENS_S", 0.5)


def rtsp(server):
    return server.url.replace("http", "rtsp") + "/main"


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        (nasty.garbage, "no RTSP"),
        (nasty.close, "closed without"),
        (nasty.hang, "timed out"),
        (nasty.endless_head, "no RTSP"),
        (nasty.flood, "header of more than"),
    ],
)
def test_a_description_that_is_none_is_told_in_a_line(behaviour, told):
    with nasty.Server(behaviour) as server, client(server.url) as session:
        with pytest.raises(NoAnswerError, match=told):
            asking.describe(session, rtsp(server), LOGIN)
        assert [one.method for one in session.exchanges] == ["DESCRIBE"]
        assert session.exchanges[0].failure or session.exchanges[0].answer


def test_nobody_is_followed_elsewhere():
    with nasty.Server(nasty.rtsp_elsewhere) as server, client(server.url) as session:
        assert asking.describe(session, rtsp(server), LOGIN).status == 302


@pytest.mark.parametrize("behaviour", [nasty.garbage, nasty.close, nasty.hang])
def test_a_stream_that_is_none_does_not_play_and_tells_no_password(behaviour):
    with nasty.Server(behaviour) as server, client(server.url) as session:
        with pytest.raises(NoAnswerError, match=r"\(tcp\): it does not play") as told:
            playing.play(session, rtsp(server), LOGIN)
        said = str(told.value) + repr(session.exchanges)
        assert LOGIN.password not in said


def test_pictures_of_too_many_pixels_get_no_memory(monkeypatch):
    with RtspServer() as server, client("http://127.0.0.1:9") as session:
        assert playing.play(session, server.url, None).size == (64, 48)
        monkeypatch.setattr(playing, "BOUNDED", {"max_pixels": "3000"})  # of 3072
        with pytest.raises(NoAnswerError, match=r"it does not play|no picture"):
            playing.play(session, server.url, None)


def test_a_password_is_not_shown_to_who_asks_for_basic_alone():
    with RtspServer(login="anna:x") as server, client("http://127.0.0.1:9") as session:
        with pytest.raises(NotCheckedError, match="Basic"):
            asking.describe(session, server.name, LOGIN)
        assert len(session.exchanges) == 1


def test_asking_and_playing_count_in_the_budget():
    with nasty.Server(nasty.rtsp_elsewhere) as server, client(server.url, budget=1) as session:
        asking.describe(session, rtsp(server))
        with pytest.raises(SpentError, match="budget of 1 requests"):
            playing.play(session, rtsp(server), LOGIN)


def test_motion_without_end_is_read_until_it_is_enough():
    with nasty.Server(nasty.motion_without_end) as server, client(server.url) as session:
        answer = session.get("/mjpeg", pictures=20)
    assert answer.body.count(b"--frame") > 20
    assert len(answer.body) < 2**20


@pytest.mark.parametrize("error", [NoAnswerError(""), KeyboardInterrupt(), OSError()])
def test_what_was_broken_off_is_recorded_as_no_answer(error):
    def ask():
        raise error

    with client("http://127.0.0.1:9") as session:
        with pytest.raises(type(error)):
            session.recorded("PROBE", "soap.udp://x", b"", ask)
        [one] = session.exchanges
        assert (one.answer, one.failure) == (None, type(error).__name__)
