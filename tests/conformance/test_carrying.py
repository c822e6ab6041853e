"""What a browser asks for, carried over the run's session; with a real one in tests/browser."""

import socket
import time
from datetime import UTC, datetime

import nasty
import pytest

from conformance import address
from conformance.carrying import PICTURE_KEPT, Asked, Carrier, headers_for_a_browser
from conformance.client import Bounds, Client, Login
from conformance.exchange import Answer, NoAnswerError
from conformance.expect import NotCheckedError
from conformance.pace import Pace, SpentError


@pytest.fixture
def carried():
    """Carries a request to a server of one behaviour; returns answer, carrier, client, server."""
    opened = []

    def carry(behaviour, path="/x?a=%20b#here", budget=None, is_page=False, url=None):
        server = nasty.Server(behaviour)
        server.__enter__()
        pace = Pace(time.monotonic, lambda seconds: None, budget)
        client = Client(
            address.read(server.url),
            pace,
            lambda: datetime(2026, 3, 4, tzinfo=UTC),
            Login("admin", "stunt-double-1"),
            bounds=Bounds(connect_s=1, total_s=0.5),
        )
        opened.append((client, server))
        carrier = Carrier(client)
        headers = (("user-agent", "Browser/1"), ("cookie", "a=b"), ("accept-encoding", "br"))
        asked = Asked("POST", url or server.url + path, headers, b"body", is_page)
        return carrier.carry(asked), carrier, client, server

    yield carry
    for client, server in opened:
        client.close()
        server.__exit__(None, None, None)


def answering(status, headers=(), body=b""):
    lines = "".join(f"{name}: {text}\r\n" for name, text in headers)

    def behaviour(connection, _):
        nasty.said(connection, status, f"{lines}Content-Length: {len(body)}\r\n", body)

    return behaviour


def test_a_request_goes_as_the_browser_spelled_it_and_not_in_the_runs_name(carried):
    answer, carrier, client, server = carried(answering("200 OK", (), b"here"))
    (request,) = server.requests
    lines = request.lower().split("\r\n")
    assert lines[0] == "post /x?a=%20b http/1.1"
    assert "user-agent: browser/1" in lines
    assert "cookie: a=b" in lines
    assert "accept-encoding: identity" in lines
    assert not [line for line in lines if line.startswith("authorization")]
    assert (answer.status, answer.body, carrier.trouble) == (200, b"here", None)
    assert client.exchanges[0].request_body == b"body"


def test_what_is_elsewhere_is_never_asked_for(carried):
    answer, carrier, client, _ = carried(answering("200 OK"), url="http://192.0.2.1/x")
    assert (answer, carrier.trouble, client.exchanges) == (None, None, [])


@pytest.mark.parametrize(
    ("behaviour", "budget", "kind"),
    [
        (nasty.hang, None, NoAnswerError),
        (nasty.no_camera, 0, SpentError),
        (nasty.redirect, None, NotCheckedError),  # to another host
    ],
)
def test_why_there_is_no_answer_is_kept(carried, behaviour, budget, kind):
    answer, carrier, _, _ = carried(behaviour, budget=budget)
    assert answer is None
    assert isinstance(carrier.trouble, kind)


def test_a_redirected_page_is_one_that_leads_there_and_a_loop_ends(carried):
    there = answering("302 Found", (("Location", '/y?a=1&b="'), ("Set-Cookie", "s=1")))
    answer, _, client, _ = carried(there, is_page=True)
    assert answer.status == 200
    assert b"/y?a=1&amp;b=&quot;" in answer.body
    assert ("set-cookie", "s=1") in [(name.lower(), text) for name, text in answer.headers]
    assert len(client.exchanges) == 1
    answer, carrier, client, _ = carried(there)
    assert answer is None
    assert "again and again" in str(carrier.trouble)
    assert len(client.exchanges) == 5


@pytest.mark.parametrize(
    ("status", "first", "body"),
    [
        (301, "GET /y", b""),
        (302, "GET /y", b""),
        (303, "GET /y", b""),
        (307, "POST /y", b"body"),
        (308, "POST /y", b"body"),
    ],
)
def test_a_form_that_is_redirected_is_asked_for_again_as_by_a_browser(carried, status, first, body):
    def leading(connection, _):
        head = connection.recv(65536, socket.MSG_PEEK)
        there = (f"{status} Elsewhere", "Location: /y\r\n" + nasty.EMPTY)
        nasty.said(connection, *(there if b" /x" in head else ("200 OK", nasty.EMPTY)), b"")

    answer, _, client, server = carried(leading)
    assert answer.status == 200
    assert server.requests[-1].startswith(first)
    assert client.exchanges[-1].request_body == body


def test_pictures_are_whole_for_the_page_and_short_in_the_record(carried):
    picture = b"\xff\xd8" + bytes(5000)
    answer, _, client, _ = carried(answering("200 OK", (("Content-Type", "image/jpeg"),), picture))
    assert answer.body == picture
    assert client.exchanges[0].answer.body == picture[:PICTURE_KEPT]
    assert client.exchanges[0].answer_size == len(picture)


def test_a_stream_of_pictures_is_read_up_to_its_second_one(carried):
    def stream(connection, over):
        kind = 'Content-Type: multipart/x-mixed-replace; boundary="frame"\r\n'
        nasty.said(connection, "200 OK", kind, b"--frame\r\n\r\none\r\n--frame\r\n\r\ntwo")
        over.wait(5)

    answer, carrier, _, _ = carried(stream)
    assert answer.body.startswith(b"--frame\r\n\r\none\r\n--frame")
    assert carrier.trouble is None


def test_headers_of_one_name_are_handed_over_as_a_browser_takes_them():
    headers = (("Set-Cookie", "a=1"), ("set-cookie", "b=2"), ("Vary", "x"), ("Vary", "y"))
    answer = Answer("GET /", 200, (*headers, ("Content-Length", "3")), b"")
    assert headers_for_a_browser(answer) == {"set-cookie": "a=1\nb=2", "vary": "x, y"}
