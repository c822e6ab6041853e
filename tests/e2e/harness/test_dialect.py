"""`stuntcam dialect learn` on recordings of devices unlike any wire that is known, proven there.

The devices are tests/foreign.py's; none shares a line with the harness.
"""

import json
import os
import tomllib
from types import SimpleNamespace

import httpx
import pytest
from foreign import (
    DRAWN,
    FOUND,
    LEARNABLE,
    PASSWORD,
    USER,
    Browser,
    ChannelDevice,
    FormDevice,
    JsonDevice,
    XmlDevice,
    recorded,
)

from conformance import cli, dialect
from conformance.learning import proving

# What a proof sets, in the words of these devices.
SET = {
    "enable": 0,
    "sensitivity": 6,
    "min_object_size": 51,
    "min_dwell": 151,
    "adaptability": 6,
    "region": proving.REGION,
    "week": [[], [], [], [], [(540, 1080)], [], []],
}


@pytest.fixture
def learn(tmp_path, monkeypatch, capsys):
    """Runs the command on a recording, in this process; its dialect is learned.toml."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("STUNTCAM_PASSWORD", PASSWORD)

    def run(har, *arguments):
        file = tmp_path / "SESSION.har"
        file.write_text(har)
        wanted = ["learn", file, "--out", tmp_path / "learned.toml", *arguments]
        code = cli.dialect([str(one) for one in wanted])
        told = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=told.out, stderr=told.err)

    return run


def proof(device):
    return ["-u", USER, "--target", device.url, "--safety", "reversible"]


@pytest.mark.parametrize("kind", LEARNABLE.values(), ids=LEARNABLE)
def test_a_dialect_is_learned_and_proven_on_the_device(learn, tmp_path, kind):
    with recorded(kind) as (device, har):
        done = learn(har, *proof(device))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "UNSURE" not in done.stdout
        assert "FAILS" not in done.stdout
        # Each setting was changed alone, one after the other, to what was meant.
        seen, wanted = [], dict(FOUND)
        for name, value in SET.items():
            wanted = {**wanted, name: value}
            seen.append(dict(wanted))
        assert device.history == [*seen, FOUND]
        assert device.beside == {"trail": "4", "title": "Door & <yard>"}
    assert not list((tmp_path / "state").rglob("*.json"))


@pytest.mark.parametrize("kind", [FormDevice, JsonDevice])
def test_no_secret_is_in_the_dialect_or_told(learn, tmp_path, kind):
    with recorded(kind) as (device, har):
        done = learn(har, "-u", USER)
    sent = [entry["request"] for entry in json.loads(har)["log"]["entries"]]
    password = sent[0]["postData"]["text"].rpartition('"' if kind is JsonDevice else "=")
    secrets = [PASSWORD, device.session if kind is FormDevice else device.token]
    secrets.append(password[0].rpartition('"')[2] if kind is JsonDevice else password[2])
    assert all(len(secret) > 8 for secret in secrets)
    text = (tmp_path / "learned.toml").read_text()
    assert not [secret for secret in secrets if secret in text + done.stdout + done.stderr]
    assert tomllib.loads(text)["login"]["body"]


def test_what_two_fields_could_be_is_called_unsure_and_not_used(learn, tmp_path):
    with recorded(ChannelDevice) as (device, har):
        done = learn(har, *proof(device))
        assert done.returncode == 1
        (line,) = [line for line in done.stdout.splitlines() if "UNSURE" in line]
        assert line.startswith("sensitivity")
        assert "form chn (7 before)" in line
        assert "form hm_sens (5 before)" in line
        settings = tomllib.loads((tmp_path / "learned.toml").read_text())["settings"]
        assert "sensitivity" not in settings
        assert len(settings) == 6
        # The others were proven; nothing else moved (another channel ends the device's thread).
        assert {state["sensitivity"] for state in device.history} == {5}
        assert device.state == FOUND
        done = learn(har, *proof(device), "--choose", "sensitivity=body > form hm_sens")
        assert done.returncode == 0, done.stdout + done.stderr
        assert {state["sensitivity"] for state in device.history} == {5, 6}


def test_without_leave_nothing_is_saved(learn):
    with recorded(XmlDevice) as (device, har):
        done = learn(har, "-u", USER, "--target", device.url)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "needs --safety reversible" in done.stdout
        assert device.history == []


def test_a_device_that_does_otherwise_than_recorded_is_told_and_given_back(learn):
    with recorded(XmlDevice) as (device, har):

        def understood(body):
            new, beside = XmlDevice.understood(device, body)
            if new["sensitivity"] != FOUND["sensitivity"]:
                new["min_dwell"] = 99
            return new, beside

        device.understood = understood
        done = learn(har, *proof(device))
        assert done.returncode == 1
        (line,) = [line for line in done.stdout.splitlines() if "FAILS" in line][:1]
        assert "sensitivity" in line
        assert "min_dwell changed with it" in line
        assert device.state == FOUND


def test_a_device_that_can_not_be_read_any_more_is_put_right(learn):
    with recorded(XmlDevice) as (device, har):

        def spelled(state):
            text = XmlDevice.spelled(device, state)
            return (
                text if state["sensitivity"] == FOUND["sensitivity"] else text.replace("Stay", "S")
            )

        device.spelled = spelled
        done = learn(har, *proof(device))
        assert done.returncode == 1
        assert "nothing at xml /h:Heat/h:Stay" in done.stdout
        assert "the device is as it was before" in done.stdout
        assert device.state == FOUND


def test_a_check_speaks_a_learned_dialect(learn, stuntcam, tmp_path):
    with recorded(XmlDevice) as (device, har):
        assert learn(har, "-u", USER).returncode == 0
        arguments = ["--dialect", "learned.toml", "-u", USER, "--safety", "reversible"]
        done = stuntcam(
            *("check", device.url, *arguments, "--only", "SET-04", "--fuzz", "0"),
            *("--out", tmp_path / "run"),
            env={"XDG_STATE_HOME": str(tmp_path / "state")},
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        results = json.loads((tmp_path / "run/results.json").read_text())
        verdicts = [one["verdict"] for row in results["requirements"] for one in row["checks"]]
        assert verdicts.count("pass") == 3
        assert "fail" not in verdicts
        assert device.state == FOUND
        evidence = "".join(file.read_text() for file in (tmp_path / "run/evidence").iterdir())
        assert PASSWORD not in evidence
        assert "<h:Stay>301</h:Stay>" in evidence


def test_our_own_wire_is_learned_as_its_dialect_has_it(learn, start_camera, tmp_path):
    camera = start_camera()
    browser = Browser()
    browser.client.auth = httpx.DigestAuth(USER, PASSWORD)
    cgi = f"{camera.url}/cgi-bin/operator/operator.cgi?format=json&action="
    days = [f"{'08:30:17:30;' if day == 1 else '00:00:00:00;'}" for day in range(7)]
    week = [
        {"scheduleIndex": day, "schedule": text + "00:00:00:00;" * 9}
        for day, text in enumerate(days)
    ]
    saved = {"sensitivity": 7, "minsize": 23, "mintime": 117, "adaptability": 3}
    saved |= {"map_mask": DRAWN, "scheduleList": week}
    browser.send("GET", f"{cgi}get.system.information")
    for enable in (0, 1):
        body = json.dumps({"enable": enable, **saved})
        browser.send("POST", f"{cgi}set.heatmap.configuration", body, Content_Type="text/json")
    browser.send("GET", f"{cgi}get.heatmap.configuration")
    browser.client.close()
    done = learn(browser.har(), "-u", USER, "--target", camera.url, "--safety", "reversible")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "log-in    HTTP's Digest" in done.stdout
    assert done.stdout.count("holds") == 8
    settings = tomllib.loads((tmp_path / "learned.toml").read_text())["settings"]
    known = dialect.load("milesight-8").settings
    assert {name: row["key"] for name, row in settings.items()} == {
        **known,
        "schedule": "schedule",
    }
    assert settings["schedule"]["save"]["at"][6] == ["body", "json /scheduleList/6/schedule"]


# --- what can't be learned from -------------------------------------------------------------------


def entry(url, body="", answer=""):
    return {
        "request": {"method": "POST", "url": url, "headers": [], "postData": {"text": body}},
        "response": {"status": 200, "headers": [], "content": {"text": answer}},
    }


NEWS = {"log": {"entries": [entry("https://news.example/ads?size=23", "x=7&y=3", "[117]")]}}


@pytest.mark.parametrize(
    ("har", "code", "words"),
    [
        (json.dumps(NEWS), 5, ["SESSION.har", "https://news.example", "min_dwell=117"]),
        ('{"log": {"entries": []}}', 5, ["SESSION.har", "min_dwell=117"]),
        ("<html>", 2, ["SESSION.har is no HAR", "not JSON"]),
        ("[" * 100_000, 2, ["SESSION.har is no HAR", "not JSON"]),
        ('{"log": 7}', 2, ["SESSION.har is no HAR", "log.entries"]),
        ('{"log": {"entries": [{}]}}', 2, ["SESSION.har: entry 1"]),
    ],
    ids=["another site", "empty", "no JSON", "too deep", "no log", "no request"],
)
def test_what_is_no_session_is_one_line_that_says_why(learn, tmp_path, har, code, words):
    done = learn(har)
    assert done.returncode == code
    assert len(done.stderr.strip().splitlines()) == 1
    assert [word for word in words if word not in done.stderr] == []
    assert not (tmp_path / "learned.toml").exists()


def test_a_session_in_which_nothing_was_saved_is_5(learn):
    with XmlDevice() as device:
        browser = Browser()
        device.log_in(browser)
        device.look(browser)
        browser.client.close()
        done = learn(browser.har())
    assert done.returncode == 5
    assert device.url in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_200_mb_are_refused_unread(stuntcam, tmp_path):
    file = tmp_path / "large.har"
    file.touch()
    os.truncate(file, 200 * 1024 * 1024)
    done = stuntcam("dialect", "learn", file, cwd=tmp_path)
    assert done.returncode == 2
    assert "large.har has 200 MB, and 64 are the most" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--value", "sensitivity=11"], "1..10"),
        (["--value", "sensitivity=3"], "adaptability"),
        (["--value", "volume=3"], "volume=3"),
        (["--region", "1-14x1-3"], "1-14x1-3"),
        (["--region", "1-13x1-23"], "whole picture"),
        (["--schedule", "mon/08:30-17:30"], "tue"),
        (["--schedule", "tue/17:30-08:30"], "within one day"),
        (["--choose", "colour=red"], "colour=red"),
        (["--target", "http://127.0.0.1:1"], "is of http://127.0.0.1:2"),
        (["--out", "/nowhere/at/all.toml"], "/nowhere/at/all.toml"),
        (["-u", "admin", "--password-env", "NOT_SET_AT_ALL"], "NOT_SET_AT_ALL"),
    ],
)
def test_wrong_usage_is_one_line_that_names_it(learn, arguments, word):
    body = f"sens=7&size=23&stay=117&learn=3&mask={DRAWN}"
    har = {"log": {"entries": [entry("http://127.0.0.1:2/save", body)]}}
    done = learn(json.dumps(har), *arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
