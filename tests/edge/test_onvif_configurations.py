"""Profiles that several clients make and change at once: nothing is lost, nobody shares a token."""

import pytest

from emulator.core.limits import Limits
from emulator.core.onvif import profiles
from emulator.core.onvif.soapfault import Fault
from emulator.edge.onvif.configurations import Configurations


class Kept:
    """What is kept of a camera; between somebody's reading and his change another comes first."""

    def __init__(self):
        self.state, self.limits, self.first = None, Limits(), None

    def kept(self, name):
        return self.state

    def change(self, name, changed):
        first, self.first = self.first, None
        if first is not None:
            first()
        self.state = changed(self.state)


@pytest.fixture
def kept():
    return Kept()


def test_two_who_make_one_at_once_get_one_each(kept):
    both = Configurations(kept)
    made = []
    kept.first = lambda: made.append(both.make("other", None))
    made.append(both.make("mine", None))
    assert {profile.name: profile.token for profile in made} == {
        "other": "Profile_1",
        "mine": "Profile_2",
    }
    assert [profile.name for profile in both.profiles()][-2:] == ["other", "mine"]


def test_two_who_change_one_at_once_both_have_their_way(kept):
    both = Configurations(kept)
    token = both.make("mine", None).token
    kept.first = lambda: both.change(
        token, lambda profile: profiles.with_part(profile, "VideoSource", None)
    )
    both.change(token, lambda profile: profiles.with_part(profile, "Metadata", None))
    assert set(both.profiles()[-1].parts) == {"VideoSource", "Metadata"}


def test_one_that_was_deleted_meanwhile_stays_so(kept):
    both = Configurations(kept)
    token = both.make("mine", None).token
    kept.first = lambda: both.delete(token)
    with pytest.raises(Fault, match="there is no profile"):
        both.change(token, lambda profile: profiles.with_part(profile, "Metadata", None))
    assert both.profiles() == profiles.fixed()
