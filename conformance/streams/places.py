"""Where a device has its streams: ONVIF tells port and size, the dialect names the paths.

A device that no dialect fits is asked over ONVIF alone. Whatever host is told, the target's own is
called.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from conformance.exchange import NoAnswerError
from conformance.onvif import messages
from conformance.onvif.device import Device
from conformance.run import Run

RTSP_PORT = 554
MOST_PROFILES = 8
STREAMS = ("main", "sub")


@dataclass(frozen=True, slots=True)
class Place:
    """A stream's address, and its width and height as ONVIF tells; None: it tells none."""

    url: str
    size: tuple[int, int] | None = None


def places(run: Run, device: Device) -> dict[str, Place]:
    """Return the streams' places: main, sub. Raises NoAnswerError where nothing tells of any."""
    told = list(_told(run, device)) if device.is_there() and device.has("media") else []
    words = run.target.dialect.streams if run.target.camera is not None else {}
    if not words.get("rtsp"):
        if not told:
            raise NoAnswerError("ONVIF tells of no stream")
        return dict(zip(STREAMS, told, strict=False))
    return _named(run.client.address.host, words, told)


def _named(host: str, words: Mapping[str, Any], told: Sequence[Place]) -> dict[str, Place]:
    """Return the streams that a dialect names, at the port that ONVIF tells."""
    by_path = {urlsplit(place.url).path: place for place in told}
    ports = [urlsplit(place.url).port for place in told]
    port = next(filter(None, ports), None) or words.get("rtsp_port", RTSP_PORT)
    return {
        name: by_path.get(path, Place(_url(host, port, path)))
        for name, path in zip(STREAMS, words["rtsp"], strict=False)
    }


def _told(run: Run, device: Device) -> Iterator[Place]:
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    for profile in (device.call("media", "GetProfiles").value or ())[:MOST_PROFILES]:
        how = {"StreamSetup": setup, "ProfileToken": profile.token}
        told = device.call("media", "GetStreamUri", how)
        parts = messages.address(getattr(told.value, "Uri", None))
        path = messages.target(parts)
        size = None
        encoder = profile.VideoEncoderConfiguration
        if (shape := getattr(encoder, "Resolution", None)) is not None:
            size = int(shape.Width), int(shape.Height)
        yield Place(_url(run.client.address.host, parts.port or RTSP_PORT, path), size)


def _url(host: str, port: int, path: str) -> str:
    return f"rtsp://{f'[{host}]' if ':' in host else host}:{port}{path}"
