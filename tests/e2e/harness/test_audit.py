"""`stuntcam audit` at work: real cameras with defects, judged by the real harness."""

from dataclasses import replace

import pytest

from emulator.auditing import Auditor
from emulator.core.defects import DEFECTS
from emulator.core.defects.defect import Kind

ONE = DEFECTS["gating-r6"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("audit") / "reports"


@pytest.fixture(scope="module")
def found(kept):
    """By name: what is found of a camera with a defect, of one that can't start, and of one that
    is declared to break what it does not."""
    no_such_camera = replace(ONE, name="no-such-camera", shows=Kind("MS-X1", "1.2.3.4"))
    innocent = replace(DEFECTS["gating-ptz"], breaks=("GATE-06",))
    told = []
    every = (ONE, no_such_camera, innocent)
    rows = Auditor(every, "requirements", fuzz=0, parallel=2, keep=kept).run(told.append)
    assert sorted(told) == sorted(rows)
    return {row.name: row for row in rows}


def test_a_camera_without_a_defect_is_judged_first_and_has_nothing_to_blame(found):
    assert next(iter(found)) == "none"
    assert found["none"].verdict == "clean"


def test_a_defect_is_caught_by_checks_that_are_named(found):
    row = found["gating-r6"]
    assert (row.verdict, row.failed, row.judged) == ("caught", ("GATE-04",), ("GATE-04",))
    assert "gate/a_report_is_there_if_and_only_if_it_is_claimed[space-GATE-04]" in row.by


def test_one_that_breaks_something_else_than_is_said_is_missed_and_its_report_kept(found, kept):
    assert found["gating-ptz"].verdict == "missed"
    assert [folder.name for folder in kept.iterdir()] == ["gating-ptz"]
    assert (kept / "gating-ptz" / "report.html").exists()


def test_a_camera_that_does_not_start_costs_its_own_defect_alone(found):
    assert found["no-such-camera"].verdict.startswith("not judged: the camera did not start: ")
    assert "MS-X1" in found["no-such-camera"].verdict


def test_the_command_writes_its_report_and_refuses_what_it_does_not_know(stuntcam, tmp_path):
    out = tmp_path / "audit"
    done = stuntcam("audit", "--only", "no-such-defect", "--out", out)
    assert done.returncode == 2
    assert done.stderr.startswith("stuntcam audit: defect 'no-such-defect' is unknown; there are ")
    assert not out.exists()
    done = stuntcam("audit", "--only", "gating-r6", "--scope", "requirements", "--out", out)
    assert "| `gating-r6` | GATE-04 | GATE-04 |" in (out / "audit.md").read_text()
    assert "2 of 2 are as they should be." in done.stdout
    assert done.returncode == 0
