"""Time zones as POSIX writes them, which is how ONVIF spells them: `CET-1CEST,M3.5.0,M10.5.0/3`.

IANA's files end with such a line, the rule for the time to come; so an IANA zone has a spelling,
and a spelling a zone. Source: RFC 9636 3.3 (the footer), POSIX.1 (TZ).
"""

import re
from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from emulator.edge.clock import ZoneError, zone_of

LONGEST = 80

_PLAIN = re.compile(r"(?:[A-Za-z]{3,10}|<[A-Za-z0-9+-]{1,10}>)([+-]?)([0-9]{1,2})(?::([0-9]{2}))?")
_PREFERRED = ("Europe/", "America/", "Asia/", "Australia/", "Africa/", "Pacific/")


def posix_of(name: str) -> str:
    """Return the spelling of the zone `name`; one that has none is spelled as it is named."""
    match = re.fullmatch(r"UTC([+-])([0-9]{2}):([0-9]{2})", name)
    if match:
        return name
    return _footer(name) or name


def name_of(spelling: str, current: str) -> str:
    """Return the name of the zone that is spelled so; of several, `current` before others.

    spelling  of POSIX, or an IANA name, which devices take as well

    Raises ZoneError.
    """
    spelling = spelling.strip()
    if not 1 <= len(spelling) <= LONGEST:
        raise ZoneError(f"{spelling[:60]!r} is not 1..{LONGEST} characters")
    wanted = _usual(spelling)
    if wanted == _usual(posix_of(current)):
        return current
    plain = _PLAIN.fullmatch(spelling)
    if plain:
        sign, hours, minutes = plain.groups()
        fixed = f"UTC{'-' if sign == '-' else '+'}{int(hours):02}:{minutes or '00'}"
        zone_of(fixed)
        return "UTC" if fixed == "UTC+00:00" else fixed
    if "," not in spelling:
        zone_of(spelling)
        return spelling
    for name in sorted(available_timezones(), key=_preference):
        if _usual(_footer(name)) == wanted:
            return name
    raise ZoneError(f"{spelling[:60]!r} is the rule of no IANA time zone")


def _preference(name: str) -> tuple[int, str]:
    ranks = [rank for rank, region in enumerate(_PREFERRED) if name.startswith(region)]
    return (ranks[0] if ranks else len(_PREFERRED)), name


def _usual(spelling: str) -> str:
    # A change at two o'clock is what is meant where no hour stands.
    return re.sub(r"/0?2(:00){0,2}(?=,|\Z)", "", spelling)


@cache
def _footer(name: str) -> str:
    try:
        octets = files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()
    except (OSError, ValueError):
        return ""
    return octets.rsplit(b"\n", 2)[-2].decode("ascii", "replace")
