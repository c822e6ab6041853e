"""The pages of a running camera, without a browser: first use, restarts, the lock and its clock."""

import json
import re

import pytest
import requests
from running import PASSWORD

OWN = {"X-Requested-With": "XMLHttpRequest"}
GET = "/cgi-bin/viewer/viewer.cgi?action=get.heatmap.configuration&format=json"
FRESH = ("--factory-new", "--clock", "2026-03-04T05:00:00")


def facts(camera, session=requests, path="/"):
    text = session.get(camera.url + path, timeout=30).text
    return json.loads(re.search(r'id="facts">(.*?)</script>', text)[1])


def log_in(camera, session, user="admin", password=PASSWORD):
    body = {"username": user, "password": password}
    return session.post(camera.url + "/login", json=body, headers=OWN, timeout=30)


def activate(camera, password):
    answer = requests.post(
        camera.url + "/activate", json={"password": password}, headers=OWN, timeout=30
    )
    return answer.json()


def settings(camera, password):
    return requests.get(camera.url + GET, auth=("admin", password), timeout=30)


def test_a_camera_as_delivered_is_off_and_takes_its_first_password_in_the_browser(
    start_camera, tmp_path
):
    camera = start_camera(*FRESH, folder=tmp_path)
    assert "password to be set at the first use" in camera.greeting
    assert settings(camera, PASSWORD).status_code == 401
    assert facts(camera) | {"passwords": None} == {
        "activated": False,
        "admin": "admin",
        "passwords": None,
    }
    assert activate(camera, "chosen-by-me-1") == {"setState": "succeed"}
    told = settings(camera, "chosen-by-me-1").json()
    assert (told["enable"], told["mintime"]) == (0, 30)
    camera.stop()

    # Started again without a word of a password, it is the one that was set.
    again = start_camera(folder=tmp_path, env={"STUNTCAM_PASSWORD": ""})
    assert "password as set at the first use" in again.greeting
    assert settings(again, "chosen-by-me-1").status_code == 200
    again.stop()

    # And as delivered again, nothing is left of it.
    delivered = start_camera(*FRESH, folder=tmp_path)
    assert facts(delivered)["activated"] is False
    assert settings(delivered, "chosen-by-me-1").status_code == 401


def test_a_reset_takes_the_first_password_back(start_camera):
    camera = start_camera(*FRESH)
    for what in ("reset", "factory-reset"):
        assert activate(camera, "chosen-by-me-1") == {"setState": "succeed"}
        assert requests.post(f"{camera.control}/v1/{what}", timeout=30).status_code == 204
        assert facts(camera)["activated"] is False


def test_firmware_before_x_7_0_69_has_a_password_from_the_start(start_camera):
    camera = start_camera(*FRESH, "--model", "MS-C5374-PB", "--firmware", "43.7.0.68")
    assert facts(camera)["activated"] is True
    with requests.Session() as session:
        assert log_in(camera, session).status_code == 200
        assert session.get(camera.url + "/report", timeout=30).status_code == 404


@pytest.fixture(scope="module")
def camera(start_camera):
    return start_camera("--speed", "max", "--clock", "2026-03-04T05:00:00")


def test_the_cameras_clock_releases_a_lock(camera):
    requests.put(f"{camera.control}/v1/clock", json={"mode": "frozen"}, timeout=30)
    with requests.Session() as session:
        for _ in range(5):
            assert log_in(camera, session, password="wrong-1").status_code == 401
        assert log_in(camera, session).json()["lockedFor"] == 300
        requests.post(f"{camera.control}/v1/clock/step", json={"by_s": 300}, timeout=30)
        assert log_in(camera, session).status_code == 200


@pytest.mark.parametrize("how", ["reboot", "reset"])
def test_a_camera_that_starts_again_asks_for_the_password_again(camera, how):
    with requests.Session() as session:
        assert log_in(camera, session).status_code == 200
        assert facts(camera, session)["user"] == "admin"
        body = {"wait": True, "down_s": 0} if how == "reboot" else None
        requests.post(f"{camera.control}/v1/{how}", json=body, timeout=60)
        assert "user" not in facts(camera, session)
