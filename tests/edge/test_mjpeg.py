"""MJPEG from a real camera to real connections: who sees what, and what it costs to show."""

import asyncio
import threading
import time
from contextlib import asynccontextmanager

import cv2
import numpy as np
import pytest
from aiohttp import ClientSession, ClientTimeout, encode_basic_auth, web
from cameras import ADMIN, BEGINS_MS, Fed, camera

from emulator.core.streams.overlay import Over
from emulator.edge import http, mjpeg
from emulator.edge.gate import Gate
from emulator.edge.mjpeg import Mjpeg, Variant
from emulator.viewing import View

MAIN = "/ipcam/mjpeg.cgi"
LOGIN = {"Authorization": encode_basic_auth(ADMIN.name, ADMIN.password)}
WITHIN = ClientTimeout(total=60)
MOST = 3


def grey(level, rows=180, columns=320):
    return np.full((rows, columns), level, np.uint8)


class Watched(View):
    """A camera's view that remembers what it was asked to make."""

    def __init__(self, one):
        super().__init__(one)
        self.made, self.watchers = [], 0
        self.making, self.may_make = threading.Event(), threading.Event()
        self.may_make.set()

    def watch(self, seen):
        self.watchers += 1
        leave = super().watch(seen)

        def left():
            self.watchers -= 1
            leave()

        return left

    def jpeg(self, look, encoder, over):
        self.made.append((look.frame.at_ms, encoder.fraction, over))
        self.making.set()
        self.may_make.wait()
        return super().jpeg(look, encoder, over)


class Viewer:
    """One connection: its parts, as pictures."""

    def __init__(self, answer):
        self.answer = answer
        self.status = answer.status

    async def picture(self):
        reader = self.answer.content
        while (line := await reader.readline()) in {b"--stuntcam\r\n", b"\r\n"}:
            continue
        assert line == b"Content-Type: image/jpeg\r\n", line
        length = (await reader.readline()).removeprefix(b"Content-Length: ")
        assert await reader.readline() == b"\r\n"
        jpeg = await reader.readexactly(int(length))
        return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)

    async def level(self):
        """The brightness far from the clock."""
        return int(np.median((await self.picture())[-20:, -20:]))

    async def until(self, level):
        """Look until a picture of that brightness comes; returns how many there were."""
        count = 1
        while abs(await self.level() - level) > 2:
            count += 1
        return count


class Site:
    def __init__(self, one, session, url, motion, view):
        self.camera, self.motion, self.view = one, motion, view
        self._session, self._url, self._answers = session, url, []

    async def feed(self, *levels):
        for level in levels:
            await asyncio.to_thread(self.camera.player.source.feed, grey(level))

    async def ask(self, path=MAIN, method="GET", login=LOGIN):
        answer = await self._session.request(method, self._url + path, headers=login)
        self._answers.append(answer)
        return answer

    def leave(self):
        for answer in self._answers:
            answer.close()

    async def viewer(self, path=MAIN):
        return Viewer(await self.ask(path))

    async def until(self, true):
        async with asyncio.timeout(30):
            while not true():
                await self.feed(90)


@asynccontextmanager
async def served(clock=True):
    source = Fed()
    one = camera(source)
    source.hand(grey(100))
    one.start()
    view = Watched(one)
    motion = Mjpeg(view, MOST, clock)
    gate = Gate(one.accounts, time.monotonic, b"secret", lambda: b"salt")
    runner = web.AppRunner(http.application(one, gate.guarding, motion=motion.stream))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with ClientSession(timeout=WITHIN) as session:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            site = Site(one, session, url, motion, view)
            try:
                yield site
            finally:
                site.leave()
    finally:
        await motion.close()
        await runner.cleanup()
        source.end()
        await asyncio.to_thread(one.stop)


@pytest.fixture
def unhurried(monkeypatch):
    """No picture is shown again but when a new one comes."""
    monkeypatch.setattr(mjpeg, "REPEAT_S", 600.0)


# --- what is seen ---------------------------------------------------------------------------------


def test_a_viewer_sees_what_the_camera_sees_as_it_comes(unhurried):
    async def scenario():
        async with served() as site:
            viewer = await site.viewer()
            assert viewer.answer.headers["Content-Type"] == (
                "multipart/x-mixed-replace; boundary=stuntcam"
            )
            assert abs(await viewer.level() - 100) <= 2
            for level in (50, 150, 200):
                await site.feed(level)
                assert abs(await viewer.level() - level) <= 2

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("path", "size"),
    [  # a third and a sixth each way (core/streams/encoders.py)
        (MAIN, (180, 320)),
        ("/ipcam/mjpegcif.cgi", (60, 106)),
        ("/ipcam/httpstream.cgi", (180, 320)),
        ("/ipcam/httpstream.cgi?streamtype=cif", (60, 106)),
        ("/ipcam/httpstream.cgi?streamtype=third", (30, 52)),
    ],
)
def test_each_address_shows_its_stream_at_its_size(path, size):
    async def scenario():
        async with served() as site:
            viewer = await site.viewer(path)
            assert (await viewer.picture()).shape == (*size, 3)

    asyncio.run(scenario())


def test_the_clock_stands_over_it_unless_it_is_not_wanted():
    async def seen(clock, path):
        async with served(clock) as site:
            return (await (await site.viewer(path)).picture()).max()

    shows = {
        (clock, path): asyncio.run(seen(clock, path)) > 200
        for clock in (True, False)
        for path in (MAIN, f"{MAIN}?clock=0", f"{MAIN}?clock=1")
    }
    assert shows == {
        (True, MAIN): True,
        (True, f"{MAIN}?clock=0"): False,
        (True, f"{MAIN}?clock=1"): True,
        (False, MAIN): False,
        (False, f"{MAIN}?clock=0"): False,
        (False, f"{MAIN}?clock=1"): True,
    }


def test_while_nothing_new_comes_the_last_picture_is_shown_again(monkeypatch):
    monkeypatch.setattr(mjpeg, "REPEAT_S", 0.01)

    async def scenario():
        async with served() as site:
            viewer = await site.viewer()
            assert [abs(await viewer.level() - 100) <= 2 for _ in range(4)] == [True] * 4

    asyncio.run(scenario())


def test_whoever_comes_sees_what_is_there_then_not_what_was_made_for_those_before(unhurried):
    async def scenario():
        async with served() as site:
            first = await site.viewer()
            assert abs(await first.level() - 100) <= 2
            site.view.may_make.clear()
            site.view.making.clear()
            await site.feed(50)  # the picture of this one takes its time
            await asyncio.to_thread(site.view.making.wait)
            await site.feed(150)
            second = await site.viewer()
            site.view.may_make.set()
            assert abs(await second.level() - 150) <= 2

    asyncio.run(scenario())


# --- what it costs --------------------------------------------------------------------------------


def test_a_picture_is_made_once_for_all_who_look_and_never_for_nobody(unhurried):
    async def scenario():
        async with served() as site:
            await site.feed(10, 20, 30)
            assert site.view.made == []
            viewers = [await site.viewer() for _ in range(3)]
            for viewer in viewers:
                await viewer.until(30)
            for level in (150, 60):
                await site.feed(level)
                for viewer in viewers:
                    await viewer.until(level)
            # Once more for each who came to a picture that was there before him.
            assert len(set(site.view.made)) <= 3
            assert len(site.view.made) <= 3 + 2
            assert site.view.watchers == 1
            for viewer in viewers:
                viewer.answer.close()
            await site.until(lambda: not site.view.watchers)
            made = len(site.view.made)
            await site.feed(10, 20, 30)
            assert len(site.view.made) == made

    asyncio.run(scenario())


def test_other_things_over_it_are_another_picture(unhurried):
    async def scenario():
        async with served() as site:
            for path in (MAIN, f"{MAIN}?boxes=1", "/ipcam/mjpegcif.cgi"):
                await (await site.viewer(path)).picture()
            assert {(size, over.boxes) for _, size, over in site.view.made} == {
                (1, False), (1, True), (3, False),
            }  # fmt: skip

    asyncio.run(scenario())


def test_who_is_slow_misses_pictures_and_keeps_nobody_waiting(unhurried, monkeypatch):
    noise = np.random.default_rng(1).integers(0, 256, (720, 1280), np.uint8)
    monkeypatch.setattr(mjpeg, "STUCK_S", 600.0)

    async def scenario():
        async with served() as site:
            slow, quick = await site.viewer(), await site.viewer()
            slow.answer.content._protocol.transport.pause_reading()
            for level in range(25):
                noisy = noise.copy()
                noisy[-40:] = 9 * level
                await asyncio.to_thread(site.camera.player.source.feed, noisy)
                await quick.until(9 * level)
            slow.answer.content._protocol.transport.resume_reading()
            assert await slow.until(9 * 24) < 25

    asyncio.run(scenario())


# --- ends and refusals ---------------------------------------------------------------------------


def test_who_takes_nothing_is_sent_away_and_gives_his_place_free(unhurried, monkeypatch):
    monkeypatch.setattr(mjpeg, "STUCK_S", 0.05)
    noise = np.random.default_rng(1).integers(0, 256, (1080, 1920), np.uint8)

    async def scenario():
        async with served() as site:
            stuck = await site.viewer()
            stuck.answer.content._protocol.transport.pause_reading()
            async with asyncio.timeout(60):
                while site.view.watchers:
                    await asyncio.to_thread(site.camera.player.source.feed, noise)

    asyncio.run(scenario())


def test_the_next_viewer_finds_no_place_until_one_has_left():
    async def scenario():
        async with served() as site:
            viewers = [await site.viewer() for _ in range(MOST)]
            refused = await site.ask()
            assert (refused.status, await refused.text()) == (503, "3 viewers are the most\n")
            viewers[0].answer.close()
            async with asyncio.timeout(30):
                while (await site.ask(method="GET")).status != 200:
                    await site.feed(90)

    asyncio.run(scenario())


def test_streams_end_in_good_order_with_the_camera(unhurried):
    async def scenario():
        async with served() as site:
            viewer = await site.viewer()
            await viewer.picture()
            await site.motion.close()
            assert (await viewer.answer.content.read()).strip() in {b"", b"--stuntcam"}
            assert (await site.ask()).status == 503

    asyncio.run(scenario())


def test_a_stream_that_failed_ends_in_good_order_and_the_next_viewer_has_another(unhurried, caplog):
    async def scenario():
        async with served() as site:
            viewer = await site.viewer()
            await viewer.picture()
            slow_to_leave = site.motion._joined(Variant("main", Over(clock=True)))
            async with slow_to_leave as (failed, _):
                encoder, site.view.encoder = site.view.encoder, broken
                await site.feed(50)
                assert (await viewer.answer.content.read()).strip() in {b"", b"--stuntcam"}
                assert failed.is_over
                site.view.encoder = encoder
                assert abs(await (await site.viewer()).level() - 50) <= 2

    asyncio.run(scenario())
    assert [line for line in caplog.messages if "fault" in line] == [
        "MJPEG: main has ended by a fault"
    ]


def broken(*_):
    raise ValueError("the disk is gone")


def test_other_answers(unhurried):
    async def scenario():
        async with served() as site:
            assert (await site.ask(login={})).status == 401
            assert (await site.ask("/ipcam/httpstream.cgi?streamtype=x")).status == 404
            assert (await site.ask(method="POST")).status == 405
            head = await site.ask(method="HEAD")
            assert head.headers["Content-Type"].startswith("multipart/x-mixed-replace")
            assert await head.read() == b""
            assert site.view.made == []
            assert site.camera.now_ms() >= BEGINS_MS

    asyncio.run(scenario())
