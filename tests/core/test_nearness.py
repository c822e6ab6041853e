"""Near misses: what a wrong word was probably meant to be."""

import doctest

from hypothesis import given
from hypothesis import strategies as st

from emulator.core import nearness
from emulator.core.nearness import near

PATHS = ["/dataloader.cgi", "/snapshot.cgi", "/cgi-bin/snapshot.cgi", "/report.png", "/V1"]


def test_the_likest_comes_first_and_what_is_unlike_not_at_all():
    assert near("/snapshot.jpg", PATHS)[0] == "/snapshot.cgi"
    assert near("/dataloder.cgi", PATHS) == ["/dataloader.cgi"]
    assert near("/onvif/device_service", ["/report.png"]) == []


def test_case_does_not_matter():
    assert near("/Report.PNG", PATHS) == ["/report.png"]
    assert near("/v1", PATHS) == ["/V1"]


@given(st.text(max_size=3000), st.lists(st.text(), max_size=10))
def test_what_is_near_is_known_and_there_are_three_at_most(word, known):
    found = near(word, known)
    assert len(found) <= 3
    assert set(found) <= set(known)


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(nearness).failed == 0
