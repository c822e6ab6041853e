"""Reports made of results: examples, what a device may have said, and two results compared."""

import copy
import json
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.report import diff, junit, markdown, page, results
from conformance.report.results import ResultsError

EVIL = "<script>alert(1)</script>|`*\x00\x1b]\ud7ff"


def check(name="settings/next_value", verdict="fail", **more):
    texts = {"reason": "", "sent": "", "expected": "", "actual": "", "symptom": "", "evidence": ""}
    return {"name": name, "verdict": verdict, "seconds": 0.25, **texts, **more}


def row(identifier="SET-04", verdict="fail", level="MUST", checks=(), **more):
    texts = {"reason": "", "chapter": "settings", "rule": "1 to 300.", "source": "the article"}
    made = {"id": identifier, "verdict": verdict, "level": level, "applies": True, **texts}
    return {**made, "checks": list(checks), **more}


def document(*rows, code=1):
    counted = {"pass": 1, "fail": 1, "not checked": 2, "not offered": 0, "waived": 0}
    return {
        "schema": 1,
        "tool": "0.1.0",
        "target": {
            "model": "MS-C8165-PE",
            "firmware": "61.8.0.3-r8",
            "serial": "S1",
            "url": "http://127.0.0.1",
            "fingerprint": None,
        },
        "started": "2026-03-04T05:00:00+00:00",
        "finished": "2026-03-04T05:01:00+00:00",
        "claims": {"heat map": True, "reason": "it has it", "requirements": ["GATE-01"]},
        "run": {"safety": "read-only", "seed": 7, "dialect": "milesight-8", "control": False}
        | {"only": [], "accept": [], "requests": 12},
        "requirements": list(rows),
        "summary": {"MUST": {**counted, "does not apply": 1}},
        "notes": [],
        "stopped": "",
        "not_restored": [],
        "waivers": [],
        "pictures": [],
        "exit": code,
    }


FAILED = row(
    reason="it clamps",
    checks=[
        check(
            reason="it clamps",
            sent='POST /x {"mintime":301}',
            expected="refused",
            actual="300",
            evidence="evidence/a.har",
        ),
        check("settings/ends", "pass"),
    ],
)


def test_a_failure_cites_the_rule_what_was_sent_expected_and_came(tmp_path):
    shown = page.html(document(FAILED), tmp_path)
    told = markdown.text(document(FAILED))
    for text in ("1 to 300.", "refused", "evidence/a.har", "Exit 1"):
        assert text in told
    for text in ("1 to 300.", "the article", "mintime", "refused", "evidence/a.har", "Does not"):
        assert text in shown


@pytest.mark.parametrize(
    ("code", "headline"),
    [
        (0, "No fault found"),
        (1, "Does not conform"),
        (4, "Was not given back"),
        (5, "Nothing to judge"),
    ],
)
def test_the_headline_says_how_it_ended(tmp_path, code, headline):
    assert f">{headline}" in page.html(document(FAILED, code=code), tmp_path)


def test_only_who_was_looked_at_whole_conforms(tmp_path):
    made = document(row(verdict="pass"), code=0)
    made["summary"]["MUST"]["not checked"] = 0
    assert ">Conforms<" in page.html(made, tmp_path)
    made["run"]["only"] = ["SET-02", "wire"]
    shown = page.html(made, tmp_path)
    assert ">No fault found<" in shown
    assert "Looked at was a selection: SET-02, wire." in shown


def test_a_picture_is_inside_the_page(tmp_path):
    (tmp_path / "space.png").write_bytes(b"\x89PNG")
    made = document(FAILED) | {"pictures": [{"title": "Its heat map", "path": "space.png"}]}
    assert "data:image/png;base64,iVBORw==" in page.html(made, tmp_path)


def test_a_heat_map_that_a_failing_check_looked_at_is_shown_with_the_failure(tmp_path):
    (tmp_path / "map.png").write_bytes(b"\x89PNG")
    made = row(checks=[check(maps=[{"title": "min_dwell 5: 9 s", "path": "map.png"}])])
    shown = page.html(document(made), tmp_path)
    failure = shown[shown.index("What fails") : shown.index("Every requirement")]
    assert "data:image/png;base64,iVBORw==" in failure
    assert "min_dwell 5: 9 s" in failure


def test_the_sum_is_told_in_words_and_what_does_not_apply_is_left_out(tmp_path):
    counted = {"pass": 3, "fail": 1, "not checked": 2, "not offered": 0, "waived": 0}
    made = document(FAILED) | {
        "summary": {
            "MUST": {**counted, "does not apply": 4},
            "SHOULD": {**dict.fromkeys(counted, 0), "pass": 5, "does not apply": 0},
            "MAY": {**dict.fromkeys(counted, 0), "does not apply": 0},
        }
    }
    shown = page.html(made, tmp_path)
    assert "MUST: 3 of 6 pass, 1 fails, 2 not checked." in shown
    assert "SHOULD: all 5 pass." in shown
    assert "MAY:" not in shown[: shown.index("What fails")].replace("MAY: our own choice", "")


def test_why_something_was_not_checked_is_told_once_for_all_that_it_concerns(tmp_path):
    rows = [row(f"WEB-0{n}", "not checked", reason="the reason") for n in (1, 2)]
    rows.append(row("WEB-03", "not checked", reason="the reason", applies=False))
    shown = page.html(document(*rows, code=0), tmp_path)
    told = shown[shown.index("What was not checked") : shown.index("What was done")]
    assert told.count("the reason") == 1
    assert "WEB-01 MUST, WEB-02 MUST</strong>" in told


def test_junit_counts_cases_failures_and_skips():
    made = junit.xml(document(FAILED, row("SET-05", "not checked", reason="no check was run")))
    root = ET.fromstring(made)
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == ("3", "1", "1")
    assert "mintime" in root.find(".//failure").text
    assert root.find(".//skipped").get("message") == "not checked: no check was run"


def test_what_a_device_said_is_shown_and_never_obeyed(tmp_path):
    said = row(reason=EVIL, checks=[check(reason=EVIL, actual=EVIL, sent=EVIL, expected=EVIL)])
    made = document(said) | {"notes": [EVIL]}
    made["target"] = {**made["target"], "model": EVIL, "serial": EVIL}
    assert "<script>" not in page.html(made, tmp_path)
    assert "<script>" not in markdown.text(made)
    ET.fromstring(junit.xml(made))


@given(st.text())
def test_any_words_of_a_device_make_a_readable_report(said):
    made = document(row(reason=said, checks=[check(reason=said, actual=said)]))
    ET.fromstring(junit.xml(made))
    assert markdown.text(made)


# --- two results ---------------------------------------------------------------------------------


def changed(**verdicts):
    before = document(*(row(name.replace("_", "-"), was) for name, (was, _) in verdicts.items()))
    after = document(*(row(name.replace("_", "-"), now) for name, (_, now) in verdicts.items()))
    return [(one.kind, one.what) for one in diff.compare(before, after)]


def test_what_differs_is_named_the_gravest_first():
    assert changed(
        SET_02=("fail", "pass"),
        SET_03=("pass", "pass"),
        SET_04=("pass", "fail"),
        SET_05=("pass", "not checked"),
        SET_06=("not checked", "waived"),
        SET_07=("pass", "waived"),
        SET_08=("not checked", "not offered"),
        WIRE_01=("waived", "fail"),
    ) == [
        ("regressed", "SET-04 MUST"),
        ("regressed", "WIRE-01 MUST"),
        ("fixed", "SET-02 MUST"),
        ("less known", "SET-05 MUST"),
        ("less known", "SET-08 MUST"),
        ("more known", "SET-06 MUST"),
    ]


def test_new_and_gone_requirements_claims_and_tools_are_told():
    before, after = document(row("SET-02")), document(row("SET-03"))
    after["claims"] = {**after["claims"], "heat map": False}
    after["tool"] = "0.2.0"
    after["target"] = {**after["target"], "firmware": "61.8.0.4"}
    assert [(one.kind, one.what) for one in diff.compare(before, after)] == [
        ("new", "SET-03 MUST"),
        ("gone", "SET-02 MUST"),
        ("claims changed", "heat map"),
        ("target changed", "firmware"),
        ("tool changed", "stuntcam"),
    ]


verdicts = st.sampled_from(["pass", "fail", "not checked", "not offered", "waived"])


@given(st.lists(verdicts))
def test_nothing_differs_from_itself(found):
    made = document(*(row(f"SET-{n}", verdict) for n, verdict in enumerate(found)))
    assert diff.compare(made, copy.deepcopy(made)) == []


@given(verdicts, verdicts)
def test_only_a_new_failure_is_a_regression(was, now):
    kinds = [kind for kind, _ in changed(SET_02=(was, now))]
    assert ("regressed" in kinds) == (now == "fail" and was != "fail")


# --- reading -------------------------------------------------------------------------------------


def test_results_are_read_from_a_folder_or_a_file(tmp_path):
    (tmp_path / "results.json").write_text(json.dumps(document(FAILED)))
    assert results.read(tmp_path) == results.read(tmp_path / "results.json") == document(FAILED)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2}', '{"schema": 1}', "[" * 10**5])
def test_another_file_is_named(tmp_path, text):
    (tmp_path / "results.json").write_text(text)
    with pytest.raises(ResultsError, match=r"results\.json"):
        results.read(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ResultsError, match=r"results\.json: No such file"):
        results.read(tmp_path)


def test_diff_ends_with_1_when_something_regressed(stuntcam, tmp_path):
    for name, verdict in (("a", "pass"), ("b", "fail")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.json").write_text(json.dumps(document(row(verdict=verdict))))
    done = stuntcam("diff", tmp_path / "a", tmp_path / "b")
    assert (done.returncode, done.stdout) == (1, "regressed       SET-04 MUST: pass -> fail\n")
    done = stuntcam("diff", tmp_path / "b", tmp_path / "a")
    assert (done.returncode, done.stdout) == (0, "fixed           SET-04 MUST: fail -> pass\n")
    done = stuntcam("diff", tmp_path / "b", tmp_path / "c")
    assert done.returncode == 2
    assert "c" in done.stderr
