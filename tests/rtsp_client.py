"""An RTSP client that does as the test says, right or wrong: octets over a socket.

Its Digest is worked out here, by RFC 2617, and not by the code under test.
"""

import hashlib
import re
import socket
import struct

ADMIN = ("admin", "stunt-double-1")


class Answer:
    """A status, fields by their names in small letters, and a body."""

    def __init__(self, head, body):
        line, *rest = head.decode().split("\r\n")
        self.version, status, self.reason = line.split(" ", 2)
        self.status = int(status)
        self.fields = {}
        for field in rest:
            name, _, value = field.partition(":")
            self.fields[name.lower()] = value.strip()
        self.body = body.decode()


class RtspClient:
    """One connection; `login`: a name and a password, or None for somebody unknown."""

    def __init__(self, port, login=ADMIN, host="127.0.0.1", path="/main"):
        self.host, self.port, self.path, self.login = host, port, path, login
        self.socket = socket.create_connection((host, port), timeout=30)
        self.packets = []  # what came within the connection: channel, octets
        self.session = None
        self._incoming = self.socket.makefile("rb")
        self._count = 0
        self._challenge = None

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def close(self):
        self._incoming.close()
        self.socket.close()

    @property
    def url(self):
        return f"rtsp://{self.host}:{self.port}{self.path}"

    def send(self, octets):
        self.socket.sendall(octets)

    def ask(self, method, uri=None, body=b"", session=True, **fields):
        """Ask, logging in if that is wanted; return the Answer."""
        answer = self._ask(method, uri or self.url, body, session, fields)
        if answer.status == 401 and self.login is not None and self._challenge is None:
            challenge = answer.fields["www-authenticate"]
            self._challenge = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
            answer = self._ask(method, uri or self.url, body, session, fields)
        if named := answer.fields.get("session"):
            self.session = named.partition(";")[0]
        return answer

    def set_up(self, transport="RTP/AVP/TCP;unicast;interleaved=0-1", track="track1"):
        return self.ask("SETUP", f"{self.url}/{track}", Transport=transport)

    def watch(self, transport="RTP/AVP/TCP;unicast;interleaved=0-1", track="track1"):
        """Set a track up and play it; return what SETUP was answered."""
        answer = self.set_up(transport, track)
        assert answer.status == 200, answer.status
        assert self.ask("PLAY").status == 200
        return answer

    def packet(self):
        """Return the next packet that comes within the connection: channel, octets."""
        if self.packets:
            return self.packets.pop(0)
        assert self._octets(1) == b"$"
        return self._packet()

    def is_over(self):
        """Wait until the other side has ended the connection."""
        try:
            while self._incoming.read(65536):
                pass
        except ConnectionError:
            pass
        return True

    def answer(self):
        """Return the next answer; packets before it are kept."""
        while (first := self._octets(1)) == b"$":
            self.packets.append(self._packet())
        head = first
        while not head.endswith(b"\r\n\r\n"):
            head += self._octets(1)
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        return Answer(head[:-4], self._octets(int(length[1])) if length else b"")

    def _packet(self):
        channel, length = struct.unpack(">BH", self._octets(3))
        return channel, self._octets(length)

    def _octets(self, count):
        octets = self._incoming.read(count)
        if len(octets) < count:
            raise EOFError("the camera has ended the connection")
        return octets

    def _ask(self, method, uri, body, session, fields):
        self._count += 1
        said = {"CSeq": self._count}
        if session and self.session is not None:
            said["Session"] = self.session
        if self._challenge is not None:
            said["Authorization"] = self._authorization(method, uri)
        if body:
            said["Content-Length"] = len(body)
        said |= {name.replace("_", "-"): value for name, value in fields.items()}
        lines = [f"{name}: {value}\r\n" for name, value in said.items() if value is not None]
        self.send(f"{method} {uri} RTSP/1.0\r\n{''.join(lines)}\r\n".encode() + body)
        return self.answer()

    def _authorization(self, method, uri):
        name, password = self.login
        realm, nonce = self._challenge["realm"], self._challenge["nonce"]
        who, what = _md5(f"{name}:{realm}:{password}"), _md5(f"{method}:{uri}")
        response = _md5(f"{who}:{nonce}:{what}")
        return (
            f'Digest username="{name}", realm="{realm}", nonce="{nonce}", uri="{uri}", '
            f'response="{response}"'
        )


def _md5(text):
    return hashlib.md5(text.encode()).hexdigest()
