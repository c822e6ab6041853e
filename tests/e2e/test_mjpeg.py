"""MJPEG and snapshots of a running camera, by clients that are in the field."""

import time

import av
import cv2
import numpy as np
import pytest
import requests
from requests.auth import HTTPBasicAuth
from running import PASSWORD

BASIC = HTTPBasicAuth("admin", PASSWORD)


@pytest.fixture(scope="module")
def camera(start_camera, clip):
    return start_camera("--source", clip, "--loop")


def address(camera, path):
    return camera.url.replace("http://", f"http://admin:{PASSWORD}@") + path


def test_ffmpeg_plays_the_stream(camera):
    with av.open(address(camera, "/ipcam/mjpeg.cgi"), format="mpjpeg", timeout=30) as stream:
        sizes = {(picture.height, picture.width) for _, picture in zip(
            range(5), stream.decode(video=0), strict=False
        )}  # fmt: skip
    assert sizes == {(180, 320)}


def test_opencv_plays_the_small_stream_and_it_moves(camera):
    film = cv2.VideoCapture(address(camera, "/ipcam/mjpegcif.cgi"), cv2.CAP_FFMPEG)
    assert film.isOpened()
    pictures = [film.read()[1] for _ in range(10)]
    film.release()
    assert {picture.shape for picture in pictures} == {(60, 106, 3)}
    assert (abs(pictures[0].astype(int) - pictures[-1])[20:] > 40).any()  # he walks


def test_a_snapshot_has_over_it_what_the_query_says(camera):
    def seen(query):
        answer = requests.get(f"{camera.url}/snapshot.cgi{query}", auth=BASIC, timeout=30)
        assert answer.status_code == 200
        return cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)

    # The ground is 120..135; letters are white.
    assert seen("")[:20].max() < 200
    assert seen("?clock=1")[:20].max() > 230
    assert seen("?clock=0&boxes=0&heat=0&other=1")[:20].max() < 200


def test_a_camera_ends_at_once_though_somebody_looks(start_camera, clip):
    camera = start_camera("--source", clip, "--loop", "--overlay", "off")
    with requests.get(f"{camera.url}/ipcam/mjpeg.cgi", auth=BASIC, timeout=30, stream=True) as film:
        begin = film.raw.read(38)
        assert begin == b"--stuntcam\r\nContent-Type: image/jpeg\r\n"
        began_s = time.monotonic()
        assert camera.stop() == 0
        assert time.monotonic() - began_s < 20
        film.raw.read()  # to its end, which is a proper one
    assert "Traceback" not in camera.errors
