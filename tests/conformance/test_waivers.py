"""Waivers: what they waive, and when they are themselves at fault."""

from datetime import date

import pytest

from conformance.catalogue import load
from conformance.verdict import Outcome, Verdict
from conformance.waivers import WaiverError, apply, read

TEXT = """
[[waiver]]
id = "SET-04"
checks = ["next_value"]
model = "MS-C8165-PE"
firmware = ["61.8.0.2", "61.8.0.3-r8"]
symptom = "mintime after 301"
reason = "clamps"
owner = "QA 4711"
expires = 2027-03-31
"""
TODAY = date(2026, 11, 25)


def outcome(name, verdict, reason="", ids=("SET-04",)):
    return Outcome(name=name, requirements=ids, verdict=verdict, reason=reason)


CLAMPED = outcome("settings/next_value", Verdict.FAIL, "mintime after 301: expected 30, got 300")
FINE = outcome("settings/both_ends", Verdict.PASS)


def applied(tmp_path, outcomes, text=TEXT, today=TODAY, firmware="61.8.0.3-r8", only=("SET-04",)):
    path = tmp_path / "waivers.toml"
    path.write_text(text)
    found, problems = apply(
        read(path, load()),
        outcomes,
        model="MS-C8165-PE",
        firmware=firmware,
        today=today,
        selected=only,
    )
    return [str(one.verdict) for one in found], problems


def test_a_failure_that_is_described_is_waived_and_nothing_else(tmp_path):
    other = outcome("settings/next_value", Verdict.FAIL, "something else")
    verdicts, problems = applied(tmp_path, [CLAMPED, FINE, other])
    assert (verdicts, problems) == (["waived", "pass", "fail"], [])


def test_an_expired_one_waives_nothing_and_is_a_problem(tmp_path):
    verdicts, problems = applied(tmp_path, [CLAMPED], today=date(2027, 4, 1))
    assert (verdicts, problems) == (["fail"], ["SET-04: expired on 2027-03-31 (QA 4711)"])
    assert applied(tmp_path, [CLAMPED], today=date(2027, 3, 31)) == (["waived"], [])


def test_a_stale_one_is_a_problem(tmp_path):
    _, problems = applied(tmp_path, [outcome("settings/next_value", Verdict.PASS)])
    assert problems == ["SET-04: stale: nothing fails that it describes (QA 4711)"]


def test_one_that_names_a_check_that_does_not_fail_is_wider_than_needed(tmp_path):
    text = TEXT.replace('["next_value"]', '["next_value", "both_ends"]')
    _, problems = applied(tmp_path, [CLAMPED, FINE], text)
    assert problems == ["SET-04: wider than needed: both_ends does not fail so"]


def test_what_was_not_checked_does_not_tell_whether_it_is_needed(tmp_path):
    assert applied(tmp_path, [outcome("settings/next_value", Verdict.NOT_CHECKED)])[1] == []


@pytest.mark.parametrize("firmware", ["61.8.0.1", "61.8.0.3-r9", "banana"])
def test_one_for_other_devices_is_left_alone(tmp_path, firmware):
    assert applied(tmp_path, [CLAMPED], firmware=firmware) == (["fail"], [])


def test_one_for_what_is_not_selected_is_left_alone(tmp_path):
    assert applied(tmp_path, [], only=["WIRE-01"]) == ([], [])


def test_a_check_that_speaks_for_another_rule_too_stays_failed(tmp_path):
    both = outcome("settings/next_value", Verdict.FAIL, CLAMPED.reason, ("SET-04", "SET-06"))
    assert applied(tmp_path, [both])[0] == ["fail"]


@pytest.mark.parametrize(
    ("was", "now", "named"),
    [
        ('id = "SET-04"', 'id = "SET-99"', "SET-99"),
        ('owner = "QA 4711"', 'owner = " "', "owner"),
        ('owner = "QA 4711"', "", "owner"),
        ('reason = "clamps"', 'reason = "clamps"\nmore = 1', "more"),
        ("2027-03-31", '"soon"', "expires"),
        ("2027-03-31", "2027-03-31T00:00:00", "expires"),
        ('["61.8.0.2", "61.8.0.3-r8"]', '["61.8.0.2"]', "firmware"),
        ('["61.8.0.2", "61.8.0.3-r8"]', '["*", "61.8.0.3-r8"]', "firmware"),
        ('["next_value"]', "[]", "checks"),
        ("[[waiver]]", "[[waver]]", "waiver"),
        ("[[waiver]]", "[[waiver]", "waivers.toml"),
    ],
)
def test_a_file_that_can_not_be_meant_names_what_is_wrong(tmp_path, was, now, named):
    with pytest.raises(WaiverError, match=named):
        applied(tmp_path, [], TEXT.replace(was, now))
