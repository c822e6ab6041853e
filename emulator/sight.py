"""What a camera sees now: its latest picture, in colour when somebody asks, and who watches."""

import threading
from collections.abc import Callable

from emulator.core.frame import Frame, Picture
from emulator.core.policy import Snapped
from emulator.core.reports import picture


class Sight:
    """The latest picture. Safe to use from any thread."""

    def __init__(self) -> None:
        self._latest: Frame | None = None
        self._shown: tuple[Frame, Picture] | None = None
        self._snapped: Picture | None = None
        self._showing = threading.Lock()
        self._watchers: tuple[Callable[[Frame], None], ...] = ()
        self._joining = threading.Lock()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was seen yet."""
        return self._latest is None

    def see(self, frame: Frame) -> None:
        """Have `frame` be the latest."""
        self._latest = frame

    def tell(self) -> None:
        """Tell whoever watches of the latest picture, once it was looked at."""
        if self._latest is not None:
            for seen in self._watchers:
                seen(self._latest)

    def watch(self, seen: Callable[[Frame], None]) -> Callable[[], None]:
        """Have `seen` called with each picture from now on; returns what ends that.

        It is called in the player's thread, with a turn in hand and after the picture was
        looked at, so what it asks the recorder is of this very picture; it must be quick.
        """
        with self._joining:
            self._watchers = (*self._watchers, seen)

        def leave() -> None:
            with self._joining:
                self._watchers = tuple(one for one in self._watchers if one is not seen)

        return leave

    def latest(self) -> Frame:
        """Return the latest picture; a dark one, of no length, while it is blank."""
        frame = self._latest
        if frame is not None:
            return frame
        nothing = picture.no_picture()
        return Frame(0, 0, nothing[:, :, 0], lambda: nothing, cut=True)

    def picture(self) -> Picture:
        """Return what is seen: uint8 (rows, columns, 3); a dark picture while it is blank."""
        return self.colours(self.latest())

    def snapped(self, now: Picture, rule: Snapped) -> Picture:
        """Return what a snapshot shows by a rule, given what is seen; kept for the next."""
        self._snapped = rule(now, self._snapped)
        return self._snapped

    def colours(self, frame: Frame) -> Picture:
        """Return a picture that is or was the latest, in colour."""
        # One at a time, and once a picture: colour is dear, and a decoder's memory is not
        # made for many hands.
        with self._showing:
            if self._shown is None or self._shown[0] is not frame:
                self._shown = frame, frame.picture()
            return self._shown[1]
