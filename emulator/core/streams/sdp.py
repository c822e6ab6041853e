"""What DESCRIBE answers: a session's description (RFC 4566) with a picture and its metadata."""

from typing import NamedTuple

from emulator.core.streams import rtp, rtsp

VIDEO_TYPE = {"H264": rtp.MINE, "H265": rtp.MINE, "JPEG": 26}
"""Payload types; RFC 3551 has one of its own for JPEG."""

METADATA_TYPE = rtp.MINE + 11


class Video(NamedTuple):
    """A stream's picture.

    codec       H264, H265 or JPEG
    parameters  what the codec's RTP format wants to be said, or ""
    """

    codec: str
    parameters: str
    fps: float
    rows: int
    columns: int


def description(name: str, number: int, host: str, video: Video) -> str:
    """Return the SDP of the stream `name`.

    number  another one whenever the description is another
    host    the address of ours that the client is connected to
    """
    family = "IP6" if ":" in host else "IP4"
    nowhere = "::" if ":" in host else "0.0.0.0"  # noqa: S104  # SDP's word for: as SETUP says
    kind = VIDEO_TYPE[video.codec]
    lines = [
        "v=0",
        f"o=- {number} 1 IN {family} {host}",
        f"s={name}",
        f"c=IN {family} {nowhere}",
        "t=0 0",
        "a=control:*",
        "a=range:npt=now-",
        f"m=video 0 RTP/AVP {kind}",
        f"a=rtpmap:{kind} {video.codec}/90000",
    ]
    if video.parameters:
        lines.append(f"a=fmtp:{kind} {video.parameters}")
    lines += [
        f"a=framerate:{video.fps:g}",
        f"a=x-dimensions:{video.columns},{video.rows}",
        f"a=control:{rtsp.VIDEO}",
        "a=recvonly",
        f"m=application 0 RTP/AVP {METADATA_TYPE}",
        f"a=rtpmap:{METADATA_TYPE} vnd.onvif.metadata/90000",
        f"a=control:{rtsp.METADATA}",
        "a=recvonly",
        "",
    ]
    return "\r\n".join(lines)
