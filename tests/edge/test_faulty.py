"""Faults in HTTP, as a client on a real socket sees them, and the journal beside them."""

import asyncio
import socket
import threading
import time

import pytest
import requests
from aiohttp import web

from emulator.core.faults import order
from emulator.edge.faulty import Faulty
from emulator.edge.journal import MOST_ENTRIES, Journal

BODY = b"0123456789" * 100


class Server:
    """A web application behind faults and a journal, in a thread of its own."""

    def __init__(self):
        self.struck, self.cuts = (), []
        self.journal = Journal(lambda: 1_772_600_400_000)
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(30)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    async def _start(self):
        faulty = Faulty(
            lambda path: self.struck,
            lambda: web.Response(status=401),
            self.cuts.append,
            self.journal.note,
        )
        app = web.Application(middlewares=[self.journal.middleware, faulty.middleware])
        app.router.add_get("/report.png", self._report)
        app.router.add_route("*", "/{elsewhere:.*}", self._nowhere)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _report(self, request):
        self.journal.note(request, "user", "admin")
        return web.Response(body=BODY, content_type="image/png")

    async def _nowhere(self, request):
        raise web.HTTPNotFound

    def order(self, kind, **parameters):
        self.struck = (*self.struck, order(len(self.struck) + 1, kind, parameters))

    def get(self, path="/report.png"):
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def raw(self, path="/report.png"):
        """All that comes until the connection ends, and whether it was reset."""
        with socket.create_connection(("127.0.0.1", self.port), 30) as peer:
            peer.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            came = b""
            try:
                while piece := peer.recv(65536):
                    came += piece
            except ConnectionResetError:
                return came, True
            return came, False

    def last(self):
        """The journal's last entry, once it is written: an answer may come before it."""
        until_s = time.monotonic() + 10
        while not (entries := self.journal.entries()[0]):
            assert time.monotonic() < until_s
            time.sleep(0.001)
        return entries[-1]

    def stop(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.stop()


# --- what a client sees --------------------------------------------------------------------------


def test_without_faults_nothing_is_different(server):
    answer = server.get()
    assert (answer.status_code, answer.content) == (200, BODY)
    entry = server.last()
    assert (entry.method, entry.path, entry.status, entry.user) == (
        "GET",
        "/report.png",
        200,
        "admin",
    )
    assert (entry.near, entry.faults) == ((), ())


def test_a_late_answer_is_whole(server):
    server.order("latency", seconds=0.2)
    began_s = time.monotonic()
    assert server.get().content == BODY
    assert time.monotonic() - began_s >= 0.2


@pytest.mark.parametrize("status", [400, 503, 599])
def test_another_status_is_all_there_is(server, status):
    server.order("status", status=status)
    assert server.get().status_code == status
    assert server.last().faults == ("status",)


def test_a_reset_connection_gives_no_byte(server):
    server.order("reset")
    assert server.raw() == (b"", True)
    assert server.last().status is None


def test_right_credentials_are_refused_as_wrong_ones(server):
    server.order("unauthorized")
    assert server.get().status_code == 401


@pytest.mark.parametrize(("percent", "sent"), [(0, 0), (50, 500), (99, 990)])
def test_a_truncated_answer_promises_more_than_comes(server, percent, sent):
    server.order("truncate", percent=percent)
    came, _ = server.raw()
    head, _, body = came.partition(b"\r\n\r\n")
    assert b"Content-Length: 1000" in head
    assert body == BODY[:sent]
    assert server.last().status is None
    with pytest.raises(requests.RequestException):
        server.get()


def test_a_slow_answer_is_whole_and_takes_its_time(server):
    server.order("drip", bytes_per_s=2000)
    began_s = time.monotonic()
    answer = server.get()
    assert answer.content == BODY
    assert answer.headers["Content-Type"] == "image/png"
    assert time.monotonic() - began_s >= 0.4  # of 0.5 s in all


def test_a_reboot_in_mid_request_breaks_the_answer_and_cuts_the_power(server):
    server.order("reboot", percent=10, down_s=3)
    came, _ = server.raw()
    assert came.endswith(BODY[:100])
    assert server.cuts == [3]


def test_an_unknown_path_can_be_truncated_as_well(server):
    server.order("truncate", percent=50)
    came, _ = server.raw("/elsewhere")
    assert came.startswith(b"HTTP/1.1 404")


def test_faults_strike_together(server):
    server.order("latency", seconds=0.05)
    server.order("status", status=500)
    assert server.get().status_code == 500
    assert server.last().faults == ("latency", "status")


# --- the journal ---------------------------------------------------------------------------------


def test_an_unknown_path_comes_with_those_that_it_is_like(server):
    assert server.get("/reprot.png?x=1").status_code == 404
    entry = server.last()
    assert (entry.status, entry.near, entry.query) == (404, ("/report.png",), "x=1")


def test_the_journal_is_bounded_and_says_what_is_gone(server):
    with requests.Session() as session:
        for _ in range(MOST_ENTRIES + 5):
            session.get(f"http://127.0.0.1:{server.port}/report.png", timeout=30)
    entries, dropped = server.journal.entries()
    assert (len(entries), dropped) == (MOST_ENTRIES, 5)
    server.journal.clear()
    assert server.journal.entries() == ([], 0)


def test_a_long_path_is_cut_in_the_journal_alone(server):
    assert server.get("/" + "x" * 5000).status_code == 404
    assert len(server.last().path) == 2048
