"""GATE: which models and firmware have the heat map, read off the catalogue's words.

A name is LINE DIGITS - SUFFIX, as MS-C 8165 - PE. What this says is only a claim: the checks of
the gate see whether the device behaves so, and contradicting it is a failure both ways.
"""

import re
from typing import NamedTuple

from conformance.verdict import Claim

PTZ_DIGITS = ("41", "42", "61", "67", "71")  # GATE-02
PANORAMIC_DIGITS = ("65", "74", "76")  # GATE-04
AI_ENDINGS = ("PA", "PC", "PE")  # GATE-01

_NAME = re.compile(r"(MS-CQ|MS-C|TS)([0-9]{3,4})-([A-Z0-9]+)")
# GATE-06: a V or a prefix that ends in _, platform.major.minor.patch, and variants of letters
# before or after -rN. LPR firmware writes its region behind another _.
_VARIANT = r"(?:[-_](?!r[0-9])[A-Za-z]+)?"
_VERSION = re.compile(
    r"(?:V|[A-Za-z]+_)?[0-9]+\.([0-9]+)\.([0-9]+)\.([0-9]+)"
    rf"{_VARIANT}(?:-r([0-9]+))?{_VARIANT}"
)


class Version(NamedTuple):
    """A firmware as it compares: the platform is no part of it."""

    major: int
    minor: int
    patch: int
    release: int


AI_FROM = Version(8, 0, 2, 0)  # GATE-01
PANORAMIC_FROM = Version(7, 0, 72, 7)  # GATE-04


def version(text: str) -> Version | None:
    """Return a firmware text as a version, or None: from any other text nothing is concluded."""
    if (match := _VERSION.fullmatch(text)) is None:
        return None
    major, minor, patch, release = match.groups("0")
    return Version(int(major), int(minor), int(patch), int(release))


def decide(model: str, firmware: str) -> Claim:
    """Return whether the documents say that this model with this firmware has the heat map."""
    match = _NAME.fullmatch(model)
    if match is None:
        return Claim(None, f"{model!r} is not a name that the documents know")
    line, digits, suffix = match.groups()
    is_ai = suffix.endswith(AI_ENDINGS)
    if line == "TS":
        return Claim(False, f"{model} is a road traffic model", ("GATE-03",))
    if digits.endswith(PTZ_DIGITS):
        rule = "GATE-02" if is_ai or suffix.endswith(("PG1", "PKG1")) else "GATE-05"
        return Claim(False, f"{model} is of the PTZ series ({digits[-2:]})", (rule,))
    if "L" in suffix:
        return Claim(False, f"{model} is of the LPR series (L)", ("GATE-03",))
    if line == "MS-CQ" or suffix.endswith(("PG1", "PKG1")):
        return Claim(None, f"undocumented series: {model}", ("GATE-05",))
    if is_ai:
        return _from(model, "an AI model", firmware, AI_FROM, "GATE-01")
    if suffix.endswith("B") and digits.endswith(PANORAMIC_DIGITS):
        return _from(model, "a panoramic model", firmware, PANORAMIC_FROM, "GATE-04")
    return Claim(False, f"{model} is neither panoramic nor named as AI", ("GATE-05",))


def _from(model: str, kind: str, firmware: str, first: Version, rule: str) -> Claim:
    found = version(firmware)
    wanted = f"x.{first.major}.{first.minor}.{first.patch}" + f"-r{first.release}" * bool(
        first.release
    )
    if found is None:
        return Claim(None, f"{firmware!r} is not a firmware version", ("GATE-06",))
    if found < first:
        why = f"{model} is {kind}, but {firmware} is older than {wanted}"
        return Claim(False, why, (rule,))
    return Claim(True, f"{model} is {kind}, and {firmware} is not older than {wanted}", (rule,))
