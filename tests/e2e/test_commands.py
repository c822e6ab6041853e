"""The command line around the cameras: help, refusals, and what is left untouched."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ("serve", "analyze", "check", "restore", "dialect", "diff", "models", "demo")

SERVE = ("serve", "--http-port", "0", "--control-port", "0", "--rtsp-port", "0")


def refused(done, *words):
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert str(word) in done.stderr


# --- help ---------------------------------------------------------------------------------------


def test_help_names_every_command(stuntcam):
    done = stuntcam("--help")
    assert done.returncode == 0
    assert all(f"  {name}" in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches(stuntcam, name):
    done = stuntcam(name, "--help")
    assert done.returncode == 0
    assert f"stuntcam {name}" in done.stdout
    assert done.stderr == ""


def test_settings_and_their_ranges_are_in_the_help(stuntcam):
    said = " ".join(stuntcam("serve", "--help").stdout.split())
    assert "min_dwell=1..300 s" in said
    assert "dwell_semantics=documented|as-named" in said


def test_the_face_loads_nothing_heavy(tmp_path):
    script = (
        "import sys, stuntcam; sys.argv = ['stuntcam', '--help']; stuntcam.main();"
        "heavy = {'aiohttp', 'av', 'cv2', 'numpy', 'zeep'} & set(sys.modules);"
        "sys.exit(bool(heavy))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=tmp_path,
                          stdout=subprocess.DEVNULL).returncode == 0  # fmt: skip


@pytest.mark.parametrize("command", [["analyze", "film.mp4"], ["serve"], ["demo"]])
def test_without_its_libraries_opencv_says_what_to_install(tmp_path, command):
    (tmp_path / "cv2.py").write_text(
        "raise ImportError('libGL.so.1: cannot open shared object file: No such file')"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-m", "stuntcam", *command],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    refused(done, "libGL.so.1", "libgl1", "libglib2.0-0")


def test_a_full_disk_behind_the_output_is_told_in_one_line():
    for command in (["--help"], ["models"]):
        with open("/dev/full", "w") as full:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "stuntcam", *command],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 2
        assert done.stderr.strip().splitlines() == [
            "stuntcam: can't write what is to be said: No space left on device"
        ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_ended_takes_its_camera_along(tmp_path, number):
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "stuntcam", "demo", "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as demo:
        assert demo.stdout.readline().startswith("1. A camera starts")
        demo.send_signal(number)
        _, said = demo.communicate(timeout=60)
    assert demo.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    # Its camera's state lay in a temporary folder, which goes once nobody uses it.
    assert not list(tmp_path.glob("stuntcam-demo-*"))
    assert not (tmp_path / "out").exists()


# --- models -------------------------------------------------------------------------------------


def test_models_says_who_has_the_function_and_why_not(stuntcam):
    done = stuntcam("models")
    assert done.returncode == 0
    lines = {line.split("│")[2].strip(): line for line in done.stdout.splitlines() if "MS-" in line}
    assert "yes" in lines["MS-C8165-PE"]
    assert "no" in lines["MS-C2966-RFLPE"]
    assert "GATE-03" in done.stdout
    assert "GATE-02" in done.stdout


# --- refusals -----------------------------------------------------------------------------------


def test_an_unknown_command_is_named(stuntcam):
    refused(stuntcam("srve"), "'srve'", "serve")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--source", "/does/not/exist.mp4"], ["/does/not/exist.mp4"]),
        (["--source", "scene:nowhere"], ["'nowhere'", "shop"]),
        (["--source", "rtsp://me:pw@:554/main"], ["rtsp://:554/main", "is no URL"]),
        (["--source", "rtsp://me:pw@host:x/"], ["rtsp://host:x/", "is no URL"]),
        (["--source", "ftp://host/a.mp4"], ["ftp://host/a.mp4", "rtsp, rtsps, http, https"]),
        (["--source", "camera:999"], ["camera:999", "/dev/video999"]),
        (["--source", "camera:front"], ["camera:front", "camera:0"]),
        (["--source", "rtsp://me:pw@host/", "--speed", "max"], ["--speed max", "rtsp://host/"]),
        (["--source", "rtsp://me:pw@host/", "--speed", "2"], ["--speed 2", "real"]),
        (["--source", "rtsp://me:pw@host/", "--loop"], ["--loop", "rtsp://host/"]),
        (["--model", "MS-X1"], ["MS-X1"]),
        (["--firmware", "8"], ["'8'"]),
        (["--speed", "fast"], ["--speed", "'fast'", "real"]),
        (["--http-port", "65536"], ["--http-port", "65536"]),
        (["--https-port", "on"], ["--https-port", "'on'"]),
        (["--tls-cert", "c.pem"], ["--tls-cert c.pem", "HTTPS is off"]),
        (["--https-port", "0", "--tls-key", "k.pem"], ["--tls-key k.pem", "--tls-cert is missing"]),
        (["--https-port", "0", "--tls-cert", "/no/c.pem", "--tls-key", "k.pem"], ["/no/c.pem"]),
        (["--clock", "noon"], ["--clock", "'noon'"]),
        (["--clock", "2026-01-01T00:00:00+02:00"], ["--clock"]),
        (["--timezone", "../etc/passwd"], ["--timezone"]),
        (["--set", "sensitivity=11"], ["sensitivity=11 is outside 1..10"]),
        (["--set", "schedule=sometimes"], ["schedule"]),
        (["--password-env", "NO_SUCH_VARIABLE"], ["NO_SUCH_VARIABLE"]),
        (["--host", ""], ["--host ''"]),
        (["--host", "no.such.host.invalid"], ["no.such.host.invalid"]),
        (["--user", ""], ["username"]),
        (["--user", "a:b"], ["username"]),
        (["--nonsense"], ["--nonsense"]),
        (["extra"], ["extra"]),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_made(stuntcam, tmp_path, arguments, words):
    state = tmp_path / "state"
    done = stuntcam(
        *SERVE,
        "--state",
        state,
        *arguments,
    )
    refused(done, *words)
    assert "pw" not in done.stderr
    assert not (state / "stuntcam.sqlite").exists()


def test_a_recording_is_what_analyze_takes(stuntcam, tmp_path):
    url = "rtsp://me:secret-1@127.0.0.1/main"
    done = stuntcam("analyze", url, "--out", tmp_path / "out")
    refused(done, "127.0.0.1/main", "serve --source")
    assert "secret-1" not in done.stderr


def test_a_password_against_the_rule_is_refused_and_not_shown(stuntcam, tmp_path):
    for password in ("short-1", "no-digit-at-all", "0123456789", "x1" * 17):
        done = stuntcam("serve", "--state", tmp_path / "s", env={"STUNTCAM_PASSWORD": password})
        refused(done, "password")
        assert password not in done.stderr


def test_a_taken_port_is_named_and_the_state_is_not_touched(stuntcam, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        state = tmp_path / "state"
        refused(
            stuntcam(
                "serve",
                "--http-port",
                port,
                "--control-port",
                "0",
                "--rtsp-port",
                "0",
                "--state",
                state,
            ),
            port,
            "127.0.0.1",
        )
    assert not state.exists()


def test_a_state_folder_that_cannot_be_written_is_named(stuntcam, tmp_path):
    file = tmp_path / "taken"
    file.write_text("mine")
    refused(
        stuntcam(
            *SERVE,
            "--state",
            file / "deeper",
        ),
        file,
    )
    assert file.read_text() == "mine"


def test_a_state_folder_in_use_is_named(stuntcam, start_camera, clip, tmp_path):
    camera = start_camera("--source", clip, folder=tmp_path)
    refused(
        stuntcam(
            *SERVE,
            "--state",
            tmp_path / "state",
        ),
        "in use",
    )
    assert camera.stop() == 0


def test_a_ready_file_that_cannot_be_written_is_named(stuntcam, tmp_path):
    ready = tmp_path / "nowhere" / "ready.json"
    refused(
        stuntcam(
            *SERVE,
            "--state",
            tmp_path / "s",
            "--ready-file",
            ready,
        ),
        ready,
    )


@pytest.fixture(scope="module")
def used_state(start_camera, clip, tmp_path_factory):
    folder = tmp_path_factory.mktemp("used")
    start_camera("--source", clip, "--speed", "max", folder=folder).stop()
    return folder / "state"


def bytes_of(folder):
    """What lies in a folder, but for the empty files that reading a database may leave."""
    found = {file.name: file.read_bytes() for file in folder.iterdir()}
    found.pop("stuntcam.sqlite-shm", None)
    return {name: content for name, content in found.items() if content}


def damage(name, store):
    if name == "newer":
        with sqlite3.connect(store) as db:
            db.execute("PRAGMA journal_mode = DELETE")
            db.execute("PRAGMA user_version = 99")
        db.close()
        return "99"
    if name == "text":
        store.write_text("this is no database\n" * 300)
    elif name == "foreign":
        store.unlink()
        with sqlite3.connect(store) as db:
            db.execute("CREATE TABLE cats (name)")
        db.close()
    elif name == "holes":
        content = bytearray(store.read_bytes())
        content[5000:9000] = b"\x5a" * 4000
        store.write_bytes(content)
    elif name == "short":
        store.write_bytes(store.read_bytes()[:9000])
    return "stuntcam.sqlite"


@pytest.mark.parametrize("name", ["newer", "text", "foreign", "holes", "short"])
def test_a_store_that_cannot_be_used_is_named_and_left_as_it_is(
    stuntcam, used_state, tmp_path, name
):
    state = Path(shutil.copytree(used_state, tmp_path / "state"))
    word = damage(name, state / "stuntcam.sqlite")
    before = bytes_of(state)
    refused(
        stuntcam(*SERVE, "--state", state),
        "stuntcam.sqlite",
        word,
    )
    assert bytes_of(state) == before


# --- passwords ----------------------------------------------------------------------------------


def test_a_password_that_was_made_is_printed_once_and_kept_for_its_owner(
    start_camera, clip, tmp_path
):
    nothing_given = {"STUNTCAM_PASSWORD": ""}
    first = start_camera("--source", clip, folder=tmp_path, env=nothing_given)
    assert first.stop() == 0
    file = tmp_path / "state" / "password"
    made = file.read_text().strip()
    assert made in first.greeting + first.output
    assert file.stat().st_mode & 0o777 == 0o600
    second = start_camera("--source", clip, folder=tmp_path, env=nothing_given)
    assert second.stop() == 0
    assert made not in second.greeting + second.output
    assert file.read_text().strip() == made
