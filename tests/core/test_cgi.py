"""Wire text and values: requests as clients in the field send them, then laws, then refusals."""

import contextlib
import json
import re
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulator.core import cgi
from emulator.core.cgi import CgiError, ReportQuery
from emulator.core.settings import HeatSettings

SCALARS = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=20)
JSON = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]*", fullmatch=True)
FIELDS = st.dictionaries(KEYS, st.text() | st.integers() | st.booleans() | JSON, max_size=5)
PAIRS = st.lists(
    st.tuples(
        st.sampled_from(["dw", "time_start", "time_end", "sub_type", "mintime", "scheduleList"])
        | st.text(),
        st.sampled_from(["", "0", "4", "2025-07-22-16:46:00", "[]"]) | st.text(),
    ),
    max_size=5,
)
# One `var key='value';` or `var key=value;`, as ECMAScript's grammar has it: no quote, no
# backslash and no line end stands in a text in single quotes as it is.
STATEMENT = re.compile(
    r"var ([a-zA-Z0-9_]+)=(?:'((?:[^'\\\n\r\u2028\u2029]|\\[^\n\r\u2028\u2029])*)'|([-\w]+));\n"
)
MEANT = {"n": "\n", "r": "\r"}


def javascript(text):
    """What a browser reads in the form without a name: {key: text, or the bare word}."""

    def unescaped(match):
        return chr(int(match[1][1:], 16)) if len(match[1]) == 5 else MEANT.get(match[1], match[1])

    found, at = {}, 0
    while at < len(text):
        statement = STATEMENT.match(text, at)
        assert statement, text[at:]
        key, quoted, bare = statement.groups()
        found[key] = bare if quoted is None else re.sub(r"\\(u[0-9a-f]{4}|.)", unescaped, quoted)
        at = statement.end()
    return found


def read(pairs):
    return cgi.read_report_query(pairs)


# --- worked examples ------------------------------------------------------------------------


def test_the_recorded_request_for_a_map_has_a_start_and_nothing_else():
    # facts 2.4: dw and time_start alone; so a day is meant.
    asked = [("dw", "spaceheatmap"), ("time_start", "2025-07-22-10:46:00")]
    assert read(asked) == ReportQuery("daily", datetime(2025, 7, 22, 10, 46))


@pytest.mark.parametrize(
    ("sub_type", "kind"),
    [("0", "daily"), ("1", "weekly"), ("2", "monthly"), ("3", "annual"), ("4", "hour")],
)
def test_sub_type_is_the_kind_of_period(sub_type, kind):
    assert read([("sub_type", sub_type)]) == ReportQuery(kind, None)


@pytest.mark.parametrize("time_end", ["2025-07-23-16:46:00", "", "tomorrow"])
def test_the_end_is_accepted_and_ignored(time_end):
    start = ("time_start", "2024-02-29-23:59:59")
    expected = ReportQuery("daily", datetime(2024, 2, 29, 23, 59, 59))
    assert read([start, ("time_end", time_end), ("time_end", time_end)]) == expected


def test_nothing_asked_is_a_day_without_a_start():
    assert read([]) == ReportQuery("daily", None)


def test_a_get_that_sets_is_typed_like_a_post():
    week = '[{"scheduleIndex":6,"schedule":"x"}]'
    asked = [("action", "set.heatmap.configuration"), ("mintime", "300"), ("map_mask", "101")]
    asked += [("scheduleList", week), ("format", "json"), ("username", "007")]
    assert cgi.read_settings_query(asked) == [
        ("mintime", 300),
        ("map_mask", "101"),
        ("scheduleList", [{"scheduleIndex": 6, "schedule": "x"}]),
        ("username", "007"),
    ]


def test_a_query_types_export_settings_too():
    asked = [("exportHour", "8"), ("ftpPassword", "007"), ("exportTo", "x")]
    assert cgi.read_settings_query(asked) == [
        ("exportHour", 8),
        ("ftpPassword", "007"),
        ("exportTo", "x"),
    ]


@pytest.mark.parametrize("text", ["", "+5", "5.0", " 5", "1_0", "\u0665", "true", "0x5", "9" * 99])
def test_what_is_no_plain_number_stays_a_text_and_is_for_the_settings_to_refuse(text):
    assert cgi.read_settings_query([("mintime", text)]) == [("mintime", text)]


def test_a_body_keeps_the_types_that_json_has():
    body = '{"mintime": 5, "x": 5.0, "y": "5", "z": true, "\u00e4": [null]}'.encode()
    found = cgi.read_settings_body(body)
    assert found == [("mintime", 5), ("x", 5.0), ("y", "5"), ("z", True), ("\u00e4", [None])]
    assert [type(value) for _, value in found[:4]] == [int, float, str, bool]


def test_settings_are_spelled_by_their_wire_keys():
    assert cgi.settings_fields(HeatSettings()) == {
        "enable": 0,
        "sensitivity": 5,
        "minsize": 10,
        "mintime": 30,
        "adaptability": 5,
        "map_mask": "1" * 299,
        "scheduleList": [
            {"scheduleIndex": day, "schedule": "00:00:24:00;" + "00:00:00:00;" * 9}
            for day in range(7)
        ],
    }


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (None, "var model='MS-C8165-PE';\nvar enable=1;\nvar list='[{\"a\":1}]';\n"),
        ("inf", 'model=MS-C8165-PE\nenable=1\nlist=[{"a":1}]\n'),
        ("json", '{"model":"MS-C8165-PE","enable":1,"list":[{"a":1}]}'),
    ],
)
def test_an_answer_has_three_forms(form, text):
    fields = {"model": "MS-C8165-PE", "enable": 1, "list": [{"a": 1}]}
    assert cgi.answer(fields, form) == text


def test_a_text_cannot_break_out_of_its_line():
    fields = {"name": "a'; alert(1) //\\\nvar x=2;\r\u2028", "on": True}
    assert cgi.answer(fields, None) == (
        "var name='a\\'; alert(1) //\\\\\\nvar x=2;\\r\\u2028';\nvar on=true;\n"
    )
    assert cgi.answer(fields, "inf") == "name=a'; alert(1) //\\ var x=2; \non=true\n"


def test_success_and_failure_are_spelled_as_seen():
    # facts 2.1
    assert cgi.SUCCEEDED == '{"setState":"succeed"}'
    assert cgi.failed() == '{"setState":"failed"}'
    message = "min_dwell (mintime)=301 is outside 1..300 s"
    assert cgi.failed(message) == f'{{"setState":"failed","message":"{message}"}}'


# --- laws ---------------------------------------------------------------------------------------


@given(PAIRS)
@example([("time_start", "0000-01-01-00:00:00")])
@example([("time_start", "2025-06-30-23:59:60")])
@example([("sub_type", "\u0660")])
def test_any_report_query_is_understood_or_refused(pairs):
    with contextlib.suppress(CgiError):
        assert isinstance(read(pairs), ReportQuery)


@given(PAIRS)
def test_any_setting_query_is_understood_or_refused(pairs):
    with contextlib.suppress(CgiError):
        found = cgi.read_settings_query(pairs)
        assert [key for key, _ in found] == [key for key, _ in pairs]


@given(st.binary() | st.text().map(str.encode) | JSON.map(lambda it: json.dumps(it).encode()))
def test_any_body_is_understood_or_refused(body):
    with contextlib.suppress(CgiError):
        found = cgi.read_settings_body(body)
        assert dict(json.loads(body)) == dict(found)
        assert json.dumps(found, ensure_ascii=False).encode()


@given(st.datetimes().map(lambda at: at.replace(microsecond=0)))
def test_every_reading_of_the_clock_can_be_asked_for(at):
    date = f"{at.year:04}-{at.month:02}-{at.day:02}"
    text = f"{date}-{at.hour:02}:{at.minute:02}:{at.second:02}"
    assert read([("time_start", text)]) == ReportQuery("daily", at)


@given(st.dictionaries(st.text(), JSON))
def test_a_body_says_what_was_put_into_it(document):
    for ascii_only in (True, False):
        body = json.dumps(document, ensure_ascii=ascii_only).encode()
        assert cgi.read_settings_body(body) == list(document.items())


@given(FIELDS)
def test_all_forms_say_the_same(fields):
    assert json.loads(cgi.answer(fields, "json")) == fields
    plain = {
        key: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for key, value in fields.items()
    }
    assert javascript(cgi.answer(fields, None)) == plain
    # Blank for line end, and a last line end cut: that form has no way to say them.
    without = {key: " ".join(text.splitlines()) for key, text in plain.items()}
    lines = cgi.answer(fields, "inf").split("\n")
    assert lines == [f"{key}={text}" for key, text in without.items()] + [""]


@given(FIELDS)
def test_an_answer_is_lines_of_one_field_each(fields):
    assert cgi.answer(fields, None).count("\n") == len(fields)
    assert len(cgi.answer(fields, "inf").splitlines()) == len(fields)


@given(st.text())
def test_a_failure_tells_its_message_in_one_line_of_ascii(message):
    answer = cgi.failed(message)
    assert json.loads(answer) == {"setState": "failed", "message": message}
    assert answer.isascii()
    assert "\n" not in answer


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2025-07-22 16:46:00", "2025-07-22T16:46:00", "2025-7-22-16:46:00",
     "2025-07-22-16:46", "2025-07-22-16:46:00Z", " 2025-07-22-16:46:00", "2025-07-22-16:46:00\n",
     "2025-02-29-00:00:00", "2025-13-01-00:00:00", "2025-07-22-24:00:00", "2025-07-22-16:60:00",
     "2025-07-22-16:46:60", "0000-01-01-00:00:00", "12025-07-22-16:46:00",
     "\u0662\u0660\u0662\u0665-07-22-16:46:00", "9" * 9999],
)  # fmt: skip
def test_another_spelling_of_time_is_refused_by_name(text):
    with pytest.raises(CgiError, match=r"^time_start='.{0,50}' is not YYYY-MM-DD-HH:MM:SS$"):
        read([("time_start", text)])


@pytest.mark.parametrize("text", ["5", "-1", "", "00", "+0", "0 ", "1.0", "\u0661", "daily"])
def test_another_sub_type_is_refused_by_name(text):
    with pytest.raises(CgiError, match=r"^sub_type='.*' is not 0\.\.4$"):
        read([("sub_type", text)])


@pytest.mark.parametrize("name", ["time_start", "sub_type"])
def test_what_decides_over_a_report_is_said_once(name):
    text = {"time_start": "2025-07-22-16:46:00", "sub_type": "0"}[name]
    with pytest.raises(CgiError, match=f"^{name} is given twice"):
        read([(name, text), ("dw", "heatmapcsv"), (name, text)])


@pytest.mark.parametrize("body", [b"[]", b"1", b'"mintime"', b"null", b"true", b'[["mintime",5]]'])
def test_a_body_is_an_object(body):
    with pytest.raises(CgiError, match=r"^the body is not a JSON object$"):
        cgi.read_settings_body(body)


@pytest.mark.parametrize(
    "body",
    ["", "{", "{'a':1}", "{a:1}", '{"a":1,}', '{"a":01}', '{"a":+1}', "mintime=5", '{"a":1}x',
     "\ufeff{}", '{"a":"\n"}', '{"a":\x00}', "[" * 100_000, '{"a":' * 100_000,
     '{"mintime":' + "9" * 5_000 + "}", '{"mintime":-' + "9" * 60_000 + "}"],
    ids=lambda body: ascii(body[:12]),
)  # fmt: skip
def test_broken_json_is_refused(body):
    with pytest.raises(CgiError, match=r"^the body is not readable JSON$"):
        cgi.read_settings_body(body.encode())


@pytest.mark.parametrize("half", [r"\ud800", r"\udfff", r"\ud800x", r"\udc00\ud800"])
def test_half_a_surrogate_pair_is_no_text(half):
    for body in (f'{{"username":"{half}"}}', f'{{"{half}":1}}', f'{{"a":[{{"b":"{half}"}}]}}'):
        with pytest.raises(CgiError, match=r"^the body is not readable JSON$"):
            cgi.read_settings_body(body.encode())
    whole = rb'{"username":"\ud83d\ude00"}'
    assert cgi.read_settings_body(whole) == [("username", "\U0001f600")]


@pytest.mark.parametrize("body", [b"\xff", b'{"a":"\xe4"}', b"\xed\xa0\x80", "{}".encode("utf-16")])
def test_a_body_is_utf_8(body):
    with pytest.raises(CgiError, match=r"^the body is not UTF-8$"):
        cgi.read_settings_body(body)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_number_is_finite(word):
    with pytest.raises(CgiError, match=f"^{word} is not a number$"):
        cgi.read_settings_body(f'{{"mintime":{word}}}'.encode())


@pytest.mark.parametrize(
    "body",
    ['{"a":1,"a":1}', '{"b":1,"a":1,"c":2,"a":2}', '{"x":[{"a":1,"a":2}]}', r'{"a":1,"\u0061":2}'],
)
def test_a_name_is_given_once(body):
    with pytest.raises(CgiError, match=r"^'a' is given twice$"):
        cgi.read_settings_body(body.encode())


@pytest.mark.parametrize("text", ["", "always", "[", "[NaN]", '[{"a":1,"a":2}]', r'["\ud800"]'])
def test_a_schedule_in_a_query_is_json(text):
    with pytest.raises(CgiError):
        cgi.read_settings_query([("scheduleList", text)])
