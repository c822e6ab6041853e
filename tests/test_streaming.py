"""A camera as its streams see it: the clock's readings, the latest picture, the settings."""

import cameras
import numpy as np

from emulator import saved, streaming
from emulator.core.streams.encoders import DEFAULTS
from emulator.streaming import CameraSights
from emulator.streams import Streams


def grey(level):
    return np.full((48, 64), level, np.uint8)


def sights_of(source, **changes):
    camera = cameras.camera(source, **changes)
    return camera, CameraSights(camera, Streams(camera))


def test_readings_are_the_cameras_clock_and_not_the_films():
    camera, sights = sights_of(cameras.Played([grey(90)]))
    assert sights.reading(cameras.BEGINS_MS + 1500).text == "2026-03-04 05:00:01"
    camera.clock.step(3_600_000)
    reading = sights.reading(cameras.BEGINS_MS + 1500)
    assert reading == ("2026-03-04 06:00:01", cameras.BEGINS_MS + 3_601_500)
    assert sights.reading(None) == ("2026-03-04 06:00:00", cameras.BEGINS_MS + 3_600_000)
    camera.storage.close()


def test_without_an_overlay_there_is_nothing_to_write():
    camera, sights = sights_of(cameras.Played([grey(90)]), overlay=False)
    assert sights.reading(None) == (None, cameras.BEGINS_MS)
    camera.storage.close()


def test_who_watches_is_shown_each_picture_once_it_was_looked_at_and_the_last_one_stays():
    source = cameras.Fed()
    camera, sights = sights_of(source, speed=1.0)
    assert sights.plays_real()
    assert sights.latest().size == (360, 640)  # nothing yet
    seen = []
    leave = sights.watch(lambda frame: seen.append((frame, sights.in_view()["maxWidth"])))
    source.hand(grey(90), grey(120))
    source.end()
    camera.start()
    assert camera.wait_for_end(60)
    leave()
    assert [frame.luma[0, 0] for frame, _ in seen] == [90, 120]
    assert sights.latest() is seen[1][0]
    camera.player.pace(2.0)
    assert not sights.plays_real()
    camera.stop()


def test_while_the_store_can_not_be_read_streams_are_coded_as_before(caplog, monkeypatch):
    camera, sights = sights_of(cameras.Played([grey(90)]))
    monkeypatch.setattr(streaming, "LOOK_S", 0.0)
    Streams(camera).change("sub", [("fps", 5)])
    assert sights.encoder("sub").fps == 5
    kept = camera.storage.state(saved.ENCODERS)
    camera.storage.commit({}, {saved.ENCODERS: {"sub": "nonsense"}}, camera.zone, 0)
    assert [sights.encoder("sub").fps for _ in range(3)] == [5, 5, 5]
    assert CameraSights(camera, Streams(camera)).encoder("sub") == DEFAULTS["sub"]
    assert len(caplog.messages) == 2  # one for each of them
    camera.storage.commit({}, {saved.ENCODERS: kept}, camera.zone, 0)
    assert sights.encoder("sub").fps == 5
    camera.storage.close()


def test_how_a_stream_is_coded_is_what_was_set():
    camera, sights = sights_of(cameras.Played([grey(90)]))
    Streams(camera).change("sub", [("codec", "H265"), ("fps", 5)])
    assert (sights.encoder("sub").codec, sights.encoder("sub").fps) == ("H265", 5)
    assert sights.encoder("main").codec == "H264"
    camera.storage.close()
