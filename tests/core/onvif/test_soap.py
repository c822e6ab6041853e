"""Envelopes: what is read, what is bounded, and how faults are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from emulator.core.onvif import soap
from emulator.core.onvif.soap import SOAP11, SOAP12, TER, WSA, Envelope
from emulator.core.onvif.soapfault import Fault

OPEN, CLOSE = f'<s:Envelope xmlns:s="{SOAP12}"><s:Body>', "</s:Body></s:Envelope>"
LAUGHS = '<!ENTITY l0 "ha">' + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10)
)


def refused(octets):
    with pytest.raises(Fault) as fault:
        soap.read(octets if isinstance(octets, bytes) else octets.encode())
    return fault.value


# --- worked examples ----------------------------------------------------------------------------


def test_an_envelope_is_read():
    asked = soap.read(f'{OPEN}<a xmlns="urn:x"/>{CLOSE}'.encode())
    assert (asked.version, asked.name.text, asked.header) == (SOAP12, "{urn:x}a", None)
    assert asked.message_id is None


def test_soap_1_1_is_read_and_answered_in_kind():
    text = f'{OPEN}<a xmlns="urn:x"/>{CLOSE}'.replace(SOAP12, SOAP11)
    assert soap.read(text.encode()).version == SOAP11
    answer = etree.fromstring(f'{OPEN}<b xmlns="urn:x">1</b>{CLOSE}')
    turned = soap.in_version(answer, SOAP11)
    assert turned.tag == f"{{{SOAP11}}}Envelope"
    assert turned.findtext(f"{{{SOAP11}}}Body/{{urn:x}}b") == "1"
    told = soap.fault_envelope(Fault("InvalidArgVal/NoProfile", "no such profile"), SOAP11)
    assert told.findtext(".//faultcode") == "env:Client"
    assert told.findtext(".//faultstring") == "ter:InvalidArgVal/ter:NoProfile: no such profile"


def test_a_fault_has_its_prefixes_where_clients_look_for_them():
    told = etree.fromstring(soap.spelled(soap.fault_envelope(Fault("A/B", "why", "Receiver"))))
    assert told.nsmap == {"env": SOAP12, "ter": TER}
    values = [element.text for element in told.iter(f"{{{SOAP12}}}Value")]
    assert values == ["env:Receiver", "ter:A", "ter:B"]
    assert told.findtext(f".//{{{SOAP12}}}Text") == "why"


def test_a_message_with_an_id_is_answered_to_it():
    header = f'<s:Header xmlns:a="{WSA}"><a:MessageID>urn:1</a:MessageID></s:Header>'
    asked = soap.read(
        f'{OPEN}<a xmlns="urn:x"/>{CLOSE}'.replace("<s:Body>", header + "<s:Body>").encode()
    )
    answer = etree.fromstring(f"{OPEN}<b/>{CLOSE}")
    soap.addressed(answer, asked, "urn:done")
    assert answer[0].tag == f"{{{SOAP12}}}Header"
    assert [(e.tag, e.text) for e in answer[0]] == [
        (f"{{{WSA}}}Action", "urn:done"),
        (f"{{{WSA}}}RelatesTo", "urn:1"),
    ]


def test_who_sends_no_id_gets_no_header():
    answer = etree.fromstring(f"{OPEN}<b/>{CLOSE}")
    soap.addressed(answer, Envelope(SOAP12, None, answer, None), "urn:done")
    assert len(answer) == 1


def test_a_header_that_must_be_understood_and_is_not_is_refused():
    def headed(namespace, must):
        block = f'<h xmlns="{namespace}" s:mustUnderstand="{must}"/>'
        return f"{OPEN}<a/>{CLOSE}".replace("<s:Body>", f"<s:Header>{block}</s:Header><s:Body>")

    assert refused(headed("urn:other", "true")).code == "MustUnderstand"
    assert refused(headed("urn:other", "1")).reason == "the header h must be understood, and is not"
    soap.read(headed("urn:other", "0").encode())
    soap.read(headed(WSA, "1").encode())


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not well-formed"),
        ("{}", "not well-formed"),
        ("<a>", "not well-formed"),
        ("<a/>", "the request is a, not an Envelope"),
        (f'<Envelope xmlns="{SOAP12}"/>', "Body does not hold exactly one element"),
        (OPEN + CLOSE, "Body does not hold exactly one element"),
        (f"{OPEN}<a/><b/>{CLOSE}", "Body does not hold exactly one element"),
        ('<s:Envelope xmlns:s="urn:soap"><s:Body><a/></s:Body></s:Envelope>', "not an Envelope"),
        (f"<!DOCTYPE x>{OPEN}<a/>{CLOSE}", "has a document type"),
        (f"<!DOCTYPE x [{LAUGHS}]>{OPEN}<a>&l9;</a>{CLOSE}", "document type"),
        (f'<!DOCTYPE x SYSTEM "file:///etc/passwd">{OPEN}<a/>{CLOSE}', "document type"),
        (
            f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{OPEN}<a>&e;</a>{CLOSE}',
            "document",
        ),
        (OPEN + "<a>" * 38 + "</a>" * 38 + CLOSE, "no more"),
        (OPEN + "<a>" * 39 + "</a>" * 39 + CLOSE, "deeper than 40 elements"),
        (f"{OPEN}<a>{'<b/>' * 1997}</a>{CLOSE}", "no more"),
        (f"{OPEN}<a>{'<b/>' * 1998}</a>{CLOSE}", "more than 2000 elements"),
        (OPEN + "<a>" * 5000 + "</a>" * 5000 + CLOSE, "the request"),
    ],
)
def test_what_is_no_request_is_refused(text, told):
    if told == "no more":  # the bound itself is allowed
        soap.read(text.encode())
    else:
        fault = refused(text)
        assert told in fault.reason
        assert (fault.code, fault.subcodes) == ("Sender", ("WellFormed",))


def test_a_bomb_in_another_encoding_is_seen_too():
    text = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [{LAUGHS}]>{OPEN}<a>&l9;</a>{CLOSE}'
    assert "document type" in refused(text.encode("utf-16")).reason


@given(st.text(max_size=400))
def test_a_reason_can_always_be_told(text):
    fault = Fault("InvalidArgVal", text)
    spelled = soap.spelled(soap.fault_envelope(fault))
    told = etree.fromstring(spelled).findtext(f".//{{{SOAP12}}}Text")
    assert (told or "") == fault.reason
    assert len(fault.reason) <= 300


@given(st.binary(max_size=200))
def test_octets_of_no_kind_are_read(octets):
    assert refused(octets).subcodes == ("WellFormed",)
