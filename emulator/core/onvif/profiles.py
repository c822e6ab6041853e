"""Media profiles: which source, coding, analysis and metadata a client gets together.

One for each stream is always there; clients may make more, and choose what they hold. Pure.

Sources: ONVIF Media and Media2 (profiles, their configurations and faults); facts 8 (eight of
them).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from emulator.core.onvif import tokens
from emulator.core.onvif.soapfault import Fault

LONGEST_NAME = 64

KINDS = {  # by Media2's name: the tokens of the configurations of that kind
    "VideoSource": (tokens.SOURCE_CONFIGURATION,),
    "VideoEncoder": tuple(tokens.ENCODERS),
    "Analytics": (tokens.ANALYTICS,),
    "Metadata": (tokens.METADATA,),
}
ELSEWHERE = {"AudioSource", "AudioEncoder", "AudioOutput", "AudioDecoder", "PTZ", "Receiver"}
"""Kinds that the standard knows and this camera has none of."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile; `parts` are configuration tokens by kind."""

    token: str
    name: str
    parts: Mapping[str, str]
    is_fixed: bool = False


def fixed() -> list[Profile]:
    """Return the profiles that are always there, as delivered."""
    encoders = {stream: token for token, stream in tokens.ENCODERS.items()}
    return [
        Profile(
            token,
            stream,
            {
                "VideoSource": tokens.SOURCE_CONFIGURATION,
                "VideoEncoder": encoders[stream],
                "Analytics": tokens.ANALYTICS,
                "Metadata": tokens.METADATA,
            },
            is_fixed=True,
        )
        for token, stream in tokens.PROFILES.items()
    ]


def read(kept: object) -> list[Profile]:
    """Return what `as_fields` gave; None: the fixed ones."""
    if not isinstance(kept, Sequence):
        return fixed()
    always = {profile.token for profile in fixed()}
    return [Profile(token, name, parts, token in always) for token, name, parts in kept]


def as_fields(profiles: Iterable[Profile]) -> list[object]:
    """Return `profiles` as they are kept."""
    return [[profile.token, profile.name, dict(profile.parts)] for profile in profiles]


def found(profiles: Iterable[Profile], token: str | None) -> Profile:
    """Return the profile of that token. Raises Fault."""
    for profile in profiles:
        if profile.token == token:
            return profile
    raise Fault("InvalidArgVal/NoProfile", f"there is no profile {str(token)[:64]!r}")


def made(profiles: Sequence[Profile], name: str, token: str | None, most: int) -> Profile:
    """Return a new profile, empty. Raises Fault."""
    check_name(name)
    taken = {profile.token for profile in profiles}
    if token in taken:
        raise Fault("InvalidArgVal/ProfileExists", f"there is a profile {token!r} already")
    if len(profiles) >= most:
        raise Fault("Action/MaxNVTProfiles", f"there are {most} profiles already", "Receiver")
    if token is None:
        token = next(f"Profile_{n}" for n in range(1, most + 2) if f"Profile_{n}" not in taken)
    elif not 1 <= len(token) <= LONGEST_NAME or not token.isprintable():
        raise Fault("InvalidArgVal", f"Token is not 1..{LONGEST_NAME} printable characters")
    return Profile(token, name, {})


def check_name(name: str) -> None:
    """Refuse a profile's name. Raises Fault."""
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Fault("InvalidArgVal", f"Name is not 1..{LONGEST_NAME} characters")


def without(profiles: Sequence[Profile], token: str | None) -> list[Profile]:
    """Return `profiles` without one. Raises Fault."""
    if found(profiles, token).is_fixed:
        raise Fault("Action/DeletionOfFixedProfile", f"profile {token!r} is fixed")
    return [profile for profile in profiles if profile.token != token]


def put(profiles: Sequence[Profile], changed: Profile) -> list[Profile]:
    """Return `profiles` with `changed` in the place of the one of its token, or at the end."""
    if changed.token not in {profile.token for profile in profiles}:
        return [*profiles, changed]
    return [changed if profile.token == changed.token else profile for profile in profiles]


def with_part(profile: Profile, kind: str, token: str | None) -> Profile:
    """Return `profile` with a configuration; None: whichever fits. Raises Fault."""
    known = configurations(kind)
    if token is None:
        token = _fitting(profile, known)
    if token not in known:
        raise Fault("InvalidArgVal/NoConfig", f"there is no {kind} configuration {token[:64]!r}")
    return replace(profile, parts={**profile.parts, kind: token})


def without_part(profile: Profile, kind: str) -> Profile:
    """Return `profile` without its configuration of a kind; "All": without any. Raises Fault."""
    if kind == "All":
        return replace(profile, parts={})
    configurations(kind)
    return replace(profile, parts={k: token for k, token in profile.parts.items() if k != kind})


def configurations(kind: str) -> tuple[str, ...]:
    """Return the tokens of a kind. Raises Fault for one that this camera does not have."""
    if kind not in KINDS:
        where = "here" if kind in ELSEWHERE else "anywhere"
        raise Fault("InvalidArgVal/NoConfig", f"there is no {kind[:40]} configuration {where}")
    return KINDS[kind]


def use_count(profiles: Iterable[Profile], token: str) -> int:
    """Return how many profiles hold a configuration."""
    return sum(token in profile.parts.values() for profile in profiles)


def _fitting(profile: Profile, known: Sequence[Any]) -> str:
    own = [token for token in known if token in profile.parts.values()]
    return str((own or list(known))[0])
