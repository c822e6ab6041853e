"""Time zones as POSIX spells them. Spellings are IANA's own (`tail -1` of the zone's file)."""

import pytest

from emulator.edge import zones
from emulator.edge.clock import ZoneError, zone_of


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("UTC", "UTC0"),
        ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"),
        ("Asia/Kolkata", "IST-5:30"),
        ("America/New_York", "EST5EDT,M3.2.0,M11.1.0"),
        ("Australia/Lord_Howe", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0"),
        ("UTC-02:00", "UTC-02:00"),
    ],
)
def test_a_zone_is_spelled_and_known_again(name, spelling):
    assert zones.posix_of(name) == spelling
    assert zones.name_of(spelling, current=name) == name


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("EST5EDT,M3.2.0,M11.1.0", "America/Detroit"),  # the first by name
        ("EST5EDT,M3.2.0/2,M11.1.0/02:00:00", "America/Detroit"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Amsterdam"),
        ("UTC0", "UTC"),
        ("GMT+0", "UTC"),
        ("CST-8", "UTC-08:00"),
        ("<+0545>-5:45", "UTC-05:45"),
        ("XYZ3", "UTC+03:00"),
        ("Asia/Kolkata", "Asia/Kolkata"),
    ],
)
def test_a_spelling_has_a_zone(spelling, name):
    assert zones.name_of(spelling, current="Pacific/Apia") == name
    zone_of(name)


@pytest.mark.parametrize(
    "spelling",
    ["", "x" * 81, "CET-1CEST,M3.1.0,M10.1.0", "Mars/Olympus", "UTC25:00", "../etc", "A1"],
)
def test_what_is_no_zone_is_refused(spelling):
    with pytest.raises(ZoneError):
        zones.name_of(spelling, current="UTC")
