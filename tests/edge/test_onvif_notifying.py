"""Events that are sent: to a real server, which is told what to answer."""

import asyncio
import itertools

import pytest
from aiohttp import web
from lxml import etree

from emulator.core.onvif.events import MOTION_ALARM
from emulator.core.onvif.topicfilter import EVERYTHING, Filter
from emulator.edge.onvif.notifying import Notifier
from emulator.edge.onvif.subscriptions import Subscriptions

MARK = object()
ADDRESS = "http://camera/onvif/subscription/1"


class Told:
    """A consumer: answers with the statuses given, then 200; keeps what it was sent."""

    def __init__(self, *statuses):
        self.statuses, self.bodies = iter(statuses), []
        self.heard = asyncio.Condition()

    async def take(self, request):
        body = await request.read()
        status = next(self.statuses, 200)
        async with self.heard:
            self.bodies.append((request.path, status, etree.fromstring(body)))
            self.heard.notify_all()
        return web.Response(status=status, headers={"Location": "/elsewhere"})

    async def until(self, count):
        async with self.heard:
            await asyncio.wait_for(self.heard.wait_for(lambda: len(self.bodies) >= count), 60)

    def states(self):
        """The states told by each request that was answered."""
        return [
            [item.get("Value") for item in body.iterfind(".//{*}Data/{*}SimpleItem")]
            for _, _, body in self.bodies
        ]


def run(test, *statuses):
    """Run a test(subscriptions, consumer, its URL, ended), and leave nobody behind."""

    async def whole():
        told, app = Told(*statuses), web.Application()
        app.router.add_post("/{path:.*}", told.take)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        numbers = itertools.count(1)
        subscriptions = Subscriptions(
            (1, 1), lambda: 0, lambda: (MARK, 0), lambda: str(next(numbers))
        )
        ended = asyncio.Event()
        subscriptions.wanted = lambda wanted: None if wanted else ended.set()
        paused = []

        async def pause(seconds):
            paused.append(seconds)

        notifier = Notifier(subscriptions, pause)
        try:
            await test(subscriptions, told, f"http://127.0.0.1:{port}/consumer", ended)
        finally:
            subscriptions.close()
            await notifier.close()
            await runner.cleanup()
        return paused

    return asyncio.run(whole())


def subscribe(subscriptions, url):
    asked = Filter(frozenset({MOTION_ALARM}))
    return subscriptions.subscribe(asked, 60_000, lambda _: ADDRESS, url)


def moves(subscriptions, state):
    subscriptions.tell(MOTION_ALARM, ("video",), (state,), 1_000)


def test_what_holds_and_what_changes_is_sent_as_notify():
    async def test(subscriptions, told, url, ended):
        moves(subscriptions, "false")
        subscribe(subscriptions, url)
        await told.until(1)
        moves(subscriptions, "true")
        await told.until(2)
        assert told.states() == [["false"], ["true"]]
        path, _, envelope = told.bodies[1]
        assert path == "/consumer"
        assert envelope.findtext("{*}Header/{*}To") == url
        assert envelope.findtext("{*}Header/{*}Action") == (
            "http://docs.oasis-open.org/wsn/bw-2/NotificationConsumer/Notify"
        )
        message = envelope.find("{*}Body/{*}Notify/{*}NotificationMessage")
        assert message.findtext("{*}Topic") == "tns1:VideoSource/MotionAlarm"
        assert message.findtext("{*}SubscriptionReference/{*}Address") == ADDRESS

    run(test)


def test_what_failed_is_sent_again():
    async def test(subscriptions, told, url, ended):
        moves(subscriptions, "true")
        subscribe(subscriptions, url)
        await told.until(3)
        moves(subscriptions, "false")
        await told.until(4)
        assert told.states() == [["true"], ["true"], ["true"], ["false"]]

    assert run(test, 500, 404) == [2.0, 2.0]


@pytest.mark.parametrize("status", [500, 401, 302, 307])
def test_a_consumer_that_fails_three_times_is_told_no_more(status):
    async def test(subscriptions, told, url, ended):
        moves(subscriptions, "true")
        subscribe(subscriptions, url)
        await asyncio.wait_for(ended.wait(), 60)
        moves(subscriptions, "false")
        assert len(subscriptions) == 0
        assert told.states() == [["true"]] * 3
        assert {path for path, _, _ in told.bodies} == {"/consumer"}  # it is led nowhere else

    run(test, *[status] * 9)


def test_a_consumer_that_is_not_there_is_told_no_more():
    async def test(subscriptions, told, url, ended):
        moves(subscriptions, "true")
        subscribe(subscriptions, "http://127.0.0.1:1/")
        await asyncio.wait_for(ended.wait(), 60)
        assert len(subscriptions) == 0

    run(test)


def test_who_has_unsubscribed_is_told_no_more():
    async def test(subscriptions, told, url, ended):
        moves(subscriptions, "true")
        entry = subscribe(subscriptions, url)
        await told.until(1)
        subscriptions.unsubscribe(entry.identity)
        moves(subscriptions, "false")
        again = subscriptions.subscribe(EVERYTHING, 60_000, lambda _: ADDRESS, url)
        await told.until(2)
        assert again.identity != entry.identity
        assert told.states()[0] == ["true"]
        assert len(told.bodies) == 2

    run(test)


def test_a_consumer_that_never_answers_is_left_when_its_subscription_ends():
    async def test(subscriptions, told, url, ended):
        asked, over = asyncio.Event(), asyncio.Event()

        async def hang(reader, writer):
            asked.set()
            await reader.read()  # until it is given up
            writer.close()
            over.set()

        hangs = await asyncio.start_server(hang, "127.0.0.1")
        try:
            before = asyncio.all_tasks()
            moves(subscriptions, "true")
            there = f"http://127.0.0.1:{hangs.sockets[0].getsockname()[1]}/"
            entry = subscribe(subscriptions, there)
            (sending,) = asyncio.all_tasks() - before
            await asyncio.wait_for(asked.wait(), 60)
            subscriptions.unsubscribe(entry.identity)
            await asyncio.wait({sending}, timeout=60)
            assert sending.cancelled()  # or it would try for many seconds more
            await asyncio.wait_for(over.wait(), 60)
        finally:
            hangs.close()

    run(test)
