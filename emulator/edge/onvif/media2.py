"""The Media2 service: the same profiles and configurations, spelled as Profile T wants them.

Source: ONVIF Media2 Service; operations, access classes, faults. Its WSDL comes with aonvif.
"""

from dataclasses import replace
from typing import Any

from emulator.core.onvif import paths, profiles
from emulator.core.onvif.profiles import Profile
from emulator.core.onvif.soapfault import Fault
from emulator.core.streams.encoders import CODECS, STREAMS
from emulator.edge.onvif.configurations import listed, rounded
from emulator.edge.onvif.facts import MediaFacts
from emulator.edge.onvif.media import SNAPSHOT
from emulator.edge.onvif.mediaroom import ABSENT, MediaRoom
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, Service, given, needed

PROTOCOLS = ("RtspUnicast", "RTSP", "RtspOverHttp")


def media2_service(facts: MediaFacts) -> Service:
    """Return the Media2 service of a camera."""
    room = _Media2(facts)
    read, act = "READ_MEDIA", "ACTUATE"
    operations = {
        "GetProfiles": Operation(read, room.get_profiles),
        "CreateProfile": Operation(act, room.create_profile),
        "DeleteProfile": Operation(act, room.delete_profile),
        "AddConfiguration": Operation(act, room.add_configuration),
        "RemoveConfiguration": Operation(act, room.remove_configuration),
        "GetVideoSourceConfigurations": Operation(read, room.get_sources),
        "GetVideoEncoderConfigurations": Operation(read, room.get_encoders),
        "GetMetadataConfigurations": Operation(read, room.get_metadata),
        "GetAnalyticsConfigurations": Operation(read, room.get_analytics),
        "SetVideoSourceConfiguration": Operation(act, room.set_source),
        "SetVideoEncoderConfiguration": Operation(act, room.set_encoder),
        "SetMetadataConfiguration": Operation(act, room.set_metadata),
        "GetVideoSourceConfigurationOptions": Operation(read, room.get_source_options),
        "GetVideoEncoderConfigurationOptions": Operation(read, room.get_encoder_options),
        "GetMetadataConfigurationOptions": Operation(read, room.get_metadata_options),
        "GetVideoEncoderInstances": Operation(read, room.get_instances),
        "GetStreamUri": Operation(read, room.get_stream_uri),
        "GetSnapshotUri": Operation(read, room.get_snapshot_uri),
        "SetSynchronizationPoint": Operation(act, room.set_synchronization_point),
    }
    for name in ABSENT:
        operations[f"Get{name}Configurations"] = Operation(read, room.get_none)
    return Service(
        name="media2",
        namespace="http://www.onvif.org/ver20/media/wsdl",
        path=paths.MEDIA2,
        version=(2, 60),
        operations=operations,
        capabilities=lambda: {
            "ProfileCapabilities": {
                "MaximumNumberOfProfiles": facts.limits.profiles,
                "ConfigurationsSupported": list(profiles.KINDS),
            },
            "StreamingCapabilities": {
                "RTSPStreaming": facts.ports.get("RTSP") is not None,
                "RTPMulticast": False,
                "RTP_RTSP_TCP": True,
                "NonAggregateControl": False,
                "AutoStartMulticast": False,
                "SecureRTSPStreaming": False,
            },
            "SnapshotUri": True,
            "Rotation": False,
            "VideoSourceMode": False,
            "OSD": False,
            "TemporaryOSDText": False,
            "Mask": False,
            "SourceMask": False,
        },
    )


class _Media2(MediaRoom):
    def _encoder(self, stream: str) -> Fields:
        return self._all.encoder2(stream)

    # --- profiles ------------------------------------------------------------------------

    def get_profiles(self, request: Request, caller: Caller) -> Fields:
        there = self._all.profiles()
        if request.Token:
            there = [profiles.found(there, request.Token)]
        kinds = set(given(request.Type, "Type"))
        if "All" in kinds:
            kinds = set(profiles.KINDS)
        return {"Profiles": [self._told(profile, kinds) for profile in there]}

    def create_profile(self, request: Request, caller: Caller) -> Fields:
        made = self._all.make(
            needed(request.Name, "Name"), None, lambda profile: _with_parts(profile, request)
        )
        return {"Token": made.token}

    def delete_profile(self, request: Request, caller: Caller) -> Fields:
        self._all.delete(request.Token)
        return {}

    def add_configuration(self, request: Request, caller: Caller) -> Fields:
        def changed(profile: Profile) -> Profile:
            if request.Name:
                profiles.check_name(request.Name)
                profile = replace(profile, name=request.Name)
            return _with_parts(profile, request)

        self._all.change(request.ProfileToken, changed)
        return {}

    def remove_configuration(self, request: Request, caller: Caller) -> Fields:
        def changed(profile: Profile) -> Profile:
            for reference in needed(given(request.Configuration, "Configuration"), "Configuration"):
                profile = profiles.without_part(profile, needed(reference.Type, "Type"))
            return profile

        self._all.change(request.ProfileToken, changed)
        return {}

    def _told(self, profile: Profile, kinds: set[str]) -> Fields:
        parts = {
            kind: self._configuration(kind, token)
            for kind, token in profile.parts.items()
            if kind in kinds
        }
        return {
            "token": profile.token,
            "fixed": profile.is_fixed,
            "Name": profile.name,
            **({"Configurations": parts} if kinds else {}),
        }

    # --- configurations --------------------------------------------------------------------

    def _told_all(self, request: Request, kind: str) -> Fields:
        wanted = self._checked(request, kind)
        return {"Configurations": [self._configuration(kind, token) for token in wanted]}

    def get_sources(self, request: Request, caller: Caller) -> Fields:
        return self._told_all(request, "VideoSource")

    def get_encoders(self, request: Request, caller: Caller) -> Fields:
        return self._told_all(request, "VideoEncoder")

    def get_metadata(self, request: Request, caller: Caller) -> Fields:
        return self._told_all(request, "Metadata")

    def get_analytics(self, request: Request, caller: Caller) -> Fields:
        return self._told_all(request, "Analytics")

    def get_none(self, request: Request, caller: Caller) -> Fields:
        return {}

    def set_encoder(self, request: Request, caller: Caller) -> Fields:
        wanted = needed(request.Configuration, "Configuration")
        rate = wanted.RateControl
        values: dict[str, Any] = {
            "codec": wanted.Encoding,
            "quality": rounded(wanted.Quality),
            "gop": wanted.GovLength,
            "profile": wanted.Profile,
        }
        if rate is not None:
            values |= {
                "fps": rounded(rate.FrameRateLimit),
                "kbps": rate.BitrateLimit,
                "is_constant": rate.ConstantBitRate,
            }
        self._all.change_encoder(wanted.token, values, wanted.Resolution)
        return {}

    # --- options ---------------------------------------------------------------------------

    def get_encoder_options(self, request: Request, caller: Caller) -> Fields:
        self._checked(request, "VideoEncoder")
        return {"Options": self._all.encoder_options2()}

    def get_instances(self, request: Request, caller: Caller) -> Fields:
        needed(request.ConfigurationToken, "ConfigurationToken")
        listed(request.ConfigurationToken, profiles.configurations("VideoSource"))
        codecs = [{"Encoding": codec, "Number": len(STREAMS)} for codec in CODECS]
        return {"Info": {"Codec": codecs, "Total": len(STREAMS)}}

    # --- addresses -------------------------------------------------------------------------

    def get_stream_uri(self, request: Request, caller: Caller) -> Fields:
        protocol = needed(request.Protocol, "Protocol")
        if protocol not in PROTOCOLS:
            reason = f"Protocol={protocol[:24]} is not one of {', '.join(PROTOCOLS)}"
            raise Fault("InvalidArgVal/InvalidStreamSetup", reason)
        is_tunnelled = protocol == "RtspOverHttp"
        return {"Uri": self._all.stream_uri(caller.host, request.ProfileToken, is_tunnelled)}

    def get_snapshot_uri(self, request: Request, caller: Caller) -> Fields:
        self._found(request)
        return {"Uri": caller.xaddr(SNAPSHOT)}


def _with_parts(profile: Profile, request: Request) -> Profile:
    for reference in given(request.Configuration, "Configuration"):
        profile = profiles.with_part(profile, needed(reference.Type, "Type"), reference.Token)
    return profile
