"""Who listens, who waits, and how it all ends. Time is a number that the tests set."""

import asyncio
import itertools

import pytest

from emulator.core.onvif.events import LAST_REBOOT, MOTION_ALARM, STORAGE_FAILURE
from emulator.core.onvif.topicfilter import EVERYTHING, Filter
from emulator.edge.onvif import subscriptions as room
from emulator.edge.onvif.subscriptions import (
    BusyError,
    FullError,
    Subscriptions,
    UnknownError,
)

NEVER_MS = 3_600_000
ABOUT_MOTION = Filter(frozenset({MOTION_ALARM}))
ABOUT_STORAGE = Filter(frozenset({STORAGE_FAILURE}))


class Camera:
    """What subscriptions know of a camera, held in the test's hand."""

    def __init__(self, most=(3, 2)):
        self.now_ms, self.mark, self.booted_ms = 0, object(), 5_000
        self.wanted = []
        numbers = itertools.count(1)
        self.all = Subscriptions(
            most,
            lambda: self.now_ms,
            lambda: (self.mark, self.booted_ms),
            lambda: f"n{next(numbers)}",
        )
        self.all.wanted = self.wanted.append

    def subscribe(self, asked=ABOUT_MOTION, life_ms=NEVER_MS, **more):
        return self.all.subscribe(asked, life_ms, "http://camera/{}".format, **more)

    def moves(self, moves):
        self.all.tell(MOTION_ALARM, ("video",), (str(moves).lower(),), 7_000)

    async def pull(self, entry, timeout_ms=NEVER_MS, limit=10, is_gone=lambda: False):
        _, events = await self.all.pull(entry.identity, timeout_ms, limit, is_gone)
        return [(event.operation, event.data[0][1]) for event in events]

    async def waiting(self, entry, **more):
        """A pull that waits."""
        pull = asyncio.create_task(self.pull(entry, **more))
        await asyncio.sleep(0)  # it runs up to where it waits
        assert not entry.waiter.done()
        return pull


def run(test):
    """Run a test in an event loop, and leave nobody behind."""
    camera = Camera()

    async def whole():
        try:
            await test(camera)
        finally:
            camera.all.close()

    asyncio.run(whole())


def test_what_holds_is_told_at_once():
    async def test(camera):
        camera.moves(False)
        assert await camera.pull(camera.subscribe()) == [("Initialized", "false")]

    run(test)


def test_a_pull_waits_until_something_happens_and_all_are_told():
    async def test(camera):
        entries = [camera.subscribe(), camera.subscribe()]
        pulls = [await camera.waiting(entry) for entry in entries]
        camera.moves(True)
        assert [await pull for pull in pulls] == [[("Initialized", "true")]] * 2

    run(test)


def test_what_one_does_not_want_wakes_nobody():
    async def test(camera):
        entry = camera.subscribe(ABOUT_STORAGE)
        pull = await camera.waiting(entry)
        camera.moves(True)
        assert not entry.waiter.done()
        camera.all.tell(STORAGE_FAILURE, ("sd",), ("true",), 8_000)
        assert await pull == [("Initialized", "true")]

    run(test)


def test_a_pull_in_vain_ends_empty():
    async def test(camera):
        entry = camera.subscribe()
        assert await camera.pull(entry, timeout_ms=1) == []
        assert await camera.pull(entry, timeout_ms=0) == []
        camera.moves(True)
        assert await camera.pull(entry) == [("Initialized", "true")]

    run(test)


def test_only_one_may_wait_for_a_subscription():
    async def test(camera):
        entry = camera.subscribe()
        first = await camera.waiting(entry)
        with pytest.raises(BusyError, match="somebody waits"):
            await camera.pull(entry)
        camera.moves(True)
        assert await first == [("Initialized", "true")]

    run(test)


def test_who_hung_up_neither_blocks_the_next_nor_takes_his_events():
    async def test(camera):
        entry, gone = camera.subscribe(), []
        first = await camera.waiting(entry, is_gone=lambda: bool(gone))
        gone.append(True)
        second = await camera.waiting(entry)
        camera.moves(True)
        assert await first == []
        assert await second == [("Initialized", "true")]

    run(test)


def test_what_comes_when_nobody_listens_any_more_is_for_the_next_pull():
    async def test(camera):
        entry, gone = camera.subscribe(), []
        first = await camera.waiting(entry, is_gone=lambda: bool(gone))
        gone.append(True)
        camera.moves(True)
        assert await first == []
        assert await camera.pull(entry) == [("Initialized", "true")]

    run(test)


def test_there_is_room_for_so_many_of_each_kind():
    async def test(camera):
        for _ in range(3):
            camera.subscribe()
        with pytest.raises(FullError, match="3 pull points already"):
            camera.subscribe()
        for _ in range(2):
            camera.subscribe(consumer="http://127.0.0.1:1/")
        with pytest.raises(FullError, match="2 subscriptions that events are sent to"):
            camera.subscribe(consumer="http://127.0.0.1:1/")
        assert len(camera.all) == 5

    run(test)


def test_whose_time_has_come_makes_room():
    async def test(camera):
        short = camera.subscribe(life_ms=1_000)
        camera.subscribe(), camera.subscribe()
        camera.now_ms = 999
        with pytest.raises(FullError):
            camera.subscribe()
        camera.now_ms = 1_000
        camera.subscribe()
        with pytest.raises(UnknownError):
            await camera.pull(short)

    run(test)


def test_those_whose_time_has_come_are_dropped_though_nobody_asks(monkeypatch):
    monkeypatch.setattr(room, "SWEEP_S", 0.001)

    async def test(camera):
        nobody = asyncio.Event()
        camera.all.wanted = lambda wanted: None if wanted else nobody.set()
        camera.subscribe(life_ms=1_000)
        camera.subscribe(life_ms=2_000)
        camera.now_ms = 2_000
        await asyncio.wait_for(nobody.wait(), 60)
        assert len(camera.all) == 0

    run(test)


def test_a_pull_keeps_its_subscription_for_as_long_as_it_may_wait():
    async def test(camera):
        camera.moves(False)
        entry = camera.subscribe(life_ms=1_000)
        await camera.pull(entry, timeout_ms=60_000)
        camera.now_ms = 59_999
        assert camera.all.left_ms(entry) == 1
        await camera.pull(entry, timeout_ms=0)
        camera.now_ms = 60_000
        with pytest.raises(UnknownError):
            await camera.pull(entry)

    run(test)


def test_a_renewal_counts_from_now():
    async def test(camera):
        entry = camera.subscribe(life_ms=1_000)
        camera.now_ms = 500
        assert camera.all.left_ms(camera.all.renew(entry.identity, 2_000)) == 2_000
        camera.now_ms = 2_500
        with pytest.raises(UnknownError):
            camera.all.renew(entry.identity, 2_000)

    run(test)


def test_a_synchronization_point_wakes_who_waits():
    async def test(camera):
        camera.moves(True)
        entry = camera.subscribe()
        await camera.pull(entry)
        pull = await camera.waiting(entry)
        camera.all.synchronize(entry.identity)
        assert await pull == [("Initialized", "true")]

    run(test)


@pytest.mark.parametrize("how", ["unsubscribe", "boot"])
def test_who_waits_is_told_when_his_subscription_ends(how):
    async def test(camera):
        entry = camera.subscribe()
        pull = await camera.waiting(entry)
        if how == "unsubscribe":
            camera.all.unsubscribe(entry.identity)
        else:
            camera.mark = object()
            camera.moves(True)
        with pytest.raises(UnknownError):
            await pull
        assert len(camera.all) == 0

    run(test)


def test_after_a_boot_nobody_is_subscribed_and_the_next_one_learns_when_it_was():
    async def test(camera):
        first = camera.subscribe(EVERYTHING)
        camera.mark, camera.booted_ms = object(), 90_000
        with pytest.raises(UnknownError):
            await camera.pull(first)
        _, events = await camera.all.pull(
            camera.subscribe(EVERYTHING).identity, 0, 10, lambda: False
        )
        assert [(event.topic, event.data) for event in events] == [
            (LAST_REBOOT, (("Status", "1970-01-01T00:01:30.000Z"),))
        ]

    run(test)


def test_the_camera_knows_whether_anybody_wants_to_be_told_of_motion():
    async def test(camera):
        camera.subscribe(ABOUT_STORAGE)
        assert camera.wanted == []
        first, second = camera.subscribe(), camera.subscribe(EVERYTHING)
        camera.all.unsubscribe(first.identity)
        assert camera.wanted == [True]
        camera.all.unsubscribe(second.identity)
        assert camera.wanted == [True, False]

    run(test)


def test_what_is_sent_is_not_pulled():
    async def test(camera):
        sent = camera.subscribe(consumer="http://127.0.0.1:1/")
        with pytest.raises(UnknownError):
            await camera.pull(sent)

    run(test)
