"""The processes of a fleet on a Dask cluster's machines: one beside each of its workers.

Dask only starts them. From then on a process lives as long as the worker beside which it was
started, whose end of a pipe it watches, and as long as we read its answer, which goes on until
it has ended: so each side sees that the other is gone, whatever becomes of the scheduler.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version

import aiohttp

from emulator.edge.cluster import Cluster
from emulator.fleet.crew import Start
from emulator.fleet.order import START_S, Order, begin, end
from emulator.fleet.places import ports
from emulator.fleet.plan import Member
from emulator.fleet.worker import END, HELD

log = logging.getLogger("stuntcam")

END_S, SPARE_S = 20.0, 10.0
"""So long a process may take to end; so much longer an order may take to be carried out."""

SILENCE_S = 15.0
"""A process that says nothing for so long is lost; it speaks every second."""


class Remote:
    """One process, as `crew.Worker` wants it."""

    def __init__(self, control: str, serials: frozenset[str]) -> None:
        self.control, self.serials = control, serials
        self._holding: asyncio.Task[None] | None = None
        self._is_leaving = False

    def watch(self, client: aiohttp.ClientSession, died: Callable[[str], None]) -> None:
        """Hold it from now on; call `died` if it ends of itself, or falls silent."""

        async def hold() -> None:
            how = f"{self.control} has hung up"
            waits = aiohttp.ClientTimeout(total=None, sock_read=SILENCE_S)
            try:
                async with client.get(self.control + HELD, timeout=waits) as answer:
                    async for _ in answer.content:
                        pass
            except TimeoutError:
                how = f"{self.control} is silent"
            except aiohttp.ClientError:
                pass
            if not self._is_leaving:
                died(how)

        self._holding = asyncio.create_task(hold())

    async def leave(self, client: aiohttp.ClientSession) -> None:
        """Have it end, and wait for that."""
        self._is_leaving = True
        if self._holding is None or self._holding.done():
            return
        with suppress(aiohttp.ClientError):
            async with client.post(self.control + END):
                pass
        _, still = await asyncio.wait([self._holding], timeout=END_S)
        if still:
            log.error("the process at %s did not end in %s s", self.control, END_S)
            self._holding.cancel()


class Afar:
    """A fleet's processes on a cluster's machines, one beside each of its workers.

    scheduler  its address, tcp://host:port
    port       of the first camera (0: any free), as `places.ports` has it
    Raises PlanError or ClusterError. State is kept in the same folder on each machine.
    """

    def __init__(self, members: Sequence[Member], scheduler: str, port: int) -> None:
        self._members, self._ports = members, ports(len(members), port)
        self._cluster = Cluster(scheduler)

    def start(self, terms: Start) -> tuple[list[Remote], dict[str, str]]:
        """Start them. Raises ClusterError, or FleetError if one can't be as ordered."""
        orders = self._orders(terms)
        theirs = {worker: (version("stuntcam"), order) for worker, order in orders.items()}
        try:
            told = self._cluster.on_each(begin, theirs, START_S + SPARE_S)
        except BaseException:
            with suppress(ValueError):
                again = {worker: (order,) for worker, order in orders.items()}
                self._cluster.on_each(end, again, END_S)
            raise
        remotes, urls = [], dict[str, str]()
        for worker, (control, where) in told.items():
            serials = [member.identity.serial for member in orders[worker].members]
            remotes.append(Remote(control, frozenset(serials)))
            urls |= zip(serials, where, strict=True)
        self._cluster.close()  # from now on nobody needs it
        return remotes, urls

    def close(self) -> None:
        """Let go of the cluster; the processes end as nobody holds them."""
        self._cluster.close()

    def _orders(self, terms: Start) -> dict[str, Order]:
        """Return what is to be beside each worker, by the worker's address."""
        workers = list(self._cluster.hosts().items())[: len(self._members)]
        return {
            worker: Order(
                members=self._members[number :: len(workers)],
                ports=self._ports[number :: len(workers)],
                number=number,
                host=host,
                admin=terms.admin,
                state=terms.state and terms.state.absolute(),
                token=terms.token,
                is_found=terms.is_found,
            )
            for number, (worker, host) in enumerate(workers)
        }
