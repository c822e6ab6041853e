"""SOAP is read without trust; faults, notifications and topics are values afterwards."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from conformance.exchange import Answer, NoAnswerError
from conformance.onvif import messages
from conformance.onvif.messages import FaultError

SOAP = "http://www.w3.org/2003/05/soap-envelope"


def answer(body, status=200):
    return Answer("POST http://camera/onvif", status, (), body)


def enveloped(inside):
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{inside}</s:Body></s:Envelope>'.encode()


FAULT = enveloped(
    '<s:Fault xmlns:ter="http://www.onvif.org/ver10/error"><s:Code><s:Value>s:Sender</s:Value>'
    "<s:Subcode><s:Value>ter:InvalidArgVal</s:Value><s:Subcode><s:Value>ter:NoProfile</s:Value>"
    '</s:Subcode></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">none such</s:Text></s:Reason>'
    "</s:Fault>"
)


def test_the_body_of_an_answer_is_its_first_element():
    assert messages.content(answer(enveloped("<!-- a word --><a/>"))).tag == "a"


def test_a_fault_tells_code_and_subcodes_without_their_prefixes():
    with pytest.raises(FaultError) as raised:
        messages.content(answer(FAULT, 400), "GetStreamUri")
    fault = raised.value
    assert fault.told == "Sender/InvalidArgVal/NoProfile"
    assert str(fault) == "GetStreamUri: Sender/InvalidArgVal/NoProfile (none such)"
    assert (fault.is_refusal, fault.is_unsupported) == (False, False)


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", [b"", b"no", b"<html/>", b"<"])
def test_a_refusal_by_http_alone_is_a_fault_without_a_code(status, body):
    with pytest.raises(FaultError) as raised:
        messages.content(answer(body, status))
    assert (raised.value.code, raised.value.is_refusal) == ("", True)


def test_the_fault_of_something_is_told_or_that_there_is_none():
    assert messages.fault_of(lambda: messages.content(answer(FAULT, 400))) == (
        "Sender/InvalidArgVal/NoProfile"
    )
    assert messages.fault_of(lambda: messages.content(answer(enveloped("<a/>")))) == "no fault"
    with pytest.raises(NoAnswerError, match="no XML"):
        messages.fault_of(lambda: messages.content(answer(b"ActionNotSupported", 400)))


@pytest.mark.parametrize(
    ("told", "target"),
    [
        ("http://10.0.0.5/onvif/media?x=%20", "/onvif/media?x=%20"),
        ("rtsp://10.0.0.5:554", "/"),
        ("https://[fe80::1]:8443/a", "/a"),
    ],
)
def test_an_address_that_is_told_has_a_target(told, target):
    assert messages.target(messages.address(told)) == target


@pytest.mark.parametrize(
    "told",
    [
        "",
        None,
        "/onvif/media",
        "10.0.0.5",
        "http://",
        "http://c:99999/",
        "http://c:0/",
        "http://[/",
    ],
)
def test_what_is_told_and_is_no_address_is_named(told):
    with pytest.raises(NoAnswerError, match="which is no address"):
        messages.address(told)


def test_not_authorized_is_a_refusal_whatever_the_status():
    body = FAULT.replace(b"ter:InvalidArgVal", b"ter:NotAuthorized")
    with pytest.raises(FaultError) as raised:
        messages.content(answer(body, 400))
    assert raised.value.is_refusal


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "no XML"),
        (b"\xff\xfe\x00", "no XML"),
        (b"<a>", "no XML"),
        (b"<a/>", "no SOAP 1.2"),
        (enveloped(""), "nothing in the answer's body"),
        (BOMB.encode() + enveloped("<a>&b;</a>"), "DTD"),
        (enveloped("<a/>") + b" " * messages.MOST_BYTES, "more than"),
        (enveloped("<a>" * 300 + "</a>" * 300), "no XML"),
        (enveloped("<a/>").replace(b"2003/05", b"2001/12"), "no SOAP 1.2"),
    ],
)
def test_what_is_no_answer_is_named(body, told):
    with pytest.raises(NoAnswerError, match=told):
        messages.content(answer(body))


def test_an_answer_with_an_errors_status_is_none():
    with pytest.raises(NoAnswerError, match="status 500"):
        messages.content(answer(enveloped("<a/>"), 500))


@given(body=st.binary(max_size=200), status=st.sampled_from([200, 400, 401, 500]))
def test_any_bytes_are_an_answer_or_none(body, status):
    with contextlib.suppress(NoAnswerError):
        messages.content(answer(body, status))


# --- events --------------------------------------------------------------------------------------

PULLED = etree.fromstring(
    b"""<r xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"
    xmlns:tns1="http://www.onvif.org/ver10/topics" xmlns:tt="http://www.onvif.org/ver10/schema"><wsnt:NotificationMessage><wsnt:Topic>
    tns1:RuleEngine/CellMotionDetector/Motion</wsnt:Topic><wsnt:Message>
    <tt:Message UtcTime="2026-03-04T05:00:06.5Z" PropertyOperation="Changed">
    <tt:Source><tt:SimpleItem Name="Rule" Value="Motion"/></tt:Source>
    <tt:Data><tt:SimpleItem Name="IsMotion" Value="true"/></tt:Data></tt:Message>
    </wsnt:Message></wsnt:NotificationMessage></r>"""
)


def test_a_notification_is_its_topic_operation_and_items():
    [one] = messages.notifications(PULLED)
    assert one.topic == "RuleEngine/CellMotionDetector/Motion"
    assert one.operation == "Changed"
    assert (one.source, one.data) == ({"Rule": "Motion"}, {"IsMotion": "true"})


def test_a_notification_without_a_message_is_named():
    bare = etree.fromstring(etree.tostring(PULLED).replace(b"tt:Message", b"tt:Massage"))
    with pytest.raises(NoAnswerError, match="'tns1:RuleEngine/CellMotionDetector/Motion' has no"):
        messages.notifications(bare)


def test_topics_are_the_paths_of_what_is_marked_as_one():
    told = etree.fromstring(
        b'<e><t:TopicSet xmlns:t="http://docs.oasis-open.org/wsn/t-1" xmlns:n="urn:n">'
        b"<n:RuleEngine>"
        b'<Motion t:topic="true"><m/></Motion><Other/></n:RuleEngine></t:TopicSet></e>'
    )
    assert messages.topics(told) == {"RuleEngine/Motion"}
