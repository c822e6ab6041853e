"""A camera's RTSP server that does as the test says: shows, stalls, hangs up, talks nonsense.

H.264 over TCP, interleaved, on loopback; each client has an encoder of his own, so that his
stream begins with a whole picture. FFmpeg's own RTP muxer cuts pictures into packets.
"""

import base64
import contextlib
import socket
import threading
from fractions import Fraction

import av
import numpy as np

FPS = 25
NONSENSE = bytes(range(1, 256)) * 40  # "$" among it, so that it looks like packets as well


def grey(level, rows=48, columns=64):
    """A picture of one brightness."""
    return np.full((rows, columns), level, np.uint8)


class RtspServer:
    """Serves `picture(index)`: uint8 (rows, columns), asked for each client from 0 on.

    login  "user:password" that a client has to give, if any
    mood   what it does to its clients: "show", "stall" (says nothing), "nonsense", or
           "spoil" (pictures that can't be decoded); set it at any time
    """

    def __init__(self, picture=lambda index: grey(100), fps=FPS, login=None):
        self.picture, self.fps, self.login = picture, fps, login
        self.mood = "show"
        self.asked = []  # the methods and paths of all requests
        self.plays = 0  # how often somebody began to look
        self._over = threading.Event()
        self._clients, self._threads = set(), []
        self._door, self.port = None, 0
        self.open()

    @property
    def url(self):
        who = "" if self.login is None else f"{self.login}@"
        return f"rtsp://{who}127.0.0.1:{self.port}/main"

    @property
    def name(self):
        """The URL as messages may show it."""
        return f"rtsp://127.0.0.1:{self.port}/main"

    def open(self):
        """Listen, at the same port as before if it did before."""
        self._door = socket.create_server(("127.0.0.1", self.port))
        self.port = self._door.getsockname()[1]
        self._begin(self._welcome, self._door)

    def shut(self):
        """Refuse whoever comes, and hang up on whoever is there."""
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)  # or the thread would wait on for somebody
        self._door.close()
        self.hang_up()

    def hang_up(self):
        """End all connections without a word."""
        for client in list(self._clients):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self._over.set()
        self.shut()
        for thread in self._threads:
            thread.join(30)

    def _begin(self, job, *arguments):
        thread = threading.Thread(target=job, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _welcome(self, door):
        while True:
            try:
                client, _ = door.accept()
            except OSError:
                return
            self._clients.add(client)
            self._begin(self._talk, client)

    def _talk(self, client):
        with client, contextlib.suppress(OSError, EOFError):
            try:
                self._answer(client, client.makefile("rb"))
            finally:
                self._clients.discard(client)

    def _answer(self, client, incoming):
        while True:
            head = []
            while (line := incoming.readline()).strip():
                head.append(line.decode("latin-1").strip())
            if not line:
                return
            if not head or head[0].startswith("$"):
                continue  # a report on how the stream is received
            method, url, _ = head[0].split(" ", 2)
            said = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in head[1:])}
            self.asked.append(method)
            if not self._knows(said.get("authorization", "")):
                challenge = 'WWW-Authenticate: Basic realm="main"'
                self._reply(client, said, challenge, status="401 Unauthorized")
            elif method == "DESCRIBE":
                sdp = (
                    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=main\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n"
                    "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                    f"a=fmtp:96 packetization-mode=1\r\na=framerate:{self.fps}\r\n"
                    "a=control:track1\r\n"
                )
                kind = f"Content-Base: {url}/\r\nContent-Type: application/sdp"
                self._reply(client, said, kind, body=sdp)
            elif method == "SETUP":
                over = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1;timeout=60"
                wants_tcp = "TCP" in said["transport"]
                status = "200 OK" if wants_tcp else "461 Unsupported Transport"
                self._reply(client, said, over, status=status)
            elif method == "PLAY":
                self._reply(client, said, "Session: 1")
                self.plays += 1
                self._begin(self._show, client)
            else:
                self._reply(client, said, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN")

    def _knows(self, said):
        if self.login is None:
            return True
        return said == "Basic " + base64.b64encode(self.login.encode()).decode()

    @staticmethod
    def _reply(client, said, line, status="200 OK", body=""):
        head = f"RTSP/1.0 {status}\r\nCSeq: {said.get('cseq', 0)}\r\n{line}\r\n"
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        client.sendall(f"{head}{length}\r\n{body}".encode())

    def _show(self, client):
        with contextlib.suppress(OSError):
            stream = _Stream(self.fps)
            index = 0
            while client in self._clients and not self._over.wait(1 / self.fps):
                if self.mood == "nonsense":
                    client.sendall(NONSENSE)
                elif self.mood != "stall":
                    for packet in stream.packets(self.picture(index), self.mood == "spoil"):
                        client.sendall(packet)
                    index += 1


class _Stream:
    """Pictures in, RTP packets out; a picture of another size begins a new encoder."""

    def __init__(self, fps):
        self._fps, self._flushed = fps, []
        self._muxer = av.open(self, "w", format="rtp", options={"packetsize": "1400"})
        self._track = self._muxer.add_stream("libx264", rate=fps)
        self._track.width, self._track.height, self._track.pix_fmt = 64, 48, "yuv420p"
        self._encoder, self._size, self._count = None, None, 0

    def write(self, packet):  # FFmpeg flushes once a packet
        self._flushed.append(bytes(packet))
        return len(packet)

    def packets(self, picture, spoilt):
        if picture.shape != self._size:
            self._size = picture.shape
            self._encoder = av.CodecContext.create("libx264", "w")
            self._encoder.height, self._encoder.width = picture.shape
            self._encoder.pix_fmt, self._encoder.time_base = "yuv420p", Fraction(1, self._fps)
            self._encoder.framerate = Fraction(self._fps)
            quick = {"preset": "ultrafast", "tune": "zerolatency", "g": "10", "threads": "1"}
            self._encoder.options = quick
        frame = av.VideoFrame.from_ndarray(np.repeat(picture[:, :, None], 3, 2), "rgb24")
        frame.pts, frame.time_base = self._count, Fraction(1, self._fps)
        self._count += 1
        self._flushed.clear()
        for packet in self._encoder.encode(frame.reformat(format="yuv420p")):
            coded = packet
            if spoilt:
                octets = bytes(packet)
                coded = av.Packet(octets[:5] + b"\xff" * (len(octets) - 5))
                coded.pts, coded.dts, coded.time_base = packet.pts, packet.dts, packet.time_base
            coded.stream = self._track
            self._muxer.mux(coded)
        for packet in self._flushed:
            is_report = 192 <= packet[1] <= 223
            yield b"$" + bytes([is_report]) + len(packet).to_bytes(2, "big") + packet
