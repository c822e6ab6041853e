"""MJPEG's addresses and parts: literal in, literal out."""

import pytest

from emulator.core.streams.mjpeg import BEGIN, CONTENT_TYPE, part, stream_of
from emulator.core.streams.overlay import Over, asked_over


@pytest.mark.parametrize(
    ("path", "query", "stream"),
    [  # facts 8
        ("/ipcam/mjpeg.cgi", {}, "main"),
        ("/ipcam/mjpegcif.cgi", {}, "sub"),
        ("/ipcam/mjpegcif.cgi", {"streamtype": "main"}, "sub"),
        ("/ipcam/httpstream.cgi", {}, "main"),
        ("/ipcam/httpstream.cgi", {"streamtype": "main"}, "main"),
        ("/ipcam/httpstream.cgi", {"streamtype": "cif"}, "sub"),
        ("/ipcam/httpstream.cgi", {"streamtype": "third"}, "third"),
        ("/ipcam/httpstream.cgi", {"streamtype": "fourth"}, None),
        ("/ipcam/httpstream.cgi", {"streamtype": ""}, None),
        ("/ipcam/other.cgi", {}, None),
    ],
)
def test_an_address_shows_a_stream(path, query, stream):
    assert stream_of(path, query) == stream


def test_parts_follow_one_another_with_a_boundary_between():
    assert CONTENT_TYPE == "multipart/x-mixed-replace; boundary=stuntcam"
    assert BEGIN + part(b"JPEG") + part(b"MORE!") == (
        b"--stuntcam\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\nJPEG\r\n"
        b"--stuntcam\r\nContent-Type: image/jpeg\r\nContent-Length: 5\r\n\r\nMORE!\r\n"
        b"--stuntcam\r\n"
    )


def test_what_stands_over_a_picture_is_asked_for_with_ones():
    assert asked_over({}) == Over(clock=False, boxes=False, heat=False)
    assert asked_over({}, clock=True) == Over(clock=True, boxes=False, heat=False)
    asked = {"clock": "0", "boxes": "1", "heat": "1", "other": "1"}
    assert asked_over(asked, clock=True) == Over(clock=False, boxes=True, heat=True)
    for text in ("", "yes", "2", "01", "١"):
        assert asked_over({"clock": text, "boxes": text}, clock=True) == Over(clock=True)
