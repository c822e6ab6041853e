"""An audit's verdicts, what it asks of a suite, and its report, which is read again."""

import tomllib
from pathlib import Path

import pytest

from emulator.core.audit import KEPT_BELOW, Found, chapters, report, wanted
from emulator.core.defects import DEFECTS

ROOT = Path(__file__).parents[2]
REQUIREMENTS = tomllib.loads((ROOT / "conformance/requirements.toml").read_text())["requirement"]
CAUGHT = Found("month-short", ("REP-02", "REP-07"), ("REP-02", "REP-07"), ("reports/a",), ("x",))


@pytest.mark.parametrize(
    ("breaks", "failed", "told"),
    [
        ((), (), "clean"),
        ((), ("SET-01",), "SET-01 blamed wrongly"),
        (("SET-01",), ("SET-01",), "caught"),
        (("SET-01",), (), "missed"),
        (("SET-01",), ("SET-02",), "missed, and SET-02 blamed wrongly"),
        (("SET-01", "SET-02"), ("SET-01",), "SET-02 not found broken"),
        (("SET-01",), ("SET-01", "SET-09"), "SET-09 blamed wrongly"),
        (("A", "B"), ("A", "C"), "C blamed wrongly; B not found broken"),
    ],
)
def test_a_defect_is_caught_when_what_it_breaks_is_blamed_and_nothing_else(breaks, failed, told):
    found = Found("some", breaks, failed)
    assert found.verdict == told
    assert found.is_fine is (told in {"clean", "caught"})


def test_where_nothing_was_said_nothing_is_caught():
    found = Found("some", ("SET-01",), ("SET-01",), trouble="the camera did not start")
    assert found.verdict == "not judged: the camera did not start"
    assert not found.is_fine


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row["id"])
def test_a_requirement_is_in_the_chapter_that_judges_it(row):
    assert chapters([row["id"]]) == (row["chapter"],)


def test_every_requirement_is_broken_by_some_defect():
    broken = {one for defect in DEFECTS.values() for one in defect.breaks}
    assert broken == {row["id"] for row in REQUIREMENTS}
    assert len(DEFECTS) >= 60
    assert sum(defect.blind for defect in DEFECTS.values()) == 20


@pytest.mark.parametrize(
    ("scope", "of_one", "of_all"),
    [
        ("requirements", ("REP-06",), ("REP-06", "SET-07")),
        ("chapters", ("retention",), ("retention", "settings")),
        ("whole", (), ()),
    ],
)
def test_a_camera_without_a_defect_is_judged_as_all_the_others_are(scope, of_one, of_all):
    every = [DEFECTS["retention-8-days"], DEFECTS["setting-lost"]]
    assert wanted(every[0], scope, every) == of_one
    assert wanted(None, scope, every) == of_all


def test_a_report_counts_and_keeps_the_rows_of_others_and_what_stands_below():
    order = ["a", "month-short", "b", "c"]
    first = report([Found("b", ("X",), ()), Found("none", ())], order, "", "first.")
    below = first.replace(KEPT_BELOW, f"{KEPT_BELOW}\n\nBy hand: | `c` | x |\n")
    second = report([CAUGHT], order, below, "second.")
    rows = [line for line in second.splitlines() if line.startswith("| `")]
    assert rows == [
        "| `none` | nothing | nothing | - | everything | clean |",
        "| `month-short` | REP-02, REP-07 | REP-02, REP-07 | reports/a | x | caught |",
        "| `b` | X | nothing | - | everything | missed |",
    ]
    assert "Of 4 defects 2 were judged.\n1 were caught" in second
    assert "Last: second." in second
    assert second.endswith("\n\nBy hand: | `c` | x |\n\n")


def test_a_row_that_was_judged_anew_is_replaced():
    before = report([CAUGHT._replace(failed=())], ["month-short"], "", "first.")
    after = report([CAUGHT], ["month-short"], before, "second.")
    assert "| missed |" in before
    assert "| missed |" not in after
    assert "| caught |" in after


def test_that_a_camera_is_clean_in_everything_is_not_lost_for_a_part():
    whole = report([Found("none", ())], [], "", "first.")
    clean = report([Found("none", (), judged=("SET-02",))], [], whole, "second.")
    blamed = report([Found("none", (), ("SET-02",), ("a",), ("SET-02",))], [], whole, "third.")
    assert "| everything | clean |" in clean
    assert "| SET-02 | SET-02 blamed wrongly |" in blamed


def test_of_many_checks_three_are_named():
    found = CAUGHT._replace(by=("a", "b", "c", "d", "e"))
    assert "| a, b, c and 2 more |" in report([found], ["month-short"], "", "once.")
