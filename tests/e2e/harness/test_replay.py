"""`check --record` and `stuntcam replay`: a device looked at again after it is gone."""

import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest
from running import PASSWORD

from conformance import address
from conformance.client import Client, Login
from conformance.pace import Pace
from conformance.recorded.keeping import Recorder
from conformance.run import Options
from conformance.single import reached

ONLY = ("--only", "gate,WIRE-01,WIRE-04", "--seed", "7")


class Replay:
    """`stuntcam replay` in a process of its own."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "stuntcam", "replay", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        self.greeting = ""
        while "ready: " not in self.greeting:
            readable, _, _ = select.select([self.process.stdout], [], [], 60)
            came = self.process.stdout.read(65536).decode() if readable else ""
            if not came:
                self.process.kill()
                raise AssertionError(f"no replay: {self.greeting} {self.process.communicate()}")
            self.greeting += came
        self.url = re.search("ready: (.*)", self.greeting)[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=60)
        assert (self.process.returncode, errors) == (0, b"")


def verdicts(out):
    results = json.loads((out / "results.json").read_text())
    rows = [
        (row["id"], row["level"], row["verdict"], check["name"], check["verdict"])
        for row in results["requirements"]
        for check in row["checks"]
    ]
    return rows, results["exit"], results["target"]["serial"]


@pytest.fixture(scope="module")
def recorded(start_camera, stuntcam, tmp_path_factory):
    """A read-only run, its recording, and no camera any more."""
    folder = tmp_path_factory.mktemp("recorded")
    camera = start_camera("--source", "scene:shop", "--loop")
    done = stuntcam(
        *("check", camera.url, "-u", "admin", *ONLY, "--record", folder / "rec"),
        *("--out", folder / "out"),
        env={"XDG_STATE_HOME": str(folder / "state")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert camera.stop() == 0
    return folder, camera.url


def test_the_same_check_of_the_replay_has_the_same_verdicts(recorded, stuntcam, tmp_path):
    folder, url = recorded
    with Replay(folder / "rec") as replay:
        assert f"as recorded at {url}" in replay.greeting
        assert "--seed 7" in replay.greeting
        done = stuntcam(
            *("check", replay.url, "-u", "admin", *ONLY, "--out", tmp_path / "out"),
            env={"XDG_STATE_HOME": str(tmp_path / "state"), "STUNTCAM_PASSWORD": "any-0ther"},
        )
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = verdicts(folder / "out"), verdicts(tmp_path / "out")
    assert first == second
    judged = [row for row in first[0] if row[4] == "pass"]
    assert len(judged) > 30
    assert any(row[3].startswith("streams/a_stream_plays") for row in judged)


def test_no_file_of_a_recording_holds_the_password(recorded):
    folder, _ = recorded
    for path in (folder / "rec").iterdir():
        text = path.read_text()
        assert PASSWORD not in text
        assert "Authorization: Digest" not in text


def test_from_what_was_not_recorded_comes_no_verdict(recorded, stuntcam, tmp_path):
    folder, _ = recorded
    with Replay(folder / "rec") as replay:
        found = httpx.get(replay.url + "/no/such", trust_env=False)
        done = stuntcam(
            *("check", replay.url, "-u", "admin", "--only", "REP-01", "--fuzz", "0"),
            *("--out", tmp_path / "out"),
            env={"XDG_STATE_HOME": str(tmp_path / "state")},
        )
    assert found.status_code == 404
    assert found.text == "stuntcam replay: GET /no/such is not in this recording\n"
    assert done.returncode == 5
    assert "not in this recording" in done.stdout
    assert {row[4] for row in verdicts(tmp_path / "out")[0]} == {"not checked"}


def test_nonsense_is_refused_and_ends_nothing(recorded):
    folder, _ = recorded
    with Replay(folder / "rec") as replay:
        host, port = replay.url.removeprefix("http://").split(":")
        for sent, status in (
            (b"\x00\x01\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
            (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
            (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n", b"400"),
            (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"400"),
            (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", b"400"),
        ):
            with socket.create_connection((host, int(port)), 10) as asked:
                asked.sendall(sent)
                assert asked.recv(4096).split(b" ")[1] == status
        assert httpx.get(replay.url + "/no/such", trust_env=False).status_code == 404


def test_pages_are_the_devices_own_to_the_byte(start_camera, tmp_path):
    camera = start_camera("--source", "scene:shop")
    page = httpx.get(camera.url + "/", trust_env=False)
    scripts = re.findall(r'(?:src|href)="(/?[^":]+)"', page.text)
    paths = ["/", *(f"/{one.lstrip('/')}" for one in scripts)]
    options = Options(
        url=camera.url, login=Login("admin", PASSWORD), journals=tmp_path / "journals"
    )
    (tmp_path / "rec").mkdir()
    with reached(options, tmp_path / "rec") as run:
        sent = [run.client.get(path, anonymous=True) for path in paths]
    camera.stop()
    assert len(paths) > 2
    with Replay(tmp_path / "rec") as replay:
        for path, answer in zip(paths, sent, strict=True):
            found = httpx.get(replay.url + path, trust_env=False)
            assert (found.status_code, found.content) == (answer.status, answer.body)
            assert found.headers["content-type"] == answer.header("content-type")


def test_a_silent_device_is_silent_again(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent, closing(Recorder()) as recorder:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        pace = Pace(lambda: 0.0, lambda seconds: None)
        silent.close()
        with Client(address.read(url), pace, lambda: datetime(2026, 1, 1, tzinfo=UTC)) as client:
            client.keep = recorder.keep
            with pytest.raises(ValueError, match="no connection"):
                client.get("/")
        recorder.write(tmp_path, {"target": {"url": url}}, [], [])
    with Replay(tmp_path) as replay, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(replay.url + "/", trust_env=False)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["replay", "nowhere"], "nowhere/recording.json"),
        (["replay", ".", "--http-port", "70000"], "70000"),
        (["check", "http://127.0.0.1:9", "--record", "full"], "full"),
        (["check", "http://127.0.0.1:9", "--record", "new", "--probe"], "--record"),
    ],
)
def test_wrong_usage_is_one_line_that_names_it(stuntcam, tmp_path, arguments, word):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    done = stuntcam(*arguments, cwd=tmp_path, env={"XDG_STATE_HOME": str(tmp_path)})
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not os.path.exists(tmp_path / "new/recording.json")
