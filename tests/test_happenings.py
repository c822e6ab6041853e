"""What a camera tells of itself while it plays a walk of 7.2 s and 2.8 s of nothing."""

import threading

import pytest
from cameras import BEGINS_MS, Fed, Played, camera, identity
from clips import walk

from emulator.core.onvif.events import MOTION, MOTION_ALARM, STORAGE_FAILURE
from emulator.edge.storage import Volume
from emulator.edge.storage.places import Folder
from emulator.happenings import Happenings


class Heard:
    """What a camera's happenings have told, in order."""

    def __init__(self):
        self.all, self._hearing = [], threading.Lock()

    def tell(self, *event):
        with self._hearing:
            self.all.append(event)

    def of(self, topic):
        """What was told of a topic: (values, seconds since the beginning)."""
        return [
            (what, (at_ms - BEGINS_MS) / 1000) for one, _, what, at_ms in self.all if one is topic
        ]


def told_by(one, wanted):
    """What is told while a camera plays its source to the end."""
    heard = Heard()
    happenings = Happenings(one, heard.tell)
    happenings.want_motion(wanted)
    happenings.start()
    one.start()
    assert one.wait_for_end(60)
    happenings.stop()
    one.stop()
    return heard


@pytest.fixture(scope="module")
def pictures():
    return list(walk(250))


@pytest.mark.parametrize("firmware", ["61.8.0.2", "61.8.0.1-r9"], ids=["with heat", "without"])
def test_motion_begins_with_the_walk_and_ends_two_seconds_after_it(pictures, firmware):
    heard = told_by(camera(Played(pictures), identity=identity(firmware)), wanted=True)
    for topic in (MOTION, MOTION_ALARM):
        states, instants = zip(*heard.of(topic), strict=True)
        assert states == (("false",), ("true",), ("false",))
        began_s, moved_s, rested_s = instants
        assert began_s == 0
        assert 0 < moved_s <= 4  # when the ground of a new scene is known (docs/engine.md)
        assert 9 < rested_s < 9.6


def test_a_camera_without_heat_looks_for_nobody_while_nobody_asks(pictures):
    heard = told_by(camera(Played(pictures), identity=identity("61.8.0.1-r9")), wanted=False)
    assert heard.of(MOTION) == [(("false",), 0)]


def test_the_events_name_the_source_the_analysis_and_the_rule(pictures):
    heard = told_by(camera(Played(pictures[:1])), wanted=True)
    where = {topic: where for topic, where, _, _ in heard.all}
    assert where[MOTION] == ("VideoSourceConfig_1", "VideoAnalytics_1", "Motion")
    assert where[MOTION_ALARM] == ("VideoSource_1",)


def test_motion_ends_though_the_source_shows_nothing_any_more(pictures):
    one, heard = camera(Played(pictures[:100])), Heard()
    happenings = Happenings(one, heard.tell)
    happenings.look()
    one.sight.watch(happenings._seen)
    one.start()
    assert one.wait_for_end(60)
    assert [what for what, _ in heard.of(MOTION)] == [("false",), ("true",)]
    one.clock.run_on(1e9)  # which tells the time once it has ended
    happenings.look()
    one.stop()
    assert [what for what, _ in heard.of(MOTION)] == [("false",), ("true",), ("false",)]


def test_what_moved_before_a_reboot_moves_no_more(pictures):
    one, heard = camera(Played(pictures[:100])), Heard()
    happenings = Happenings(one, heard.tell)
    happenings.look()
    one.sight.watch(happenings._seen)
    one.start()
    assert one.wait_for_end(60)
    one.clock.freeze()
    before = [what for what, _ in heard.of(MOTION)]
    one.boot()
    happenings.look()
    one.stop()
    assert before == [("false",), ("true",)]
    assert [what for what, _ in heard.of(MOTION)] == [("false",), ("true",), ("false",)]


@pytest.mark.parametrize("firmware", ["61.8.0.2", "61.8.0.1-r9"], ids=["with heat", "without"])
def test_while_the_clock_is_frozen_nothing_moves(pictures, firmware):
    one, heard = camera(Played(pictures[:110]), identity=identity(firmware)), Heard()
    one.clock.freeze()
    happenings = Happenings(one, heard.tell)
    happenings.want_motion(True)
    happenings.look()
    one.sight.watch(happenings._seen)
    one.start()
    assert one.wait_for_end(60)
    one.stop()
    assert [what for what, _ in heard.of(MOTION)] == [("false",)]


@pytest.mark.parametrize(
    ("fault", "failed"),
    [("gone", "true"), ("failing", "true"), ("read-only", "true"), ("full", "false")],
)
def test_a_card_that_fails_is_told_and_one_that_works_again(tmp_path, fault, failed):
    one, heard = camera(Fed()), Heard()
    card = Volume("sd", "sd", "card", Folder(tmp_path))
    one.storage.attach("S" * 17, [card])
    happenings = Happenings(one, heard.tell)
    happenings.look()
    card.fault = fault
    happenings.look()
    card.fault = None
    happenings.look()
    told = [(where, what) for topic, where, what, _ in heard.all if topic is STORAGE_FAILURE]
    one.storage.close()
    assert told[:2] == [(("flash",), ("false",)), (("sd",), ("false",))]
    changes = [(("sd",), ("true",)), (("sd",), ("false",))] if failed == "true" else []
    assert told[2:] == changes


def test_flash_that_is_full_is_told(tmp_path):
    one, heard = camera(Fed()), Heard()
    happenings = Happenings(one, heard.tell)
    happenings.look()
    one.storage.paused = "flash is full"
    happenings.look()
    one.storage.close()
    told = [(where, what) for topic, where, what, _ in heard.all if topic is STORAGE_FAILURE]
    assert told == [(("flash",), ("false",)), (("flash",), ("true",))]
