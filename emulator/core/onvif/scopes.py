"""Scopes: what a camera says of itself to whoever looks for cameras, as URIs.

Fixed ones follow from what it is; the rest a client may write. Pure.

Sources: ONVIF Core 7.3.2.2 (onvif://www.onvif.org/...), device management (Get, Set, Add and
RemoveScopes and their faults); facts 8 (which a real one has).
"""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from emulator.core.device import Identity
from emulator.core.onvif.soapfault import Fault

ROOT = "onvif://www.onvif.org/"
CLAIMS = ("Streaming",)
"""Profiles served as a whole, by their scopes: S. T wants an OSD; G and M are not begun."""

DELIVERED = (f"{ROOT}name/Camera", f"{ROOT}location/")  # facts 8
MOST_SCOPES = 32
LONGEST_SCOPE = 128


def fixed(identity: Identity, claims: Iterable[str] = CLAIMS) -> list[str]:
    """Return the scopes that nobody can change."""
    return [
        f"{ROOT}type/Network_Video_Transmitter",
        f"{ROOT}type/video_encoder",
        *(f"{ROOT}Profile/{claim}" for claim in claims),
        f"{ROOT}hardware/{quote(identity.model)}",
        f"{ROOT}macaddress/{quote(identity.mac)}",
    ]


def replaced(fixed: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return `wanted` as the scopes that can be changed. Raises Fault.

    wanted  may hold fixed ones, which stay what they are
    """
    _check(wanted)
    changed = [scope for scope in dict.fromkeys(wanted) if scope not in fixed]
    return _bounded(fixed, changed)


def added(fixed: Sequence[str], there: Sequence[str], more: Sequence[str]) -> list[str]:
    """Return the scopes that can be changed, with `more`. Raises Fault."""
    _check(more)
    new = [scope for scope in dict.fromkeys(more) if scope not in (*fixed, *there)]
    return _bounded(fixed, [*there, *new])


def removed(fixed: Sequence[str], there: Sequence[str], fewer: Sequence[str]) -> list[str]:
    """Return the scopes that can be changed, without `fewer`. Raises Fault."""
    for scope in fewer:
        if scope in fixed:
            raise Fault("OperationProhibited/FixedScope", f"scope {scope[:128]} is fixed")
        if scope not in there:
            raise Fault("InvalidArgVal/NoScope", f"there is no scope {scope[:128]}")
    return [scope for scope in there if scope not in fewer]


def _check(scopes: Sequence[str]) -> None:
    for scope in scopes:
        if not 1 <= len(scope) <= LONGEST_SCOPE or not scope.isascii() or not scope.isprintable():
            limits = f"1..{LONGEST_SCOPE} printable ASCII characters"
            raise Fault("InvalidArgVal", f"scope {scope[:40]!r} is not {limits}")
        if ":" not in scope or " " in scope:
            raise Fault("InvalidArgVal", f"scope {scope[:128]!r} is no URI")


def _bounded(fixed: Sequence[str], changed: list[str]) -> list[str]:
    if len(fixed) + len(changed) > MOST_SCOPES:
        raise Fault("Action/TooManyScopes", f"over {MOST_SCOPES} scopes", "Receiver")
    return changed
