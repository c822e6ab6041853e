"""What one client has set up: its tracks, whether they play, and how long it is waited for."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from emulator.edge.rtsp.sending import Interleaved, Sender
from emulator.edge.rtsp.streams import Outlet, Streams


class Way(NamedTuple):
    """How a track goes to the client.

    channels      within the connection; None: by UDP
    reports_from  by UDP the client's address that its reports come from
    """

    sender: Sender
    channels: tuple[int, int] | None
    reports_from: tuple[str, int] | None


class Session:
    """One client's session on one stream.

    number   what it is called
    ended    is told when it ends, by whatever cause
    lasts_s  it ends when its client was not heard of for so long
    """

    def __init__(
        self,
        number: str,
        stream: str,
        streams: Streams,
        ended: Callable[["Session"], None],
        lasts_s: float,
    ) -> None:
        self.number, self.stream, self.lasts_s = number, stream, lasts_s
        self.ways: dict[str, Way] = {}
        self.is_over = False
        self._streams, self._ended = streams, ended
        self._outlets: list[Outlet] = []
        self._loop = asyncio.get_running_loop()
        self._heard_s = self._loop.time()
        self._timer = self._loop.call_later(lasts_s, self._look)

    @property
    def plays(self) -> bool:
        """Whether it is sent anything."""
        return bool(self._outlets)

    def heard(self) -> None:
        """Know that the client is there."""
        self._heard_s = self._loop.time()

    def play(self) -> None:
        """Send all tracks that were set up, each from a point where it can be understood."""
        self.pause()
        self._outlets = [
            Outlet((self.stream, track), way.sender) for track, way in self.ways.items()
        ]
        self._streams.join(self._outlets)

    def pause(self) -> None:
        """Send nothing."""
        outlets, self._outlets = self._outlets, []
        for outlet in outlets:
            self._streams.leave(outlet)

    def end(self) -> None:
        """End it."""
        if not self.is_over:
            self.is_over = True
            self._timer.cancel()
            self.pause()
            self._ended(self)

    def _look(self) -> None:
        # Who takes what is sent within the connection is there, whether or not he says so.
        if self.plays and any(
            isinstance(way.sender, Interleaved) and way.sender.is_clear
            for way in self.ways.values()
        ):
            self.heard()
        left_s = self._heard_s + self.lasts_s - self._loop.time()
        if left_s <= 0:
            self.end()
        else:
            self._timer = self._loop.call_later(left_s, self._look)
