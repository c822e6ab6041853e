"""`stuntcam check TARGETS.toml` on cameras in processes of their own, a dead one, and a twin."""

import json
import os
import select
import signal
import subprocess
import sys

import pytest
import requests
from requests.auth import HTTPBasicAuth
from running import PASSWORD

ADMIN = HTTPBasicAuth("admin", PASSWORD)
SETTINGS = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration&format=json"


@pytest.fixture(scope="module")
def cameras(start_camera):
    return [start_camera("--no-discovery", "--source", "scene:shop") for _ in range(2)]


def targets(tmp_path, **urls):
    text = "".join(f'[[target]]\nname = "{name}"\nurl = "{url}"\n' for name, url in urls.items())
    file = tmp_path / "T.toml"
    file.write_text(text)
    return file


def test_all_are_judged_beside_a_dead_one_and_no_device_twice(cameras, stuntcam, tmp_path):
    first, second = cameras
    twin = first.url.replace("127.0.0.1", "localhost")
    file = targets(tmp_path, one=first.url, two=second.url, dead="http://127.0.0.1:9", twin=twin)
    done = stuntcam(
        *("check", file, "-u", "admin", "--only", "gate", "--parallel", "4"),
        *("--record", tmp_path / "rec", "--out", tmp_path / "out"),
        env={"XDG_STATE_HOME": str(tmp_path / "state")},
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    grid = json.loads((tmp_path / "out/devices.json").read_text())
    one, two, dead, twin = grid["devices"]
    assert sorted([one["exit"], twin["exit"]]) == [0, 2]
    sent_away = one if one["exit"] else twin
    assert sent_away["why"].startswith(("one and twin are", "twin and one are"))
    assert (two["exit"], dead["exit"]) == (0, 3)
    assert two["verdicts"]["GATE-01 MUST"] == "pass"
    assert "no connection" in dead["why"]
    assert two["serial"] not in {"", one["serial"]}
    for line in ("two: conforms", "dead: GET http://127.0.0.1:9", "1 of 4 devices"):
        assert line in done.stdout
    assert (tmp_path / "out/two/report.html").exists()
    assert (tmp_path / "rec/two/recording.json").exists()


def test_ctrl_c_gives_every_device_back(cameras, tmp_path):
    before = [requests.get(one.url + SETTINGS, auth=ADMIN, timeout=30).json() for one in cameras]
    file = targets(tmp_path, one=cameras[0].url, two=cameras[1].url, later="http://127.0.0.1:9")
    arguments = ["-u", "admin", "--safety", "reversible", "--only", "SET-04", "--fuzz", "100000"]
    arguments += ["--parallel", "2", "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "stuntcam", "check", str(file), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "STUNTCAM_PASSWORD": PASSWORD,
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "PYTHONUNBUFFERED": "1",
        },
    )
    try:
        begun = [process.stdout.readline() for _ in cameras]
        assert all("serial" in line for line in begun), begun
        journals = tmp_path / "state/stuntcam/journals"
        while len(list(journals.glob("*.json"))) < len(cameras):  # both have been changed by then
            assert process.poll() is None
            select.select([process.stdout], [], [], 0.1)
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=120)
    finally:
        process.kill()  # a run that goes on must not be heard in another test
    assert process.returncode == 130, told + errors
    after = [requests.get(one.url + SETTINGS, auth=ADMIN, timeout=30).json() for one in cameras]
    assert after == before
    assert not list(journals.glob("*.json"))
    grid = json.loads((tmp_path / "out/devices.json").read_text())
    assert [one["exit"] for one in grid["devices"]] == [130, 130, 130]
    assert "before it was begun" in grid["devices"][2]["why"]


def test_another_device_than_the_file_says_is_not_checked(cameras, stuntcam, tmp_path):
    file = targets(tmp_path, one=cameras[0].url)
    file.write_text(file.read_text() + 'serial = "NOT-THIS-ONE"\n')
    out = ("--out", tmp_path / "out")
    done = stuntcam("check", file, "-u", "admin", *out, env={"XDG_STATE_HOME": str(tmp_path)})
    assert done.returncode == 2
    assert "not NOT-THIS-ONE" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["T.toml", "--control", "http://127.0.0.1:1"], "--control"),
        (["T.toml", "--only", "NOPE"], "NOPE"),
        (["T.toml", "-u", "admin", "--password-env", "NOT_SET_AT_ALL"], "NOT_SET_AT_ALL"),
        (["none.toml"], "none.toml"),
        (["http://127.0.0.1:9", "--parallel", "2"], "--parallel"),
    ],
)
def test_wrong_usage_is_one_line_that_names_it(stuntcam, tmp_path, arguments, word):
    targets(tmp_path, one="http://127.0.0.1:9")
    done = stuntcam("check", *arguments, cwd=tmp_path, env={"XDG_STATE_HOME": str(tmp_path)})
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
