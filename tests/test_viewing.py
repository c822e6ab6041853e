"""What a camera shows over its pictures when it is asked to, and what it leaves alone."""

import cv2
import numpy as np
import pytest
from cameras import Fed, camera, identity
from clips import walk

from emulator.core.settings import HeatSettings
from emulator.core.streams.encoders import Encoder
from emulator.core.streams.overlay import IN_REGION, NOTHING, Over
from emulator.viewing import View

WALK = list(walk(230))


def decoded(jpeg):
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).astype(int)


def differs(one, other):
    """Where two pictures are not alike, but for what JPEG does to them."""
    return (abs(one - other) > 60).any(axis=-1)


@pytest.fixture
def seeing():
    """Gives a camera that has seen so many pictures of the walk."""
    started = []

    def see(count, **changes):
        source = Fed()
        one = camera(source, settings=HeatSettings(enable=1), **changes)
        source.hand(WALK[0])
        one.start()
        started.append(one)
        source.feed(*WALK[1:count])
        return one

    yield see
    for one in started:
        one.player.source.end()
        one.stop()


def test_a_snapshot_is_the_scene_and_nothing_else(seeing):
    one = seeing(100)
    shown = decoded(one.snapshot())
    assert abs(shown - WALK[99][:, :, None]).max() < 40  # as JPEG has it
    assert one.snapshot(NOTHING) == one.snapshot()


def test_the_clock_stands_at_the_top_left_and_tells_the_cameras_time(seeing):
    one = seeing(100)
    plain, later = decoded(one.snapshot()), decoded(one.snapshot(Over(clock=True)))
    rows, columns = np.nonzero(differs(plain, later))
    assert rows.max() < 180 // 8
    assert columns.max() < 160
    earlier = decoded(seeing(10).snapshot(Over(clock=True)))
    changed = differs(earlier, later)[:20]  # 3 s and some
    assert changed.any()
    assert np.nonzero(changed)[1].min() > 40  # the seconds, not the year


def test_a_box_is_around_who_walks_there(seeing):
    # At picture 99 he stands in columns 158 to 198, rows 60 to 120.
    one = seeing(100)
    plain, boxed = decoded(one.snapshot()), decoded(one.snapshot(Over(boxes=True)))
    rows, columns = np.nonzero(differs(plain, boxed))
    assert abs(columns.min() - 158) <= 4
    assert abs(columns.max() - 198) <= 4
    assert abs(rows.max() - 120) <= 4
    assert 40 < rows.min() < 56  # above him, how long he has been there
    tag = boxed[rows.min() : 58, 158:175]
    assert (abs(tag - IN_REGION) < 60).all(axis=-1).any()


def test_heat_lies_over_the_region_and_is_red_where_it_was_hottest(seeing):
    one = seeing(230)  # he left more than a second ago
    cold, hot = decoded(one.snapshot()), decoded(one.snapshot(Over(heat=True)))
    blue, _, red = np.moveaxis(hot - cold, 2, 0)
    assert np.median(blue[130:] - red[130:]) > 30  # where nobody was: blue
    assert (red - blue)[70:110, 100:250].mean() > 30  # where he walked


def test_a_model_without_the_function_shows_no_heat_and_no_boxes(seeing):
    one = seeing(100, identity=identity("61.7.0.1"))
    assert not one.offered
    assert one.snapshot(Over(boxes=True, heat=True)) == one.snapshot()


def test_a_stream_is_as_large_as_it_is_set(seeing):
    one = seeing(2)
    view = View(one)
    for fraction, size in ((1, (180, 320)), (2, (90, 160)), (3, (60, 106)), (6, (30, 52))):
        jpeg = view.jpeg(view.look(), Encoder(fraction=fraction), Over(clock=True, boxes=True))
        assert decoded(jpeg).shape == (*size, 3)
    assert view.encoder("sub").fraction == 3


def test_before_anything_was_seen_a_stream_shows_that():
    one = camera(Fed())
    view = View(one)
    shown = decoded(view.jpeg(view.look(), Encoder(), Over(clock=True)))
    assert shown.shape == (360, 640, 3)
    one.storage.close()
