"""The client against an emulated camera: `camera` and `camera_factory` come with stuntcam."""

import asyncio
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import shop_chart
from shop_chart import CameraError, chart, hours

YESTERDAY = date(2025, 12, 31)  # a camera's clock begins in the year's first second


def test_an_ordinary_day_has_a_bar_for_each_hour(camera, tmp_path):
    camera.history.fill(YESTERDAY, YESTERDAY)
    shop_chart.main(camera.url, *camera.auth, str(YESTERDAY), str(tmp_path / "chart.svg"))
    bars = list(ElementTree.parse(tmp_path / "chart.svg").getroot())
    assert len(bars) == 24
    heights = [float(bar.get("height")) for bar in bars]
    assert max(heights) == 200
    assert heights[:8] == [0] * 8  # the shop opens at eight
    camera.requests.got("/dataloader.cgi", dw="heatmapcsv", sub_type=0, times=1)


def test_a_camera_starts_every_test_as_new(camera):
    assert sum(hours(camera.url, camera.auth, YESTERDAY)) == 0


def test_people_who_walk_by_are_seen(camera):
    camera.scene.put(3, for_s=10)
    camera.scene.play_to_end()
    today = hours(camera.url, camera.auth, date(2026, 1, 1))
    assert sum(today) == pytest.approx(camera.truth().presence_ms / 1000, rel=0.1)


def test_a_busy_camera_is_asked_again(camera, monkeypatch):
    monkeypatch.setattr(shop_chart, "PATIENCE_S", (0, 0, 0))
    camera.faults.add("status", status=503, path="/dataloader.cgi", count=2)
    assert len(hours(camera.url, camera.auth, YESTERDAY)) == 24
    assert len(camera.requests.got("/dataloader.cgi", status=503)) == 2


def test_a_camera_that_is_down_is_told(camera):
    camera.faults.add("refuse")
    with pytest.raises(CameraError, match="does not answer"):
        hours(camera.url, camera.auth, YESTERDAY)


def test_a_model_without_the_heat_map_is_told(camera_factory):
    old = camera_factory(firmware="61.7.0.10")
    with pytest.raises(CameraError, match="has no heat map"):
        hours(old.url, old.auth, YESTERDAY)


def test_a_week_on_the_card_outlives_the_flash(camera_factory):
    camera = camera_factory(storage="sd")
    camera.history.fill("2025-11-01", "2025-11-01")
    camera.storage.copy()
    assert sum(hours(camera.url, camera.auth, date(2025, 11, 1))) > 0
    camera.storage.pull("sd")
    assert sum(hours(camera.url, camera.auth, date(2025, 11, 1))) == 0


def test_two_cameras_at_once_by_a_client_that_awaits(camera_factory):
    first, second = camera_factory(), camera_factory()
    first.history.fill(YESTERDAY, YESTERDAY)

    async def both():
        asked = (asyncio.to_thread(hours, c.url, c.auth, YESTERDAY) for c in (first, second))
        return await asyncio.gather(*asked)

    busy, idle = asyncio.run(both())
    assert sum(busy) > 0 == sum(idle)


def test_nobody_walks_off_the_chart():
    assert chart([0, 5, 10]).count("<rect") == 3
