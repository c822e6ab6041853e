"""One process of a fleet on a cluster's machine: `python -m emulator.fleet.hosted`.

Its order comes by standard input, so that nothing of it (the password, say) is seen in the list
of processes; the same pipe's end tells that who has started it is gone. It says on standard
output, in one line of JSON, where it listens, or why it can't.
"""

import gc
import json
import logging
import os
import pickle
import sys
from functools import partial

import cv2

from emulator.core import gating
from emulator.duty import Rota
from emulator.edge import fixtures
from emulator.edge.statefolder import StateFolder, default_path
from emulator.fleet.berth import Common
from emulator.fleet.order import Order
from emulator.fleet.places import opened
from emulator.fleet.worker import Terms, work
from emulator.listening import url

STATE = "cluster"
"""Where in the state folder: what a fleet of this machine alone keeps is another's."""


def main() -> None:
    """Be what the order says, until one end or the other lets go."""
    order = pickle.load(sys.stdin.buffer)  # noqa: S301  # our own process has written it
    assert isinstance(order, Order)
    try:
        _run(order)
    except ValueError as error:
        if not type(error).__module__.startswith("emulator."):
            raise
        _say({"error": str(error)})


def _run(order: Order) -> None:
    state = (order.state or default_path("fleet")) / STATE
    folder = StateFolder(state / f"process-{order.number}")  # no other fleet's meanwhile
    addresses = [(order.host, port) for port in order.ports]
    places = opened(order.members, addresses)
    logging.basicConfig(level=logging.INFO, format="stuntcam: %(message)s")
    cv2.setNumThreads(1)
    families = gating.series_table(fixtures.models())
    common = Common(families, order.admin, state / "cameras", Rota())
    terms = Terms(order.token, order.host if order.is_found else None, order.host, is_held=True)
    urls = [url(listener) for _, listener in places]
    gc.collect()
    gc.freeze()
    work(places, common, terms, partial(_ready, urls), sys.stdin.fileno())
    folder.close()


def _ready(urls: list[str], control: str) -> None:
    _say({"control": control, "urls": urls})


def _say(told: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    # Nobody reads on.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    main()
