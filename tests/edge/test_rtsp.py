"""The RTSP port: real connections, right and wrong, and what becomes of them."""

import asyncio
import base64
import contextlib
import dataclasses
import select
import socket
import struct
import threading
from itertools import pairwise

import av
import numpy as np
import pytest
from aiohttp import web
from rtsp_client import RtspClient

from emulator.core.accounts import Account
from emulator.core.frame import Frame
from emulator.core.streams.encoders import DEFAULTS, Encoder
from emulator.edge.rtsp import Reading, RtspServer, tunnel
from emulator.listening import held

ADMIN = Account("admin", "admin", "stunt-double-1")
REPORT = struct.pack(">BBHI", 0x80, 201, 1, 5)  # a receiver's, of RFC 3550's 6.4.2


class Shown:
    """A camera that shows what the test hands it: grey pictures, 40 ms each."""

    def __init__(self):
        self.watchers, self.accounts_by_name = [], {"admin": ADMIN}
        self.encoders = DEFAULTS
        self.joined, self.left = threading.Semaphore(0), threading.Semaphore(0)
        self.at_ms, self.text, self.objects = 0, None, []
        self.frame = self._frame(100)

    def _frame(self, level, rows=48, columns=64):
        luma = np.full((rows, columns), level, np.uint8)
        self.at_ms += 40
        return Frame(self.at_ms, self.at_ms + 40, luma, lambda: np.repeat(luma[:, :, None], 3, 2))

    def show(self, *levels, **size):
        for level in levels:
            self.frame = self._frame(level, **size)
            for seen in list(self.watchers):
                seen(self.frame)

    @contextlib.contextmanager
    def playing(self, level, **size):
        """Show one brightness, 25 pictures a second."""
        over = threading.Event()

        def play():
            while not over.wait(0.04):
                self.show(level, **size)

        self.show(level, **size)
        thread = threading.Thread(target=play)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def watch(self, seen):
        self.watchers.append(seen)
        self.joined.release()

        def leave():
            self.watchers.remove(seen)
            self.left.release()

        return leave

    def latest(self):
        return self.frame

    def in_view(self):
        return {"maxWidth": 64, "maxHeight": 48, "objectList": self.objects}

    def reading(self, film_ms):
        return Reading(self.text, 1_772_600_400_000 + (film_ms or 0))

    def encoder(self, stream):
        return self.encoders[stream]

    def plays_real(self):
        return True

    def accounts(self):
        return self.accounts_by_name


class Served:
    """A server in a thread of its own, over what `shown` shows."""

    def __init__(self, **limits):
        self.shown, self._limits = Shown(), {"most_streams": 10, "held": held} | limits
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    async def _serve(self):
        self.server = RtspServer(self.shown, self._listener, "IP Camera", **self._limits)
        await self.server.start()
        site = web.Application()
        site.router.add_routes(tunnel.handlers(self.server.tunnels))
        site.on_shutdown.append(self.server.tunnels.close)
        runner = web.AppRunner(site)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.http_port = runner.addresses[0][1]
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()
        await self.server.close()

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(self, *failure):
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(30)
        assert not self._thread.is_alive()
        assert not self.shown.watchers  # no work is left behind


@pytest.fixture
def served():
    with Served() as one:
        yield one


@pytest.fixture
def client(served):
    with RtspClient(served.port) as one:
        yield one


def statuses(client, *requests):
    return [client.ask(method, **more).status for method, more in requests]


def nal_kinds(client):
    """Return the kinds of H.264's units in the next picture within the connection."""
    kinds = []
    while True:
        channel, packet = client.packet()
        if channel != 0:
            continue
        kind = packet[12] & 31
        if kind == 24:  # several in one packet, each with its length
            at = 13
            while at < len(packet):
                kinds.append(packet[at + 2] & 31)
                at += 2 + int.from_bytes(packet[at : at + 2], "big")
        else:
            kinds.append(packet[13] & 31 if kind == 28 else kind)
        if packet[1] & 0x80:
            return kinds


# --- what a player does -------------------------------------------------------------------------


def test_a_player_asks_logs_in_sets_up_plays_pauses_and_leaves(served, client):
    options = client.ask("OPTIONS")
    assert options.status == 200
    assert "PLAY" in options.fields["public"]
    described = client.ask("DESCRIBE", Accept="application/sdp")
    assert described.status == 200
    assert described.fields["content-base"] == f"rtsp://127.0.0.1:{served.port}/main/"
    assert "a=rtpmap:96 H264/90000" in described.body
    assert "sprop-parameter-sets=" in described.body
    set_up = client.set_up()
    assert set_up.fields["session"].endswith(";timeout=60")
    assert "interleaved=0-1" in set_up.fields["transport"]
    playing = client.ask("PLAY", Range="npt=0.000-")
    assert playing.status == 200
    assert "track1;seq=" in playing.fields["rtp-info"]
    assert nal_kinds(client)[-1] == 5
    assert statuses(client, ("PAUSE", {}), ("PLAY", {}), ("GET_PARAMETER", {})) == [200] * 3
    assert client.ask("TEARDOWN").status == 200
    assert client.ask("PLAY", session=False).status == 455


def test_nothing_is_made_until_somebody_plays_nor_after_the_last_has_left(served, client):
    client.ask("DESCRIBE")
    client.set_up()
    assert not served.shown.watchers
    client.ask("PLAY")
    assert served.shown.joined.acquire(timeout=30)
    with RtspClient(served.port) as second:
        second.watch()
        nal_kinds(second)
        assert len(served.shown.watchers) == 1  # one for all
    client.ask("TEARDOWN")
    assert served.shown.left.acquire(timeout=30)
    assert not served.server.streams.studio.is_working


def test_who_comes_second_begins_with_a_whole_picture_and_shares_the_packets(served, client):
    client.watch()
    nal_kinds(client)
    served.shown.show(110)
    assert nal_kinds(client)[-1] == 1
    with RtspClient(served.port) as second:
        second.watch()
        assert nal_kinds(second)[:2] == [7, 8]
        whole = nal_kinds(client)
        assert whole[:2] == [7, 8]  # the first is sent the same
        client.packets.clear()
        served.shown.show(120)
        first, other = [], []
        for one, packets in ((client, first), (second, other)):
            while not packets or not packets[-1][1] & 0x80:
                packets.append(one.packet()[1])
        assert first == other


def test_the_first_thing_sent_is_the_senders_report_with_the_cameras_clock(served, client):
    client.watch()
    channel, report = client.packet()
    assert channel == 1
    assert report[1] == 200
    ntp_s = int.from_bytes(report[8:12], "big") - 2_208_988_800
    assert ntp_s == 1_772_600_400
    _, media = client.packet()
    assert report[16:20] == media[4:8]  # RTP's time of the same instant
    assert report[4:8] == media[8:12]


def test_pictures_keep_their_distance_in_rtps_time(served, client):
    client.watch()
    nal_kinds(client)
    served.shown.show(90, 110, 130, 150)  # at once; on the film they are 40 ms apart
    times, gaps = [], []
    # The first may come too soon after the one before, or that one be repeated meanwhile.
    while gaps[-2:] != [3600, 3600] and len(times) < 8:
        channel, packet = client.packet()
        if channel == 0 and packet[1] & 0x80:
            times.append(int.from_bytes(packet[4:8], "big"))
            gaps = [(after - before) % 2**32 for before, after in pairwise(times)]
    assert gaps[-2:] == [3600, 3600]


def test_while_nothing_new_is_shown_the_last_picture_is_sent_again(client):
    client.watch()
    nal_kinds(client)
    assert nal_kinds(client)[-1] == 1


def test_by_udp_packets_come_from_the_ports_that_were_told(served, client):
    with udp_pair() as (media, reports):
        ports = f"{media.getsockname()[1]}-{reports.getsockname()[1]}"
        answer = client.watch(f"RTP/AVP;unicast;client_port={ports}")
        told = answer.fields["transport"].partition("server_port=")[2].partition(";")[0]
        packet, sender = media.recvfrom(2000)
        assert packet[0] == 0x80
        report, reporter = reports.recvfrom(2000)
        assert report[1] == 200
        assert told == f"{sender[1]}-{reporter[1]}"
        assert sender[1] % 2 == 0


def test_the_metadata_track_tells_who_is_in_view(served, client):
    served.shown.objects = [
        {"objectIndex": 3, "left": 0, "top": 0, "right": 32, "bottom": 24, "stay": 5}
    ]
    client.set_up("RTP/AVP/TCP;interleaved=0-1", "track1")
    client.watch("RTP/AVP/TCP;interleaved=2-3", "track2")
    assert served.shown.joined.acquire(timeout=30)
    served.shown.show(100)
    # Were it not of this very picture it would never come: the same again tells of nobody.
    packet = next(
        octets for channel, octets in (client.packet() for _ in range(20)) if channel == 2
    )
    assert packet[1] == 0x80 | 107
    assert b'ObjectId="3"' in packet
    assert b'UtcTime="2026-03-04T05:00:00.080Z"' in packet


@pytest.mark.parametrize("codec", ["H264", "H265", "JPEG"])
def test_a_real_player_decodes_each_codec_at_the_streams_size(served, codec):
    served.shown.encoders = {"main": Encoder(codec=codec, profile=profile(codec), fraction=2)}
    with served.shown.playing(150, rows=384, columns=640), player(served) as watching:
        stream = watching.streams.video[0]
        assert stream.codec_context.name == {"H264": "h264", "H265": "hevc", "JPEG": "mjpeg"}[codec]
        picture = next(watching.decode(stream)).to_ndarray(format="bgr24")
    assert picture.shape == (192, 320, 3)
    assert abs(picture.mean() - 150) < 3


def player(served):
    url = f"rtsp://admin:stunt-double-1@127.0.0.1:{served.port}/main"
    quick = {"rtsp_transport": "tcp", "analyzeduration": "100000", "fpsprobesize": "0"}
    return av.open(url, options=quick, timeout=30)


def profile(codec):
    return "Baseline" if codec == "JPEG" else "Main"


def test_another_size_midway_is_a_new_beginning(served, client):
    client.watch()
    nal_kinds(client)
    served.shown.show(90, rows=96, columns=128)
    assert nal_kinds(client)[0] == 7


def test_a_whole_picture_comes_when_it_is_asked_for(served, client):
    client.watch()
    nal_kinds(client)
    served.server.refresh("main")
    served.shown.show(90)
    assert nal_kinds(client)[-1] == 5


def test_the_clock_is_written_over_the_picture(served):
    served.shown.text = "2026-03-04 05:00:00"
    with served.shown.playing(128, rows=360, columns=640), player(served) as watching:
        luma = next(watching.decode(video=0)).to_ndarray(format="gray")
    assert luma[:30].max() > 200
    assert luma[:30].min() < 60
    assert abs(int(luma[60:].max()) - int(luma[60:].min())) < 12


# --- over HTTP ----------------------------------------------------------------------------------


def test_rtsp_over_http_answers_by_the_get_what_comes_by_posts(served):
    with socket.create_connection(("127.0.0.1", served.port), 30) as get:
        get.sendall(b"GET /main HTTP/1.0\r\nx-sessioncookie: abc\r\n\r\n")
        incoming = get.makefile("rb")
        assert incoming.readline() == b"HTTP/1.0 200 OK\r\n"
        while incoming.readline() != b"\r\n":
            pass
        for number in (1, 2):
            with socket.create_connection(("127.0.0.1", served.port), 30) as post:
                post.sendall(b"POST /main HTTP/1.0\r\nx-sessioncookie: abc\r\n\r\n")
                request = f"OPTIONS rtsp://c/main RTSP/1.0\r\nCSeq: {number}\r\n\r\n".encode()
                post.sendall(base64.b64encode(request))
                assert incoming.readline() == b"RTSP/1.0 200 OK\r\n"
                assert incoming.readline() == f"CSeq: {number}\r\n".encode()
                while incoming.readline() != b"\r\n":
                    pass
        incoming.close()


class Tunnelled(RtspClient):
    """A client by way of HTTP."""

    def __init__(self, port):
        super().__init__(port)
        self.socket.sendall(b"GET /main HTTP/1.0\r\nx-sessioncookie: abc\r\n\r\n")
        assert self._incoming.readline() == b"HTTP/1.0 200 OK\r\n"
        while self._incoming.readline() != b"\r\n":
            pass
        self.post = socket.create_connection((self.host, port), timeout=30)
        head = b"POST /main HTTP/1.0\r\nx-sessioncookie: abc\r\nContent-Length: 32767\r\n\r\n"
        self.post.sendall(head)

    def close(self):
        self.post.close()
        super().close()

    def send(self, octets):
        self.post.sendall(base64.b64encode(octets))


@pytest.mark.parametrize("by_http", [True, False])
def test_a_tunnel_whose_session_has_ended_is_gone_and_its_posts_with_it(by_http):
    with Served(session_s=0.2) as served:
        port = served.http_port if by_http else served.port
        with Tunnelled(port) as client:
            assert client.set_up().status == 200
            assert client.is_over()
            with contextlib.suppress(ConnectionError):
                assert client.post.recv(1) == b""
            with socket.create_connection(("127.0.0.1", port), 30) as post:
                post.sendall(b"POST /main HTTP/1.0\r\nx-sessioncookie: abc\r\n\r\n")
                assert b" 404 " in post.makefile("rb").readline()


@pytest.mark.parametrize(
    "head", [b"POST /main HTTP/1.0\r\nx-sessioncookie: none\r\n", b"GET /main HTTP/1.1\r\n"]
)
def test_half_a_tunnel_is_not_found(served, head):
    with socket.create_connection(("127.0.0.1", served.port), 30) as connection:
        connection.sendall(head + b"\r\n")
        assert connection.makefile("rb").read().startswith(b"HTTP/1.0 404")


# --- who asks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("login", [None, ("admin", "wrong-1"), ("nobody", "stunt-double-1")])
def test_without_the_right_password_there_is_nothing_to_be_seen(served, login):
    with RtspClient(served.port, login) as client:
        for method in ("DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER", "TEARDOWN"):
            answer = client.ask(method)
            assert answer.status == 401
            challenge = answer.fields["www-authenticate"]
            assert challenge.startswith('Digest realm="IP Camera", nonce="')
            assert "MD5" in challenge
        assert client.ask("OPTIONS").status == 200


def test_what_was_overheard_is_of_no_use_in_another_connection(served, client):
    client.ask("DESCRIBE")
    overheard = client._authorization("DESCRIBE", client.url)
    with RtspClient(served.port, None) as thief:
        assert thief.ask("DESCRIBE", Authorization=overheard).status == 401


def test_credentials_for_one_stream_or_method_are_not_good_for_another(served, client):
    client.ask("DESCRIBE")
    other = client._authorization("DESCRIBE", client.url.replace("main", "sub"))
    assert client.ask("DESCRIBE", Authorization=other).status == 401
    other = client._authorization("OPTIONS", client.url)
    assert client.ask("DESCRIBE", Authorization=other).status == 401
    assert client.ask("DESCRIBE").status == 200


# --- wrong orders -------------------------------------------------------------------------------


def test_setup_comes_before_describe_and_tracks_in_any_order(client):
    assert client.set_up("RTP/AVP/TCP;interleaved=2-3", "track2").status == 200
    assert client.set_up("RTP/AVP/TCP;interleaved=0-1", "track1").status == 200
    assert client.ask("PLAY", f"{client.url}/track1").status == 200
    assert nal_kinds(client)[-1] == 5


def test_a_stream_is_set_up_by_its_own_address_and_without_a_session_again(client):
    assert client.ask("SETUP", Transport="RTP/AVP/TCP;unicast").status == 200
    session = client.session
    again = client.ask(
        "SETUP", f"{client.url}/track2", session=False, Transport="RTP/AVP/TCP;unicast"
    )
    assert again.status == 200
    assert "interleaved=2-3" in again.fields["transport"]
    assert client.session == session


def test_orders_that_make_no_sense_have_the_standards_statuses(served, client):
    assert statuses(client, ("PLAY", {}), ("PAUSE", {}), ("TEARDOWN", {})) == [455] * 3
    client.session = "feed"
    assert statuses(client, ("PLAY", {}), ("GET_PARAMETER", {})) == [454] * 2
    assert client.set_up().status == 454
    client.session = None
    client.watch()
    assert client.set_up().status == 455  # while it plays
    sub = client.url.replace("main", "sub")
    assert client.ask("PLAY", sub).status == 454
    client.ask("PAUSE")
    assert client.ask("SETUP", f"{sub}/track1", Transport="RTP/AVP/TCP").status == 459
    taken = client.set_up("RTP/AVP/TCP;interleaved=1-2", "track2")
    assert taken.status == 461


@pytest.mark.parametrize(
    ("method", "more", "status"),
    [
        ("ANNOUNCE", {}, 405),
        ("DANCE", {}, 501),
        ("DESCRIBE", {"Accept": "text/html"}, 406),
        ("DESCRIBE", {"Require": "www.onvif.org/ver20/backchannel"}, 551),
        ("DESCRIBE", {"uri": "rtsp://127.0.0.1/forth"}, 404),
        ("SETUP", {"Transport": "RTP/AVP;multicast"}, 461),
        ("SETUP", {"Transport": "RTP/AVP;unicast;client_port=x"}, 400),
        ("SETUP", {}, 461),
        ("GET_PARAMETER", {"body": b"volume\r\n"}, 451),
        ("SET_PARAMETER", {"body": b"volume: 11\r\n"}, 451),
        ("OPTIONS", {"uri": "*"}, 200),
    ],
)
def test_what_is_not_served_has_the_standards_status_and_the_talk_goes_on(
    client, method, more, status
):
    assert client.ask(method, **more).status == status
    assert client.ask("OPTIONS").status == 200


def test_the_session_past_the_limit_is_told_so_until_another_ends():
    with Served(most_streams=2) as served:
        clients = [RtspClient(served.port) for _ in range(3)]
        assert [one.set_up().status for one in clients] == [200, 200, 453]
        assert clients[0].ask("TEARDOWN").status == 200
        assert clients[2].set_up().status == 200
        for one in clients:
            one.close()


# --- hostile and broken clients -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (b"hello\r\n\r\n", b"400"),
        (b"\0\1\2\3\r\n\r\n", b"400"),
        (b"OPTIONS * RTSP/1.0\r\n\r\n", b"400"),  # no CSeq
        (b"OPTIONS * RTSP/3.0\r\nCSeq: 1\r\n\r\n", b"505"),
        (b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"OPTIONS * RTSP/1.0\r\nX: " + b"a" * 20_000, b"400"),
        (b"A" * 20_000, b"400"),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_connection_closed(served, octets, status):
    with socket.create_connection(("127.0.0.1", served.port), 30) as connection:
        connection.sendall(octets)
        said = b""
        try:
            while piece := connection.recv(4096):
                said += piece
        except ConnectionError:
            pass  # closed while octets of ours were unread
        assert said.startswith(b"RTSP/1.0 " + status)


def test_garbage_within_the_connection_is_passed_over(client):
    client.watch()
    for octets in (b"", b"x", REPORT, bytes(65535)):
        client.send(b"$\x07" + len(octets).to_bytes(2, "big") + octets)
    client.send(b"\r\n\r\n")
    assert client.ask("GET_PARAMETER").status == 200


def test_a_client_that_reads_nothing_holds_up_nobody_and_little_memory(served, client):
    served.shown.encoders = {"main": Encoder(codec="JPEG", profile="Baseline", quality=10)}
    stuck = RtspClient(served.port)
    stuck.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stuck.watch()
    client.watch()
    noise = np.random.default_rng(1).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    luma = np.ascontiguousarray(noise[:, :, 0])
    sent = 0
    for number in range(12):
        frame = Frame(40 * number, 40 * number + 40, luma, lambda: noise)
        served.shown.frame = frame
        for seen in list(served.shown.watchers):
            seen(frame)
        while not (got := client.packet())[1][1] & 0x80 or got[0]:
            sent += len(got[1])
    assert sent > 8_000_000  # far more than may wait
    unsent = [
        writer.transport.get_write_buffer_size() for writer in served.server._talking.values()
    ]
    assert len(unsent) == 2
    assert max(unsent) < 4_000_000
    stuck.close()


def test_who_asks_and_takes_no_answers_is_given_up():
    with Served(idle_s=0.2) as served:
        served._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", served.port))
            deaf.settimeout(1.0)
            with contextlib.suppress(OSError):
                while True:
                    deaf.sendall(b"OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n" * 1000)
            broken = select.poll()
            broken.register(deaf, 0)
            assert broken.poll(30_000)


def test_what_the_camera_can_not_read_is_its_own_trouble(served, client, caplog):
    assert client.ask("DESCRIBE").status == 200
    served.shown.encoder = broken
    assert client.ask("DESCRIBE").status == 503
    assert "RTSP: DESCRIBE rtsp://127.0.0.1" in caplog.text
    assert "the disk is gone" in caplog.text
    assert client.ask("OPTIONS").status == 200


def test_a_fault_of_ours_ends_the_sessions_so_that_viewers_come_again(served, client, caplog):
    client.watch()
    second = RtspClient(served.port)
    second.watch()
    encoder, served.shown.encoder = served.shown.encoder, broken
    served.shown.show(90)
    assert client.is_over()
    assert second.is_over()
    second.close()
    assert caplog.text.count("the streams have ended by a fault") == 1
    served.shown.encoder = encoder
    with RtspClient(served.port) as again:
        again.watch()
        assert 5 in nal_kinds(again)


def test_a_picture_for_a_studio_that_has_ended_is_not_the_next_ones(served, client):
    client.watch()
    assert served.shown.joined.acquire(timeout=30)
    stale = served.shown.watchers[0]
    client.ask("PAUSE")
    assert served.shown.left.acquire(timeout=30)
    stale(served.shown.frame)
    assert not served.server.streams.studio._waiting


def test_a_picture_a_little_longer_or_shorter_is_no_other_stream(served, client):
    told = [client.ask("DESCRIBE").body]
    for lasts_ms in (39, 42, 41):
        shown = served.shown.frame
        served.shown.frame = dataclasses.replace(shown, until_ms=shown.at_ms + lasts_ms)
        told.append(client.ask("DESCRIBE").body)
    assert told == told[:1] * 4
    served.shown.frame = dataclasses.replace(shown, until_ms=shown.at_ms + 80)
    other = client.ask("DESCRIBE").body
    assert "a=framerate:12.5" in other
    assert other != told[0]


def broken(*_):
    raise ValueError("the disk is gone")


def test_half_open_connections_and_sessions_are_given_up():
    with Served(session_s=0.2, idle_s=0.2) as served:
        silent = RtspClient(served.port)
        slow = RtspClient(served.port)
        slow.send(b"OPTIONS * RTSP/1.0\r\n")
        waiting = RtspClient(served.port)
        waiting.set_up()
        media, reports = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(2))
        deaf = RtspClient(served.port)
        deaf.watch("RTP/AVP;unicast;client_port=9-10")
        for one in (silent, slow, waiting, deaf):
            assert one.is_over()
            one.close()
        media.close()
        reports.close()
        with RtspClient(served.port) as another:
            assert another.set_up().status == 200


def test_who_reports_by_udp_is_not_given_up():
    with Served(session_s=1.0) as served, udp_pair() as (media, reports):
        ports = f"{media.getsockname()[1]}-{reports.getsockname()[1]}"
        with RtspClient(served.port) as client, served.shown.playing(90):
            told = client.watch(f"RTP/AVP;unicast;client_port={ports}").fields["transport"]
            number = int(told.partition("server_port=")[2].partition(";")[0].split("-")[1])
            for _ in range(50):  # pictures: twice the time and more
                media.recv(2000)
                reports.sendto(REPORT, ("127.0.0.1", number))
            assert client.ask("GET_PARAMETER").status == 200


def test_there_is_an_end_to_connections_too():
    with Served() as served:
        clients = [RtspClient(served.port) for _ in range(65)]
        assert clients[-1].answer().status == 503
        for one in clients:
            one.close()


def test_a_port_that_refuses_does_and_answers_again(served, client):
    client.watch()
    served.server.refuse("down", True)
    served.server.cut()
    assert client.is_over()
    with pytest.raises(ConnectionRefusedError):
        RtspClient(served.port)
    served.server.refuse("down", False)
    with RtspClient(served.port) as again:
        assert again.ask("OPTIONS").status == 200


@contextlib.contextmanager
def udp_pair():
    """A client's two ports."""
    first, second = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(2))
    with first, second:
        for one in (first, second):
            one.bind(("127.0.0.1", 0))
            one.settimeout(30)
        yield first, second
