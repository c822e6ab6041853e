"""A camera's HTTP interface from outside, on raw sockets: what clients in the field never send.

One camera in this process, its clip played to the end; its answers are read off the wire by
hand. Statuses are those of CONTRACT 6 and no others, and nothing but a set request that says
"succeed" changes a setting.
"""

import asyncio
import base64
import contextlib
import gzip
import json
import logging
import re
import socket
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from aiohttp import web
from cameras import ADMIN, Played, camera
from clips import walk
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from emulator import serving
from emulator.core.settings import HeatSettings
from emulator.edge import http
from emulator.edge.gate import Gate
from emulator.edge.sources import VideoFile

PATIENCE_S = 30
KNOWN = {200, 400, 401, 403, 404, 405, 413}  # CONTRACT 6
BASIC = "Basic " + base64.b64encode(f"{ADMIN.name}:{ADMIN.password}".encode()).decode()
GET = "/cgi-bin/operator/operator.cgi?action=get.heatmap.configuration&format=json"
SET = "/cgi-bin/operator/operator.cgi?action=set.heatmap.configuration"
EXPORT = SET.replace("configuration", "export")
ADD = "/cgi-bin/admin/admin.cgi?action=add.system.user"
CSV = "/dataloader.cgi?dw=heatmapcsv&time_start=2026-03-04-00:00:00"
MAP = "/dataloader.cgi?dw=spaceheatmap&time_start=2026-03-04-00:00:00"
PNG = "/report.png?time_start=2026-03-04-00:00:00"
FORMS = "/cgi-bin/viewer/viewer.cgi?action=get.system.information"
PATHS = ["/dataloader.cgi", "/report.png", "/snapshot.cgi", "/cgi-bin/snapshot.cgi", "/", "/x",
         "/cgi-bin/operator/snapshot.cgi", "/cgi-bin/admin/admin.cgi",
         "/cgi-bin/operator/operator.cgi", "/cgi-bin/viewer/viewer.cgi"]  # fmt: skip


LOGS = [logging.getLogger(name) for name in ("aiohttp.server", "aiohttp.web", "asyncio")]


class Faults(logging.Handler):
    """Collects what the server logs of faults of its own; nobody else hears of it."""

    def __init__(self):
        super().__init__()
        self.records = []
        self.addFilter(serving.is_news)
        for log in LOGS:
            log.addHandler(self)
            log.propagate = False

    def emit(self, record):
        self.records.append((record.getMessage(), record.exc_info))

    def close(self):
        for log in LOGS:
            log.removeHandler(self)
            log.propagate = True
        super().close()


class Served:
    """A camera and its listener in a thread of their own."""

    def __init__(self, source, path=None):
        self.camera = camera(source, path, HeatSettings(enable=1))
        self.camera.start()
        assert self.camera.wait_for_end(60)
        self.faults = Faults()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.port = self._in_loop(self._open())

    async def _open(self):
        gate = Gate(self.camera.accounts, time.monotonic, b"secret", lambda: b"salt")
        self._runner = web.AppRunner(
            http.application(self.camera, gate.guarding), access_log=None, shutdown_timeout=1
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self._runner.addresses[0][1]

    def _in_loop(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE_S)

    async def _end(self):
        await self._runner.cleanup()
        # aiohttp still listens for a while to clients that were refused in the middle.
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def close(self):
        self._in_loop(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()
        self.faults.close()
        self.camera.stop()

    @property
    def settings(self):
        return self.camera.fields("get.heatmap.configuration")

    def connect(self):
        peer = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return peer

    def send(self, octets):
        """Everything that comes back for `octets` until the server hangs up."""
        with self.connect() as peer:
            # It may hang up before it has read everything.
            with contextlib.suppress(ConnectionError):
                peer.sendall(octets)
                peer.shutdown(socket.SHUT_WR)
            said = b""
            with contextlib.suppress(ConnectionError):
                while some := peer.recv(65536):
                    said += some
        return said

    def ask(self, target, method="GET", body=b"", head=(), login=BASIC):
        """(status, {field: value}, body) of a request that is well formed but for its parts."""
        with self.connect() as peer, peer.makefile("rb") as answer:
            with contextlib.suppress(ConnectionError):
                peer.sendall(request(target, method, body, head, login, close=True))
            status, fields, said = read(answer, method)
            return read(answer, method) if status == 100 else (status, fields, said)


def octets(text):
    return text if isinstance(text, bytes) else text.encode()


def request(target, method="GET", body=b"", head=(), login=BASIC, close=False):
    lines = [b"%b %b HTTP/1.1" % (octets(method), octets(target)), b"Host: camera"]
    lines += [b"Connection: close"] * close
    lines += [b"Authorization: " + octets(login)] if login is not None else []
    if not any(octets(line).lower().startswith((b"content-l", b"transfer-")) for line in head):
        lines += [b"Content-Length: %d" % len(body)]
    return b"\r\n".join([*lines, *(octets(line) for line in head), b"", octets(body)])


def read(answer, method="GET"):
    """One answer off a stream: (status, {field: value}, body)."""
    top = answer.readline()
    assert re.fullmatch(rb"HTTP/[01]\.[0-9] [0-9]{3} [ -~]*\r\n", top), top
    fields = {}
    while (line := answer.readline().rstrip(b"\r\n")) != b"":
        name, _, value = line.decode().partition(": ")
        fields[name.lower()] = value
    status = int(top[9:12])
    has_body = method != "HEAD" and status != 100
    body = answer.read(int(fields.get("content-length", 0))) if has_body else b""
    return status, fields, body


@pytest.fixture(scope="module")
def site(clip):
    site = Served(VideoFile(clip))
    yield site
    site.close()


@pytest.fixture(autouse=True)
def unharmed(site):
    """Whatever a test did: no fault was logged, and settings are as they were."""
    before = site.settings
    yield
    assert site.settings == before
    assert site.faults.records == []
    assert site.ask(CSV)[0] == 200


# --- worked examples ----------------------------------------------------------------------------


@pytest.mark.parametrize("target", [CSV, MAP, PNG, "/snapshot.cgi", "/cgi-bin/snapshot.cgi"])
def test_head_tells_what_get_would_without_the_body(site, target):
    status, fields, body = site.ask(target)
    assert (status, len(body)) == (200, int(fields["content-length"]))
    head_status, head_fields, nothing = site.ask(target, "HEAD")
    assert (head_status, nothing) == (200, b"")
    told = ("content-length", "content-type", "server")
    assert [head_fields[name] for name in told] == [fields[name] for name in told]


def test_head_sets_nothing(site):
    assert site.ask(SET + "&mintime=5", "HEAD")[0] == 405


@pytest.mark.parametrize("sent", [("GET", b""), ("POST", b'{"sensitivity":6,"mintime":300}')])
def test_what_is_set_is_set_when_the_answer_comes(site, sent):
    before = site.settings
    query = "&sensitivity=6&mintime=300" if sent[0] == "GET" else ""
    assert site.ask(SET + query, *sent)[2] == b'{"setState":"succeed"}'
    assert json.loads(site.ask(GET)[2]) == before | {"sensitivity": 6, "mintime": 300}
    back = b'{"sensitivity":5,"mintime":30}'
    assert site.ask(SET, "POST", back)[2] == b'{"setState":"succeed"}'


def test_a_connection_is_kept_for_the_next_request(site):
    with site.connect() as peer, peer.makefile("rb") as answer:
        for target, status in (
            (CSV, 200),
            ("/nowhere", 404),
            (SET + "&mintime=0", 200),
            (MAP, 200),
        ):
            peer.sendall(request(target))
            assert read(answer)[0] == status
        peer.sendall(request(CSV, login=None))
        assert read(answer)[0] == 401
        peer.sendall(request("/snapshot.cgi"))
        assert read(answer)[2].startswith(b"\xff\xd8")


def test_requests_sent_in_one_go_are_answered_in_order(site):
    with site.connect() as peer, peer.makefile("rb") as answer:
        peer.sendall(b"".join(request(target) for target in (CSV, MAP, "/x", PNG)))
        types = [read(answer)[1]["content-type"].partition(";")[0] for _ in range(4)]
    assert types == ["text/csv", "application/json", "text/plain", "image/png"]


@pytest.mark.parametrize(
    ("form", "content_type", "begins"),
    [
        ("", "text/javascript; charset=UTF-8", b"var deviceName='"),
        ("&format=inf", "text/html; charset=UTF-8", b"deviceName="),  # [OBS], facts 2.1
        ("&format=json", "application/json; charset=UTF-8", b'{"deviceName":"'),
        ("&format=xml", "text/javascript; charset=UTF-8", b"var deviceName='"),
    ],
)
def test_the_three_forms_and_their_types(site, form, content_type, begins):
    status, fields, body = site.ask(FORMS + form)
    assert (status, fields["content-type"]) == (200, content_type)
    assert body.startswith(begins)


def test_the_export_is_set_either_way_and_its_passwords_are_never_told(site):
    done = b'{"setState":"succeed"}'
    assert site.ask(EXPORT + "&ftpServer=192.168.5.9&ftpPort=2121&ftpPassword=007")[2] == done
    body = b'{"exportTime":1,"exportTo":0,"exportHour":8,"smtpPassword":"Pass-word-7"}'
    assert site.ask(EXPORT, "POST", body)[2] == done
    for form in ("", "&format=inf", "&format=json"):
        status, _, told = site.ask(EXPORT.replace("set", "get") + form)
        assert status == 200
        assert b"ftpPort" in told
        assert b"assword" not in told
    assert json.loads(told)["ftpServer"] == "192.168.5.9"
    refused = json.loads(site.ask(EXPORT + "&exportHour=24")[2])
    assert refused["message"] == "hour (exportHour)=24 is outside 0..23"
    assert site.ask(EXPORT.replace("operator", "viewer"))[2] == b'{"setState":"failed"}'
    assert site.ask(EXPORT + "&exportTime=0")[2] == done


def test_every_answer_to_http_names_the_same_server(site):
    asked = [(CSV, "GET"), ("/x", "GET"), ("/snapshot.cgi", "PUT"), (SET, "POST")]
    servers = {site.ask(target, method)[1]["server"] for target, method in asked}
    servers.add(site.ask(CSV, login=None)[1]["server"])
    assert servers == {"httpd"}


def spaced(length):
    """A set request of so many bytes that changes nothing."""
    return b'{"enable":' + b" " * (length - len(b'{"enable":1}')) + b"1}"


def test_a_body_of_64_kib_is_read_and_a_byte_more_is_413(site):
    status, _, body = site.ask(SET, "POST", spaced(65_536))
    assert (status, body) == (200, b'{"setState":"succeed"}')
    assert site.ask(SET, "POST", spaced(65_537))[0] == 413


def chunked(*chunks):
    return b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in (*chunks, b""))


def test_a_body_may_come_in_chunks_or_packed_and_not_grow_too_large_by_it(site):
    in_chunks = ["Transfer-Encoding: chunked"]
    short = chunked(b'{"ena', b'ble":1}')
    assert site.ask(SET, "POST", short, in_chunks)[2] == b'{"setState":"succeed"}'
    assert site.ask(SET, "POST", chunked(*[spaced(30_000)] * 3), in_chunks)[0] == 413
    packed = ["Content-Encoding: gzip"]
    assert (
        site.ask(SET, "POST", gzip.compress(spaced(9000)), packed)[2] == b'{"setState":"succeed"}'
    )
    assert site.ask(SET, "POST", gzip.compress(bytes(50_000_000)), packed)[0] == 413


def test_a_client_may_ask_before_it_sends_its_body(site):
    with site.connect() as peer, peer.makefile("rb") as answer:
        peer.sendall(request(SET, "POST", b"", ["Expect: 100-continue", "Content-Length: 12"]))
        assert read(answer)[0] == 100
        peer.sendall(b'{"enable":1}')
        assert read(answer)[::2] == (200, b'{"setState":"succeed"}')


def test_many_ask_at_once_and_all_get_the_same_answer(site):
    targets = [CSV, MAP, PNG, "/snapshot.cgi", FORMS, GET, SET + "&enable=1", "/x"]
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(site.ask, targets * 24))
    for index in range(len(targets)):
        alike = {(status, body) for status, _, body in answers[index :: len(targets)]}
        assert len(alike) == 1
    assert [status for status, _, _ in answers[:8]] == [200] * 7 + [404]


def test_those_who_stop_halfway_hold_nobody_up(site):
    whole = request(SET, "POST", b'{"enable":1}')
    with contextlib.ExitStack() as open_ones:
        waiting = [open_ones.enter_context(site.connect()) for _ in range(len(whole))]
        for length, peer in enumerate(waiting):
            peer.sendall(whole[:length])
        # Somebody who wants a large answer and does not read it:
        deaf = open_ones.enter_context(site.connect())
        deaf.sendall(request("/snapshot.cgi") * 40)
        for target in (CSV, PNG, GET, SET + "&enable=1"):
            assert site.ask(target)[0] == 200
        for length, peer in enumerate(waiting):
            peer.sendall(whole[length:])
        for peer in waiting:
            with peer.makefile("rb") as answer:
                assert read(answer)[::2] == (200, b'{"setState":"succeed"}')


def test_who_hangs_up_without_waiting_harms_nobody(site):
    for target in (CSV, PNG, "/snapshot.cgi", SET + "&enable=1"):
        for _ in range(10):
            with site.connect() as peer:
                peer.sendall(request(target))
    with site.connect() as peer:
        peer.sendall(request(SET, "POST", b'{"mintime":', ["Content-Length: 99"]))


# --- laws ---------------------------------------------------------------------------------------

NO_LINE_END = st.binary(max_size=40).map(
    lambda some: bytes(byte for byte in some if byte not in b"\r\n\0")
)
# What can stand in a request line, but for the blank; with escapes that are none.
RAW = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30).map(str.encode)
ESCAPED = st.binary(max_size=12).map(lambda some: b"".join(b"%%%02x" % byte for byte in some))
NAMES = st.sampled_from(
    ["dw", "action", "format", "time_start", "time_end", "sub_type", "mintime", "map_mask",
     "scheduleList", "username", "password", "userLevel"]
).map(str.encode)  # fmt: skip
VALUES = st.sampled_from(
    ["heatmapcsv", "spaceheatmap", "set.heatmap.configuration", "get.heatmap.configuration",
     "add.system.user", "del.system.user", "get.system.user", "json", "inf", "0", "5", "-1", "301",
     "2026-03-04-05:00:00", "9999-12-31-23:59:59", "0001-01-01-00:00:00", "0" * 299, "[]", "%5B%5D",
     "[" * 2000, "9" * 6000, "", "%", "%zz", "%00", "%ff%fe", "%ED%A0%80", "+", "NaN"]
).map(str.encode)  # fmt: skip
PIECES = st.one_of(NAMES, VALUES, RAW, ESCAPED)
QUERIES = st.lists(
    st.one_of(st.tuples(NAMES, VALUES), st.tuples(PIECES, PIECES)).map(b"=".join) | PIECES,
    max_size=8,
).map(b"&".join)
ACCOUNTS_BEFORE = {"admin"}


def is_fine(site, before, status, body, sets):
    """Check one answer; put back what was set, where a request that sets has succeeded."""
    assert status in KNOWN
    if site.settings != before or set(site.camera.accounts()) != ACCOUNTS_BEFORE:
        assert sets
        assert (status, body) == (200, b'{"setState":"succeed"}')
        site.camera.act("set.heatmap.configuration", list(before.items()))
        for name in set(site.camera.accounts()) - ACCOUNTS_BEFORE:
            site.camera.act("del.system.user", [("username", name)])


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(PATHS), QUERIES)
@example("/dataloader.cgi", b"dw=heatmapcsv&time_start=%ff%zz%")
@example(
    "/cgi-bin/admin/admin.cgi",
    b"action=add.system.user&username=%ED%A0%80&password=abcdefg1&userLevel=1",
)
@example("/cgi-bin/operator/operator.cgi", b"action=set.heatmap.configuration&mintime=5&minsize=7")
def test_any_query_is_answered(site, path, query):
    before = site.settings
    status, _, body = site.ask(path.encode() + b"?" + query)
    is_fine(site, before, status, body, sets=b"action=" in query)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([*PATHS, CSV, SET, GET]), NO_LINE_END)
@example("/", b"#")
@example("//x:99999999", b"")
@example("http://[::1", b"")
def test_any_target_is_answered(site, path, rest):
    before = site.settings
    status, _, body = site.ask(path.encode() + rest)
    is_fine(site, before, status, body, sets=False)


FIELDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["Authorization", "Host", "Expect", "Upgrade", "Connection", "Range", "Cookie",
             "Content-Type", "Content-Encoding", "If-Modified-Since", "Accept-Encoding", "TE"]
        ).map(str.encode)
        | NO_LINE_END,
        st.sampled_from(
            ["100-continue", "websocket", "close", "keep-alive", "gzip", "deflate", "br", "x",
             "bytes=0-1", "Basic Og==", "Digest x", 'Digest username="', "Bearer x", "a" * 9000]
        ).map(str.encode)
        | NO_LINE_END,
    ).map(b": ".join),
    max_size=6,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([CSV, GET, "/x", SET]), FIELDS, st.sampled_from([BASIC, None]))
@example(CSV, [b"Expect: a miracle"], BASIC)
@example("/x", [b"Expect: \x80"], None)
@example(SET, [b"Expect: \x80"], BASIC)
@example(CSV, [b'Authorization: Digest username="\xff'], None)
def test_any_header_is_answered(site, target, fields, login):
    before = site.settings
    status, _, body = site.ask(target, head=fields, login=login)
    is_fine(site, before, status, body, sets=False)
    if login is None:
        assert status in {400, 401, 404}


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND"])
    | st.from_regex("[A-Za-z-]{1,12}", fullmatch=True),
    st.sampled_from([*PATHS, CSV, SET, GET, "*"]),
    st.binary(max_size=200),
)
def test_any_method_is_answered(site, method, target, body):
    assume(method != "HEAD")
    before = site.settings
    status, _, said = site.ask(target, method, body)
    is_fine(site, before, status, said, sets=False)
    if method not in {"GET", "POST"}:
        assert status in {400, 404, 405}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=8,
)
NUMBERS = st.integers(-2, 12) | st.integers(90, 310) | JSON
BODIES = st.dictionaries(
    st.sampled_from(["enable", "sensitivity", "minsize", "mintime", "adaptability", "map_mask",
                     "scheduleList", "username", "password", "userLevel"]) | st.text(max_size=9),
    NUMBERS | st.sampled_from(["1" * 299, "0" * 298, "abcdefg1", "\ud800abcdefg1"]),
    max_size=3,
).map(lambda document: json.dumps(document).encode())  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(
        [SET, ADD, GET, EXPORT, ADD.replace("add", "del"), SET.replace("operator", "viewer")]
    ),
    BODIES | st.binary(max_size=60),
    st.sampled_from([[], ["Content-Encoding: gzip"], ["Content-Encoding: deflate"]]),
)
@example(ADD, rb'{"username":"\ud800abc","password":"abcdefg1","userLevel":1}', [])
@example(ADD, rb'{"username":"abc","password":"\ud800abcdef1","userLevel":1}', [])
@example(EXPORT, rb'{"ftpPath":"\ud800"}', [])
@example(EXPORT, b'{"ftpPort":' + b"9" * 4300 + b"}", [])
@example(EXPORT, b'{"exportSpace":true,"smtpServer":[{}],"exportHour":null}', [])
@example(SET, b'{"sensitivity":6,"minsize":7}', [])
@example(SET, b'{"sensitivity":6,"minsize":0}', [])
@example(SET, b"neither packed nor JSON", ["Content-Encoding: gzip"])
@example(SET, b'{"mintime":' + b"[" * 950 + b"]" * 950 + b"}", [])
@example(SET, b'{"mintime":' + b"9" * 4300 + b"}", [])
def test_any_body_is_answered_and_sets_all_or_nothing(site, target, body, head):
    before = site.settings
    status, _, said = site.ask(target, "POST", body, head)
    if target == SET and said == b'{"setState":"succeed"}' and not head:
        wanted = {key: value for key, value in json.loads(body).items() if value != []}
        assert site.settings == before | wanted  # no day given: all days stay
    is_fine(site, before, status, said, sets=target in {SET, ADD, EXPORT})


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                [b"GET ", b"POST ", b"/snapshot.cgi", b" HTTP/1.1", b" HTTP/9.9", b"\r\n", b"\n",
                 b"\r", b"Host: x", b"Content-Length: 5", b"Content-Length: -1", b": ", b" ", b"\0",
                 b"Content-Length: 9" + b"9" * 30, b"Transfer-Encoding: chunked", b"zz\r\n",
                 b"0\r\n\r\n", b"\x16\x03\x01", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                 b"Connection: Upgrade\r\nUpgrade: h2c"]
            )
            | st.binary(max_size=20),
            max_size=14,
        ).map(b"".join),
    )
)  # fmt: skip
def test_any_bytes_at_all_are_answered_or_hung_up_on(site, octets):
    said = site.send(octets)
    if said:
        assert int(re.match(rb"HTTP/[0-9.]+ ([0-9]{3}) ", said)[1]) in KNOWN


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 250), max_size=6))
def test_a_request_may_come_in_any_pieces(site, cuts):
    whole = request(SET, "POST", b'{"enable":1}')
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    with site.connect() as peer, peer.makefile("rb") as answer:
        for start, end in pairwise(edges):
            peer.sendall(whole[start:end])
        assert read(answer)[::2] == (200, b'{"setState":"succeed"}')


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "octets",
    [
        b"HELLO\r\n\r\n",
        b"GET /snapshot.cgi\r\nHost: x y\0\r\n\r\n",
        b"GET /snapshot.cgi HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /snapshot.cgi HTTP/1.1\r\n\xff: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
    ],
    ids=lambda octets: ascii(octets[:30]),
)
def test_malformed_http_is_400(site, octets):
    with site.connect() as peer, peer.makefile("rb") as answer:
        peer.sendall(octets)
        assert read(answer)[0] == 400


def test_a_body_too_large_is_refused_before_it_is_sent(site):
    with site.connect() as peer, peer.makefile("rb") as answer:
        peer.sendall(request(SET, "POST", b"", ["Content-Length: 65537"]))
        assert read(answer)[0] == 413


@pytest.mark.parametrize(
    ("head", "begun"),
    [("Content-Length: 12", b'{"ena'), ("Transfer-Encoding: chunked", b'5\r\n{"ena\r\nzz\r\n')],
)
def test_a_body_that_gets_stuck_is_400(site, monkeypatch, head, begun):
    monkeypatch.setattr(http, "LONGEST_BODY_S", 0.1)
    with site.connect() as peer, peer.makefile("rb") as answer:
        peer.sendall(request(SET, "POST", b"", [head, "Expect: 100-continue"]))
        assert read(answer)[0] == 100  # so it is being waited for
        peer.sendall(begun)
        assert read(answer)[0] == 400


@pytest.mark.parametrize("packing", ["gzip", "deflate"])
def test_a_body_that_is_not_packed_as_its_head_says_is_400(site, packing):
    for body in (b"neither packed nor JSON", gzip.compress(b'{"enable":1}')[:-9] + b"x" * 9):
        head = [f"Content-Encoding: {packing}"]
        assert site.ask(SET, "POST", body, head)[0] == 400


@pytest.mark.parametrize(
    ("target", "method", "status"),
    [("/", "GET", 404), ("/dataloader.cgi/", "GET", 404), ("/DATALOADER.CGI", "GET", 404),
     ("/../dataloader.cgi", "PATCH", 404), ("/cgi-bin/admin/operator.cgi", "GET", 404),
     ("/dataloader.cgi?dw=vcalogcsv", "GET", 404), ("/dataloader.cgi?DW=heatmapcsv", "GET", 404),
     (CSV, "POST", 405), ("/snapshot.cgi", "DELETE", 405), (GET, "PUT", 405)],
)  # fmt: skip
def test_unknown_paths_and_methods(site, target, method, status):
    assert site.ask(target, method)[0] == status


# --- a store that refuses -----------------------------------------------------------------------


@pytest.fixture
def refusing(tmp_path):
    """A camera whose store can be spoilt: the site, and a function that runs SQL on its store."""
    path = tmp_path / "store"
    refusing = Served(Played(walk(250)), path)

    def spoil(statement):
        with sqlite3.connect(path) as other:
            other.execute(statement)
        other.close()

    yield refusing, spoil
    refusing.close()
    assert refusing.faults.records == []


@pytest.mark.parametrize(
    ("table", "target", "body"),
    [
        ("state", SET, b'{"mintime":5}'),
        ("account", ADD, b'{"username":"olga","password":"olga-secret-1","userLevel":1}'),
    ],
)
def test_what_can_not_be_stored_has_failed_and_says_so(refusing, table, target, body):
    site, spoil = refusing
    before = site.settings
    spoil(
        f"CREATE TRIGGER full BEFORE INSERT ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    status, _, said = site.ask(target, "POST", body)
    assert status == 200
    assert json.loads(said)["setState"] == "failed"
    assert json.loads(said)["message"].endswith("is not done: the store can't be written")
    assert (site.settings, set(site.camera.accounts())) == (before, {"admin"})
    spoil("DROP TRIGGER full")
    assert site.ask(target, "POST", body)[2] == b'{"setState":"succeed"}'


def test_what_can_not_be_read_is_an_empty_report_and_the_rest_is_answered(refusing):
    site, spoil = refusing
    assert b'"value"' in site.ask(MAP)[2]
    spoil("DROP TABLE hour")
    assert site.ask(CSV)[::2] == (200, b"StartTime,EndTime,Value(s)\r\n")
    empty = b'{"max":0,"min":0,"map_w":192,"map_h":192,"data":[]}'
    assert site.ask(MAP)[::2] == (200, empty)
    for target in (PNG, "/snapshot.cgi", GET, FORMS):
        assert site.ask(target)[0] == 200
