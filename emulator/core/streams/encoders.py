"""What a camera sends as video: three streams, and what each may be set to.

Pure: a change makes a new value. Bounds and defaults stand in one table. A stream's size is told
as a fraction of what the camera sees, so that no stream is ever stretched, and a scene of another
size changes what a client reads, not what was set.

Sources: facts 2.3 (`get.video.general`: streams, codecs, profiles, rate modes), 8 (RTSP paths).
Defaults and bounds are [INV].
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

STREAMS = ("main", "sub", "third")
"""By name, which is also the path of its RTSP stream (facts 8)."""

CODECS = ("H264", "H265", "JPEG")
PROFILES = {"H264": ("Baseline", "Main", "High"), "H265": ("Main",), "JPEG": ("Baseline",)}
"""What each codec may be held to; JPEG knows one kind only."""

FRACTIONS = (1, 2, 3, 4, 6)
"""A stream is as large as what the camera sees, or this fraction of it each way."""

REPEAT_S = 0.25
"""So long after the last picture it is streamed again, where no other comes [INV]."""

Size = tuple[int, int]
"""Width and height in pixels."""


class EncoderError(ValueError):
    """A value that a stream refuses; the message names it, its value and the limit."""


class Bound(NamedTuple):
    """A whole number's least and most value."""

    low: int
    high: int


BOUNDS = {
    "fps": Bound(1, 30),
    "kbps": Bound(16, 16_384),
    "gop": Bound(1, 250),
    "quality": Bound(1, 10),
}


def _check_choice(name: str, value: object, known: tuple[object, ...]) -> None:
    if value not in known or type(value) is not type(known[0]):
        named = ", ".join(map(str, known))
        raise EncoderError(f"{name}={str(value)[:24]} is not one of {named}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """How one stream is coded; a wrong one can't be made.

    codec        of CODECS; profile: of PROFILES[codec]
    fraction     of FRACTIONS: 3 is a third as wide and as high as what the camera sees
    fps          pictures a second at most; a source that gives fewer has fewer
    kbps         bits a second / 1000 at most; is_constant: kept and told, codes no other way
    gop          pictures from one that stands alone to the next; 1: all do
    quality      1 worst .. 10 best; what JPEG goes by, and nothing else does
    """

    codec: str = "H264"
    profile: str = "Main"
    fraction: int = 1
    fps: int = 25
    kbps: int = 4096
    is_constant: bool = False
    gop: int = 50
    quality: int = 6

    def __post_init__(self) -> None:
        _check_choice("codec", self.codec, CODECS)
        _check_choice("profile", self.profile, PROFILES[self.codec])
        _check_choice("fraction", self.fraction, FRACTIONS)
        if type(self.is_constant) is not bool:
            raise EncoderError(f"is_constant={str(self.is_constant)[:24]} is not true or false")
        for name, (low, high) in BOUNDS.items():
            value = getattr(self, name)
            if type(value) is not int or not low <= value <= high:
                raise EncoderError(f"{name}={str(value)[:24]} is not a whole number, {low}..{high}")

    def size(self, seen: Size) -> Size:
        """Return the stream's width and height, where the camera sees pictures of size `seen`."""
        return _reduced(seen, self.fraction)


Encoders = Mapping[str, Encoder]
"""One for each of STREAMS."""

DEFAULTS: Encoders = {
    "main": Encoder(),
    "sub": Encoder(fraction=3, kbps=512),
    "third": Encoder(fraction=6, kbps=256),
}


def sizes(seen: Size) -> tuple[Size, ...]:
    """Return the sizes that a stream may have, the largest first.

    >>> sizes((1920, 1080))
    ((1920, 1080), (960, 540), (640, 360), (480, 270), (320, 180))
    """
    return tuple(dict.fromkeys(_reduced(seen, fraction) for fraction in FRACTIONS))


def fraction_of(size: Size, seen: Size) -> int:
    """Return which fraction of `seen` the `size` is. Raises EncoderError if it is none of ours."""
    for fraction in FRACTIONS:
        if _reduced(seen, fraction) == size:
            return fraction
    known = ", ".join(f"{width}x{height}" for width, height in sizes(seen))
    raise EncoderError(f"size={size[0]}x{size[1]} is not one of {known}")


def change(encoder: Encoder, values: Iterable[tuple[str, Any]]) -> Encoder:
    """Return `encoder` with every (field, value) of `values`, or refuse them all.

    Of another codec it has the first profile that codec knows, unless one is given. Raises
    EncoderError.

    >>> change(Encoder(), [("codec", "JPEG"), ("fps", 5)]).profile
    'Baseline'
    """
    given = dict(values)
    unknown = given.keys() - Encoder.__dataclass_fields__.keys()
    if unknown:
        raise EncoderError(f"{min(unknown)[:40]!r} is no value of a stream")
    codec = given.get("codec", encoder.codec)
    if codec != encoder.codec and "profile" not in given and codec in CODECS:
        given["profile"] = PROFILES[codec][0]
    return replace(encoder, **given)


def as_fields(encoders: Encoders) -> dict[str, dict[str, object]]:
    """Return all streams as plain values, as they are kept."""
    names = Encoder.__dataclass_fields__
    return {
        stream: {name: getattr(encoder, name) for name in names}
        for stream, encoder in encoders.items()
    }


def from_fields(fields: Mapping[str, Mapping[str, Any]]) -> Encoders:
    """Return what `as_fields` gave; a stream that is not there is as delivered.

    Raises EncoderError.
    """
    return {name: change(DEFAULTS[name], fields.get(name, {}).items()) for name in STREAMS}


def _reduced(seen: Size, fraction: int) -> Size:
    # Even: pictures are coded with colours at half their size.
    width, height = (max(2, side // fraction // 2 * 2) for side in seen)
    return width, height
