"""The first Media service: profiles, what they hold, and where they are played.

Source: ONVIF Media Service; operations, access classes, faults. Audio and PTZ are not there:
their lists are empty.
"""

from typing import Any

from emulator.core.onvif import paths, profiles, tokens
from emulator.core.onvif.profiles import Profile
from emulator.core.onvif.soapfault import Fault
from emulator.core.streams.encoders import BOUNDS, STREAMS
from emulator.edge.onvif.configurations import SESSION, listed, rounded
from emulator.edge.onvif.facts import MediaFacts
from emulator.edge.onvif.imaging import KEPT as KEPT_IMAGING
from emulator.edge.onvif.imaging import settings1
from emulator.edge.onvif.mediaroom import ABSENT, MediaRoom
from emulator.edge.onvif.service import Caller, Fields, Handler, Operation, Request, Service, needed

KINDS = {  # by the name in the operations' own names: the kind in core/onvif/profiles.py
    "VideoSource": "VideoSource",
    "VideoEncoder": "VideoEncoder",
    "VideoAnalytics": "Analytics",
    "Metadata": "Metadata",
}
SNAPSHOT = "/snapshot.cgi"


def media_service(facts: MediaFacts) -> Service:
    """Return the Media service of a camera."""
    room = _Media(facts)
    read, act = "READ_MEDIA", "ACTUATE"
    operations = {
        "GetVideoSources": Operation(read, room.get_video_sources),
        "GetProfiles": Operation(read, room.get_profiles),
        "GetProfile": Operation(read, room.get_profile),
        "CreateProfile": Operation(act, room.create_profile),
        "DeleteProfile": Operation(act, room.delete_profile),
        "SetVideoSourceConfiguration": Operation(act, room.set_source),
        "SetVideoEncoderConfiguration": Operation(act, room.set_encoder),
        "SetMetadataConfiguration": Operation(act, room.set_metadata),
        "GetVideoSourceConfigurationOptions": Operation(read, room.get_source_options),
        "GetVideoEncoderConfigurationOptions": Operation(read, room.get_encoder_options),
        "GetMetadataConfigurationOptions": Operation(read, room.get_metadata_options),
        "GetGuaranteedNumberOfVideoEncoderInstances": Operation(read, room.get_instances),
        "GetStreamUri": Operation(read, room.get_stream_uri),
        "GetSnapshotUri": Operation(read, room.get_snapshot_uri),
        "SetSynchronizationPoint": Operation(act, room.set_synchronization_point),
        "GetAudioSources": Operation(read, lambda request, caller: {"AudioSources": []}),
        "GetAudioOutputs": Operation(read, lambda request, caller: {"AudioOutputs": []}),
    }
    for name, kind in KINDS.items():
        stem = f"{name}Configuration"
        operations |= {
            f"Get{stem}s": Operation(read, room.listing(kind)),
            f"Get{stem}": Operation(read, room.getting(kind)),
            f"GetCompatible{stem}s": Operation(read, room.listing_compatible(kind)),
            f"Add{stem}": Operation(act, room.adding(kind)),
            f"Remove{stem}": Operation(act, room.removing(kind)),
        }
    for name in ABSENT:
        operations |= {
            f"Get{name}Configurations": Operation(read, _nothing),
            f"GetCompatible{name}Configurations": Operation(read, room.listing_none),
        }
    return Service(
        name="media",
        namespace="http://www.onvif.org/ver10/media/wsdl",
        path=paths.MEDIA,
        version=(2, 42),
        category="Media",
        operations=operations,
        capabilities=lambda: {
            "ProfileCapabilities": {"MaximumNumberOfProfiles": facts.limits.profiles},
            "StreamingCapabilities": {
                "RTPMulticast": False,
                "RTP_TCP": False,
                "RTP_RTSP_TCP": True,
                "NonAggregateControl": False,
                "NoRTSPStreaming": facts.ports.get("RTSP") is None,
            },
            "SnapshotUri": True,
            "Rotation": False,
            "VideoSourceMode": False,
            "OSD": False,
        },
        in_all=lambda: {
            "StreamingCapabilities": {
                "RTPMulticast": False,
                "RTP_TCP": False,
                "RTP_RTSP_TCP": True,
            },
            "Extension": {
                "ProfileCapabilities": {"MaximumNumberOfProfiles": facts.limits.profiles}
            },
        },
    )


class _Media(MediaRoom):
    def _encoder(self, stream: str) -> Fields | None:
        return self._all.encoder1(stream)

    # --- sources and profiles --------------------------------------------------------------

    def get_video_sources(self, request: Request, caller: Caller) -> Fields:
        width, height = self._facts.seen
        return {
            "VideoSources": [
                {
                    "token": tokens.VIDEO_SOURCE,
                    "Framerate": BOUNDS["fps"].high,
                    "Resolution": {"Width": width, "Height": height},
                    "Imaging": settings1(self._facts.kept(KEPT_IMAGING)),
                }
            ]
        }

    def get_profiles(self, request: Request, caller: Caller) -> Fields:
        return {"Profiles": [self._told(profile) for profile in self._all.profiles()]}

    def get_profile(self, request: Request, caller: Caller) -> Fields:
        return {"Profile": self._told(self._found(request))}

    def create_profile(self, request: Request, caller: Caller) -> Fields:
        return {"Profile": self._told(self._all.make(needed(request.Name, "Name"), request.Token))}

    def delete_profile(self, request: Request, caller: Caller) -> Fields:
        self._all.delete(request.ProfileToken)
        return {}

    def _told(self, profile: Profile) -> Fields:
        told: dict[str, Any] = {
            "token": profile.token,
            "fixed": profile.is_fixed,
            "Name": profile.name,
        }
        for name, kind in KINDS.items():
            token = profile.parts.get(kind)
            part = None if token is None else self._configuration(kind, token)
            if part is not None:
                told[f"{name}Configuration"] = part
        return told

    # --- configurations --------------------------------------------------------------------

    def _told_all(self, kind: str) -> Fields:
        told = [self._configuration(kind, token) for token in profiles.configurations(kind)]
        return {"Configurations": [part for part in told if part is not None]}

    def listing(self, kind: str) -> Handler:
        return lambda request, caller: self._told_all(kind)

    def listing_compatible(self, kind: str) -> Handler:
        def get_compatible(request: Request, caller: Caller) -> Fields:
            self._found(request)
            return self._told_all(kind)

        return get_compatible

    def listing_none(self, request: Request, caller: Caller) -> Fields:
        self._found(request)
        return {}

    def getting(self, kind: str) -> Handler:
        def get(request: Request, caller: Caller) -> Fields:
            (token,) = listed(
                needed(request.ConfigurationToken, "ConfigurationToken"),
                profiles.configurations(kind),
            )
            part = self._configuration(kind, token)
            if part is None:
                reason = f"{token} is of a codec that only Media2 can tell"
                raise Fault("InvalidArgVal/NoConfig", reason)
            return {"Configuration": part}

        return get

    def adding(self, kind: str) -> Handler:
        def add(request: Request, caller: Caller) -> Fields:
            token = needed(request.ConfigurationToken, "ConfigurationToken")
            self._all.change(
                request.ProfileToken, lambda profile: profiles.with_part(profile, kind, token)
            )
            return {}

        return add

    def removing(self, kind: str) -> Handler:
        def remove(request: Request, caller: Caller) -> Fields:
            self._all.change(
                request.ProfileToken, lambda profile: profiles.without_part(profile, kind)
            )
            return {}

        return remove

    def set_encoder(self, request: Request, caller: Caller) -> Fields:
        wanted = needed(request.Configuration, "Configuration")
        rate, h264 = wanted.RateControl, wanted.H264
        values: dict[str, Any] = {"codec": wanted.Encoding, "quality": rounded(wanted.Quality)}
        if rate is not None:
            if rate.EncodingInterval not in {1, None}:
                reason = f"EncodingInterval={rate.EncodingInterval} is not 1"
                raise Fault("InvalidArgVal/ConfigModify", reason)
            values |= {"fps": rate.FrameRateLimit, "kbps": rate.BitrateLimit}
        if h264 is not None and wanted.Encoding == "H264":
            values |= {"gop": h264.GovLength, "profile": h264.H264Profile}
        self._all.change_encoder(wanted.token, values, wanted.Resolution)
        return {}

    # --- options ---------------------------------------------------------------------------

    def get_encoder_options(self, request: Request, caller: Caller) -> Fields:
        self._checked(request, "VideoEncoder")
        return {"Options": self._all.encoder_options1()}

    def get_instances(self, request: Request, caller: Caller) -> Fields:
        listed(
            needed(request.ConfigurationToken, "ConfigurationToken"),
            profiles.configurations("VideoSource"),
        )
        count = len(STREAMS)
        return {"TotalNumber": count, "JPEG": count, "H264": count}

    # --- addresses -------------------------------------------------------------------------

    def get_stream_uri(self, request: Request, caller: Caller) -> Fields:
        setup = needed(request.StreamSetup, "StreamSetup")
        protocol = needed(setup.Transport, "Transport").Protocol
        if setup.Stream != "RTP-Unicast" or protocol not in {"UDP", "RTSP", "HTTP"}:
            reason = f"{setup.Stream} over {protocol} is not RTP-Unicast over UDP, RTSP or HTTP"
            raise Fault("InvalidArgVal/InvalidStreamSetup", reason)
        uri = self._all.stream_uri(caller.host, request.ProfileToken, protocol == "HTTP")
        return {"MediaUri": _media_uri(uri)}

    def get_snapshot_uri(self, request: Request, caller: Caller) -> Fields:
        self._found(request)
        return {"MediaUri": _media_uri(caller.xaddr(SNAPSHOT))}


def _media_uri(uri: str) -> Fields:
    return {
        "Uri": uri,
        "InvalidAfterConnect": False,
        "InvalidAfterReboot": False,
        "Timeout": 0 * SESSION,
    }


def _nothing(request: Request, caller: Caller) -> Fields:
    return {}
