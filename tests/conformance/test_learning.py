"""What a recording tells, and what is called unsure: on sessions typed out by hand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.client import Login
from conformance.dialect import SETTINGS, DialectError, load
from conformance.layers import leaves
from conformance.learning import learned, recording, telling, wanted, weeks, writing
from conformance.learning.recording import RecordingError
from conformance.learning.saving import NothingSavedError
from conformance.learning.wanted import WantedError
from conformance.learning.writing import toml

MASK = ("1" * 11 + "0" * 12) * 6 + "0" * 161
WEEK = [{"id": index, "t": "08:30-17:30," if index == 1 else ""} for index in range(7)]
SAVED = {"on": 1, "sens": 7, "size": 23, "stay": 117, "learn": 3, "mask": MASK, "week": WEEK}
ABOUT = {"model": "MS-C8165-PE", "firmwareVersion": "61.8.0.3-r8", "ip": "10.0.0.1"}
BASIC = {"Authorization": "Basic eDp5"}


def entry(method, path, sent="", told="", headers=BASIC, answered=()):
    return {
        "request": {
            "method": method,
            "url": f"http://10.0.0.1{path}",
            "headers": [{"name": name, "value": text} for name, text in headers.items()],
            "postData": {"text": sent if isinstance(sent, str) else json.dumps(sent)},
        },
        "response": {
            "status": 200,
            "headers": [{"name": name, "value": text} for name, text in answered],
            "content": {"text": told if isinstance(told, str) else json.dumps(told)},
        },
    }


def session(**changes):
    """A plain session: who it is, saved off, saved on, read; parts by name exchanged."""
    parts = {
        "about": [entry("GET", "/about", told=ABOUT)],
        "off": [entry("POST", "/set", {**SAVED, "on": 0}, {"code": 0})],
        "on": [entry("POST", "/set", SAVED, {"code": 0})],
        "read": [entry("GET", "/get", told=SAVED)],
    }
    return [one for part in {**parts, **changes}.values() for one in part]


def learn(entries, login=None, **how):
    text = json.dumps({"log": {"entries": entries}})
    return learned.learn(
        recording.read(text, "x.har"),
        wanted.known(),
        name="x.har",
        models="MS-",
        login=login,
        **how,
    )


def doubts(found):
    return {doubt.about: doubt.why for doubt in found.doubts}


def base():
    import tomllib
    from importlib.resources import files

    return tomllib.loads((files("conformance") / "dialects/milesight-8.toml").read_text())


# --- what is known --------------------------------------------------------------------------------


def test_a_plain_session_leaves_no_doubt():
    found = learn(session())
    assert doubts(found) == {}
    assert set(found.fields) == {
        *("enable", "sensitivity", "min_object_size", "min_dwell", "adaptability"),
        *("region", "schedule"),
    }
    read, save = found.fields["adaptability"]
    assert (read.at, save.at) == ((("json /learn",),), (("body", "json /learn"),))
    # The week's own indices run to 6, so 3 is there, too: it is no adaptability.
    assert found.fields["schedule"][0].at[6] == ("json /week/6/t",)
    assert found.succeeded == (("json /code",), "0")
    assert found.entry.http == "Basic"
    assert found.blocked == ""


def test_what_was_learned_can_be_loaded_and_says_the_same(tmp_path):
    found = learn(session())
    file = tmp_path / "learned.toml"
    file.write_text(writing.document(found, base(), "learned", "x.har"))
    dialect = load(str(file))
    assert dialect.wire.read == {name: read for name, (read, _) in found.fields.items()}
    assert dialect.wire.save == {name: save for name, (_, save) in found.fields.items()}
    assert dialect.requests["save"].paths == ("/set",)
    assert dialect.requests["save"].method == "POST"
    assert dialect.identity["model"] == ["json /model"]
    assert dialect.unknown == []


def test_a_week_from_sunday_is_turned():
    days = {f"d{index}": "08:30-17:30," if index == 2 else "" for index in range(7)}
    ((where, key),) = weeks.look(leaves(json.dumps(days)), wanted.known())
    assert where.at == tuple((f"json /d{index}",) for index in (1, 2, 3, 4, 5, 6, 0))
    assert key == "d0"


def test_days_by_name_are_a_week():
    names = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    text = "".join(f"<{one}>{'0830-1730;' * (one == 'Tuesday')}</{one}>" for one in names)
    ((where, _),) = weeks.look(leaves(f"<W>{text}</W>"), wanted.known())
    assert where.at[1] == ("xml /W/Tuesday",)
    assert where.words == {"time": "HHMM", "between": "-", "after": ";"}


# --- what is not ----------------------------------------------------------------------------------


def test_saved_in_one_state_only_the_switch_is_not_known():
    found = learn(session(off=[]))
    assert set(doubts(found)) == {"enable"}
    assert "off, and then on again" in doubts(found)["enable"]
    assert "enable" not in found.fields
    # It is read back by its name all the same, so a save leaves it as it is.
    assert found.blocked == ""
    assert (("body", "json /on"), ("json /on",)) in found.reading.carried


def test_without_a_reading_afterwards_nothing_may_be_saved():
    found = learn(session(read=[]))
    assert found.fields == {}
    assert set(doubts(found)) == set(SETTINGS)
    assert "load the page again" in doubts(found)["enable"]
    assert "would be overwritten" in found.blocked


def test_what_was_told_before_saving_proves_nothing():
    before = [entry("GET", "/about", told=ABOUT), entry("GET", "/get", told=SAVED)]
    assert learn(session(about=before, read=[])).fields == {}


def test_a_key_from_a_page_is_in_no_file():
    page = entry("GET", "/main", told="var key='k1a2b3c4d5';\nvar b='2';\n")
    parts = session()
    for one in parts[1:]:
        one["request"]["url"] += "?key=k1a2b3c4d5"
    found = learn([page, *parts])
    assert doubts(found) == {}
    assert found.entry.sign_in.tokens[0].path == "/main"
    text = writing.document(found, base(), "x", "x.har") + "\n".join(telling.lines(found))
    assert "k1a2b3c4d5" not in text
    assert 'query = { key = "{token1}" }' in text


def test_a_field_that_went_on_and_off_besides_is_told():
    off = entry("POST", "/set", {**SAVED, "on": 0, "led": 0}, {"code": 0})
    on = entry("POST", "/set", {**SAVED, "led": 1}, {"code": 0})
    found = learn(session(off=[off], on=[on]))
    assert "json /on or body > json /led" in doubts(found)["enable"]


def test_what_another_request_carries_is_told():
    rest = {name: value for name, value in SAVED.items() if name != "week"}
    other = entry("POST", "/week", {"stay": 117, "sens": 7, "week": WEEK}, {"code": 0})
    found = learn(session(off=[other], on=[entry("POST", "/set", rest, {"code": 0})]))
    assert "POST /week carries it" in doubts(found)["schedule"]


def test_two_places_in_the_answer_are_told_unless_one_has_the_name():
    told = {**SAVED, "zone": 7}
    assert doubts(learn(session(read=[entry("GET", "/get", told=told)]))) == {}
    told = {**{name: SAVED[name] for name in SAVED if name != "sens"}, "x": 7, "zone": 7}
    found = learn(session(read=[entry("GET", "/get", told=told)]))
    assert "json /x or json /zone" in doubts(found)["sensitivity"]
    chosen = {"sensitivity.read": "json /x"}
    found = learn(session(read=[entry("GET", "/get", told=told)]), chosen=chosen)
    assert found.fields["sensitivity"][0].at == (("json /x",),)


def test_a_device_that_does_not_say_who_it_is_is_told():
    assert set(doubts(learn(session(about=[])))) == {"information"}


def test_another_password_in_the_page_stops_saving_and_is_in_no_file():
    more = {"ftpPassword": "hunter2-of-somebody"}
    off, on = (entry("POST", "/set", {**SAVED, "on": on, **more}, "OK") for on in (0, 1))
    found = learn(session(off=[off], on=[on]))
    assert "ftpPassword is a password" in found.blocked
    text = writing.document(found, base(), "x", "x.har") + "\n".join(telling.lines(found))
    assert "hunter2" not in text


def test_a_password_in_an_address_is_in_no_file_and_told():
    page = entry("GET", "/main?usr=x&pwd=12345", told="var key='k1a2b3c4d5';\nvar b='2';\n")
    parts = session(read=[entry("GET", "/get?pwd=12345&ch=1", told=SAVED)])
    for one in parts[1:]:
        one["request"]["url"] += ("&" if "?" in one["request"]["url"] else "?") + "key=k1a2b3c4d5"
    found = learn([page, *parts])
    text = writing.document(found, base(), "x", "x.har") + "\n".join(telling.lines(found))
    assert "12345" not in text
    assert "ch=1" in text
    assert "GET /get?pwd=...&ch=1&key=... carries one in query > form pwd" in text
    assert found.entry.sign_in.tokens[0].path == "/main?usr=x&pwd=%28removed%29"


def test_a_password_that_is_a_number_is_removed_and_a_switch_is_not():
    more = {"ftpPassword": 12345, "pwdOn": True}
    off, on = (entry("POST", "/set", {**SAVED, "on": on, **more}, "OK") for on in (0, 1))
    sent = learn(session(off=[off], on=[on])).template
    assert '"ftpPassword": 0, "pwdOn": true' in sent.body


def test_values_of_another_device_save_nothing():
    with pytest.raises(NothingSavedError, match=r"x\.har, which is of http://10\.0\.0\.1,"):
        learn(session(off=[], on=[]))


# --- the log-in -----------------------------------------------------------------------------------

LOGIN = Login("ann", "stunt-double-1")
COOKIE = {"Cookie": "lang=en; sid=k1a2b3c4d5"}
SET = [("Set-Cookie", "sid=k1a2b3c4d5; Path=/")]


def logged_in(secret, headers=COOKIE):
    sent = f"user=ann&password={secret}"
    first = entry("POST", "/login", sent, "OK", {}, SET)
    off = entry("POST", "/set", {**SAVED, "on": 0}, {"code": 0}, headers)
    on = entry("POST", "/set", SAVED, {"code": 0}, headers)
    read = entry("GET", "/get", told=SAVED, headers=headers)
    about = entry("GET", "/about", told=ABOUT, headers=headers)
    return [first, *session(about=[about], off=[off], on=[on], read=[read])]


@pytest.mark.parametrize(
    ("spelled", "secret"),
    [
        ("plain", "stunt-double-1"),
        # Worked out with coreutils.
        ("base64", "c3R1bnQtZG91YmxlLTE="),
        ("md5", "MD5"),
        ("sha256", "SHA256"),
    ],
)
def test_the_page_log_in_and_its_cookie_are_found(spelled, secret):
    found = learn(logged_in(SECRETS.get(secret, secret)), LOGIN)
    assert doubts(found) == {}
    sign_in = found.entry.sign_in
    assert (sign_in.method, sign_in.path, sign_in.password_as) == ("POST", "/login", spelled)
    assert [leaf.value for leaf in leaves(sign_in.body)] == ["{user}", "{password}"]
    assert sign_in.session == {"Cookie": "lang=en; sid={token1}"}
    assert [token.source for token in sign_in.tokens] == [("cookie sid",)]


SECRETS = {
    "MD5": "af0ea461c398860f7f43dc0ed0ce5226",
    "SHA256": "f0853582dd1a5633139653925e2a4a6c16b48440b62eabc5ab42c1980cbd123e",
}


def test_without_the_account_the_fields_are_taken_by_name_and_unsure():
    found = learn(logged_in("0123456789abcdef0123456789abcdef"))
    assert set(doubts(found)) == {"password", "user name"}
    assert found.entry.sign_in.password_as == "md5"


def test_a_password_in_no_known_spelling_is_told():
    found = learn(logged_in("5f4dcc3b-and-a-nonce"), LOGIN)
    assert "not that of -u in any spelling" in doubts(found)["password"]


def test_an_export_without_cookies_is_told():
    entries = session()
    for one in entries:
        one["request"]["headers"] = []
    assert "with sensitive data" in doubts(learn(entries))["log-in"]


def test_a_cookie_from_nowhere_is_told():
    found = learn(logged_in("x")[1:])
    assert "does not show where it comes from" in doubts(found)["log-in"]


# --- recordings, values, files --------------------------------------------------------------------


def test_params_and_base64_are_read():
    one = entry("POST", "/x?a=1")
    one["request"]["postData"] = {"params": [{"name": "b c", "value": "1&2"}]}
    one["response"]["content"] = {"text": "eyJhIjogMX0=", "encoding": "base64"}
    (seen,) = recording.read(json.dumps({"log": {"entries": [one]}}), "x.har")
    assert (seen.sent.query, seen.sent.body) == ("a=1", "b%20c=1%262")
    assert (seen.site, seen.answer) == ("http://10.0.0.1", '{"a": 1}')


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["request", "url", "headers", "text"]), inner, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_any_entry_is_read_or_named(one):
    try:
        recording.read(json.dumps({"log": {"entries": [one]}}), "x.har")
    except RecordingError as error:
        assert str(error).startswith("x.har: entry 1")  # noqa: PT017


@given(
    st.dictionaries(
        st.text(max_size=6),
        st.text()
        | st.integers(-9, 9)
        | st.booleans()
        | st.lists(st.text(max_size=4), max_size=3)
        | st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=4),
        max_size=5,
    )
)
def test_any_table_is_written_as_toml_reads_it(table):
    import tomllib

    assert tomllib.loads(toml(table)) == table


def test_the_default_values_are_those_of_the_documents():
    found = wanted.known()
    assert dict(found.numbers) == {
        "sensitivity": 7,
        "min_object_size": 23,
        "min_dwell": 117,
        "adaptability": 3,
    }
    assert found.region == MASK
    assert (found.day, found.begin, found.end) == (1, 510, 1050)


@pytest.mark.parametrize("text", ["sensitivity", "sensitivity=", "sensitivity=7.0", "enable=1"])
def test_a_value_that_could_not_be_saved_is_refused(text):
    with pytest.raises(WantedError, match=text):
        wanted.known([text])


def test_a_learned_file_with_a_slip_is_refused_by_name(tmp_path):
    text = writing.document(learn(session()), base(), "learned", "x.har")
    for old, new, why in [
        ('on = "1", ', "", "enable wants on and off"),
        ('at = [["json /stay"]]', "at = []", "min_dwell stands at 0 places"),
        ('[settings.region]\nkey = "mask"', '[settings.colour]\nkey = "mask"', "'colour'"),
    ]:
        assert old in text
        file = tmp_path / "slip.toml"
        file.write_text(text.replace(old, new))
        with pytest.raises(DialectError, match=why):
            load(str(file))
