"""Evidence: what was sent and what came, and no secret in it."""

import base64
import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from conformance import har
from conformance.exchange import Answer, Exchange

BEGAN = datetime(2026, 3, 4, 5, tzinfo=UTC)
URL = "http://127.0.0.1/x.cgi?action=get&time_start=2026-03-04-00:00:00"


def exchange(request_headers=(), request_body=b"", answer=None, failure="", size=0):
    size = size or len(answer.body if answer else b"")
    return Exchange(BEGAN, 0.25, "GET", URL, request_headers, request_body, answer, size, failure)


def written(*exchanges, secrets=("stunt-double-1",)):
    return json.loads(json.dumps(har.document(exchanges, secrets, "0.1.0")))["log"]["entries"]


def test_an_exchange_is_told_as_it_was():
    answer = Answer("GET /", 200, (("Content-Type", "text/csv"),), b"a,b\r\n")
    (entry,) = written(exchange((("Accept", "*/*"),), b'{"mintime":301}', answer))
    assert entry["time"] == 250
    assert entry["startedDateTime"] == "2026-03-04T05:00:00+00:00"
    assert entry["request"]["url"] == URL
    assert entry["request"]["postData"]["text"] == '{"mintime":301}'
    assert {"name": "time_start", "value": "2026-03-04-00:00:00"} in entry["request"]["queryString"]
    assert entry["response"]["status"] == 200
    assert entry["response"]["content"]["text"] == "a,b\r\n"


def test_no_answer_is_status_0_and_the_reason():
    (entry,) = written(exchange(failure="no complete answer within 30 s"))
    assert entry["response"]["status"] == 0
    assert entry["comment"] == "no complete answer within 30 s"


def test_bytes_are_base64_and_a_cut_body_says_so():
    (entry,) = written(exchange(answer=Answer("GET /", 200, (), b"\xff\xd8"), size=10**6))
    content = entry["response"]["content"]
    assert base64.b64decode(content["text"]) == b"\xff\xd8"
    assert (content["encoding"], content["size"], content["comment"]) == (
        *("base64", 10**6),
        "cut to 2 bytes",
    )


def test_credentials_and_cookies_are_removed():
    sent = (("Authorization", "Basic YWRtaW46eA=="), ("Cookie", "session=1"))
    came = Answer("GET /", 200, (("Set-Cookie", "session=2"),), b"")
    (entry,) = written(exchange(sent, b"", came))
    values = [header["value"] for header in entry["request"]["headers"]]
    values += [header["value"] for header in entry["response"]["headers"]]
    assert values == ["(removed)"] * 3


def test_a_new_accounts_password_is_removed_and_its_name_is_not():
    body = b'{"username":"stuntcam1","password":"abc\\"def12","userLevel":2}'
    (entry,) = written(exchange((), body))
    text = entry["request"]["postData"]["text"]
    assert json.loads(text) == {"username": "stuntcam1", "password": "(removed)", "userLevel": 2}


# As long as the camera's rule asks; of signs that "(removed)" can't make up anew.
passwords = st.text("abcu0123", min_size=8, max_size=32)


@given(passwords, st.text(), st.text())
def test_the_password_stands_nowhere_however_a_device_repeats_it(password, before, after):
    body = json.dumps({"message": before + password + after}).encode()
    answer = Answer("GET /", 200, (("X-Told", "0" + password),), body)
    (entry,) = written(exchange((), password.encode(), answer), secrets=[password])
    told = [
        entry["request"]["postData"]["text"],
        entry["response"]["headers"][0]["value"],
        entry["response"]["content"]["text"],
    ]
    assert not [text for text in told if password in text]
    assert all("(removed)" in text for text in told)


def test_a_password_is_removed_as_json_spells_it():
    body = json.dumps({"message": 'no account for stunt"d\u00e9-1'}).encode()
    (entry,) = written(exchange(answer=Answer("GET /", 200, (), body)), secrets=['stunt"d\u00e9-1'])
    text = entry["response"]["content"]["text"]
    assert json.loads(text) == {"message": "no account for (removed)"}


def test_without_a_password_nothing_is_removed():
    assert har.clean('{"min": 0}', [""]) == '{"min": 0}'


def test_what_a_browser_sends_tells_no_secret():
    sent = (
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("X-CSRF-Token", "of-the-session"),
    )
    body = b"user=somebody&passwd=made+up&again=stunt-double-1+%26&n=1"
    (entry,) = written(exchange(sent, body), secrets=("stunt-double-1 &",))
    assert entry["request"]["headers"][1]["value"] == "(removed)"
    assert entry["request"]["postData"] == {
        "mimeType": "application/x-www-form-urlencoded",
        "text": "user=somebody&passwd=(removed)&again=(removed)&n=1",
    }
