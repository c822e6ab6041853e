"""A camera's streams as users have them: the command, real players, its mains and its faults."""

import json
import os
import re
import shutil
import subprocess
from urllib.request import Request, urlopen

import av
import cv2
import numpy as np
import pytest
from rtsp_client import RtspClient
from running import PASSWORD, RunningCamera

QUICK = {"analyzeduration": "200000", "fpsprobesize": "0"}


@pytest.fixture(scope="module")
def camera(tmp_path_factory):
    running = RunningCamera(tmp_path_factory.mktemp("streams"))
    yield running
    assert running.stop() == 0
    assert running.errors.count("Traceback") == 0


def port_of(url):
    return int(url.rpartition(":")[2])


def address(camera, path="/main", door="rtsp"):
    return f"rtsp://admin:{PASSWORD}@127.0.0.1:{port_of(camera.ready[door])}{path}"


def snapshot(camera):
    done = subprocess.run(
        ["curl", "-s", "--digest", "-u", f"admin:{PASSWORD}", f"{camera.url}/snapshot.cgi"],
        capture_output=True,
        check=True,
        timeout=60,
    )
    return cv2.imdecode(np.frombuffer(done.stdout, np.uint8), cv2.IMREAD_COLOR)


def post(camera, path, **document):
    request = Request(camera.control + path, json.dumps(document).encode(), method="POST")
    with urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def test_streams_are_told_at_the_start_and_in_the_ready_file(camera):
    assert re.search(
        r"^streams at rtsp://127.0.0.1:\d+/main, /sub and /third$", camera.greeting, re.MULTILINE
    )
    assert camera.ready["rtsp"] == f"rtsp://127.0.0.1:{port_of(camera.ready['rtsp'])}"


@pytest.mark.parametrize("way", ["tcp", "udp", "http"])
def test_ffmpeg_watches_every_way(camera, way):
    with av.open(address(camera), options=QUICK | {"rtsp_transport": way}, timeout=30) as player:
        pictures = player.decode(video=0)
        shown = [next(pictures) for _ in range(4)]
        assert [(one.width, one.height) for one in shown] == [(1280, 720)] * 4
        assert len({one.pts for one in shown}) == 4


def test_ffmpeg_watches_through_the_http_port(camera):
    options = QUICK | {"rtsp_transport": "http"}
    with av.open(address(camera, "/third", "http"), options=options, timeout=30) as player:
        assert next(player.decode(video=0)).width == 212


@pytest.mark.parametrize("way", ["tcp", "udp"])
def test_opencv_watches(camera, way, monkeypatch):
    monkeypatch.setitem(os.environ, "OPENCV_FFMPEG_CAPTURE_OPTIONS", f"rtsp_transport;{way}")
    capture = cv2.VideoCapture(address(camera, "//sub?x=1"), cv2.CAP_FFMPEG)
    try:
        was_read, picture = capture.read()
    finally:
        capture.release()
    assert was_read
    assert picture.shape == (240, 426, 3)


def test_ffprobe_reads_the_description(camera):
    if shutil.which("ffprobe") is None:
        pytest.skip("there is no ffprobe: apt-get install ffmpeg")
    done = subprocess.run(
        [
            *("ffprobe", "-v", "error", "-rtsp_transport", "tcp", "-of", "json"),
            *("-show_entries", "stream=codec_name,width,height", address(camera, "/sub")),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    video = json.loads(done.stdout)["streams"][0]
    assert video == {"codec_name": "h264", "width": 426, "height": 240}


def test_the_stream_shows_the_scene_of_the_snapshot_with_the_clock_over_it(camera):
    with av.open(address(camera), options=QUICK | {"rtsp_transport": "tcp"}, timeout=30) as player:
        streamed = next(player.decode(video=0)).to_ndarray(format="bgr24").astype(int)
    seen = snapshot(camera).astype(int)
    off = np.abs(streamed - seen).mean(axis=2)
    assert np.median(off) < 8  # but for who walks about, and what coding costs
    assert off[15:55, 20:460].mean() > 3 * off[80:, :].mean()  # the clock


def test_a_power_cut_ends_sessions_and_the_port_refuses_until_it_is_over(camera):
    with RtspClient(port_of(camera.ready["rtsp"])) as watching:
        watching.watch()
        post(camera, "/v1/reboot", down_s=600)
        assert watching.is_over()
    with pytest.raises(ConnectionRefusedError):
        RtspClient(port_of(camera.ready["rtsp"]))
    # Ends with the camera, which is up again at once when it is told to stop.


def test_off_is_off(tmp_path):
    running = RunningCamera(tmp_path, "--rtsp-port", "off", "--source", "scene:light")
    assert running.ready["rtsp"] is None
    assert "streams" not in running.greeting
    assert running.stop() == 0
