"""The DeviceIO service, as far as clients ask: one video source, and nothing else to plug in.

Source: ONVIF Device IO Service.
"""

from emulator.core.onvif import paths, tokens
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.configurations import Configurations
from emulator.edge.onvif.facts import MediaFacts
from emulator.edge.onvif.service import Caller, Fields, Operation, Request, Service

COUNTS = {
    "VideoSources": 1,
    "VideoOutputs": 0,
    "AudioSources": 0,
    "AudioOutputs": 0,
    "RelayOutputs": 0,
}


def deviceio_service(facts: MediaFacts) -> Service:
    """Return the DeviceIO service of a camera."""
    room = _DeviceIO(facts)
    return Service(
        name="deviceio",
        namespace="http://www.onvif.org/ver10/deviceIO/wsdl",
        path=paths.DEVICEIO,
        version=(2, 42),
        category="Extension/DeviceIO",
        operations={
            "GetVideoSources": Operation("READ_MEDIA", room.get_video_sources),
            "GetVideoSourceConfiguration": Operation("READ_MEDIA", room.get_source),
            "GetVideoSourceConfigurationOptions": Operation("READ_MEDIA", room.get_options),
            "GetVideoOutputs": Operation("READ_MEDIA", _nothing),
            "GetAudioSources": Operation("READ_MEDIA", _nothing),
            "GetAudioOutputs": Operation("READ_MEDIA", _nothing),
            "GetDigitalInputs": Operation("READ_MEDIA", _nothing),
            "GetSerialPorts": Operation("READ_MEDIA", _nothing),
        },
        capabilities=lambda: {**COUNTS, "SerialPorts": 0, "DigitalInputs": 0},
        in_all=lambda: COUNTS,
    )


class _DeviceIO:
    def __init__(self, facts: MediaFacts) -> None:
        self._all = Configurations(facts)

    def get_video_sources(self, request: Request, caller: Caller) -> Fields:
        return {"Token": [tokens.VIDEO_SOURCE]}

    def get_source(self, request: Request, caller: Caller) -> Fields:
        _check_source(request)
        return {"VideoSourceConfiguration": self._all.source()}

    def get_options(self, request: Request, caller: Caller) -> Fields:
        _check_source(request)
        return {"VideoSourceConfigurationOptions": self._all.source_options()}


def _check_source(request: Request) -> None:
    token = request.VideoSourceToken
    if token != tokens.VIDEO_SOURCE:
        raise Fault("InvalidArgVal/NoVideoSource", f"there is no video source {str(token)[:64]!r}")


def _nothing(request: Request, caller: Caller) -> Fields:
    return {}
