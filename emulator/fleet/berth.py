"""One camera's place in a fleet: a socket that listens, and the camera once somebody calls.

Until then there is no more of it than its name. The system keeps the caller waiting while
the camera is made; the camera then takes the socket over, and answers as it does alone.
"""

import asyncio
import gc
import logging
import secrets
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from emulator import announcing, saved, serving
from emulator.app import Camera
from emulator.controls import controls
from emulator.core.accounts import Account
from emulator.core.gating import Families
from emulator.duty import Rota
from emulator.edge.clock import zone_of
from emulator.edge.discovery import Found
from emulator.edge.storage import Storage
from emulator.fleet import looks
from emulator.fleet.plan import STILL, Member
from emulator.recording import CLOCK, OPEN_STAYS
from emulator.setup import Setup

log = logging.getLogger("stuntcam")

ASLEEP, AWAKE, BROKEN = "asleep", "awake", "broken"
"""States of a berth: nobody has called yet; there is a camera; none could be made."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all cameras of a process have in common; folder: where each has its own."""

    families: Families
    admin: Account
    folder: Path
    rota: Rota


class Berth:
    """One camera's place. For one event loop.

    calls     what answers its control interface's requests, by name; empty while it is asleep
    changing  held by those of them that change something
    """

    __slots__ = (
        *("member", "_listener", "_common", "camera", "calls", "changing", "state"),
        *("_waking", "_open_now", "_address"),
    )

    def __init__(self, member: Member, listener: socket.socket, common: Common) -> None:
        self.member, self._listener, self._common = member, listener, common
        self._address: tuple[str, int] = listener.getsockname()[:2]
        self.camera: Camera | None = None
        self.calls: Mapping[str, Callable[..., Any]] = {}
        self.changing: asyncio.Lock | None = None
        self.state = ASLEEP
        self._waking: asyncio.Task[None] | None = None
        self._open_now: AsyncExitStack | None = None

    @property
    def is_early(self) -> bool:
        """Whether it has something to do before anybody calls: to record, or to send reports."""
        return self.member.group.source != STILL or self._store.exists()

    def found(self) -> tuple[str, Found]:
        """Return the address of what is here, and what discovery may say of it."""
        address, port = self._address
        if self.camera is None:
            found = announcing.unmade(self.member.identity, port)
            return address, replace(found, is_up=self.state != BROKEN)
        return address, announcing.found_of(self.camera, True, {"HTTP": port, "HTTPS": None})

    def listen(self) -> None:
        """Wait for somebody who calls."""
        asyncio.get_running_loop().add_reader(self._listener.fileno(), self._called)

    async def awake(self) -> None:
        """Have a camera here; returns when it answers. Raises what it can't be made for."""
        if self._waking is None:
            self._waking = asyncio.get_running_loop().create_task(self._wake())
        await asyncio.shield(self._waking)

    async def close(self) -> None:
        """Stop the camera, if there is one, and listen no more."""
        if self._waking is not None:
            with suppress(Exception):
                await self._waking
        else:
            asyncio.get_running_loop().remove_reader(self._listener.fileno())
        if self._open_now is not None:
            await self._open_now.aclose()
        self._listener.close()

    # --- how it works ------------------------------------------------------------------------

    @property
    def _store(self) -> Path:
        return self._common.folder / self.member.identity.serial / "stuntcam.sqlite"

    def _called(self) -> None:
        if self._waking is None:
            self._waking = asyncio.get_running_loop().create_task(self._wake())
            self._waking.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def _wake(self) -> None:
        asyncio.get_running_loop().remove_reader(self._listener.fileno())
        async with AsyncExitStack() as opening:
            try:
                self.camera = camera = await asyncio.to_thread(self._made)
                listeners = serving.Listeners(self._listener)
                self.calls = controls(await serving.running(camera, listeners, opening))
            except Exception as error:
                self.state = BROKEN
                log.error("camera %s can't be made: %s", self.member.identity.serial, error)
                self._listener.close()  # who called is told so, as all who call later
                raise
            self.changing = asyncio.Lock()
            self.state = AWAKE
            self._open_now = opening.pop_all()
            # It stays as long as the process does: looking through a thousand of them for garbage
            # would stop all for half a second at a time.
            gc.freeze()

    def _made(self) -> Camera:
        identity, group = self.member.identity, self.member.group
        begins_with = {
            saved.SETTINGS: saved.as_kept(group.settings),
            "numbers": [identity.serial, identity.mac],
        }
        storage = Storage(
            self._store,
            era=secrets.token_hex(4),
            is_ring=True,
            untouched=(begins_with, _is_worth_a_file),
        )
        zone_name = saved.zone_name_of(storage) or "UTC"
        setup = Setup(
            identity=identity,
            families=self._common.families,
            admin=self._common.admin,
            source=looks.source_of(group.source),
            speed=1.0,
            loop=group.source != STILL,
            begins_ms=int(time.time() * 1000),
            zone=zone_of(zone_name),
            zone_name=zone_name,
            source_of=looks.source_of,
            rota=self._common.rota,
        )
        return Camera(setup, storage)


def _is_worth_a_file(state: Mapping[str, object]) -> bool:
    stays = state.get(OPEN_STAYS)
    return bool(state.keys() - {CLOCK, OPEN_STAYS} or (isinstance(stays, dict) and stays["stays"]))
