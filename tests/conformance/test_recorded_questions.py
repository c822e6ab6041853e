import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.har import REMOVED
from conformance.recorded import questions
from conformance.recorded.questions import ACCOUNT, NOBODY, SESSION, STRANGER, Asker

JSON, SOAP = "application/json", "application/soap+xml"
FORM = "application/x-www-form-urlencoded"
THEN, NOW = "http://192.168.5.190", "http://127.0.0.1:40123"


def same(method, then, now, kind=""):
    """Whether what was asked then and now, each a target and a body, is one question."""
    one = questions.question(method, then[0], then[1], kind, THEN)
    two = questions.question(method, now[0], now[1], kind, NOW)
    return one.key == two.key


# --- worked examples -----------------------------------------------------------------------------


def test_a_path_a_query_a_body_and_a_method_tell_questions_apart():
    asked = questions.question("GET", "/a?x=1", b"", "", THEN).key
    assert questions.question("GET", "/a?x=2", b"", "", THEN).key != asked
    assert questions.question("PUT", "/a?x=1", b"", "", THEN).key != asked
    assert questions.question("GET", "/a?x=1", b"1", "", THEN).key != asked


@pytest.mark.parametrize(
    ("then", "now", "kind"),
    [
        (b'{"user": "admin", "password": "one"}', b'{"user": "admin", "password": "two"}', JSON),
        (b"user=admin&password=one", b"user=admin&password=two", FORM),
        (b'{"user": "stuntcam01ab23"}', b'{"user": "stuntcam45cd67"}', JSON),
        (b"<To>http://192.168.5.190/onvif</To>", b"<To>http://127.0.0.1:40123/onvif</To>", SOAP),
        (b"<a>rtsp://192.168.5.190:554/x</a>", b"<a>rtsp://127.0.0.1:554/x</a>", SOAP),
        (
            b"<u:Created>2026-03-04T05:06:07Z</u:Created><w:Nonce>QUJD</w:Nonce>",
            b"<u:Created>2027-03-04T05:06:07Z</u:Created><w:Nonce>REVG</w:Nonce>",
            SOAP,
        ),
        (
            b"<a>urn:uuid:01234567-89ab-cdef-0123-456789abcdef</a>",
            b"<a>urn:uuid:11111111-89ab-cdef-0123-456789abcdef</a>",
            SOAP,
        ),
        (b"<s:Username>admin</s:Username>", b"<s:Username>root</s:Username>", SOAP),
    ],
    ids=["json", "form", "nobody's name", "own URL", "own host", "token", "uuid", "user"],
)
def test_what_a_client_makes_up_tells_no_questions_apart(then, now, kind):
    assert same("POST", ("/x", then), ("/x", now), kind)
    assert not same("POST", ("/x", then), ("/x", b"!" + now), kind)


def test_what_pages_add_against_a_browsers_memory_tells_none_apart():
    assert same("GET", ("/a.js?_=1700000000000&v=2", b""), ("/a.js?_=1700000009999&v=2", b""))
    assert same("GET", ("/a.js?r=0.8125438912", b""), ("/a.js?r=0.1111111111", b""))
    assert not same("GET", ("/a?time=170000000", b""), ("/a?time=170000001", b""))


def basic(user):
    return (("Authorization", "Basic " + base64.b64encode(f"{user}:x".encode()).decode()),)


def digest(user, more=""):
    return (("authorization", f'Digest username="{user}", realm="r"{more}'),)


@pytest.mark.parametrize(
    ("headers", "body", "asker"),
    [
        ((), b"", Asker(NOBODY)),
        (basic("admin"), b"", Asker(ACCOUNT, "basic")),
        (basic("stuntcam01ab23"), b"", Asker(STRANGER, "basic")),
        (digest("admin"), b"", Asker(ACCOUNT, "digest MD5")),
        (
            digest("admin", ", algorithm=SHA-256, qop=auth"),
            b"",
            Asker(ACCOUNT, "digest SHA-256 qop"),
        ),
        (digest("stuntcam01ab23"), b"", Asker(STRANGER, "digest MD5")),
        ((("Cookie", "sid=1"),), b"", Asker(SESSION)),
        ((("X-Auth", "1"),), b"", Asker(SESSION)),
        ((), b"<w:Username>admin</w:Username>", Asker(ACCOUNT, "token")),
        ((), b"<w:Username>stuntcam01ab23</w:Username>", Asker(STRANGER, "token")),
    ],
)
def test_who_asks_is_told_by_how_he_logs_in(headers, body, asker):
    assert questions.asker(headers, body, ["x-auth"]) == asker


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("http://192.168.5.190/a", "http://127.0.0.1:40123/a"),
        ("http://192.168.5.190:80/a", "http://127.0.0.1:40123/a"),
        ("http://192.168.5.1900/a", "http://192.168.5.1900/a"),
        ("rtsp://192.168.5.190:554/a", "rtsp://127.0.0.1:554/a"),
        ('{"ip": "192.168.5.190"}', '{"ip": "192.168.5.190"}'),
    ],
)
def test_a_device_is_moved_by_its_addresses_alone(text, moved):
    assert questions.moved(text, THEN, NOW) == moved


def test_an_answer_names_the_identifiers_of_the_question_that_is_asked_now():
    one, two = "01234567-89ab-cdef-0123-456789abcdef", "11111111-2222-3333-4444-555555555555"
    other = "99999999-2222-3333-4444-555555555555"
    assert questions.echoed(f"<a>{one}</a><b>{other}</b>", [one], [two]) == (
        f"<a>{two}</a><b>{other}</b>"
    )


# --- laws ----------------------------------------------------------------------------------------


@given(st.lists(st.text("ab", max_size=4), min_size=1, max_size=4), st.text("abc", max_size=12))
def test_a_template_fits_what_a_pattern_with_anything_between_fits(parts, text):
    pattern = re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
    assert questions.fits(REMOVED.join(parts), text) == bool(pattern.fullmatch(text))


@given(st.binary(max_size=200), st.text(max_size=50))
def test_any_bytes_are_a_question(body, target):
    assert questions.question("POST", target, body, JSON, THEN).key
