"""What the two Media services do alike: one camera's configurations, found and changed.

media.py and media2.py add what is spelled differently.
"""

from abc import ABC, abstractmethod

from emulator.core.onvif import profiles, tokens
from emulator.core.onvif.profiles import Profile
from emulator.edge.onvif.configurations import Configurations, listed
from emulator.edge.onvif.facts import MediaFacts
from emulator.edge.onvif.service import Caller, Fields, Request

ABSENT = ("AudioSource", "AudioEncoder", "AudioOutput", "AudioDecoder")
"""Kinds of configurations of which there are none."""


class MediaRoom(ABC):
    """The handlers that both services share."""

    def __init__(self, facts: MediaFacts) -> None:
        self._facts = facts
        self._all = Configurations(facts)

    @abstractmethod
    def _encoder(self, stream: str) -> Fields | None:
        """Return a stream's encoder configuration; None: this service can't tell it."""

    def _found(self, request: Request) -> Profile:
        return profiles.found(self._all.profiles(), request.ProfileToken)

    def _checked(self, request: Request, kind: str) -> list[str]:
        """Return the tokens that are asked for; the profile, if one is named, must be there."""
        if request.ProfileToken:
            self._found(request)
        return listed(request.ConfigurationToken, profiles.configurations(kind))

    def _configuration(self, kind: str, token: str) -> Fields | None:
        match kind:
            case "VideoSource":
                return self._all.source()
            case "VideoEncoder":
                return self._encoder(tokens.ENCODERS[token])
            case "Analytics":
                return self._all.analytics()
            case _:
                return self._all.metadata()

    def set_source(self, request: Request, caller: Caller) -> Fields:
        """Change where the video comes from."""
        self._all.set_source(request.Configuration)
        return {}

    def set_metadata(self, request: Request, caller: Caller) -> Fields:
        """Change what is told of it."""
        self._all.set_metadata(request.Configuration)
        return {}

    def get_source_options(self, request: Request, caller: Caller) -> Fields:
        """Tell what set_source takes."""
        self._checked(request, "VideoSource")
        return {"Options": self._all.source_options()}

    def get_metadata_options(self, request: Request, caller: Caller) -> Fields:
        """Tell what set_metadata takes."""
        self._checked(request, "Metadata")
        return {"Options": self._all.metadata_options()}

    def set_synchronization_point(self, request: Request, caller: Caller) -> Fields:
        """Have a profile's next picture need none before it."""
        self._facts.refresh(self._all.stream_of(request.ProfileToken))
        return {}
