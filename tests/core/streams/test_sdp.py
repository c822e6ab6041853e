"""The description of a stream (RFC 4566)."""

from emulator.core.streams import sdp
from emulator.core.streams.sdp import Video


def test_a_description_has_a_picture_and_its_metadata():
    video = Video("H264", "packetization-mode=1", 12.5, 720, 1280)
    assert sdp.description("main", 9, "192.0.2.7", video).split("\r\n") == [
        "v=0",
        "o=- 9 1 IN IP4 192.0.2.7",
        "s=main",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        "m=video 0 RTP/AVP 96",
        "a=rtpmap:96 H264/90000",
        "a=fmtp:96 packetization-mode=1",
        "a=framerate:12.5",
        "a=x-dimensions:1280,720",
        "a=control:track1",
        "a=recvonly",
        "m=application 0 RTP/AVP 107",
        "a=rtpmap:107 vnd.onvif.metadata/90000",
        "a=control:track2",
        "a=recvonly",
        "",
    ]


def test_jpeg_has_the_payload_type_of_rfc_3551_and_no_parameters():
    lines = sdp.description("sub", 9, "::1", Video("JPEG", "", 5, 360, 640)).split("\r\n")
    assert "m=video 0 RTP/AVP 26" in lines
    assert "a=rtpmap:26 JPEG/90000" in lines
    assert "c=IN IP6 ::" in lines
    assert not any(line.startswith("a=fmtp") for line in lines)
