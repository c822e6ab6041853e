"""A camera whose pictures come from another camera, over a network that fails."""

import csv
import io
import time

import cv2
import numpy as np
import pytest
import requests
from clips import walk
from requests.auth import HTTPBasicAuth
from rtsp_server import RtspServer, grey
from running import PASSWORD

from emulator.core.reports.picture import NO_PICTURE_SIZE

BASIC = HTTPBasicAuth("admin", PASSWORD)
BOUND_S = 60
BEGINS = "2026-03-04T05:00:00"


def get(camera, path):
    answer = requests.get(camera.url + path, auth=BASIC, timeout=30)
    assert answer.status_code == 200
    return answer


def shown(camera):
    return cv2.imdecode(np.frombuffer(get(camera, "/snapshot.cgi").content, np.uint8), 1)


def reads_s(camera):
    """What its clock reads, in seconds since BEGINS."""
    now = get(camera, "/cgi-bin/viewer/viewer.cgi?action=get.system.datetime&format=json").json()
    return 3600 * (now["hour"] - 5) + 60 * now["minute"] + now["second"]


def heat_s(camera):
    report = get(camera, "/dataloader.cgi?dw=heatmapcsv&time_start=2026-03-04-00:00:00").text
    return sum(int(row["Value(s)"]) for row in csv.DictReader(io.StringIO(report)))


def wait_until(claim):
    until_s = time.monotonic() + BOUND_S
    while not claim():
        assert time.monotonic() < until_s
        time.sleep(0.05)


@pytest.fixture
def watch(start_camera):
    def watch(server):
        return start_camera("--source", server.url, "--clock", BEGINS, "--set", "min_dwell=300")

    return watch


def test_its_pictures_are_shown_through_an_outage_and_after(watch):
    with RtspServer(lambda index: grey(60), login="me:secret-1") as server:
        camera = watch(server)
        assert f"source {server.name}, live" in camera.greeting
        assert shown(camera).shape == (48, 64, 3)
        assert abs(shown(camera).mean() - 60) < 5
        server.shut()
        server.picture = lambda index: grey(180, 96, 128)
        before_s = reads_s(camera)
        wait_until(lambda: reads_s(camera) >= before_s + 2)  # its clock runs on
        assert abs(shown(camera).mean() - 60) < 5  # and the last picture stays
        server.open()
        wait_until(lambda: shown(camera).shape == (96, 128, 3))
        assert abs(shown(camera).mean() - 180) < 5
        assert camera.stop() == 0
    assert "secret-1" not in camera.greeting + camera.output + camera.errors
    lines = camera.errors.splitlines()
    assert [line for line in lines if "shows pictures, after" in line]
    assert all(line.startswith(f"stuntcam: {server.name}") for line in lines)
    assert "Traceback" not in camera.errors


def test_heat_is_counted_for_the_time_that_was_seen_and_no_other(watch):
    # Somebody walks in, stands in the middle for good, and then the network fails.
    street = list(walk(100))
    began = []

    def picture(index):
        began.append(index)
        return street[min(index, 90)]

    with RtspServer(picture) as server:
        camera = watch(server)
        wait_until(lambda: len(began) > 150)
        server.shut()
        seen_s = reads_s(camera)
        server.picture = lambda index: street[0]  # when it is back, he has gone
        wait_until(lambda: reads_s(camera) >= seen_s + 5)
        counted_s = heat_s(camera)
        assert counted_s > 0  # though nothing has come since, his stay is over
        server.open()
        wait_until(lambda: server.plays == 2)
        later_s = reads_s(camera)
        wait_until(lambda: reads_s(camera) >= later_s + 3)
        # 150 pictures at 25 a second: a little over 6 s, of which he was there for most.
        assert 3 <= counted_s <= seen_s + 1
        assert heat_s(camera) == counted_s
        assert camera.stop() == 0


def test_one_that_is_not_there_at_the_start_is_waited_for(watch):
    with RtspServer(lambda index: grey(60)) as server:
        server.shut()
        camera = watch(server)
        picture = shown(camera)
        assert picture.shape == (*NO_PICTURE_SIZE, 3)
        assert get(camera, "/report.png").headers["Content-Type"] == "image/png"
        assert heat_s(camera) == 0
        server.open()
        wait_until(lambda: shown(camera).shape == (48, 64, 3))
        assert camera.stop() == 0
    assert camera.errors.splitlines()[0] == (
        f"stuntcam: {server.name}: Connection refused; trying again until it shows pictures"
    )


def test_one_that_says_nothing_does_not_keep_the_camera_from_ending(watch):
    with RtspServer() as server:
        server.mood = "stall"
        camera = watch(server)
        began_s = time.monotonic()
        assert camera.stop() == 0
        assert time.monotonic() - began_s < 20
        assert "Traceback" not in camera.errors
