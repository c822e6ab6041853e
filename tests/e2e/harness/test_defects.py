"""A few defects, in a real camera, are found by `stuntcam check`, which blames what they break.

One camera for all, and one of each kind of rule; a run here judges what a defect breaks and its
neighbours. All the others are `stuntcam audit`'s (docs/audit.md).
"""

import json

import pytest
import requests
from running import PASSWORD

from conformance.browsing import chromium
from emulator.core.defects import DEFECTS

BY_HAND = "SET-02,SET-03,SET-04,SET-05,REG-01,REG-02,SCH-01,REP-04,REP-05"

# What is judged of a camera with it.
JUDGED = {
    "range-off-by-one": "settings",
    "region-by-columns": "region,BEH-05",
    "dwell-a-fifth-more": "BEH-03",
    "month-short": "REP-01,REP-02,REP-07,REP-09",
    "viewer-may-write": "wire",
    # On the pages: each beside all that is done there by hand.
    "slider-one-more": BY_HAND,
    "viewer-saves": "pages,WIRE-01",
    # Each beside all that recorders see.
    "nonce-replayed": "onvif",
    "snapshot-stale": "streams",
}


@pytest.fixture(scope="module")
def camera(start_camera):
    """A camera that is mended again after each."""
    return start_camera("--source", "scene:crossing-2")


def serial_of(camera):
    path = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
    return requests.get(camera.url + path, auth=("admin", PASSWORD), timeout=30).json()["snCode"]


@pytest.fixture
def check(stuntcam, tmp_path):
    """Runs check as far as it goes; returns its exit code and what it found."""

    def run(camera, only):
        done = stuntcam(
            *("check", camera.url, "-u", "admin", "--control", camera.control, "--only", only),
            *("--safety", "destructive", "--confirm-serial", serial_of(camera)),
            *("--out", tmp_path / "out", "--strict"),
            env={"XDG_STATE_HOME": str(tmp_path / "state")},
        )
        file = tmp_path / "out" / "results.json"
        assert file.exists(), done.stderr
        rows = json.loads(file.read_text())["requirements"]
        return done.returncode, {
            verdict: {row["id"] for row in rows if row["verdict"] == verdict and row["applies"]}
            for verdict in ("pass", "fail", "not checked")
        }

    return run


OF_PAGES = [name for name in JUDGED if "script" in DEFECTS[name].spoils]


@pytest.mark.parametrize("name", [name for name in JUDGED if name not in OF_PAGES])
def test_a_defect_is_found_and_what_it_breaks_is_blamed_and_nothing_else(camera, check, name):
    expect_found(camera, check, name)


@pytest.mark.skipif(chromium() is None, reason="apt-get install chromium")
@pytest.mark.parametrize("name", OF_PAGES)
def test_a_defect_of_the_pages_is_found_in_a_browser(camera, check, name):
    pytest.importorskip("playwright", reason="pip install '.[pages]'; run by tox -e browser")
    expect_found(camera, check, name)


def expect_found(camera, check, name):
    change(camera, [name])
    try:
        code, found = check(camera, JUDGED[name])
    finally:
        change(camera, [])
    assert found["fail"] == set(DEFECTS[name].breaks)
    assert code == 1


def change(camera, names):
    url = f"{camera.control}/v1/defects"
    told = requests.put(url, json={"on": names}, timeout=30).json()["defects"]
    assert [one["name"] for one in told if one["on"]] == names
    assert told == requests.get(url, timeout=30).json()["defects"]


def test_without_a_defect_the_same_camera_has_nothing_to_blame(camera, check):
    _, found = check(camera, "REP-02,SET-02,SET-04")
    assert (found["fail"], found["pass"]) == (set(), {"REP-02", "SET-02", "SET-04"})


def test_a_defect_outlasts_reboots_and_resets_and_is_logged(start_camera):
    camera = start_camera("--source", "scene:crossing-2")
    change(camera, ["gating-r6", "month-short"])
    for path, body in (("reset", None), ("reboot", {"kind": "hard", "down_s": 0, "wait": True})):
        requests.post(f"{camera.control}/v1/{path}", json=body, timeout=30).raise_for_status()
    url = f"{camera.url}/dataloader.cgi?dw=heatmapcsv&sub_type=2&time_start=2026-02-01-00:00:00"
    answer = requests.get(url, auth=("admin", PASSWORD), timeout=30)
    assert len(answer.text.splitlines()) == 1 + 27
    change(camera, [])
    answer = requests.get(url, auth=("admin", PASSWORD), timeout=30)
    assert len(answer.text.splitlines()) == 1 + 28
    camera.stop()
    said = [line for line in camera.errors.splitlines() if "defective" in line]
    assert said == [
        "stuntcam: this camera is defective on purpose: gating-r6, month-short",
        "stuntcam: this camera is defective on purpose: no more",
    ]


def test_an_unknown_defect_is_refused_by_name_with_those_there_are(camera):
    answer = requests.put(
        f"{camera.control}/v1/defects", json={"on": ["month-short", "monht"]}, timeout=30
    )
    assert answer.status_code == 400
    told = answer.json()
    assert told["message"].startswith('on.1="monht": ')
    assert "'month-short'" in told["message"]
    assert told["errors"][0]["value"] == "monht"
    now = requests.get(f"{camera.control}/v1/defects", timeout=30).json()["defects"]
    assert not any(one["on"] for one in now)
