"""The processes of a fleet on this machine: each gets its share of the cameras.

They end with this process, however it ends: what they watch is a pipe that only we hold open.
"""

import asyncio
import contextlib
import gc
import logging
import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext
from multiprocessing.process import BaseProcess

import aiohttp
import cv2

from emulator.core import gating
from emulator.duty import Rota
from emulator.edge import fixtures
from emulator.edge.statefolder import default_path
from emulator.fleet.berth import Common
from emulator.fleet.crew import Start
from emulator.fleet.namespaces import GATE, Network
from emulator.fleet.places import FleetError, Place, addresses, opened
from emulator.fleet.plan import Member
from emulator.fleet.worker import Terms, work
from emulator.listening import LOOPBACK, url

log = logging.getLogger("stuntcam")

NAMESPACE = "namespace"
"""The kind of addresses that are in a network of their own."""

START_S, END_S = 60.0, 20.0
"""So long a process may take to start, and to end."""

GONE_S = 1.0
"""So long after its pipe a process may end; the control interface waits meanwhile."""


class Local:
    """One process, as `crew.Worker` wants it."""

    def __init__(self, process: BaseProcess, control: str, serials: frozenset[str]) -> None:
        self._process, self.control, self.serials = process, control, serials

    def watch(self, client: aiohttp.ClientSession, died: Callable[[str], None]) -> None:
        """Call `died` when the process ends."""
        loop, sentinel = asyncio.get_running_loop(), self._process.sentinel

        def dead() -> None:
            loop.remove_reader(sentinel)
            self._process.join(GONE_S)  # the pipe ends a moment before the process does
            died(f"exit code {self._process.exitcode}")

        loop.add_reader(sentinel, dead)

    async def leave(self, client: aiohttp.ClientSession) -> None:
        """Watch no longer; the end of the pipe ends it."""
        asyncio.get_running_loop().remove_reader(self._process.sentinel)


class Here:
    """A fleet's processes on this machine; opens the listeners when it is made.

    kind   what tells cameras apart: NAMESPACE, or as `places.addresses` wants it; port: likewise
    count  how many processes
    Must be used before any thread or event loop is there. Raises PlanError, PortError, FleetError.
    """

    def __init__(self, members: Sequence[Member], kind: str, port: int, count: int) -> None:
        self._network = Network() if kind == NAMESPACE else None
        if self._network is not None:
            self._places = self._network.opened(members, port)
        else:
            self._places = opened(members, addresses(kind, len(members), port))
        self._count = min(count, len(members))
        self._begun: list[tuple[BaseProcess, Connection, frozenset[str]]] = []
        self._held = -1

    def start(self, terms: Start) -> tuple[list[Local], dict[str, str]]:
        """Start them. Raises FleetError."""
        cv2.setNumThreads(1)  # pictures are small by then: threads cost more than they bring
        urls = {member.identity.serial: url(listener) for member, listener in self._places}
        families = gating.series_table(fixtures.models())
        state = terms.state or default_path("fleet")
        common = Common(families, terms.admin, state / "cameras", Rota())
        where = LOOPBACK if self._network is None else GATE
        found_at = where if terms.is_found else None
        gc.collect()
        gc.freeze()  # or the processes' collectors would copy what they could share
        context = multiprocessing.get_context("fork")
        watched, self._held = os.pipe()
        for number in range(self._count):
            share = self._places[number :: self._count]
            self._begin(context, share, common, Terms(terms.token, found_at), watched)
        os.close(watched)
        self._close_listeners()
        return [
            Local(process, _told(here), serials) for process, here, serials in self._begun
        ], urls

    def close(self) -> None:
        """End them."""
        self._close_listeners()
        if self._held >= 0:
            os.close(self._held)
            self._held = -1
        for process, here, _ in self._begun:
            here.close()
            _end(process)
        self._begun.clear()
        if self._network is not None:
            self._network.close()
            self._network = None

    def _begin(
        self,
        context: ForkContext,
        share: Sequence[Place],
        common: Common,
        terms: Terms,
        parent: int,
    ) -> None:
        here, there = context.Pipe(duplex=False)
        mine = {listener.fileno() for _, listener in share}
        others = [one for _, one in self._places if one.fileno() not in mine]

        def run() -> None:
            os.close(self._held)
            for listener in others:
                listener.close()
            with contextlib.suppress(KeyboardInterrupt):
                work(share, common, terms, there.send, parent)

        process = context.Process(target=run, name="stuntcam fleet", daemon=True)
        process.start()
        there.close()
        serials = frozenset(member.identity.serial for member, _ in share)
        self._begun.append((process, here, serials))

    def _close_listeners(self) -> None:
        for _, listener in self._places:
            listener.close()


def _told(here: Connection) -> str:
    """Return what a process says once it is up. Raises FleetError."""
    with here:
        if not here.poll(START_S):
            raise FleetError(f"a process of the fleet is not up after {START_S:.0f} s")
        try:
            return str(here.recv())
        except EOFError:
            raise FleetError("a process of the fleet ended at its start") from None


def _end(process: BaseProcess) -> None:
    process.join(END_S)
    if process.is_alive():
        log.error("a process of the fleet did not end in %s s, and is killed", END_S)
        process.kill()
        process.join()
