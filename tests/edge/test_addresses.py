"""What may be typed for a live source; above all, that no password is ever shown."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.edge.sources import SourceError, network, webcam
from emulator.edge.sources.addresses import opened

# --- worked examples -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("rtsp://10.0.0.7/main", "rtsp://10.0.0.7/main"),
        ("rtsp://me:pw@10.0.0.7:8554/main", "rtsp://10.0.0.7:8554/main"),
        ("rtsps://me@cam.example/a/b", "rtsps://cam.example/a/b"),
        ("https://cam.example/video.cgi?user=me&pwd=pw", "https://cam.example/video.cgi"),
        ("http://[fe80::1]:80/x#y", "http://[fe80::1]:80/x"),
        ("rtsp://cam/user=me_password=pw_channel=1", "rtsp://cam/user=me_password=..._channel=1"),
        ("rtsp://me:p@w@cam/main", "rtsp://cam/main"),
    ],
)
def test_a_stream_is_called_by_its_url_without_its_secrets(url, name):
    address = network(url)
    assert address.name == name
    assert address.target == url
    assert "pw" not in repr(address)


def test_rtsp_is_read_over_tcp():
    assert network("rtsp://10.0.0.7/main").options["rtsp_transport"] == "tcp"


# --- laws ----------------------------------------------------------------------------------------


@given(st.text())
def test_no_password_is_ever_told(secret):
    for typed in (secret, quote(secret, safe="")):
        url = f"rtsp://admin:Zq9{typed}@host.example/main?channel=Zq9{typed}"
        try:
            told = network(url).name
        except SourceError as error:  # of a password with a "/" that should be a "%2F"
            told = str(error)
        assert "Zq9" not in told


@given(st.text())
def test_any_text_is_an_address_or_refused(text):
    for url in (text, f"rtsp://{text}"):
        try:
            assert network(url).target == url
        except SourceError as error:
            assert "is no URL such as" in str(error) or "the kinds are" in str(error)  # noqa: PT017


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    ["rtsp://", "rtsp:///main", "rtsp://:554/main", "rtsp://host:port/main", "rtsp://host:99999/",
     "rtsp://[::1/main", "rtsp://ho st/main", "rtsp://host/ma\nin", "rtsp://me:pw@/x"],
)  # fmt: skip
def test_a_malformed_url_is_refused_by_name(url):
    with pytest.raises(
        SourceError, match=r"is no URL such as rtsp://user:password@host"
    ) as refused:
        network(url)
    assert "pw" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["ftp", "file", "udp", "rtmp", "concat", "data"])
def test_another_kind_of_url_is_refused_by_name(scheme):
    with pytest.raises(SourceError, match=r"^\w+://host/x can't be read: the kinds are rtsp, "):
        network(f"{scheme}://host/x")


@pytest.mark.parametrize("number", ["", "x", "-1", "0x1", "1/../../null", "\u0661", "1234"])
def test_a_webcam_has_a_number(number):
    with pytest.raises(SourceError, match="is no webcam; camera:0 is the first"):
        webcam(number)


def test_a_webcam_that_is_not_there_is_refused_by_name():
    absent = next(number for number in range(999) if not Path(f"/dev/video{number}").exists())
    with pytest.raises(SourceError, match=f"^camera:{absent} is not there: /dev/video{absent} "):
        webcam(str(absent))


def test_why_it_can_not_be_opened_holds_no_url():
    with pytest.raises(SourceError) as refused:
        opened(network("rtsp://me:secret-1@127.0.0.1:1/main"), 10, 1)
    assert str(refused.value) == "Connection refused"
