"""Media profiles: the fixed ones, those that clients make, and what they hold."""

import pytest

from emulator.core.onvif import profiles, tokens
from emulator.core.onvif.soapfault import Fault

FIXED = profiles.fixed()


def refused(change, *arguments):
    with pytest.raises(Fault) as fault:
        change(*arguments)
    return "/".join((fault.value.code, *fault.value.subcodes))


def test_each_stream_has_a_profile_that_is_whole():
    assert [(p.token, p.parts["VideoEncoder"]) for p in FIXED] == [
        ("Profile_main", "VideoEncoder_main"),
        ("Profile_sub", "VideoEncoder_sub"),
        ("Profile_third", "VideoEncoder_third"),
    ]
    assert all(profile.is_fixed and set(profile.parts) == set(profiles.KINDS) for profile in FIXED)


def test_a_profile_is_made_filled_kept_and_deleted():
    made = profiles.made(FIXED, "mine", None, most=8)
    assert (made.token, made.parts, made.is_fixed) == ("Profile_1", {}, False)
    made = profiles.with_part(made, "VideoEncoder", "VideoEncoder_sub")
    made = profiles.with_part(made, "VideoSource", None)
    kept = profiles.read(profiles.as_fields(profiles.put(FIXED, made)))
    assert kept == [*FIXED, made]
    assert profiles.use_count(kept, "VideoEncoder_sub") == 2
    assert profiles.without(kept, "Profile_1") == FIXED
    emptied = profiles.without_part(made, "VideoEncoder")
    assert emptied.parts == {"VideoSource": tokens.SOURCE_CONFIGURATION}
    assert profiles.without_part(made, "All").parts == {}


def test_a_fixed_profile_may_be_changed_and_stays_fixed():
    changed = profiles.with_part(FIXED[0], "VideoEncoder", "VideoEncoder_third")
    kept = profiles.read(profiles.as_fields(profiles.put(FIXED, changed)))
    assert kept[0].parts["VideoEncoder"] == "VideoEncoder_third"
    assert kept[0].is_fixed


def test_what_can_not_be_is_refused_as_the_standard_says():
    assert refused(profiles.found, FIXED, "x") == "Sender/InvalidArgVal/NoProfile"
    assert refused(profiles.without, FIXED, "Profile_sub") == "Sender/Action/DeletionOfFixedProfile"
    taken = "Sender/InvalidArgVal/ProfileExists"
    assert refused(profiles.made, FIXED, "x", "Profile_sub", 8) == taken
    assert refused(profiles.made, FIXED, "x", None, 3) == "Receiver/Action/MaxNVTProfiles"
    assert refused(profiles.made, FIXED, "x" * 65, None, 8) == "Sender/InvalidArgVal"
    assert refused(profiles.made, FIXED, "", None, 8) == "Sender/InvalidArgVal"
    missing = "Sender/InvalidArgVal/NoConfig"
    assert refused(profiles.with_part, FIXED[0], "VideoEncoder", "x") == missing
    assert refused(profiles.with_part, FIXED[0], "PTZ", None) == missing
    assert refused(profiles.without_part, FIXED[0], "Nonsense") == missing
