"""Topic expressions, in the two dialects."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.onvif.events import (
    LAST_REBOOT,
    MOTION,
    MOTION_ALARM,
    STORAGE_FAILURE,
    TOPICS,
    Event,
)
from emulator.core.onvif.topicfilter import (
    CONCRETE,
    CONCRETE_SET,
    EVERYTHING,
    FilterError,
    together,
    topics,
)

TNS1 = {"tns1": "http://www.onvif.org/ver10/topics"}


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("tns1:VideoSource/MotionAlarm", {MOTION_ALARM}),
        ("  tns1:VideoSource/MotionAlarm\n", {MOTION_ALARM}),
        ("tns1:RuleEngine//.", {MOTION}),
        ("tns1:RuleEngine/CellMotionDetector//.", {MOTION}),
        ("tns1:RuleEngine/CellMotionDetector/Motion//.", {MOTION}),
        ("tns1:RuleEngine//.|tns1:VideoSource//.", {MOTION, MOTION_ALARM}),
        ("tns1:Device//. | tns1:Monitoring//.", {STORAGE_FAILURE, LAST_REBOOT}),
        ("tns1:VideoAnalytics//.|tns1:VideoSource/MotionAlarm", {MOTION_ALARM}),
        ("tns1:VideoSource/tns1:MotionAlarm", {MOTION_ALARM}),
    ],
)
def test_a_concrete_set_is_paths_and_subtrees(expression, found):
    assert topics(expression, CONCRETE_SET, TNS1) == found


def test_a_concrete_expression_is_one_path():
    assert topics("tns1:VideoSource/MotionAlarm", CONCRETE, TNS1) == {MOTION_ALARM}


def test_the_prefix_is_the_clients_own():
    assert topics("o:VideoSource//.", CONCRETE_SET, {"o": TNS1["tns1"]}) == {MOTION_ALARM}


@pytest.mark.parametrize(
    ("expression", "dialect", "fault", "reason"),
    [
        ("tns1:RuleEngine", CONCRETE_SET, "TopicNotSupportedFault", "names no topic"),
        ("tns1:PTZController//.", CONCRETE_SET, "TopicNotSupportedFault", "PTZController"),
        ("tns1:RuleEngine/LineDetector//.", CONCRETE_SET, "TopicNotSupportedFault", "Line"),
        ("tns1:VideoSource/MotionAlarm/x//.", CONCRETE_SET, "TopicNotSupportedFault", "Alarm/x"),
        ("VideoSource/MotionAlarm", CONCRETE_SET, "TopicNotSupportedFault", "names no topic"),
        ("x:VideoSource//.", CONCRETE_SET, "InvalidTopicExpressionFault", "prefix 'x'"),
        ("tns1:VideoSource/x:MotionAlarm", CONCRETE_SET, "InvalidTopicExpressionFault", "'x'"),
        ("", CONCRETE_SET, "InvalidTopicExpressionFault", "'' is no topic"),
        ("tns1:A//B", CONCRETE_SET, "InvalidTopicExpressionFault", "tns1:A//B"),
        ("tns1:A|", CONCRETE_SET, "InvalidTopicExpressionFault", "'' is no topic"),
        ("tns1:RuleEngine//.", CONCRETE, "InvalidTopicExpressionFault", "RuleEngine"),
        ("tns1:A|tns1:B", CONCRETE, "InvalidTopicExpressionFault", "tns1:A"),
        ("tns1:A" * 400, CONCRETE_SET, "InvalidTopicExpressionFault", "2400 characters"),
        ("*", "urn:x", "TopicExpressionDialectUnknownFault", "urn:x"),
    ],
)
def test_refusals_carry_the_standards_fault_and_say_what_is_wrong(
    expression, dialect, fault, reason
):
    with pytest.raises(FilterError, match=reason) as refused:
        topics(expression, dialect, TNS1)
    assert refused.value.fault == fault


def test_a_prefix_of_another_namespace_names_nothing_here():
    with pytest.raises(FilterError, match="names no topic"):
        topics("t:VideoSource/MotionAlarm", CONCRETE_SET, {"t": "urn:other"})


def event(topic=MOTION_ALARM):
    return Event(topic, 0, (), (), "Changed")


def test_without_a_filter_everything_is_wanted():
    assert all(EVERYTHING.wants(event(topic)) for topic in TOPICS)


def test_an_event_must_pass_all_filters():
    both = together([frozenset({MOTION, MOTION_ALARM}), frozenset({MOTION_ALARM})])
    assert both.wants(event(MOTION_ALARM))
    assert not both.wants(event(MOTION))
    assert not together([], [lambda _: True, lambda _: False]).wants(event())


@given(st.text(max_size=60), st.sampled_from([CONCRETE, CONCRETE_SET, "urn:x"]))
def test_any_text_gives_topics_or_a_refusal(expression, dialect):
    with suppress(FilterError):
        assert topics(expression, dialect, TNS1) <= set(TOPICS)
