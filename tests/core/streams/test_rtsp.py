"""RTSP's messages: what is read, what is refused with which status, what is answered."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.streams import rtsp
from emulator.core.streams.rtsp import Place, RtspError


def status_of(call, *arguments):
    with pytest.raises(RtspError) as refused:
        call(*arguments)
    return refused.value.status


def test_a_request_is_its_line_and_its_fields():
    request = rtsp.read_request(
        b"SETUP rtsp://camera/main/track1 RTSP/1.0\r\nCSeq: 3\r\nSESSION:  7f;timeout=60 \r\n"
        b"Transport: RTP/AVP;unicast;client_port=5000-5001\r\n\r\n"
    )
    assert (request.method, request.uri) == ("SETUP", "rtsp://camera/main/track1")
    assert (request.cseq, request.session, request.length) == ("3", "7f", 0)
    assert request.fields["transport"] == "RTP/AVP;unicast;client_port=5000-5001"


def test_a_field_given_twice_is_one_list():
    request = rtsp.read_request(b"OPTIONS * RTSP/1.0\r\nRequire: a\r\nRequire: b\r\n\r\n")
    assert request.fields["require"] == "a, b"


def test_an_answer_is_spelled_as_rfc_2326_does():
    spelled = rtsp.response(200, "3", {"Session": "7f"}, "v=0\r\n")
    assert spelled == (
        b"RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 7f\r\nContent-Length: 5\r\n\r\nv=0\r\n"
    )


@pytest.mark.parametrize(
    ("uri", "where"),
    [
        ("rtsp://camera/main", Place("main", None)),
        ("rtsp://camera:8554//main", Place("main", None)),  # facts 8
        ("rtsp://camera/sub/", Place("sub", None)),
        ("rtsp://camera/third?transportmode=unicast", Place("third", None)),
        ("rtsp://camera/main/track2", Place("main", "track2")),
        ("rtsp://camera/main?x=1/track1", Place("main", "track1")),
        ("/main", Place("main", None)),
        ("//main", Place("main", None)),
    ],
)
def test_a_stream_is_found_however_players_spell_it(uri, where):
    assert rtsp.place(uri) == where


@pytest.mark.parametrize(
    "uri",
    ["rtsp://c/forth", "rtsp://c/fifth", "rtsp://c/", "*", "rtsp://c/main/track3", "rtsp://c/MAIN"],
)
def test_what_is_not_served_is_not_found(uri):
    assert status_of(rtsp.place, uri) == 404


def test_tracks_are_relative_to_the_stream_as_the_client_calls_it():
    assert rtsp.base("rtsp://camera.local:9//main?x=1", "main") == "rtsp://camera.local:9/main/"
    assert rtsp.base("//main", "main") == rtsp.base("/main", "main") == "/main/"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"OPTIONS * RTSP/2.0\r\n\r\n", 505),
        (b"OPTIONS * SIP/2.0\r\n\r\n", 400),
        (b"OPTIONS  * RTSP/1.0\r\n\r\n", 400),
        (b"OPTIONS * RTSP/1.0\r\nno field\r\n\r\n", 400),
        (b"OPTIONS * RTSP/1.0\r\n: empty\r\n\r\n", 400),
        (b"OPTIONS * RTSP/1.0\r\n" + b"A: b\r\n" * 65 + b"\r\n", 400),
        (b"\xff\xfe * RTSP/1.0\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_has_a_status(head, status):
    assert status_of(rtsp.read_request, head) == status


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("Content-Length: -1", 400),
        ("Content-Length: much", 400),
        ("Content-Length: 4097", 413),
        ("Content-Length: 99999999999999999999", 413),
    ],
)
def test_a_body_that_cannot_be_has_a_status(field, status):
    request = rtsp.read_request(f"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n{field}\r\n\r\n".encode())
    assert status_of(lambda: request.length) == status


@pytest.mark.parametrize("field", ["X: 1", "CSeq: one", "CSeq: 12345678901", "CSeq: -1"])
def test_a_request_without_a_number_is_refused(field):
    request = rtsp.read_request(f"OPTIONS * RTSP/1.0\r\n{field}\r\n\r\n".encode())
    assert status_of(lambda: request.cseq) == 400


@given(st.binary(max_size=200))
def test_any_octets_are_a_request_or_refused(octets):
    with suppress(RtspError):
        request = rtsp.read_request(octets)
        assert request.method
        assert request.uri


@given(st.text(max_size=60))
def test_any_uri_is_a_place_or_refused(uri):
    with suppress(RtspError):
        assert rtsp.place(uri).stream in ("main", "sub", "third")
