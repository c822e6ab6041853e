"""What may be typed for a live source, and how it is opened.

A URL may hold a password: only `Address.name`, which leaves it out, is fit for messages.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISCHR
from urllib.parse import urlsplit

import av
from av.container import InputContainer

from emulator.edge.sources.decoding import SourceError, unfit

NETWORK_KINDS = ("rtsp", "rtsps", "http", "https")

_WEBCAMS = "v4l2"  # Video4Linux, the way to webcams on Linux
_TELLS = re.compile(r"((?:pass|pwd|token|auth|key)\w*=)[^&_/;]*", re.IGNORECASE)
_OPTIONS = {
    # TCP: over UDP a lost packet spoils every picture up to the next whole one.
    "rtsp": {"rtsp_transport": "tcp", "allowed_media_types": "video", "fpsprobesize": "0"},
    "http": {"fpsprobesize": "0"},
}
_OPTIONS |= {"rtsps": _OPTIONS["rtsp"], "https": _OPTIONS["http"]}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a live source is found.

    name     what to call it in messages: never holds a password
    target   what FFmpeg opens
    kind     FFmpeg's name for the format; None: it finds out
    options  for FFmpeg
    """

    name: str
    target: str = field(repr=False)
    kind: str | None = None
    options: dict[str, str] = field(default_factory=dict)


def network(url: str) -> Address:
    """Return the address of a stream on the network. Raises SourceError for a malformed URL."""
    name = without_secrets(url)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # the port is read only when asked for
    except ValueError:
        host, parts = None, None
    if parts is None or not host or re.search(r"[\s\x00-\x1f]", url):
        raise SourceError(f"{name} is no URL such as rtsp://user:password@host:554/path")
    if parts.scheme not in NETWORK_KINDS:
        raise SourceError(f"{name} can't be read: the kinds are {', '.join(NETWORK_KINDS)}")
    return Address(name, url, options=_OPTIONS[parts.scheme])


def webcam(number: str) -> Address:
    """Return the address of this machine's webcam. Raises SourceError if there is none."""
    name = f"camera:{number}"
    if not re.fullmatch("[0-9]{1,3}", number):
        raise SourceError(f"{name} is no webcam; camera:0 is the first")
    if not any(_WEBCAMS in kind.split(",") for kind in av.formats_available):
        raise SourceError(f"{name} can't be read: this FFmpeg knows no webcams ({_WEBCAMS})")
    device = Path(f"/dev/video{int(number)}")
    try:
        is_device = S_ISCHR(device.stat().st_mode)
    except OSError:
        is_device = False
    if not is_device:
        raise SourceError(f"{name} is not there: {device} is no camera")
    return Address(name, str(device), _WEBCAMS)


def without_secrets(url: str) -> str:
    """Return a URL without user, password, query and whatever else may hold a secret.

    Takes any text: a password with a stray "/" or "@" in it is left out as well.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
    rest = re.split("[?#]", rest.rpartition("@")[2])[0]
    return scheme + mark + _TELLS.sub(r"\1...", rest)


def opened(address: Address, open_s: float, stall_s: float) -> InputContainer:
    """Return an open stream.

    open_s   how long it may take to answer; stall_s: how long a read may take
    Raises SourceError, which gives the reason alone: no name, no URL.
    """
    try:
        container = av.open(
            address.target,
            format=address.kind,
            options=dict(address.options),
            timeout=(open_s, stall_s),
            metadata_errors="ignore",
        )
    except av.ExitError as error:
        raise SourceError(f"no answer within {open_s:g} s") from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise SourceError(reason_of(error)) from error
    why = unfit(container)
    if why is None and address.target.startswith("http") and container.duration is not None:
        # It would come as fast as the network is, and not last as long as it lasted.
        why = "is a recording, not live: fetch it and give the file"
    if why is not None:
        container.close()
        raise SourceError(why)
    return container


def reason_of(error: Exception) -> str:
    """Return why something failed; never FFmpeg's whole message, which holds the URL."""
    reason: str | None = getattr(error, "strerror", None)
    return reason or type(error).__name__
