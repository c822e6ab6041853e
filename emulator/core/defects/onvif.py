"""Defects of what recorders see over ONVIF."""

from collections.abc import Container
from dataclasses import replace

from emulator.core.defects.defect import Defect
from emulator.core.onvif.analytics import Parameter
from emulator.core.policy import Based, Told, Used
from emulator.core.settings import NAMED

ELSEWHERE = "http://192.0.2.1"
"""An address that nobody has (RFC 5737)."""

_DWELL = NAMED["min_dwell"]


def _twice_the_range(right: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    high = 2 * _DWELL.high
    return tuple(replace(one, high=high) if one.name == _DWELL.key else one for one in right)


def _no_motion(right: Told) -> Told:
    return lambda topic: "Motion" not in topic and right(topic)


def _never_used(right: Used) -> Used:
    def wrong(nonce: bytes, seen: Container[bytes]) -> bool:
        return False

    return wrong


def _elsewhere(right: Based) -> Based:
    return lambda base: ELSEWHERE


DEFECTS = (
    Defect(
        "onvif-range",
        "Over ONVIF Min. Dwell Time is said to go up to 600 s.",
        ("WIRE-03",),
        {"parameters": _twice_the_range},
    ),
    Defect(
        "event-never-sent",
        "That something moves, or no longer does, is told to nobody over ONVIF.",
        ("WIRE-03",),
        {"tells": _no_motion},
    ),
    Defect(
        "nonce-replayed",
        "A WS-UsernameToken that was here before lets in again.",
        ("WIRE-03",),
        {"is_used": _never_used},
    ),
    Defect(
        "xaddr-elsewhere",
        "Over ONVIF the camera tells addresses of a host that it is not.",
        ("WIRE-03",),
        {"base": _elsewhere},
    ),
)
