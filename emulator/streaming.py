"""A camera as its streams see it: its pictures, its clock's readings, and who is in view.

The film's instants and the clock's readings are brought together here, and nowhere in
edge/rtsp/.
"""

import logging
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

from aiohttp import web

from emulator.app import Camera
from emulator.core.accounts import Account
from emulator.core.frame import Frame
from emulator.core.localtime import to_local
from emulator.core.reports.table import reading_text
from emulator.core.streams.encoders import DEFAULTS, Encoder, Encoders
from emulator.edge.gate import REALM
from emulator.edge.rtsp import Reading, RtspServer
from emulator.edge.rtsp.tunnel import handlers as tunnel_routes
from emulator.edge.storage import StorageError
from emulator.listening import held
from emulator.saved import SavedError
from emulator.streams import Streams

log = logging.getLogger("stuntcam")

LOOK_S = 1.0
"""So often it is looked whether a stream is to be coded in another way."""


class CameraSights:
    """What is streamed of `camera` (edge/rtsp/sights.py)."""

    def __init__(self, camera: Camera, streams: Streams) -> None:
        self._camera, self._streams = camera, streams
        self._encoders: tuple[float, Encoders] | None = None
        self._is_known = True

    def watch(self, seen: Callable[[Frame], None]) -> Callable[[], None]:
        """Have `seen` called with each picture; returns what ends that."""
        return self._camera.sight.watch(lambda frame: seen(self._camera.policy.streamed(frame)))

    def latest(self) -> Frame:
        """Return what is seen now."""
        return self._camera.policy.streamed(self._camera.sight.latest())

    def in_view(self) -> Mapping[str, Any]:
        """Return who is in the latest picture; to be asked with a turn in hand."""
        return self._camera.recorder.in_view()

    def reading(self, film_ms: int | None) -> Reading:
        """Return what the clock read at an instant of the film; None: reads now."""
        clock = self._camera.clock
        utc_ms = clock.now_ms() if film_ms is None else film_ms + clock.offset_ms
        if not self._camera.setup.overlay:
            return Reading(None, utc_ms)
        return Reading(reading_text(to_local(utc_ms, self._camera.zone)), utc_ms)

    def encoder(self, stream: str) -> Encoder:
        """Return how a stream is to be coded; while that can't be read, as before."""
        now_s, known = time.monotonic(), self._encoders
        if known is None or now_s - known[0] >= LOOK_S:
            known = self._encoders = now_s, self._read(DEFAULTS if known is None else known[1])
        return known[1][stream]

    def _read(self, before: Encoders) -> Encoders:
        try:
            encoders = self._streams.encoders
        except (StorageError, SavedError) as error:
            if self._is_known:
                log.error("%s; streams are coded as before", error)
            self._is_known = False
            return before
        self._is_known = True
        return encoders

    def plays_real(self) -> bool:
        """Tell whether film and real time go at the same speed."""
        return self._camera.player.speed == 1.0

    def accounts(self) -> Mapping[str, Account]:
        """Return who may log in, by name."""
        return self._camera.accounts()


async def opened(
    camera: Camera,
    streams: Streams,
    listener: socket.socket | None,
    site: web.Application,
    open_now: AsyncExitStack,
) -> list[RtspServer]:
    """Open the RTSP port, if the camera is to have one, and its tunnels through `site`."""
    if listener is None:
        return []
    sights = CameraSights(camera, streams)
    server = RtspServer(sights, listener, REALM, camera.setup.limits.streams, held)
    # Not as other routes: their requests have bodies without an end, and log in by RTSP.
    site.router.add_routes(tunnel_routes(server.tunnels))
    site.on_shutdown.append(server.tunnels.close)
    await server.start()
    open_now.push_async_callback(server.close)
    streams.refresh = server.refresh
    return [server]
