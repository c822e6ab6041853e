"""`stuntcam check` on cameras that turn nasty in its middle: a verdict and an exit code, soon.

A real camera behind a server that answers some of the requests itself, each in a wrong way.
"""

import json

import nasty
import pytest
import requests
from running import PASSWORD

JUDGED = "REP-01,REP-08,REP-10,BEH-06"
ADMIN = ("admin", PASSWORD)


@pytest.fixture(scope="module")
def camera(start_camera):
    return start_camera("--source", "scene:crossing-2")


@pytest.fixture
def check(stuntcam, tmp_path):
    """Runs check on a camera that turns nasty; returns what it said, and its results."""

    def run(camera, is_turned, behaviour, *arguments):
        with nasty.Server(nasty.turning(camera.url, is_turned, behaviour)) as server:
            done = stuntcam(
                *("check", server.url, "-u", "admin", "--out", tmp_path / "out", *arguments),
                env={"XDG_STATE_HOME": str(tmp_path / "state")},
            )
        assert "Traceback" not in done.stderr, done.stderr
        file = tmp_path / "out" / "results.json"
        return done, json.loads(file.read_text()) if file.exists() else None

    return run


def state(camera):
    path = "/cgi-bin/operator/operator.cgi?action=get.heatmap.{}&format=json"
    asked = (camera.url + path.format(what) for what in ("configuration", "export"))
    return [requests.get(url, auth=ADMIN, timeout=30).json() for url in asked]


def is_report(head):
    return "dw=heatmapcsv" in head.partition("\r\n")[0]


@pytest.mark.parametrize("behaviour", [nasty.garbage, nasty.lying])
def test_reports_that_are_none_fail_and_the_camera_is_given_back(camera, check, behaviour):
    before = state(camera)
    how = ("--only", JUDGED, "--fuzz", "0", "--control", camera.control)
    done, results = check(camera, is_report, behaviour, *how)
    assert done.returncode == 1, done.stdout + done.stderr
    found = {row["id"]: row["verdict"] for row in results["requirements"] if row["applies"]}
    assert found["REP-01"] == "fail"
    assert "pass" not in {found[rule] for rule in ("REP-08", "REP-10", "BEH-06")}
    told = [check["reason"] for row in results["requirements"] for check in row["checks"]]
    assert [reason for reason in told if "the check broke" in reason] == []
    assert state(camera) == before


def is_onvif(head):
    return head.startswith("POST /onvif/")


def is_media(head):
    return head.startswith("POST /onvif/media")


@pytest.mark.parametrize(
    ("is_turned", "behaviour"),
    [(is_onvif, nasty.garbage), (is_onvif, nasty.soap_bomb), (is_media, nasty.soap_bomb)],
)
def test_onvif_that_is_none_fails_and_breaks_no_check(camera, check, is_turned, behaviour):
    done, results = check(camera, is_turned, behaviour, "--only", "WIRE-03,SET-02")
    assert done.returncode == 0, done.stdout + done.stderr  # a SHOULD
    found = {row["id"]: row["verdict"] for row in results["requirements"]}
    assert found["WIRE-03"] == "fail"
    told = [check["reason"] for row in results["requirements"] for check in row["checks"]]
    assert [reason for reason in told if "the check broke" in reason] == []


def test_a_camera_that_answers_only_now_and_then_is_given_back(camera, check, tmp_path):
    before, since_saved = state(camera), []

    def is_bad(head):
        if since_saved or head.startswith("POST"):
            since_saved.append(head)
        return len(since_saved) % 3 == 2

    done, results = check(
        camera, is_bad, nasty.garbage, "--safety", "reversible", "--only", "SET-02"
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert results["not_restored"] == []
    assert state(camera) == before
    assert not list((tmp_path / "state").rglob("*.json"))


def test_a_camera_that_is_gone_ends_the_run_and_the_report_is_written(camera, check):
    answered = []

    def is_gone(head):
        answered.append(head)
        return len(answered) > 60

    done, results = check(camera, is_gone, nasty.close, "--only", "reports,wire")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "no longer answers" in results["stopped"]
    assert any(row["verdict"] == "fail" or row["checks"] for row in results["requirements"])


def test_the_control_interface_of_another_camera_is_refused(camera, start_camera, check):
    other = start_camera("--source", "scene:crossing-2")
    requests.delete(f"{other.control}/v1/requests", timeout=30)
    before = requests.get(f"{other.control}/v1/clock", timeout=30).json()
    done, results = check(camera, lambda head: False, nasty.close, "--control", other.control)
    assert (done.returncode, results) == (2, None)
    assert f"{other.control} controls another camera than" in done.stderr
    assert requests.get(f"{other.control}/v1/clock", timeout=30).json()["mode"] == before["mode"]


@pytest.mark.parametrize("behaviour", [nasty.close, nasty.no_camera, nasty.garbage])
def test_what_is_no_control_interface_is_refused(camera, stuntcam, behaviour):
    with nasty.Server(behaviour) as server:
        done = stuntcam("check", camera.url, "-u", "admin", "--control", server.url)
    assert done.returncode == 2
    assert server.url in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
