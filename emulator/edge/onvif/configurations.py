"""Media configurations as ONVIF spells them: for Media and, where it differs, for Media2.

Everything here is the same state in two spellings; media.py and media2.py are their doors.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from emulator.core.onvif import profiles, tokens
from emulator.core.onvif.profiles import Profile
from emulator.core.onvif.soapfault import Fault
from emulator.core.streams import encoders
from emulator.core.streams.encoders import BOUNDS, CODECS, Bound, Encoder, EncoderError, Size
from emulator.edge.onvif.facts import MediaFacts
from emulator.edge.onvif.service import Fields, needed

KEPT_PROFILES, KEPT_METADATA = "profiles", "metadata"
SESSION = timedelta(seconds=60)
NO_MULTICAST = {
    "Address": {"Type": "IPv4", "IPv4Address": "0.0.0.0"},  # noqa: S104  # none
    "Port": 0,
    "TTL": 0,
    "AutoStart": False,
}
MEDIA1_CODECS = ("JPEG", "H264")
"""The first Media service knows no H.265: a stream of it has no configuration there."""


class Configurations:
    """What both media services tell and change of one camera."""

    def __init__(self, facts: MediaFacts) -> None:
        self.facts = facts

    # --- profiles ------------------------------------------------------------------------

    def profiles(self) -> list[Profile]:
        """Return all profiles."""
        return profiles.read(self.facts.kept(KEPT_PROFILES))

    def change(self, token: str | None, changed: Callable[[Profile], Profile]) -> None:
        """Keep another profile in the place of one. Raises Fault."""

        def put(kept: object) -> object:
            there = profiles.read(kept)
            return profiles.as_fields(profiles.put(there, changed(profiles.found(there, token))))

        self.facts.change(KEPT_PROFILES, put)

    def delete(self, token: str | None) -> None:
        """Forget a profile. Raises Fault."""
        self.facts.change(
            KEPT_PROFILES,
            lambda kept: profiles.as_fields(profiles.without(profiles.read(kept), token)),
        )

    def make(
        self, name: str, token: str | None, filled: Callable[[Profile], Profile] = lambda new: new
    ) -> Profile:
        """Keep a new profile, and return it. Raises Fault."""
        made: list[Profile] = []

        def put(kept: object) -> object:
            there = profiles.read(kept)
            made[:] = [filled(profiles.made(there, name, token, self.facts.limits.profiles))]
            return profiles.as_fields([*there, *made])

        self.facts.change(KEPT_PROFILES, put)
        return made[0]

    def stream_of(self, token: str | None) -> str:
        """Return which stream a profile gives. Raises Fault."""
        parts = profiles.found(self.profiles(), token).parts
        if not {"VideoSource", "VideoEncoder"} <= parts.keys():
            reason = f"profile {token!r} has no video source or no encoder"
            raise Fault("Action/IncompleteConfiguration", reason, "Receiver")
        return tokens.ENCODERS[parts["VideoEncoder"]]

    def uses(self, token: str) -> int:
        """Return how many profiles hold a configuration."""
        return profiles.use_count(self.profiles(), token)

    # --- the parts of both services --------------------------------------------------------

    def source(self) -> Fields:
        """Return the configuration of the video source."""
        width, height = self.facts.seen
        return {
            "token": tokens.SOURCE_CONFIGURATION,
            "Name": "VideoSourceConfig",
            "UseCount": self.uses(tokens.SOURCE_CONFIGURATION),
            "SourceToken": tokens.VIDEO_SOURCE,
            "Bounds": {"x": 0, "y": 0, "width": width, "height": height},
        }

    def set_source(self, given: Any) -> None:
        """Take back what `source` tells; anything else is refused. Raises Fault."""
        wanted = needed(given, "Configuration")
        _check_token(wanted.token, (tokens.SOURCE_CONFIGURATION,))
        if wanted.SourceToken != tokens.VIDEO_SOURCE:
            raise Fault("InvalidArgVal/NoVideoSource", "there is no such video source")
        bounds, (width, height) = needed(wanted.Bounds, "Bounds"), self.facts.seen
        if (bounds.x, bounds.y, bounds.width, bounds.height) != (0, 0, width, height):
            raise Fault("InvalidArgVal/ConfigModify", f"Bounds are 0, 0, {width}, {height} here")

    def source_options(self) -> Fields:
        """Return what the source's configuration may be: what it is."""
        width, height = self.facts.seen
        zero = _range(Bound(0, 0))
        return {
            "BoundsRange": {
                "XRange": zero,
                "YRange": zero,
                "WidthRange": _range(Bound(width, width)),
                "HeightRange": _range(Bound(height, height)),
            },
            "VideoSourceTokensAvailable": [tokens.VIDEO_SOURCE],
        }

    def metadata(self) -> Fields:
        """Return the configuration of the metadata stream."""
        kept = _kept_metadata(self.facts.kept(KEPT_METADATA))
        return {
            "token": tokens.METADATA,
            "Name": "Metadata",
            "UseCount": self.uses(tokens.METADATA),
            **({"Events": {}} if kept["events"] else {}),
            "Analytics": kept["analytics"],
            "Multicast": NO_MULTICAST,
            "SessionTimeout": SESSION,
        }

    def set_metadata(self, given: Any) -> None:
        """Change what the metadata stream holds. Raises Fault."""
        wanted = needed(given, "Configuration")
        _check_token(wanted.token, (tokens.METADATA,))
        events, positions = wanted.Events, wanted.PTZStatus
        if positions is not None and (positions.Status or positions.Position):
            raise Fault("InvalidArgVal/ConfigModify", "there is no PTZ here")
        if events is not None and events.Filter is not None and events.Filter._value_1:
            raise Fault("InvalidArgVal/ConfigModify", "events of the stream are not filtered here")
        kept = {"analytics": bool(wanted.Analytics), "events": events is not None}
        self.facts.change(KEPT_METADATA, lambda _: kept)

    def metadata_options(self) -> Fields:
        """Return what the metadata stream may hold."""
        no = dict.fromkeys(("PanTiltStatusSupported", "ZoomStatusSupported"), False)
        return {"PTZStatusFilterOptions": no}

    def analytics(self) -> Fields:
        """Return the configuration of the analysis."""
        modules, rules = self.facts.analytics()
        return {
            "token": tokens.ANALYTICS,
            "Name": "VideoAnalytics",
            "UseCount": self.uses(tokens.ANALYTICS),
            "AnalyticsEngineConfiguration": {"AnalyticsModule": list(modules)},
            "RuleEngineConfiguration": {"Rule": list(rules)},
        }

    # --- encoders ------------------------------------------------------------------------

    def encoder(self, token: str | None) -> tuple[str, Encoder]:
        """Return the stream that an encoder configuration is of, and how it is coded."""
        _check_token(token, tokens.ENCODERS)
        stream = tokens.ENCODERS[str(token)]
        return stream, self.facts.encoders[stream]

    def change_encoder(self, token: str, values: Mapping[str, Any], size: Any) -> None:
        """Change how a stream is coded. Raises Fault.

        values  by core/encoders' names; None: left out
        size    the request's Resolution
        """
        stream, _ = self.encoder(token)
        given = {name: value for name, value in values.items() if value is not None}
        with _config_modify():
            if size is not None:
                wanted = (needed(size.Width, "Width"), needed(size.Height, "Height"))
                given["fraction"] = encoders.fraction_of(wanted, self.facts.seen)
            self.facts.change_encoder(stream, given.items())

    def encoder1(self, stream: str) -> Fields | None:
        """Return a stream's coding as Media spells it; None: it can't."""
        encoder = self.facts.encoders[stream]
        if encoder.codec not in MEDIA1_CODECS:
            return None
        coding = {"GovLength": encoder.gop, "H264Profile": encoder.profile}
        return {
            **self._encoder(stream, encoder, self.facts.seen),
            "RateControl": {
                "FrameRateLimit": encoder.fps,
                "EncodingInterval": 1,
                "BitrateLimit": encoder.kbps,
            },
            **({"H264": coding} if encoder.codec == "H264" else {}),
            "SessionTimeout": SESSION,
        }

    def encoder2(self, stream: str) -> Fields:
        """Return a stream's coding as Media2 spells it."""
        encoder = self.facts.encoders[stream]
        coding = {"GovLength": encoder.gop, "Profile": encoder.profile}
        return {
            **self._encoder(stream, encoder, self.facts.seen),
            "RateControl": {
                "FrameRateLimit": encoder.fps,
                "BitrateLimit": encoder.kbps,
                "ConstantBitRate": encoder.is_constant,
            },
            **({} if encoder.codec == "JPEG" else coding),
        }

    def _encoder(self, stream: str, encoder: Encoder, seen: Size) -> dict[str, Any]:
        token = next(token for token, name in tokens.ENCODERS.items() if name == stream)
        width, height = encoder.size(seen)
        return {
            "token": token,
            "Name": stream,
            "UseCount": self.uses(token),
            "Encoding": encoder.codec,
            "Resolution": {"Width": width, "Height": height},
            "Quality": encoder.quality,
            "Multicast": NO_MULTICAST,
        }

    def encoder_options1(self) -> Fields:
        """Return what a stream's coding may be, as Media spells it."""
        rates = {
            "ResolutionsAvailable": resolutions(self.facts.seen),
            "FrameRateRange": _range(BOUNDS["fps"]),
            "EncodingIntervalRange": _range(Bound(1, 1)),
        }
        h264 = {
            **rates,
            "GovLengthRange": _range(BOUNDS["gop"]),
            "H264ProfilesSupported": list(encoders.PROFILES["H264"]),
        }
        bitrate = {"BitrateRange": _range(BOUNDS["kbps"])}
        return {
            "QualityRange": _range(BOUNDS["quality"]),
            "JPEG": rates,
            "H264": h264,
            "Extension": {"JPEG": {**rates, **bitrate}, "H264": {**h264, **bitrate}},
        }

    def encoder_options2(self) -> list[Fields]:
        """Return what a stream's coding may be, as Media2 spells it: one part a codec."""
        rates = range(BOUNDS["fps"].high, BOUNDS["fps"].low - 1, -1)
        told: list[Fields] = []
        for codec in CODECS:
            coding = {
                "GovLengthRange": list(BOUNDS["gop"]),
                "ProfilesSupported": list(encoders.PROFILES[codec]),
            }
            told.append(
                {
                    "Encoding": codec,
                    "QualityRange": _range(BOUNDS["quality"]),
                    "ResolutionsAvailable": resolutions(self.facts.seen),
                    "BitrateRange": _range(BOUNDS["kbps"]),
                    "FrameRatesSupported": list(rates),
                    "ConstantBitRateSupported": codec != "JPEG",
                    **({} if codec == "JPEG" else coding),
                }
            )
        return told

    # --- addresses -----------------------------------------------------------------------

    def stream_uri(self, host: str, token: str | None, is_tunnelled: bool) -> str:
        """Return where a profile is played. Raises Fault."""
        uri = self.facts.stream_uri(host, self.stream_of(token), is_tunnelled)
        if uri is None:
            raise Fault("Action", "RTSP is off here", "Receiver")
        return uri


def listed(wanted: str | None, known: Sequence[str]) -> list[str]:
    """Return the tokens that are asked for: one, or all if none is named. Raises Fault."""
    if not wanted:
        return list(known)
    _check_token(wanted, known)
    return [wanted]


def rounded(number: float | None) -> int | None:
    """Return a number that the standard has as float as the whole number nearest to it.

    What is none is left for the table to refuse.
    """
    if number is None:
        return None
    return round(number) if abs(number) < 1e6 else -1


def resolutions(seen: Size) -> list[Fields]:
    """Return the sizes that a stream may have."""
    return [{"Width": width, "Height": height} for width, height in encoders.sizes(seen)]


def _range(bound: Bound) -> Fields:
    return {"Min": bound.low, "Max": bound.high}


def _check_token(token: str | None, known: Iterable[str]) -> None:
    if token is None or token not in known:
        raise Fault("InvalidArgVal/NoConfig", f"there is no configuration {str(token)[:64]!r}")


def _kept_metadata(kept: object | None) -> dict[str, bool]:
    return {"analytics": True, "events": False} | (dict(kept) if isinstance(kept, Mapping) else {})


@contextmanager
def _config_modify() -> Iterator[None]:
    try:
        yield
    except EncoderError as error:
        raise Fault("InvalidArgVal/ConfigModify", str(error)) from None
