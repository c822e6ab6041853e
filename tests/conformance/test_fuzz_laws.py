"""What fuzzing holds a camera to: what a request means, and which rule an answer breaks."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.fuzz import drawing, laws, meaning, steps
from conformance.fuzz.laws import Said
from conformance.fuzz.playing import START
from conformance.fuzz.steps import Report, Save

WEEK = START["schedule"]
UNUSED = "00:00:00:00;"
EMPTY_MAP = '{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}'
A_POINT = '{"max":3,"min":0,"map_w":192,"map_h":192,"data":[{"x":1,"y":2,"value":3}]}'
HEADER = "StartTime,EndTime,Value(s)\r\n"
NO, YES = Said(200, False, True, "min_dwell", "no"), Said(200, True, False, "", "yes")


def rules_of(*members, by="json"):
    found = meaning.of(Save(members, by), START)
    return {name: set(rules) for name, rules in found.wrong.items()}


def day(text):
    return json.dumps([{"scheduleIndex": 0, "schedule": text}])


# --- what a request means ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "rules"),
    [
        ("min_dwell", "300", None),
        ("min_dwell", "301", {"SET-04"}),
        ("min_dwell", "0", {"SET-04"}),
        ("min_dwell", "4294967301", {"SET-04", "SET-06"}),
        ("min_dwell", "5.0", {"SET-06"}),
        ("enable", "true", {"SET-06"}),
        ("nosuch", "1", {"SET-06"}),
        ("region", json.dumps("1" * 299), None),
        ("region", json.dumps("1" * 298), {"REG-03"}),
        ("region", json.dumps("1" * 298 + "٣"), {"REG-03"}),
        ("schedule", day("08:00:24:00;" + UNUSED * 9), None),
        ("schedule", day("08:00:24:01;" + UNUSED * 9), {"SCH-02"}),
        ("schedule", day("09:00:08:00;" + UNUSED * 9), {"SCH-02"}),
        ("schedule", day("08:00:10:00;09:59:11:00;" + UNUSED * 8), {"SCH-02"}),
        ("schedule", day("08:00:10:00;10:00:11:00;" + UNUSED * 8), None),
        ("schedule", day("08:00:10:00;" + UNUSED * 10), {"SCH-02"}),
        ("schedule", day("x" + "08:00:10:00;" + UNUSED * 9), {"SCH-02"}),
        ("schedule", '[{"scheduleIndex": 7, "schedule": ""}]', {"SCH-02"}),
    ],
)
def test_a_value_is_right_or_wrong_by_its_rule(name, text, rules):
    assert rules_of((name, text)) == ({} if rules is None else {name: rules})


def test_the_days_that_are_named_change_and_the_others_stay():
    text = "08:00:24:00;" + UNUSED * 9
    found = meaning.of(Save((("schedule", day(text)),)), START)
    assert found.wanted["schedule"] == [{"scheduleIndex": 0, "schedule": text}, *WEEK[1:]]


def test_a_setting_that_is_named_twice_is_wrong_even_if_it_says_the_same():
    assert rules_of(("min_dwell", "5"), ("min_dwell", "5")) == {"min_dwell": {"SET-06"}}


@pytest.mark.parametrize(
    "save",
    [
        Save((("min_dwell", "5"),), encoding="utf-16"),
        Save((("min_dwell", "05"),), by="query"),
        Save((("schedule", day("09:00:10:00;08:00:09:00;" + UNUSED * 8)),)),
    ],
)
def test_where_the_catalogue_is_silent_nothing_is_wrong(save):
    assert meaning.of(save, START).unclear


# --- which rule an answer breaks -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said", "after", "law", "rules"),
    [
        ("5", YES, {"min_dwell": 5}, None, None),
        ("5", YES, {"min_dwell": 6}, "kept", {"SET-04", "SET-07"}),
        ("5", YES, {"min_dwell": 5, "sensitivity": 1}, "left out", {"SET-06"}),
        ("5", NO, {}, "accepted", {"SET-04"}),
        ("301", NO, {}, None, None),
        ("301", YES, {"min_dwell": 300}, "refused", {"SET-04"}),
        ("301", NO, {"min_dwell": 300}, "unchanged", {"SET-06"}),
        ("5.0", Said(500, False, False, "", "500"), {}, "answered", {"SET-06"}),
        ("5.0", Said(200, False, True, "", "no"), {}, "message", {"SET-06"}),
    ],
)
def test_a_save_breaks_its_own_rule(text, said, after, law, rules):
    save = Save((("min_dwell", text),))
    broken = laws.of_save(save, meaning.of(save, START), START, said, START | after, 10)
    assert [(one.law, set(one.rules)) for one in broken] == ([(law, rules)] if law else [])


@pytest.mark.parametrize(
    ("of", "start", "kind", "status", "text", "rule"),
    [
        ("time", "today", "daily", 200, HEADER, None),
        ("time", "today", "daily", 500, "", "REP-09"),
        ("time", "2026-03-04-05:00:00", "daily", 200, HEADER, "REP-07"),
        ("time", "2026-03-04-05:00:00", "daily", 404, "", "REP-07"),
        ("time", "2026-02-30-05:00:00", "daily", 200, HEADER, None),
        ("time", "9999-12-31-23:00:00", "annual", 500, "", "WIRE-02"),
        ("time", "9999-12-31-23:00:00", "annual", 200, HEADER, None),
        ("time", "2026-03-04-05:00:00", "4", 200, "no csv", "WIRE-02"),
        ("space", "2095-01-01-00:00:00", "daily", 200, EMPTY_MAP, None),
        ("space", "2095-01-01-00:00:00", "daily", 200, A_POINT, "REP-09"),
        ("space", "2026-03-04-05:00:00", "daily", 200, A_POINT, None),
        ("space", "2026-03-04-05:00:00", "5", 200, A_POINT, "REP-09"),
        ("space", "2026-03-04-05:00:00", "4", 200, A_POINT, None),
    ],
)
def test_a_report_breaks_its_own_rule(of, start, kind, status, text, rule):
    report = Report(of, (("start", start), ("kind", kind)))
    broken = laws.of_report(report, status, text)
    assert [set(one.rules) for one in broken] == ([{rule}] if rule else [])


# --- laws ----------------------------------------------------------------------------------------


@given(
    st.one_of(
        drawing.mixed(), drawing.regions(), drawing.schedules(), drawing.queries(),
        drawing.any_reports(), drawing.empty_reports(), drawing.right_reports(),
    )
)  # fmt: skip
def test_a_sequence_is_the_same_after_a_file(sequence):
    text = json.dumps(steps.document(sequence))
    assert steps.sequence_of(json.loads(text)) == sequence


@given(drawing.regions(), drawing.schedules())
def test_regions_and_weeks_that_are_drawn_are_right_or_wrong_and_never_unclear(one, other):
    for save in (*one, *other):
        found = meaning.of(save, START)
        assert found.wrong or found.wanted
