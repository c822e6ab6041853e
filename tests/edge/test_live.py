"""Live sources, from a real RTSP server that stalls, hangs up and talks nonsense.

The camera's clock is in the tests' hands: it moves on by 40 ms with each picture that is
decoded. Real time is waited for only until something has happened.
"""

import contextlib
import http.server
import re
import threading
import time
from itertools import pairwise

import cv2
import numpy as np
import pytest
from rtsp_server import RtspServer, grey

from emulator.edge.sources import LiveSource, network
from emulator.edge.sources.addresses import Address

BOUND_S = 60


class Clock:
    """Goes on by 40 ms whenever somebody looks."""

    def __init__(self):
        self.reads_ms = 1_000_000

    def __call__(self):
        self.reads_ms += 40
        return self.reads_ms


class Follower:
    """Follows a source in a thread, and keeps what it saw."""

    def __init__(self, address, fps=None, look=lambda frame: None, **patience):
        self.clock, self.seen, self.pauses = Clock(), [], []
        self._closed = threading.Event()
        self._changed = threading.Condition()
        self.source = LiveSource(address, fps, wait=self._pause, **patience)
        self._look = look
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def _pause(self, seconds):
        self.pauses.append(seconds)
        self._closed.wait(0.02)  # real pauses would make the tests slow

    def _follow(self):
        for frame in self.source.follow(self.clock):
            self._look(frame)
            with self._changed:
                self.seen.append(frame)
                self._changed.notify()

    def wait_for(self, claim):
        """Wait until `claim` of what was seen is true."""
        with self._changed:
            assert self._changed.wait_for(lambda: claim(self.seen), BOUND_S)

    def wait_until(self, claim):
        """Wait until `claim` of anything else is true."""
        until_s = time.monotonic() + BOUND_S
        while not claim():
            assert time.monotonic() < until_s
            time.sleep(0.002)

    def wait_for_more(self, count=5):
        """Wait until some more pictures were seen."""
        goal = len(self.frames) + count
        self.wait_for(lambda seen: len(self.frames) >= goal)

    @property
    def frames(self):
        return [frame for frame in self.seen if frame is not None]

    @property
    def outages(self):
        return self.seen.count(None)

    def close(self):
        self._closed.set()
        self.source.close()
        self._thread.join(BOUND_S)
        assert not self._thread.is_alive()


@pytest.fixture
def follow():
    """Follows servers and addresses; all is over at the end."""
    begun = []

    def begin(there, **how):
        address = network(there.url) if isinstance(there, RtspServer) else there
        begun.append(Follower(address, **how))
        return begun[-1]

    yield begin
    for follower in begun:
        follower.close()
    # The servers are gone. A reader may be about to say so, and the next test would hear it.
    for reader in [one for one in threading.enumerate() if one.name == "live"]:
        reader.join(BOUND_S)
        assert not reader.is_alive()


@pytest.fixture
def said(caplog):
    caplog.set_level("INFO", "stuntcam")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "stuntcam"]


@pytest.fixture
def server():
    with RtspServer(lambda index: grey(40 + index % 150)) as server:
        yield server


# --- pictures ------------------------------------------------------------------------------------


def test_pictures_arrive_and_stand_until_the_next_one(follow, server, said):
    one = follow(server)
    one.wait_for_more(20)
    frames = one.frames
    assert frames[0].cut
    assert not any(frame.cut for frame in frames[1:])
    assert all(a.until_ms == b.at_ms for a, b in pairwise(frames))
    assert all((frame.until_ms - frame.at_ms) % 40 == 0 for frame in frames)
    assert {frame.luma.shape for frame in frames} == {(48, 64)}
    levels = [int(frame.luma[20, 20]) for frame in frames]
    assert levels == sorted(levels)
    assert frames[0].picture().shape == (48, 64, 3)
    assert said() == []


def test_a_stream_that_goes_on_is_left_alone(follow, server):
    one = follow(server, stall_s=2.0)
    one.wait_for_more(75)  # 3 s of them
    assert (one.outages, server.plays) == (0, 1)


def test_it_is_read_over_tcp_and_asks_for_the_video_alone(follow, server):
    follow(server).wait_for_more(1)
    assert server.asked.count("SETUP") == 1


def test_user_and_password_are_sent_and_not_told(follow, said):
    with RtspServer(login="me:secret-1") as server:
        one = follow(server)
        one.wait_for_more(2)
        server.login = "me:another-1"
        server.hang_up()
        one.wait_until(lambda: len(one.pauses) >= 3)
        assert one.source.name == server.name
    assert "401" in " ".join(said())
    assert "secret-1" not in " ".join(said())


def test_who_looks_slowly_misses_pictures_and_does_not_lag(follow, server):
    may_look = threading.Semaphore(0)
    one = follow(server, look=lambda frame: may_look.acquire(timeout=BOUND_S))
    one.wait_until(lambda: one.source.count.decoded >= 30)
    newest = one.source.count.decoded
    for _ in range(2):
        may_look.release()
    one.wait_for(lambda seen: len(seen) >= 2)
    may_look.release(1000)
    one.wait_for_more(3)
    # What was held, and then at once the newest: in between 28 pictures were left out.
    assert one.source.count.dropped >= newest - 4
    assert one.frames[2].at_ms >= 1_000_000 + 40 * newest
    assert all(a.until_ms == b.at_ms for a, b in pairwise(one.frames) if not b.cut)


def test_more_pictures_a_second_than_wanted_are_thinned(follow, server):
    one = follow(server, fps=12.5)  # of 25 by the clock in hand
    one.wait_for_more(10)
    frames = one.frames
    assert all(frame.until_ms - frame.at_ms >= 80 for frame in frames)
    assert all(a.until_ms == b.at_ms for a, b in pairwise(frames))


def test_a_picture_of_another_size_is_a_cut_and_said_once(follow, said):
    def picture(index):
        return grey(100, 96, 128) if 20 <= index < 40 else grey(100)

    with RtspServer(picture) as server:
        one = follow(server)
        one.wait_for(lambda seen: len([f for f in one.frames if f.cut]) == 3)
        frames = one.frames
        shapes = [frame.luma.shape for frame in frames]
        cuts = [0] + [i for i in range(1, len(shapes)) if shapes[i] != shapes[i - 1]]
        assert [index for index, frame in enumerate(frames) if frame.cut] == cuts
        assert [shapes[index] for index in cuts] == [(48, 64), (96, 128), (48, 64)]
        assert said() == [
            f"{server.name}: pictures are now 128x96 yuv420p, not 64x48 yuv420p",
            f"{server.name}: pictures are now 64x48 yuv420p, not 128x96 yuv420p",
        ]
        assert one.outages == 0


class Web(http.server.BaseHTTPRequestHandler):
    """A camera's MJPEG at /live, and a recording at /film."""

    def do_GET(self):
        self.send_response(200)
        if self.path.startswith("/film"):
            self.send_header("Content-Length", str(len(self.server.film)))
            self.end_headers()
            self.wfile.write(self.server.film)
            return
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
        self.end_headers()
        with contextlib.suppress(OSError):
            while not self.server.over.wait(0.04):
                if self.server.is_stalled:
                    continue
                jpeg = cv2.imencode(".jpg", grey(90))[1].tobytes()
                head = f"--next\r\nContent-Type: image/jpeg\r\nContent-Length: {len(jpeg)}"
                self.wfile.write(f"{head}\r\n\r\n".encode() + jpeg + b"\r\n")

    def log_message(self, *said):
        """Not in a test's output."""


@pytest.fixture
def web(clip):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web) as server:
        server.film, server.over = clip.read_bytes(), threading.Event()
        server.is_stalled = False
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join(BOUND_S)


def test_mjpeg_over_http_is_live_too(follow, web, said):
    one = follow(network(f"{web.url}/live?channel=1"), stall_s=2.0)
    one.wait_for_more(5)
    assert abs(int(one.frames[-1].luma[20, 20]) - 90) <= 2
    assert all(a.until_ms == b.at_ms for a, b in pairwise(one.frames))
    web.is_stalled = True
    one.wait_until(said)
    name = f"{web.url}/live"
    assert said() == [f"{name}: no picture for 2 s; trying again until it shows pictures"]


def test_a_recording_on_the_web_is_not_taken_for_live(follow, web, said):
    one = follow(network(f"{web.url}/film.mp4"))
    one.wait_for(lambda seen: None in seen)
    one.wait_until(lambda: one.pauses)
    assert one.frames == []
    assert "is a recording, not live: fetch it and give the file" in said()[0]


# --- outages -------------------------------------------------------------------------------------


def hang_up(server):
    server.hang_up()


def shut(server):
    server.shut()


def stall(server):
    server.mood = "stall"


def nonsense(server):
    server.mood = "nonsense"


def spoil(server):
    server.mood = "spoil"


@pytest.mark.parametrize(
    ("go_wrong", "why"),
    [(hang_up, "it ended|reset"), (shut, "it ended|reset"), (stall, "no picture for 2 s"),
     (nonsense, "no picture for 2 s|Invalid data"), (spoil, "no picture for 2 s")],
)  # fmt: skip
def test_whatever_goes_wrong_is_told_and_it_comes_back(follow, server, said, go_wrong, why):
    one = follow(server, open_s=2.0, stall_s=2.0)
    one.wait_for_more(5)
    go_wrong(server)
    one.wait_for(lambda seen: None in seen)
    one.clock.reads_ms += 600_000
    one.wait_until(lambda: one.pauses)
    if go_wrong is shut:
        server.open()
    server.mood = "show"
    one.wait_for_more(5)
    assert one.outages == 1
    before = [frame for frame in one.frames if frame.at_ms < 1_600_000]
    after = [frame for frame in one.frames if frame.at_ms >= 1_600_000]
    # Ten minutes were not seen: the last picture before them stood for one of 25 a second.
    assert before[-1].until_ms - before[-1].at_ms == 40
    assert all(a.until_ms == b.at_ms for a, b in pairwise(before))
    assert [frame.cut for frame in after] == [True] + [False] * (len(after) - 1)
    assert re.search(why, said()[0])
    assert said()[0].startswith(f"{server.name}: ")
    assert said()[-1].startswith(f"{server.name} shows pictures, after ")


def test_who_looks_slowly_learns_of_an_outage_all_the_same(follow, server):
    may_look = threading.Semaphore(0)
    one = follow(server, look=lambda frame: may_look.acquire(timeout=BOUND_S))
    one.wait_until(lambda: one.source.count.decoded >= 5)
    server.hang_up()
    one.wait_until(lambda: server.plays == 2)
    goal = one.source.count.decoded + 5
    one.wait_until(lambda: one.source.count.decoded >= goal)
    may_look.release(1000)
    one.wait_for_more(5)
    # By the clock in hand the outage took no time, and the first pictures after it were missed.
    assert [frame.cut for frame in one.frames].count(True) == 2


def test_one_that_can_not_be_reached_is_tried_again_ever_more_seldom(follow, said):
    with RtspServer() as server:
        server.shut()
        one = follow(server)
        one.wait_until(lambda: len(one.pauses) >= 8)
        assert one.outages == 1
        assert one.pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
        assert one.frames == []
        server.open()
        one.wait_for_more(3)
        assert one.frames[0].cut
    assert said()[:1] == [
        f"{server.name}: Connection refused; trying again until it shows pictures"
    ]
    assert said()[1].startswith(f"{server.name} shows pictures, after ")


def test_one_that_never_answers_can_be_closed(follow):
    with RtspServer() as server:
        server.mood = "stall"
        one = follow(server, open_s=600.0, stall_s=600.0)
        one.wait_until(lambda: server.plays)
        one.close()  # returns, though the reader waits for a picture
    assert one.frames == []


def test_damaged_pictures_are_counted(follow, server):
    one = follow(server)
    one.wait_for_more(3)
    server.mood = "spoil"
    one.wait_until(lambda: one.source.count.damaged >= 3)
    server.mood = "show"
    one.wait_for_more(3)
    assert one.outages == 0


def test_a_source_that_is_no_stream_but_drawn_by_ffmpeg_works_too(follow):
    # As a webcam is opened: by the name of a device and of a format.
    one = follow(Address("camera:0", "testsrc=size=64x48:rate=25", "lavfi"))
    one.wait_for_more(3)
    assert one.frames[0].luma.shape == (48, 64)
    assert np.ptp(one.frames[0].luma) > 100
