"""Content filters: the Core specification's own examples first."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.onvif.events import MOTION, Event
from emulator.core.onvif.itemfilter import ITEM_FILTER, read
from emulator.core.onvif.topicfilter import FilterError

TT = {"tt": "http://www.onvif.org/ver10/schema"}
EVENT = Event(
    MOTION,
    0,
    (
        ("VideoSourceConfigurationToken", "1"),
        ("VideoAnalyticsConfigurationToken", "2"),
        ("Rule", "motion"),
    ),
    (("IsMotion", "true"),),
    "Changed",
)


def passes(expression):
    return read(expression, ITEM_FILTER, TT)(EVENT)


SOURCE_1 = 'boolean(//tt:SimpleItem[@Name="VideoSourceConfigurationToken" and @Value="1"])'
ANALYTICS = 'boolean(//tt:SimpleItem[@Name="VideoAnalyticsConfigurationToken"] )'


@pytest.mark.parametrize(
    ("expression", "passed"),
    [
        (SOURCE_1, True),
        (f"not( {ANALYTICS} )", False),
        (f"{SOURCE_1}\n  and {ANALYTICS}", True),
        (f"{SOURCE_1} and not({ANALYTICS})", False),
        ("boolean(//tt:SimpleItem[@Name='IsMotion' and @Value='false'])", False),
        ("boolean(//SimpleItem[@Value='true'])", True),
        ("boolean(//tt:SimpleItem[not(@Name='Rule') and @Value='motion'])", False),
        ("boolean(//tt:SimpleItem[(@Value='9' or @Value='2') and not(@Name='Rule')])", True),
        ("boolean(//tt:ElementItem[@Name='Rule'])", False),
        ("not(boolean(//tt:ElementItem[not(@Name='x')]))", True),
        (f"(({SOURCE_1}))", True),
    ],
)
def test_filters_of_items(expression, passed):
    assert passes(expression) is passed


TRUE, FALSE = "boolean(//SimpleItem[@Value='1'])", "boolean(//SimpleItem[@Value='9'])"


def test_and_binds_tighter_than_or():
    assert passes(f"{TRUE} or {FALSE} and {FALSE}")
    assert not passes(f"({TRUE} or {FALSE}) and {FALSE}")


def test_one_item_must_fulfil_the_whole_test():
    # There is a Rule and there is a value of 1, but no Rule whose value is 1.
    assert not passes("boolean(//tt:SimpleItem[@Name='Rule' and @Value='1'])")


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "ends too soon"),
        ("boolean(//tt:SimpleItem[@Name='a']", "ends too soon"),
        ("boolean(//tt:Thing[@Name='a'])", "'Thing' is neither"),
        ("boolean(//x:SimpleItem[@Name='a'])", "prefix 'x'"),
        ("boolean(//tt:SimpleItem[@Type='a'])", "'@Type' is neither"),
        ("boolean(//tt:SimpleItem[@Name=a])", "no text in quotes"),
        ("boolean(//tt:SimpleItem[@Name<'a'])", "can't be read"),
        ("count(//tt:SimpleItem)", "'count'"),
        (f"{TRUE} {TRUE}", "behind its end"),
        ("(" * 21 + TRUE + ")" * 21, "deeper than 20"),
        (f"{TRUE} or " * 60 + TRUE, "more than 2000"),
    ],
)
def test_refusals_name_what_is_wrong(expression, reason):
    with pytest.raises(FilterError, match=reason) as refused:
        passes(expression)
    assert refused.value.fault == "InvalidMessageContentExpressionFault"


def test_another_dialect_is_refused():
    with pytest.raises(FilterError, match="ItemFilter only"):
        read(TRUE, "http://www.w3.org/TR/1999/REC-xpath-19991116", TT)


WORDS = ["boolean", "not", "(", ")", "[", "]", "//", "tt", ":", "SimpleItem", "@Name", "=", "'a'"]


@given(st.lists(st.sampled_from([*WORDS, "and", "or", '"', "ä", " "]), max_size=40).map(" ".join))
def test_any_text_gives_an_answer_or_a_refusal(expression):
    with suppress(FilterError):
        assert passes(expression) in {True, False}
