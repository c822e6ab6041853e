"""GATE: which models and firmware have the heat map, read off the catalogue's words.

A name is LINE DIGITS - SUFFIX, as MS-C 8165 - PE. What this says is only a claim: the checks of
the gate see whether the device behaves so, and contradicting it is a failure both ways.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from conformance.verdict import Claim

_NAME = re.compile(r"(MS-CQ|MS-C|TS)([0-9]{3,4})-([A-Z0-9]+)")
# GATE-06: a V or a prefix that ends in _, platform.major.minor.patch, and variants of letters
# before or after -rN. LPR firmware writes its region behind another _.
_VARIANT = r"(?:[-_](?!r\b|r[0-9])[A-Za-z]+)?"
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


class Name(NamedTuple):
    """A model's name taken apart."""

    line: str
    digits: str
    suffix: str

    @property
    def is_ai(self) -> bool:
        """Whether the name ends as GATE-01 says; -PG1 and -PKG1 are AI, too (camera facts 6)."""
        return self.suffix.endswith(("PA", "PC", "PE", "PG1", "PKG1"))

    @property
    def is_ptz(self) -> bool:
        """Whether the last two digits tell the PTZ series (GATE-02)."""
        return self.digits.endswith(("41", "42", "61", "67", "71"))

    @property
    def is_panoramic(self) -> bool:
        """Whether the last two digits tell a panoramic model (GATE-04)."""
        return self.digits.endswith(("65", "74", "76"))


NEVER, UNDOCUMENTED = "never", "undocumented"


class Series(NamedTuple):
    """Some models: which, the rule that says so, and from which firmware they have it."""

    rule: str
    what: str
    holds: Callable[[Name], bool]
    since: Version | str


SERIES = (  # the first that holds decides
    Series("GATE-02", "an AI model of the PTZ series", lambda n: n.is_ptz and n.is_ai, NEVER),
    Series("GATE-05", "of the PTZ series", lambda n: n.is_ptz and n.line != "TS", NEVER),
    Series("GATE-03", "a road traffic model", lambda n: n.line == "TS", NEVER),
    Series("GATE-03", "of the LPR series", lambda n: "L" in n.suffix, NEVER),
    Series(
        "GATE-05",
        "of an undocumented series",
        lambda n: n.line == "MS-CQ" or n.suffix.endswith(("PG1", "PKG1")),
        UNDOCUMENTED,
    ),
    Series("GATE-01", "an AI model", lambda n: n.is_ai, Version(8, 0, 2, 0)),
    Series(
        "GATE-04",
        "a panoramic model without AI",
        lambda n: n.is_panoramic and n.suffix.endswith("B"),
        Version(7, 0, 72, 7),
    ),
    Series("GATE-05", "neither panoramic nor named as AI", lambda n: True, NEVER),
)


def version(text: str) -> Version | None:
    """Return a firmware text as a version, or None: from any other text nothing is concluded."""
    if (match := _VERSION.fullmatch(text)) is None:
        return None
    major, minor, patch, release = match.groups("0")
    return Version(int(major), int(minor), int(patch), int(release))


def series_of(model: str) -> Series | None:
    """Return the series that a model's name tells, or None for no name of this form."""
    match = _NAME.fullmatch(model)
    if match is None:
        return None
    name = Name(*match.groups())
    return next(series for series in SERIES if series.holds(name))


def decide(model: str, firmware: str) -> Claim:
    """Return whether the documents say that this model with this firmware has the heat map."""
    series = series_of(model)
    if series is None:
        return Claim(None, f"{model!r} is not a name that the documents know")
    told, rules = f"{model} is {series.what}", (series.rule,)
    if isinstance(series.since, str):
        offered = False if series.since == NEVER else None
        never = ", which never has the heat map" if series.since == NEVER else ""
        return Claim(offered, f"{told}{never} ({series.rule})", rules)
    found, wanted = version(firmware), _text(series.since)
    if found is None:
        return Claim(None, f"{told}, but {firmware!r} is not a firmware version", ("GATE-06",))
    if found < series.since:
        return Claim(False, f"{told}, but {firmware} is older than {wanted} ({series.rule})", rules)
    return Claim(True, f"{told}, and {firmware} is not older than {wanted} ({series.rule})", rules)


def _text(version: Version) -> str:
    release = f"-r{version.release}" if version.release else ""
    return f"x.{version.major}.{version.minor}.{version.patch}{release}"
