"""Servers that no camera is: each does one thing wrong, on a bare socket of loopback."""

import contextlib
import re
import socket
import threading

EMPTY = "Content-Length: 0\r\n"
LARGE = 100 * 1024 * 1024


def hang(connection, _):
    """Take the request and say nothing."""
    connection.recv(65536)
    with contextlib.suppress(OSError):
        while connection.recv(65536):
            pass


def close(connection, _):
    """Hang up without a word."""
    connection.recv(65536)


def garbage(connection, _):
    """Answer what is no HTTP."""
    connection.recv(65536)
    connection.sendall(bytes(range(256)) * 40)


def redirect(connection, _):
    """Send everybody elsewhere."""
    said(connection, "302 Found", "Location: https://192.0.2.1/\r\n", b"")


def large(connection, _):
    """Answer 100 MB of nothing in particular."""
    said(connection, "200 OK", f"Content-Length: {LARGE}\r\n", b"")
    with contextlib.suppress(OSError):
        for _ in range(LARGE // 2**20):
            connection.sendall(b" " * 2**20)


def large_refusal(connection, _):
    """Refuse with 100 MB."""
    challenge = 'WWW-Authenticate: Digest realm="x", nonce="y", qop="auth"\r\n'
    said(connection, "401 Unauthorized", f"{challenge}Content-Length: {LARGE}\r\n", b"")
    with contextlib.suppress(OSError):
        for _ in range(LARGE // 2**20):
            connection.sendall(b" " * 2**20)


def endless_head(connection, over):
    """Never come to the end of the header, a byte at a time."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(OSError):
        while not over.wait(0.05):
            connection.sendall(b"a")


def dripping(connection, over):
    """Send the body a byte at a time, without end."""
    said(connection, "200 OK", "Content-Length: 1000000\r\n", b"")
    with contextlib.suppress(OSError):
        while not over.wait(0.05):
            connection.sendall(b" ")


def no_camera(connection, _):
    """Be a web server that knows nothing of all this."""
    said(connection, "404 Not Found", "Content-Length: 9\r\n", b"not here\n")


def refusing(connection, _):
    """Refuse every log-in."""
    challenge = 'WWW-Authenticate: Digest realm="x", nonce="y", qop="auth"\r\n'
    said(connection, "401 Unauthorized", f"{challenge}Content-Length: 0\r\n", b"")


def lying(connection, _):
    """Say yes to everything, with a form that says nothing."""
    said(connection, "200 OK", "Content-Length: 2\r\n", b"{}")


def soap_bomb(connection, _):
    """Answer SOAP whose entities would fill the memory."""
    kinds = [f'<!ENTITY e{n} "{10 * (f"&e{n - 1};" if n else "aaaaaaaaaa")}">' for n in range(12)]
    body = f"<!DOCTYPE s [{''.join(kinds)}]>"
    body += '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>&e11;</s:Body>'
    body = (body + "</s:Envelope>").encode()
    said(connection, "200 OK", f"Content-Length: {len(body)}\r\n", body)


def flood(connection, over):
    """Begin an RTSP answer, and never end its header, as fast as can be."""
    connection.recv(65536)
    connection.sendall(b"RTSP/1.0 200 OK\r\n")
    with contextlib.suppress(OSError):
        while not over.is_set():
            connection.sendall(b"X: " + b"a" * 4000 + b"\r\n")


def rtsp_elsewhere(connection, _):
    """Send everybody who asks by RTSP elsewhere."""
    connection.recv(65536)
    connection.sendall(b"RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: rtsp://192.0.2.1/x\r\n\r\n")


def motion_without_end(connection, over):
    """Send JPEGs that are none, without end."""
    kind = "Content-Type: multipart/x-mixed-replace; boundary=frame\r\n"
    said(connection, "200 OK", kind, b"")
    with contextlib.suppress(OSError):
        while not over.is_set():
            connection.sendall(b"--frame\r\n\r\n" + b"\xff\xd8\xff" * 1000 + b"\r\n")


def odd_identity(connection, _):
    """Introduce itself with what no name is."""
    body = b'{"model": ["MS-C8165-PE"], "firmwareVersion": null, "snCode": "../../etc/x"}'
    said(connection, "200 OK", f"Content-Length: {len(body)}\r\n", body)


def marked_up(connection, _):
    """Introduce itself with what a terminal's library takes for an end of bold text."""
    body = b'{"model": "MS-C8165-PE", "firmwareVersion": "61.8.0.3[/b]", "snCode": "[red]"}'
    said(connection, "200 OK", f"Content-Length: {len(body)}\r\n", body)


def half_characters(connection, _):
    """Introduce itself as a camera, with text that is none in each field."""
    body = rb'{"model": "MS-C8165-PE", "firmwareVersion": "61.8.0.3-r8", "snCode": "\ud800"}'
    said(connection, "200 OK", f"Content-Length: {len(body)}\r\n", body)


def odd_challenge(connection, _):
    """Ask for a log-in that nobody knows."""
    said(connection, "401 Unauthorized", 'WWW-Authenticate: Digest realm="x"\r\n' + EMPTY, b"")


def unknown_algorithm(connection, _):
    """Ask for a Digest that is not invented yet."""
    challenge = 'WWW-Authenticate: Digest realm="x", nonce="y", algorithm=SHA-9, qop="auth"\r\n'
    said(connection, "401 Unauthorized", challenge + EMPTY, b"")


def busy(connection, _):
    """Have too much to do."""
    said(connection, "503 Service Unavailable", "Retry-After: 0\r\n" + EMPTY, b"")


def turning(url, is_turned, behaviour):
    """Be the camera at `url`, until `is_turned(head of a request)`; that one gets `behaviour`."""
    host, _, port = url.removeprefix("http://").partition(":")

    def serve(connection, over):
        head = connection.recv(65536, socket.MSG_PEEK).decode("latin-1")
        if is_turned(head):
            behaviour(connection, over)
            return
        with socket.create_connection((host, int(port)), timeout=60) as camera:
            camera.sendall(_one_request(connection))
            while piece := camera.recv(65536):
                connection.sendall(piece)

    return serve


def _one_request(connection):
    """The bytes of a request, which asks for no second one on its connection."""
    head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    while len(body) < int(length[1] if length else 0):
        body += connection.recv(65536)
    head = re.sub(rb"(?i)\r\nconnection: [^\r]*", b"", head)
    return head + b"\r\nConnection: close\r\n\r\n" + body


class Server:
    """Serves one connection a thread with `behaviour`; counts the requests."""

    def __init__(self, behaviour):
        self.requests = []
        self._behaviour, self._over = behaviour, threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._over.set()
        # Closing alone would not wake accept().
        with contextlib.suppress(OSError):
            socket.create_connection(self._socket.getsockname(), timeout=5).close()
        self._socket.close()

    def _accept(self):
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self._socket.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                thread.start()

    def _serve(self, connection):
        with connection:
            head = connection.recv(65536, socket.MSG_PEEK)
            if head:
                self.requests.append(head.decode("latin-1"))
            with contextlib.suppress(OSError):
                self._behaviour(connection, self._over)


def said(connection, status, headers, body):
    connection.recv(65536)
    head = f"HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n"
    connection.sendall(head.encode() + body)
