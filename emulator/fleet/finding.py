"""What a fleet's cameras let WS-Discovery say of them, whether there is a camera yet or not."""

import random
import time
from collections.abc import Sequence
from uuid import uuid4

from emulator.edge.discovery import LONGEST_DELAY_S, Crowd
from emulator.fleet.berth import Berth


def discovery_of(berths: Sequence[Berth], address: str) -> Crowd:
    """Return the part of all of them in WS-Discovery, on the interface that has `address`."""
    return Crowd(
        address,
        lambda: (berth.found() for berth in berths),
        lambda: random.uniform(0, LONGEST_DELAY_S),  # noqa: S311  # so that not all speak at once
        lambda: f"urn:uuid:{uuid4()}",
        int(time.time()),
    )
