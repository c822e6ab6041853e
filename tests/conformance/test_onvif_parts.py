"""Tokens, schemas and Probes of the harness, against worked examples and the standard's own."""

import base64
import logging
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from conformance import har
from conformance.client import Login
from conformance.onvif import messages, probing, pulling, schemas, wsdls
from conformance.onvif.messages import Notification
from conformance.onvif.tokens import Token

DEVICE = "http://www.onvif.org/ver10/device/wsdl"


# --- tokens --------------------------------------------------------------------------------------


def test_a_digest_is_the_one_of_onvifs_own_example():
    """ONVIF Application Programmer's Guide, 6.1.1.3: user, password, nonce, date, and digest."""
    token = Token(
        Login("user", "userpassword"),
        base64.b64decode("LKqI6G/AikKCQrN0zqZFlg=="),
        datetime(2010, 9, 16, 7, 50, 45, tzinfo=UTC),
    )
    assert token.created_text == "2010-09-16T07:50:45Z"
    assert token.digest == "tuOSpGlFlIXsozq4HFNeeGeFLEI="


def test_a_token_stands_in_the_header_and_leaves_no_secret_in_the_evidence():
    envelope = etree.fromstring(f'<s:Envelope xmlns:s="{messages.SOAP}"><s:Body/></s:Envelope>')
    token = Token(Login("anna", "secret"), bytes(16), datetime(2026, 3, 4, tzinfo=UTC))
    token.apply(envelope, {})
    text = etree.tostring(envelope).decode()
    assert "<wsse:Username>anna</wsse:Username>" in text
    assert token.digest in text
    kept = har.clean(text, ["secret"])
    assert token.digest not in kept
    assert base64.b64encode(bytes(16)).decode() not in kept
    assert "2026-03-04T00:00:00Z" in kept


# --- schemas -------------------------------------------------------------------------------------


def enveloped(inside):
    return etree.fromstring(
        f'<s:Envelope xmlns:s="{messages.SOAP}"><s:Body>{inside}</s:Body></s:Envelope>'
    )


def hostname(inside):
    return enveloped(
        f'<d:GetHostnameResponse xmlns:d="{DEVICE}" xmlns:tt="{messages.TT}">'
        f"<d:HostnameInformation>{inside}</d:HostnameInformation></d:GetHostnameResponse>"
    )


def test_what_is_valid_has_no_problem():
    assert schemas.problem(hostname("<tt:FromDHCP>false</tt:FromDHCP><tt:Name>c</tt:Name>")) == ""


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ("<tt:Name>c</tt:Name>", "FromDHCP"),
        ("<tt:FromDHCP>perhaps</tt:FromDHCP>", "perhaps"),
        ("<tt:FromDHCP>true</tt:FromDHCP><tt:Nome/>", "Nome"),
    ],
)
def test_what_a_lenient_client_takes_is_a_problem(inside, told):
    assert told in schemas.problem(hostname(inside))


def test_an_element_that_no_schema_knows_is_named():
    assert "no schema knows {urn:x}Answer" in schemas.problem(enveloped('<Answer xmlns="urn:x"/>'))


def test_an_envelope_of_another_shape_is_a_problem():
    twice = hostname("<tt:FromDHCP>false</tt:FromDHCP>")
    twice.append(etree.Element(f"{{{messages.SOAP}}}Body"))
    assert "envelope" in schemas.problem(twice)


def test_what_is_only_in_the_newest_edition_is_valid():
    media2 = "http://www.onvif.org/ver20/media/wsdl"
    told = enveloped(f'<m:GetStreamUriResponse xmlns:m="{media2}"><m:Uri>rtsp://c/main</m:Uri>'
                     "</m:GetStreamUriResponse>")  # fmt: skip
    assert schemas.problem(told) == ""
    told[0][0].append(etree.Element("More"))
    assert "More" in schemas.problem(told)


def test_each_service_is_described_by_an_installed_package():
    for name in wsdls.SERVICES:
        assert wsdls.path(name).is_file()
    assert wsdls.local("http://docs.oasis-open.org/wsn/b-2.xsd").is_file()
    assert wsdls.local("http://nowhere.example/nothing.xsd") is None


# --- events --------------------------------------------------------------------------------------


def event(topic, **data):
    return Notification(topic, "Changed", {}, data)


def test_motion_is_read_from_its_topics_alone():
    told = [
        event("RuleEngine/CellMotionDetector/Motion", IsMotion="true"),
        event("Device/HardwareFailure/StorageFailure", Failed="true"),
        event("VideoSource/MotionAlarm", State="0"),
    ]
    assert pulling.states(told) == [True, False]
    assert pulling.comes_and_goes([told[0], *told])
    assert not pulling.comes_and_goes(told[:2])
    assert not pulling.comes_and_goes(told[2:])
    assert not pulling.comes_and_goes([])


# --- WS-Discovery --------------------------------------------------------------------------------

MATCH = """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
 xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:dn="urn:n"
 xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"><s:Header><a:RelatesTo>urn:uuid:{mid}
 </a:RelatesTo></s:Header><s:Body><d:ProbeMatches><d:ProbeMatch><a:EndpointReference><a:Address>
 urn:uuid:1</a:Address></a:EndpointReference>
 <d:Types>dn:NetworkVideoTransmitter tds:Device</d:Types>
 <d:Scopes>onvif://a onvif://b</d:Scopes><d:XAddrs>http://10.0.0.5/onvif/device_service
 http://[::1]:81/x</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>"""


def test_a_match_is_who_where_and_what():
    mid, _ = probing.probe()
    [match] = probing.matches(b"10.0.0.5\n" + MATCH.format(mid=mid).encode(), mid)
    assert match.endpoint == "urn:uuid:1"
    assert match.types == ("NetworkVideoTransmitter", "Device")
    assert match.xaddrs == ("http://10.0.0.5/onvif/device_service", "http://[::1]:81/x")


@pytest.mark.parametrize(
    ("typed", "addresses", "xaddr", "is_it"),
    [
        ("10.0.0.5:80", ["10.0.0.5"], "http://10.0.0.5/onvif/device_service", True),
        ("10.0.0.5:80", ["10.0.0.5"], "http://10.0.0.5:80/onvif/device_service", True),
        ("10.0.0.5:8080", ["10.0.0.5"], "http://10.0.0.5/onvif/device_service", False),
        ("10.0.0.5:443", ["10.0.0.5"], "https://10.0.0.5/onvif/device_service", True),
        ("[::1]:81", ["::1"], "http://[::1]:81/x", True),
        ("camera.lan:80", ["10.0.0.5"], "http://10.0.0.5/", True),
        ("10.0.0.5:80", ["10.0.0.5"], "http://camera.lan/", True),  # that is where it came from
        ("10.0.0.6:80", ["10.0.0.6"], "http://camera.lan/", False),
        ("10.0.0.6:80", ["10.0.0.6"], "http://10.0.0.6/", True),
        ("10.0.0.5:80", ["10.0.0.5"], "http://10.0.0.6/", False),
        ("10.0.0.5:80", ["10.0.0.5"], "http:///x", False),
        ("10.0.0.5:80", ["10.0.0.5"], "http://[/x", False),
    ],
)
def test_a_device_is_known_by_its_address(typed, addresses, xaddr, is_it):
    host, _, port = typed.rpartition(":")
    sought = probing.Sought(host.strip("[]"), int(port), frozenset(addresses))
    assert probing.Match("10.0.0.5", "urn:uuid:1", (), (xaddr,)).is_at(sought) == is_it


def test_answers_to_others_and_what_is_none_are_passed_over():
    mid, message = probing.probe()
    ours = b"10.0.0.5\n" + MATCH.format(mid=mid).encode()
    others = b"10.0.0.5\n" + MATCH.format(mid="another").encode()
    joined = probing.BETWEEN.join([b"", b"no XML", others, ours, message])
    assert len(probing.matches(joined, mid)) == 1


@given(st.binary(max_size=300))
def test_any_datagram_is_read_without_a_fall(datagram):
    assert probing.matches(datagram, "some-id") == []


# --- what it costs whom --------------------------------------------------------------------------


def test_logging_is_as_it_was_after_onvif_zeep_was_imported():
    root = logging.getLogger()
    before = root.handlers[:], root.level
    with wsdls.quiet():
        logging.basicConfig(level=logging.DEBUG, force=True)
    assert (root.handlers, root.level) == before


def test_the_checks_import_no_client_before_one_is_run():
    code = (
        "import sys, conformance.checks.test_onvif, conformance.checks.test_streams; "
        "print([one for one in ('zeep', 'onvif', 'xmlschema', 'av') if one in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
