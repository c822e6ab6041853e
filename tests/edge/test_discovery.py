"""WS-Discovery by real sockets on loopback: heard by unicast and multicast, at one address."""

import asyncio
import logging
import os
import socket
from contextlib import asynccontextmanager
from xml.etree import ElementTree as ET

import pytest

from emulator.edge import discovery
from emulator.edge.discovery import GROUP, PORT, Discovery, Found

# Other cameras on this machine use this port too, but not this address.
HOST = f"127.{os.getpid() % 199 + 20}.{os.getpid() // 199 % 200 + 20}.7"
ME = f"urn:uuid:test-{os.getpid()}"
WSD = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
WSA = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
SCOPES = ("onvif://www.onvif.org/name/Camera",)
FOUND = Found(ME, SCOPES, (("http", 80, "/onvif/device_service"),))


def question(number, body="<d:Probe/>"):
    return (
        f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="{WSA}" '
        f'xmlns:d="{WSD}"><s:Header><a:MessageID>{ME}:{number}</a:MessageID></s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


RESOLVE = (
    f"<d:Resolve><a:EndpointReference><a:Address>{ME}</a:Address></a:EndpointReference></d:Resolve>"
)


class Ear(asyncio.DatagramProtocol):
    """A client: asks, and hears what this camera says."""

    def __init__(self):
        self.heard = asyncio.Queue()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, addr):
        told = ET.fromstring(data)
        if any(element.text == ME for element in told.iter(f"{{{WSA}}}Address")):
            self.heard.put_nowait((told, addr))

    def ask(self, octets, to):
        self.transport.sendto(octets, (to, PORT))

    async def next(self):
        """(what it is, {element: text}) of the next message."""
        async with asyncio.timeout(30):
            told, addr = await self.heard.get()
        assert addr == (HOST, PORT)
        texts = {element.tag.rpartition("}")[2]: element.text for element in told.iter()}
        return texts["Action"].removeprefix(f"{WSD}/"), texts


class Site:
    def __init__(self, ear, listener):
        self.ear, self.listener = ear, listener
        self.now, self.discovery = FOUND, None


@asynccontextmanager
async def running(start=True, delay_s=0.0):
    """A camera's discovery, a client that asks, and one that hears what is said to all."""
    loop = asyncio.get_running_loop()
    here = socket.inet_aton(HOST)
    asks = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    asks.bind((HOST, 0))
    asks.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, here)
    hears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    hears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    hears.bind((GROUP, PORT))
    group = socket.inet_aton(GROUP) + here
    hears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
    made = []
    for one in (asks, hears):
        one.setblocking(False)
        made.append(await loop.create_datagram_endpoint(Ear, sock=one))
    numbers = iter(range(1000))
    site = Site(made[0][1], made[1][1])
    site.discovery = Discovery(
        lambda: site.now, HOST, lambda: delay_s, lambda: f"urn:uuid:{next(numbers)}", 100
    )
    try:
        if start:
            await site.discovery.start()
        yield site
    finally:
        await site.discovery.stop()
        for transport, _ in made:
            transport.close()
        await asyncio.sleep(0)


def test_it_says_hello_and_goodbye_to_all():
    async def scenario():
        async with running() as site:
            said, texts = await site.listener.next()
            assert (said, texts["Address"]) == ("Hello", ME)
            assert texts["XAddrs"] == f"http://{HOST}:80/onvif/device_service"
            await site.discovery.stop()
            assert (await site.listener.next())[0] == "Bye"

    asyncio.run(scenario())


@pytest.mark.parametrize("to", [HOST, GROUP])
@pytest.mark.parametrize(
    ("body", "answer"), [("<d:Probe/>", "ProbeMatches"), (RESOLVE, "ResolveMatches")]
)
def test_it_answers_who_asks_it_and_who_asks_all(to, body, answer):
    async def scenario():
        async with running() as site:
            site.ear.ask(question(1, body), to)
            said, texts = await site.ear.next()
            assert (said, texts["RelatesTo"]) == (answer, f"{ME}:1")
            assert texts["XAddrs"] == f"http://{HOST}:80/onvif/device_service"

    asyncio.run(scenario())


def test_a_question_that_comes_again_is_answered_once_and_nonsense_never():
    async def scenario():
        async with running() as site:
            for octets in (question(1), b"nonsense", question(1), b"", question(2)):
                site.ear.ask(octets, GROUP)
            answered = [(await site.ear.next())[1]["RelatesTo"] for _ in range(2)]
            assert answered == [f"{ME}:1", f"{ME}:2"]
            assert site.ear.heard.empty()

    asyncio.run(scenario())


def test_what_a_camera_says_of_itself_may_change():
    async def scenario():
        async with running() as site:
            first = await site.listener.next()
            site.now = Found(ME, (*SCOPES, "onvif://x/y"), FOUND.paths)
            await site.discovery.look()
            said, texts = await site.listener.next()
            assert said == "Hello"
            assert texts["Scopes"] == f"{SCOPES[0]} onvif://x/y"
            assert int(texts["MetadataVersion"]) > int(first[1]["MetadataVersion"])
            await site.discovery.look()
            assert site.listener.heard.empty()

    asyncio.run(scenario())


def test_who_does_not_want_to_be_found_says_goodbye_and_is_silent_until_he_does():
    async def scenario():
        async with running() as site:
            await site.listener.next()
            site.now = Found(ME, SCOPES, FOUND.paths, says=False)
            await site.discovery.look()
            assert (await site.listener.next())[0] == "Bye"
            site.ear.ask(question(1), HOST)
            site.ear.ask(question(2, "<d:Resolve/>"), HOST)
            site.now = FOUND
            await site.discovery.look()
            assert (await site.listener.next())[0] == "Hello"
            site.ear.ask(question(3), HOST)
            assert (await site.ear.next())[1]["RelatesTo"] == f"{ME}:3"

    asyncio.run(scenario())


def test_a_camera_without_power_goes_without_a_word():
    async def scenario():
        async with running() as site:
            await site.listener.next()
            site.now = Found(ME, SCOPES, FOUND.paths, is_up=False)
            await site.discovery.look()
            site.ear.ask(question(1), HOST)
            site.now = FOUND
            await site.discovery.look()
            assert (await site.listener.next())[0] == "Hello"  # and no Bye before it

    asyncio.run(scenario())


def test_many_questions_at_once_are_not_all_kept():
    async def scenario():
        async with running(delay_s=600.0) as site:
            for number in range(300):
                site.ear.ask(question(number), HOST)
            # They are all read in the turns of the loop that this takes.
            for _ in range(10):
                await site.discovery.look()
            assert 0 < len(site.discovery._waiting) <= 64

    asyncio.run(scenario())


def test_who_does_not_want_to_be_found_any_more_gives_no_answer_that_waited():
    async def scenario():
        async with running(delay_s=600.0) as site:
            site.ear.ask(question(1), HOST)
            while not site.discovery._waiting:
                await site.discovery.look()
            (waited,) = site.discovery._waiting
            site.now = Found(ME, SCOPES, FOUND.paths, says=False)
            await site.discovery.look()
            waited._run()
            site.now = FOUND
            await site.discovery.look()
            site.discovery._delay_s = lambda: 0.0
            site.ear.ask(question(2), HOST)
            assert (await site.ear.next())[1]["RelatesTo"] == f"{ME}:2"

    asyncio.run(scenario())


def test_a_camera_that_can_not_be_looked_at_is_as_it_was_until_it_can(monkeypatch, caplog):
    monkeypatch.setattr(discovery, "LOOK_S", 0.0)

    async def scenario():
        async with running() as site:
            await site.listener.next()
            del site.now
            async with asyncio.timeout(30):
                while not caplog.messages:
                    await asyncio.to_thread(int)  # lets others have their turn
            site.ear.ask(question(1), HOST)
            assert (await site.ear.next())[1]["RelatesTo"] == f"{ME}:1"
            site.now = Found(ME, ("onvif://x/y",), FOUND.paths)
            assert (await site.listener.next())[1]["Scopes"] == "onvif://x/y"

    asyncio.run(scenario())
    assert caplog.messages == ["discovery: what the camera says of itself can't be told"]


def test_an_interface_where_it_can_not_be_leaves_the_others(monkeypatch, caplog):
    monkeypatch.setattr(discovery, "_addresses", lambda host: ["192.0.2.1", HOST])

    async def scenario():
        async with running() as site:
            assert (await site.listener.next())[0] == "Hello"

    with caplog.at_level(logging.INFO, "stuntcam"):
        asyncio.run(scenario())
    (line,) = caplog.messages
    assert line.startswith("can't be discovered: 192.0.2.1 port 3702: ")


@pytest.mark.parametrize("host", ["::1", "192.0.2.1"])
def test_where_it_can_not_be_it_is_off_with_one_line(host, caplog):
    async def scenario():
        one = Discovery(lambda: FOUND, host, lambda: 0.0, lambda: "urn:uuid:1", 1)
        await one.start()
        await one.stop()

    with caplog.at_level(logging.INFO, "stuntcam"):
        asyncio.run(scenario())
    (line,) = caplog.messages
    assert line.startswith(f"can't be discovered: {host} port 3702: ")
