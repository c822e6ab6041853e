"""`stuntcam check` against real cameras in processes of their own, and against what is none."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import crooked
import nasty
import pytest
import requests
from requests.auth import HTTPBasicAuth
from running import PASSWORD

from conformance.browsing import chromium

BUILT = "gate,settings,region,schedule,reports,retention,export,wire,behaviour,onvif,streams"
SETTINGS = "/cgi-bin/operator/operator.cgi?action={}.heatmap.configuration&format=json"
EXPORT = "/cgi-bin/operator/operator.cgi?action=get.heatmap.export&format=json"
ADMIN = HTTPBasicAuth("admin", PASSWORD)
CHANGED = {"sensitivity": 7, "mintime": 123, "enable": 1, "map_mask": "01" * 149 + "0"}


@pytest.fixture(scope="module")
def camera(start_camera, tmp_path_factory):
    """A camera with a card, whose settings are nobody's defaults."""
    card = tmp_path_factory.mktemp("card")
    camera = start_camera("--source", "scene:shop", "--loop", "--sd", card)
    requests.post(camera.url + SETTINGS.format("set"), json=CHANGED, auth=ADMIN, timeout=30)
    return camera


@pytest.fixture
def check(stuntcam, tmp_path):
    """Runs check with a state folder of its own; returns what it said, and its results."""

    def run(url, *arguments, user="admin"):
        account = ("-u", user) if user else ()
        out = tmp_path / "out"
        env = {"XDG_STATE_HOME": str(tmp_path / "state")}
        done = stuntcam("check", url, *account, "--out", out, *arguments, env=env)
        assert "Traceback" not in done.stderr, done.stderr
        file = out / "results.json"
        return done, json.loads(file.read_text()) if file.exists() else None

    return run


def settings_of(camera):
    answer = requests.get(camera.url + SETTINGS.format("get"), auth=ADMIN, timeout=30)
    assert answer.ok
    return answer.json()


def serial_of(camera):
    path = "/cgi-bin/viewer/viewer.cgi?action=get.system.information&format=json"
    return requests.get(camera.url + path, auth=ADMIN, timeout=30).json()["snCode"]


def verdicts(results, level="MUST"):
    return {
        row["id"]: row["verdict"]
        for row in results["requirements"]
        if row["level"] == level and row["applies"]
    }


def failed_checks(results):
    return [
        check["name"]
        for row in results["requirements"]
        for check in row["checks"]
        if check["verdict"] == "fail"
    ]


# --- a whole run ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(camera, stuntcam, tmp_path_factory):
    """The fullest run that there is, of the chapters that are built."""
    folder = tmp_path_factory.mktemp("whole")
    before = settings_of(camera)
    done = stuntcam(
        *("check", camera.url, "-u", "admin", "--control", camera.control, "--out", folder / "out"),
        *("--safety", "destructive", "--confirm-serial", serial_of(camera), "--only", BUILT),
        env={"XDG_STATE_HOME": str(folder / "state")},
        within_s=1200,  # of a machine that does much else
    )
    return done, folder, before


def test_a_clean_camera_passes_every_must_that_applies(whole):
    done, folder, _ = whole
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((folder / "out" / "results.json").read_text())
    found = verdicts(results)
    seen_in_a_browser = importlib.util.find_spec("playwright") and chromium()
    assert found.pop("REP-04") == ("pass" if seen_in_a_browser else "not checked")
    assert set(found.values()) == {"pass"}
    musts = {"GATE-01", "REG-01", "REG-02", "SCH-01", *(f"SET-0{n}" for n in range(1, 8))}
    musts |= {f"REP-0{n}" for n in (1, 2, 3, 5, 6)} | {f"BEH-0{n}" for n in range(1, 7)}
    assert set(found) == musts
    for level in ("SHOULD", "MAY"):
        assert set(verdicts(results, level).values()) == {"pass"}
    assert failed_checks(results) == []


def test_the_camera_is_as_it_was_and_no_journal_is_left(whole, camera):
    _, folder, before = whole
    assert settings_of(camera) == before
    assert not list((folder / "state").rglob("*.json"))
    clock = requests.get(f"{camera.control}/v1/clock", timeout=30).json()
    assert (clock["mode"], clock["now"][:4]) == ("real", time.strftime("%Y"))
    storage = requests.get(f"{camera.control}/v1/storage", timeout=30).json()
    assert (storage["filled"], [one["state"] for one in storage["volumes"]]) == (0, ["mounted"])
    export = requests.get(camera.url + EXPORT, auth=ADMIN, timeout=30).json()
    assert (export["exportSpace"], export["exportTime"], export["smtpServer"]) == (0, 0, "")
    users = requests.get(
        camera.url + "/cgi-bin/admin/admin.cgi?action=get.system.user&format=json",
        auth=ADMIN,
        timeout=30,
    ).json()
    assert [user["username"] for user in users["userList"]] == ["admin"]


def test_the_reports_are_made_of_the_results(whole):
    _, folder, _ = whole
    out = folder / "out"
    results = json.loads((out / "results.json").read_text())
    page = (out / "report.html").read_text()
    assert "<h1" in page
    assert len(results["pictures"]) == 2
    checks = {check["name"]: check for row in results["requirements"] for check in row["checks"]}
    maps = checks["behaviour/raising_sensitivity_never_lowers_the_heat"]["maps"]
    assert maps[0]["title"].startswith("min_object_size 1, sensitivity 10: ")
    assert len(maps) == 10
    assert page.count("data:image/") >= 2 + sum(len(check["maps"]) for check in checks.values())
    assert 'src="http' not in page
    assert "SET-04" in (out / "report.md").read_text()
    cases = list(ET.parse(out / "junit.xml").getroot().iter("testcase"))
    assert len(cases) == sum(max(1, len(row["checks"])) for row in results["requirements"])


def test_every_check_has_its_evidence_and_no_file_holds_the_password(whole):
    _, folder, _ = whole
    out = folder / "out"
    results = json.loads((out / "results.json").read_text())
    named = {c["evidence"] for row in results["requirements"] for c in row["checks"]} - {""}
    assert len(named) > 50
    for path in named:
        entries = json.loads((out / path).read_text())["log"]["entries"]
        places = (results["target"]["url"], "rtsp://127.0.0.1:", "soap.udp://127.0.0.1:3702")
        assert all(entry["request"]["url"].startswith(places) for entry in entries)
    for path in out.rglob("*"):
        assert path.is_dir() or PASSWORD.encode() not in path.read_bytes(), path


# --- read-only -----------------------------------------------------------------------------------


def test_nothing_is_written_and_no_journal_is_made_without_being_allowed_to(
    camera, check, tmp_path
):
    before = settings_of(camera)
    requests.delete(f"{camera.control}/v1/requests", timeout=30)
    done, results = check(camera.url, "--only", BUILT)
    assert done.returncode == 0
    assert verdicts(results)["SET-04"] == "not checked"
    assert "needs --safety reversible" in done.stdout
    sent = requests.get(f"{camera.control}/v1/requests", timeout=30).json()["requests"]
    assert sent
    # Questions are POSTs to ONVIF, too, and log-ins at the pages; the settings tell of the rest.
    asking = ("/onvif/", "/login", "/logout")
    by_cgi = [one for one in sent if not one["path"].startswith(asking)]
    assert [one for one in by_cgi if one["method"] == "POST" or "action=set" in str(one)] == []
    assert settings_of(camera) == before
    assert not (tmp_path / "state").exists()


def test_without_an_account_nothing_can_be_judged(camera, check):
    done, results = check(camera.url, "--only", BUILT, user=None)
    assert (done.returncode, results) == (3, None)
    assert "-u USER" in done.stderr


def test_a_wrong_password_ends_with_3_after_two_tries(camera, stuntcam):
    requests.delete(f"{camera.control}/v1/requests", timeout=30)
    env = {"STUNTCAM_PASSWORD": "wrong-word-1"}
    done = stuntcam("check", camera.url, "-u", "admin", env=env)
    assert done.returncode == 3
    assert "refused the log-in of 'admin' twice" in done.stderr
    assert "wrong-word-1" not in done.stdout + done.stderr
    sent = requests.get(f"{camera.control}/v1/requests", timeout=30).json()["requests"]
    assert len(sent) == 3  # one to learn how, and two with the password


def test_strict_counts_failed_shoulds(camera, check):
    only = ("--only", "WIRE-01", "--strict")
    done, results = check(camera.url, *only)
    has_failed = verdicts(results, "SHOULD")["WIRE-01"] == "fail"
    assert done.returncode == int(has_failed)


def test_a_budget_is_kept_and_what_it_costs_is_told(camera, check):
    done, results = check(camera.url, "--only", BUILT, "--budget", "20")
    assert results["run"]["requests"] <= 20 + len(results["pictures"])
    assert "the budget of 20 requests is spent" in done.stdout


def test_a_camera_that_goes_by_the_settings_name_is_blamed_for_that_alone(
    start_camera, check, tmp_path
):
    camera = start_camera("--source", "scene:shop", "--set", "dwell_semantics=as-named")
    only = ("--control", camera.control, "--only", "BEH-02,BEH-03,BEH-05,REG-02,SCH-01")
    done, results = check(camera.url, *only)
    assert done.returncode == 1
    assert [name for name, verdict in verdicts(results).items() if verdict == "fail"] == ["BEH-03"]
    assert set(verdicts(results, "SHOULD").values()) == {"pass"}
    failed = [
        check
        for row in results["requirements"]
        for check in row["checks"]
        if check["verdict"] == "fail"
    ]
    for one in failed:
        assert one["symptom"] == "as-named"
        assert one["actual"].endswith("fails the article's words, matches the setting's name")
    done, results = check(camera.url, *only, "--accept", "as-named")
    assert verdicts(results)["BEH-03"] == "waived"
    assert done.returncode == 0
    camera.stop()


# --- models --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "firmware", "code", "verdict"),
    [
        ("MS-C9674-PB", "V43.7.0.72-r7", 0, "pass"),
        ("MS-C2961-X12PE", "61.8.0.3-r8", 5, "not offered"),
        ("MS-CQ4472-HPG1", "CQ_63.8.0.3-r2", 5, "not checked"),
    ],
)
def test_the_gate_decides_what_is_judged(start_camera, check, model, firmware, code, verdict):
    camera = start_camera("--model", model, "--firmware", firmware, "--source", "scene:shop")
    done, results = check(camera.url, "--only", "gate,SET-02")
    camera.stop()
    assert done.returncode == code, done.stdout
    found = verdicts(results) | verdicts(results, "SHOULD")
    assert verdict in found.values()
    if code == 5:
        assert set(found.values()) == {verdict}


# --- no camera -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "code", "word"),
    [
        (nasty.close, 3, "no valid HTTP answer"),
        (nasty.large, 3, "larger than"),
        (nasty.redirect, 3, "https://192.0.2.1/"),
        (nasty.refusing, 3, "twice"),
        (nasty.no_camera, 5, "not offered"),
        (nasty.lying, 5, "not offered"),
        (nasty.odd_identity, 5, "not offered"),
        (nasty.half_characters, 1, "GATE-01"),
    ],
)
def test_what_is_no_camera_gets_a_verdict_or_one_line(check, behaviour, code, word):
    with nasty.Server(behaviour) as server:
        done, results = check(server.url)
    assert done.returncode == code
    assert word in (done.stderr if code == 3 else done.stdout)
    assert (results is None) == (code == 3)


def test_what_a_device_says_of_itself_is_shown_as_it_is(stuntcam):
    with nasty.Server(nasty.marked_up) as server:
        done = stuntcam("check", server.url, "--probe")
    assert "model MS-C8165-PE, firmware 61.8.0.3[/b]" in done.stdout, done.stderr


# --- killed and interrupted ----------------------------------------------------------------------


@pytest.fixture
def begin(camera, tmp_path):
    """Begins a run of some seconds; gives its process once settings are changed."""

    def run():
        env = {**os.environ, "STUNTCAM_PASSWORD": PASSWORD}
        env["XDG_STATE_HOME"] = str(tmp_path / "state")
        before = settings_of(camera)
        process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", "stuntcam", "check", camera.url, "-u", "admin"),
                *("--safety", "reversible", "--only", "settings"),
                *("--out", str(tmp_path / "out")),
            ],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        until_s = time.monotonic() + 60
        while settings_of(camera) == before:
            assert time.monotonic() < until_s
            assert process.poll() is None, process.communicate()
        return process, before

    return run


def journals(tmp_path):
    return list((tmp_path / "state" / "stuntcam" / "journals").glob("*"))


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGTERM], [signal.SIGINT] * 2])
def test_interrupted_it_gives_the_camera_back_first(camera, begin, tmp_path, signals):
    process, before = begin()
    for number in signals:
        process.send_signal(number)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 130, output + errors
    assert settings_of(camera) == before
    assert journals(tmp_path) == []
    assert json.loads((tmp_path / "out" / "results.json").read_text())["exit"] == 130


def test_killed_it_leaves_a_journal_that_nobody_passes_by_and_that_restores(
    camera, begin, check, stuntcam, tmp_path
):
    process, before = begin()
    process.kill()
    process.communicate(timeout=60)
    (journal,) = journals(tmp_path)
    assert PASSWORD not in journal.read_text()

    done, _ = check(camera.url, "--safety", "reversible")
    assert done.returncode == 2
    assert f"stuntcam restore {journal}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1

    done = stuntcam("restore", journal, "-u", "admin")
    assert done.returncode == 0, done.stderr
    assert settings_of(camera) == before
    assert journals(tmp_path) == []


def test_another_camera_is_not_restored_by_it(camera, begin, start_camera, stuntcam, tmp_path):
    process, before = begin()
    process.kill()
    process.communicate(timeout=60)
    (journal,) = journals(tmp_path)
    other = start_camera("--source", "scene:shop")
    text = journal.read_text()
    journal.write_text(text.replace(camera.url, other.url))
    done = stuntcam("restore", journal, "-u", "admin")
    assert done.returncode == 2
    assert serial_of(camera) in done.stderr
    journal.write_text(text)
    assert stuntcam("restore", journal, "-u", "admin").returncode == 0
    assert settings_of(camera) == before


def test_what_can_not_be_put_back_is_exit_4_and_the_journal_stays(
    camera, begin, stuntcam, tmp_path
):
    process, before = begin()
    process.kill()
    process.communicate(timeout=60)
    (journal,) = journals(tmp_path)
    text = journal.read_text()
    document = json.loads(text)
    document["settings"]["mintime"] = 5000
    journal.write_text(json.dumps(document))
    done = stuntcam("restore", journal, "-u", "admin")
    assert done.returncode == 4
    assert "mintime" in done.stderr
    assert journal.exists()
    journal.write_text(text)
    assert stuntcam("restore", journal, "-u", "admin").returncode == 0
    assert settings_of(camera) == before


# --- fuzzing -------------------------------------------------------------------------------------


def test_what_fuzzing_finds_can_be_played_there_and_on_another_camera(
    camera, check, stuntcam, tmp_path
):
    before = settings_of(camera)
    with crooked.Server(crooked.CLAMPS) as server:
        how = ("--safety", "reversible", "--only", "SET-04", "--seed", "1")
        done, results = check(server.url, *how, user=None)
        assert done.returncode == 1, done.stderr
        failed = [one for row in results["requirements"] for one in row["checks"] if "steps" in one]
        assert [one["replay"] for one in failed] == ["fuzz/numbers-min_dwell.json"]
        assert failed[0]["steps"][-1].endswith("""--data-raw '{"mintime":301}'""")
        for name in ("report.html", "report.md"):
            assert "--replay fuzz/numbers-min_dwell.json" in (tmp_path / "out" / name).read_text()
        file = tmp_path / "out" / failed[0]["replay"]
        again = ("--safety", "reversible", "--replay", file)
        there = stuntcam("check", server.url, *again)
        assert there.returncode == 1, there.stderr
        assert 'expected refused for min_dwell, got 200 {"setState": "succeed"}' in there.stdout
        assert server.camera.settings == crooked.DELIVERED
    here = stuntcam("check", camera.url, "-u", "admin", *again)
    assert (here.returncode, here.stdout.splitlines()[-1]) == (0, "kept: SET-04"), here.stderr
    assert settings_of(camera) == before


def test_a_sequence_that_saves_is_not_played_without_leave(camera, stuntcam, tmp_path):
    file = tmp_path / "one.json"
    steps = [{"save": [["min_dwell", "301"]]}]
    file.write_text(json.dumps({"schema": 1, "requirements": ["SET-04"], "steps": steps}))
    done = stuntcam("check", camera.url, "-u", "admin", "--replay", file)
    assert done.returncode == 2
    assert "--safety reversible" in done.stderr


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{", "is not JSON"),
        ("[]", "schema 1"),
        ('{"schema": 1, "requirements": ["SET-04"]}', "steps is no list"),
        ('{"schema": 1, "requirements": ["SET-04"], "steps": [{"save": 1}]}', "step 1"),
        ('{"schema": 1, "requirements": ["A"], "steps": [{"report": "x", "query": []}]}', "'x'"),
    ],
)
def test_what_is_no_sequence_is_refused_before_anything_is_asked(stuntcam, tmp_path, text, word):
    file = tmp_path / "one.json"
    file.write_text(text)
    done = stuntcam("check", "http://127.0.0.1:1", "--replay", file)
    assert done.returncode == 2
    assert word in done.stderr
    assert str(file) in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_nothing_of_fuzzing_is_left_where_the_user_stands(stuntcam, tmp_path):
    with crooked.Server(crooked.STUMBLES) as server:
        how = ("--safety", "reversible", "--only", "REG-03", "--fuzz", "1000", "--seed", "1")
        env = {"XDG_STATE_HOME": str(tmp_path / "state")}
        (tmp_path / "here").mkdir()
        done = stuntcam(
            "check", server.url, *how, "--out", tmp_path / "out", cwd=tmp_path / "here", env=env
        )
    assert done.returncode == 0  # REG-03 is a SHOULD
    assert (tmp_path / "out" / "fuzz" / "regions.json").exists()
    assert list((tmp_path / "here").iterdir()) == []


def test_killed_while_fuzzing_the_camera_can_be_restored(camera, stuntcam, tmp_path):
    before = settings_of(camera)
    process = subprocess.Popen(
        [
            *(sys.executable, "-P", "-m", "stuntcam", "check", camera.url, "-u", "admin"),
            *("--safety", "reversible", "--only", "SCH-02", "--fuzz", "100000"),
            *("--out", str(tmp_path / "out")),
        ],
        env={
            **os.environ,
            "STUNTCAM_PASSWORD": PASSWORD,
            "XDG_STATE_HOME": str(tmp_path / "state"),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until_s = time.monotonic() + 120
    while settings_of(camera)["mintime"] != 120:  # where fuzzing starts from
        assert time.monotonic() < until_s
        assert process.poll() is None
    process.kill()
    process.wait(timeout=60)
    (journal,) = journals(tmp_path)
    done = stuntcam("restore", journal, "-u", "admin")
    assert done.returncode == 0, done.stderr
    assert settings_of(camera) == before


# --- wrong usage ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["not a url at all/x"], "not a url at all/x"),
        (["http://8.8.8.8"], "--i-own-this-device"),
        (["http://admin:pw@127.0.0.1"], "--password-env"),
        (["http://127.0.0.1:1", "--only", "SET-99"], "SET-99"),
        (["http://127.0.0.1:1", "--dialect", "klingon"], "milesight-8"),
        (["http://127.0.0.1:1", "--waivers", "nowhere.toml"], "nowhere.toml"),
        (["http://127.0.0.1:1", "--safety", "reckless"], "reckless"),
        (["http://127.0.0.1:1", "--budget", "0"], "--budget"),
        (["http://127.0.0.1:1", "--stimulus"], "--stimulus"),
        (["http://127.0.0.1:1", "-u", "admin", "--password-env", "NOT_SET_AT_ALL"], "NOT_SET"),
    ],
)
def test_wrong_usage_is_one_line_that_names_it(stuntcam, arguments, word):
    done = stuntcam("check", *arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_target_that_is_not_there_is_3(stuntcam):
    done = stuntcam("check", "http://127.0.0.1:1", "-u", "admin")
    assert done.returncode == 3
    assert len(done.stderr.strip().splitlines()) == 1


def test_destructive_checks_want_the_serial_number(camera, stuntcam):
    done = stuntcam("check", camera.url, "-u", "admin", "--safety", "destructive")
    assert done.returncode == 2
    assert "--confirm-serial" in done.stderr


# --- plain pytest --------------------------------------------------------------------------------


def plain_pytest(tmp_path, *arguments):
    return subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "--pyargs", "conformance.checks", *arguments],
        env={
            **os.environ,
            "STUNTCAM_PASSWORD": PASSWORD,
            "XDG_STATE_HOME": str(tmp_path / "state"),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_checks_are_plain_pytest_too(camera, tmp_path):
    before = settings_of(camera)
    target = ("--target", camera.url, "--target-user", "admin", "--target-safety", "reversible")
    done = plain_pytest(tmp_path, *target, "-k", "both_ends or outlasts", "-v", "-rs")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed, 2 skipped" in done.stdout
    assert "needs --safety disruptive; this run is reversible" in done.stdout
    assert settings_of(camera) == before
    assert journals(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [((), "--target URL"), (("--target", "http://127.0.0.1:1"), "no connection")],
)
def test_without_a_camera_plain_pytest_says_so_once(tmp_path, arguments, words):
    done = plain_pytest(tmp_path, *arguments)
    assert done.returncode == 4
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
