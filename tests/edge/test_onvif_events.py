"""The events service over real HTTP, with more clients at once than a camera has room for."""

import asyncio
import itertools

import aiohttp
import pytest
from aiohttp import web
from cameras import ADMIN
from lxml import etree

from emulator.core.limits import Limits
from emulator.core.onvif.events import MOTION_ALARM
from emulator.edge.onvif.events import events_service
from emulator.edge.onvif.routes import routes
from emulator.edge.onvif.security import Security
from emulator.edge.onvif.subscriptions import Subscriptions

CLIENTS = 100
MARK = object()
ENVELOPE = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    ' xmlns:tev="http://www.onvif.org/ver10/events/wsdl"'
    ' xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"><s:Body>{}</s:Body></s:Envelope>'
)
CREATE = "<tev:CreatePullPointSubscription/>"
PULL = (
    "<tev:PullMessages><tev:Timeout>PT60S</tev:Timeout>"
    "<tev:MessageLimit>10</tev:MessageLimit></tev:PullMessages>"
)


class Clock:
    def now_ms(self):
        return 1_772_600_400_000


async def until(is_so):
    """Let everybody go on until something is so."""
    async with asyncio.timeout(60):
        for _ in itertools.takewhile(lambda _: not is_so(), itertools.count()):
            await asyncio.sleep(0)


def run(test):
    """Run a test(subscriptions, post) with room for CLIENTS pull points."""

    async def whole():
        limits = Limits(pull_points=CLIENTS)
        numbers = itertools.count(1)
        subscriptions = Subscriptions(
            (limits.pull_points, 1), lambda: 0, lambda: (MARK, 0), lambda: f"n{next(numbers)}"
        )
        security = Security(
            lambda request: ADMIN, dict, lambda: 0, lambda role, least: True, lambda *noted: None
        )
        app = web.Application()
        app.add_routes(routes(lambda: [events_service(Clock(), subscriptions, limits)], security))
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as session:

            async def post(path, body):
                url = path if path.startswith("http") else f"http://127.0.0.1:{port}{path}"
                async with session.post(url, data=ENVELOPE.format(body)) as answer:
                    return answer.status, etree.fromstring(await answer.read())

            try:
                await test(subscriptions, post)
            finally:
                subscriptions.close()
                await runner.cleanup()

    asyncio.run(whole())


def test_a_hundred_clients_wait_at_once_and_all_are_told():
    async def test(subscriptions, post):
        created = await asyncio.gather(
            *[post("/onvif/event_service", CREATE) for _ in range(CLIENTS)]
        )
        assert {status for status, _ in created} == {200}
        addresses = [told.findtext(".//{*}SubscriptionReference/{*}Address") for _, told in created]
        assert len(set(addresses)) == CLIENTS
        status, refused = await post("/onvif/event_service", CREATE)
        assert status == 400
        assert "there are 100 pull points already" in refused.findtext(".//{*}Reason/{*}Text")
        first = await asyncio.gather(*[post(address, PULL) for address in addresses])
        assert {status for status, _ in first} == {200}  # since when the camera is up
        pulls = [asyncio.create_task(post(address, PULL)) for address in addresses]
        entries = list(subscriptions)
        await until(lambda: all(entry.waiter for entry in entries))
        subscriptions.tell(MOTION_ALARM, ("video",), ("true",), 7_000)
        for status, told in await asyncio.gather(*pulls):
            assert status == 200
            assert told.findtext(".//{*}Topic") == "tns1:VideoSource/MotionAlarm"

    run(test)


def test_who_hangs_up_while_he_waits_loses_nothing():
    async def test(subscriptions, post):
        _, created = await post("/onvif/event_service", CREATE)
        address = created.findtext(".//{*}SubscriptionReference/{*}Address")
        await post(address, PULL)
        (entry,) = subscriptions
        pull = asyncio.create_task(post(address, PULL))
        await until(lambda: entry.waiter is not None)
        pull.cancel()
        await until(entry.is_gone)
        with pytest.raises(asyncio.CancelledError):
            await pull
        subscriptions.tell(MOTION_ALARM, ("video",), ("true",), 7_000)
        status, told = await post(address, PULL)
        assert status == 200
        assert told.findtext(".//{*}Topic") == "tns1:VideoSource/MotionAlarm"

    run(test)
