"""What a process of a fleet on another machine is to be, and how it is begun there.

Loaded by Dask's workers, so it loads little itself.
"""

import json
import pickle  # Dask's own way to bring an order to a worker; ours goes on from there
import select
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from emulator.core.accounts import Account
from emulator.edge.cluster import ClusterError
from emulator.fleet.places import FleetError
from emulator.fleet.plan import Member

START_S = 60.0
"""So long a process may take to start."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a process on another machine is to be.

    members, ports  its cameras, and where each listens (0: any free port)
    number          which of the fleet's processes it is
    host            the address of its machine, where they listen
    state           the folder of all, there; None: the user's
    """

    members: Sequence[Member]
    ports: Sequence[int]
    number: int
    host: str
    admin: Account = field(repr=False)  # Dask logs what a task that fails was given
    state: Path | None
    token: str = field(repr=False)
    is_found: bool


_begun: dict[tuple[str, int], "subprocess.Popen[bytes]"] = {}
"""What was begun by this process, by fleet and number: each one's pipe is to stay open."""


def begin(told_version: str, order: Order) -> tuple[str, list[str]]:
    """Start a process; return its control interface, and where its cameras listen.

    Raises ClusterError for another version, FleetError for what it says is wrong.
    """
    if told_version != version("stuntcam"):
        raise ClusterError(f"a worker has stuntcam {version('stuntcam')}, not {told_version}")
    process = subprocess.Popen(  # ourselves
        [sys.executable, "-P", "-m", "emulator.fleet.hosted"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    _begun[order.token, order.number] = process
    threading.Thread(target=process.wait, name="stuntcam fleet", daemon=True).start()
    with suppress(BrokenPipeError):  # it has ended, and its last line says why
        pickle.dump(order, process.stdin)
        process.stdin.flush()
    with process.stdout as says:
        is_up, _, _ = select.select([says], [], [], START_S)
        line = says.readline() if is_up else b""
    if not line:
        process.kill()
        why = "ended at its start" if is_up else f"is not up after {START_S:.0f} s"
        raise FleetError(f"{order.host}: a process of the fleet {why}")
    told = json.loads(line)
    if "error" in told:
        raise FleetError(f"{order.host}: {told['error']}")
    return told["control"], told["urls"]


def end(order: Order) -> None:
    """End what was begun by that order, if anything was."""
    process = _begun.pop((order.token, order.number), None)
    if process is not None and process.stdin is not None:
        process.stdin.close()
