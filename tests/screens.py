"""Screens that a lens is put before: a player's page, and a video that plays by the clock.

`at(instant_s)` is what one shows at an instant of time.monotonic, uint8 (720, 1280): asked for
ever later instants; None: nothing yet. What does not change is the same array again.
"""

import re
import threading
import time
from collections import deque
from http.client import HTTPConnection
from urllib.parse import urlsplit

import av
import cv2
import numpy as np

SCREEN = 1280, 720
DESKTOP = np.full(SCREEN[::-1], 96, np.uint8)
"""What is there after a video's end."""


class PlayersPage:
    """What `stuntcam stimulus --play` shows, read as a browser reads it."""

    def __init__(self, player_url):
        self._seen = deque()  # (when, the screen), the latest last
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(urlsplit(player_url).netloc,))
        self._thread.start()

    def at(self, instant_s):
        seen = self._seen
        while len(seen) > 1 and seen[1][0] <= instant_s:
            seen.popleft()
        return seen[0][1] if seen else None

    def close(self):
        self._closing.set()
        self._thread.join()

    def _watch(self, netloc):
        connection = HTTPConnection(netloc, timeout=20)
        connection.request("GET", "/screen")
        stream = connection.getresponse()
        last = b""
        try:
            while not self._closing.is_set():
                line = stream.readline()
                if not line:
                    break
                found = re.match(rb"Content-Length: (\d+)", line)
                if not found:
                    continue
                stream.readline()
                jpeg = stream.read(int(found[1]))
                if jpeg != last:  # most of the time nothing changes
                    last = jpeg
                    screen = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
                    self._seen.append((time.monotonic(), screen))
        finally:
            connection.close()


class VideoOnTablet:
    """A video: its first picture, from `begin` on all of them by the clock, then a desktop.

    A picture whose time is over before it is asked for is passed by, as on a slow tablet.
    """

    def __init__(self, file):
        self._container = av.open(str(file))
        self._pictures = self._container.decode(video=0)
        self._began_s = None
        self._shown = self._grey(next(self._pictures))
        self._next = next(self._pictures, None)

    def begin(self):
        self._began_s = time.monotonic()

    def at(self, instant_s):
        played_s = 0.0 if self._began_s is None else instant_s - self._began_s
        newest = None
        while self._next is not None and self._next.time <= played_s:
            newest, self._next = self._next, next(self._pictures, None)
        if self._next is None:
            return DESKTOP
        if newest is not None:
            grey = self._grey(newest)
            if not np.array_equal(grey, self._shown):
                self._shown = grey
        return self._shown

    def close(self):
        self._container.close()

    @staticmethod
    def _grey(picture):
        return picture.to_ndarray(format="gray")
