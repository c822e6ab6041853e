"""A camera's view of a screen, as MJPEG: filmed at an angle, blurred, noisy, and late.

Frames go by the clock, never by counting, so a busy machine drops some and changes nothing else.
"""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
from screens import SCREEN

SIZE = 768, 432
BETWEEN = "filmed"
FAR = 40.0  # how far the lens is, in sixteenths of the screen's width


def corners(share, yaw, pitch=6.0, roll=3.0, size=SIZE):
    """Where a screen's corners are seen that is turned by so many degrees: (4, 2) pixels.

    share  of the picture's area that it fills
    """
    y, p, r = np.radians([yaw, pitch, roll])
    turned = (
        np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
        @ np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
        @ np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    )
    flat = np.array([[-8, -4.5, 0], [8, -4.5, 0], [8, 4.5, 0], [-8, 4.5, 0]]) @ turned.T
    seen = flat[:, :2] / (flat[:, 2:] + FAR)
    x, y = seen.T
    area = abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
    seen *= np.sqrt(share * size[0] * size[1] / area)
    return seen - seen.mean(0) + np.array(size) / 2


class Lens:
    """What happens to a picture on its way: a grey screen in, a grey picture of `size` out.

    noise  sigma in grey levels; blur: sigma in pixels; gamma: of the light
    """

    def __init__(self, share=0.30, yaw=20.0, blur=1.0, gamma=0.7, noise=6.0, seed=1, size=SIZE):
        self.size = size
        self.moved = (0.0, 0.0)
        self.is_dark = False
        self._corners = corners(share, yaw, size=size)
        self._blur = blur
        self._curve = np.rint(255 * (np.arange(256) / 255) ** gamma).astype(np.uint8)
        rng = np.random.default_rng(seed)
        shape = (size[1], size[0])
        room = cv2.GaussianBlur(rng.integers(0, 255, shape, np.uint8), (0, 0), 8)
        self._room = cv2.normalize(room, None, 40, 200, cv2.NORM_MINMAX)
        self._grain = (noise * rng.standard_normal((shape[0] + 64, shape[1] + 64))).astype(np.int16)
        self._rng = rng
        self._kept = (None, None)

    def matrix(self):
        """From the screen's pixels to the picture's."""
        width, height = SCREEN
        flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        seen = (self._corners + self.moved).astype(np.float32)
        return cv2.getPerspectiveTransform(flat, seen)

    def picture(self, screen):
        """Return what the camera sees of a screen; every call has its own noise."""
        what = (id(screen), self.moved, self.is_dark)
        if self._kept[0] != what:
            self._kept = (what, self._still(screen), screen)
        down, right = self._rng.integers(0, 64, 2)
        grain = self._grain[down : down + self.size[1], right : right + self.size[0]]
        return cv2.add(self._kept[1], grain, dtype=cv2.CV_8U)

    def _still(self, screen):
        shown = screen // 20 if self.is_dark else screen
        width, height = self.size
        filmed = np.roll(self._room, tuple(int(n) for n in reversed(self.moved)), (0, 1))
        # Twice the size first, so that edges fall between pixels as they do on a sensor.
        larger = cv2.warpPerspective(
            shown, np.diag([2.0, 2.0, 1.0]) @ self.matrix(), (2 * width, 2 * height),
            dst=cv2.resize(filmed, (2 * width, 2 * height)),
            borderMode=cv2.BORDER_TRANSPARENT, flags=cv2.INTER_LINEAR,
        )  # fmt: skip
        filmed = cv2.resize(larger, self.size, interpolation=cv2.INTER_AREA)
        return self._curve[cv2.GaussianBlur(filmed, (0, 0), self._blur)]


class Filmed:
    """Films a screen (screens.py), and serves the film as MJPEG at `url` until it is closed.

    screen  is closed with it
    late_s  how much later than on the screen; fps: pictures a second
    """

    def __init__(self, screen, lens, late_s=0.3, fps=15.0):
        self.lens, self._late_s, self._fps = lens, late_s, fps
        self._screen = screen
        self._closing = threading.Event()
        self._changed = threading.Condition()
        self._jpeg, self.latest = b"", None
        film = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self):
                film._serve(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads, self._server.block_on_close = True, False
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/film"
        self._threads = [
            threading.Thread(target=self._film),
            threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}),
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._closing.set()
        with self._changed:
            self._changed.notify_all()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()
        self._screen.close()

    def _film(self):
        due_s = time.monotonic()
        while not self._closing.wait(max(0.0, due_s - time.monotonic())):
            due_s = max(due_s + 1 / self._fps, time.monotonic() - 1 / self._fps)
            screen = self._screen.at(time.monotonic() - self._late_s)
            if screen is None:
                continue
            picture = self.lens.picture(screen)
            _, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])
            with self._changed:
                self._jpeg, self.latest = jpeg.tobytes(), picture
                self._changed.notify_all()

    def _next(self, sent):
        with self._changed:
            while self._jpeg is sent and not self._closing.is_set():
                self._changed.wait()
            return self._jpeg

    def _serve(self, handler):
        try:
            handler.send_response(200)
            handler.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={BETWEEN}")
            handler.end_headers()
            sent = b""
            while not self._closing.is_set():
                sent = self._next(sent)
                head = f"--{BETWEEN}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(sent)}"
                handler.wfile.write(head.encode() + b"\r\n\r\n" + sent + b"\r\n")
        except OSError:
            pass
