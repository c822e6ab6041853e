"""WS-Discovery's messages: who is meant by a question, and what is said to whom."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.onvif.discovery import (
    About,
    Asked,
    Stamp,
    asked,
    bye,
    hello,
    is_meant,
    is_within,
    reply,
)

ROOT = "onvif://www.onvif.org"
ABOUT = About(
    "urn:uuid:956f6fa5-0096-55f8-9c35-be2dc3cf5004",
    (f"{ROOT}/type/Network_Video_Transmitter", f"{ROOT}/name/Camera", f"{ROOT}/location/"),
    ("http://192.0.2.7/onvif/device_service", "https://192.0.2.7/onvif/device_service"),
    7,
)
STAMP = Stamp("urn:uuid:1", 5, 3)
NETWORK, DEVICE = (
    "http://www.onvif.org/ver10/network/wsdl",
    "http://www.onvif.org/ver10/device/wsdl",
)
WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
NAMES = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "d": WSD,
}


def question(body, message_id="<a:MessageID>uuid:question</a:MessageID>", before=""):
    """What clients send, with prefixes of their own."""
    return (
        f'{before}<x:Envelope xmlns:x="{NAMES["s"]}" xmlns:a="{NAMES["a"]}" xmlns:w="{WSD}" '
        f'xmlns:dn="{NETWORK}" xmlns:tds="{DEVICE}"><x:Header>{message_id}'
        f'<a:To x:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>'
        f'<a:Action x:mustUnderstand="true">{WSD}/Probe</a:Action></x:Header>'
        f"<x:Body>{body}</x:Body></x:Envelope>"
    ).encode()


def probe(types="", scopes="", rule=None):
    match_by = "" if rule is None else f' MatchBy="{WSD}/{rule}"'
    scoped = f"<w:Scopes{match_by}>{scopes}</w:Scopes>" if scopes or rule else ""
    return asked(question(f"<w:Probe><w:Types>{types}</w:Types>{scoped}</w:Probe>"))


# --- who is meant -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("types", "meant"),
    [
        ("", True),
        ("dn:NetworkVideoTransmitter", True),
        ("tds:Device", True),
        (" dn:NetworkVideoTransmitter\n tds:Device ", True),
        ("dn:NetworkVideoStorage", False),
        ("dn:NetworkVideoTransmitter dn:NetworkVideoStorage", False),
        ("tds:NetworkVideoTransmitter", False),
        ("unknown:NetworkVideoTransmitter", False),
        ("NetworkVideoTransmitter", False),
    ],
)
def test_a_probe_for_all_that_a_camera_is_means_it(types, meant):
    assert is_meant(probe(types), ABOUT) is meant


@pytest.mark.parametrize(
    ("scopes", "rule", "meant"),
    [
        (f"{ROOT}/name", None, True),
        (f"{ROOT}/name/Camera", "rfc2396", True),
        (f"{ROOT}/name/Camera", "rfc3986", True),
        (f"{ROOT}/name/Camera {ROOT}/location", None, True),
        (f"{ROOT}/name/Camera {ROOT}/location/hall", None, False),
        (f"{ROOT}/name/camera", None, False),
        (f"{ROOT}/name/Cam", None, False),
        (f"{ROOT}/name/Camera", "strcmp0", True),
        (f"{ROOT}/name", "strcmp0", False),
        (f"{ROOT}/name/Camera", "ldap", False),
        (f"{ROOT}/name/Camera", "unheard-of", False),
        ("", "none", False),
    ],
)
def test_a_probe_for_scopes_means_who_has_all_of_them(scopes, rule, meant):
    assert is_meant(probe("", scopes, rule), ABOUT) is meant


@pytest.mark.parametrize(
    ("wanted", "ours", "within"),
    [  # WS-Discovery 5.1, with its own examples' form
        ("http://a.example/b", "http://a.example/b/c", True),
        ("HTTP://A.example/b", "http://a.EXAMPLE/b/c", True),
        ("http://a.example/B", "http://a.example/b/c", False),
        ("http://a.example/abc", "http://a.example/abcd", False),
        ("http://a.example/abc/", "http://a.example/abc", True),
        ("http://a.example", "http://a.example/abc", True),
        ("http://a.example/abc/d", "http://a.example/abc", False),
        ("http://a.example/b?c#d", "http://a.example/b", True),
        ("http://a.example:80/b", "http://a.example/b", False),
        ("https://a.example/b", "http://a.example/b", False),
        ("http://a.example/./b", "http://a.example/./b", False),
        ("http://a.example/b", "http://a.example/b/../c", False),
        ("http://[", "http://[", False),
    ],
)
def test_a_scope_lies_within_another_by_whole_segments(wanted, ours, within):
    assert is_within(wanted, ours) is within


def test_a_scope_that_is_one_uuid_may_be_written_otherwise():
    one = About("urn:uuid:1", ("urn:uuid:ABCD",), (), 1)
    assert is_meant(probe("", "urn:uuid:abcd", "uuid"), one)


def test_who_is_to_be_resolved_is_meant_alone():
    def resolve(address):
        reference = f"<a:EndpointReference><a:Address>{address}</a:Address></a:EndpointReference>"
        return asked(question(f"<w:Resolve>{reference}</w:Resolve>"))

    assert is_meant(resolve(f" {ABOUT.endpoint}\n"), ABOUT)
    assert not is_meant(resolve("urn:uuid:another"), ABOUT)
    assert not is_meant(resolve(""), ABOUT)


# --- what is said -------------------------------------------------------------------------------


def told(octets, path):
    element = ET.fromstring(octets).find(path, NAMES)
    return None if element is None else element.text


@pytest.mark.parametrize(("kind", "inner"), [("Probe", "ProbeMatch"), ("Resolve", "ResolveMatch")])
def test_an_answer_says_who_and_where_and_to_which_question(kind, inner):
    said = reply(Asked(kind, "uuid:question"), ABOUT, STAMP)
    header, match = "s:Header/", f"s:Body/d:{kind}Matches/d:{inner}/"
    assert told(said, f"{header}a:Action") == f"{WSD}/{kind}Matches"
    assert told(said, f"{header}a:RelatesTo") == "uuid:question"
    assert told(said, f"{header}a:MessageID") == "urn:uuid:1"
    assert told(said, f"{header}a:To") == f"{NAMES['a']}/role/anonymous"
    sequence = ET.fromstring(said).find("s:Header/d:AppSequence", NAMES).attrib
    assert sequence == {"InstanceId": "5", "MessageNumber": "3"}
    assert told(said, f"{match}a:EndpointReference/a:Address") == ABOUT.endpoint
    assert told(said, f"{match}d:Types") == "dn:NetworkVideoTransmitter tds:Device"
    assert told(said, f"{match}d:Scopes") == " ".join(ABOUT.scopes)
    assert told(said, f"{match}d:XAddrs") == " ".join(ABOUT.xaddrs)
    assert told(said, f"{match}d:MetadataVersion") == "7"
    # The names of its types are names only where their prefixes are declared.
    assert f'xmlns:dn="{NETWORK}"'.encode() in said
    assert f'xmlns:tds="{DEVICE}"'.encode() in said


def test_hello_and_bye_are_for_all():
    for said, name in ((hello(ABOUT, STAMP), "Hello"), (bye(ABOUT, STAMP), "Bye")):
        assert told(said, "s:Header/a:Action") == f"{WSD}/{name}"
        assert told(said, "s:Header/a:To") == "urn:schemas-xmlsoap-org:ws:2005:04:discovery"
        assert told(said, "s:Header/a:RelatesTo") is None
        address = told(said, f"s:Body/d:{name}/a:EndpointReference/a:Address")
        assert address == ABOUT.endpoint
    assert told(hello(ABOUT, STAMP), "s:Body/d:Hello/d:XAddrs") == " ".join(ABOUT.xaddrs)
    assert told(bye(ABOUT, STAMP), "s:Body/d:Bye/d:XAddrs") is None


# --- what is passed over ------------------------------------------------------------------------

BOMB = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]>'
FILE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\x00\xff",
        b"<a/>",
        question("<w:Probe/>", before=BOMB),
        question("<w:Probe><w:Types>&b;</w:Types></w:Probe>", before=FILE),
        question("<w:Probe/>", message_id=""),
        question("<w:Probe/>", message_id=f"<a:MessageID>{'x' * 300}</a:MessageID>"),
        question("<w:Probe/><w:Probe/>"),
        question(""),
        question("<w:Hello/>"),
        question("<Probe/>"),
        question("<w:Probe/>").replace(b"2005/04", b"2009/01"),
        question("<w:Probe/>").replace(b"2003/05/soap-envelope", b"2003/05/soap"),
        question(f"<w:Probe>{'<w:a>' * 60}{'</w:a>' * 60}</w:Probe>"),
        question(f"<w:Probe>{'<w:a/>' * 2100}</w:Probe>"),
        question(f"<w:Probe><w:Types>{'dn:a ' * 65}</w:Types></w:Probe>"),
        question(f"<w:Probe><w:Scopes>{'a:b ' * 65}</w:Scopes></w:Probe>"),
        question(f"<w:Probe>{' ' * 17_000}</w:Probe>"),
    ],
)
def test_what_is_no_question_for_cameras_is_passed_over(octets):
    assert asked(octets) is None


WORDS = st.sampled_from(
    [f"<{close}{name}>" for name in ("w:Probe", "w:Types", "w:Scopes", "w:Resolve", "a:MessageID")
     for close in ("", "/")] + ["<w:Scopes/>", "a:", "dn:b", "&lt;", "//", "<!--", "-->"]
)  # fmt: skip


@given(st.binary(max_size=200) | st.lists(WORDS, max_size=20).map(lambda w: question(" ".join(w))))
def test_nothing_that_comes_disturbs(octets):
    found = asked(octets)
    if found is not None:
        assert reply(found, ABOUT, STAMP) if is_meant(found, ABOUT) else True
