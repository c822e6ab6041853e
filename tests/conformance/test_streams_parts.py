"""RTSP, MJPEG and pictures of the harness: worked examples, and whatever bytes may come."""

import contextlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.client import Login
from conformance.scenes import COLUMNS, FLOOR, ROWS, Block, Box
from conformance.streams import pictures, rtsp
from conformance.streams.pictures import PictureError
from conformance.streams.rtsp import RtspError

# --- RTSP ----------------------------------------------------------------------------------------

REPLY = (
    b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n"
    b'WWW-Authenticate: Basic realm="c"\r\n'
    b'WWW-Authenticate: Digest realm="c,d", nonce="abc", qop="auth", algorithm=MD5\r\n'
    b"Content-Length: 2\r\n\r\nhi"
)


def test_a_request_is_its_lines():
    said = rtsp.request("DESCRIBE", "rtsp://c/main", 3, {"Accept": "application/sdp"})
    assert said == (
        b"DESCRIBE rtsp://c/main RTSP/1.0\r\nCSeq: 3\r\nUser-Agent: stuntcam\r\n"
        b"Accept: application/sdp\r\n\r\n"
    )


def test_a_reply_is_its_status_headers_and_body():
    reply = rtsp.reply(REPLY)
    assert (reply.status, reply.body) == (401, b"hi")
    assert reply.challenge == {
        "realm": "c,d", "nonce": "abc", "qop": "auth", "algorithm": "MD5"
    }  # fmt: skip


def test_an_answer_is_whole_with_its_last_byte():
    for cut in range(len(REPLY)):
        length = rtsp.needed(REPLY[:cut])
        assert length in {None, len(REPLY)}
    assert rtsp.needed(REPLY + b"more") == len(REPLY)


@pytest.mark.parametrize(
    ("received", "told"),
    [
        (b"HTTP/1.1 200 OK\r\n", "no RTSP"),
        (b"\x24\x00", "no RTSP"),
        (b"RTSP/1.0 200 OK\r\nx: " + b"a" * rtsp.MOST_BYTES, "header of more than"),
        (b"RTSP/1.0 200 OK\r\nContent-Length: 999999999\r\n\r\n", "more than 65536"),
    ],
)
def test_what_is_no_answer_or_too_long_is_given_up(received, told):
    with pytest.raises(RtspError, match=told):
        rtsp.needed(received)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_reply_or_none(received):
    try:
        rtsp.needed(received)
        rtsp.reply(received)
    except RtspError:
        pass


def test_digest_with_qop_is_rfc_2617s_example():
    """RFC 2617, 3.5: its user, realm, nonce, cnonce and response; of GET /dir/index.html."""
    challenge = {
        "realm": "testrealm@host.com",
        "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093",
        "qop": "auth,auth-int",
        "opaque": "5ccc069c403ebaf9f0171e9517f40e41",
    }
    login = Login("Mufasa", "Circle Of Life")
    said = rtsp.authorization(challenge, "GET", "/dir/index.html", login, "0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in said
    assert 'opaque="5ccc069c403ebaf9f0171e9517f40e41"' in said


def test_digest_without_qop_is_rfc_2069s():
    """RFC 2069, 2.4, with the response that its erratum 749 gives."""
    challenge = {"realm": "testrealm@host.com", "nonce": "dcd98b7102dd2f0e8b11d0f600bfb0c093"}
    login = Login("Mufasa", "CircleOfLife")
    said = rtsp.authorization(challenge, "GET", "/dir/index.html", login, "x")
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in said
    assert "qop" not in said


@pytest.mark.parametrize("challenge", [{"nonce": "a", "algorithm": "SHA-9"}, {"realm": "x"}])
def test_a_challenge_that_is_none_is_not_answered(challenge):
    with pytest.raises(RtspError, match="can't be answered"):
        rtsp.authorization(challenge, "DESCRIBE", "rtsp://c", Login("a", "b"), "c")


# --- pictures ------------------------------------------------------------------------------------

BLOCKS = [Block(Box(220, 100, 290, 150)), Block(Box(180, 300, 250, 350))]


def floor(*blocks, rows=ROWS, columns=COLUMNS):
    shown = np.full((ROWS, COLUMNS), FLOOR, np.uint8)
    for block in blocks:
        box = block.box
        shown[box.top : box.bottom, box.left : box.right] = block.grey
    return cv2.resize(shown, (columns, rows), interpolation=cv2.INTER_NEAREST)


def encoded(picture):
    return cv2.imencode(".jpg", picture)[1].tobytes()


@pytest.mark.parametrize(("rows", "columns"), [(360, 640), (1080, 1920), (240, 320)])
def test_a_block_is_seen_whatever_the_pictures_size(rows, columns):
    body = encoded(floor(BLOCKS[1], rows=rows, columns=columns))
    picture, size = pictures.jpeg(body)
    assert size == (columns, rows)
    assert pictures.seen(picture, BLOCKS) == [1]
    assert pictures.seen(floor(), BLOCKS) == []
    assert pictures.seen(floor(*BLOCKS), BLOCKS) == [0, 1]


def test_pictures_of_one_scene_are_alike_and_others_are_not():
    assert pictures.likeness(floor(BLOCKS[0]), floor(BLOCKS[1])) > 0.9
    card = np.broadcast_to(np.linspace(0, 255, COLUMNS).astype(np.uint8), (ROWS, COLUMNS))
    assert pictures.likeness(floor(), np.ascontiguousarray(card)) < pictures.ALIKE_SHARE


def test_a_picture_of_too_many_pixels_is_not_decoded():
    body = bytearray(encoded(floor()))
    at = body.index(b"\xff\xc0")
    body[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    with pytest.raises(PictureError, match="65535 x 65535 pixels are more than"):
        pictures.jpeg(bytes(body))


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"", "no JPEG"), (b"GIF89a", "no JPEG"), (b"\xff\xd8\xff\xd9", "without a frame header")],
)
def test_what_is_no_picture_is_named(body, told):
    with pytest.raises(PictureError, match=told):
        pictures.jpeg(body)


def test_a_jpeg_that_is_cut_short_is_no_picture_or_a_grey_one():
    body = encoded(floor())
    with pytest.raises(PictureError, match="can't be decoded"):
        pictures.jpeg(body[:200])


@given(st.binary(max_size=200))
def test_any_bytes_behind_a_jpegs_beginning_are_a_picture_or_none(rest):
    with contextlib.suppress(PictureError):
        pictures.jpeg(b"\xff\xd8" + rest)


# --- MJPEG ---------------------------------------------------------------------------------------


def test_the_whole_parts_of_a_stream_are_its_pictures():
    kind = 'multipart/x-mixed-replace; charset=x; boundary="--frame"'
    one = b"\r\nContent-Type: image/jpeg\r\n\r\n"
    body = b"--frame" + one + b"JPEG1\r\n--frame" + one + b"JPEG2\r\n--frame" + one + b"JP"
    assert pictures.parts(body, kind) == [b"JPEG1", b"JPEG2"]


@pytest.mark.parametrize("kind", ["", "image/jpeg", "multipart/x-mixed-replace"])
def test_a_stream_of_another_type_is_named(kind):
    with pytest.raises(PictureError, match=r"no multipart/x-mixed-replace"):
        pictures.parts(b"", kind)
