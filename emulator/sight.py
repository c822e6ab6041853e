"""What a camera sees now: its latest picture, in colour when somebody asks."""

import threading

from emulator.core import picture
from emulator.core.frame import Frame, Picture


class Sight:
    """The latest picture. Safe to use from any thread."""

    def __init__(self) -> None:
        self._latest: Frame | None = None
        self._shown: tuple[Frame, Picture] | None = None
        self._showing = threading.Lock()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was seen yet."""
        return self._latest is None

    def see(self, frame: Frame) -> None:
        """Have `frame` be the latest."""
        self._latest = frame

    def picture(self) -> Picture:
        """Return what is seen: uint8 (rows, columns, 3); a dark picture while it is blank."""
        # One at a time, and once a picture: colour is dear, and a decoder's memory is not
        # made for many hands.
        with self._showing:
            frame = self._latest
            if frame is None:  # of a live source that showed nothing yet
                return picture.no_picture()
            if self._shown is None or self._shown[0] is not frame:
                self._shown = frame, frame.picture()
            return self._shown[1]
