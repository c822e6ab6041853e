"""A camera for programs: what it refuses, what can be done to it, and how it ends."""

import asyncio
import re
import socket
import subprocess
import sys
import threading
from datetime import datetime, timedelta

import httpx
import pytest

from emulator import Camera
from emulator.listening import PortError

REPORT = "/dataloader.cgi?dw=heatmapcsv&time_start=2025-12-31-00:00:00&sub_type=0"


def csv(camera):
    return httpx.get(camera.url + REPORT, auth=httpx.DigestAuth(*camera.auth)).text


def presence_s(camera):
    """The sum of a report's last column."""
    return sum(int(row.split(",")[-1]) for row in csv(camera).splitlines()[1:])


# --- worked examples ----------------------------------------------------------------------------


def test_it_answers_within_an_async_with_and_nobody_answers_after_it():
    async def main():
        async with Camera(model="MS-C2972-RFPE", settings={"min_dwell": 45}) as camera:
            assert camera.url.startswith("http://127.0.0.1:")
            assert camera.rtsp.startswith("rtsp://127.0.0.1:")
            address = "/cgi-bin/viewer/viewer.cgi?action="
            async with httpx.AsyncClient(base_url=camera.url, auth=camera.auth) as client:
                told = await client.get(f"{address}get.system.information&format=json")
                assert told.json()["model"] == "MS-C2972-RFPE"
                kept = await client.get(f"{address}get.heatmap.configuration&format=json")
                assert kept.json()["mintime"] == 45
            return camera.url

    before = threading.active_count()
    host, port = asyncio.run(main()).removeprefix("http://").split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), 10)
    assert threading.active_count() == before


def test_its_clock_always_begins_at_the_same_reading_and_jumps(camera):
    assert camera.clock.now.replace(second=0) == datetime(2026, 1, 1)
    camera.clock.freeze()
    camera.clock.set("2026-03-04T05:06:07", zone="Europe/Berlin")
    camera.clock.advance(timedelta(days=1))
    camera.clock.advance(-7)
    assert camera.clock.now == datetime(2026, 3, 5, 5, 6)
    camera.clock.run(60)
    assert camera.clock.now >= datetime(2026, 3, 5, 5, 6)


def test_two_people_who_walk_for_20_s_leave_the_heat_that_the_truth_tells(camera_factory):
    camera = camera_factory()
    camera.scene.put(2, for_s=20)
    camera.scene.play_to_end()
    truth = camera.truth()
    assert truth.objects == 2
    # Both are beyond the edges for two twelfths of their way at most, their bodies' halves less.
    assert 30 < truth.presence_ms / 1000 < 40
    told = httpx.get(
        camera.url + "/dataloader.cgi?dw=heatmapcsv&time_start=2026-01-01-00:00:00",
        auth=camera.auth,
    ).text
    heat_s = sum(int(row.split(",")[-1]) for row in told.splitlines()[1:])
    assert heat_s == pytest.approx(truth.presence_ms / 1000, rel=0.1)


def test_history_is_filled_and_taken_out_again(camera):
    assert presence_s(camera) == 0
    camera.history.fill("2025-12-31", "2025-12-31")
    assert camera.history.hours == 14  # open from 8 to 22 (docs/history.md)
    assert presence_s(camera) > 0
    camera.history.clear()
    assert presence_s(camera) == 0


def test_a_card_is_pulled_filled_and_put_back_by_a_reset(camera_factory):
    camera = camera_factory(storage="sd:64M+nas")
    assert [one.name for one in camera.storage.state.volumes] == ["sd", "nas1"]
    assert camera.storage.state.volumes[0].total == 64 * 1024 * 1024
    assert camera.storage.pull("sd").state == "absent"
    camera.storage.fill("nas1")
    assert camera.storage.state.volumes[1].state == "full"
    camera.reset()
    assert [one.state for one in camera.storage.state.volumes] == ["mounted", "mounted"]
    assert list(camera.faults) == []


def test_a_reset_over_the_control_interface_leaves_a_card_out(camera_factory):
    camera = camera_factory(storage="sd")
    camera.storage.pull("sd")
    camera.served.reset()  # as POST /v1/reset does: checks rely on it
    assert camera.storage.state.volumes[0].state == "absent"


def test_a_fault_strikes_so_often_and_the_requests_tell(camera):
    camera.faults.add("status", status=503, path="/dataloader.cgi", count=1)
    assert httpx.get(camera.url + REPORT, auth=camera.auth).status_code == 503
    assert httpx.get(camera.url + REPORT, auth=camera.auth).status_code == 200
    assert [one.status for one in camera.requests] == [503, 200]
    camera.requests.got("/dataloader.cgi", dw="heatmapcsv", status=200, times=1, user="admin")


def test_a_reset_leaves_nothing_of_what_was_done(camera):
    camera.history.fill("2025-12-31", "2025-12-31")
    camera.faults.add("refuse")
    camera.clock.set("2027-01-01T00:00:00")
    camera.scene.show("scene:bag")
    camera.reset()
    assert presence_s(camera) == 0
    assert camera.clock.now < datetime(2026, 1, 2)
    assert camera.scene.state.source.startswith('scene:{"name": "nobody"')
    assert len(camera.requests) == 2  # of this report, by Digest


def test_neither_the_package_nor_the_help_loads_anything_heavy():
    heavy = {"aiohttp", "av", "cv2", "numpy", "zeep", "pydantic", "lxml"}
    for what in (
        "import emulator",
        "import emulator.plugin",
        "import sys, stuntcam; sys.argv[1:] = ['--help']; stuntcam.main()",
    ):
        told = subprocess.run(
            [
                sys.executable,
                "-P",
                "-c",
                f"{what}\nimport sys\nprint('\\n' + ' '.join(sys.modules))",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()[-1]
        assert not heavy & set(told.split()), what


def test_a_camera_is_served_without_the_models_of_its_control_or_onvif():
    code = """
import sys
from emulator import Camera
with Camera() as camera:
    print(camera.url, *{"zeep", "pydantic", "cryptography"} & set(sys.modules))
"""
    run = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(run.stdout.split()) == 1, run.stdout


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made_of", "message"),
    [
        ({"model": "XYZ"}, "model 'XYZ' fits no series"),
        ({"firmware": "new"}, "firmware 'new' is not of the form 61.8.0.3-r8"),
        ({"settings": {"min_dwell": 301}}, "min_dwell=301 is outside 1..300 s"),
        ({"settings": {"dwell": 3}}, "'dwell' is not a setting; there are enable, sensitivity"),
        ({"source": "scene:shp"}, "no scene 'shp'; there are bag, "),
        ({"source": "none.mp4"}, "none.mp4"),
        ({"source": "rtsp://10.0.0.1/", "speed": None}, "speed max: rtsp://10.0.0.1/ is live"),
        ({"storage": "usb"}, "storage='usb' is unknown; it takes flash, sd"),
        ({"storage": "sd+sd"}, "storage='sd+sd': a camera takes 1 sd and 5 nas"),
        ({"timezone": "Mars"}, "'Mars' is not an IANA time zone"),
        ({"http_port": 70000}, "http_port=70000 is outside 0..65535"),
        ({"speed": 0}, "speed=0 is not above 0"),
        ({"password": "short"}, "password"),
    ],
)
def test_what_it_is_made_of_is_refused_before_it_starts(made_of, message):
    with pytest.raises(ValueError, match=re.escape(message)) as refused:
        Camera(**made_of)
    assert "\n" not in str(refused.value)


def test_a_taken_port_is_refused_by_its_number():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortError, match=f"127.0.0.1 port {port}: "):
            Camera(http_port=port).start()


@pytest.mark.parametrize(
    ("order", "message"),
    [
        (lambda camera: camera.faults.add("staus"), 'name="staus": is unknown; there are latency'),
        (lambda camera: camera.faults.add("status", status=99), "status=99: "),
        (lambda camera: camera.faults.end(7), "no fault 7; in force: none"),
        (lambda camera: camera.scene.show("scene:nil"), "no scene 'nil'"),
        (lambda camera: camera.scene.put(9), "count=9 is outside 1..8 people"),
        (lambda camera: camera.scene.put(for_s=2), "for_s=2 is outside 5..600 s"),
        (lambda camera: camera.clock.set("noon"), 'now="noon": '),
        (lambda camera: camera.clock.run(0), "speed=0: "),
        (lambda camera: camera.storage.pull("sd"), "no volume 'sd'; there are: none"),
        (lambda camera: camera.storage.fill("usb"), 'name="usb": is unknown'),
        (lambda camera: camera.history.fill("2026-02-30", "2026-03-01"), "not in the calendar"),
        (lambda camera: camera.truth(min_dwell=0), "min_dwell=0: "),
    ],
)
def test_what_cannot_be_done_to_it_is_refused_in_one_line(camera, order, message):
    with pytest.raises(ValueError, match=re.escape(message)) as refused:
        order(camera)
    assert "\n" not in str(refused.value)
